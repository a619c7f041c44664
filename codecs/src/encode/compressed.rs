//! The second stage: payloads of types 129, 130, 133 and 134.

use alloc::vec::Vec;

use super::PackRequest;
use super::choose::{Choice, plain_words};
use crate::bits::{put_words, word_bytes};
use crate::cast::{index, low32};
use crate::error::EncodeError;
use crate::ieee_turbo;
use crate::tokens::Planar;
use crate::turbopack::{self, Plane};
use crate::types::{BaseType, WordOrder};

impl PackRequest<'_> {
    fn plane(&self) -> Plane {
        Plane { ni: index(self.shape.ni.into()), nj: index(self.shape.nj.into()) }
    }

    /// Append the payload of type 129, 130 or 134: its length, a header, and the stream of the tokens. Returns whether it
    /// compresses; if not, `out` is as before.
    pub(super) fn compressed(
        &self,
        choice: Choice,
        n: u64,
        values: &dyn Planar,
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

    /// Append the payload of type 133; `bits` gives the 32 bits of a value.
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

    /// Pad a payload whose compressed part has so many bytes, as the format counts them, and put its length in front.
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
