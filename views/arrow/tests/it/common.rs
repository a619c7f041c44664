//! Files to make tables of.

use std::{
    fs,
    path::{Path, PathBuf},
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

/// Whether two tables have the same files, by what is known of them, and the same records to the bit.
pub fn assert_same(one: &RecordTable, other: &RecordTable) {
    assert_eq!(one.columns(), other.columns());
    assert_eq!(one.calendar(), other.calendar());
    assert_eq!(one.files().len(), other.files().len());
    for (one, other) in one.files().iter().zip(other.files()) {
        let real = |path: &Path| path.canonicalize().expect("a path");
        assert_eq!(real(&one.path), real(&other.path));
        assert_eq!((one.container, one.size, one.modified), (other.container, other.size, other.modified));
        assert_eq!((one.digest, one.records), (other.digest, other.records));
    }
}
