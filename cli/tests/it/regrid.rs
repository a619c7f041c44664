//! `rpnfst regrid` and `rpnfst vinterp`.
#![allow(clippy::float_cmp, reason = "exact values are the point")]

use std::fs;

use rpnfst::{
    Array, Attributes, File, ReadOptions, Record, Writer,
    geo::{Coordinates, Grid, GridTags},
    grids::{
        levels::Quantity,
        regrid::{Bins, Statistic},
    },
    record::IpValue,
};

use crate::common::{err, json_lines, path_in, run, stdout};

/// A value that depends on the place smoothly.
#[allow(clippy::cast_possible_truncation, reason = "the nearest value is meant")]
fn smooth(lat: f64, lon: f64) -> f32 {
    (lat.to_radians().sin() + 0.5 * lat.to_radians().cos() * lon.to_radians().cos()) as f32
}

/// A file with fields on a grid: TT, a wind to the east of 10, an integer, and a record without a grid.
pub(crate) fn model(path: &str, grid: &Grid) {
    let tags = GridTags::of(grid).expect("it can be written");
    let (lat, lon) = grid.points();
    let dims = (grid.ni(), grid.nj(), 1);
    let mut writer = Writer::create(path).expect("created");
    tags.write(&mut writer).expect("axes");
    let mut add = |name: &str, values: Vec<f32>| {
        let attributes = tags.on_grid(Attributes::new(name).typvar("P").ip1(500));
        writer.write(&attributes, &Array::new(values, dims).expect("a field")).expect("written");
    };
    add("TT", lat.iter().zip(&lon).map(|(lat, lon)| smooth(*lat, *lon)).collect());
    let (mut u, mut v) = (vec![10.0_f32; grid.len()], vec![0.0_f32; grid.len()]);
    grid.turns().expect("winds").from_earth(&mut u, &mut v).expect("as many");
    add("UU", u);
    add("VV", v);
    let whole: Vec<u32> = [1, 2].into_iter().cycle().take(grid.len()).collect();
    let attributes = tags.on_grid(Attributes::new("VG"));
    writer.write(&attributes, &Array::new(whole, dims).expect("a field")).expect("written");
    writer.write(&Attributes::new("INFO"), &Array::new(vec![1.0_f32, 2.0], (2, 1, 1)).expect("two")).expect("written");
    writer.close().expect("closed");
}

pub(crate) fn rotated() -> Grid {
    let axis = |first: f64, count: usize| (0..count).map(|at| first + at as f64).collect();
    Grid::from_axes(b'Z', b'E', [1250, 600, 56800, 12800], axis(150.0, 61), axis(-30.0, 61)).expect("a grid")
}

pub(crate) fn named<'a>(file: &'a File, name: &str) -> &'a Record {
    file.records().iter().find(|record| record.nomvar() == name).unwrap_or_else(|| panic!("no {name}"))
}

pub(crate) fn values(file: &File, name: &str) -> Vec<f32> {
    let field = file.read(named(file, name)).expect("it is read");
    field.as_slice().expect("reals").to_vec()
}

#[test]
fn fields_and_winds_go_to_a_grid_in_words() {
    let folder = tempfile::tempdir().expect("a folder");
    let (input, output) = (path_in(&folder, "in.std"), path_in(&folder, "out.std"));
    model(&input, &rotated());
    for method in ["linear", "cubic", "conservative", "average"] {
        let args = ["regrid", &input, "-o", &output, "-f", "--to", "L:30,-110,1,1,21,11", "--method", method];
        let ended = run(&args);
        assert_eq!(ended.status.code(), Some(0), "{}", err(&ended));
        assert!(err(&ended).contains("1 record without a grid copied as they are: INFO"), "{}", err(&ended));
        let file = File::open(&output).expect("a file");
        let record = named(&file, "TT");
        assert_eq!((record.grtyp().letter(), record.ni(), record.nj()), ('L', 21, 11));
        let (lat, lon) = file.grid(record).expect("a grid").points();
        let near = match method {
            "average" => 0.03,
            "conservative" => 0.01,
            _ => 1e-3,
        };
        for ((value, lat), lon) in values(&file, "TT").iter().zip(&lat).zip(&lon) {
            // A cell may have no point in it.
            let empty = method == "average" && value.is_nan();
            assert!(empty || (value - smooth(*lat, *lon)).abs() < near, "{method} {lat} {lon}: {value}");
        }
        for (u, v) in values(&file, "UU").iter().zip(values(&file, "VV")) {
            let empty = method == "average" && u.is_nan() && v.is_nan();
            assert!(empty || (u - 10.0).abs() < 0.02 && v.abs() < 0.2, "{method}: {u} {v}");
        }
        let field = file.read(named(&file, "VG")).expect("read");
        let field = field.values().to_f64().expect("numbers");
        assert!(field.iter().all(|value| *value == 1.0 || *value == 2.0));
    }
}

