//! `at`.

use std::{fs, path::Path};

use rpnfst::{Array, Attributes, File, WriteOptions, grids::descriptor};
use serde_json::Value;

use crate::{
    common::{err, json_lines, out, path_in, run, stdout},
    grid::{GRIDS, index_of},
    npz::Set,
};

/// The fields of the file of grids: column and 100 times the row, both from 0.
fn field(i: f64, j: f64) -> f64 {
    i - 1.0 + 100.0 * (j - 1.0)
}

/// `at` at one place, the values of the records that a condition selects.
fn values(args: &[&str], (lat, lon): (f64, f64)) -> Vec<Value> {
    let (lat, lon) = (lat.to_string(), lon.to_string());
    let lines = json_lines(&stdout(&[&["at", "-q", "--json", "--lat", &lat, "--lon", &lon], args].concat()));
    lines.into_iter().map(|line| line["values"][0].clone()).collect()
}

fn near(found: &Value, expected: f64, tolerance: f64) -> bool {
    found.as_f64().is_some_and(|found| (found - expected).abs() < tolerance)
}

#[test]
fn points_of_a_grid_have_its_values() {
    let (set, records) = (Set::open("grids_fst"), json_lines(&stdout(&["ls", "--json", GRIDS])));
    for case in set.cases().iter().filter(|case| case["has_latlon"] == true) {
        let size = |name: &str| usize::try_from(case[name].as_u64().expect("a number")).expect("small");
        // Not on the edge, and of a pair in the middle of Yin.
        let (i, j) = (size("ni") / 2, size("nj") / 4);
        let at = i + size("ni") * j;
        let place = (set.values(case, "lat64")[at], set.values(case, "lon64")[at]);
        let of = index_of(case, &records);
        let ips = ["ip1", "ip2", "ip3"].map(|name| records[of][name].to_string());
        let select =
            format!("nomvar={} and ip1={} and ip3={}", records[of]["nomvar"].as_str().expect("a name"), ips[0], ips[2]);
        let (args, expected) = (["-w", &select, GRIDS], field((i + 1) as f64, (j + 1) as f64));
        for method in [&["--method", "nearest"][..], &[]] {
            let found = values(&[method, &args].concat(), place);
            assert!(found.len() == 1 && near(&found[0], expected, 1e-3), "{case}: {found:?}, expected {expected}");
        }
    }
}

#[test]
fn between_points() {
    let file = File::open(crate::common::testdata().join(GRIDS)).expect("a file");
    let mut count = 0;
    for (index, record) in file.records().iter().enumerate() {
        if !matches!(record.grtyp().letter(), 'L' | 'N' | 'S' | 'E' | 'Z' | '#') || record.is_descriptor() {
            continue;
        }
        let Ok(grid) = file.grid(record) else { panic!("record {index}") };
        if !matches!(grid.geometry(), rpnfst::geo::Geometry::Structured(_)) {
            continue;
        }
        // Where the cells of the grid are, the field is linear in columns and rows.
        let (i, j) = (4.25, 5.5);
        let select = format!("file_index={}", record.file_index());
        let found = values(&["-w", &select, GRIDS], grid.point(i, j));
        assert!(near(&found[0], field(i, j), 1e-3), "record {index}: {found:?}, expected {}", field(i, j));
        count += 1;
    }
    assert!(count > 12, "{count}");
}

#[test]
fn a_table_for_people() {
    let select = "nomvar=L1,N1,ZE1,U1";
    let points = ["--lat", "0", "--lon", "-80", "--lat", "88.5", "--lon", "200"];
    insta::assert_snapshot!(stdout(&[&["at", GRIDS, "-w", select], &points[..]].concat()));
}

