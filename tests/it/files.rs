//! Opening, linking, refreshing, and what is said of files that are damaged or something else.

use std::{fs, path::PathBuf};

use rpnfst::{
    Container, Error, File, FillMissing, NotFst, OpenOptions, Query, ReadOptions, Severity, Threads, info::Details,
};

fn testdata(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("testdata").join(name)
}

#[test]
fn what_is_not_fst_is_named() {
    let folder = tempfile::tempdir().expect("folder");
    let cases: [(&[u8], NotFst); 6] = [
        (b"", NotFst::Empty),
        (b"GRIB\0\0\0\x02", NotFst::Known("a GRIB file")),
        (b"CDF\x01\0\0\0\0", NotFst::Known("a netCDF file (classic)")),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:00\n", NotFst::GitLfsPointer),
        (&[0x55; 256], NotFst::Fst89),
        (b"\0\0\0\x1a\0\0\0\0XDF0BRP0", NotFst::Burp),
    ];
    for (bytes, expected) in cases {
        let path = folder.path().join("it");
        fs::write(&path, bytes).expect("write");
        for options in [OpenOptions::new(), OpenOptions::new().mmap(false)] {
            match options.open(&path) {
                Err(Error::NotFst { path: named, found }) => {
                    assert_eq!(found, expected);
                    assert_eq!(named.path(), Some(&*path));
                }
                other => panic!("{expected:?}: {other:?}"),
            }
        }
    }
    assert!(matches!(File::open(folder.path()), Err(Error::Io { .. })));
    assert!(matches!(File::open(folder.path().join("none")), Err(Error::Io { .. })));
    #[cfg(unix)]
    assert!(File::open("/dev/null").expect_err("a device").to_string().contains("is a pipe or a device"));
}

#[test]
fn linked_files_keep_their_order() {
    let paths = [testdata("rsf/same_name.rsf"), testdata("xdf/sequential.seq.std"), testdata("xdf/deleted.std")];
    let linked = File::link(&paths).expect("opens");
    assert_eq!(linked.members().len(), 3);
    let mut at = 0;
    for ((number, path), member) in paths.iter().enumerate().zip(linked.members()) {
        let alone = File::open(path).expect("opens");
        assert_eq!(member.records().len(), alone.records().len());
        for record in alone.records() {
            let same = &linked.records()[at];
            assert_eq!((same.file_number(), same.file_offset()), (number, record.file_offset()));
            assert_eq!(linked.read(same).expect("reads"), alone.read(record).expect("reads"));
            at += 1;
        }
    }
    assert_eq!(at, linked.records().len());
    // A record of one file is not taken for one of another.
    assert!(matches!(File::open(&paths[0]).expect("opens").read(&linked.records()[60]), Err(Error::ForeignRecord(_))));
}

#[test]
fn a_record_of_a_twin_file_is_refused() {
    // Files of one run: the same layout to the byte, other values. Only the dates tell them apart.
    let bytes = fs::read(testdata("xdf/same_name.std")).expect("file");
    let mut twin = bytes.clone();
    let stamp_of_the_first = 208 + 32 + 68;
    twin[stamp_of_the_first] ^= 1;
    let (file, twin) = (File::from_bytes(bytes).expect("opens"), File::from_bytes(twin).expect("opens"));
    assert!(matches!(twin.read(&file.records()[0]), Err(Error::ForeignRecord(_))));
    assert_eq!(twin.read(&file.records()[1]).expect("the same"), file.read(&file.records()[1]).expect("reads"));
}

#[test]
fn refresh_sees_what_was_appended() {
    let folder = tempfile::tempdir().expect("folder");
    let path = folder.path().join("growing.rsf");
    let first = fs::read(testdata("rsf/deleted.rsf")).expect("file");
    fs::write(&path, &first).expect("write");
    for options in [OpenOptions::new(), OpenOptions::new().mmap(false)] {
        fs::write(&path, &first).expect("write");
        let mut file = options.open(&path).expect("opens");
        let before = file.records().len();
        assert!(file.refresh().expect("refreshes").is_none());
        // The byte concatenation of two RSF files is one.
        let second = fs::read(testdata("rsf/masks.rsf")).expect("file");
        fs::write(&path, [first.clone(), second].concat()).expect("write");
        let more = File::open(testdata("rsf/masks.rsf")).expect("opens").records().len();
        let changes = file.refresh().expect("refreshes");
        assert_eq!((changes.added, changes.removed, changes.changed), (more, 0, 0));
        assert_eq!(file.records().len(), before + more);
        assert!(file.read(&file.records()[before]).is_ok());
        // What cannot be opened any more leaves all as it was.
        fs::rename(&path, folder.path().join("away")).expect("rename");
        assert!(file.refresh().is_err());
        assert_eq!(file.records().len(), before + more);
        fs::rename(folder.path().join("away"), &path).expect("rename");
    }
}

