//! Types 3 and 7: characters, one byte per element.

use alloc::vec::Vec;

use crate::bits::{Order, Words, put_words};
use crate::element::Source;
use crate::error::{DecodeError, EncodeError};
use crate::types::WordOrder;

/// How the characters of a word are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Text {
    /// Type 3: from the least significant byte up, the memory order of the machines that write.
    Machine,
    /// Type 7: from the most significant byte down.
    Stream,
}

/// Characters in element order.
pub(crate) fn decode<O: Order>(words: Words<'_, O>, text: Text, out: &mut [u8]) -> Result<(), DecodeError> {
    words.check_end("character", (out.len() as u64).saturating_mul(8))?;
    let bytes = |word: u32| match text {
        Text::Machine => word.to_le_bytes(),
        Text::Stream => word.to_be_bytes(),
    };
    let mut stream = words.iter();
    let (groups, rest) = out.as_chunks_mut::<4>();
    for (group, word) in groups.iter_mut().zip(&mut stream) {
        *group = bytes(word);
    }
    for (value, byte) in rest.iter_mut().zip(stream.next().map(bytes).into_iter().flatten()) {
        *value = byte;
    }
    Ok(())
}

/// Append one byte per element; the rest of the last word is zero.
pub(crate) fn encode(order: WordOrder, source: Source<'_>, text: Text, out: &mut Vec<u8>) -> Result<(), EncodeError> {
    let Source::U8(values) = source else { return Err(Source::unexpected()) };
    let word = |bytes: [u8; 4]| match text {
        Text::Machine => u32::from_le_bytes(bytes),
        Text::Stream => u32::from_be_bytes(bytes),
    };
    let (groups, rest) = values.as_chunks::<4>();
    put_words(order, out, groups.iter().map(|&group| word(group)));
    if !rest.is_empty() {
        let mut last = [0; 4];
        last.iter_mut().zip(rest).for_each(|(last, &byte)| *last = byte);
        put_words(order, out, [word(last)]);
    }
    Ok(())
}