#[test]
fn the_grid_of_a_record_is_written_with_its_axes() {
    let folder = tempfile::tempdir().expect("a folder");
    let [input, reference, output] = ["in.std", "ref.std", "out.std"].map(|name| path_in(&folder, name));
    model(&input, &Grid::new(b'L', 360, 181, [100, 100, 0, 0]).expect("a grid"));
    model(&reference, &rotated());
    let at = File::open(&reference).expect("a file").records().iter().position(|record| record.nomvar() == "UU");
    stdout(&[
        "regrid",
        &input,
        "-o",
        &output,
        "--to",
        &format!("{reference}#{}", at.expect("UU")),
        "-w",
        "nomvar=TT,UU,VV",
    ]);
    let file = File::open(&output).expect("a file");
    let record = named(&file, "UU");
    assert_eq!((record.grtyp().letter(), record.ip1()), ('Z', 500));
    let grid = file.grid(record).expect("its axes are there");
    assert_eq!(grid.points(), rotated().points());
    let expected = File::open(&reference).expect("a file");
    for name in ["UU", "VV", "TT"] {
        let apart = values(&file, name).into_iter().zip(values(&expected, name)).map(|(a, b)| (a - b).abs());
        assert!(apart.fold(0.0, f32::max) < 1e-2, "{name}");
    }
    // The same grid has the same tags, and equal files may be joined.
    assert_eq!(record.ig1(), named(&expected, "UU").ig1());
}

#[test]
fn what_is_outside_is_missing_unless_it_is_asked_for() {
    let folder = tempfile::tempdir().expect("a folder");
    let (input, output) = (path_in(&folder, "in.std"), path_in(&folder, "out.std"));
    model(&input, &rotated());
    let common = ["regrid", &input, "-o", &output, "-f", "-w", "nomvar=TT", "--to", "L:10"];
    let ended = run(&common);
    assert_eq!(ended.status.code(), Some(0), "{}", err(&ended));
    assert!(err(&ended).contains("lie outside of a source"), "{}", err(&ended));
    let file = File::open(&output).expect("a file");
    let missing = file.read(named(&file, "TT")).expect("read").missing_count();
    assert!(missing > 300, "{missing}");
    stdout(&[&common[..], &["--extrapolate", "value=-5"]].concat());
    let file = File::open(&output).expect("a file");
    assert_eq!(file.read(named(&file, "TT")).expect("read").missing_count(), 0);
    assert_eq!(values(&file, "TT").iter().filter(|value| **value == -5.0).count(), missing);
}

#[test]
fn statistics_of_components_are_no_winds() {
    let folder = tempfile::tempdir().expect("a folder");
    let (input, output) = (path_in(&folder, "in.std"), path_in(&folder, "out.std"));
    model(&input, &rotated());
    for method in ["count", "minimum", "maximum", "sum", "variance"] {
        let args = ["regrid", &input, "-o", &output, "-f", "--to", "N:15,15,200000,21,21,21", "--method", method];
        let ended = run(&args);
        assert_eq!(ended.status.code(), Some(0), "{}", err(&ended));
        assert!(err(&ended).contains("2 records of UU or VV not turned"), "{}", err(&ended));
        let file = File::open(&output).expect("a file");
        let (u, v) = (values(&file, "UU"), values(&file, "VV"));
        if method == "count" {
            assert_eq!(u, values(&file, "TT"));
            assert_eq!(v, u);
        }
        if method == "minimum" {
            let bins = Bins::new(&rotated(), &file.grid(named(&file, "UU")).expect("a grid")).expect("cells");
            let source = values(&File::open(&input).expect("a file"), "UU");
            let expected = bins.apply(&source, None, Statistic::Minimum).expect("as many");
            let count = expected.iter().filter(|value| value.is_finite()).count();
            let near = u.iter().zip(&expected).filter(|(u, expected)| (**u - **expected).abs() < 1e-2).count();
            assert!(count > 10 && near == count, "{near} of {count}");
        }
    }
}

