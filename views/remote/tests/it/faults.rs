//! Servers that misbehave: an error that says what happened, never wrong data.

use std::{
    fs,
    time::{Duration, Instant},
};

use rpnfst::{MemoryFile, OpenOptions, ReadAt as _};
use rpnfst_remote::{Error, Options, Remote, Trouble, open, open_with};

use crate::server::{Fault, Server};

const SECOND: Duration = Duration::from_secs(1);

fn bytes() -> Vec<u8> {
    (0..100_000_u32).flat_map(u32::to_le_bytes).collect()
}

fn options() -> Options {
    Options::new().retries(3).first_pause(Duration::from_millis(1)).deadline(5 * SECOND)
}

/// What opening says, and reading at a place that is not known yet, when the server misbehaves all the time.
fn troubles(fault: Fault, options: &Options) -> [Trouble; 2] {
    let server = Server::new(MemoryFile::from(bytes()));
    let remote = Remote::open(&server.url(), options).expect("an object");
    server.fault(fault, 0, 1000);
    let later = Trouble::of_io(&remote.read_at(&mut [0; 1000], 200_000).expect_err("a fault"));
    let error = Remote::open(&server.url(), options).expect_err("a fault");
    let text = error.to_string();
    assert!(text.starts_with(&format!("{}: ", server.name())), "{text}");
    assert!(!text.contains("secret") && !later.to_string().contains("secret"), "{text}; {later}");
    let Error::Remote { trouble, .. } = error else { panic!("{error}") };
    [trouble, later]
}

#[test]
fn a_server_that_ignores_ranges() {
    for trouble in troubles(Fault::IgnoresRanges, &options()) {
        assert_eq!(trouble, Trouble::NoRanges("it answers with the whole file".into()));
        assert!(trouble.to_string().contains("download the file first"));
    }
    for trouble in troubles(Fault::OtherRange, &options()) {
        assert!(matches!(trouble, Trouble::NoRanges(_)), "{trouble:?}");
    }
}

#[test]
fn answers_that_are_cut() {
    for fault in [Fault::Breaks, Fault::Half, Fault::TooMuch] {
        for trouble in troubles(fault, &options()) {
            assert!(matches!(trouble, Trouble::Cut { .. }), "{fault:?}: {trouble:?}");
        }
    }
}

#[test]
fn answers_that_make_no_sense() {
    for text in [
        "",
        "hello\n",
        "HTTP/1.1 206 P\r\nContent-Length: 4\r\n\r\nabcd",
        "HTTP/1.1 206 P\r\nContent-Length: 4\r\nContent-Range: bytes */9\r\n\r\nabcd",
        "HTTP/1.1 206 P\r\nContent-Length: 4\r\nContent-Range: bytes 0-18446744073709551614/9\r\n\r\nabcd",
        "HTTP/1.1 206 P\r\nContent-Range: bytes 0-65535/400000\r\n\r\nabcd",
        "HTTP/1.1 206 P\r\nContent-Length: 18446744073709551615\r\nContent-Range: bytes 0-65535/400000\r\n\r\nabcd",
    ] {
        for trouble in troubles(Fault::Says(text), &options()) {
            let known = matches!(trouble, Trouble::Request(_) | Trouble::NoRanges(_) | Trouble::Cut { .. });
            assert!(known, "{text:?}: {trouble:?}");
        }
    }
}

#[test]
fn passing_faults_are_not_seen() {
    for fault in [Fault::Breaks, Fault::Half, Fault::Status(503), Fault::Status(429)] {
        for (etag, date) in [(Some("\"1\""), None), (None, Some("Tue, 24 Nov 2026 12:00:00 GMT"))] {
            let server = Server::new(MemoryFile::from(bytes()));
            server.version(etag, date);
            server.fault(fault, 0, 2);
            let remote = Remote::open(&server.url(), &options()).expect("an object");
            server.fault(fault, 0, 2);
            let mut buffer = [0; 1000];
            assert_eq!(remote.read_at(&mut buffer, 200_000).expect("bytes"), 1000, "{fault:?}");
            assert_eq!(buffer[..], bytes()[200_000..201_000]);
        }
    }
}

#[test]
fn refusals() {
    let [missing, later] = troubles(Fault::Status(404), &options());
    assert_eq!((missing, later), (Trouble::NotFound, Trouble::NotFound));
    for code in [401, 403] {
        for trouble in troubles(Fault::Status(code), &options()) {
            assert!(matches!(trouble, Trouble::Denied(_)), "{trouble:?}");
        }
    }
    for code in [500, 503] {
        for trouble in troubles(Fault::Status(code), &options()) {
            assert!(trouble.to_string().contains(&code.to_string()), "{trouble}");
        }
    }
}

#[test]
fn slow_servers() {
    let begun = Instant::now();
    let options = options().deadline(SECOND / 4);
    for fault in [Fault::Slow(3 * SECOND), Fault::Stalls(3 * SECOND)] {
        for trouble in troubles(fault, &options) {
            assert!(matches!(trouble, Trouble::Deadline { .. }), "{trouble:?}");
            assert_eq!(trouble.to_string(), "no complete answer within 0.25 s");
        }
    }
    assert!(begun.elapsed() < 3 * SECOND);
}

