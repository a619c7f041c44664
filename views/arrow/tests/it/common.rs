//! Files to make tables of.

use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use rpnfst::{OpenOptions, RecordTable};

use crate::below::files_below;

/// The repository's folder of test files.
pub fn testdata() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata")
}

/// The table of every FST file of the repository.
pub fn everything() -> RecordTable {
    let table = OpenOptions::new().scan(&files_below(&testdata()), |_| ()).table;
    assert!(table.len() > 800, "{} records", table.len());
    table
}

/// A folder with copies of some test files, and their paths.
pub fn folder_of(names: &[&str]) -> (tempfile::TempDir, Vec<PathBuf>) {
    let folder = tempfile::tempdir().expect("a folder");
    let copy = |name: &&str| {
        let to = folder.path().join(Path::new(name).file_name().expect("a name"));
        fs::copy(testdata().join(name), &to).expect("a copy");
        to
    };
    let files = names.iter().map(copy).collect();
    (folder, files)
}

/// So long ago that its time proves that a file is the one of the index.
pub fn age(path: &Path) {
    let file = fs::OpenOptions::new().append(true).open(path).expect("open");
    file.set_modified(SystemTime::now() - Duration::from_secs(3600)).expect("a time");
}

/// Whether two tables have the same files, by what is known of them, and the same records to the bit.
pub fn assert_same(one: &RecordTable, other: &RecordTable) {
    assert_eq!(one.columns(), other.columns());
    assert_eq!(one.calendar(), other.calendar());
    assert_eq!(one.files().len(), other.files().len());
    for (one, other) in one.files().iter().zip(other.files()) {
        let real = |path: &Path| path.canonicalize().expect("a path");
        assert_eq!(real(&one.path), real(&other.path));
        assert_eq!((one.container, one.size), (other.container, other.size));
        // A time may have become proof in between.
        assert!(one.modified.zip(other.modified).is_none_or(|(one, other)| one == other));
        assert_eq!((one.digest, one.records), (other.digest, other.records));
    }
}
