//! Grids of records, against positions that a reference and librmn 19.5 computed for a file with every kind of grid.
#![allow(clippy::float_cmp, reason = "exact values are the point")]

#[path = "../../grids/tests/it/npz.rs"]
#[allow(clippy::unwrap_used, reason = "a failed test")]
mod npz;

use rpnfst::{
    Error, File, Record, RecordError,
    geo::{Grid, Tiles},
    grids::sphere::distance,
};
use serde_json::Value;

fn file() -> File {
    File::open("testdata/grids/grids.fst").expect("a file")
}

fn record_of<'a>(file: &'a File, case: &Value) -> &'a Record {
    let ip = |n: usize| u32::try_from(case["ip"][n].as_u64().expect("ip")).expect("32 bits");
    let same = |record: &&Record| {
        record.nomvar() == case["nomvar"].as_str().expect("a name")
            && [record.ip1(), record.ip2(), record.ip3()] == [ip(0), ip(1), ip(2)]
    };
    file.records().iter().find(same).unwrap_or_else(|| panic!("{case}"))
}

/// The number of a column or row, from 0.
fn whole(x: f64) -> usize {
    format!("{:.0}", (x - 1.0).round().abs()).parse().expect("a column or row")
}

#[test]
fn every_point_of_every_grid_is_where_the_reference_has_it() {
    let (file, set) = (file(), npz::Set::open("grids_fst"));
    let mut compared = 0;
    for case in set.cases() {
        let record = record_of(&file, case);
        let grid = file.grid(record).unwrap_or_else(|error| panic!("{case}: {error}"));
        if case["has_latlon"] != true {
            assert!(!grid.has_positions(), "{case}");
            continue;
        }
        assert_eq!(grid.len() as u64, u64::from(record.ni()) * u64::from(record.nj()), "{case}");
        let (lat, lon) = grid.points();
        for kind in ["64", ""] {
            if kind.is_empty() && case["librmn"] != true {
                continue;
            }
            let (of_lat, of_lon) = (set.values(case, &format!("lat{kind}")), set.values(case, &format!("lon{kind}")));
            assert_eq!(of_lat.len(), lat.len(), "{case}");
            for (n, place) in of_lat.iter().copied().zip(of_lon).enumerate() {
                let off = distance((lat[n], lon[n]), place);
                // librmn computes in single precision, and its latitudes are arcsines, which lose digits towards the poles.
                let of_librmn = (3e-4 + 6e-6 / place.0.to_radians().cos().abs()).min(0.035);
                let of_reference = if place.0.abs() < 89.999 { 1e-9 } else { 1e-8 };
                let most = if kind.is_empty() { of_librmn } else { of_reference };
                assert!(off < most, "{case} {n}: {off} {place:?}");
            }
        }
        compared += 1;
    }
    assert!(compared > 15, "{compared}");
}

#[test]
fn one_grid_is_made_once() {
    let file = file();
    let set = npz::Set::open("grids_fst");
    for case in set.cases() {
        let record = record_of(&file, case);
        let (one, other) = (file.grid(record).expect("a grid"), file.clone().grid(record).expect("a grid"));
        assert!(one.same(&other), "{case}");
    }
    // The same axes in two files are one grid.
    let both = File::link(["testdata/grids/grids.fst", "testdata/grids/grids.fst"]).expect("two files");
    let of_z = |record: &&Record| record.grtyp().letter() == 'Z';
    let mut grids = both.records().iter().filter(of_z).map(|record| both.grid(record).expect("a grid"));
    let first = grids.next().expect("a record");
    assert!(grids.any(|grid| grid.same(&first)), "of the second file");
}

#[test]
fn what_is_missing_is_said() {
    let file = File::open("testdata/xdf/same_name.std").expect("a file");
    let z = |record: &&Record| matches!(record.grtyp().letter(), 'Z' | 'Y' | 'U');
    let whole = self::file();
    let record = whole.records().iter().find(z).expect("a record on axes");
    assert!(matches!(file.grid(record), Err(Error::ForeignRecord(_) | Error::Record { .. })));
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("alone.std");
    let mut writer = rpnfst::Writer::create(&path).expect("a file");
    writer
        .write(
            &rpnfst::Attributes::new("TT").grtyp('Z').ig(1, 2, 3, 0),
            &rpnfst::Array::new(&[1.0_f32; 6], (3, 2, 1)).expect("values"),
        )
        .expect("written");
    writer.close().expect("closed");
    let alone = File::open(&path).expect("a file");
    let error = alone.grid(&alone.records()[0]).expect_err("no axes");
    let Error::Record { source, .. } = &error else { panic!("{error}") };
    assert!(matches!(**source, RecordError::Lacking { .. }));
    for part in [">> and ^^ with ip1 1, ip2 2, ip3 3", "3 x 1 and 1 x 2", "there is no >>"] {
        assert!(error.to_string().contains(part), "{error}");
    }
}

