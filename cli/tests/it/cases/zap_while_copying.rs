//! Attributes are changed while records are copied: five surface classes of one field took a `cp`, an `edit` and another
//! `cp` each.

use rpnfst::{Array, Attributes, WriteOptions, record::Container};

use crate::common::{err, json_lines, path_in, run, stdout};

const FILE: &str = "cases/zap_while_copying/t.std";

fn columns(file: &str, columns: &str) -> Vec<String> {
    stdout(&["ls", "--csv", "--columns", columns, file]).lines().skip(1).map(str::to_owned).collect()
}

fn payloads(file: &str) -> Vec<String> {
    json_lines(&stdout(&["digest", "--json", file])).iter().map(|line| line["payload_sha256"].to_string()).collect()
}

#[test]
fn classes_of_a_field() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = path_in(&folder, "out.std");
    for ip1 in [1199, 1198, 1197, 1196] {
        let set = format!("ip1={ip1}");
        stdout(&["cp", FILE, "-o", &out, "--append", "-w", "nomvar=SD", "--set", &set]);
    }
    assert_eq!(columns(&out, "nomvar,ip1"), ["SD,1199", "SD,1198", "SD,1197", "SD,1196"]);
    // All else is as it was, bit for bit.
    let rest = "typvar,etiket,grtyp,ni,nj,nk,datyp,nbits,deet,npas,datev,ip2,ip3,ig1,ig2,ig3,ig4";
    assert!(columns(&out, rest).iter().all(|line| *line == columns(FILE, rest)[0]));
    assert!(payloads(&out).iter().all(|sum| *sum == payloads(FILE)[0]));
    assert_eq!(stdout(&["check", "-q", "--data", &out]), "");
}

#[test]
fn the_record_is_seen() {
    let folder = tempfile::tempdir().expect("a folder");
    let [out, packed, both] = ["out.std", "packed.std", "{ip2}_{etiket}.std"].map(|name| path_in(&folder, name));
    stdout(&["cp", FILE, "-o", &out, "--set", "ip2=ip2+6", "--set", "etiket=NEW"]);
    stdout(&["cp", &out, "-o", &out, "-f", "--set", "ip2=ip2+6"]);
    assert_eq!(columns(&out, "ip2,etiket"), ["12,NEW"]);
    // With values packed anew too.
    for options in [&["--datyp", "134", "--nbits", "12"][..], &["--reencode"], &["--compress"], &["--uncompress"]] {
        stdout(&[&["cp", "-f", &out, "-o", &packed, "--set", "ip2=ip2-5"][..], options].concat());
        assert_eq!(columns(&packed, "ip2,etiket"), ["7,NEW"], "{options:?}");
    }
    // Templates have what the copies have.
    stdout(&["cp", FILE, "-o", &both, "--set", "ip2=ip2+48", "--set", "etiket=X"]);
    assert_eq!(columns(&path_in(&folder, "48_X.std"), "ip2"), ["48"]);
}

#[test]
fn what_cannot_be_set_leaves_no_output() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = path_in(&folder, "out.std");
    for (set, message) in [
        ("ip2=ip2-1", "record 0: "),
        ("nomvar=TOOLONG", "nomvar"),
        ("nothing=1", "no such field"),
        ("metadata={}", "XDF files cannot hold extended metadata"),
    ] {
        let output = run(&["cp", FILE, "-o", &out, "--set", set]);
        assert_eq!(output.status.code(), Some(2), "{set}: {}", err(&output));
        assert!(err(&output).contains(message), "{set}: {}", err(&output));
    }
    assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 0);
}

#[test]
fn metadata_is_set_and_removed() {
    let folder = tempfile::tempdir().expect("a folder");
    let [rsf, none, xdf] = ["a.rsf", "b.rsf", "c.std"].map(|name| path_in(&folder, name));
    let list = |file: &str| columns(file, "metadata");
    stdout(&["cp", FILE, "-o", &rsf, "--container", "rsf", "--set", "metadata={\"a\": 1}"]);
    assert_eq!(list(&rsf), ["\"{\"\"a\"\": 1}\""]);
    for options in [&[][..], &["--reencode"], &["--compress"]] {
        stdout(&[&["cp", "-f", &rsf, "-o", &none, "--set", "metadata="][..], options].concat());
        assert_eq!(list(&none), ["\"\""], "{options:?}");
        stdout(&[&["cp", "-f", &rsf, "-o", &none, "--set", "metadata=[2]"][..], options].concat());
        assert_eq!(list(&none), ["[2]"], "{options:?}");
        stdout(&[&["cp", "-f", &rsf, "-o", &none, "--set", "ip2=3"][..], options].concat());
        assert_eq!(list(&none), list(&rsf), "{options:?}");
    }
    // They were taken away by request: nothing is lost without a word.
    let output = run(&["cp", &rsf, "-o", &xdf, "--container", "xdf", "--set", "metadata="]);
    assert_eq!((output.status.code(), err(&output).as_str()), (Some(0), ""));
}

/// Fields refer to descriptors by what `--set` would change.
#[test]
fn descriptors_stay_unless_they_are_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let [file, out] = ["in.std", "out.std"].map(|name| path_in(&folder, name));
    let mut writer = WriteOptions::new().container(Container::Xdf).create(&file).expect("a file");
    for name in [">>", "^^", "TT"] {
        let record = Attributes::new(name).ip2(2).grtyp('Z').ig(0, 2, 0, 0);
        writer.write(&record, &Array::new(&[1.0_f32], (1, 1, 1)).expect("a value")).expect("written");
    }
    writer.close().expect("closed");
    let said = |args: &[&str]| {
        let output = run(&[&["cp", "-f", &file, "-o", &out, "--set", "ip2=ip2+6"][..], args].concat());
        assert_eq!(output.status.code(), Some(0), "{}", err(&output));
        err(&output)
    };
    let text = said(&[]);
    assert!(text.contains("--set: 2 grid and level descriptors left as they are"), "{text}");
    assert_eq!(columns(&out, "nomvar,ip2"), [">>,2", "^^,2", "TT,8"]);
    said(&["-w", "ip2=2"]);
    assert_eq!(columns(&out, "nomvar,ip2"), [">>,2", "^^,2", "TT,8"], "matched is not named");
    let text = said(&["--descriptors"]);
    assert!(
        text.ends_with("beware: 1 record loses its grid: no >> or ^^ of the inputs has that ig1, ig2, ig3\n"),
        "{text}"
    );
    assert_eq!(columns(&out, "nomvar,ip2"), [">>,8", "^^,8", "TT,8"]);
    let text = said(&["-w", "nomvar='>>',TT"]);
    assert!(text.contains("beware: 1 record loses its grid: no >> of"), "{text}");
    assert_eq!(columns(&out, "nomvar,ip2"), [">>,8", "TT,8"]);
    let text = said(&["-w", "ip2=2 and not nomvar='^^'"]);
    assert!(text.contains("--set: 1 grid and level descriptor left as they are"), "{text}");
    assert_eq!(columns(&out, "nomvar,ip2"), [">>,2", "TT,8"]);
}