#[test]
fn a_hundred_threads_read_one_file() {
    let file = File::open(testdata("xdf/from19.std")).expect("opens");
    let options = ReadOptions::new().missing(FillMissing::Classic).threads(Threads::One);
    let expected: Vec<_> = file.records().iter().map(|r| file.read_with(r, &options).expect("reads")).collect();
    std::thread::scope(|scope| {
        for thread in 0..100usize {
            let (file, expected, options) = (&file, &expected, &options);
            scope.spawn(move || {
                let mut at = thread * 7919;
                for _ in 0..200 {
                    at = at.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
                    let k = (at >> 33) % expected.len();
                    let record = &file.records()[k];
                    assert_eq!(file.read_with(record, options).expect("reads"), expected[k]);
                    let query = Query::new().nomvar(record.nomvar().as_str()).ip1(record.ip1());
                    assert!(file.select(&query).any(|found| found == record));
                }
            });
        }
    });
}

#[test]
fn read_many_keeps_order_and_values() {
    let file = File::link([testdata("xdf/from19.std"), testdata("rsf/same_name.rsf")]).expect("opens");
    for options in [ReadOptions::new(), ReadOptions::new().batch_bytes(1), ReadOptions::new().threads(Threads::One)] {
        let mut count = 0;
        for ((record, field), expected) in file.read_many(file.records(), &options).zip(file.records()) {
            assert_eq!(record, expected);
            let (a, b) = (field.expect("reads"), file.read(expected).expect("reads"));
            assert_eq!(a.values().to_le_bytes(), b.values().to_le_bytes());
            count += 1;
        }
        assert_eq!(count, file.records().len());
    }
}

#[cfg(feature = "ndarray")]
#[test]
fn arrays_are_the_values() {
    let file = File::open(testdata("rsf/same_name.rsf")).expect("opens");
    for record in file.records() {
        let (field, array) = (file.read(record).expect("reads"), file.read_array::<f32>(record).expect("reads"));
        assert_eq!(array.shape(), [record.ni(), record.nj(), record.nk()].map(|n| n as usize));
        assert_eq!(field.as_array::<f32>().expect("reals"), array);
        assert_eq!(array.as_slice_memory_order(), field.as_slice());
        assert_eq!(field.into_array::<f32>().expect("reals"), array);
    }
    let binary = File::open(testdata("rsf/dt000_binary.rsf")).expect("opens");
    let other = binary.records().iter().find(|r| binary.read(r).is_ok_and(|f| f.as_array::<u32>().is_none()));
    let error = binary.read_array::<u32>(other.expect("a record of another size")).expect_err("no array").to_string();
    assert!(error.contains("one value a grid point"), "{error}");
}

#[test]
fn missing_values() {
    let file = File::open(testdata("rsf/miss065_f4.rsf")).expect("opens");
    let record = &file.records()[0];
    let nan = file.read(record).expect("reads");
    let mask = nan.missing().expect("a mask");
    let values = nan.as_slice::<f32>().expect("reals");
    assert!(nan.missing_count() > 0 && nan.missing_count() < values.len());
    for (value, missing) in values.iter().zip(mask.iter()) {
        assert_eq!(value.is_nan(), missing);
    }
    assert_eq!(nan.validity().expect("a mask").count() + nan.missing_count(), values.len());
    let classic = file.read_with(record, &ReadOptions::new().missing(FillMissing::Classic)).expect("reads");
    assert_eq!(classic.missing(), nan.missing());
    let integers = File::open(testdata("rsf/miss194_u4.rsf")).expect("opens");
    for record in integers.records() {
        let array = integers.read_as::<f64>(record, &ReadOptions::new()).expect("reads");
        let (reals, mask) = (array.values(), array.missing());
        let own = integers.read(record).expect("reads");
        assert_eq!(mask, own.missing());
        let own_values = own.values().to_f64().expect("numbers");
        for (k, (real, integer)) in reals.iter().zip(own_values).enumerate() {
            assert!(if own.missing().expect("mask")[k] { real.is_nan() } else { real.to_bits() == integer.to_bits() });
        }
    }
}

