//! `rpnfst regrid` with weights in files.

use std::{fs, path::Path};

use rpnfst::{File, Record, grids::Grid};

use crate::{
    common::{err, path_in, run, stdout},
    regrid::{model, named, rotated},
};

/// What is in a file.
fn bits(path: &str, name: &str) -> (Vec<u32>, usize) {
    let file = File::open(path).expect("a file");
    let field = file.read(named(&file, name)).expect("read");
    let values = field.values().to_f64().expect("reals");
    #[expect(clippy::cast_possible_truncation, reason = "they are of 32 bits")]
    (values.into_iter().map(|value| (value as f32).to_bits()).collect(), field.missing_count())
}

fn names(path: &str) -> Vec<String> {
    File::open(path).expect("a file").records().iter().map(|record: &Record| record.nomvar().to_string()).collect()
}

/// An archive of arrays, as numpy writes it. Checksums come from a reader of its own.
fn npz(path: &str, arrays: &[(&str, &str, Vec<u8>)]) {
    let (mut bytes, mut directory) = (Vec::new(), Vec::new());
    for (name, dtype, data) in arrays {
        let width: usize = dtype[2..].parse().expect("a size");
        let mut text = format!("{{'descr': '{dtype}', 'fortran_order': False, 'shape': ({},), }}", data.len() / width);
        text.push_str(&" ".repeat(117 - text.len()));
        let member = [b"\x93NUMPY\x01\x00\x76\x00", text.as_bytes(), b"\n", data].concat();
        let mut sum = flate2::Crc::new();
        sum.update(&member);
        let (at, size) = (u32::try_from(bytes.len()).expect("short"), u32::try_from(member.len()).expect("short"));
        let common = [
            &[20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0][..],
            &sum.sum().to_le_bytes(),
            &size.to_le_bytes(),
            &size.to_le_bytes(),
            &[u8::try_from(name.len() + 4).expect("short"), 0, 0, 0],
        ]
        .concat();
        bytes.extend([b"PK\x03\x04", &common[..], name.as_bytes(), b".npy", &member].concat());
        let line = [b"PK\x01\x02\x14\x00", &common[..], &[0; 10], &at.to_le_bytes(), name.as_bytes(), b".npy"];
        directory.extend(line.concat());
    }
    let (at, size) = (u32::try_from(bytes.len()).expect("short"), u32::try_from(directory.len()).expect("short"));
    let count = [u8::try_from(arrays.len()).expect("few"), 0];
    let end = [b"PK\x05\x06\0\0\0\0", &count[..], &count, &size.to_le_bytes(), &at.to_le_bytes(), &[0, 0]].concat();
    fs::write(path, [bytes, directory, end].concat()).expect("written");
}

fn long(numbers: &[i64]) -> Vec<u8> {
    numbers.iter().flat_map(|n| n.to_le_bytes()).collect()
}

fn real(numbers: &[f64]) -> Vec<u8> {
    numbers.iter().flat_map(|n| n.to_le_bytes()).collect()
}

#[test]
fn weights_of_a_file_give_the_same_fields() {
    let folder = tempfile::tempdir().expect("a folder");
    let [input, computed, again, weights] =
        ["in.std", "computed.std", "again.std", "w.npz"].map(|name| path_in(&folder, name));
    model(&input, &rotated());
    for (method, to) in [
        ("nearest", "L:10"),
        ("linear", "L:10"),
        ("cubic", "N:51,51,60000,21,101,101"),
        ("conservative", "L:30,-110,1,1,21,11"),
    ] {
        let common = ["regrid", &input, "-f", "-q", "--to", to, "--method", method, "-w", "nomvar=TT,UU,VV,VG"];
        stdout(&[&common[..], &["-o", &computed, "--save-weights", &weights]].concat());
        stdout(&[&common[..], &["-o", &again, "--weights", &weights]].concat());
        assert_eq!(names(&again), names(&computed));
        for name in ["TT", "UU", "VV", "VG"] {
            assert_eq!(bits(&again, name), bits(&computed, name), "{method} {name}");
        }
    }
    // What was read may be saved again, and is not lost meanwhile.
    let itself = run(&["regrid", &input, "-o", &weights, "-f", "--to", "L:10", "--weights", &weights]);
    assert_eq!(itself.status.code(), Some(2), "{}", err(&itself));
}

#[test]
fn missing_values_count_as_with_computed_weights() {
    let folder = tempfile::tempdir().expect("a folder");
    let [input, holed, computed, again, weights] =
        ["in.std", "holed.std", "computed.std", "again.std", "w.npz"].map(|name| path_in(&folder, name));
    model(&input, &rotated());
    // Outside of the rotated region values are missing.
    stdout(&["regrid", &input, "-o", &holed, "-q", "--to", "L:5", "-w", "nomvar=TT"]);
    for method in ["linear", "conservative"] {
        for rule in ["nearest", "any", "all"] {
            let common = ["regrid", &holed, "-f", "-q", "--to", "L:3", "--method", method, "--near-missing", rule];
            stdout(&[&common[..], &["-o", &computed, "--save-weights", &weights]].concat());
            stdout(&[&common[..], &["-o", &again, "--weights", &weights]].concat());
            let (expected, missing) = bits(&computed, "TT");
            let (found, missing_again) = bits(&again, "TT");
            assert!(missing > 1000, "{missing}");
            assert_eq!((missing, missing_again), (missing, missing), "{method} {rule}");
            let apart = expected.iter().zip(&found).map(|(a, b)| (f32::from_bits(*a) - f32::from_bits(*b)).abs());
            assert!(apart.filter(|apart| !apart.is_nan()).fold(0.0, f32::max) < 1e-6, "{method} {rule}");
        }
    }
}

