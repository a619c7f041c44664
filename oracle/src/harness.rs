//! What the tests share: skipping without a library, running apart, seeds, numbers of cases.

use std::env;
use std::time::Duration;

use crate::child;
use crate::library::{Librmn, VARIABLE};

/// Environment variable with the number of random cases.
pub const CASES: &str = "RPNFST_ORACLE_CASES";

/// Environment variable with the seed of the first case (decimal, or hexadecimal after `0x`).
pub const SEED: &str = "RPNFST_ORACLE_SEED";

/// The library, or `None` after printing why the test is skipped.
///
/// # Panics
/// The variable is set but the library does not load: a broken setting must not look like a skipped test.
pub fn librmn_or_skip() -> Option<Librmn> {
    match Librmn::load() {
        Ok(Some(librmn)) => Some(librmn),
        Ok(None) => {
            crate::skipped::skipped(&format!("{VARIABLE} not set"));
            None
        }
        Err(error) => {
            let source = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
            panic!("{VARIABLE} is set, but: {error}: {source}")
        }
    }
}

/// Longest run of a test in a child.
const LIMIT: Duration = Duration::from_secs(6 * 3600);

/// Runs a test body in a process of its own: librmn's messages stay out of the test's output, and a crash of librmn is
/// a failure that says where. `name` is the name of the calling test.
///
/// # Panics
/// The body failed, or the process did.
pub fn in_child(name: &str, body: impl FnOnce(Librmn)) {
    let Some(librmn) = librmn_or_skip() else { return };
    if child::job().as_deref() == Some(name) {
        return body(librmn);
    }
    rerun(name, name);
}

/// Runs a test for each seed, some thousands of them in a process: librmn keeps at most 16384 grids.
///
/// # Panics
/// A body failed, or its process did.
pub fn each_seed(name: &str, default: u64, body: impl Fn(Librmn, u64)) {
    const IN_EACH: u64 = 2500;
    let Some(librmn) = librmn_or_skip() else { return };
    let first = number(SEED).unwrap_or(14);
    let count = cases(default);
    for batch in 0..count.div_ceil(IN_EACH) {
        let job = format!("{name} {batch}");
        match child::job() {
            Some(wanted) if wanted == job => {
                for case in batch * IN_EACH..count.min((batch + 1) * IN_EACH) {
                    let seed = first.wrapping_add(case);
                    let run = || body(librmn, seed);
                    let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(run));
                    assert!(outcome.is_ok(), "{}", rerun_hint(seed));
                }
                return;
            }
            Some(_) => {}
            None => rerun(name, &job),
        }
    }
}

/// Starts the test again for a job, shows what it says, and fails if it fails.
fn rerun(name: &str, job: &str) {
    let outcome = match child::rerun_test(name, job, LIMIT) {
        Ok(outcome) => outcome,
        Err(error) => panic!("cannot start {name}: {error}"),
    };
    // librmn's own messages begin with a blank; the harness's lines are those of our own harness.
    let ours = |line: &&str| !line.is_empty() && !line.starts_with([' ', '\t']) && !line.starts_with("running ");
    for line in outcome.stdout.lines().filter(ours).filter(|line| !line.starts_with("test ")) {
        println!("{line}");
    }
    assert!(outcome.is_success(), "{:?} in the child\n{}", outcome.end, outcome.stderr);
    // A wrong name would run no test at all, successfully.
    assert!(outcome.stdout.contains("1 passed"), "no test is named {name}");
}

/// Number of cases: `RPNFST_ORACLE_CASES`, else `default`.
///
/// # Panics
/// The variable is not a number.
pub fn cases(default: u64) -> u64 {
    number(CASES).unwrap_or(default)
}

/// Seed of the first case: `RPNFST_ORACLE_SEED`, else `default`. Case number i of a run has this seed plus i, so that
/// `RPNFST_ORACLE_SEED=<seed of a case> RPNFST_ORACLE_CASES=1` runs that case alone.
///
/// # Panics
/// The variable is not a number.
pub fn seed(default: u64) -> u64 {
    let seed = number(SEED).unwrap_or(default);
    println!("{SEED}={seed}");
    seed
}

/// How to run one case again.
pub fn rerun_hint(case_seed: u64) -> String {
    format!("run again with {SEED}={case_seed} {CASES}=1")
}

fn number(variable: &str) -> Option<u64> {
    let text = env::var(variable).ok()?;
    let parsed = match text.strip_prefix("0x") {
        Some(digits) => u64::from_str_radix(digits, 16),
        None => text.parse(),
    };
    match parsed {
        Ok(number) => Some(number),
        Err(error) => panic!("{variable}={text}: {error}"),
    }
}
