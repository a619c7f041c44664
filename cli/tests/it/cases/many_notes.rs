//! More than 1,000 notes became damage, for good, after an `edit` of an RSF file that was killed.

use rpnfst::{Array, Attributes, Container, File, WriteOptions, Writer, info::Details};
use serde_json::Value;

use crate::common::{err, json_lines, out, path_in, run, stdout};

const RECORDS: u32 = 1500;

/// A file whose records say something else than its directory, as one is whose edit was killed before the directory
/// was written.
fn edited_halfway(path: &str) {
    let options = WriteOptions::new().container(Container::Rsf);
    let mut writer = options.create(path).expect("a new file");
    for ip1 in 0..RECORDS {
        let values = Array::new(vec![1.0_f32], (1, 1, 1)).expect("dims");
        writer.write(&Attributes::new("TT").ip1(ip1), &values).expect("written");
    }
    writer.close().expect("closed");
    let before = std::fs::read(path).expect("there");
    let file = File::open(path).expect("sound");
    let mut writer = Writer::append(path).expect("sound");
    for record in file.records() {
        writer.edit(record, &Attributes::from(record).etiket("EDITED")).expect("edited");
    }
    writer.close().expect("closed");
    let mut after = std::fs::read(path).expect("there");
    assert!(after.len() == before.len() && after != before);
    let Some(Details::Rsf { segments, .. }) = file.first().map(|member| member.info().details) else { panic!("RSF") };
    for segment in segments {
        let [from, bytes] =
            [segment.directory_offset, segment.directory_bytes].map(|n| usize::try_from(n).expect("small"));
        after[from..from + bytes].copy_from_slice(&before[from..from + bytes]);
    }
    std::fs::write(path, after).expect("written");
}

#[test]
fn the_worst_decides_and_not_the_number() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = path_in(&folder, "edited.rsf");
    edited_halfway(&path);
    let report = stdout(&["check", "--data", &path]);
    assert!(report.ends_with("sound, 1500 records\n"), "{report}");
    assert!(report.contains("note: 997 more: its attributes are others than the directory says"), "{report}");
    assert!(report.contains("500 more notes") && report.lines().count() == 6, "{report}");
    let line = &json_lines(&stdout(&["check", "--json", &path]))[0];
    assert_eq!(line["status"], Value::from("sound"));
    stdout(&["edit", &path, "--set", "etiket=AGAIN", "--yes"]);

    // Damage behind all of the notes is seen.
    edited_halfway(&path_in(&folder, "cut.rsf"));
    let path = path_in(&folder, "cut.rsf");
    let mut bytes = std::fs::read(&path).expect("there");
    let last = File::open(&path).expect("sound").records().last().expect("records").clone();
    let end = usize::try_from(last.file_offset() + last.total_stored_bytes()).expect("small");
    bytes[end - 1] = 0;
    std::fs::write(&path, bytes).expect("written");
    let output = run(&["check", &path]);
    assert_eq!(output.status.code(), Some(1), "{}", err(&output));
    assert!(out(&output).contains("damage: byte") || out(&output).contains("damage: record 1499"), "{}", out(&output));
}
