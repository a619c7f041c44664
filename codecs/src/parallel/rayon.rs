//! Threads of the current rayon pool.

use alloc::collections::VecDeque;
use alloc::vec::Vec;
use core::ops::Range;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{BLOCK, FillBand, FinishBand};
use crate::error::DecodeError;

/// Most parts that wait for `finish`: this bounds the memory of their buffers.
const AHEAD: usize = 8;

/// Number of threads of the pool.
pub(crate) fn threads() -> usize {
    ::rayon::current_num_threads()
}

/// Run `work` on all threads of the pool, but on no more than there are parts. `work` takes parts from a shared queue itself.
#[inline(never)]
fn on_all(parts: usize, work: &(dyn Fn() + Sync)) {
    ::rayon::scope(|scope| {
        for _ in 1..::rayon::current_num_threads().min(parts) {
            scope.spawn(|_| work());
        }
        work();
    });
}

/// Call `work` for each block of `out`, with the index of its first element. Blocks do not depend on each other.
pub(crate) fn blocks<T: Send>(out: &mut [T], work: impl Fn(u64, &mut [T]) + Sync) {
    let parts = out.len().div_ceil(BLOCK);
    let blocks = Mutex::new(out.chunks_mut(BLOCK).enumerate());
    on_all(parts, &|| {
        loop {
            let Some((number, block)) = lock(&blocks).next() else { break };
            work((number * BLOCK) as u64, block);
        }
    });
}

/// Call `work` for each part of `0..n`. Returns the results in order, or the error of the first part that has one.
pub(crate) fn in_parts<R: Send, E: Send>(
    n: usize,
    size: usize,
    work: impl Fn(Range<usize>) -> Result<R, E> + Sync,
) -> Result<Vec<R>, E> {
    let parts = n.div_ceil(size);
    let next = Mutex::new(0..parts);
    let done = Mutex::new(Vec::with_capacity(parts));
    on_all(parts, &|| {
        loop {
            let Some(part) = lock(&next).next() else { break };
            let result = work(part * size..n.min((part + 1) * size));
            if result.is_err() {
                // Parts before this one are under way, and those behind it do not matter any more.
                *lock(&next) = parts..parts;
            }
            lock(&done).push((part, result));
        }
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by_key(|(part, _)| *part);
    done.into_iter().map(|(_, result)| result).collect()
}

/// Call `fill` for each length, while another thread calls `finish` on the buffers before it, in order.
#[inline(never)]
pub(crate) fn pipelined(lengths: Vec<usize>, fill: FillBand<'_>, finish: FinishBand<'_>) -> Result<(), DecodeError> {
    let waiting = Mutex::new(VecDeque::new());
    let spare = Mutex::new(Vec::new());
    // The thread that holds this lock finishes all buffers that wait.
    let finisher = Mutex::new((finish, Ok(())));
    let finish_all = |finisher: &mut (FinishBand<'_>, Result<(), DecodeError>)| {
        let (finish, result) = finisher;
        loop {
            let Some(mut buffer) = lock(&waiting).pop_front() else { break };
            if result.is_ok() {
                *result = finish(&mut buffer);
            }
            lock(&spare).push(buffer);
        }
    };
    let filled = ::rayon::scope(|scope| {
        for length in lengths {
            if finisher.try_lock().is_ok_and(|finisher| finisher.1.is_err()) {
                break;
            }
            let mut buffer = lock(&spare).pop().unwrap_or_default();
            fill(&mut buffer, length)?;
            let blocks = {
                let mut waiting = lock(&waiting);
                waiting.push_back(buffer);
                waiting.len()
            };
            if blocks < AHEAD {
                scope.spawn(|_| {
                    if let Ok(mut finisher) = finisher.try_lock() {
                        finish_all(&mut finisher);
                    }
                });
            } else {
                finish_all(&mut lock(&finisher));
            }
        }
        Ok(())
    });
    finish_all(&mut lock(&finisher));
    let (_, finished) = finisher.into_inner().unwrap_or_else(PoisonError::into_inner);
    finished.and(filled)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
