//! One trouble of many records was told once for each of them.

use std::fs;

use crate::common::{copied, err, expected, json_lines, out, path_in, records, run};

#[test]
fn of_many_records_some_are_told_and_the_rest_counted() {
    let folder = tempfile::tempdir().expect("a folder");
    // Another data type, which does not exist, in the directory and in the own headers of all records.
    let file = copied(&folder, "xdf/same_name.std");
    let mut bytes = fs::read(&file).expect("the file");
    let description = expected("xdf/same_name.json");
    let count = records(&description).len();
    for (k, record) in records(&description).iter().enumerate() {
        let own = usize::try_from(record["file_offset"].as_u64().expect("an offset")).expect("small");
        let type_before = bytes[own + 19];
        bytes[own + 19] = 0x39;
        bytes[208 + 32 + 72 * k + 19] = 0x39;
        assert_ne!(type_before, 0x39);
    }
    fs::write(&file, bytes).expect("written");
    let output = run(&["stat", "--json", &file]);
    assert_eq!(output.status.code(), Some(1));
    let (message, failed) = (err(&output), json_lines(&out(&output)).iter().filter(|l| l["error"].is_string()).count());
    assert!(failed > 20 && count >= failed, "{failed} of {count}");
    let last = message.lines().last().expect("a message");
    assert_eq!(message.lines().count(), 11, "{message}");
    assert!(last.starts_with(&format!("rpnfst: {} more like `{file}: record 0 ", failed - 10)), "{last}");
}

#[test]
fn trouble_of_each_file_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let names: Vec<_> = (0..25).map(|k| path_in(&folder, &format!("f{k}.std"))).collect();
    for name in &names {
        fs::write(name, "Dear reader,\n").expect("written");
    }
    let args: Vec<_> = std::iter::once("ls").chain(names.iter().map(String::as_str)).collect();
    let output = run(&args);
    assert_eq!(output.status.code(), Some(2));
    assert!(names.iter().all(|name| err(&output).contains(name.as_str())), "{}", err(&output));
    // The very same message is no news, once more not even in number.
    for (times, more) in [(2, None), (3, Some("rpnfst: 2 more like `nothing.std: "))] {
        let output = run(&[&["ls"][..], &vec!["nothing.std"; times]].concat());
        assert_eq!(output.status.code(), Some(2));
        let message = err(&output);
        let second = message.lines().nth(1);
        assert_eq!(second.is_some(), more.is_some(), "{message}");
        assert!(second.zip(more).is_none_or(|(second, more)| second.starts_with(more)), "{message}");
    }
}
