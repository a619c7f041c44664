//! Types 1 and 6, and their compressed forms 129 and 134: reals as integer tokens and a scale.

mod extremes;
pub(crate) mod old;
pub(crate) mod sixteen;

use crate::error::EncodeError;
pub(crate) use extremes::extremes;

/// Reals of the caller.
pub(crate) trait Real: Copy + PartialOrd + Default + Into<f64> + Send {
    /// Nearest `f32`.
    fn single(self) -> f32;
}

impl Real for f32 {
    #[inline(always)]
    fn single(self) -> f32 {
        self
    }
}

impl Real for f64 {
    #[inline(always)]
    #[expect(clippy::cast_possible_truncation, reason = "rounding is the point")]
    fn single(self) -> f32 {
        self as f32
    }
}

/// Why a field cannot be quantified.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Unfit {
    /// There are infinities or NaN.
    NotFinite,
    /// There are values above this, or below its opposite.
    Beyond(f64),
}

impl Unfit {
    /// The error about the first of these values that does not fit.
    #[cold]
    pub(crate) fn error<T: Copy, S: Into<f64>>(self, values: &[T], map: impl Fn(T) -> S) -> EncodeError {
        let (limit, reason) = match self {
            Self::NotFinite => (f64::MAX, "only finite values can be quantified"),
            Self::Beyond(limit) => (limit, "type 1 holds values from -1e38 to 1e38"),
        };
        let mut all = values.iter().map(|&value| map(value).into()).enumerate();
        let first = all.find(|(_, value)| !(-limit..=limit).contains(value));
        let (index, value) = first.unwrap_or((0, f64::NAN));
        EncodeError::Value { index, value, reason }
    }
}
