//! Names of files that are not complete yet, and what is left of them when a program is killed.
//!
//! `.OUT.rpnfst-PLACE-PID-RANDOM.tmp`: whose output, which process, and where it runs, since process numbers mean something
//! within one start of one machine, or of one container on it.

use std::{
    collections::HashMap,
    ffi::{OsStr, OsString},
    fs, io,
    path::{Path, PathBuf},
    process,
    sync::{Mutex, OnceLock, PoisonError},
};

use tempfile::NamedTempFile;

use crate::input;

const MARK: &[u8] = b".rpnfst-";
const END: &str = ".tmp";
/// Of names longer than that the beginning is taken: systems limit them to 255 bytes.
const LONGEST: usize = 180;
/// How many names of a folder are looked at.
const LOOKED_AT: usize = 10_000;

/// A new file for an output, next to it. What killed processes left of the same output is removed.
pub(crate) fn create(output: &Path) -> io::Result<NamedTempFile> {
    let folder = folder_of(output);
    let begin = begin(output);
    remove_stale(folder, &begin);
    let begin = [&begin[..], format!("{:08x}-{}-", place().unwrap_or(0), process::id()).as_bytes()].concat();
    let begin = input::os_string(&begin).unwrap_or_else(|_| OsString::from(".rpnfst-"));
    let mut builder = tempfile::Builder::new();
    builder.prefix(&begin).suffix(END);
    // Temporary files are private by nature; these become ordinary files, with the permissions that the umask says.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder).map_err(|error| nameless(&error))
}

/// The folder that a file is in.
pub(crate) fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// An error of the making of a temporary file without its name, which means nothing to a person.
fn nameless(error: &io::Error) -> io::Error {
    let text = error.to_string();
    let what = text.rsplit_once(" at path ").map_or(&*text, |(what, _)| what);
    io::Error::new(error.kind(), what)
}

/// What the names for an output begin with, up to the place.
fn begin(output: &Path) -> Vec<u8> {
    let name = output.file_name().unwrap_or_default().as_encoded_bytes();
    let mut end = name.len().min(LONGEST);
    // Not within a character, where the name is text.
    while end > 0 && end < name.len() && name.get(end).is_some_and(|byte| byte & 0xC0 == 0x80) {
        end -= 1;
    }
    [b".", name.get(..end).unwrap_or_default(), MARK].concat()
}

/// Removes what is left of an output. Each folder is looked at once.
fn remove_stale(folder: &Path, begin: &[u8]) {
    static LEFT: OnceLock<Mutex<HashMap<PathBuf, Vec<OsString>>>> = OnceLock::new();
    let Some(here) = place() else { return };
    let mut left = LEFT.get_or_init(Mutex::default).lock().unwrap_or_else(PoisonError::into_inner);
    let names = left.entry(folder.to_owned()).or_insert_with(|| leftovers(folder));
    names.retain(|name| {
        let path = folder.join(name);
        let stale = owner(name, begin).is_some_and(|(place, pid)| place == here && is_ours(&path) && !runs(pid));
        // Another process may have removed it meanwhile, or nobody can: it is no concern of this output.
        !(stale && fs::remove_file(&path).is_ok())
    });
}

/// The files in a folder that some process did not complete.
fn leftovers(folder: &Path) -> Vec<OsString> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let names = entries.take(LOOKED_AT).filter_map(|entry| Some(entry.ok()?.file_name()));
    let is_one = |name: &OsString| {
        let bytes = name.as_encoded_bytes();
        bytes.starts_with(b".") && bytes.ends_with(END.as_bytes()) && bytes.windows(MARK.len()).any(|part| part == MARK)
    };
    names.filter(is_one).collect()
}

/// Place and process that a name says, if it is one for this output.
fn owner(name: &OsStr, begin: &[u8]) -> Option<(u32, u32)> {
    let rest = name.as_encoded_bytes().strip_prefix(begin)?.strip_suffix(END.as_bytes())?;
    let mut parts = std::str::from_utf8(rest).ok()?.split('-');
    let (place, pid, random) = (parts.next()?, parts.next()?, parts.next()?);
    if place.len() != 8 || random.is_empty() || parts.next().is_some() {
        return None;
    }
    Some((u32::from_str_radix(place, 16).ok()?, pid.parse().ok()?))
}

