//! Reals: quantified, or cut, and then compressed if asked for.

use alloc::vec::Vec;

use super::PackRequest;
use super::choose::{Choice, plain_words};
use crate::bits::put_words;
use crate::cast::IntoToken;
use crate::element::Real;
use crate::error::EncodeError;
use crate::kernels::Extremes;
use crate::mask::Mask;
use crate::quantized::type1::{self, Form};
use crate::quantized::{Unfit, extremes, type6};
use crate::tokens::pack;
use crate::tokens::{Mapped, Planar, Streamed};
use crate::types::BaseType;

/// Reals that become infinite when they are rounded to 32 bits are an error, unless they are missing.
pub(super) fn check_rounding(values: &[f64], missing: Option<&Mask>) -> Result<(), EncodeError> {
    let overflows = |value: f64| value.is_finite() && value.single().is_infinite();
    // All of them first: that needs no branch.
    if !values.iter().fold(false, |any, &value| any | overflows(value)) {
        return Ok(());
    }
    let there = |index: usize| missing.is_none_or(|mask| !mask[index]);
    match values.iter().enumerate().find(|&(index, &value)| overflows(value) && there(index)) {
        None => Ok(()),
        Some((index, &value)) => Err(EncodeError::Value { index, value, reason: "beyond the range of 32-bit reals" }),
    }
}

impl PackRequest<'_> {
    /// Types 1, 5 (up to 32 bits) and 6, compressed or not. Returns whether the payload is compressed.
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
                if choice.turbo && self.compressed(choice, n, &Mapped(values, token), &header, out)? {
                    return Ok(true);
                }
                self.append(plain_words(choice, choice.turbo, n), out, |out| {
                    put_words(self.order, out, quantizer.header(Form::Short, n));
                    if width < 32 {
                        let distance = move |value| quantizer.distance(map(value).into());
                        pack(self.order, out, type1::KEPT, width, &Mapped(values, distance));
                    } else {
                        pack(self.order, out, type1::KEPT, width, &Mapped(values, token));
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
                    self.encode_mantissas(choice, n, &Mapped(values, token), &header, out)
                } else {
                    let token = move |value| quantizer.token(map(value).single());
                    self.encode_mantissas(choice, n, &Mapped(values, token), &header, out)
                }
            }
            _ => {
                let bits = move |value| map(value).single().to_bits();
                if choice.turbo && self.compressed_ieee(choice, n, values, bits, out)? {
                    return Ok(true);
                }
                let cut = 32 - width;
                self.append(plain_words(choice, choice.turbo, n), out, |out| {
                    pack(self.order, out, 0, width, &Mapped(values, move |value| bits(value) >> cut));
                    Ok(())
                })
            }
        }
    }

    /// Type 6, compressed if asked for and possible.
    fn encode_mantissas(
        &self,
        choice: Choice,
        n: u64,
        values: &(impl Streamed + Planar),
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

    /// Type 130, or type 2 if that is not possible: then with the length of type 2, by which it is known that the stream
    /// starts at the first word.
    pub(super) fn encode_compressed_unsigned<T: IntoToken + Sync>(
        &self,
        choice: Choice,
        n: u64,
        values: &[T],
        out: &mut Vec<u8>,
    ) -> Result<bool, EncodeError> {
        let width = u32::from(choice.bits);
        let mask = (1 << width) - 1;
        if self.compressed(choice, n, &Mapped(values, move |value| IntoToken::token(value) & mask), &[], out)? {
            return Ok(true);
        }
        self.append(plain_words(choice, false, n), out, |out| {
            pack(self.order, out, 0, width, &Mapped(values, IntoToken::token));
            Ok(())
        })
    }
}
