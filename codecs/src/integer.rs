//! Types 0, 2 and 4: raw words, unsigned and signed integers.

use crate::bits::{Order, Words, unpack};
use crate::element::Target;
use crate::error::DecodeError;

/// A number that integers of a record can become: a wide enough integer, or a float (nearest value).
pub(crate) trait FromInteger: Sized {
    fn from_unsigned(value: u32) -> Self;
    fn from_signed(value: i32) -> Self;
    fn from_wide(value: u64) -> Self;
    fn from_signed_wide(value: i64) -> Self;
}

macro_rules! from_integer {
    ($($type:ty)*) => {$(
        #[expect(
            clippy::cast_possible_truncation, clippy::cast_possible_wrap, clippy::cast_sign_loss, clippy::allow_attributes,
            reason = "low bits, as the format says; the natural type loses nothing"
        )]
        #[allow(unfulfilled_lint_expectations, reason = "not every type needs every cast")]
        impl FromInteger for $type {
            #[inline(always)]
            fn from_unsigned(value: u32) -> Self { value as Self }
            #[inline(always)]
            fn from_signed(value: i32) -> Self { value as Self }
            #[inline(always)]
            fn from_wide(value: u64) -> Self { value as Self }
            #[inline(always)]
            fn from_signed_wide(value: i64) -> Self { value as Self }
        }
    )*};
}
from_integer!(u8 i8 u16 i16 u32 i32 u64 i64 f32 f64);

/// Run the same generic expression on whichever slice the target is, of those that a sign allows.
macro_rules! each_target {
    (unsigned $target:expr, $out:ident => $body:expr) => {
        $crate::integer::each_target!($target, [U8 U16 U32 U64 F32 F64], $out => $body)
    };
    (signed $target:expr, $out:ident => $body:expr) => {
        $crate::integer::each_target!($target, [I8 I16 I32 I64 F32 F64], $out => $body)
    };
    (real $target:expr, $out:ident => $body:expr) => {
        $crate::integer::each_target!($target, [F32 F64], $out => $body)
    };
    ($target:expr, [$($variant:ident)*], $out:ident => $body:expr) => {
        match $target {
            $( $crate::element::Target::$variant($out) => $body, )*
            _ => Err($crate::element::Target::unexpected()),
        }
    };
}
pub(crate) use each_target;

/// Type 0: words without interpretation.
pub(crate) fn decode_raw<O: Order>(words: Words<'_, O>, out: &mut [u32]) -> Result<(), DecodeError> {
    unpack(words, 0, 32, out, |word| word)
}

/// Type 2: `width` is 1 to 32, or 64; the stream starts at word `start`.
pub(crate) fn decode_unsigned<O: Order>(
    words: Words<'_, O>,
    start: u64,
    width: u8,
    target: Target<'_>,
) -> Result<(), DecodeError> {
    each_target!(unsigned target, out => {
        if width == 64 {
            decode_wide(words, out, FromInteger::from_wide)
        } else {
            unpack(words, start * 32, u32::from(width), out, FromInteger::from_unsigned)
        }
    })
}

/// Type 4: `width` is 1 to 32 (offset binary), or 64 (native).
pub(crate) fn decode_signed<O: Order>(words: Words<'_, O>, width: u8, target: Target<'_>) -> Result<(), DecodeError> {
    each_target!(signed target, out => {
        if width == 64 {
            decode_wide(words, out, |value| FromInteger::from_signed_wide(value.cast_signed()))
        } else {
            let offset = 1_u32 << (width - 1);
            unpack(words, 0, u32::from(width), out, |token| {
                FromInteger::from_signed(token.wrapping_sub(offset).cast_signed())
            })
        }
    })
}

/// 64-bit integers: low word first, unlike every other type.
fn decode_wide<O: Order, T>(words: Words<'_, O>, out: &mut [T], map: impl Fn(u64) -> T) -> Result<(), DecodeError> {
    words.check_end("token", (out.len() as u64).saturating_mul(64))?;
    for (value, pair) in out.iter_mut().zip(words.pairs()) {
        *value = map(pair.rotate_left(32));
    }
    Ok(())
}
