//! Types 1 and 6, and their compressed forms 129 and 134: reals quantified to integer tokens, with a scale in a header.
//!
//! * [`type1`]: `value = token * unit + minimum`, where the unit is a power of two. Tokens have 1 to 32 bits.
//! * [`type6`]: tokens are mantissas that share one exponent, less the smallest mantissa. They are stored in 16 bits.
//!
//! Each has a `Scale`, which decodes, and a `Quantizer`, which encodes.

mod extremes;
pub(crate) mod type1;
pub(crate) mod type6;

use crate::error::EncodeError;
pub(crate) use extremes::extremes;

/// Why the values of a field cannot be quantified.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Unfit {
    /// A value is infinite or NaN.
    NotFinite,
    /// The magnitude of a value is above this limit.
    Beyond(f64),
}

impl Unfit {
    /// The error that names the first of the values which does not fit.
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
