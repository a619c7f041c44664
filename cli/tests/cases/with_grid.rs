//! Selected fields come without what describes them, unless `--with-grid` takes it too.

use rpnfst::{
    Data, NewRecord, Writer,
    record::{IpValue, Kind},
};

use crate::common::{err, path_in, run, stdout};

fn names(file: &str) -> Vec<String> {
    stdout(&["ls", "--csv", "--columns", "nomvar", file]).lines().skip(1).map(|line| line.replace('"', "")).collect()
}

/// Two grids, one of them with levels; a field with a mask; a field that describes itself.
fn model(path: &str) {
    let axis = |name, ip1| NewRecord::new(name).ip1(ip1).ip2(2).ip3(3).grtyp('E');
    let level = |value| IpValue::new(value, Kind::Hybrid);
    let field = |name, ig1| NewRecord::new(name).typvar("P").grtyp('Z').ig(ig1, 2, 3, 0).ip2(6);
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
        NewRecord::new("ME").grtyp('L').ig(100, 100, 9000, 0),
    ] {
        writer.write(&record, &Data::new(&[1.0_f32], (1, 1, 1)).expect("a value")).expect("written");
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