#[test]
fn outside_of_a_grid() {
    let at = |how: &[&str]| {
        let found = values(&[&["-w", "nomvar=L1", GRIDS], how].concat(), (80.0, 100.0));
        found[0].as_f64()
    };
    // 20 columns and 15 rows.
    let (lowest, highest) = (field(1.0, 1.0), field(20.0, 15.0));
    assert_eq!(at(&[]), None);
    assert_eq!(at(&["--extrapolate", "value=-999.5"]), Some(-999.5));
    assert_eq!(at(&["--extrapolate", "missing"]), None);
    let close = |found: Option<f64>, expected: f64| found.is_some_and(|found| (found - expected).abs() < 1e-3);
    assert!(close(at(&["--extrapolate", "minimum"]), lowest - 0.05 * (highest - lowest)));
    assert!(close(at(&["--extrapolate", "maximum"]), highest + 0.05 * (highest - lowest)));
    assert!(at(&["--extrapolate", "nearest"]).is_some_and(|found| found >= field(1.0, 15.0)));
    assert!(at(&["--extrapolate", "linear"]).is_some_and(|found| found > highest));
    let output = run(&["at", GRIDS, "--lat", "0", "--lon", "0", "--extrapolate", "value=x"]);
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn far_from_all_points_of_a_set() {
    let far = (0.0, -80.0);
    let at =
        |name: &str, how: &[&str]| values(&[&["-w", &format!("nomvar={name}"), GRIDS], how].concat(), far)[0].clone();
    assert_eq!(at("Y1", &[]), Value::Null);
    assert!(at("Y1", &["--extrapolate", "nearest"]).is_number());
    assert_eq!(at("Y1", &["--extrapolate", "value=7"]), Value::from(7.0));
    assert!(at("ST1", &[]).is_number(), "a station is one place");
}

/// A field of 10 x 10 points, a degree apart, in four tiles: the square of the column and ten times that of the row, from 0.
fn tiles(path: &str, names: &[&str]) {
    let mut writer = WriteOptions::new().create(path).expect("a file");
    let axis: Vec<f32> = (0..10_u8).map(f32::from).collect();
    for (name, dims) in [(">>", (10, 1, 1)), ("^^", (1, 10, 1))] {
        let attributes = Attributes::new(name).typvar("X").grtyp('L').ip1(1500).ig(100, 100, 9000, 0);
        writer.write(&attributes, &Array::new(&axis[..], dims).expect("an axis")).expect("written");
    }
    for name in names {
        for (n, (i, j)) in (1..).zip([(0, 0), (5, 0), (0, 5), (5, 5)]) {
            let values: Vec<f32> = (0..25).map(|at| (i + at % 5, j + at / 5)).map(square).collect();
            let attributes = Attributes::new(name).typvar("P").grtyp('#').ip3(n).ig(1500, 0, i + 1, j + 1);
            writer.write(&attributes, &Array::new(values, (5, 5, 1)).expect("a tile")).expect("written");
        }
    }
    writer.close().expect("closed");
}

fn square((i, j): (u32, u32)) -> f32 {
    f32::from(u16::try_from(i * i + 10 * j * j).expect("small"))
}

#[test]
fn neighbours_in_other_tiles_count() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = path_in(&folder, "tiles.std");
    tiles(&path, &["TT", "UU", "VV"]);
    let of = |select: &str, how: &[&str], place| values(&[how, &["-w", select, &path]].concat(), place);
    let nothing = Value::Null;
    for how in [&[][..], &["--extrapolate", "missing"]] {
        // A row for each tile: the first one has the point, and its neighbours in the third.
        let found = of("nomvar=TT", how, (4.25, 2.0));
        assert!(near(&found[0], 4.0 + 10.0 * (0.75 * 16.0 + 0.25 * 25.0), 1e-3), "{found:?}");
        assert_eq!(found[1..], [nothing.clone(), nothing.clone(), nothing.clone()]);
        // One on the corner of all has one value.
        for found in of("nomvar=TT", how, (4.5, 4.5)) {
            assert!(near(&found, 11.0 * 20.5, 1e-3), "{found}");
        }
        // Whatever else is asked for.
        assert!(near(&of("nomvar=TT and ip3=4", how, (7.0, 4.75))[0], 490.0 + 0.25 * 16.0 + 0.75 * 25.0, 1e-3));
    }
    let cubic = of("nomvar=TT and ip3=1", &["--method", "cubic"], (4.25, 2.0));
    assert!(near(&cubic[0], 4.0 + 10.0 * 4.25 * 4.25, 1e-3), "a parabola: {cubic:?}");
    for select in ["nomvar=UU", "nomvar=VV", "nomvar=UU,VV"] {
        for found in of(&format!("{select} and ip3=1"), &["--wind"], (4.25, 0.0)) {
            assert!((near(&found, 10.0 * (0.75 * 16.0 + 0.25 * 25.0), 0.5)), "{select}: {found}");
        }
    }
    // A point outside of the tile is outside, as of any grid.
    let outside = of("nomvar=TT and ip3=1", &["--extrapolate", "value=7"], (8.0, 8.0));
    assert_eq!(outside, [Value::from(7.0)]);
}

