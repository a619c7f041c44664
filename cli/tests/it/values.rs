//! `get`, `stat` and `digest`.

use std::{fs, path::Path};

use crate::common::{damaged, err, expected, json_lines, out, records, run, stdout};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

const SAME: &str = "xdf/same_name.std";
const MISSING: &str = "xdf/miss198_f4.std";

fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

fn path(folder: &tempfile::TempDir, name: &str) -> String {
    folder.path().join(name).display().to_string()
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into())
        .collect();
    names.sort();
    names
}

/// Header and data of an npy file.
fn npy(bytes: &[u8]) -> (String, &[u8]) {
    assert_eq!(&bytes[..8], b"\x93NUMPY\x01\x00");
    let end = 10 + usize::from(u16::from_le_bytes([bytes[8], bytes[9]]));
    assert_eq!(end % 64, 0);
    assert_eq!(bytes[end - 1], b'\n');
    (String::from_utf8(bytes[10..end].to_vec()).expect("ASCII"), &bytes[end..])
}

#[test]
fn digests_are_those_of_the_reference_library() {
    for (file, description) in [
        (SAME, "xdf/same_name.json"),
        ("xdf/masks.std", "xdf/masks.json"),
        ("xdf/dt008_c8.std", "xdf/dt008_c8.json"),
        ("xdf/dt003_dt007_char.std", "xdf/dt003_dt007_char.json"),
        (MISSING, "xdf/miss198_f4.json"),
        ("rsf/miss066_u1.rsf", "rsf/miss066_u1.json"),
        ("rsf/dt000_binary.rsf", "rsf/dt000_binary.json"),
        ("rsf/extended_metadata.rsf", "rsf/extended_metadata.json"),
    ] {
        let lines = json_lines(&stdout(&["digest", "--json", file]));
        let expected = expected(description);
        assert_eq!(lines.len(), records(&expected).len());
        for (k, (line, record)) in lines.iter().zip(records(&expected)).enumerate() {
            let decoded = &record["decoded"];
            assert_eq!((&line["index"], &line["nomvar"]), (&Value::from(k), &record["nomvar"]));
            for name in ["sha256", "dtype", "shape"] {
                assert_eq!(line[name], decoded[name], "{file}, record {k}: {name}");
            }
        }
    }
}

#[test]
fn digest_for_people() {
    insta::assert_snapshot!(stdout(&["digest", "-w", "nomvar=TT", "xdf/masks.std"]));
}

#[test]
fn a_record_that_does_not_decode_does_not_stop_the_others() {
    let folder = tempfile::tempdir().expect("a folder");
    // The second record's own header: another type of record.
    let offset = records(&expected("rsf/miss066_u1.json"))[1]["file_offset"].as_u64().expect("an offset");
    let at = usize::try_from(offset).expect("small");
    let file = damaged(folder.path(), "rsf/miss066_u1.rsf", |bytes| bytes[at + 8] ^= 0xFF);
    let output = run(&["digest", "--json", &file]);
    assert_eq!(output.status.code(), Some(1));
    let lines = json_lines(&out(&output));
    assert_eq!(lines.len(), 12);
    assert!(lines[1]["error"].is_string() && lines[1].get("sha256").is_none(), "{}", lines[1]);
    assert!(lines[2]["sha256"].is_string());
    assert!(err(&output).starts_with("rpnfst: ") && err(&output).contains("record 1 "), "{}", err(&output));
    let output = run(&["stat", "--json", &file]);
    assert_eq!((output.status.code(), json_lines(&out(&output)).len()), (Some(1), 12));
    assert_eq!(run(&["check", "-q", &file]).status.code(), Some(1));
    let target = path(&folder, "out/");
    let output = run(&["get", &file, "-o", &target]);
    assert_eq!((output.status.code(), names(Path::new(&target)).len()), (Some(1), 11));
}

#[test]
fn payload_digests_are_those_of_the_payload() {
    let line = &json_lines(&stdout(&["digest", "--json", "-w", "ip2=0", SAME]))[0];
    let payload = run(&["get", "-i", "0", "--payload", "-o", "-", SAME]).stdout;
    assert_eq!(line["payload_sha256"], hex(&payload));
}