/// A number for this start of this machine and the space of its process numbers; `None` where that is not known.
fn place() -> Option<u32> {
    static PLACE: OnceLock<Option<u32>> = OnceLock::new();
    *PLACE.get_or_init(|| {
        let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
        let space = fs::read_link("/proc/self/ns/pid").ok()?;
        // FNV-1a: the same in every release.
        let bytes = boot.trim().bytes().chain(space.as_os_str().as_encoded_bytes().iter().copied());
        Some(bytes.fold(0x811C_9DC5, |hash: u32, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)))
    })
}

/// Whether a process runs. A number that another one got since says that it does.
fn runs(pid: u32) -> bool {
    Path::new("/proc").join(pid.to_string()).exists()
}

/// Processes of other users may be hidden from us.
fn is_ours(path: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        let uid = |there: fs::Metadata| there.uid();
        let own = fs::metadata("/proc/self").map(uid).ok();
        own.is_some() && own == fs::symlink_metadata(path).map(uid).ok()
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(output: &str, place: u32, pid: u32) -> String {
        format!(".{output}.rpnfst-{place:08x}-{pid}-AbCdEf.tmp")
    }

    #[test]
    fn names_say_whose_they_are() {
        let folder = tempfile::tempdir().expect("a folder");
        let output = folder.path().join("a.std");
        let file = create(&output).expect("a file");
        let found = file.path().file_name().expect("a name");
        assert_eq!(owner(found, &begin(&output)), Some((place().unwrap_or(0), process::id())), "{}", found.display());
        for (name, other) in [
            (name("a.std", 1, 2), Some((1, 2))),
            (name("b.std", 1, 2), None),
            (name("a.std", 1, 2).replace(".tmp", ""), None),
            (".a.std.rpnfst-00000001-x-AbCdEf.tmp".to_owned(), None),
            (".a.std.rpnfst-00000001-2.tmp".to_owned(), None),
            (".rpnfst-AbCdEf.tmp".to_owned(), None),
        ] {
            assert_eq!(owner(OsStr::new(&name), &begin(&output)), other, "{name}");
        }
    }

    #[test]
    fn errors_do_not_name_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let error = create(&folder.path().join("none/a.std")).expect_err("no folder").to_string();
        assert!(error.starts_with("No such file or directory") && !error.contains("rpnfst-"), "{error}");
    }

    #[test]
    fn long_names_are_cut() {
        let folder = tempfile::tempdir().expect("a folder");
        for name in ["x".repeat(251) + ".std", "é".repeat(125)] {
            let output = folder.path().join(name);
            assert!(
                create(&output)
                    .is_ok_and(|file| owner(file.path().file_name().expect("a name"), &begin(&output)).is_some())
            );
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn only_what_is_left_is_removed() {
        let folder = tempfile::tempdir().expect("a folder");
        let output = folder.path().join("a.std");
        let here = place().expect("a place");
        // A process that has ended.
        let mut child = process::Command::new("true").spawn().expect("it runs");
        child.wait().expect("it ends");
        let dead = child.id();
        let stale = name("a.std", here, dead);
        let kept = [
            name("a.std", here, process::id()),
            name("a.std", here, 1),
            name("a.std", here ^ 1, dead),
            name("b.std", here, dead),
            ".rpnfst-AbCdEf.tmp".to_owned(),
            "a.std".to_owned(),
        ];
        for name in kept.iter().chain([&stale]) {
            fs::write(folder.path().join(name), "x").expect("written");
        }
        let file = create(&output).expect("a file");
        assert!(!folder.path().join(&stale).exists());
        for name in &kept {
            assert!(folder.path().join(name).exists(), "{name}");
        }
        assert!(file.path().exists());
    }
}
