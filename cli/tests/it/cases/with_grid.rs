//! Selected fields come without what describes them, unless `--with-grid` takes it too.

use rpnfst::{
    Array, Attributes, Writer,
    record::{IpValue, Kind},
};

use crate::common::{err, path_in, run, stdout};

fn names(file: &str) -> Vec<String> {
    stdout(&["ls", "--csv", "--columns", "nomvar", file]).lines().skip(1).map(|line| line.replace('"', "")).collect()
}

/// Two grids, one of them with levels; a field with a mask; a field that describes itself.
fn model(path: &str) {
    let axis = |name, ip1| Attributes::new(name).ip1(ip1).ip2(2).ip3(3).grtyp('E');
    let level = |value| IpValue::new(value, Kind::Hybrid);
    let field = |name, ig1| Attributes::new(name).typvar("P").grtyp('Z').ig(ig1, 2, 3, 0).ip2(6);
    let mut writer = Writer::create(path).expect("a file");
    for record in [
        axis(">>", 1),
        axis("^^", 1),
        axis("!!", 1).grtyp('X').ig(5005, 0, 0, 0),
        axis(">>", 7),
        axis("^^", 7),
        field("TT", 1).level(level(0.5)),
        field("UU", 1).level(level(0.25)),
        field("TM", 7).typvar("P@"),
        field("TM", 7).typvar("@@"),
        field("GL", 9),
        Attributes::new("ME").grtyp('L').ig(100, 100, 9000, 0),
    ] {
        writer.write(&record, &Array::new(&[1.0_f32], (1, 1, 1)).expect("a value")).expect("written");
    }
    writer.close().expect("closed");
}

#[test]
fn what_the_selected_records_refer_to() {
    let folder = tempfile::tempdir().expect("a folder");
    let [file, out] = ["in.std", "out.std"].map(|name| path_in(&folder, name));
    model(&file);
    for (query, expected) in [
        ("nomvar=TT", &["TT", ">>", "^^", "!!"][..]),
        ("nomvar=TT,UU", &["TT", "UU", ">>", "^^", "!!"]),
        ("nomvar=TM and typvar=P@", &["TM", ">>", "^^", "TM"]),
        ("nomvar=ME", &["ME"]),
        ("nomvar='>>',TT and ip1!=7", &[">>", "TT", "^^", "!!"]),
    ] {
        let output = run(&["cp", "-f", &file, "-o", &out, "--with-grid", "-w", query]);
        assert_eq!((output.status.code(), err(&output).as_str()), (Some(0), ""), "{query}");
        assert_eq!(names(&out), expected, "{query}");
    }
    stdout(&["cp", "-f", &file, "-o", &out, "-w", "nomvar=TT"]);
    assert_eq!(names(&out), ["TT"]);
    let said = err(&run(&["cp", "-f", &file, "-o", &out, "--with-grid", "-w", "nomvar=GL"]));
    assert!(said.contains("the grid of 1 record is not described"), "{said}");
    // `check --ops` knows the same.
    let (half, ops) = (path_in(&folder, "half.std"), |file: &str| stdout(&["check", "--ops", file]));
    stdout(&["cp", &file, "-o", &half, "-w", "nomvar=TT or nomvar='^^' and ip1=1"]);
    let said = err(&run(&["cp", "-f", &half, "-o", &out, "--with-grid", "-w", "nomvar=TT"]));
    assert!(said.contains("the grid of 1 record is not described"), "{said}");
    assert!(ops(&half).contains("not there: >> of its grid Z"), "{}", ops(&half));
    // Each file of a template has what its own records need.
    stdout(&["cp", &file, "-o", &path_in(&folder, "{nomvar}.std"), "--with-grid", "-w", "nomvar=TT,UU,ME"]);
    assert_eq!(names(&path_in(&folder, "UU.std")), ["UU", ">>", "^^", "!!"]);
    assert_eq!(names(&path_in(&folder, "ME.std")), ["ME"]);
}