#[test]
fn npy_is_what_numpy_reads() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = path(&folder, "tt.npy");
    stdout(&["get", SAME, "-i", "3", "-o", &file]);
    let bytes = fs::read(&file).expect("written");
    let (header, values) = npy(&bytes);
    assert!(header.starts_with("{'descr': '<f4', 'fortran_order': True, 'shape': (12, 8), }"), "{header}");
    assert_eq!(hex(values), records(&expected("xdf/same_name.json"))[3]["decoded"]["sha256"]);
    assert_eq!(names(folder.path()), ["tt.npy"], "nothing temporary is left");
    let piped = run(&["get", SAME, "-i", "3", "-o", "-", "--format", "npy"]);
    assert_eq!(piped.stdout, bytes);
}

#[test]
fn existing_files_are_kept() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = path(&folder, "x.raw");
    fs::write(&file, "precious").expect("written");
    let output = run(&["get", SAME, "-i", "0", "-o", &file]);
    assert_eq!(output.status.code(), Some(2));
    assert!(err(&output).contains("exists already; -f overwrites it"), "{}", err(&output));
    let template = path(&folder, "{stem}.raw").replace("{stem}", "x{{}}") + "{index}";
    assert_eq!(run(&["get", SAME, "-i", "0", "--format", "raw", "-o", &template]).status.code(), Some(0));
    assert_eq!(fs::read(&file).expect("there"), b"precious");
    stdout(&["get", SAME, "-i", "0", "-f", "-o", &file]);
    assert_eq!(hex(&fs::read(&file).expect("there")), records(&expected("xdf/same_name.json"))[0]["decoded"]["sha256"]);
    assert_eq!(names(folder.path()), ["x.raw", "x{}.raw0"]);
}

#[test]
fn templates_name_a_file_for_each_record() {
    let folder = tempfile::tempdir().expect("a folder");
    let template = path(&folder, "new/{nomvar}_{level}{level_unit}_{hour:03}.csv");
    stdout(&["get", SAME, "-w", "nomvar=TT and level=850,500 hPa and hour<=3", "-i", "0-8", "-o", &template]);
    let found = names(&folder.path().join("new"));
    assert_eq!(found, ["TT_500hPa_000.csv", "TT_500hPa_003.csv", "TT_850hPa_000.csv", "TT_850hPa_003.csv"]);
    for (template, message) in [
        ("{nomvar}.npy", "would both go to"),
        ("{colour}.npy", "no column `colour`"),
        ("{nomvar.npy", "a brace has no partner"),
        ("{nomvar}.xyz", "no format goes with this name"),
    ] {
        let output = run(&["get", SAME, "-o", &path(&folder, template)]);
        assert_eq!(output.status.code(), Some(2), "{template}");
        assert!(err(&output).contains(message), "{}", err(&output));
    }
    assert_eq!(names(folder.path()), ["new"]);
}

#[test]
fn values_cannot_name_another_folder() {
    let folder = tempfile::tempdir().expect("a folder");
    // A label of "/.." in the directory: six-bit codes, the first ones of the label, in page and record.
    let file = damaged(folder.path(), SAME, |bytes| {
        let codes = [0x0F_u32, 0x0E, 0x0E, 0x0F, 0x10]; // "/../0"
        let label = (codes.iter().fold(0, |word, code| word << 6 | code) << 2).to_be_bytes();
        for entry in [208 + 32, 18672] {
            bytes[entry + 40..entry + 44].copy_from_slice(&label);
        }
    });
    let label = json_lines(&out(&run(&["ls", "--json", &file])))[0]["etiket"].as_str().map(str::to_owned);
    assert!(label.as_deref().is_some_and(|label| label.starts_with("/../")), "{label:?}");
    let output = run(&["get", &file, "-i", "0", "-o", &path(&folder, "out/{etiket}.npy")]);
    assert_eq!(names(&folder.path().join("out")).len(), 1, "{}", err(&output));
    assert!(names(&folder.path().join("out"))[0].starts_with("____"));
}

