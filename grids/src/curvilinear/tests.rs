use super::*;
use crate::sphere::distance;
use proptest::prelude::*;

/// Points of a longitude-latitude grid turned about the x axis: the pole and the date line are inside.
fn turned(ni: usize, nj: usize, angle: f64) -> Curvilinear {
    let (sin, cos) = angle.to_radians().sin_cos();
    let (mut lat, mut lon) = (vec![], vec![]);
    for j in 0..nj {
        for i in 0..ni {
            let [x, y, z] = unit(j as f64 * 5.0 - 30.0, i as f64 * 5.0 + 50.0);
            let p = position([x, y * cos - z * sin, y * sin + z * cos]);
            lat.push(p.0);
            lon.push(if p.1 > 180.0 { p.1 - 360.0 } else { p.1 });
        }
    }
    Curvilinear::new(ni, nj, lon, lat).unwrap()
}

#[test]
fn round_the_globe() {
    let lon: Vec<f64> = (0..3 * 36).map(|k| f64::from(k % 36) * 10.0).collect();
    let lat: Vec<f64> = (0..3 * 36).map(|k| f64::from(k / 36) * 10.0).collect();
    let grid = Curvilinear::new(36, 3, lon, lat).unwrap();
    assert!(grid.closes());
    let (x, y) = grid.locate(5.0, -3.0).unwrap();
    assert!((x - 36.7).abs() < 1e-12 && (y - 1.5).abs() < 1e-12);
    let (lat, lon) = grid.point(x, y);
    assert!(distance((lat, lon), (5.0, 357.0)) < 1e-12);
}

#[test]
fn repeated_columns() {
    let lon: Vec<f64> = (0..2 * 38).map(|k| f64::from(k % 38) * 10.0).collect();
    let lat: Vec<f64> = (0..2 * 38).map(|k| f64::from(k / 38) * 10.0).collect();
    let grid = Curvilinear::new(38, 2, lon, lat).unwrap();
    assert!(!grid.closes());
    let repeated = grid.repeated();
    assert_eq!(repeated.iter().filter(|&&r| r).count(), 4);
    assert!(repeated[36] && repeated[37] && repeated[74] && repeated[75]);
}

#[test]
fn hostile() {
    assert!(Curvilinear::new(1, 5, vec![0.0; 5], vec![0.0; 5]).is_err());
    assert!(Curvilinear::new(usize::MAX, usize::MAX, vec![], vec![]).is_err());
    assert!(Curvilinear::new(2, 2, vec![0.0; 4], vec![0.0; 3]).is_err());
    let nowhere = Curvilinear::new(2, 2, vec![f64::NAN; 4], vec![f64::INFINITY; 4]).unwrap();
    assert_eq!(nowhere.locate(0.0, 0.0), None);
    assert!(nowhere.point(1.0, 1.0).0.is_nan());
    let flat = Curvilinear::new(2, 2, vec![3.0; 4], vec![3.0; 4]).unwrap();
    assert_eq!(flat.locate(0.0, 0.0), None);
    assert!(flat.nodes().nearest(1.0, 1.0).is_some());
    let strange =
        Curvilinear::new(3, 2, vec![1e300, -1e300, 0.0, 5.0, 1e9, 7.0], vec![95.0, 1e300, -1e300, 0.0, 4.0, 5.0])
            .unwrap();
    let _ = (strange.locate(1.0, 2.0), strange.point(1.5, f64::INFINITY), strange.corner_lattice());
}

proptest! {
    #[test]
    fn there_and_back(x in 1.0..=14.0_f64, y in 1.0..=15.0_f64, angle in 40.0..80.0_f64) {
        let grid = turned(14, 15, angle);
        let (lat, lon) = grid.point(x, y);
        // Cells next to a pole may overlap in the plane of degrees: another position may be as good.
        let (x2, y2) = grid.locate(lat, lon).unwrap();
        prop_assert!(distance(grid.point(x2, y2), (lat, lon)) < 1e-8);
        if lat.abs() < 80.0 {
            prop_assert!((x - x2).abs() < 1e-7 && (y - y2).abs() < 1e-7, "{} {} {} {}", x, y, x2, y2);
        }
    }
}
