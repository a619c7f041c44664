//! The paths of FST files as an index stores them: relative to its folder where both are below one folder that can move.

use std::path::{Component, Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// A path in an index: with slashes on every system, relative to the folder of the index unless it begins at the root.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum Place {
    /// Unicode.
    Text(String),
    /// Other bytes, two hexadecimal digits each.
    Bytes {
        /// Digits.
        hex: String,
    },
}

impl Place {
    /// For people.
    pub(crate) fn shown(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Bytes { hex } => String::from_utf8_lossy(&bytes_of(hex).unwrap_or_default()).into_owned(),
        }
    }

    /// The path, from where the program is; `None` when this system has no such path.
    pub(crate) fn resolve(&self, folder: &Path) -> Option<PathBuf> {
        let path = match self {
            // What was read from memory has no path.
            Self::Text(text) if text.is_empty() => return Some(PathBuf::new()),
            Self::Text(text) => PathBuf::from(text),
            Self::Bytes { hex } => path_of(bytes_of(hex)?)?,
        };
        Some(folder.join(path))
    }
}

/// The folder of an index, in the forms that paths are compared with.
pub(crate) struct Folder {
    as_given: PathBuf,
    canonical: PathBuf,
}

impl Folder {
    /// The folder of the index at this path.
    pub(crate) fn of(index: &Path) -> std::io::Result<Self> {
        let folder = name_of(index);
        Ok(Self { as_given: std::path::absolute(folder)?, canonical: folder.canonicalize()? })
    }

    /// The place of a file.
    pub(crate) fn place(&self, file: &Path) -> Result<Place> {
        if file.as_os_str().is_empty() {
            return Ok(Place::Text(String::new()));
        }
        let path = self.relative(file).ok_or_else(|| Error::Path { file: file.to_owned() })?;
        portable(&path).ok_or_else(|| Error::Path { file: file.to_owned() })
    }

    fn relative(&self, file: &Path) -> Option<PathBuf> {
        let absolute = std::path::absolute(file).ok()?;
        // By the names that were given, so that links in the folder stay links.
        if let Ok(below) = absolute.strip_prefix(&self.as_given) {
            return Some(below.to_owned());
        }
        let parent = absolute.parent().and_then(|parent| parent.canonicalize().ok());
        let file = match (parent, absolute.file_name()) {
            (Some(parent), Some(name)) => parent.join(name),
            _ => absolute,
        };
        let shared = self.canonical.components().zip(file.components()).take_while(|(one, other)| one == other);
        let shared: PathBuf = shared.map(|(one, _)| one).collect();
        // What shares only the root does not move together.
        if !shared.components().any(|part| matches!(part, Component::Normal(_))) {
            return Some(file);
        }
        let ups = self.canonical.strip_prefix(&shared).ok()?.components().map(|_| Component::ParentDir);
        Some(ups.collect::<PathBuf>().join(file.strip_prefix(&shared).ok()?))
    }
}

/// The file that a path of an index means. A link stays one: what it points to is the index, whose folder counts.
pub(crate) fn target(index: &Path) -> PathBuf {
    let Ok(to) = std::fs::read_link(index) else { return index.to_owned() };
    // One that points to nothing yet says where the index goes.
    index.canonicalize().unwrap_or_else(|_| of_index(index).join(to))
}

/// The folder that paths of an index are joined to.
pub(crate) fn of_index(index: &Path) -> &Path {
    index.parent().unwrap_or(Path::new(""))
}

fn name_of(index: &Path) -> &Path {
    Some(of_index(index)).filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// With slashes.
fn portable(path: &Path) -> Option<Place> {
    match path.to_str() {
        Some(text) if std::path::MAIN_SEPARATOR == '/' => Some(Place::Text(text.to_owned())),
        Some(text) => Some(Place::Text(text.replace(std::path::MAIN_SEPARATOR, "/"))),
        None => bytes_in(path).map(|bytes| Place::Bytes { hex: hex_of(bytes) }),
    }
}

#[allow(clippy::unnecessary_wraps, reason = "other systems have none")]
#[cfg(unix)]
fn bytes_in(path: &Path) -> Option<&[u8]> {
    Some(std::os::unix::ffi::OsStrExt::as_bytes(path.as_os_str()))
}

#[cfg(not(unix))]
fn bytes_in(_: &Path) -> Option<&[u8]> {
    None
}

#[allow(clippy::unnecessary_wraps, reason = "not all bytes are a path elsewhere")]
#[cfg(unix)]
fn path_of(bytes: Vec<u8>) -> Option<PathBuf> {
    let name: std::ffi::OsString = std::os::unix::ffi::OsStringExt::from_vec(bytes);
    Some(name.into())
}

#[cfg(not(unix))]
fn path_of(bytes: Vec<u8>) -> Option<PathBuf> {
    String::from_utf8(bytes).ok().map(PathBuf::from)
}

fn hex_of(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

fn bytes_of(hex: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> =
        hex.chars().map(|digit| digit.to_digit(16).and_then(|digit| u8::try_from(digit).ok())).collect();
    let (pairs, rest) = digits.as_ref()?.as_chunks::<2>();
    rest.is_empty().then(|| pairs.iter().map(|[high, low]| high << 4 | low).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Place {
        Place::Text(text.to_owned())
    }

    #[test]
    fn places_are_relative_where_both_can_move() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path().canonicalize().expect("a path");
        for name in ["a/b", "c"] {
            std::fs::create_dir_all(root.join(name)).expect("a folder");
        }
        let place = |file: &Path| {
            Folder::of(&root.join("a/index")).and_then(|folder| folder.place(file).map_err(std::io::Error::other))
        };
        for (file, expected) in [("a/x.std", "x.std"), ("a/b/x.std", "b/x.std"), ("c/x.std", "../c/x.std")] {
            let place = place(&root.join(file)).expect("a place");
            assert_eq!(place, text(expected));
            let path = place.resolve(&root.join("a")).expect("a path");
            assert_eq!(path, root.join("a").join(expected));
        }
        assert_eq!(place(Path::new("/nowhere/x.std")).expect("a place"), text("/nowhere/x.std"));
        assert_eq!(text("/nowhere/x.std").resolve(&root), Some("/nowhere/x.std".into()));
        assert_eq!(place(Path::new("")).expect("a place").resolve(&root), Some(PathBuf::new()));
    }

    #[cfg(unix)]
    #[test]
    fn names_that_are_no_unicode_survive() {
        let path = path_of(b"/x/\xFF.std".to_vec()).expect("a path");
        let place = portable(&path).expect("a place");
        assert_eq!(serde_json::to_string(&place).expect("JSON"), r#"{"hex":"2f782fff2e737464"}"#);
        assert_eq!(place.resolve(Path::new("a")), Some(path));
        assert_eq!(Place::Bytes { hex: "2g".to_owned() }.resolve(Path::new("a")), None);
    }
}
