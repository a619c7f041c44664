//! One large field on several cores.
//!
//! Tokens of equal width are unpacked in blocks anywhere. In compressed streams a tile starts where the one before ends, so one
//! thread unpacks all of them; another makes values of what is unpacked. They are written in parts that are put together.

use alloc::collections::VecDeque;
use alloc::vec::Vec;
use core::ops::Range;
use std::sync::{Mutex, MutexGuard, PoisonError};

use rayon::prelude::*;

use crate::error::DecodeError;
use crate::packed::Threads;

/// Smaller fields are done before another thread has woken up.
pub(crate) const SMALLEST: usize = 1 << 18;
/// Elements of one block, about: small enough to share out and for the caches, large enough to be worth a task.
pub(crate) const BLOCK: usize = if cfg!(debug_assertions) { 1 << 10 } else { 1 << 16 };

/// Whether a field of `n` elements is work for several cores, given what is too small for that. Tests and
/// fuzzers are content with less.
pub(crate) fn worthwhile(threads: Threads, n: usize, smallest: usize) -> bool {
    let smallest = if cfg!(debug_assertions) { 1 << 12 } else { smallest };
    threads == Threads::Many && n >= smallest && rayon::current_num_threads() > 1
}

/// Blocks that do not depend on each other, given their first element.
pub(crate) fn blocks<T: Send>(
    out: &mut [T],
    work: impl Fn(u64, &mut [T]) -> Result<(), DecodeError> + Sync,
) -> Result<(), DecodeError> {
    let numbered = out.par_chunks_mut(BLOCK).enumerate();
    numbered.try_for_each(|(number, block)| work((number * BLOCK) as u64, block))
}

/// What `work` gives for each part of `0..n`, in order, or an error of one of them.
pub(crate) fn in_parts<R: Send, E: Send>(
    n: usize,
    size: usize,
    work: impl Fn(Range<usize>) -> Result<R, E> + Sync,
) -> Result<Vec<R>, E> {
    let parts = (0..n.div_ceil(size)).into_par_iter();
    parts.map(|part| work(part * size..n.min((part + 1) * size))).collect()
}

/// Blocks that may wait to be finished: they take memory.
const AHEAD: usize = 8;

/// `fill` a buffer for each block of `out`, of which it is told the length, while another thread makes values of those before
/// with `finish`, in order.
pub(crate) fn in_turns<B: Default + Send, T: Send, F>(
    out: Vec<&mut [T]>,
    mut fill: impl FnMut(&mut B, usize) -> Result<(), DecodeError> + Send,
    finish: F,
) -> Result<(), DecodeError>
where
    F: FnMut(&mut B, &mut [T]) -> Result<(), DecodeError> + Send,
{
    let waiting = Mutex::new(VecDeque::new());
    let spare = Mutex::new(Vec::new());
    // Whoever holds this finishes all that waits.
    let finisher = Mutex::new((finish, Ok(())));
    let finish_all = |finisher: &mut (F, Result<(), DecodeError>)| {
        let (finish, result) = finisher;
        loop {
            let Some((mut buffer, block)) = lock(&waiting).pop_front() else { break };
            if result.is_ok() {
                *result = finish(&mut buffer, block);
            }
            lock(&spare).push(buffer);
        }
    };
    let filled = rayon::scope(|scope| {
        for block in out {
            if finisher.try_lock().is_ok_and(|finisher| finisher.1.is_err()) {
                break;
            }
            let mut buffer = lock(&spare).pop().unwrap_or_default();
            fill(&mut buffer, block.len())?;
            let blocks = {
                let mut waiting = lock(&waiting);
                waiting.push_back((buffer, block));
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
