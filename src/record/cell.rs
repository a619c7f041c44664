//! A value in a table of records.

use std::fmt;

use super::{CivilTime, GridType, Text};

/// The value of a [column](super::Column) for one record.
///
/// ```
/// use rpnfst::record::Cell;
/// assert_eq!(Cell::from("TT").to_string(), "TT");
/// assert_eq!(Cell::from(None::<u32>), Cell::Null);
/// ```
#[derive(Clone, PartialEq, Debug)]
#[non_exhaustive]
pub enum Cell {
    /// No value, as the date of a record without one.
    Null,
    /// Integer.
    Int(i64),
    /// Real of single precision.
    Single(f32),
    /// Real of double precision.
    Double(f64),
    /// Yes or no.
    Bool(bool),
    /// Date and time, UTC; a text in ISO 8601 where there is no type for it.
    Time(CivilTime),
    /// Text, without trailing blanks.
    Text(String),
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.pad(""),
            Self::Int(value) => f.pad(&value.to_string()),
            Self::Single(value) => f.pad(&value.to_string()),
            Self::Double(value) => f.pad(&value.to_string()),
            Self::Bool(value) => f.pad(&value.to_string()),
            Self::Time(value) => f.pad(&value.to_string()),
            Self::Text(value) => f.pad(value),
        }
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Cell {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_none(),
            Self::Int(value) => serializer.serialize_i64(*value),
            Self::Single(value) => serializer.serialize_f32(*value),
            Self::Double(value) => serializer.serialize_f64(*value),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Time(value) => serializer.collect_str(value),
            Self::Text(value) => serializer.serialize_str(value),
        }
    }
}

impl<T: Into<Self>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

macro_rules! from {
    ($($type:ty => $make:expr;)*) => {
        $(impl From<$type> for Cell {
            fn from(value: $type) -> Self {
                let make: fn($type) -> Self = $make;
                make(value)
            }
        })*
    };
}

impl<const N: usize> From<Text<N>> for Cell {
    fn from(text: Text<N>) -> Self {
        text.as_str().into()
    }
}

impl From<GridType> for Cell {
    fn from(grtyp: GridType) -> Self {
        grtyp.letter().to_string().trim_end().into()
    }
}

from! {
    &str => |v| Self::Text(v.to_owned());
    String => Self::Text;
    f32 => Self::Single;
    f64 => Self::Double;
    bool => Self::Bool;
    CivilTime => Self::Time;
    i64 => Self::Int;
    i32 => |v| Self::Int(v.into());
    u32 => |v| Self::Int(v.into());
}