#[test]
fn with_the_other_options() {
    let folder = tempfile::tempdir().expect("a folder");
    let [file, out, fields, grids] = ["in.std", "out.std", "f.std", "g.std"].map(|name| path_in(&folder, name));
    model(&file);
    let columns = |columns: &str| {
        stdout(&["ls", "--csv", "--columns", columns, &out]).lines().skip(1).map(str::to_owned).collect::<Vec<_>>()
    };
    // Descriptors keep attributes and packing, a mask goes with its field.
    let set = ["--set", "etiket=NEW", "--datyp", "134", "--nbits", "12", "-w", "typvar=P@"];
    stdout(&[&["cp", "-f", &file, "-o", &out, "--with-grid"][..], &set].concat());
    assert_eq!(columns("typvar,etiket"), ["P@,NEW", "X,", "X,", "@@,NEW"]);
    assert_eq!(columns("nbits"), ["12", "32", "32", "32"]);
    // The next append has them already.
    stdout(&["cp", "-f", &file, "-o", &out, "--with-grid", "-w", "nomvar=TT"]);
    run(&["cp", &file, "-o", &out, "--append", "--skip-same", "--with-grid", "-w", "nomvar=UU"]);
    assert_eq!(names(&out), ["TT", ">>", "^^", "!!", "UU"]);
    // In another input.
    stdout(&["cp", &file, "-o", &fields, "-w", "nomvar=TT"]);
    stdout(&["cp", &file, "-o", &grids, "-w", "ip1=1"]);
    stdout(&["cp", "-f", &fields, &grids, "-o", &out, "--with-grid", "-w", "nomvar=TT"]);
    assert_eq!(names(&out), ["TT", ">>", "^^", "!!"]);
    // Some of them in one, some in another.
    stdout(&["cp", "-f", &file, "-o", &fields, "-w", "nomvar=TT,'!!'"]);
    stdout(&["cp", "-f", &fields, &grids, "-o", &out, "--with-grid", "-w", "nomvar=TT"]);
    assert_eq!(names(&out), ["TT", "!!", ">>", "^^"]);
}

/// A field with one of its axes has no grid.
#[test]
fn half_a_grid_is_none() {
    let folder = tempfile::tempdir().expect("a folder");
    let [file, half, out, other] = ["in.std", "half.std", "out.std", "o.std"].map(|name| path_in(&folder, name));
    model(&file);
    stdout(&["cp", &file, "-o", &half, "-w", "nomvar='^^',TM"]);
    let output = run(&["cp", &half, "-o", &out, "--with-grid", "-w", "nomvar=TM and typvar=P@"]);
    assert_eq!(names(&out), ["TM", "^^", "TM"]);
    assert!(err(&output).contains("the grid of 2 records is not described in any input: >> not found"), "{output:?}");
    // Another input has both.
    stdout(&["cp", &file, "-o", &other, "-w", "nomvar='>>','^^'"]);
    let output = run(&["cp", "-f", &half, &other, "-o", &out, "--with-grid", "-w", "nomvar=TM and typvar=P@"]);
    assert_eq!(err(&output), "");
}

#[test]
fn links_that_set_cuts() {
    let folder = tempfile::tempdir().expect("a folder");
    let [file, out] = ["in.std", "out.std"].map(|name| path_in(&folder, name));
    model(&file);
    let axis_and_fields = "nomvar='>>' and ip1=1 or nomvar=TT,UU";
    for (query, set, expected) in [
        ("nomvar=TT", &["ig1=5"][..], "1 record loses its grid: no >> or ^^ or !! of the inputs has"),
        ("nomvar=TT,UU", &["ig3=5"], "2 records lose their grids: no >> or ^^ of the inputs has"),
        ("nomvar=ME", &["grtyp=Z"], "1 record loses its grid: no >> or ^^ of"),
        (axis_and_fields, &["ip2=7"], "2 records lose their grids: no >> of the inputs has"),
        ("nomvar='!!',TT", &["ip2=7"], "1 record loses its vertical coordinate: no !! of"),
        ("nomvar=TM", &["ig1=1"], ""),
        ("nomvar=TM", &["ig4=1"], ""),
        ("nomvar=GL", &["ig1=5"], ""),
        ("nomvar='>>' and ip1=1", &["ip2=7"], ""),
        ("nomvar=TT", &["etiket=NEW", "grtyp=L"], ""),
    ] {
        let set: Vec<_> = set.iter().flat_map(|set| ["--set", *set]).collect();
        let output = run(&[&["cp", "-f", &file, "-o", &out, "-w", query][..], &set].concat());
        let said = err(&output);
        assert_eq!(output.status.code(), Some(0), "{query}: {said}");
        assert!(said.contains(expected) && said.contains("beware") != expected.is_empty(), "{query}: {said}");
        // The same note of edit, where fields that are not selected count too.
        let shown = stdout(&[&["edit", &file, "-w", query][..], &set].concat());
        let (_, missing) = expected.split_once(": ").unwrap_or_default();
        assert!(shown.contains(&missing.replace("the inputs", "the file")), "{query}: {shown}");
    }
    let shown = stdout(&["edit", &file, "-w", "nomvar='>>' and ip1=1", "--set", "ip2=7"]);
    assert!(shown.contains("beware: 2 records lose their grids: no >> of the file has"), "{shown}");
}

