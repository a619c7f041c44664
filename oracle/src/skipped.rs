//! What tests say that need something which is not there.

use std::{env, io::Write as _, sync::Once};

/// Environment variable that names a file to which a line is added for each test that is skipped.
pub const SKIPPED: &str = "RPNFST_SKIPPED";

/// Says that a test is skipped, and why: for the test itself, in the list of [`SKIPPED`], and once a test program on the
/// terminal, where the test harness hides what tests that pass say.
pub fn skipped(reason: &str) {
    static TOLD: Once = Once::new();
    println!("skipped: {reason}");
    TOLD.call_once(|| {
        let _ = writeln!(std::io::stderr(), "some tests of this program are skipped: {reason}");
    });
    if let Some(list) = env::var_os(SKIPPED) {
        let file = std::fs::OpenOptions::new().create(true).append(true).open(list);
        let _ = file.and_then(|mut file| writeln!(file, "{reason}"));
    }
}