#[test]
fn tiles_are_joined() {
    let file = file();
    let all = Tiles::of(file.records());
    assert!(!all.is_empty());
    for tiles in &all {
        let (grid, array) = file.join_tiles(tiles).expect("a whole");
        assert_eq!(array.values().len(), grid.len());
        for tile in tiles.records() {
            let own: Grid = file.grid(tile).expect("a tile");
            let values = file.read_as::<f64>(tile, &rpnfst::ReadOptions::new()).expect("values");
            let (lat, lon) = own.points();
            for n in 0..own.len() {
                let (x, y) = grid.locate(lat[n], lon[n]).expect("on the whole");
                let at = whole(y) * grid.ni() + whole(x);
                assert_eq!(array.values()[at], values.values()[n]);
                assert_ne!(array.missing().and_then(|mask| mask.get(at)), Some(true));
            }
        }
    }
}

#[test]
fn points_that_no_payload_justifies_are_refused() {
    // One word of a directory entry says that a record of 6 values has thousands of millions.
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("huge.std");
    let mut writer = rpnfst::Writer::create(&path).expect("a file");
    let array = rpnfst::Array::new(&[1.0_f32; 6], (3, 2, 1)).expect("values");
    writer.write(&rpnfst::Attributes::new("TT").grtyp('L').ig(100, 100, 9000, 0), &array).expect("written");
    writer.close().expect("closed");
    let mut bytes = std::fs::read(&path).expect("bytes");
    let file = File::from_bytes(bytes.clone()).expect("a file");
    assert_eq!(file.grid(&file.records()[0]).expect("a grid").len(), 6);
    // The entry of the first record: its ni and nj are words of 24 bits.
    let entry = 208 + 32;
    let place = (entry..entry + 72).step_by(4).find(|at| bytes[*at..*at + 3] == [0, 0, 3]);
    let at = place.expect("ni");
    bytes[at..at + 3].copy_from_slice(&[0x7F, 0xFF, 0xFF]);
    let file = File::from_bytes(bytes).expect("a file");
    let record = &file.records()[0];
    assert!(record.ni() > 8_000_000, "{}", record.ni());
    file.grid(record).expect_err("more points than values");
}

/// The latitudes and longitudes of the first record that is no positional one.
fn points_of(path: &str) -> (File, Grid, (Vec<f64>, Vec<f64>)) {
    let file = File::open(path).expect("a file");
    let record = file.records().iter().find(|record| !record.is_descriptor()).expect("a field");
    let grid = file.grid(record).expect("a grid");
    let points = grid.points();
    (file, grid, points)
}

fn ends(values: &[f64]) -> (f64, f64) {
    values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(*value), high.max(*value)))
}

#[test]
fn axes_of_raw_words_are_reals() {
    let (_, grid, (lat, lon)) = points_of("testdata/cases/dataset/x32_axes.std");
    assert_eq!((grid.len(), ends(&lon), ends(&lat)), (12, (280.0, 290.0), (45.0, 50.0)));
}

#[test]
fn points_may_be_counted_in_columns_and_rows() {
    let (_, grid, (lat, lon)) = points_of("testdata/cases/dataset/points_y_nj.std");
    assert_eq!((grid.ni(), grid.nj(), lat.len(), lon.len()), (5, 1, 5, 5));
    assert!(lat.iter().zip(&lon).all(|(lat, lon)| lat.is_finite() && lon.is_finite()));
}

#[test]
fn a_global_grid_goes_round() {
    use rpnfst::grids::regrid::{Method, Options, Regrid};
    let (file, grid, (_, lon)) = points_of("testdata/cases/dataset/l_global.std");
    assert_eq!((grid.ni(), ends(&lon)), (12, (0.0, 330.0)), "no repeated column");
    let values = file.read_as::<f64>(&file.records()[0], &rpnfst::ReadOptions::new()).expect("values").into_vec();
    let (lat, _) = grid.point(1.0, 4.0);
    let half = Regrid::to_points(&grid, &[lat], &[345.0], &Options::new(Method::Linear)).expect("weights");
    let between = half.apply(&values, None).expect("a value")[0];
    let (last, first) = (values[3 * 12 + 11], values[3 * 12]);
    assert!((between - f64::midpoint(last, first)).abs() < 1e-12 * last.abs().max(1.0), "{between}: {last} {first}");
}
