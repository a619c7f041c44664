//! Types 0, 2 and 4: raw words, unsigned and signed integers.

use alloc::vec::Vec;

use crate::bits::{Order, Words, pack, pack_pairs, unpack, unpack_pairs};
use crate::element::{Source, Target};
use crate::error::{DecodeError, EncodeError};
use crate::packed::Threads;

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
pub(crate) fn decode_raw<O: Order>(words: Words<'_, O>, threads: Threads, out: &mut [u32]) -> Result<(), DecodeError> {
    unpack(words, 0, 32, threads, out, |word| word)
}

/// Type 2: `width` is 1 to 32, or 64; the stream starts at word `start`.
pub(crate) fn decode_unsigned<O: Order>(
    words: Words<'_, O>,
    start: u64,
    width: u8,
    threads: Threads,
    target: Target<'_>,
) -> Result<(), DecodeError> {
    each_target!(unsigned target, out => {
        if width == 64 {
            decode_wide(words, threads, out, FromInteger::from_wide)
        } else {
            unpack(words, start * 32, u32::from(width), threads, out, FromInteger::from_unsigned)
        }
    })
}

/// Type 4: `width` is 1 to 32 (offset binary), or 64 (native).
pub(crate) fn decode_signed<O: Order>(
    words: Words<'_, O>,
    width: u8,
    threads: Threads,
    target: Target<'_>,
) -> Result<(), DecodeError> {
    each_target!(signed target, out => {
        if width == 64 {
            decode_wide(words, threads, out, |value| FromInteger::from_signed_wide(value.cast_signed()))
        } else {
            let offset = 1_u32 << (width - 1);
            unpack(words, 0, u32::from(width), threads, out, move |token| {
                FromInteger::from_signed(token.wrapping_sub(offset).cast_signed())
            })
        }
    })
}

/// 64-bit integers: low word first, unlike every other type.
fn decode_wide<O: Order, T: Send>(
    words: Words<'_, O>,
    threads: Threads,
    out: &mut [T],
    map: impl Fn(u64) -> T + Copy + Send + Sync,
) -> Result<(), DecodeError> {
    unpack_pairs(words, threads, out, move |pair| map(pair.rotate_left(32)))
}

/// An integer as the 32 bits of which a token is the low ones, and as 64 bits.
pub(crate) trait IntoToken: Copy {
    fn token(self) -> u32;
    fn wide(self) -> u64;
}

macro_rules! into_token {
    ($($type:ty as $signed:ty),*) => {$(
        #[allow(
            clippy::cast_possible_truncation, clippy::cast_possible_wrap, clippy::cast_sign_loss,
            reason = "sign extension or the low bits, as the format says"
        )]
        impl IntoToken for $type {
            #[inline(always)]
            fn token(self) -> u32 { self as $signed as u32 }
            #[inline(always)]
            fn wide(self) -> u64 { self as u64 }
        }
    )*};
}
into_token!(u8 as u32, u16 as u32, u32 as u32, u64 as u32, i8 as i32, i16 as i32, i32 as i32, i64 as i32);

/// Run the same generic expression on whichever slice the source is, of those that a sign allows.
macro_rules! each_source {
    (unsigned $source:expr, $values:ident => $body:expr) => {
        $crate::integer::each_source!($source, [U8 U16 U32 U64], $values => $body)
    };
    (signed $source:expr, $values:ident => $body:expr) => {
        $crate::integer::each_source!($source, [I8 I16 I32 I64], $values => $body)
    };
    (real $source:expr, $values:ident => $body:expr) => {
        $crate::integer::each_source!($source, [F32 F64], $values => $body)
    };
    ($source:expr, [$($variant:ident)*], $values:ident => $body:expr) => {
        match $source {
            $( $crate::element::Source::$variant($values) => $body, )*
            _ => Err($crate::element::Source::unexpected()),
        }
    };
}
pub(crate) use each_source;

/// Append the payload of type 0.
pub(crate) fn encode_raw<O: Order>(source: Source<'_>, out: &mut Vec<u8>) -> Result<(), EncodeError> {
    let Source::U32(words) = source else { return Err(Source::unexpected()) };
    pack::<O, _, _>(out, 0, 32, words, |word| word);
    Ok(())
}

/// Append the payload of type 2: `width` is 1 to 32, or 64; the low bits are stored.
pub(crate) fn encode_unsigned<O: Order>(source: Source<'_>, width: u8, out: &mut Vec<u8>) -> Result<(), EncodeError> {
    each_source!(unsigned source, values => {
        if width == 64 {
            encode_wide::<O, _>(values, out);
        } else {
            pack::<O, _, _>(out, 0, u32::from(width), values, IntoToken::token);
        }
        Ok(())
    })
}

/// Append the payload of type 4: `width` is 1 to 32 (offset binary), or 64 (native).
pub(crate) fn encode_signed<O: Order>(source: Source<'_>, width: u8, out: &mut Vec<u8>) -> Result<(), EncodeError> {
    each_source!(signed source, values => {
        if width == 64 {
            encode_wide::<O, _>(values, out);
        } else {
            let offset = 1_u32 << (width - 1);
            pack::<O, _, _>(out, 0, u32::from(width), values, move |value| value.token().wrapping_add(offset));
        }
        Ok(())
    })
}

/// 64-bit integers: low word first, unlike every other type.
fn encode_wide<O: Order, T: IntoToken>(values: &[T], out: &mut Vec<u8>) {
    pack_pairs::<O, _>(out, values, |value| value.wide().rotate_left(32));
}
