//! Portable unpacking: one monomorphised function per width, in which all shifts are constants.

use crate::order::Order;

/// Tokens of a group: they fill a whole number of words.
pub(crate) const GROUP: usize = 32;

/// Unpack whole groups of tokens of `width` bits (1 to 32) from bit `offset` of `bytes` on. Returns how many tokens that were:
/// none if `offset` is neither 0 nor 24, where the streams of nearly all types start.
pub(crate) fn unpack<O: Order>(bytes: &[u8], offset: u64, width: u32, out: &mut [u32]) -> usize {
    let group = match offset {
        0 => select::<O, 0>(width),
        24 => select::<O, 24>(width),
        _ => return 0,
    };
    let (chunks, _) = out.as_chunks_mut::<GROUP>();
    let stride = 4 * width as usize;
    for (i, chunk) in chunks.iter_mut().enumerate() {
        group(&bytes[i * stride..], chunk);
    }
    chunks.len() * GROUP
}

/// A function that unpacks one group, which starts a constant number of bits after the start of the slice.
type Group = fn(&[u8], &mut [u32; GROUP]);

#[inline(always)]
fn token<O: Order, const WIDTH: usize, const OFFSET: usize>(bytes: &[u8], i: usize) -> u32 {
    let bit = OFFSET + i * WIDTH;
    let (word, shift) = (bit / 32, bit % 32);
    let at = |k: usize| O::word([bytes[4 * k], bytes[4 * k + 1], bytes[4 * k + 2], bytes[4 * k + 3]]);
    let high = at(word) << shift;
    let both = if shift + WIDTH > 32 { high | at(word + 1) >> (32 - shift) } else { high };
    both >> (32 - WIDTH)
}

fn group<O: Order, const WIDTH: usize, const OFFSET: usize>(bytes: &[u8], out: &mut [u32; GROUP]) {
    // The only length check: everything below has constant indices.
    let bytes = &bytes[..4 * (WIDTH + OFFSET.div_ceil(32))];
    macro_rules! all {
        ($($i:literal)*) => { $( out[$i] = token::<O, WIDTH, OFFSET>(bytes, $i); )* };
    }
    all!(0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31);
}

fn select<O: Order, const OFFSET: usize>(width: u32) -> Group {
    macro_rules! widths {
        ($($width:literal)*) => {
            match width {
                $( $width => group::<O, $width, OFFSET>, )*
                _ => group::<O, 32, OFFSET>,
            }
        };
    }
    widths!(1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31)
}
