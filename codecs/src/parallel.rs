//! Decoding one large field on several cores.
//!
//! Where a tile starts depends on the width codes of all tiles before it. The calling thread follows these codes alone and
//! hands each block of rows to the pool as soon as its start is known; the others unpack meanwhile.

use std::sync::{Mutex, PoisonError};
use std::vec;

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

/// First error of any task.
struct Failure(Mutex<Option<DecodeError>>);

impl Failure {
    fn new() -> Self {
        Self(Mutex::new(None))
    }

    fn note(&self, result: Result<(), DecodeError>) {
        if let Err(error) = result {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
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
    map: &(impl Fn(u16) -> T + Sync),
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

/// Method 4: each block is summed up as if the row above it were zero, into a field of 16-bit tokens. The last rows of the
/// blocks, summed up one after the other, are what has to be added to the next block.
pub(crate) fn parallelogram<O: Order, T: Send>(
    tiles: &Lorenzo<'_, O>,
    out: &mut [T],
    map: &(impl Fn(u16) -> T + Sync),
) -> Result<(), DecodeError> {
    let (ni, band_len) = (tiles.plane.ni, tiles.band_len());
    let block_len = block_len(band_len);
    let mut tokens = vec![0_u16; out.len() - ni];
    let failure = Failure::new();
    let scanned = rayon::scope(|scope| {
        let mut bit = tiles.first_tile();
        let mut j = 1;
        for block in tokens.chunks_mut(block_len) {
            let (start, first_row) = (bit, j);
            for band in block.chunks(band_len) {
                bit = tiles.skip_tile_row(bit, band.len() / ni)?;
            }
            j += block.len() / ni;
            let failure = &failure;
            scope.spawn(move |_| failure.note(sum_block(tiles, start, first_row, block)));
        }
        Ok(())
    });
    scanned.and(failure.result())?;

    let (first, rest) = out.split_at_mut(ni);
    let mut carry = vec![0_u16; ni];
    tiles.first_row(&mut carry);
    for (value, &token) in first.iter_mut().zip(&carry) {
        *value = map(token);
    }
    rayon::scope(|scope| {
        for (block, tokens) in rest.chunks_mut(block_len).zip(tokens.chunks(block_len)) {
            let above = carry.clone();
            let last = &tokens[tokens.len() - ni..];
            for (carry, &sum) in carry.iter_mut().zip(last) {
                *carry = carry.wrapping_add(sum);
            }
            scope.spawn(move |_| {
                for (out, row) in block.chunks_exact_mut(ni).zip(tokens.chunks_exact(ni)) {
                    for ((value, &sum), &above) in out.iter_mut().zip(row).zip(&above) {
                        *value = map(above.wrapping_add(sum));
                    }
                }
            });
        }
    });
    Ok(())
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
