//! Element types of the caller's buffer, and enums over them.
//!
//! A generic function of the public interface turns its slice into a [`Target`] or [`Source`] first. All code behind that
//! call is not generic over the caller's type, so codecs are compiled once, in this crate.

use crate::error::{DecodeError, EncodeError};
use crate::types::ElementKind;

/// A type that a record can be decoded into, or encoded from.
///
/// Implemented for the integers of 8 to 64 bits, `f32`, `f64`, and complex numbers as `[f32; 2]` and `[f64; 2]` (real
/// part first). The trait is sealed, because the format has no other types.
pub trait Element: sealed::Element + Copy + Default + PartialEq + Send + Sync + 'static {
    /// The same type as a value.
    const KIND: ElementKind;
}

/// The caller's output buffer. Complex numbers are flattened to twice as many reals.
pub(crate) enum Target<'a> {
    U8(&'a mut [u8]),
    I8(&'a mut [i8]),
    U16(&'a mut [u16]),
    I16(&'a mut [i16]),
    U32(&'a mut [u32]),
    I32(&'a mut [i32]),
    U64(&'a mut [u64]),
    I64(&'a mut [i64]),
    F32(&'a mut [f32]),
    F64(&'a mut [f64]),
}

impl Target<'_> {
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::U8(out) => out.len(),
            Self::I8(out) => out.len(),
            Self::U16(out) => out.len(),
            Self::I16(out) => out.len(),
            Self::U32(out) => out.len(),
            Self::I32(out) => out.len(),
            Self::U64(out) => out.len(),
            Self::I64(out) => out.len(),
            Self::F32(out) => out.len(),
            Self::F64(out) => out.len(),
        }
    }

    /// For match arms that no input can reach: [`Payload::decode_into`](crate::Payload::decode_into) compares the caller's
    /// type with the record's before any codec runs.
    pub(crate) fn unexpected() -> DecodeError {
        unreachable!("the element type was checked against the data type")
    }
}

/// The caller's values. Complex numbers are flattened to twice as many reals.
#[derive(Clone, Copy)]
pub(crate) enum Source<'a> {
    U8(&'a [u8]),
    I8(&'a [i8]),
    U16(&'a [u16]),
    I16(&'a [i16]),
    U32(&'a [u32]),
    I32(&'a [i32]),
    U64(&'a [u64]),
    I64(&'a [i64]),
    F32(&'a [f32]),
    F64(&'a [f64]),
}

impl Source<'_> {
    /// As [`Target::unexpected`], for [`PackRequest::encode`](crate::PackRequest::encode).
    pub(crate) fn unexpected() -> EncodeError {
        unreachable!("the element type was checked against the data type")
    }
}

mod sealed {
    use crate::element::{Source, Target};

    /// `Pod`: any bytes are values, so that callers can look at stored values where they lie.
    pub trait Element: bytemuck::Pod {
        #[expect(private_interfaces, reason = "sealed: nobody outside can call it")]
        fn target(out: &mut [Self]) -> Target<'_>;
        #[expect(private_interfaces, reason = "sealed: nobody outside can call it")]
        fn source(values: &[Self]) -> Source<'_>;
        /// Default missing value of section 9, `None` where the format has none.
        fn default_flag() -> Option<Self>;
    }
}
pub(crate) use sealed::Element as Sealed;

macro_rules! element {
    ($($type:ty, $kind:ident, $target:ident, $flag:expr;)*) => {$(
        impl Element for $type {
            const KIND: ElementKind = ElementKind::$kind;
        }
        impl sealed::Element for $type {
            #[expect(private_interfaces, reason = "sealed: nobody outside can call it")]
            fn target(out: &mut [Self]) -> Target<'_> {
                Target::$target(out)
            }
            #[expect(private_interfaces, reason = "sealed: nobody outside can call it")]
            fn source(values: &[Self]) -> Source<'_> {
                Source::$target(values)
            }
            fn default_flag() -> Option<Self> {
                Some($flag)
            }
        }
    )*};
}

element! {
    u8, U8, U8, u8::MAX;
    i8, I8, I8, i8::MIN;
    u16, U16, U16, u16::MAX;
    i16, I16, I16, i16::MIN;
    u32, U32, U32, u32::MAX;
    i32, I32, I32, i32::MIN;
    u64, U64, U64, u64::MAX;
    i64, I64, I64, i64::MIN;
    f32, F32, F32, -1.0e38;
    f64, F64, F64, -1.0e38;
}

macro_rules! complex {
    ($($part:ty, $kind:ident, $target:ident;)*) => {$(
        impl Element for [$part; 2] {
            const KIND: ElementKind = ElementKind::$kind;
        }
        impl sealed::Element for [$part; 2] {
            #[expect(private_interfaces, reason = "sealed: nobody outside can call it")]
            fn target(out: &mut [Self]) -> Target<'_> {
                Target::$target(out.as_flattened_mut())
            }
            #[expect(private_interfaces, reason = "sealed: nobody outside can call it")]
            fn source(values: &[Self]) -> Source<'_> {
                Source::$target(values.as_flattened())
            }
            fn default_flag() -> Option<Self> {
                None
            }
        }
    )*};
}

complex! {
    f32, Complex32, F32;
    f64, Complex64, F64;
}

/// Evaluate a generic expression on the slice in a [`Target`], for the element types that integers of this sign can become.
macro_rules! each_target {
    (unsigned $target:expr, $out:ident => $body:expr) => {
        $crate::element::each_target!($target, [U8 U16 U32 U64 F32 F64], $out => $body)
    };
    (signed $target:expr, $out:ident => $body:expr) => {
        $crate::element::each_target!($target, [I8 I16 I32 I64 F32 F64], $out => $body)
    };
    ($target:expr, [$($variant:ident)*], $out:ident => $body:expr) => {
        match $target {
            $( $crate::element::Target::$variant($out) => $body, )*
            _ => Err($crate::element::Target::unexpected()),
        }
    };
}
pub(crate) use each_target;

/// Evaluate a generic expression on the slice in a [`Source`], for the element types of this kind.
macro_rules! each_source {
    (unsigned $source:expr, $values:ident => $body:expr) => {
        $crate::element::each_source!($source, [U8 U16 U32 U64], $values => $body)
    };
    (signed $source:expr, $values:ident => $body:expr) => {
        $crate::element::each_source!($source, [I8 I16 I32 I64], $values => $body)
    };
    (real $source:expr, $values:ident => $body:expr) => {
        $crate::element::each_source!($source, [F32 F64], $values => $body)
    };
    (any $source:expr, $values:ident => $body:expr) => {
        match $source {
            $crate::element::Source::U8($values) => $body,
            $crate::element::Source::I8($values) => $body,
            $crate::element::Source::U16($values) => $body,
            $crate::element::Source::I16($values) => $body,
            $crate::element::Source::U32($values) => $body,
            $crate::element::Source::I32($values) => $body,
            $crate::element::Source::U64($values) => $body,
            $crate::element::Source::I64($values) => $body,
            $crate::element::Source::F32($values) => $body,
            $crate::element::Source::F64($values) => $body,
        }
    };
    ($source:expr, [$($variant:ident)*], $values:ident => $body:expr) => {
        match $source {
            $( $crate::element::Source::$variant($values) => $body, )*
            _ => Err($crate::element::Source::unexpected()),
        }
    };
}
pub(crate) use each_source;

/// A real element type.
pub(crate) trait Real: Copy + PartialOrd + Default + Into<f64> + Send {
    /// Nearest `f32`.
    fn single(self) -> f32;
    /// Whether this is neither infinite nor NaN.
    fn is_finite(self) -> bool;
}

impl Real for f32 {
    #[inline(always)]
    fn single(self) -> f32 {
        self
    }

    #[inline(always)]
    fn is_finite(self) -> bool {
        self.is_finite()
    }
}

impl Real for f64 {
    #[inline(always)]
    #[expect(clippy::cast_possible_truncation, reason = "rounding is the point")]
    fn single(self) -> f32 {
        self as f32
    }

    #[inline(always)]
    fn is_finite(self) -> bool {
        self.is_finite()
    }
}
