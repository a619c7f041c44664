//! One decoded value, as text and JSON.

use std::fmt;

use rpnfst::{Field, Values};
use serde::{Serialize, Serializer};

/// One value of a record, in its own precision.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum Number {
    Signed(i64),
    Unsigned(u64),
    Single(f32),
    Double(f64),
    ComplexSingle([f32; 2]),
    ComplexDouble([f64; 2]),
}

impl Number {
    /// Value `k` in storage order.
    pub(crate) fn at(values: &Values, k: usize) -> Option<Self> {
        Some(match values {
            Values::U8(v) => Self::Unsigned((*v.get(k)?).into()),
            Values::I8(v) => Self::Signed((*v.get(k)?).into()),
            Values::U16(v) => Self::Unsigned((*v.get(k)?).into()),
            Values::I16(v) => Self::Signed((*v.get(k)?).into()),
            Values::U32(v) => Self::Unsigned((*v.get(k)?).into()),
            Values::I32(v) => Self::Signed((*v.get(k)?).into()),
            Values::U64(v) => Self::Unsigned(*v.get(k)?),
            Values::I64(v) => Self::Signed(*v.get(k)?),
            Values::F32(v) => Self::Single(*v.get(k)?),
            Values::F64(v) => Self::Double(*v.get(k)?),
            Values::Complex32(v) => Self::ComplexSingle(*v.get(k)?),
            Values::Complex64(v) => Self::ComplexDouble(*v.get(k)?),
            _ => return None,
        })
    }

    /// Real and imaginary part of a complex number.
    pub(crate) fn parts(self) -> Option<[Self; 2]> {
        match self {
            Self::ComplexSingle(parts) => Some(parts.map(Self::Single)),
            Self::ComplexDouble(parts) => Some(parts.map(Self::Double)),
            _ => None,
        }
    }
}

/// The shortest decimal that gives the value back. Complex numbers as Python writes them.
impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Signed(value) => write!(f, "{value}"),
            Self::Unsigned(value) => write!(f, "{value}"),
            // Debug knows exponents, Display writes 1e38 with 38 zeros.
            Self::Single(value) => write!(f, "{value:?}"),
            Self::Double(value) => write!(f, "{value:?}"),
            Self::ComplexSingle([re, im]) => write!(f, "{re:?}{im:+?}j"),
            Self::ComplexDouble([re, im]) => write!(f, "{re:?}{im:+?}j"),
        }
    }
}

/// JSON has no NaN and no infinity: they become `null`.
impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Signed(value) => serializer.serialize_i64(*value),
            Self::Unsigned(value) => serializer.serialize_u64(*value),
            Self::Single(value) => serializer.serialize_f32(*value),
            Self::Double(value) => serializer.serialize_f64(*value),
            Self::ComplexSingle(parts) => parts.serialize(serializer),
            Self::ComplexDouble(parts) => parts.serialize(serializer),
        }
    }
}

/// Dimensions of what was decoded: those of the record, but for binary records, which hold any number of words.
pub(crate) fn dims(field: &Field) -> (usize, usize, usize) {
    let (ni, nj, nk) = field.dims();
    let count = field.values().len();
    let expected = ni.checked_mul(nj).and_then(|n| n.checked_mul(nk));
    if expected == Some(count) { (ni, nj, nk) } else { (count, 1, 1) }
}

/// So many records, in words.
pub(crate) fn records(n: usize) -> String {
    format!("{n} record{}", if n == 1 { "" } else { "s" })
}

/// A real with `digits` significant digits for a person, as `%g` of C.
pub(crate) fn significant(value: f64, digits: usize) -> String {
    if !value.is_finite() {
        return value.to_string();
    }
    let scientific = format!("{value:.*e}", digits.saturating_sub(1));
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let strip = |text: &str| {
        if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text.to_owned() }
    };
    let decimals = i64::try_from(digits).unwrap_or(i64::MAX) - 1 - i64::from(exponent);
    match usize::try_from(decimals) {
        Ok(decimals) if exponent >= -5 => strip(&format!("{value:.decimals$}")),
        _ => format!("{}e{exponent}", strip(mantissa)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text() {
        assert_eq!(Number::Single(0.1).to_string(), "0.1");
        assert_eq!(Number::Single(-1e38).to_string(), "-1e38");
        assert_eq!(Number::ComplexSingle([1.0, -2.5]).to_string(), "1.0-2.5j");
        assert_eq!(Number::Unsigned(u64::MAX).to_string(), "18446744073709551615");
        assert_eq!(serde_json::to_string(&Number::Single(f32::NAN)).expect("JSON"), "null");
    }

    #[test]
    fn digits() {
        for (value, expected) in [
            (0.0, "0"),
            (1000.0, "1000"),
            (-2.5, "-2.5"),
            (1.0 / 3.0, "0.333333"),
            (123_456.7, "123457"),
            (1e7, "1e7"),
            (1.5e-9, "1.5e-9"),
            (f64::NAN, "NaN"),
        ] {
            assert_eq!(significant(value, 6), expected);
        }
    }
}
