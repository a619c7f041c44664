//! `cp --datyp 134 --nbits 12`, an example of the help, packed the table of levels and the axes too: off by up to 1.6e4.

use rpnfst::{Array, Attributes, DataType, Writer};

use crate::common::{err, path_in, run, stdout};

fn types(file: &str) -> Vec<String> {
    stdout(&["ls", "--csv", "--columns", "nomvar,datyp,nbits", file]).lines().skip(1).map(str::to_owned).collect()
}

#[test]
fn descriptors_and_64_bits_stay() {
    let folder = tempfile::tempdir().expect("a folder");
    let [file, out] = ["in.std", "out.std"].map(|name| path_in(&folder, name));
    let doubles: Vec<f64> = (0..400).map(|k| f64::from(k) * 1e-9 + 1.6e4).collect();
    let singles: Vec<f32> = (0..400_u16).map(|k| f32::from(k) * 1e-3 + 250.0).collect();
    let mut writer = Writer::create(&file).expect("a file");
    let ieee = |name| Attributes::new(name).data_type(DataType::new(5));
    writer.write(&ieee("!!").pack_bits(64), &Array::new(&doubles, (20, 20, 1)).expect("values")).expect("written");
    for name in [">>", "TT"] {
        writer.write(&ieee(name).pack_bits(32), &Array::new(&singles, (20, 20, 1)).expect("values")).expect("written");
    }
    writer.write(&ieee("DD").pack_bits(64), &Array::new(&doubles, (20, 20, 1)).expect("values")).expect("written");
    writer.close().expect("closed");
    let pack = |more: &[&str]| {
        let output = run(&[&["cp", "-f", &file, "-o", &out][..], more].concat());
        assert_eq!(output.status.code(), Some(0), "{more:?}: {}", err(&output));
        err(&output)
    };
    let said = pack(&["--datyp", "134", "--nbits", "12"]);
    assert_eq!(types(&out), ["!!,5,64", ">>,5,32", "TT,134,12", "DD,5,64"]);
    assert!(said.contains("3 records (descriptors, masks, raw words, 64 bits) copied as they are packed"), "{said}");
    assert_eq!(said.lines().count(), 1);
    pack(&["--nbits", "16"]);
    assert_eq!(types(&out), ["!!,5,64", ">>,5,32", "TT,5,16", "DD,5,64"]);
    assert!(pack(&["--reencode"]).contains("3 records (descriptors"));
    // Named, one by one or all.
    assert_eq!(pack(&["--datyp", "5", "--nbits", "32", "-w", "nomvar=DD"]), "");
    assert_eq!(types(&out), ["DD,5,32"]);
    pack(&["--datyp", "134", "--nbits", "12", "-w", "nomvar='>>',TT"]);
    assert_eq!(types(&out), [">>,134,12", "TT,134,12"]);
    assert_eq!(pack(&["--datyp", "134", "--nbits", "12", "--descriptors"]), "");
    assert_eq!(types(&out), ["!!,134,12", ">>,134,12", "TT,134,12", "DD,134,12"]);
    // What changes no value is for all of them.
    assert!(!pack(&["--compress"]).contains("descriptors"));
    assert_eq!(types(&out)[1], ">>,133,32");
}

/// They were not copied at all when they were named.
#[test]
fn raw_words_stay() {
    let folder = tempfile::tempdir().expect("a folder");
    let [file, out] = ["in.std", "out.std"].map(|name| path_in(&folder, name));
    let mut writer = Writer::create(&file).expect("a file");
    let words = Attributes::new(">>").data_type(DataType::new(0)).pack_bits(32);
    writer.write(&words, &Array::words(&[7, 8, 9], (3, 1, 1)).expect("words")).expect("written");
    writer.close().expect("closed");
    for more in [&["-w", "nomvar=>>"][..], &["--descriptors"], &[]] {
        let output = run(&[&["cp", "-f", &file, "-o", &out, "--datyp", "5", "--nbits", "32"][..], more].concat());
        assert_eq!(output.status.code(), Some(0), "{more:?}: {}", err(&output));
        assert!(err(&output).contains("of raw words `get --words-as f4` and `mk` make reals"), "{}", err(&output));
        assert!(!err(&output).contains("--descriptors takes all"), "{}", err(&output));
        assert_eq!(types(&out), [">>,0,32"]);
    }
}

/// A mask was not copied at all: integers cannot be of a real type.
#[test]
fn masks_stay() {
    let folder = tempfile::tempdir().expect("a folder");
    let [file, out] = ["in.std", "out.std"].map(|name| path_in(&folder, name));
    let mut writer = Writer::create(&file).expect("a file");
    let values: Vec<f32> = (0..400_u16).map(f32::from).collect();
    let field = Attributes::new("TM").typvar("P@").data_type(DataType::new(5)).pack_bits(32);
    writer.write(&field, &Array::new(&values, (20, 20, 1)).expect("values")).expect("written");
    let mask = Attributes::new("TM").typvar("@@").data_type(DataType::new(2)).pack_bits(1);
    writer.write(&mask, &Array::new(&[1_u32; 400], (20, 20, 1)).expect("values")).expect("written");
    writer.close().expect("closed");
    let output = run(&["cp", &file, "-o", &out, "--datyp", "134", "--nbits", "12", "-w", "nomvar=TM"]);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    assert_eq!(types(&out), ["TM,134,12", "TM,2,1"]);
}
