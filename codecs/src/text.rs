//! Types 3 and 7: characters, one byte per element (section 3.4 of the format's description).
//!
//! Each word holds four characters. The types differ in which byte of the word is the first.

use alloc::vec::Vec;

use crate::bits::Words;
use crate::cast::IntoToken;
use crate::element::Source;
use crate::error::{DecodeError, EncodeError};
use crate::kernels::avx2_or_not;
use crate::order::Order;
use crate::tokens::{MappedInput, pack};
use crate::types::WordOrder;

/// Order of the characters in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Text {
    /// Type 3: from the least significant byte up, as little-endian machines have them in memory.
    Machine,
    /// Type 7: from the most significant byte down, as in a bit stream.
    Stream,
}

/// Decode characters in element order.
pub(crate) fn decode<O: Order>(words: Words<'_, O>, text: Text, out: &mut [u8]) -> Result<(), DecodeError> {
    words.check_end("character", (out.len() as u64).saturating_mul(8))?;
    let done = {
        let out = &mut *out;
        avx2_or_not!(whole_words; words, text, out)
    };
    let rest = words.iter().nth(done / 4).map(|word| characters(word, text));
    for (value, byte) in out[done..].iter_mut().zip(rest.into_iter().flatten()) {
        *value = byte;
    }
    Ok(())
}

/// Decode the characters of words that are needed whole. Returns how many that were.
#[inline(always)]
fn whole_words<O: Order>(words: Words<'_, O>, text: Text, out: &mut [u8]) -> usize {
    let (groups, _) = out.as_chunks_mut::<4>();
    // One loop for each order: neither asks for each word.
    match text {
        Text::Machine => groups.iter_mut().zip(words.iter()).for_each(|(group, word)| *group = word.to_le_bytes()),
        Text::Stream => groups.iter_mut().zip(words.iter()).for_each(|(group, word)| *group = word.to_be_bytes()),
    }
    4 * groups.len()
}

/// The four characters of a word, in element order.
fn characters(word: u32, text: Text) -> [u8; 4] {
    match text {
        Text::Machine => word.to_le_bytes(),
        Text::Stream => word.to_be_bytes(),
    }
}

/// Append one byte per element. The rest of the last word is zero.
pub(crate) fn encode(order: WordOrder, source: Source<'_>, text: Text, out: &mut Vec<u8>) -> Result<(), EncodeError> {
    let Source::U8(values) = source else { return Err(Source::unexpected()) };
    // From the least significant byte up is the order of a stream whose words have the other byte order.
    let order = match (text, order) {
        (Text::Stream, order) => order,
        (Text::Machine, WordOrder::Big) => WordOrder::Little,
        (Text::Machine, WordOrder::Little) => WordOrder::Big,
    };
    pack(order, out, 0, 8, &MappedInput(values, IntoToken::token));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example::rsf;
    use crate::order::{Big, Little};

    /// Example E4 of docs/format/codecs.md, section 16.
    #[test]
    fn type_7_fills_words_from_the_high_byte_and_type_3_from_the_low_one() {
        let text = *b"ABCDEFG";
        // "ABCD" "EFG", and a zero that fills the last word
        let string = [0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47, 0x00];
        // "DCBA", zero, "GFE"
        let characters = [0x44, 0x43, 0x42, 0x41, 0x00, 0x47, 0x46, 0x45];
        for (kind, xdf) in [(Text::Stream, string), (Text::Machine, characters)] {
            let mut out = Vec::new();
            encode(WordOrder::Big, Source::U8(&text), kind, &mut out).unwrap();
            assert_eq!(out, xdf);
            let mut out = [0; 7];
            decode(Words::<Big>::new(&xdf), kind, &mut out).unwrap();
            assert_eq!(out, text);
            decode(Words::<Little>::new(&rsf(&xdf)), kind, &mut out).unwrap();
            assert_eq!(out, text);
        }
        // In an RSF file the bytes of type 3 are the text itself.
        assert_eq!(rsf(&characters)[..7], text);
    }
}
