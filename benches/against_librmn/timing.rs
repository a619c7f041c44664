//! Taking times.

use std::time::{Duration, Instant};

use crate::Outcome;

/// How long this thread works on it, waiting for a processor not counted: others use the machine as well.
pub fn timed<T>(work: impl FnOnce() -> Outcome<T>) -> Outcome<Duration> {
    let start = worked()?;
    let result = work()?;
    let time = worked()?.saturating_sub(start);
    std::hint::black_box(&result);
    Ok(time)
}

/// Time on a processor of this thread so far.
#[cfg(target_os = "linux")]
fn worked() -> Outcome<Duration> {
    use nix::time::{ClockId, clock_gettime};
    Ok(clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID)?.into())
}

#[cfg(not(target_os = "linux"))]
fn worked() -> Outcome<Duration> {
    static START: std::sync::LazyLock<Instant> = std::sync::LazyLock::new(Instant::now);
    Ok(START.elapsed())
}

/// How long it takes on the clock on the wall: for work of several threads.
pub fn elapsed<T>(work: impl FnOnce() -> Outcome<T>) -> Outcome<Duration> {
    let start = Instant::now();
    let result = work()?;
    let time = start.elapsed();
    std::hint::black_box(&result);
    Ok(time)
}

/// The contestants in turns, each of which says how long it took; the median of each.
pub fn in_turns<const N: usize>(
    rounds: usize,
    mut contestants: [&mut dyn FnMut() -> Outcome<Duration>; N],
) -> Outcome<[Duration; N]> {
    let mut times = [const { Vec::new() }; N];
    for _ in 0..rounds {
        for (contestant, times) in contestants.iter_mut().zip(&mut times) {
            times.push(contestant()?);
        }
    }
    Ok(times.map(median))
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

/// Copies the array as `memcpy` does, into the same kind of memory: the bound of all that produces so many bytes.
pub fn copying<T: Copy + Default>(values: &[T]) -> impl FnMut() -> Outcome<Duration> {
    let mut copy = vec![T::default(); values.len()];
    move || {
        timed(|| {
            copy.copy_from_slice(std::hint::black_box(values));
            std::hint::black_box(&mut copy);
            Ok(())
        })
    }
}

/// Megabytes (10^6) a second.
pub fn speed(bytes: usize, time: Duration) -> f64 {
    bytes as f64 / time.as_secs_f64() / 1e6
}

/// How many times longer the second takes.
pub fn ratio(ours: Duration, theirs: Duration) -> f64 {
    theirs.as_secs_f64() / ours.as_secs_f64()
}

pub fn milliseconds(time: Duration) -> String {
    format!("{:.2}", 1e3 * time.as_secs_f64())
}