#[test]
fn outside_of_a_grid_cells_have_what_is_asked_for() {
    let folder = tempfile::tempdir().expect("a folder");
    let (input, output) = (path_in(&folder, "in.std"), path_in(&folder, "out.std"));
    model(&input, &rotated());
    let common = ["regrid", &input, "-o", &output, "-f", "-w", "nomvar=TT", "--to", "L:10", "--method"];
    let ended = run(&[&common[..], &["conservative", "--extrapolate", "value=-5"]].concat());
    assert_eq!(ended.status.code(), Some(0), "{}", err(&ended));
    assert!(err(&ended).contains("lie outside of a source"), "{}", err(&ended));
    let file = File::open(&output).expect("a file");
    assert_eq!(file.read(named(&file, "TT")).expect("read").missing_count(), 0);
    assert!(values(&file, "TT").iter().filter(|value| **value == -5.0).count() > 300);
    for (method, what) in [("conservative", "nearest"), ("average", "value=0"), ("count", "cubic")] {
        let ended = run(&[&common[..], &[method, "--extrapolate", what]].concat());
        assert_eq!(ended.status.code(), Some(2), "{}", err(&ended));
        assert!(err(&ended).contains("--extrapolate"), "{}", err(&ended));
    }
}

#[test]
fn means_over_both_halves_of_yin_yang_are_winds() {
    let folder = tempfile::tempdir().expect("a folder");
    let (input, output) = (path_in(&folder, "in.std"), path_in(&folder, "out.std"));
    model(&input, &Grid::yin_yang_of(45, 2.0, [30.0, 40.0, -20.0, 110.0]).expect("a grid"));
    for method in ["conservative", "average"] {
        stdout(&[
            "regrid",
            &input,
            "-o",
            &output,
            "-f",
            "-q",
            "--to",
            "L:10",
            "-w",
            "nomvar=UU,VV",
            "--method",
            method,
        ]);
        let file = File::open(&output).expect("a file");
        let (lat, _) = file.grid(named(&file, "UU")).expect("a grid").points();
        for ((u, v), lat) in values(&file, "UU").iter().zip(values(&file, "VV")).zip(lat) {
            assert!(lat.abs() > 85.0 || ((u - 10.0).abs() < 0.05 && v.abs() < 0.05), "{method} {lat}: {u} {v}");
        }
    }
}

#[test]
fn what_cannot_be_done_is_said() {
    let folder = tempfile::tempdir().expect("a folder");
    let (input, output) = (path_in(&folder, "in.std"), path_in(&folder, "out.std"));
    model(&input, &rotated());
    for (to, says) in [
        ("L:0.7", "360 degrees are no multiple of 0.7"),
        ("nothing.std", "neither words such as L:0.25"),
        ("L:1,2,3", "3 numbers are not what L takes"),
        ("N:1e9,1,60000,0,5,5", "--to"),
        ("L:0.01", "--max-memory"),
        ("L:0.001", "no size"),
    ] {
        let ended = run(&["regrid", &input, "-o", &output, "--to", to]);
        assert_eq!(ended.status.code(), Some(2), "{to}: {}", err(&ended));
        assert!(err(&ended).contains(says), "{to}: {}", err(&ended));
    }
    let itself = run(&["regrid", &input, "-o", &input, "-f", "--to", "L:5"]);
    assert_eq!(itself.status.code(), Some(2), "{}", err(&itself));
    let none = run(&["regrid", &input, "-o", &output, "--to", "L:5", "-w", "nomvar=ZZ"]);
    assert_eq!(none.status.code(), Some(1), "{}", err(&none));
    assert!(fs::metadata(&output).is_err(), "no output appears");
}

#[test]
fn grids_of_every_type_are_sources_and_targets() {
    let folder = tempfile::tempdir().expect("a folder");
    let (output, again) = (path_in(&folder, "out.std"), path_in(&folder, "again.std"));
    let all = "grids/grids.fst";
    let ended = run(&["regrid", all, "-o", &output, "--to", "L:10"]);
    assert_eq!(ended.status.code(), Some(0), "{}", err(&ended));
    let names: Vec<_> = json_lines(&stdout(&["ls", "--json", &output]));
    assert!(names.iter().filter(|row| row["grtyp"] == "L" && row["ni"] == 36 && row["nj"] == 19).count() > 20);
    let records = json_lines(&stdout(&["ls", "--json", all]));
    let mut count = 0;
    for row in records.iter().filter(|row| !["X", "+", "F"].contains(&row["grtyp"].as_str().unwrap_or_default())) {
        let name = row["nomvar"].as_str().expect("a name");
        if [">>", "^^", "^>", "##"].contains(&name) {
            continue;
        }
        let to = format!("{all}#{}", row["index"]);
        stdout(&["regrid", all, "-o", &output, "-f", "-q", "--to", &to, "-w", "nomvar=A1"]);
        // What was written is a grid again, with the same points.
        let (file, source) =
            (File::open(&output).expect("a file"), File::open(crate::common::testdata().join(all)).expect("a file"));
        let index = row["index"].as_u64().and_then(|index| usize::try_from(index).ok()).expect("an index");
        let (new, old) =
            (file.grid(named(&file, "A1")).expect("a grid"), source.grid(&source.records()[index]).expect("a grid"));
        let near = |a: &[f64], b: &[f64]| a.len() == b.len() && a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-5);
        let (new, old) = (new.points(), old.points());
        assert!(near(&new.0, &old.0) && near(&new.1, &old.1), "{name}");
        stdout(&["regrid", &output, "-o", &again, "-f", "-q", "--to", "L:30"]);
        count += 1;
    }
    assert!(count > 20, "{count}");
}

