//! Types 1 and 6, and their compressed forms 129 and 134: reals as integer tokens and a scale.

mod extremes;
pub(crate) mod type1;
pub(crate) mod type6;

use crate::error::EncodeError;
pub(crate) use extremes::extremes;

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