#[test]
fn an_archive_of_all_records() {
    let folder = tempfile::tempdir().expect("a folder");
    let [points, output] = ["points.csv", "out.npz"].map(|name| path_in(&folder, name));
    fs::write(&points, "station,lon,lat\nA,-80.5,0.25\n\"B, far\",100,80\nC,-80.5,0.25\n").expect("written");
    let select = "nomvar=L1,A1,X1,N1";
    assert_eq!(stdout(&["at", "-q", GRIDS, "-w", select, "--points", &points, "-o", &output]), "");
    let archive = Set::archive(fs::read(&output).expect("written"));
    assert_eq!(archive.array("lat").values, [0.25, 80.0, 0.25]);
    assert_eq!(archive.array("lon").values, [-80.5, 100.0, -80.5]);
    assert_eq!(archive.array("index").values, [0.0, 1.0, 9.0], "the record without a place is left out");
    assert!(archive.find("file").is_none());
    let values = archive.array("values");
    assert_eq!(values.shape, [3, 3]);
    assert!(values.values[1].is_nan() && values.values[4].is_finite());
    assert_eq!(values.values[0].to_bits(), values.values[2].to_bits());
    // The same as text.
    let text = stdout(&["at", "-q", GRIDS, "-w", select, "--points", &points, "--csv"]);
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let names: Vec<_> = reader.headers().expect("a header").iter().map(str::to_owned).collect();
    assert_eq!(names[names.len() - 3..], ["0.25,-80.5", "80,100", "0.25,-80.5"]);
    for (record, row) in reader.records().map(|row| row.expect("a row")).enumerate() {
        let cells = row.iter().skip(row.len() - 3);
        for (at, cell) in cells.enumerate() {
            let value = values.values[3 * record + at];
            assert!(cell.parse() == Ok(value) || cell.is_empty() && value.is_nan(), "{row:?}");
        }
    }
    for name in ["out.csv", "out.json"] {
        let output = path_in(&folder, name);
        stdout(&["at", "-q", GRIDS, "-w", select, "--points", &points, "-o", &output]);
        let form = if name.ends_with("csv") { "--csv" } else { "--json" };
        let printed = stdout(&["at", "-q", GRIDS, "-w", select, "--points", &points, form]);
        assert_eq!(fs::read_to_string(output).expect("written"), printed);
    }
    // Of several files their numbers too.
    let both =
        ["at", "-q", "-f", GRIDS, "xdf/same_name.std", GRIDS, "-w", "nomvar=L1", "--points", &points, "-o", &output];
    stdout(&both);
    let archive = Set::archive(fs::read(&output).expect("written"));
    assert_eq!(archive.array("file").values, [0.0, 2.0]);
}

/// A file of winds on a polar stereographic grid: 10 along x, nothing along y, at two levels, and of a third level one
/// component only; a field with a mask.
fn winds(path: &Path) -> [u32; 4] {
    let ig = descriptor::encode(b'N', [5.0, 5.0, 100_000.0, 21.0]).expect("a descriptor");
    let mut writer = WriteOptions::new().create(path).expect("created");
    let mut write = |name: &str, typvar: &str, ip1: u32, values: Vec<f32>| {
        let attributes = Attributes::new(name).typvar(typvar).ip1(ip1).grtyp('N').ig(ig[0], ig[1], ig[2], ig[3]);
        writer.write(&attributes, &Array::new(values, (9, 9, 1)).expect("81 values")).expect("written");
    };
    for (ip1, speed) in [(500, 10.0), (850, 20.0)] {
        write("UU", "P", ip1, vec![speed; 81]);
    }
    for ip1 in [850, 500, 1000] {
        write("VV", "P", ip1, vec![0.0; 81]);
    }
    write("GL", "P@", 0, (0_u8..81).map(f32::from).collect());
    write("GL", "@@", 0, (0..81).map(|at| if at < 27 { 0.0 } else { 1.0 }).collect());
    writer.close().expect("closed");
    ig
}

#[test]
fn winds_to_the_true_east_and_north() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("winds.std");
    winds(&path);
    let file = path.display().to_string();
    let lon = 40.0_f64;
    let args = ["at", "--json", &file, "--lat", "87", "--lon", "40", "-w", "nomvar=UU,VV"];
    // Along the grid, unless it is said.
    let speeds: Vec<_> = json_lines(&stdout(&args)).iter().map(|line| line["values"][0].as_f64()).collect();
    assert_eq!(speeds, [Some(10.0), Some(20.0), Some(0.0), Some(0.0), Some(0.0)]);
    let output = run(&[&args[..], &["--wind"]].concat());
    assert_eq!(output.status.code(), Some(1), "one component is alone");
    assert!(err(&output).contains("record 4 (VV): no other component"), "{}", err(&output));
    // The direction from which a wind along x comes, on a grid around the north pole.
    let from = (lon + 21.0).to_radians();
    let lines = json_lines(&out(&output));
    let found: Vec<_> =
        lines.iter().map(|line| (line["index"].as_u64(), line["values"][0].as_f64().expect("a speed"))).collect();
    let expected = [(0, -10.0 * from.sin()), (1, -20.0 * from.sin()), (2, -20.0 * from.cos()), (3, -10.0 * from.cos())];
    assert_eq!(found.len(), expected.len());
    for ((index, value), (expected_index, expected)) in found.iter().zip(expected) {
        assert!(*index == Some(expected_index) && (value - expected).abs() < 1e-4, "{found:?}, {expected}");
    }
    // One component asked for brings the other.
    let north =
        run(&["at", "--json", &file, "--lat", "87", "--lon", "40", "-w", "nomvar=VV and level=850 hPa", "--wind"]);
    assert!(near(&json_lines(&out(&north))[0]["values"][0], expected[2].1, 1e-4));
}

