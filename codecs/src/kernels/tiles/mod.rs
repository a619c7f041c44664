//! Unpacking of 3 x 3 tiles of differences, with sums along the rows: the tile size that all writers use.

#[cfg(all(feature = "std", target_arch = "x86_64"))]
mod avx2;

use core::ops::Range;

use crate::cast::{index, low32};

/// A run of tiles in a bit stream, and the three rows that they are unpacked to.
pub(crate) struct Tiles<'a> {
    /// Bytes in the order of the bits, at least [`REACH`](Self::REACH) from the start of each tile on. Where fewer are left, zeros
    /// are read.
    pub(crate) stream: &'a [u8],
    /// Where the width code of the next tile starts.
    pub(crate) bit: usize,
    /// Bits of a width code, 1 to 5.
    pub(crate) field: u32,
    /// Bits per difference for each code, 0 to 25. More than 25 marks an invalid code.
    pub(crate) widths: &'a [u8; 32],
    /// Bits of a whole tile for each code, the code included.
    pub(crate) lengths: &'a [u8; 32],
    /// Three rows. Elements behind the last tile may be overwritten.
    pub(crate) rows: [&'a mut [u32]; 3],
    /// Columns of the tiles that are left, three for each.
    pub(crate) columns: Range<usize>,
    /// The sum of each row up to these columns, modulo 2^32.
    pub(crate) sums: [u32; 3],
}

impl Tiles<'_> {
    /// Bytes that are loaded for one tile, counted from its first.
    pub(crate) const REACH: usize = 48;
    /// Bits of the longest tile, the code included.
    pub(crate) const LONGEST: usize = 5 + 9 * 25;

    /// Unpack the tiles and sum up their rows. Returns false at a tile with an invalid code: `bit` and `columns` are at that
    /// tile then.
    #[inline(always)]
    pub(crate) fn unpack(&mut self) -> bool {
        // The kernel stops near the end of the stream and at invalid codes. The loop below goes on from there.
        #[cfg(all(feature = "std", target_arch = "x86_64"))]
        if super::cpu::has_avx2() {
            // SAFETY: the processor has what the function is compiled for.
            unsafe { avx2::unpack(self) };
        }
        while !self.columns.is_empty() {
            if self.next().is_none() {
                return false;
            }
        }
        true
    }

    #[inline(always)]
    fn window(&self, bit: usize) -> u64 {
        let bytes = self.stream.get(bit / 8..).and_then(<[u8]>::first_chunk).copied().unwrap_or_default();
        u64::from_be_bytes(bytes) << (bit % 8)
    }

    #[inline(always)]
    fn next(&mut self) -> Option<()> {
        let code = index(self.window(self.bit) >> (64 - self.field)) & 31;
        let width = u32::from(self.widths[code]);
        if width > 25 {
            return None;
        }
        let mut at = self.bit + self.field as usize;
        // A width of zero reads one bit, masked out.
        let mask = if width == 0 { 0 } else { u64::MAX };
        let down = 64 - width.max(1);
        for row in 0..3 {
            // 57 bits of a window are valid: a line of three differences, mostly.
            let windows = if width <= 19 {
                let window = self.window(at) & mask;
                [window, window << width, window << (2 * width)]
            } else {
                [0, 1, 2].map(|i| self.window(at + i * width as usize))
            };
            let mut sum = self.sums[row];
            let line = windows.map(|window| {
                sum = sum.wrapping_add(low32((window.cast_signed() >> down).cast_unsigned()));
                sum
            });
            self.sums[row] = sum;
            *self.rows[row].get_mut(self.columns.start..)?.first_chunk_mut()? = line;
            at += 3 * width as usize;
        }
        self.bit += usize::from(self.lengths[code]);
        self.columns.start += 3;
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::turbopack::parallelogram::Widths;
    use proptest::prelude::*;

    /// What is left of the tiles, and the rows.
    type Left = (usize, Range<usize>, [u32; 3], Vec<Vec<u32>>);

    fn run(stream: &[u8], bit: usize, widths: &Widths, count: usize, step: impl Fn(&mut Tiles<'_>)) -> Left {
        let mut rows = vec![vec![0; 3 * count + 1]; 3];
        let [a, b, c] = &mut rows[..] else { panic!("three rows") };
        let Widths { field, bits, tiles: lengths, .. } = widths;
        let columns = 1..1 + 3 * count;
        let rows_of_tiles = [&mut a[..], &mut b[..], &mut c[..]];
        let sums = [1, 2, 3];
        let mut tiles = Tiles { stream, bit, field: *field, widths: bits, lengths, rows: rows_of_tiles, columns, sums };
        step(&mut tiles);
        let left = (tiles.bit, tiles.columns.clone(), tiles.sums);
        // What is behind the last tile may be anything.
        for row in &mut rows {
            row.truncate(left.1.start);
        }
        (left.0, left.1, left.2, rows)
    }

    #[test]
    fn vectors_give_the_same_for_all_widths_and_at_the_end_of_the_stream() {
        let widths = Widths::direct(5, 24);
        let noise = |i: u32| (i.wrapping_mul(0x9e37_79b9) >> 24).to_be_bytes()[3];
        for code in 0..=25_u8 {
            for bit in 0..8 {
                let mut stream: Vec<u8> = (1..160).map(noise).collect();
                // The code of the first tile; those of the others are what comes.
                let first = u16::from_be_bytes([stream[0], stream[1]]);
                let first = first & !(0xf800 >> bit) | u16::from(code) << 11 >> bit;
                stream[..2].copy_from_slice(&first.to_be_bytes());
                for end in 0..stream.len() {
                    let quick = run(&stream[..end], bit, &widths, 3, |tiles| {
                        tiles.unpack();
                    });
                    let slow = run(&stream[..end], bit, &widths, 3, |tiles| {
                        while !tiles.columns.is_empty() && tiles.next().is_some() {}
                    });
                    assert_eq!(quick, slow, "code {code} from bit {bit}, {end} bytes");
                }
            }
        }
    }

    proptest! {
        #[test]
        fn vectors_give_the_same(
            stream in proptest::collection::vec(any::<u8>(), 2048), bit in 0_usize..32, count in 1_usize..=64, codes in 1_u32..25,
        ) {
            // Codes of 5 bits are invalid often: then both stop at the same tile.
            for widths in [Widths::turbo(4).unwrap(), Widths::turbo(5).unwrap(), Widths::direct(4, 9), Widths::direct(5, codes)] {
                let quick = run(&stream, bit, &widths, count, |tiles| {
                    tiles.unpack();
                });
                let slow = run(&stream, bit, &widths, count, |tiles| while !tiles.columns.is_empty() && tiles.next().is_some() {});
                prop_assert_eq!(quick, slow);
            }
        }
    }
}
