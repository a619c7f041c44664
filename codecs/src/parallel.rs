//! Decoding one large field on several cores.
//!
//! Where a tile starts depends on the width codes of all tiles before it. The calling thread follows these codes alone and
//! hands each block of rows to the pool as soon as its start is known; the others unpack meanwhile.

use alloc::vec;
use alloc::vec::Vec;
use std::sync::{Mutex, MutexGuard, PoisonError};

use rayon::prelude::*;

use crate::bits::Order;
use crate::error::DecodeError;
use crate::packed::Threads;
use crate::turbopack::minimum::Minimum;
use crate::turbopack::parallelogram::Lorenzo;

/// Smaller fields are done before another thread has woken up.
const SMALLEST: usize = 1 << 18;
/// Elements of one block, about: small enough to share out, large enough to be worth a task.
const BLOCK: usize = 1 << 16;

/// Whether a field of `n` elements is to be decoded on several cores.
pub(crate) fn worthwhile(threads: Threads, n: usize) -> bool {
    threads == Threads::Many && n >= SMALLEST && rayon::current_num_threads() > 1
}

/// Blocks that do not depend on each other, given their first element.
pub(crate) fn blocks<T: Send>(
    out: &mut [T],
    work: impl Fn(u64, &mut [T]) -> Result<(), DecodeError> + Sync,
) -> Result<(), DecodeError> {
    let numbered = out.par_chunks_mut(BLOCK).enumerate();
    numbered.try_for_each(|(number, block)| work((number * BLOCK) as u64, block))
}

/// First error of any task.
struct Failure(Mutex<Option<DecodeError>>);

impl Failure {
    fn new() -> Self {
        Self(Mutex::new(None))
    }

    fn note(&self, result: Result<(), DecodeError>) {
        if let Err(error) = result {
            lock(&self.0).get_or_insert(error);
        }
    }

    fn result(self) -> Result<(), DecodeError> {
        self.0.into_inner().unwrap_or_else(PoisonError::into_inner).map_or(Ok(()), Err)
    }
}

/// Elements of a block of whole bands.
fn block_len(band_len: usize) -> usize {
    (BLOCK / band_len).max(1) * band_len
}

/// Method 3: blocks do not depend on each other.
pub(crate) fn minimum<O: Order, T: Send>(
    tiles: &Minimum<'_, O>,
    out: &mut [T],
    map: impl Fn(u16) -> T + Copy + Send + Sync,
) -> Result<(), DecodeError> {
    let (ni, band_len) = (tiles.plane.ni, tiles.band_len());
    let failure = Failure::new();
    let scanned = rayon::scope(|scope| {
        let mut bit = 0;
        for block in out.chunks_mut(block_len(band_len)) {
            let start = bit;
            for band in block.chunks(band_len) {
                bit = tiles.skip_tile_row(bit, band.len() / ni)?;
            }
            let failure = &failure;
            scope.spawn(move |_| failure.note(crate::turbopack::decode_minimum(tiles, start, block, map)));
        }
        Ok(())
    });
    scanned.and(failure.result())
}

/// Method 4: each block is summed up as if the row above it were zero, into a buffer of 16-bit tokens. Its last row then
/// says what has to be added to the next block, so blocks are finished in order, by whichever task completes the order.
pub(crate) fn parallelogram<O: Order, T: Send>(
    tiles: &Lorenzo<'_, O>,
    out: &mut [T],
    map: impl Fn(u16) -> T + Copy + Send + Sync,
) -> Result<(), DecodeError> {
    let (ni, band_len) = (tiles.plane.ni, tiles.band_len());
    let (first, rest) = out.split_at_mut(ni);
    let mut carry = vec![0_u16; ni];
    tiles.first_row(&mut carry);
    for (value, &token) in first.iter_mut().zip(&carry) {
        *value = map(token);
    }
    let block_len = block_len(band_len);
    let waiting = rest.chunks(block_len).map(|_| None).collect();
    let chain = Mutex::new(Chain { carry, next: 0, waiting, buffers: Vec::new() });
    let failure = Failure::new();
    let scanned = rayon::scope(|scope| {
        let mut bit = tiles.first_tile();
        let mut j = 1;
        for (number, block) in rest.chunks_mut(block_len).enumerate() {
            let (start, first_row) = (bit, j);
            for band in block.chunks(band_len) {
                bit = tiles.skip_tile_row(bit, band.len() / ni)?;
            }
            j += block.len() / ni;
            let (chain, failure) = (&chain, &failure);
            scope.spawn(move |_| {
                let mut sums = lock(chain).buffers.pop().unwrap_or_default();
                sums.resize(block.len(), 0);
                let result = sum_block(tiles, start, first_row, &mut sums);
                if result.is_err() {
                    return failure.note(result);
                }
                let ready = lock(chain).complete(number, Block { sums, out: block });
                for (Block { sums, out }, above) in ready {
                    finish(&sums, &above, out, map);
                    lock(chain).buffers.push(sums);
                }
            });
        }
        Ok(())
    });
    scanned.and(failure.result())
}

/// A block whose rows are summed up but for the row above them.
struct Block<'a, T> {
    sums: Vec<u16>,
    out: &'a mut [T],
}

/// What the blocks of a field know of each other.
struct Chain<'a, T> {
    /// The row above the next block.
    carry: Vec<u16>,
    next: usize,
    /// Blocks that came before their turn.
    waiting: Vec<Option<Block<'a, T>>>,
    /// Memory of finished blocks: fresh pages would cost as much as decoding.
    buffers: Vec<Vec<u16>>,
}

impl<'a, T> Chain<'a, T> {
    /// Put a block in its place; returns all that can be finished now, each with the row above it.
    fn complete(&mut self, number: usize, block: Block<'a, T>) -> Vec<(Block<'a, T>, Vec<u16>)> {
        self.waiting[number] = Some(block);
        let mut ready = Vec::new();
        while let Some(block) = self.waiting.get_mut(self.next).and_then(Option::take) {
            let above = self.carry.clone();
            let last = block.sums.len() - above.len();
            for (carry, &sum) in self.carry.iter_mut().zip(&block.sums[last..]) {
                *carry = carry.wrapping_add(sum);
            }
            self.next += 1;
            ready.push((block, above));
        }
        ready
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Add the row above the block to each of its rows.
fn finish<T>(sums: &[u16], above: &[u16], out: &mut [T], map: impl Fn(u16) -> T + Copy) {
    for (out, row) in out.chunks_exact_mut(above.len()).zip(sums.chunks_exact(above.len())) {
        for ((value, &sum), &above) in out.iter_mut().zip(row).zip(above) {
            *value = map(above.wrapping_add(sum));
        }
    }
}

/// Decode the rows of a block that starts at `bit` and row `j`, relative to the row above it.
fn sum_block<O: Order>(tiles: &Lorenzo<'_, O>, bit: u64, j: usize, block: &mut [u16]) -> Result<(), DecodeError> {
    let (mut bit, mut j) = (bit, j);
    let mut above = vec![0_u16; tiles.plane.ni];
    for band in block.chunks_mut(tiles.band_len()) {
        bit = tiles.tile_row(bit, j, band)?;
        j += band.len() / tiles.plane.ni;
        for row in band.chunks_exact_mut(tiles.plane.ni) {
            for (value, above) in row.iter_mut().zip(&mut above) {
                *value = value.wrapping_add(*above);
                *above = *value;
            }
        }
    }
    Ok(())
}
