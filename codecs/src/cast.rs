//! Conversions of integers that lose bits on purpose.

/// The low 32 bits.
#[inline(always)]
#[expect(clippy::cast_possible_truncation, reason = "the low bits are the point")]
pub(crate) fn low32(value: u64) -> u32 {
    value as u32
}

/// The low 16 bits.
#[inline(always)]
#[expect(clippy::cast_possible_truncation, reason = "the low bits are the point")]
pub(crate) fn low16(value: u32) -> u16 {
    value as u16
}

/// A length or position as an index. What does not fit in `usize` becomes `usize::MAX`, which is beyond every slice.
#[inline(always)]
pub(crate) fn index(value: u64) -> usize {
    usize::try_from(value).unwrap_or(usize::MAX)
}

/// An element type that the integers of a record are converted to. Integers keep the low bits, floats become the nearest
/// value.
pub(crate) trait FromInteger: Sized {
    fn from_u32(value: u32) -> Self;
    fn from_i32(value: i32) -> Self;
    fn from_u64(value: u64) -> Self;
    fn from_i64(value: i64) -> Self;
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
            fn from_u32(value: u32) -> Self { value as Self }
            #[inline(always)]
            fn from_i32(value: i32) -> Self { value as Self }
            #[inline(always)]
            fn from_u64(value: u64) -> Self { value as Self }
            #[inline(always)]
            fn from_i64(value: i64) -> Self { value as Self }
        }
    )*};
}
from_integer!(u8 i8 u16 i16 u32 i32 u64 i64 f32 f64);

/// An integer of the caller that is packed into a token.
pub(crate) trait IntoToken: Copy {
    /// 32 bits, sign-extended if the type is signed. A token of `width` bits is the low ones of them.
    fn token(self) -> u32;
    /// The integer as 64 bits, sign-extended likewise.
    fn bits64(self) -> u64;
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
            fn bits64(self) -> u64 { self as u64 }
        }
    )*};
}
into_token!(u8 as u32, u16 as u32, u32 as u32, u64 as u32, i8 as i32, i16 as i32, i32 as i32, i64 as i32);
