//! Dispatch of a checked record to the codec of its data type.

use super::Plan;
use crate::bits::Words;
use crate::element::Target;
use crate::error::DecodeError;
use crate::options::Threads;
use crate::order::{Big, Little};
use crate::quantized::type1::{self, Form};
use crate::quantized::type6;
use crate::text::Text;
use crate::tokens::{EraseOrder, TokenSink, Tokens};
use crate::turbopack::Plane;
use crate::types::{BaseType, WordOrder};
use crate::{ieee, ieee_turbo, integer, text, turbopack};

impl Plan<'_> {
    /// Decode the elements that are in the payload into `target`, whose length and type were checked.
    ///
    /// This function is not generic over the element type, so decoders are compiled in this crate, not in each user of it.
    pub(super) fn decode_target(&self, target: Target<'_>, threads: Threads) -> Result<(), DecodeError> {
        match self.payload.order {
            WordOrder::Big => self.decode(Words::<Big>::new(self.payload.bytes), target, threads),
            WordOrder::Little => self.decode(Words::<Little>::new(self.payload.bytes), target, threads),
        }
    }

    fn decode<O: EraseOrder>(
        &self,
        words: Words<'_, O>,
        target: Target<'_>,
        threads: Threads,
    ) -> Result<(), DecodeError> {
        let payload = &self.payload;
        let bits = payload.pack_bits;
        let n_out = target.len();
        let plane = Plane { ni: payload.shape.ni as usize, nj: payload.shape.nj as usize };
        // Whether type 1 read as f64 is rounded to 32 bits, as in librmn.
        let rounded = payload.order == WordOrder::Little && payload.data_bits != 64;
        // The header of type 6 counts elements. In compressed records that lost planes it counts all planes, or one.
        let n = payload.shape.len().unwrap_or(0);
        let counts = [n, if payload.data_type.is_turbo() { payload.shape.plane() } else { n }];
        let plain = |start: u64, width: u32| O::any_stream(words, start, width, n_out);
        let pairs = || O::any_pairs(words, n_out);
        let turbo = |first: u64| -> Result<_, DecodeError> {
            let stream = words.from(first)?;
            Ok(move |sink: &mut dyn TokenSink| turbopack::decode(stream, plane, n_out, threads, sink))
        };
        match (payload.data_type.base(), payload.data_type.is_turbo()) {
            (BaseType::Unsigned, false) if bits == 64 => integer::decode_64(&pairs()?, false, threads, target),
            (BaseType::Signed, _) if bits == 64 => integer::decode_64(&pairs()?, true, threads, target),
            (BaseType::Ieee | BaseType::Complex, false) if bits == 64 => ieee::decode_64(&pairs()?, threads, target),
            (BaseType::Unsigned, false) => {
                let stream = plain(32 * u64::from(self.shifted), u32::from(bits))?;
                integer::decode_unsigned(Tokens::Plain(&stream), u32::MAX, threads, target)
            }
            (BaseType::Signed, _) => {
                integer::decode_signed(Tokens::Plain(&plain(0, u32::from(bits))?), bits, threads, target)
            }
            (BaseType::Ieee | BaseType::Complex, false) => {
                ieee::decode(Tokens::Plain(&plain(0, u32::from(bits))?), bits, threads, target)
            }
            (BaseType::Unsigned, true) => {
                integer::decode_unsigned(Tokens::Turbo(&mut turbo(1)?), (1_u32 << bits) - 1, threads, target)
            }
            (BaseType::Real, false) => {
                let scale = self.scale.map_or_else(|| type1::Scale::parse(words, Form::Short), Ok)?;
                let stream = plain(type1::HEADER_BITS, scale.width)?;
                type1::decode(scale, Tokens::Plain(&stream), threads, rounded, target)
            }
            (BaseType::Real, true) => {
                let scale = type1::Scale::parse(words.from(1)?, Form::Long)?;
                type1::decode(scale, Tokens::Turbo(&mut turbo(5)?), threads, rounded, target)
            }
            (BaseType::Quantized, false) => {
                let scale = type6::Scale::parse(words, &counts)?;
                let stream = plain(type6::HEADER_WORDS * 32, 16)?;
                type6::decode(scale, Tokens::Plain(&stream), threads, target)
            }
            (BaseType::Quantized, true) => {
                let scale = type6::Scale::parse(words.from(1)?, &counts)?;
                type6::decode(scale, Tokens::Turbo(&mut turbo(4)?), threads, target)
            }
            (BaseType::Ieee, true) => {
                let stream = words.from(1)?;
                let double = |bits| f64::from(f32::from_bits(bits));
                match target {
                    Target::F32(out) => ieee_turbo::decode(stream, plane, out, threads, f32::from_bits),
                    Target::F64(out) => ieee_turbo::decode(stream, plane, out, threads, double),
                    _ => Err(Target::unexpected()),
                }
            }
            (BaseType::Raw, _) => match target {
                Target::U32(out) => {
                    let stream = plain(0, 32)?;
                    integer::decode_raw(Tokens::Plain(&stream), threads, out)
                }
                _ => Err(Target::unexpected()),
            },
            (BaseType::Characters, _) => match target {
                Target::U8(out) => text::decode(words, Text::Machine, out),
                _ => Err(Target::unexpected()),
            },
            (BaseType::String, _) => match target {
                Target::U8(out) => text::decode(words, Text::Stream, out),
                _ => Err(Target::unexpected()),
            },
            (BaseType::Complex, true) | (BaseType::Unknown(_), _) => {
                Err(DecodeError::DataType { data_type: payload.data_type })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Payload;
    use super::*;
    use crate::example::rsf;
    use crate::types::{DataType, Shape};

    /// One word or two, or four for the header of type 6, are enough for each type; sections 3 and 5 of
    /// docs/format/codecs.md.
    #[test]
    fn each_type_goes_to_its_codec() {
        let quantized = [0xef, 0xff, 0x96, 0x00, 0, 0, 0, 0, 0, 0, 0, 1, 0x12, 0x34, 0, 0]; // unit 1, minimum 0
        let types: [(&[u8], DataType, u8, f64); 5] = [
            (&[0x12, 0x34, 0x56, 0x78], DataType::UNSIGNED, 16, f64::from(0x1234)),
            (&[0x12, 0x34, 0x56, 0x78], DataType::SIGNED, 16, f64::from(0x1234 - 0x8000)),
            (&[0x3f, 0xc0, 0x00, 0x00], DataType::IEEE, 32, 1.5),
            (&[0x3f, 0xf8, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00], DataType::IEEE, 64, 1.5),
            (&quantized, DataType::QUANTIZED, 16, f64::from(0x1234)),
        ];
        for (xdf, data_type, pack_bits, expected) in types {
            for (order, bytes) in [(WordOrder::Big, xdf.to_vec()), (WordOrder::Little, rsf(xdf))] {
                let shape = Shape { ni: 1, nj: 1, nk: 1 };
                let payload = Payload { bytes: &bytes, order, data_type, pack_bits, data_bits: 0, shape };
                let mut out = [0.0_f64];
                payload.plan().unwrap().decode_target(Target::F64(&mut out), Threads::One).unwrap();
                assert_eq!(out, [expected], "{data_type:?} {order:?}");
            }
        }
    }
}
