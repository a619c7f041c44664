//! Encoding of signs, with the decisions of librmn (section 8.4 of the format's description).

use alloc::vec::Vec;

use super::{LITERAL_LENGTH, REPEAT_LENGTH};
use crate::bits::{BitSink, BitWriter};
use crate::cast::index;
use crate::types::WordOrder;

/// Shortest run. Fewer equal signs become a literal.
const SHORTEST: usize = 8;
/// Longest run.
const LONGEST: usize = 62;
/// A repetition is written if more equal signs than this are left.
const REPEATED: usize = 256;
/// Codes between calls of [`make_room`](BitSink::make_room).
const CODES: usize = 512;

/// Append the stream of the signs of all values. `bits` returns the 32 bits of a value, whose bit 31 is the sign.
pub(crate) fn encode<T: Copy>(order: WordOrder, values: &[T], bits: impl Fn(T) -> u32 + Copy, out: &mut Vec<u8>) {
    let negative = move |value| bits(value) >> 31;
    let mut writer = BitWriter::new(order, out, CODES as u64 * 8);
    let mut codes = 0;
    let mut put = |code: u32, width: u32| {
        writer.put(code.into(), width);
        codes += 1;
        if codes % CODES == 0 {
            writer.make_room();
        }
    };
    let mut rest = values;
    while let Some(&first) = rest.first() {
        let sign = negative(first);
        let mut left = run_length(rest, sign, negative);
        let mut repeatable = false;
        loop {
            if left < SHORTEST {
                // A literal takes seven signs even if the run ends before.
                let (now, later) = rest.split_at(rest.len().min(index(LITERAL_LENGTH)));
                let (code, width) = now.iter().fold((0, 1), |(code, n), &value| (code << 1 | negative(value), n + 1));
                put(code, width);
                rest = later;
                break;
            }
            let length = if left > REPEATED && repeatable {
                put(0xFF, 8);
                index(REPEAT_LENGTH)
            } else {
                let length = left.min(LONGEST);
                // 62 at most.
                put(0x80 | sign << 6 | u32::try_from(length).unwrap_or(0), 8);
                repeatable |= length == LONGEST;
                length
            };
            rest = &rest[length..];
            left -= length;
            if left == 0 {
                break;
            }
        }
    }
    writer.finish();
}

/// Number of values from the first one on that have this sign.
fn run_length<T: Copy>(values: &[T], sign: u32, negative: impl Fn(T) -> u32) -> usize {
    let (chunks, _) = values.as_chunks::<32>();
    let whole = chunks.iter().take_while(|chunk| chunk.iter().fold(0, |all, &value| all | negative(value) ^ sign) == 0);
    let start = whole.count() * 32;
    start + values[start..].iter().take_while(|&&value| negative(value) == sign).count()
}

#[cfg(test)]
mod tests {
    use super::super::examples;
    use super::*;
    use crate::example::rsf;

    #[test]
    fn eight_equal_signs_are_a_run() {
        for (stream, signs) in examples() {
            let values: Vec<f32> = signs.chars().map(|sign| if sign == '-' { -1.0 } else { 1.0 }).collect();
            for (order, expected) in [(WordOrder::Big, stream.to_vec()), (WordOrder::Little, rsf(stream))] {
                let mut out = Vec::new();
                encode(order, &values, f32::to_bits, &mut out);
                assert_eq!(out, expected);
            }
        }
    }
}