/// A column of pressures: the value is the logarithm of the pressure.
fn pressures(path: &str) {
    let mut writer = Writer::create(path).expect("created");
    for hpa in [100.0_f32, 200.0, 400.0, 800.0, 1000.0] {
        let level: IpValue = format!("{hpa} hPa").parse().expect("a level");
        let on_level = |name: &str| Attributes::new(name).typvar("P").level(level).grtyp('L').ig(100, 100, 9000, 0);
        let field = |value: f32| Array::new(vec![value; 12], (4, 3, 1)).expect("a field");
        writer.write(&on_level("TT"), &field(hpa.ln())).expect("written");
        writer.write(&on_level("GZ"), &field(800.0 * (1000.0 / hpa).ln())).expect("written");
    }
    let surface = Attributes::new("P0").grtyp('L').ig(100, 100, 9000, 0);
    writer.write(&surface, &Array::new(vec![990.0_f32; 12], (4, 3, 1)).expect("a field")).expect("written");
    writer.close().expect("closed");
}

#[test]
fn columns_come_to_pressures_and_heights() {
    let folder = tempfile::tempdir().expect("a folder");
    let (input, output) = (path_in(&folder, "in.std"), path_in(&folder, "out.std"));
    pressures(&input);
    let ended = run(&["vinterp", &input, "-o", &output, "--pressure", "850,500,1050", "-w", "nomvar=TT,P0"]);
    assert_eq!(ended.status.code(), Some(0), "{}", err(&ended));
    assert!(err(&ended).contains("not on several levels: P0"), "{}", err(&ended));
    let listed = json_lines(&stdout(&["ls", "--json", &output]));
    let levels: Vec<_> = listed.iter().filter(|row| row["nomvar"] == "TT").map(|row| row["level"].as_f64()).collect();
    assert_eq!(levels, [Some(850.0), Some(500.0), Some(1050.0)]);
    let file = File::open(&output).expect("a file");
    let at = |n: usize| {
        file.read(file.records().iter().filter(|record| record.nomvar() == "TT").nth(n).expect("a level"))
            .expect("read")
    };
    for (n, hpa) in [(0, 850.0_f32), (1, 500.0)] {
        let values: Vec<f32> = at(n).as_slice().expect("reals").to_vec();
        assert!(values.iter().all(|value| (value - hpa.ln()).abs() < 1e-5), "{hpa}: {values:?}");
    }
    assert_eq!(at(2).missing_count(), 12, "under the lowest level");
    stdout(&["vinterp", &input, "-o", &output, "-f", "-q", "--pressure", "1050", "--below", "nearest"]);
    let file = File::open(&output).expect("a file");
    assert!(values(&file, "TT").iter().all(|value| (value - 1000.0_f32.ln()).abs() < 1e-5));
    // Heights from GZ, in dam: 8 km for each factor e.
    stdout(&["vinterp", &input, "-o", &output, "-f", "-q", "--height", "4000", "-w", "nomvar=TT"]);
    let file = File::open(&output).expect("a file");
    let expected = 1000.0_f32.ln() - 0.5;
    assert!(values(&file, "TT").iter().all(|value| (value - expected).abs() < 1e-4), "{:?}", values(&file, "TT"));
}