#[test]
fn views_are_the_values() {
    let mut seen = std::collections::BTreeSet::new();
    for name in [
        "rsf/same_name.rsf",
        "rsf/dt005_f8.rsf",
        "rsf/dt004_i8.rsf",
        "rsf/dt002_u8.rsf",
        "rsf/dt000_binary.rsf",
        "xdf/dt003_dt007_char.std",
        "xdf/from19.std",
    ] {
        let file = File::open(testdata(name)).expect("opens");
        for record in file.records() {
            let field = file.read(record).expect("reads");
            macro_rules! compare {
                ($($t:ty),*) => { $(
                    if let Some(view) = file.view::<$t>(record).expect("sound") {
                        assert_eq!(Some(view), field.as_slice::<$t>());
                        seen.insert((record.data_type().code(), stringify!($t)));
                    }
                )* };
            }
            compare!(u8, u32, i32, u64, i64, f32, f64, [f32; 2]);
        }
    }
    let expected: &[(u8, &str)] =
        if cfg!(target_endian = "little") { &[(0, "u32"), (5, "f32"), (7, "u8")] } else { &[(7, "u8")] };
    for pair in expected {
        assert!(seen.contains(pair), "{pair:?} of {seen:?}");
    }
}

#[test]
fn damage_is_named() {
    let whole = fs::read(testdata("xdf/same_name.std")).expect("file");
    let damages = |bytes: Vec<u8>| -> Vec<String> {
        let file = File::from_bytes(bytes).expect("opens");
        let problems = file.check().expect("walks");
        problems.iter().filter(|p| p.severity == Severity::Damage).map(ToString::to_string).collect()
    };
    assert_eq!(damages(whole.clone()), Vec::<String>::new());
    // A byte of an unused slot: only the checksum can tell.
    let mut flipped = whole.clone();
    flipped[208 + 32 + 72 * 100] ^= 1;
    assert!(damages(flipped)[0].contains("checksum"));
    // The last record cut: the others are sound.
    let cut = whole[..whole.len() - 100].to_vec();
    let file = File::from_bytes(cut.clone()).expect("opens");
    let readable = file.records().iter().filter(|r| file.read(r).is_ok()).count();
    assert_eq!((file.records().len(), readable), (44, 43));
    let last = file.read(&file.records()[43]).expect_err("cut").to_string();
    assert!(last.contains("the file ends 100 bytes before the record does"), "{last}");
    assert!(damages(cut).iter().any(|what| what.contains("truncated")));
    // A record whose own header is another's.
    let mut header = whole.clone();
    let first =
        usize::try_from(File::from_bytes(whole.clone()).expect("opens").records()[0].file_offset()).expect("small");
    header[first + 3] ^= 0xFF;
    assert!(damages(header)[0].contains("record header: length"), "");
}

#[test]
fn a_file_without_directory_is_walked() {
    // Killed before its first close: the header says 0 pages, the page is empty, the records are there.
    let mut bytes = fs::read(testdata("xdf/same_name.std")).expect("file");
    bytes[28..32].fill(0);
    bytes[32..36].fill(0);
    let page_end = 208 + 18464;
    bytes[208 + 20..page_end].fill(0);
    let file = File::from_bytes(bytes).expect("opens");
    assert_eq!(file.records().len(), 44);
    assert!(file.records().iter().all(|r| file.read(r).is_ok()));
    assert!(file.problems().any(|(_, p)| p.what.contains("no directory")));
}

#[test]
fn info_describes_the_container() {
    let info = File::open(testdata("rsf/parallel.rsf.gz")).expect_err("compressed").to_string();
    assert!(info.contains("gzip"), "{info}");
    let file = File::open(testdata("xdf/deleted.std")).expect("opens");
    let info = file.first().expect("info").info();
    assert_eq!((info.container, info.records, info.deleted), (Container::Xdf, 22, 18));
    assert!(info.wasted_bytes > 0);
    let Details::Xdf { header, pages, .. } = info.details else { panic!("an XDF file") };
    assert_eq!((header.pages as usize, pages.len(), pages[0].used, pages[0].live), (1, 1, 40, 22));
    assert_eq!((header.erasures, header.records), (18, 22));
    let unclosed = File::open(testdata("rsf/unclosed.rsf")).expect("opens");
    let Some(Details::Rsf { write_flag, segments, .. }) = unclosed.first().map(|member| member.info().details) else {
        panic!("RSF")
    };
    assert_eq!(write_flag, 0xFFFF);
    assert_eq!(segments.last().map(|s| s.kind), Some(rpnfst::info::SegmentKind::Open));
}
