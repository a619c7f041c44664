//! Any text as a query: parsed or an error that points into it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rpnfst::{Error, Query};

fuzz_target!(|text: &str| {
    if let Err(Error::Query(error)) = text.parse::<Query>() {
        assert!(error.column <= text.chars().count() + 1);
    }
});