#[test]
fn what_cannot_be_saved_is_said() {
    let folder = tempfile::tempdir().expect("a folder");
    let [input, other, output, weights] =
        ["in.std", "other.std", "out.std", "w.npz"].map(|name| path_in(&folder, name));
    model(&input, &rotated());
    model(&other, &Grid::new(b'L', 36, 18, [1000, 1000, 500, 0]).expect("a grid"));
    let common = ["regrid", "-o", &output, "--to", "L:10", "--save-weights", &weights];
    for (more, says) in [
        (&[&input[..], &other][..], "--save-weights: the records are on several grids"),
        (&[&input[..], "--method", "average"], "--method average has no weights that are the same for every field"),
        (&[&input[..], "--weights", "v.npz"], "cannot be used with"),
    ] {
        let ended = run(&[&common[..], more].concat());
        assert_eq!(ended.status.code(), Some(2), "{}", err(&ended));
        assert!(err(&ended).contains(says), "{says}: {}", err(&ended));
        assert!(!Path::new(&weights).exists() && !Path::new(&output).exists());
    }
    fs::write(&weights, "mine").expect("written");
    let taken = run(&[&common[..], &[&input]].concat());
    assert!(err(&taken).contains("exists already"), "{}", err(&taken));
    assert_eq!(fs::read(&weights).expect("there"), b"mine");
}

#[test]
fn hostile_weights_are_errors() {
    let folder = tempfile::tempdir().expect("a folder");
    let [input, output, weights] = ["in.std", "out.std", "w.npz"].map(|name| path_in(&folder, name));
    model(&input, &Grid::new(b'L', 36, 18, [1000, 1000, 500, 0]).expect("a grid"));
    let args = ["regrid", &input, "-o", &output, "-f", "--to", "A:4,2", "-w", "nomvar=TT", "--weights", &weights];
    let sound = [("row", "<i8", long(&[1, 8])), ("col", "<i8", long(&[1, 648])), ("S", "<f8", real(&[0.5, 2.0]))];
    npz(&weights, &sound);
    stdout(&args);
    let file = File::open(&output).expect("a file");
    assert_eq!(file.read(named(&file, "TT")).expect("read").missing_count(), 6);
    for (place, array, says) in [
        (0, ("row", "<i8", long(&[0, 8])), "row 0, expected 1 to 8"),
        (0, ("row", "<i8", long(&[1, 9])), "row 9, expected 1 to 8"),
        (0, ("row", "<i8", long(&[1, i64::MIN])), "row: -9223372036854775808, expected"),
        (0, ("row", "<i8", long(&[1])), "columns of weights: 2 values, expected 1"),
        (0, ("row", "<f8", real(&[1.0, 8.0])), "row: expected integers"),
        (0, ("line", "<i8", long(&[1, 8])), "no array row"),
        (1, ("col", "<i8", long(&[1, 649])), "column 649, expected 1 to 648"),
        (1, ("col", "<i8", long(&[-1, 2])), "column -1"),
        (2, ("S", "<f8", real(&[f64::NAN, 1.0])), "NaN among them"),
        (2, ("S", "<f8", real(&[1.0, f64::INFINITY])), "inf among them"),
        (2, ("S", "<i8", long(&[1, 1])), "S: expected reals"),
        (3, ("n_a", "<i8", long(&[640])), "a source of 640 values, the grid has 36 x 18"),
        (3, ("n_b", "<i8", long(&[-8])), "a target of -8 values, the grid has 4 x 2"),
        (3, ("dst_grid_dims", "<i8", long(&[2, 4])), "a target of 2 x 4 values, the grid has 4 x 2"),
    ] {
        let mut arrays = sound.to_vec();
        arrays.truncate(place.min(3));
        arrays.push(array);
        arrays.extend(sound.iter().skip(place + 1).cloned());
        npz(&weights, &arrays);
        let ended = run(&args);
        assert!(matches!(ended.status.code(), Some(1 | 2)), "{says}: {}", err(&ended));
        assert!(err(&ended).contains(says), "{says}: {}", err(&ended));
    }
    for (content, says) in [(&b""[..], "not an .npz file"), (b"PK\x05\x06 and more that is no archive", "damaged")] {
        fs::write(&weights, content).expect("written");
        let ended = run(&args);
        assert_eq!(ended.status.code(), Some(2), "{}", err(&ended));
        assert!(err(&ended).contains(says), "{}", err(&ended));
    }
}
