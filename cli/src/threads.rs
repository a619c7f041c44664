//! How many threads work.

use std::{
    num::NonZeroUsize,
    sync::{Mutex, PoisonError},
    thread::available_parallelism,
};

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
    let (threads, remark) = bounded(by, asked, available_parallelism().map_or(1, NonZeroUsize::get));
    if let Some(remark) = remark {
        report.warning(0, remark);
    }
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build_global();
    pool.map_err(|e| Stop::message(format!("cannot start {threads} threads: {e}")))
}

/// What a function gives for the numbers below `count`, in their order, computed on all threads. Rayon is compiled once: its own code
/// for each closure and type of result makes the program larger by ten kilobytes and more.
pub(crate) fn map<T: Send>(count: usize, of: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let places: Vec<Mutex<Option<T>>> = (0..count).map(|_| Mutex::new(None)).collect();
    each(count, &|number| {
        let result = of(number);
        if let Some(place) = places.get(number) {
            *place.lock().unwrap_or_else(PoisonError::into_inner) = Some(result);
        }
    });
    // All are there: a panic of `of` goes on in `each`.
    places.into_iter().filter_map(|place| place.into_inner().unwrap_or_else(PoisonError::into_inner)).collect()
}

fn each(count: usize, work: &(dyn Fn(usize) + Sync)) {
    use rayon::prelude::*;
    (0..count).into_par_iter().for_each(work);
}

/// How many threads to start, and what is said when that is less than what was asked for.
fn bounded(by: &str, asked: usize, processors: usize) -> (usize, Option<String>) {
    let most = processors.saturating_mul(FOR_EACH).max(ANYWHERE);
    let remark = || format!("{by} {asked}: {most} threads do the work, as many as can help here");
    (asked.min(most), (asked > most).then(remark))
}

#[cfg(test)]
mod tests {
    #[test]
    fn results_are_in_order() {
        assert_eq!(super::map(1000, |n| n.to_string()), (0..1000).map(|n| n.to_string()).collect::<Vec<_>>());
    }

    #[test]
    fn a_small_multiple_of_the_processors() {
        for (processors, most) in [(1, 16), (2, 16), (4, 16), (16, 64), (64, 256), (usize::MAX, usize::MAX)] {
            assert_eq!(super::bounded("-j", most, processors), (most, None));
            if let Some(more) = most.checked_add(1) {
                let remark = format!("-j {more}: {most} threads do the work, as many as can help here");
                assert_eq!(super::bounded("-j", more, processors), (most, Some(remark)));
            }
        }
    }
}
