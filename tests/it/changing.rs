//! Files that other programs change while we have them open.

use crate::common::corpus::{CONTAINERS, small_file};
use rpnfst::OpenOptions;

type Outcome = Result<(), Box<dyn std::error::Error>>;

/// A file that another program cuts short while we have it open: with positioned reads an error, not a signal.
#[test]
fn a_file_that_shrinks() -> Outcome {
    for container in CONTAINERS {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("file");
        std::fs::write(&path, small_file(container, 20)?)?;
        let open = OpenOptions::new().mmap(false).open(&path)?;
        std::fs::OpenOptions::new().write(true).open(&path)?.set_len(150)?;
        for record in open.records() {
            let error = open.read(record).expect_err("its bytes are gone").to_string();
            assert!(error.contains("record"), "{error}");
        }
        // Growing again under us is as harmless.
        std::fs::OpenOptions::new().write(true).open(&path)?.set_len(1 << 20)?;
        assert!(open.records().iter().all(|record| open.read(record).is_err()));
    }
    Ok(())
}

/// A file whose bytes another program changes while we have it open, mapped or not: other values or errors.
#[cfg(unix)]
#[test]
fn a_file_that_changes() -> Outcome {
    use std::os::unix::fs::FileExt as _;
    for container in CONTAINERS {
        for mapped in [true, false] {
            let folder = tempfile::tempdir()?;
            let path = folder.path().join("file");
            let bytes = small_file(container, 20)?;
            std::fs::write(&path, &bytes)?;
            let open = OpenOptions::new().mmap(mapped).open(&path)?;
            std::fs::OpenOptions::new().write(true).open(&path)?.write_all_at(&vec![0xFF; bytes.len()], 0)?;
            assert!(open.records().iter().all(|record| open.read(record).is_err()), "{container:?} {mapped}");
            assert!(open.check()?.len() >= 20, "{container:?} {mapped}");
        }
    }
    Ok(())
}
