//! Remote files are the files they are copies of.

use std::{fs, path::PathBuf, sync::Barrier, time::Duration};

use rpnfst::{File, ReadAt as _};
use rpnfst_remote::{Options, Remote, open};

use crate::server::{Fault, Server};

fn testdata() -> Vec<PathBuf> {
    let folders = ["../../testdata/xdf", "../../testdata/rsf"].into_iter();
    let mut paths: Vec<_> = folders
        .flat_map(|folder| fs::read_dir(folder).expect("a folder"))
        .map(|e| e.expect("an entry").path())
        .collect();
    paths.retain(|path| path.extension().is_some_and(|e| e == "std" || e == "rsf"));
    paths.sort();
    assert!(paths.len() > 10);
    paths
}

#[test]
fn all_files_are_the_same_from_a_server() {
    for path in testdata() {
        let local = File::open(&path).expect("a file");
        let server = Server::new(fs::File::open(&path).expect("a file"));
        let remote = open(&server.url()).expect("a remote file");
        assert_eq!(remote.records(), local.records(), "{}", path.display());
        let problems = |file: &File| file.problems().map(|(_, problem)| problem.to_string()).collect::<Vec<_>>();
        assert_eq!(problems(&remote), problems(&local));
        for (there, here) in remote.records().iter().zip(local.records()) {
            let (there, here) =
                (remote.read(there).map_err(|e| e.to_string()), local.read(here).map_err(|e| e.to_string()));
            match (there, here) {
                (Ok(there), Ok(here)) => assert_eq!(format!("{there:?}"), format!("{here:?}")),
                (Err(there), Err(here)) => {
                    let path = path.display().to_string();
                    assert_eq!(there.replace(&server.name(), ""), here.replace(&path, ""));
                }
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(remote.first().expect("one").name().to_string(), server.name());
        assert!(remote.first().expect("one").path().is_none());
    }
}

#[test]
fn any_read_gives_the_bytes_that_are_there() {
    let bytes: Vec<u8> = (0..100_000_u32).flat_map(u32::to_le_bytes).collect();
    let server = Server::new(rpnfst::MemoryFile::from(bytes.clone()));
    for (block, most, cache) in [(1 << 10, 1 << 12, 1 << 20), (1 << 12, 1 << 16, 5000), (1 << 10, 1 << 10, 0)] {
        let options = Options::new().block_size(block).max_block_size(most).cache_size(cache);
        let remote = Remote::open(&server.url(), &options).expect("an object");
        assert_eq!(remote.size().expect("a size"), bytes.len() as u64);
        let mut random = 1_u64;
        for _ in 0..150 {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let (offset, length) = ((random >> 20) % (bytes.len() as u64 + 100), (random >> 45) % 9000);
            let mut buffer = vec![0; usize::try_from(length).expect("small")];
            let mut filled = 0;
            while let n @ 1.. = remote.read_at(&mut buffer[filled..], offset + filled as u64).expect("bytes") {
                filled += n;
            }
            let start = usize::try_from(offset).expect("small").min(bytes.len());
            let expected = &bytes[start..(start + buffer.len()).min(bytes.len())];
            assert!(buffer[..filled] == *expected, "{offset}+{length}");
        }
    }
}

#[test]
fn threads_that_miss_the_same_bytes_share_a_request() {
    let bytes: Vec<u8> = (0..1_000_000_u32).flat_map(u32::to_le_bytes).collect();
    let server = Server::new(rpnfst::MemoryFile::from(bytes.clone()));
    let remote = Remote::open(&server.url(), &Options::new()).expect("an object");
    server.delay(Duration::from_millis(100));
    let barrier = Barrier::new(16);
    let (remote, barrier, bytes) = (&remote, &barrier, &bytes);
    std::thread::scope(|scope| {
        for number in 0..16_usize {
            scope.spawn(move || {
                barrier.wait();
                let (mut buffer, start) = ([0; 100], 1_000_000 + 1000 * (number % 8));
                let n = remote.read_at(&mut buffer, start as u64).expect("bytes");
                assert_eq!(buffer[..n], bytes[start..start + n]);
                assert!(n > 0);
            });
        }
    });
    let requests = server.requests().len();
    assert!(requests <= 9, "{requests} requests");
}

#[test]
fn an_error_reaches_all_who_wait() {
    let server = Server::new(rpnfst::MemoryFile::from(vec![7; 1_000_000]));
    let options = Options::new().retries(0).first_pause(Duration::from_millis(1));
    let remote = Remote::open(&server.url(), &options).expect("an object");
    server.delay(Duration::from_millis(100));
    server.fault(Fault::Status(503), 0, 1000);
    std::thread::scope(|scope| {
        let readers: Vec<_> = (0..8).map(|_| scope.spawn(|| remote.read_at(&mut [0; 10], 500_000))).collect();
        for reader in readers {
            assert!(reader.join().expect("no panic").is_err());
        }
    });
    server.fault(Fault::None, 0, 0);
    assert_eq!(remote.read_at(&mut [0; 10], 500_000).expect("bytes"), 10, "an error is not kept");
}

#[test]
fn empty_objects_and_redirects() {
    let server = Server::new(rpnfst::MemoryFile::new());
    let remote = Remote::open(&server.url(), &Options::new()).expect("an object");
    assert_eq!((remote.size().expect("a size"), remote.read_at(&mut [0; 4], 0).expect("none")), (0, 0));
    let error = open(&server.url()).expect_err("no FST file").to_string();
    assert!(error.starts_with(&server.name()), "{error}");

    let server = Server::new(fs::File::open("../../testdata/xdf/masks.std").expect("a file"));
    server.fault(Fault::Redirect, 0, 1);
    assert!(!open(&server.url()).expect("a file").records().is_empty());
}

#[test]
fn a_file_is_opened_inside_of_a_runtime() {
    let server = Server::new(fs::File::open("../../testdata/xdf/masks.std").expect("a file"));
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(async {
        let file = open(&server.url()).expect("a file");
        assert!(file.read(&file.records()[0]).is_ok());
    });
}
