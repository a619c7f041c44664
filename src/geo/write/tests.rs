use super::*;
use crate::{MemoryFile, WriteOptions};

/// What a file says of a field that was written on a grid.
fn written(grid: &Grid) -> (Record, Grid) {
    let tags = GridTags::of(grid).expect("written and read");
    let memory = MemoryFile::new();
    let mut writer = WriteOptions::new().create_sink(memory.clone()).expect("written and read");
    assert_eq!(tags.write(&mut writer).expect("written and read") > 0, tags.has_positional());
    assert_eq!(tags.write(&mut writer).expect("written and read"), 0, "they are there");
    let values = vec![1.0_f32; grid.len()];
    writer
        .write(
            &tags.on_grid(Attributes::new("TT")),
            &Array::new(&values, (grid.ni(), grid.nj(), 1)).expect("written and read"),
        )
        .expect("written and read");
    writer.close().expect("written and read");
    let file = File::from_bytes(memory.to_vec()).expect("written and read");
    let record = file.records().iter().find(|record| record.nomvar() == "TT").expect("written and read");
    (record.clone(), file.grid(record).expect("written and read"))
}

#[test]
fn grids_come_back() {
    let own = |letter, ni, nj, ig| Grid::new(letter, ni, nj, ig).expect("written and read");
    let grids = [
        own(b'A', 8, 4, [1, 1, 0, 0]),
        own(b'G', 8, 4, [0, 0, 0, 0]),
        own(b'L', 8, 4, [25, 25, 0, 18000]),
        own(b'E', 8, 4, [1250, 600, 56800, 12800]),
        own(b'N', 8, 4, [510, 510, 2100, 600]),
        own(b'N', 8, 4, [250, 0, 29961, 42019]),
        own(b'S', 8, 4, [150, 100, 5935, 63925]),
        Grid::from_axes(b'Z', b'E', [1250, 600, 56800, 12800], vec![1.0, 2.5, 4.0], vec![-1.0, 0.1])
            .expect("written and read"),
        Grid::from_axes(b'Z', b'N', [250, 0, 29961, 42019], vec![1.0, 2.5, 4.0], vec![-1.0, 0.1])
            .expect("written and read"),
        Grid::yin_yang_of(5, 2.0, [10.0, 200.0, 20.0, 290.0]).expect("written and read"),
        Grid::cloud(2, 2, vec![1.0, 2.0, 3.0, 4.5], vec![1.0, 2.0, 3.0, 50.5]).expect("written and read"),
    ];
    for grid in grids {
        let (record, again) = written(&grid);
        assert_eq!((again.letter(), again.ni(), again.nj()), (grid.letter(), grid.ni(), grid.nj()));
        let apart = |a: &[f64], b: &[f64]| a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-5);
        let (a, b) = (grid.points(), again.points());
        assert!(apart(&a.0, &b.0) && apart(&a.1, &b.1), "{record:?}");
    }
}

#[test]
fn parameters_are_written_exactly_or_not_at_all() {
    let words = |letter, ig| {
        GridTags::of(&Grid::new(letter, 4, 4, ig).expect("written and read")).expect("written and read").ig()
    };
    for (letter, ig) in [
        (b'L', [25, 25, 0, 18000]),
        (b'E', [550, 1200, 56800, 12801]),
        (b'N', [250, 0, 29961, 42019]),
        (b'N', [150, 100, 26832, 50762]),
        (b'S', [150, 100, 5935, 63925]),
        (b'N', [381, 100, 52337, 48383]),
    ] {
        assert_eq!(words(letter, ig), ig);
    }
}

#[test]
fn equal_axes_have_equal_tags() {
    let grid =
        |first| Grid::from_axes(b'Z', b'L', DEGREES.1, vec![first, 2.0], vec![0.0, 1.0]).expect("written and read");
    let tags = |first| GridTags::of(&grid(first)).expect("written and read").ig();
    assert_eq!(tags(1.0), tags(1.0));
    assert_ne!(tags(1.0), tags(1.5));
    let [ig1, ig2, ig3, ig4] = tags(1.0);
    assert!((32768..98304).contains(&ig1) && (32768..98304).contains(&ig2) && (ig3, ig4) == (0, 0));
}