#[test]
fn a_folder() {
    let folder = tempfile::tempdir().expect("a folder");
    stdout(&["get", "xdf/masks.std", "-i", "0-2,9", "-o", &path(&folder, "")]);
    assert_eq!(
        names(folder.path()),
        ["masks_00000_TT.npy", "masks_00001_TT.npy", "masks_00002_ES.npy", "masks_00009_GL.npy"]
    );
}

#[test]
fn csv_has_a_line_for_each_point() {
    let text = stdout(&["get", SAME, "-i", "0", "-o", "-"]);
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines.len(), 1 + 12 * 8);
    assert_eq!(lines[..3], ["i,j,k,value", "1,1,1,1000.0", "2,1,1,1000.5"]);
    assert_eq!(lines[96], "12,8,1,1047.5");
    let several = stdout(&["get", SAME, "-i", "0,5", "--format", "csv"]);
    assert!(several.starts_with("index,i,j,k,value\n0,1,1,1,1000.0\n"), "{several}");
    assert!(several.contains("\n5,12,8,1,"));
    let complex = stdout(&["get", "xdf/dt008_c8.std", "-i", "0", "-o", "-"]);
    assert!(complex.starts_with("i,j,k,real,imag\n1,1,1,"), "{complex}");
    let matrix = stdout(&["get", SAME, "-i", "0", "--matrix"]);
    assert_eq!(matrix.lines().count(), 8);
    assert!(matrix.starts_with("1000.0,1000.5,"));
    assert_eq!(matrix.lines().next().map(|line| line.split(',').count()), Some(12));
}

#[test]
fn missing_values() {
    let stats = json_lines(&stdout(&["stat", "--json", "-w", "ni=16", MISSING]));
    let missing = stats[0]["missing"].as_u64().expect("a count");
    let index = stats[0]["index"].to_string();
    assert!(missing > 0);
    let csv = stdout(&["get", MISSING, "-i", &index, "-o", "-"]);
    assert_eq!(csv.lines().filter(|line| line.ends_with(',')).count() as u64, missing);
    let json = &json_lines(&stdout(&["get", MISSING, "-i", &index, "--format", "json"]))[0];
    let nulls = json["values"].as_array().expect("values").iter().filter(|value| value.is_null()).count();
    assert_eq!((nulls as u64, &json["missing_count"]), (missing, &Value::from(missing)));
    let raw = run(&["get", MISSING, "-i", &index, "--format", "raw", "--missing", "classic", "-o", "-"]).stdout;
    let record: usize = index.parse().expect("a number");
    assert_eq!(hex(&raw), records(&expected("xdf/miss198_f4.json"))[record]["decoded"]["sha256"]);
    let substitute = stdout(&["get", MISSING, "-i", &index, "--missing", "substitute", "-o", "-"]);
    assert!(!substitute.lines().any(|line| line.ends_with(',') || line.contains("NaN")));
}

#[test]
fn json_has_values_and_attributes() {
    let lines = json_lines(&stdout(&["get", SAME, "-i", "0,1", "-o", "-", "--format", "json"]));
    assert_eq!(lines.len(), 2);
    let expected = expected("xdf/same_name.json");
    let (line, record) = (&lines[0], &records(&expected)[0]["decoded"]);
    assert_eq!((&line["nomvar"], &line["dtype"]), (&Value::from("TT"), &Value::from("<f4")));
    assert_eq!(line["shape"], record["shape"]);
    let values = line["values"].as_array().expect("values");
    assert_eq!((values.len(), &values[1], &values[95]), (96, &Value::from(1000.5), &Value::from(1047.5)));
}

