//! Types with a compressed form: reals of types 1, 5 and 6, and compressed unsigned integers.

use alloc::vec::Vec;

use super::PackRequest;
use super::choose::{Choice, plain_words};
use crate::bits::put_words;
use crate::cast::IntoToken;
use crate::element::{Real, Source};
use crate::error::EncodeError;
use crate::kernels::Extremes;
use crate::mask::Mask;
use crate::quantized::type1::{self, Form};
use crate::quantized::{Unfit, extremes, type6};
use crate::tokens::{MappedInput, PlaneSource, StreamSource, pack};
use crate::types::BaseType;

/// Refuse reals that rounding to 32 bits would make infinite, unless they are missing.
pub(super) fn check_rounding(values: &[f64], missing: Option<&Mask>) -> Result<(), EncodeError> {
    let overflows = |value: f64| value.is_finite() && value.single().is_infinite();
    // One pass without branches, which is vectorised. Only if it finds something the position is searched for.
    if !values.iter().fold(false, |any, &value| any | overflows(value)) {
        return Ok(());
    }
    let there = |index: usize| missing.is_none_or(|mask| !mask[index]);
    match values.iter().enumerate().find(|&(index, &value)| overflows(value) && there(index)) {
        None => Ok(()),
        Some((index, &value)) => Err(EncodeError::Value { index, value, reason: "beyond the range of 32-bit reals" }),
    }
}

/// Refuse infinity beside missing values: these are read by their being the largest, and no number is larger.
pub(super) fn check_room(source: Source<'_>, missing: &Mask) -> Result<(), EncodeError> {
    fn first<T: Copy + PartialEq + Into<f64>>(values: &[T], missing: &Mask, infinity: T) -> Result<(), EncodeError> {
        match values.iter().enumerate().find(|&(index, &value)| value == infinity && !missing[index]) {
            None => Ok(()),
            Some((index, &value)) => {
                let reason = "beside missing values infinity would be taken for a missing one";
                Err(EncodeError::Value { index, value: value.into(), reason })
            }
        }
    }
    match source {
        Source::F32(values) => first(values, missing, f32::INFINITY),
        Source::F64(values) => first(values, missing, f64::INFINITY),
        _ => Ok(()),
    }
}

