//! URLs where files are read.

#[cfg(feature = "remote")]
mod urls {
    use std::{
        fs,
        io::{BufRead as _, BufReader, Write as _},
        net::TcpListener,
    };

    use crate::common::{err, run, stdout, testdata};

    /// Serves a file of `testdata` under any path, by ranges, as long as the tests run.
    fn serve(name: &str) -> String {
        let bytes = fs::read(testdata().join(name)).expect("the file");
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}/{name}", listener.local_addr().expect("an address"));
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let lines = BufReader::new(&stream).lines().map_while(Result::ok).take_while(|line| !line.is_empty());
                let lines: Vec<_> = lines.map(|line| line.to_ascii_lowercase()).collect();
                let range = lines.iter().find_map(|line| line.strip_prefix("range: bytes=")).expect("a range");
                let (start, end) = range.split_once('-').expect("two numbers");
                let start: usize = start.parse().expect("a number");
                let end = end.parse::<usize>().expect("a number").min(bytes.len() - 1);
                let (length, size) = (end + 1 - start, bytes.len());
                let head = format!(
                    "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes {start}-{end}/{size}\r\nETag: \"1\"\r\n\
                     Content-Length: {length}\r\nConnection: close\r\n\r\n"
                );
                let _ = stream.write_all(&[head.as_bytes(), &bytes[start..=end]].concat());
            }
        });
        url
    }

    #[test]
    fn commands_read_urls() {
        let name = "xdf/same_name.std";
        let url = &serve(name);
        for arguments in [&["ls", "--csv"][..], &["stat", "--csv"], &["digest"], &["get", "-i", "3", "-o", "-"]] {
            let of = |file: &str| stdout(&[arguments, &[file]].concat());
            assert_eq!(of(url), of(name), "{arguments:?}");
        }
        let folder = tempfile::tempdir().expect("a folder");
        let path = |name: &str| folder.path().join(name).display().to_string();
        let (copy, local) = (&path("copy.std"), &path("local.std"));
        stdout(&["cp", url, "-o", copy]);
        stdout(&["cp", name, "-o", local]);
        assert!(fs::read(copy).expect("a copy") == fs::read(local).expect("a copy"));
        stdout(&["diff", url, copy]);
        assert!(stdout(&["check", url]).contains("sound, 44 records"));
        assert!(stdout(&["info", url]).starts_with(&format!("{url}\n")));
        let local = format!("file://{}", testdata().canonicalize().expect("a path").join(name).display());
        assert_eq!(stdout(&["ls", &local]), stdout(&["ls", name]));
    }

    /// No user, password or query of a URL is written anywhere.
    #[test]
    fn secrets_of_urls_are_not_written() {
        let url = serve("xdf/same_name.std");
        let shown = format!("{url}?...");
        let url = &format!("{}?token=geheim", url.replace("http://", "http://nutzer:geheim@"));
        let folder = tempfile::tempdir().expect("a folder");
        let path = |name: &str| folder.path().join(name).display().to_string();
        let (saved, template) = (&path("saved.std"), &path("{stem}_{index}.npy"));
        let elsewhere = tempfile::tempdir().expect("a folder");
        let [moved, lifted] = &["m.std", "l.std"].map(|name| elsewhere.path().join(name).display().to_string());
        let damaged = &serve("xdf/same_name.json");
        let damaged = &format!("{}?token=geheim", damaged.replace("http://", "http://nutzer:geheim@"));
        let local = "xdf/masks.std";
        for (arguments, says) in [
            (&["ls", "--json", url, local][..], true),
            (&["ls", "--csv", url, local], true),
            (&["ls", "--voir", url, local], true),
            (&["stat", "--json", url, local], true),
            (&["digest", "--json", url, local], true),
            (&["digest", url, local], true),
            (&["info", url], true),
            (&["info", "--json", url], true),
            (&["check", url], true),
            (&["check", "--json", url], true),
            (&["get", "-i", "3", "--format", "json", url], true),
            (&["get", "-i", "99", url], true),
            (&["get", "-w", "nomvar=P0", url, "-o", template], false),
            (&["cp", url, "-o", saved], false),
            (&["diff", url, local], false),
            (&["grid", "--json", url, local], true),
            (&["at", "--lat", "45", "--lon", "270", url, local], true),
            (&["levels", url, local], true),
            (&["levels", "--json", url, local], true),
            (&["regrid", url, "-o", moved, "--to", "L:10"], false),
            (&["vinterp", url, "-o", lifted, "--pressure", "500"], false),
            (&["rm", url, "-w", "nomvar=TT"], true),
            (&["salvage", url, "-o", saved], true),
            (&["edit", url, "--set", "etiket=X", "--yes"], true),
            (&["ls", "--files-from", url], true),
            (&["ls", damaged], false),
            (&["check", damaged], false),
        ] {
            let output = run(arguments);
            let text = crate::common::out(&output) + &err(&output);
            assert!(!text.contains("geheim") && !text.contains("nutzer"), "{arguments:?}: {text}");
            assert_eq!(text.contains(&shown), says, "{arguments:?}: {text}");
        }
        let names = crate::common::names(folder.path());
        assert!(names.iter().all(|name| name.starts_with("same_name_") || name == "saved.std"), "{names:?}");
        assert!(names.len() > 1);
    }

    /// One table of URLs, files and what cannot be read.
    #[test]
    fn urls_are_in_tables_too() {
        let [one, other] = ["xdf/same_name.std", "rsf/extended_metadata.rsf"];
        let [url, with_metadata] = [serve(one), serve(other)];
        let (missing, local) = ("http://127.0.0.1:1/x.std", "cases/intervals.std");
        for arguments in [
            &["ls", "--json", "--sort", "-level,nomvar"][..],
            &["ls", "--csv", "--sort", "path,-index"],
            &["ls", "--json", "--sort", "-file", "-w", "file=2 or file=0"],
            &["ls", "--json", "--group", "nomvar,level_kind"],
            &["ls", "--json", "--group", "file"],
            &["ls", "--csv", "--columns", "path,metadata", "--sort", "file"],
        ] {
            let of_files = run(&[arguments, &[local, one, "nowhere.std", other]].concat());
            let of_urls = run(&[arguments, &[local, &url, missing, &with_metadata]].concat());
            assert_eq!(of_urls.status.code(), Some(2), "{arguments:?}");
            let text = crate::common::out(&of_urls).replace(&url, one).replace(&with_metadata, other);
            // Paths sort otherwise than URLs.
            let lines = |text: &str| {
                let mut lines: Vec<_> = text.lines().map(str::to_owned).collect();
                if arguments.contains(&"path,-index") {
                    lines.sort();
                }
                lines
            };
            let expected = crate::common::out(&of_files);
            assert!(!expected.is_empty(), "{arguments:?}");
            assert_eq!(lines(&text), lines(&expected), "{arguments:?}: {}", err(&of_urls));
        }
        #[cfg(feature = "sql")]
        {
            let question =
                "SELECT nomvar, COUNT(*) AS n, MAX(file) AS file FROM records GROUP BY nomvar ORDER BY nomvar";
            assert_eq!(stdout(&["sql", question, local, &url]), stdout(&["sql", question, local, one]));
        }
        #[cfg(feature = "index")]
        {
            let folder = tempfile::tempdir().expect("a folder");
            let index = folder.path().join("x.parquet").display().to_string();
            let output = run(&["index", &url, "-o", &index]);
            assert_eq!(output.status.code(), Some(2));
            assert!(err(&output).contains("an index keeps files on disk only"), "{}", err(&output));
        }
    }

    #[test]
    fn what_is_wrong_names_the_url() {
        let url = serve("xdf/same_name.json");
        let output = run(&["ls", &url]);
        assert_eq!(output.status.code(), Some(2));
        assert!(err(&output).starts_with(&format!("rpnfst: {url}: not an FST file")), "{}", err(&output));
    }
}

#[cfg(not(feature = "remote"))]
#[test]
fn a_program_without_the_feature_says_so() {
    let output = crate::common::run(&["ls", "https://me:secret@example.com/a.std?token=secret"]);
    let what = "this program reads no URLs; build it with the feature `remote`, or download the file first";
    assert_eq!(crate::common::err(&output), format!("rpnfst: https://example.com/a.std?...: {what}\n"));
}
