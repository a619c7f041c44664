//! The oracle alone: child processes, listings, damaged files.

use std::time::Duration;

use rpnfst_oracle::child::{self, End, Job};
use rpnfst_oracle::{Container, Data, Spec, harness};

type Outcome = Result<(), Box<dyn std::error::Error>>;

const LIMIT: Duration = Duration::from_secs(30);

#[test]
fn a_child_lists_a_file() -> Outcome {
    let Some(librmn) = harness::librmn_or_skip() else { return Ok(()) };
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("listed.std");
    let mut file = librmn.create(&path, Container::Random)?;
    for ip1 in 0..75 {
        file.write(&Spec { ip1, ..Spec::default() }, &Data::F32(vec![1.0]))?;
    }
    file.close()?;
    let outcome = child::run(&Job::Voir { path: &path, style: "NINJNK+DATEO+IP1+IG1234" }, LIMIT)?;
    assert!(outcome.is_success(), "{outcome:?}");
    let lines = outcome.record_lines();
    assert_eq!(lines.len(), 75);
    assert_eq!(
        lines[74].trim_end(),
        "   74- TT   P  ORACLE              1       1     1 20120719 212000            74         0         0        0        0  E 32  X     0     0     0     0"
    );
    Ok(())
}

#[test]
fn damage_stays_in_the_child() -> Outcome {
    let Some(librmn) = harness::librmn_or_skip() else { return Ok(()) };
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("sound.std");
    let mut file = librmn.create(&path, Container::Random)?;
    file.write(&Spec { ni: 3, ..Spec::default() }, &Data::F32(vec![1.0, 2.0, 3.0]))?;
    file.close()?;
    let sound = child::run(&Job::Survey { path: &path }, LIMIT)?;
    assert!(sound.is_success(), "{sound:?}");
    let report: Vec<&str> = sound.report.lines().collect();
    assert_eq!(report.len(), 4, "{report:?}");
    assert!(report[2].starts_with("0 1 5 32 3 1 1 12 "), "{report:?}");

    let junk = folder.path().join("junk.std");
    std::fs::write(&junk, vec![b'x'; 10_000])?;
    let outcome = child::run(&Job::Survey { path: &junk }, LIMIT)?;
    assert!(!outcome.is_success() && !outcome.report.contains("opened"), "{outcome:?}");
    Ok(())
}

/// The way for jobs that have no name in [`Job`]: the test starts itself again.
#[test]
fn a_write_that_ends_the_process() -> Outcome {
    let Some(librmn) = harness::librmn_or_skip() else { return Ok(()) };
    if let Some(path) = child::job() {
        let mut file = librmn.create(path.as_ref(), Container::Random)?;
        let beyond = Spec { datyp: 1, npak: -16, ni: 2, ..Spec::default() };
        file.write(&beyond, &Data::F32(vec![0.0, 3.0e38]))?;
        return Ok(());
    }
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("fatal.std");
    let job = path.to_string_lossy();
    let outcome = child::rerun_test("self_child::a_write_that_ends_the_process", &job, LIMIT)?;
    println!("{:?}", outcome.end);
    assert!(!outcome.stdout.contains("test result: ok"), "the write came back: {outcome:?}");
    Ok(())
}

#[test]
fn a_child_that_hangs_is_ended() -> Outcome {
    if child::job().is_some() {
        std::thread::sleep(Duration::from_secs(60));
        return Ok(());
    }
    let outcome = child::rerun_test("self_child::a_child_that_hangs_is_ended", "sleep", Duration::from_millis(300))?;
    assert_eq!(outcome.end, End::TimedOut);
    Ok(())
}
