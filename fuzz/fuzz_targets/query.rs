//! Any text as a query: parsed, and it can be asked of every record; or an error that points into the text.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use rpnfst::{Error, File, Query};

static FILE: LazyLock<File> = LazyLock::new(|| {
    File::from_bytes(include_bytes!("../../testdata/rsf/extended_metadata.rsf")).expect("a sound file")
});

fuzz_target!(|text: &str| match text.parse::<Query>() {
    Ok(query) => {
        let found = FILE.select(&query).count();
        assert_eq!(FILE.select(&query.negated()).count(), FILE.records().len() - found);
    }
    Err(Error::Query(error)) => {
        assert!(error.column <= text.chars().count() + 1);
        assert!(error.to_string().chars().count() < 1200);
    }
    Err(error) => panic!("{error}"),
});
