//! The complete collection of test files, which is too large for the repository.
//!
//! The environment variable `RPNFST_FIXTURES` names the folder that holds `fixtures/` and `realdata/`; without it a folder
//! `shared` beside the repository, or further up, is taken.

use std::path::{Path, PathBuf};

const VARIABLE: &str = "RPNFST_FIXTURES";

/// A folder of the collection, such as `fixtures/xdf`. `None`, with a message, when there is no collection.
///
/// # Panics
/// The variable is set and the folder is not there: a run that was told where the files are must not pass without them.
pub fn folder(name: &str) -> Option<PathBuf> {
    if let Some(root) = std::env::var_os(VARIABLE).filter(|root| !root.is_empty()) {
        let found = Path::new(&root).join(name);
        assert!(found.is_dir(), "{VARIABLE} is set, but {} is not a folder", found.display());
        return Some(found);
    }
    let above = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    let found = above.map(|folder| folder.join("shared").join(name)).find(|folder| folder.is_dir());
    if found.is_none() {
        super::skipped::skipped(&format!("no {name}; {VARIABLE} names the folder that holds it"));
    }
    found
}