#[test]
fn one_file_holds_one_array() {
    let folder = tempfile::tempdir().expect("a folder");
    for format in ["npy", "raw"] {
        let output = run(&["get", SAME, "-o", &path(&folder, &format!("x.{format}"))]);
        assert_eq!(output.status.code(), Some(2));
        assert!(err(&output).contains("44 records are selected"), "{}", err(&output));
    }
    let output = run(&["get", SAME, "-i", "0", "-o", &path(&folder, "no/x.npy")]);
    assert_eq!(output.status.code(), Some(2));
    assert!(err(&output).contains("there is no folder"), "{}", err(&output));
    assert!(names(folder.path()).is_empty());
}

#[test]
fn nothing_selected() {
    let output = run(&["get", SAME, "-w", "nomvar=NONE"]);
    assert_eq!((output.status.code(), err(&output).as_str()), (Some(1), "rpnfst: no record selected\n"));
    let output = run(&["get", SAME, "-i", "44"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(err(&output).contains("no record 44, there are 44 (counted from 0)"));
    assert_eq!(run(&["get", SAME, "-i", "x"]).status.code(), Some(2));
    let output = run(&["get", "nothing.std"]);
    assert_eq!((output.status.code(), err(&output).lines().count()), (Some(2), 1), "{}", err(&output));
}

#[test]
fn a_look_at_values() {
    insta::assert_snapshot!(
        stdout(&["get", SAME, "-i", "3"])
            + &stdout(&["get", "xdf/dt003_dt007_char.std", "-i", "3"])
            + &stdout(&["get", "rsf/dt000_binary.rsf", "-i", "0"])
    );
}

#[test]
fn stat_shows_the_columns_of_ls_too() {
    insta::assert_snapshot!(stdout(&["stat", "xdf/masks.std"]));
    let csv = stdout(&["stat", "--csv", "xdf/masks.std", SAME]);
    let listed = stdout(&["ls", "--csv", "xdf/masks.std", SAME]);
    let numbers = "n,missing,nan,min,min_i,min_j,min_k,max,max_i,max_j,max_k,mean,std";
    let head = format!("{},{numbers}", listed.lines().next().unwrap_or_default());
    assert_eq!(csv.lines().next(), Some(head.as_str()));
    assert_eq!(csv.lines().count(), 1 + 10 + 44);
}

#[test]
fn stat_agrees_with_the_values() {
    for file in [SAME, "xdf/type_changes.std", MISSING] {
        let stats = json_lines(&stdout(&["stat", "--json", file]));
        let values = json_lines(&stdout(&["get", "--format", "json", file]));
        assert_eq!(stats.len(), values.len());
        for (k, (stats, values)) in stats.iter().zip(&values).enumerate() {
            let binary = values["data_type"] == 0;
            let values = values["values"].as_array().expect("values");
            if binary {
                assert_eq!(
                    (&stats["n"], &stats["min"], &stats["mean"]),
                    (&values.len().into(), &Value::Null, &Value::Null)
                );
                continue;
            }
            if values.first().is_some_and(Value::is_array) {
                assert!(stats["mean"].is_null(), "complex numbers have none");
                continue;
            }
            let valid: Vec<f64> = values.iter().filter_map(Value::as_f64).collect();
            assert_eq!(stats["n"], values.len(), "{file}, record {k}");
            assert_eq!(stats["missing"].as_u64(), Some((values.len() - valid.len()) as u64), "{file}, record {k}");
            let mean = valid.iter().sum::<f64>() / valid.len() as f64;
            let close = |what: &str, expected: f64| {
                let found = stats[what].as_f64();
                let near = |found: f64| (found - expected).abs() <= 1e-9 * expected.abs().max(1e-30);
                assert!(
                    valid.is_empty() || found.is_some_and(near),
                    "{file}, record {k}, {what}: {found:?}, {expected}"
                );
            };
            close("min", valid.iter().copied().fold(f64::INFINITY, f64::min));
            close("max", valid.iter().copied().fold(f64::NEG_INFINITY, f64::max));
            let largest = valid.iter().fold(1.0, |largest: f64, x| largest.max(x.abs()));
            let found = stats["mean"].as_f64().unwrap_or(mean);
            assert!(valid.is_empty() || (found - mean).abs() <= 1e-6 * largest, "{file}, record {k}: {found}, {mean}");
        }
    }
}