#[test]
fn masked_points_have_no_value() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("masked.std");
    winds(&path);
    let name = path.display().to_string();
    let file = File::open(&path).expect("a file");
    let grid = file.grid(&file.records()[0]).expect("a grid");
    let at = |i: f64, j: f64| values(&["-w", "nomvar=GL and typvar=P@", &name], grid.point(i, j))[0].clone();
    assert_eq!(at(4.0, 2.0), Value::Null);
    assert!(near(&at(4.0, 5.0), 39.0, 1e-3));
    // Next to masked points only the others count.
    assert!(near(&at(4.0, 3.75), 30.0, 1e-3), "{}", at(4.0, 3.75));
    assert_eq!(at(4.0, 3.25), Value::Null);
}

#[test]
fn what_is_passed_over_is_said() {
    let output = run(&["at", GRIDS, "--lat", "0", "--lon", "0", "-w", "nomvar=X1"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(err(&output).contains("1 record without a place passed over"), "{}", err(&output));
    assert!(err(&output).contains("no value: no record that was selected has a place"), "{}", err(&output));
    let folder = tempfile::tempdir().expect("a folder");
    let [bad, none] = ["bad.csv", "none.npz"].map(|name| path_in(&folder, name));
    fs::write(&bad, "lat,lon\n45,-73\n95,0\n").expect("written");
    for (args, said) in [
        (&[][..], "at which points?"),
        (&["--lat", "0"], "--lat and --lon come in pairs; 1 and 0 are given"),
        (&["--lat", "90.5", "--lon", "0"], "latitude 90.5: expected -90 to 90"),
        (&["--lat", "0", "--lon", "nan"], "expected a number of degrees"),
        (&["--points", &bad], "line 3: latitude 95: expected -90 to 90"),
        (&["--points", "grids/README.md"], "expected names of columns with lat and lon"),
        (&["--lat", "0", "--lon", "0", "-o", "out.txt"], "no format goes with this name"),
        (&["--lat", "0", "--lon", "0", "-o", &bad], "exists already; -f overwrites it"),
    ] {
        let output = run(&[&["at", GRIDS], args].concat());
        assert_eq!(output.status.code(), Some(2), "{args:?}: {}", out(&output));
        assert!(err(&output).contains(said), "{args:?}: {}", err(&output));
    }
    let output = run(&["at", GRIDS, "--lat", "0", "--lon", "0", "-w", "nomvar=X1", "-o", &none]);
    assert!(output.status.code() == Some(1) && !Path::new(&none).exists());
}

/// Every file of the collection has an answer or a reason.
#[test]
fn files_of_others() {
    let Some(root) = std::env::var_os("RPNFST_FIXTURES").filter(|root| !root.is_empty()) else { return };
    let folder = Path::new(&root).join("realdata");
    let mut count = 0;
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if !path.is_file() || path.extension().is_some_and(|extension| extension == "md" || extension == "tsv") {
            continue;
        }
        let name = path.display().to_string();
        for args in [&["grid", &name][..], &["grid", "--json", &name], &["at", &name, "--lat", "60", "--lon", "-90"]] {
            let output = run(args);
            let status = output.status.code();
            assert!(status == Some(0) || status == Some(1) && !output.stderr.is_empty(), "{args:?}: {status:?}");
        }
        count += 1;
    }
    assert!(count > 30, "{count} files");
}

#[test]
fn a_condition_on_file_counts_the_inputs() {
    let folder = tempfile::tempdir().expect("a folder");
    let levels = "vertical/leg_pres.std";
    for (file, code) in [("1", 0), ("2", 1)] {
        let (moved, lifted) = (path_in(&folder, &format!("m{file}.std")), path_in(&folder, &format!("l{file}.std")));
        let (of_grids, of_levels) = (format!("nomvar=L1 and file={file}"), format!("nomvar=TT and file={file}"));
        for command in [
            &["at", "--lat", "0", "--lon", "275", GRIDS, GRIDS, "-w", &of_grids][..],
            &["grid", GRIDS, GRIDS, "-w", &of_grids],
            &["regrid", GRIDS, GRIDS, "-o", &moved, "--to", "L:10", "-w", &of_grids],
            &["vinterp", levels, levels, "-o", &lifted, "--pressure", "500", "-w", &of_levels],
        ] {
            let output = run(command);
            assert_eq!(output.status.code(), Some(code), "{command:?}: {}", err(&output));
        }
        assert_eq!(fs::exists(&moved).expect("a folder"), code == 0);
        assert_eq!(fs::exists(&lifted).expect("a folder"), code == 0);
    }
}