#[test]
fn a_silent_connection_is_given_up_before_the_deadline() {
    for fault in [Fault::Slow(3 * SECOND), Fault::Stalls(3 * SECOND)] {
        let server = Server::new(MemoryFile::from(bytes()));
        let remote = Remote::open(&server.url(), &options().idle(SECOND / 4)).expect("an object");
        server.fault(fault, 0, 1);
        let begun = Instant::now();
        let mut buffer = [0; 1000];
        assert_eq!(remote.read_at(&mut buffer, 200_000).expect("bytes"), 1000);
        assert_eq!(buffer[..], bytes()[200_000..201_000]);
        assert!(begun.elapsed() < 2 * SECOND);
    }
}

#[test]
fn nobody_listens() {
    let url = "http://127.0.0.1:9/a.std";
    let error = open_with(url, &options().retries(1), &OpenOptions::new()).expect_err("nobody").to_string();
    assert!(error.starts_with(url), "{error}");
}

#[test]
fn an_object_that_changes_is_never_mixed() {
    const DATE: &str = "Tue, 24 Nov 2026 12:00:00 GMT";
    const LATER: &str = "Tue, 24 Nov 2026 12:00:01 GMT";
    let mut longer = bytes();
    longer.push(0);
    let mut other = bytes();
    other[200_000..].fill(0);
    for (before, after, new) in [
        ((Some("\"1\""), Some(DATE)), (Some("\"2\""), Some(DATE)), other.clone()),
        ((Some("\"1\""), None), (None, None), other.clone()),
        ((Some("W/\"1\""), Some(DATE)), (Some("W/\"1\""), Some(LATER)), other.clone()),
        ((None, Some(DATE)), (None, Some(LATER)), other.clone()),
        ((None, Some(DATE)), (None, Some(DATE)), longer),
        ((Some("\"1\""), None), (Some("\"2\""), None), vec![0; 100]),
        ((None, Some(DATE)), (None, Some(LATER)), vec![0; 100]),
    ] {
        for honours_if_match in [true, false] {
            let server = Server::new(MemoryFile::from(bytes()));
            if !honours_if_match {
                server.ignore_if_match();
            }
            server.version(before.0, before.1);
            let remote = Remote::open(&server.url(), &options()).expect("an object");
            assert!(remote.read_at(&mut [0; 10], 100_000).is_ok());
            server.replace(MemoryFile::from(new.clone()), after.0, after.1);
            let trouble = Trouble::of_io(&remote.read_at(&mut [0; 10], 300_000).expect_err("a change"));
            assert!(matches!(trouble, Trouble::Changed(_)), "{trouble:?}");
            assert!(remote.read_at(&mut [0; 10], 100_000).is_ok(), "what is known stays known");
        }
    }
}

#[test]
fn a_change_while_an_answer_is_resumed() {
    let server = Server::new(MemoryFile::from(bytes()));
    server.ignore_if_match();
    let remote = Remote::open(&server.url(), &options()).expect("an object");
    // The body breaks off in the middle, and the rest would come from another version.
    server.fault(Fault::Stalls(SECOND / 2), 0, 1);
    std::thread::scope(|scope| {
        let reader = scope.spawn(|| remote.read_at(&mut [0; 1000], 200_000));
        std::thread::sleep(SECOND / 4);
        server.replace(MemoryFile::from(vec![0; bytes().len()]), Some("\"two\""), None);
        assert!(reader.join().expect("no panic").is_err());
    });
}

#[test]
fn servers_without_versions_are_refused() {
    let server = Server::new(fs::File::open("../../testdata/xdf/masks.std").expect("a file"));
    server.version(None, None);
    let Err(Error::Remote { trouble: Trouble::Unversioned, .. }) = open(&server.url()) else { panic!("opened") };
    assert!(open_with(&server.url(), &options().unversioned(true), &OpenOptions::new()).is_ok());
}

#[test]
fn errors_of_the_file_name_the_url() {
    let server = Server::new(MemoryFile::from(b"<html>no file</html>".to_vec()));
    let error = open(&server.url()).expect_err("no FST file").to_string();
    assert!(error.starts_with(&format!("{}: not an FST file", server.name())), "{error}");

    let server = Server::new(fs::File::open("../../testdata/xdf/masks.std").expect("a file"));
    let options = options().cache_size(0).block_size(1 << 10).retries(0);
    let file = open_with(&server.url(), &options, &OpenOptions::new()).expect("a file");
    server.fault(Fault::Status(500), 0, 1000);
    let error = file.read(&file.records()[0]).expect_err("no answer").to_string();
    assert!(error.starts_with(&format!("{}: record ", server.name())), "{error}");
    assert!(error.contains("500") && !error.contains("secret"), "{error}");
}
