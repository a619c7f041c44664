use super::*;

/// What is compiled for this processor and what is compiled for all of them.
#[test]
fn bits_do_not_depend_on_the_processor() {
    let grid = Structured::from_axes(
        b'Z',
        b'E',
        crate::descriptor::encode(b'E', [45.0, 265.0, 0.0, 355.0]).unwrap(),
        (0..600_u16).map(|k| 100.0 + f64::from(k) / 7.0).collect(),
        (0..9_u8).map(|k| f64::from(k) / 3.0).collect(),
    )
    .unwrap();
    let numbers = || (0..CHUNK).map(|k| k as f64 / 3.0);
    let (lat, lon): (Vec<f64>, Vec<f64>) = numbers().map(|k| (k / 2.0 - 40.0, k * 3.0 - 100.0)).unzip();
    let (mut here, mut anywhere) = (Vectors::new(), Vectors::new());
    here.set(&lat, &lon);
    anywhere.set_all(&lat, &lon);
    let mut results = [const { Vec::new() }; 2];
    let (mut a, mut b) = (vec![0.0; CHUNK], vec![0.0; CHUNK]);
    positions(&here, &mut a, &mut b);
    results[0].extend([a.clone(), b.clone()]);
    grid.locate_vectors(&here, &mut a, &mut b);
    results[0].extend([a.clone(), b.clone()]);
    all_positions(&anywhere, &mut a, &mut b);
    results[1].extend([a.clone(), b.clone()]);
    grid.locate_all_vectors(&anywhere, &mut a, &mut b);
    results[1].extend([a, b]);
    let [here, anywhere] = results.map(|r| r.concat().into_iter().map(f64::to_bits).collect::<Vec<_>>());
    assert_eq!(here, anywhere);
}
