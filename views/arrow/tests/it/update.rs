//! An index follows its files.

use std::{
    fs,
    path::{Path, PathBuf},
    time::SystemTime,
};

use rpnfst::{Array, Attributes, RecordTable, Writer};
use rpnfst_arrow::{Changes, read_index, update_index, write_index};

use crate::common::{age, assert_same, folder_of, testdata};

fn update(index: &Path, files: &[PathBuf]) -> (usize, usize, usize, usize) {
    let (table, Changes { kept, read, removed, errors, .. }) = update_index(index, files, |_| ()).expect("updated");
    let there = files.iter().filter(|file| rpnfst::File::open(file).is_ok());
    assert_same(&table, &RecordTable::of_files(there).expect("a table"));
    assert_same(&read_index(index).expect("read"), &table);
    (kept, read, removed, errors.len())
}

#[test]
fn added_removed_grown_replaced_and_touched_files() {
    let (folder, mut files) =
        folder_of(&["xdf/same_name.std", "rsf/same_name.rsf", "cases/intervals.std", "xdf/dates.std"]);
    for file in &files {
        age(file);
    }
    let index = folder.path().join("index");
    assert_eq!(update(&index, &files[..3]), (0, 3, 0, 0), "there was no index");
    assert_eq!(update(&index, &files[..3]), (3, 0, 0, 0));
    assert_eq!(update(&index, &files), (3, 1, 0, 0), "added");
    assert_eq!(update(&index, &files[1..]), (3, 0, 1, 0), "removed");
    files.reverse();
    assert_eq!(update(&index, &files), (3, 1, 0, 0), "added, and another order");

    let mut writer = Writer::append(&files[1]).expect("open");
    let value = Array::new(vec![1.0_f32; 4], (2, 2, 1)).expect("four values");
    writer.write(&Attributes::new("NEW"), &value).expect("written");
    writer.close().expect("closed");
    assert_eq!(update(&index, &files), (3, 1, 0, 0), "grown");

    fs::copy(testdata().join("xdf/masks.std"), &files[0]).expect("replaced");
    assert_eq!(update(&index, &files), (3, 1, 0, 0), "replaced");

    age(&files[2]);
    assert_eq!(update(&index, &files), (4, 0, 0, 0), "the same records at another time");

    fs::write(&files[3], "no FST file").expect("replaced");
    assert_eq!(update(&index, &files), (3, 0, 1, 1), "another kind of file now");
    assert_eq!(update(&index, &files), (3, 0, 0, 1));
    fs::remove_file(&files[3]).expect("removed");
    assert_eq!(update(&index, &files[..3]), (3, 0, 0, 0));
    assert_eq!(update(&index, &[]), (0, 0, 3, 0));
}

/// Same size, same time: a time shortly before the reading proves nothing.
#[test]
fn a_file_changed_within_the_clock_of_its_file_system() {
    let (folder, files) = folder_of(&["xdf/same_name.std"]);
    let index = folder.path().join("index");
    fs::OpenOptions::new()
        .append(true)
        .open(&files[0])
        .and_then(|file| file.set_modified(SystemTime::now()))
        .expect("now");
    assert_eq!(update(&index, &files), (0, 1, 0, 0));
    assert_eq!(read_index(&index).expect("read").files()[0].modified, None);
    let time = fs::metadata(&files[0]).and_then(|there| there.modified()).expect("a time");
    let size = fs::metadata(&files[0]).expect("there").len();
    // The size stays when a record is deleted.
    let mut writer = Writer::append(&files[0]).expect("open");
    let first = rpnfst::File::open(&files[0]).expect("open").records()[0].clone();
    writer.delete(&first).expect("deleted");
    writer.close().expect("closed");
    assert_eq!(fs::metadata(&files[0]).expect("there").len(), size);
    fs::OpenOptions::new().append(true).open(&files[0]).and_then(|file| file.set_modified(time)).expect("a time");
    assert!(!read_index(&index).expect("read").files()[0].is_current());
    assert_eq!(update(&index, &files), (0, 1, 0, 0));
    // Once it is old its time is proof, and the next update keeps it.
    age(&files[0]);
    assert_eq!(update(&index, &files), (1, 0, 0, 0));
    assert!(read_index(&index).expect("read").files()[0].is_current());
}

/// An index of a selection does not pass for one of whole files.
#[test]
fn selections_are_read_again() {
    let (folder, files) = folder_of(&["xdf/same_name.std", "cases/intervals.std"]);
    for file in &files {
        age(file);
    }
    let index = folder.path().join("index");
    let table = RecordTable::of_files(&files).expect("a table");
    write_index(&table.take(&[0, 1]), &index).expect("written");
    assert_eq!(update(&index, &files).2, 0);
}

#[test]
fn a_damaged_index_is_not_replaced() {
    let (folder, files) = folder_of(&["xdf/same_name.std"]);
    let index = folder.path().join("index");
    fs::write(&index, "something else").expect("written");
    assert!(update_index(&index, &files, |_| ()).is_err());
    assert_eq!(fs::read_to_string(&index).expect("read"), "something else");
}