impl PackRequest<'_> {
    /// Append the payload of type 1, 5 (up to 32 bits) or 6. Returns whether it is compressed.
    pub(super) fn encode_real<T: Extremes<S> + Into<f64>, S: Real>(
        &self,
        choice: Choice,
        n: u64,
        values: &[T],
        map: impl Fn(T) -> S + Copy + Sync,
        out: &mut Vec<u8>,
    ) -> Result<bool, EncodeError> {
        let width = u32::from(choice.bits);
        let unfit = |unfit: Unfit| unfit.error(values, map);
        match choice.base {
            BaseType::Real => {
                let range = extremes::<T, S>(values, choice.threads).map(|(low, high)| (low.into(), high.into()));
                let quantizer = type1::Quantizer::new(range, width).map_err(unfit)?;
                let token = move |value| quantizer.token(map(value).into());
                let header = quantizer.header(Form::Long, n);
                if choice.turbo && self.compressed(choice, n, &MappedInput(values, token), &header, out)? {
                    return Ok(true);
                }
                self.append(plain_words(choice, choice.turbo, n), out, |out| {
                    put_words(self.order, out, quantizer.header(Form::Short, n));
                    if width < 32 {
                        let distance = move |value| quantizer.distance(map(value).into());
                        pack(self.order, out, type1::KEPT, width, &MappedInput(values, distance));
                    } else {
                        pack(self.order, out, type1::KEPT, width, &MappedInput(values, token));
                    }
                    Ok(())
                })
            }
            BaseType::Quantized => {
                if u32::try_from(n).is_err() {
                    return Err(EncodeError::Shape { shape: self.shape, reason: "type 6 counts elements in 32 bits" });
                }
                let range = extremes::<T, S>(values, choice.threads).map(|(low, high)| (low.single(), high.single()));
                let quantizer = type6::Quantizer::new(range, width, self.rules).map_err(unfit)?;
                let header = quantizer.header(n);
                if quantizer.is_small() {
                    let token = move |value| quantizer.small_token(map(value).single());
                    self.encode_mantissas(choice, n, &MappedInput(values, token), &header, out)
                } else {
                    let token = move |value| quantizer.token(map(value).single());
                    self.encode_mantissas(choice, n, &MappedInput(values, token), &header, out)
                }
            }
            _ => {
                let bits = move |value| map(value).single().to_bits();
                if choice.turbo && self.compressed_ieee(choice, n, values, bits, out)? {
                    return Ok(true);
                }
                let cut = 32 - width;
                self.append(plain_words(choice, choice.turbo, n), out, |out| {
                    pack(self.order, out, 0, width, &MappedInput(values, move |value| bits(value) >> cut));
                    Ok(())
                })
            }
        }
    }

    /// Append the payload of type 6, given its header and tokens. Returns whether it is compressed.
    fn encode_mantissas(
        &self,
        choice: Choice,
        n: u64,
        values: &(impl StreamSource + PlaneSource),
        header: &[u32],
        out: &mut Vec<u8>,
    ) -> Result<bool, EncodeError> {
        if choice.turbo && self.compressed(choice, n, values, header, out)? {
            return Ok(true);
        }
        self.append(plain_words(choice, choice.turbo, n), out, |out| {
            put_words(self.order, out, header.iter().copied());
            pack(self.order, out, 0, 16, values);
            Ok(())
        })
    }

    /// Append the payload of type 130, or of type 2 if it does not compress. Returns whether it is compressed.
    ///
    /// The type 2 payload has the length of type 2. That of type 130, which librmn gives it, is the sign of a stream that
    /// starts one word late.
    pub(super) fn encode_compressed_unsigned<T: IntoToken + Sync>(
        &self,
        choice: Choice,
        n: u64,
        values: &[T],
        out: &mut Vec<u8>,
    ) -> Result<bool, EncodeError> {
        let width = u32::from(choice.bits);
        let mask = (1 << width) - 1;
        if self.compressed(choice, n, &MappedInput(values, move |value| IntoToken::token(value) & mask), &[], out)? {
            return Ok(true);
        }
        self.append(plain_words(choice, false, n), out, |out| {
            pack(self.order, out, 0, width, &MappedInput(values, IntoToken::token));
            Ok(())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::{Compression, Rules, Threads};
    use crate::types::{DataType, Shape, WordOrder};

    /// Examples E6 and E7 of docs/format/codecs.md, section 16: header and tokens as in `quantized`.
    #[test]
    fn a_header_comes_before_the_tokens() {
        let type1 = [
            0x7f, 0xf0, 0x00, 0x05, 0x0f, 0xf8, 0x3d, 0x11, 0xd0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x0c, // 120 bits
            0x44, 0x05, 0xc0, 0x00, 0x0d, 0x40, 0x35, 0x90, 0x00, // tokens 440 5c0 000 d40 359
        ];
        let type6 = [
            0xef, 0xfb, 0x82, 0x0c, 0xff, 0xcc, 0x00, 0x00, 0x00, 0x00, 0x00, 0x05, // three words
            0x04, 0x40, 0x05, 0xc0, 0x00, 0x00, 0x0d, 0x40, 0x03, 0x5a, 0x00, 0x00, // tokens of 16 bits
        ];
        for (data_type, expected) in [(DataType::REAL, type1), (DataType::QUANTIZED, type6)] {
            let request = PackRequest {
                data_type,
                pack_bits: 12,
                shape: Shape { ni: 5, nj: 1, nk: 1 },
                order: WordOrder::Big,
                rules: Rules::Recommended,
                compression: Compression::Normal,
                missing: None,
            };
            let mut out = Vec::new();
            request.encode(&[1.0_f32, 2.5, -3.25, 10.0, 0.1], Threads::One, &mut out).unwrap();
            assert_eq!(out, expected);
        }
    }

    #[test]
    fn doubles_beyond_single_precision_are_errors() {
        assert_eq!(check_rounding(&[1.0, f64::INFINITY], None), Ok(()));
        assert!(matches!(check_rounding(&[1.0, 1.0e39], None), Err(EncodeError::Value { index: 1, .. })));
    }
}