/// Masked points are zeros for those who do not find the mask.
#[test]
fn masks_that_are_lost() {
    let folder = tempfile::tempdir().expect("a folder");
    let [file, out] = ["in.std", "out.std"].map(|name| path_in(&folder, name));
    let mut writer = Writer::create(&file).expect("a file");
    let field = Attributes::new("GL").typvar("P@").pack_bits(32);
    for record in [field.clone(), field.typvar("@@")] {
        writer.write(&record, &Array::new(&[1.0_f32], (1, 1, 1)).expect("a value")).expect("written");
    }
    writer.close().expect("closed");
    let beware = "beware: 1 record loses its mask (@@)";
    for (query, set) in
        [("nomvar=GL", "typvar=Q"), ("typvar=P@", "ip1=5"), ("typvar=P@", "etiket=X"), ("typvar=@@", "ip2=5")]
    {
        let shown = stdout(&["edit", &file, "-w", query, "--set", set]);
        assert!(shown.contains(beware), "{query} {set}: {shown}");
    }
    for set in ["etiket=X", "ip3=7", "grtyp=Z"] {
        assert!(!stdout(&["edit", &file, "-w", "nomvar=GL", "--set", set]).contains("mask"), "{set}");
    }
    let copied = run(&["cp", &file, "-o", &out, "-w", "typvar=P@", "--set", "ip1=5"]);
    assert!(err(&copied).contains(beware), "{}", err(&copied));
    assert!(!stdout(&["rm", &file, "-n", "-w", "typvar=P@"]).contains("beware"));
    assert!(stdout(&["rm", &file, "-w", "typvar=@@"]).contains(beware));
    assert!(stdout(&["check", "--ops", &file]).contains("not there: mask (@@) of GL"));
    let copied = run(&["cp", "-f", &file, "-o", &out, "--with-grid"]);
    assert!(err(&copied).contains("the mask (@@) of 1 record is in no input"), "{}", err(&copied));
}

/// What came along with its fields kept its attributes, and nobody said so.
#[test]
fn with_descriptors_the_grid_changes_too() {
    let folder = tempfile::tempdir().expect("a folder");
    let [file, out] = ["in.std", "out.std"].map(|name| path_in(&folder, name));
    model(&file);
    let etikets = || stdout(&["ls", "--csv", "--no-header", "--columns", "nomvar,etiket", &out]).replace('"', "");
    let cp = ["cp", "-f", &file, "-o", &out, "--with-grid", "-w", "nomvar=TM", "--set", "etiket=AA"];
    let output = run(&cp);
    assert_eq!(etikets(), "TM,AA\nTM,AA\n>>,\n^^,\n");
    assert!(err(&output).contains("2 grid and level descriptors left as they are"), "{}", err(&output));
    let output = run(&[&cp[..], &["--descriptors"]].concat());
    assert_eq!(etikets(), "TM,AA\nTM,AA\n>>,AA\n^^,AA\n");
    assert_eq!(err(&output), "");
}
