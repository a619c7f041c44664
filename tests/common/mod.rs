//! What librmn reads from the test files, in the JSON beside them.

pub mod below;
pub mod bombs;
pub mod collection;
pub mod corpus;
pub mod fields;
pub mod inputs;
pub mod media;
pub mod npz;
pub mod original;
pub mod payload;
pub mod random;

pub use rpnfst_oracle::skipped;

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde_json::Value;

/// A test file and its description.
pub struct Fixture {
    pub path: PathBuf,
    pub bytes: Vec<u8>,
    pub json: Value,
}

impl Fixture {
    pub fn name(&self) -> String {
        self.path.display().to_string()
    }

    pub fn records(&self) -> &[Value] {
        self.json["records"].as_array().expect("records")
    }

    /// Whether librmn 20.1 refuses the file; then `records` is empty although the file has some.
    pub fn refused(&self) -> bool {
        self.json["reference_open"] == "refused"
    }
}

/// The fixtures of the repository, and the complete ones where they are.
pub fn fixtures() -> Vec<Fixture> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let own = ["testdata/xdf", "testdata/rsf"].map(|folder| root.join(folder));
    let complete = ["fixtures/xdf", "fixtures/rsf"].into_iter().filter_map(collection::folder);
    own.into_iter().chain(complete).flat_map(|folder| read_folder(&folder)).collect()
}

fn read_folder(folder: &Path) -> Vec<Fixture> {
    let mut list = Vec::new();
    for entry in fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display())) {
        let path = entry.expect("entry").path();
        if path.extension().is_some_and(|e| e == "json") {
            list.push(read(&path));
        }
    }
    list.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(!list.is_empty(), "{}: no descriptions", folder.display());
    list
}

pub fn read(json: &Path) -> Fixture {
    let text = fs::read_to_string(json).expect("json");
    let value: Value = serde_json::from_str(&text).expect("json");
    let stored = value.get("stored_as").unwrap_or(&value["file"]).as_str().expect("name");
    let path = json.with_file_name(stored);
    let mut bytes = fs::read(&path).expect("fixture");
    if path.extension().is_some_and(|e| e == "gz") {
        let mut plain = Vec::new();
        std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(&bytes[..]), &mut plain).expect("gzip");
        bytes = plain;
    }
    Fixture { path, bytes, json: value }
}

pub fn sha256(bytes: &[u8]) -> String {
    use sha2::Digest as _;
    use std::fmt::Write as _;
    sha2::Sha256::digest(bytes).iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