#[test]
fn old_hybrid_levels_have_pressures() {
    let folder = tempfile::tempdir().expect("a folder");
    let output = path_in(&folder, "out.std");
    let ended = run(&["vinterp", "vertical/leg_hy5.std", "-o", &output, "--pressure", "700", "-w", "nomvar=TT"]);
    assert_eq!(ended.status.code(), Some(0), "{}", err(&ended));
    let file = File::open(&output).expect("a file");
    assert_eq!(named(&file, "TT").level().map(|level| level.value), Some(700.0));
    // Once more by hand: linear in the logarithm of pressure.
    let source = File::open(crate::common::testdata().join("vertical/leg_hy5.std")).expect("a file");
    let coordinates = Coordinates::new(&source);
    let levels = source.records().iter().filter(|record| record.nomvar() == "TT").map(|record| {
        let pressures = source.level_values(record, &coordinates, Quantity::Level).expect("pressures");
        let values = source.read_as::<f32>(record, &ReadOptions::new()).expect("read").into_vec();
        (pressures, values)
    });
    let mut levels: Vec<_> = levels.collect();
    levels.sort_by(|a, b| a.0[0].total_cmp(&b.0[0]));
    let field = file.read(named(&file, "TT")).expect("read");
    for (at, value) in field.values().to_f64().expect("reals").into_iter().enumerate() {
        let above = levels.iter().rposition(|(pressures, _)| pressures[at] <= 70_000.0);
        let Some((above, below)) = above.and_then(|above| Some((&levels[above], levels.get(above + 1)?))) else {
            assert_eq!(field.missing().and_then(|mask| mask.get(at)), Some(true));
            continue;
        };
        let [high, low] = [above, below].map(|(pressures, _)| f64::from(pressures[at]).ln());
        let weight = (70_000_f64.ln() - high) / (low - high);
        let expected = f64::from(above.1[at]) * (1.0 - weight) + f64::from(below.1[at]) * weight;
        assert!((value - expected).abs() < 1e-3 * expected.abs().max(1.0), "{at}: {value} {expected}");
    }
}

#[test]
fn axes_in_another_input_are_found() {
    let folder = tempfile::tempdir().expect("a folder");
    let [input, fields, axes, output] =
        ["in.std", "fields.std", "axes.std", "out.std"].map(|name| path_in(&folder, name));
    model(&input, &rotated());
    stdout(&["cp", &input, "-o", &fields, "-w", "nomvar=TT"]);
    stdout(&["cp", &input, "-o", &axes, "-w", "nomvar='>>' or nomvar='^^'"]);
    let alone = run(&["regrid", &fields, "-o", &output, "--to", "L:10"]);
    assert_eq!(alone.status.code(), Some(0), "{}", err(&alone));
    assert!(err(&alone).contains("1 record without a grid copied as they are: TT"), "{}", err(&alone));
    let together = run(&["regrid", &fields, &axes, "-o", &output, "-f", "--to", "L:10"]);
    assert_eq!(together.status.code(), Some(0), "{}", err(&together));
    let file = File::open(&output).expect("a file");
    assert_eq!(named(&file, "TT").grtyp().letter(), 'L');
}

#[test]
fn tiles_whose_axes_are_in_another_input_are_joined() {
    let folder = tempfile::tempdir().expect("a folder");
    let [fields, axes, output] = ["fields.std", "axes.std", "out.std"].map(|name| path_in(&folder, name));
    let axis = |count: usize| (0..count).map(|at| at as f64).collect();
    let grid = Grid::from_axes(b'Z', b'L', [100, 100, 9000, 0], axis(8), axis(6)).expect("a grid");
    let tags = GridTags::of(&grid).expect("it can be written");
    let mut writer = Writer::create(&axes).expect("created");
    tags.write(&mut writer).expect("axes");
    writer.close().expect("closed");
    let mut writer = Writer::create(&fields).expect("created");
    let [ig1, ig2, ..] = tags.ig();
    for tile in 0..2_u32 {
        // Values are those of the longitude.
        let values: Vec<f32> =
            [0.0, 1.0, 2.0, 3.0].into_iter().cycle().take(24).map(|x| x + 4.0 * tile as f32).collect();
        let attributes = Attributes::new("TT").ip3(tile + 1).grtyp('#').ig(ig1, ig2, 1 + 4 * tile, 1);
        writer.write(&attributes, &Array::new(values, (4, 6, 1)).expect("a field")).expect("written");
    }
    writer.close().expect("closed");
    let args = ["regrid", &fields, &axes, "-o", &output, "-w", "nomvar=TT", "--to", "L:1,0.5,1,1,7,4"];
    let ended = run(&args);
    assert_eq!(ended.status.code(), Some(0), "{}", err(&ended));
    let file = File::open(&output).expect("a file");
    assert_eq!((file.records().len(), named(&file, "TT").grtyp().letter()), (1, 'L'), "{}", err(&ended));
    for (at, value) in values(&file, "TT").into_iter().enumerate() {
        assert!((value - ((at % 7) as f32 + 0.5)).abs() < 1e-3, "{at}: {value}");
    }
}
