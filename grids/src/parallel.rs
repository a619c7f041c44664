//! Work on rows, on all cores of the current pool with the feature `rayon`.
//!
//! Each row is computed by one call that depends on nothing else, so that results do not depend on the number of threads. Rayon is
//! compiled once: its own code for each closure and type makes programs larger by ten kilobytes and more. A lock for each row, which
//! nobody waits for, hands it to the thread that computes it.
#![allow(dead_code, reason = "each part of the crate uses its own")]

#[cfg(feature = "rayon")]
use std::sync::{Mutex, PoisonError};

/// Calls `f(row, values)` for each row of `row_len` values of `out`; the last one may be shorter.
pub(crate) fn rows<T: Send>(out: &mut [T], row_len: usize, f: impl Fn(usize, &mut [T]) + Sync) {
    let row_len = row_len.max(1);
    let rows = out.chunks_mut(row_len);
    #[cfg(feature = "rayon")]
    {
        let rows: Vec<_> = rows.map(|values| Mutex::new(Some(values))).collect();
        each(rows.len(), &|row| {
            if let Some(values) = rows.get(row).and_then(take) {
                f(row, values);
            }
        });
    }
    #[cfg(not(feature = "rayon"))]
    rows.enumerate().for_each(|(row, values)| f(row, values));
}

/// As [`rows`], with two outputs of one length.
pub(crate) fn rows2<T: Send, U: Send>(
    a: &mut [T],
    b: &mut [U],
    row_len: usize,
    f: impl Fn(usize, &mut [T], &mut [U]) + Sync,
) {
    let row_len = row_len.max(1);
    let rows = a.chunks_mut(row_len).zip(b.chunks_mut(row_len));
    #[cfg(feature = "rayon")]
    {
        let rows: Vec<_> = rows.map(|values| Mutex::new(Some(values))).collect();
        each(rows.len(), &|row| {
            if let Some((a, b)) = rows.get(row).and_then(take) {
                f(row, a, b);
            }
        });
    }
    #[cfg(not(feature = "rayon"))]
    rows.enumerate().for_each(|(row, (a, b))| f(row, a, b));
}

/// `f(0), f(1), …, f(count - 1)`.
pub(crate) fn map<T: Send>(count: usize, f: impl Fn(usize) -> T + Sync + Send) -> Vec<T> {
    #[cfg(feature = "rayon")]
    {
        // Some pieces for each thread, however cheap or dear a call is.
        const PIECES: usize = 64;
        let piece = (count / (PIECES * rayon::current_num_threads())).max(1);
        let mut all: Vec<Option<T>> = Vec::new();
        all.resize_with(count, || None);
        rows(&mut all, piece, |row, places| {
            for (at, place) in places.iter_mut().enumerate() {
                *place = Some(f(row * piece + at));
            }
        });
        // All are there.
        all.into_iter().flatten().collect()
    }
    #[cfg(not(feature = "rayon"))]
    (0..count).map(f).collect()
}

#[cfg(feature = "rayon")]
fn take<T>(place: &Mutex<Option<T>>) -> Option<T> {
    place.lock().unwrap_or_else(PoisonError::into_inner).take()
}

#[cfg(feature = "rayon")]
fn each(count: usize, work: &(dyn Fn(usize) + Sync)) {
    use rayon::prelude::*;
    if count == 1 {
        return work(0);
    }
    (0..count).into_par_iter().for_each(work);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_once() {
        let mut values = vec![0; 1001];
        rows(&mut values, 10, |row, values| values.iter_mut().for_each(|value| *value += row + 1));
        assert!(values.iter().enumerate().all(|(at, value)| *value == at / 10 + 1));
        let (mut a, mut b) = (vec![0; 7], vec![0.0; 7]);
        rows2(&mut a, &mut b, 3, |row, a, b| {
            a.fill(row);
            b.fill(row as f64);
        });
        assert_eq!((a, b), (vec![0, 0, 0, 1, 1, 1, 2], vec![0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 2.0]));
        assert_eq!(map(1000, |at| at * at), (0..1000).map(|at| at * at).collect::<Vec<_>>());
        assert_eq!(map(0, |at| at), Vec::<usize>::new());
        rows(&mut Vec::<u8>::new(), 0, |_, _| unreachable!());
    }
}
