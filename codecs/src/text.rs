//! Types 3 and 7: characters, one byte per element.

use alloc::vec::Vec;

use crate::bits::Words;
use crate::cast::IntoToken;
use crate::element::Source;
use crate::error::{DecodeError, EncodeError};
use crate::order::Order;
use crate::tokens::MappedInput;
use crate::tokens::pack;
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
    // Characters from the least significant byte up are those of the stream in the other byte order.
    let order = match (text, order) {
        (Text::Stream, order) => order,
        (Text::Machine, WordOrder::Big) => WordOrder::Little,
        (Text::Machine, WordOrder::Little) => WordOrder::Big,
    };
    pack(order, out, 0, 8, &MappedInput(values, IntoToken::token));
    Ok(())
}
