//! How many threads work.

use std::{num::NonZeroUsize, thread::available_parallelism};

use crate::report::{Report, Result, Stop};

/// Threads for each processor at most, and how many are allowed on any machine.
const FOR_EACH: usize = 4;
const ANYWHERE: usize = 16;
/// rayon's own variable.
const VARIABLE: &str = "RAYON_NUM_THREADS";

/// Starts the threads of `-j`, or of the environment. More than help are not started, which is said.
pub(crate) fn start(asked: Option<NonZeroUsize>, report: &mut Report) -> Result {
    let asked = match asked {
        Some(asked) => Some(("-j", asked.get())),
        None => std::env::var(VARIABLE).ok().and_then(|text| text.parse().ok()).map(|threads| (VARIABLE, threads)),
    };
    // 0 in the environment stands for the default.
    let Some((by, asked)) = asked.filter(|(_, asked)| *asked > 0) else { return Ok(()) };
    let most = most(available_parallelism().map_or(1, NonZeroUsize::get));
    if asked > most {
        report.warning(0, format_args!("{by} {asked}: {most} threads do the work, as many as can help here"));
    }
    let pool = rayon::ThreadPoolBuilder::new().num_threads(asked.min(most)).build_global();
    pool.map_err(|e| Stop::message(format!("cannot start {} threads: {e}", asked.min(most))))
}

fn most(processors: usize) -> usize {
    processors.saturating_mul(FOR_EACH).max(ANYWHERE)
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_small_multiple_of_the_processors() {
        assert_eq!([1, 2, 4, 64].map(super::most), [16, 16, 16, 256]);
    }
}
