//! Any bytes: open, list, check, and read every record; salvage and copy what is readable.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rpnfst_fuzz::look;

fuzz_target!(|data: &[u8]| {
    look::salvage(data.to_vec(), false);
    look::look(data.to_vec(), false);
});
