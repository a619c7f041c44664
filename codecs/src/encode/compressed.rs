//! Payloads with second-stage compression: types 129, 130, 133 and 134 (section 7 of the format's description).

use alloc::vec::Vec;

use super::PackRequest;
use super::choose::{Choice, plain_words};
use crate::bits::{put_words, word_bytes};
use crate::cast::{index, low32};
use crate::error::EncodeError;
use crate::ieee_turbo;
use crate::tokens::PlaneSource;
use crate::turbopack::{self, Plane};
use crate::types::{BaseType, WordOrder};

impl PackRequest<'_> {
    /// The first plane, the only one of a compressed record.
    fn plane(&self) -> Plane {
        Plane { ni: index(self.shape.ni.into()), nj: index(self.shape.nj.into()) }
    }

    /// Append the payload of type 129, 130 or 134: its length, a header, and the compressed tokens. Returns false, with `out` as
    /// before, if it does not compress.
    pub(super) fn compressed(
        &self,
        choice: Choice,
        n: u64,
        values: &dyn PlaneSource,
        header: &[u32],
        out: &mut Vec<u8>,
    ) -> Result<bool, EncodeError> {
        let start = out.len();
        self.reserve(plain_words(choice, true, n), out)?;
        out.extend_from_slice(&[0; 4]);
        put_words(self.order, out, header.iter().copied());
        let stream = out.len();
        let width = u32::from(choice.bits);
        if !turbopack::encode(self.order, self.plane(), width, self.compression, values, choice.threads, out) {
            out.truncate(start);
            return Ok(false);
        }
        let bytes = (out.len() - stream) as u64 + 1;
        self.finish(choice, n, start, bytes, out);
        Ok(true)
    }

    /// Append the payload of type 133. `bits` returns the 32 bits of a value. Returns false, with `out` as before, if it does not
    /// compress.
    pub(super) fn compressed_ieee<T: Copy + Sync>(
        &self,
        choice: Choice,
        n: u64,
        values: &[T],
        bits: impl Fn(T) -> u32 + Copy + Sync,
        out: &mut Vec<u8>,
    ) -> Result<bool, EncodeError> {
        let start = out.len();
        self.reserve(plain_words(choice, true, n), out)?;
        out.extend_from_slice(&[0; 4]);
        let Some(bytes) =
            ieee_turbo::encode(self.order, self.plane(), choice.bits.into(), values, bits, choice.threads, out)
        else {
            out.truncate(start);
            return Ok(false);
        };
        self.finish(choice, n, start, bytes, out);
        Ok(true)
    }

    /// Pad the payload that starts at `start`, and store its length in word 0. `bytes` is the length of the compressed part as
    /// the format counts it.
    fn finish(&self, choice: Choice, n: u64, start: usize, bytes: u64, out: &mut Vec<u8>) {
        let before = match choice.base {
            BaseType::Unsigned => 4,
            BaseType::Quantized => 28,
            _ => 16,
        };
        let words = 2 * (before + bytes).div_ceil(8);
        // RSF records have one more word for type 129, but not more than the plain record.
        let length = match self.order {
            WordOrder::Big => words,
            WordOrder::Little => {
                let most = plain_words(choice, true, n).unwrap_or(u64::MAX);
                most.min(words + u64::from(choice.base == BaseType::Real))
            }
        };
        out.resize((start + index(4 * length)).max(out.len()), 0);
        out[start..start + 4].copy_from_slice(&word_bytes(self.order, low32(words)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::{Compression, Rules, Threads};
    use crate::types::{DataType, Shape};

    /// Example E8 of docs/format/codecs.md, section 16: type 130; sections 7 and 10.2.
    #[test]
    fn the_length_in_words_comes_first() {
        let mut request = PackRequest {
            data_type: DataType::UNSIGNED_TURBO,
            pack_bits: 6,
            shape: Shape { ni: 7, nj: 2, nk: 1 },
            order: WordOrder::Big,
            rules: Rules::Recommended,
            compression: Compression::Normal,
            missing: None,
        };
        let mut out = Vec::new();
        let tokens = [10_u32, 10, 11, 12, 13, 20, 20, 10, 11, 11, 12, 12, 20, 20];
        let stored = request.encode(&tokens, Threads::One, &mut out).unwrap();
        assert_eq!(stored.data_type, DataType::UNSIGNED_TURBO);
        let expected = [
            0x00, 0x00, 0x00, 0x06, // 2 * ceil((4 + 13) / 8) words, where the stream counts 13 bytes
            0x00, 0x00, 0x9a, 0x83, 0x22, 0x81, 0xb1, 0x68, 0x14, 0x00, 0x00, 0x00, // the stream, see `turbopack`
            0, 0, 0, 0, 0, 0, 0, 0, // padding
        ];
        assert_eq!(out, expected);
        // Too short for a stream: an ordinary type 2 record.
        request.shape.nj = 1;
        let stored = request.encode(&tokens[..7], Threads::One, &mut out).unwrap();
        assert_eq!(stored.data_type, DataType::UNSIGNED);
    }
}
