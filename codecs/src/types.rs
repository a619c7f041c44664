//! Data types, element types, dimensions and byte order: what a record's directory entry says of its payload.

use core::fmt;

/// Order of the bytes in each 32-bit word of a payload. The container decides it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WordOrder {
    /// Most significant byte first: XDF files.
    Big,
    /// Least significant byte first: RSF files.
    Little,
}

/// Dimensions of a record; `ni` varies fastest.
///
/// All values are allowed here; decoding refuses those that make no sense.
///
/// ```
/// use rpnfst_codecs::Shape;
/// let shape = Shape { ni: 12, nj: 8, nk: 2 };
/// assert_eq!((shape.plane(), shape.len()), (96, Some(192)));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Shape {
    /// First dimension, along a row.
    pub ni: u32,
    /// Second dimension, number of rows in a plane.
    pub nj: u32,
    /// Third dimension, number of planes.
    pub nk: u32,
}

impl Shape {
    /// Number of elements, `None` if it does not fit in 64 bits.
    pub fn len(self) -> Option<u64> {
        self.plane().checked_mul(u64::from(self.nk))
    }

    /// Whether there is no element because a dimension is zero.
    pub fn is_empty(self) -> bool {
        self.ni == 0 || self.nj == 0 || self.nk == 0
    }

    /// Number of elements of one plane, `ni * nj`.
    pub fn plane(self) -> u64 {
        u64::from(self.ni) * u64::from(self.nj)
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} x {} x {}", self.ni, self.nj, self.nk)
    }
}

/// The `datyp` byte of a record: a base type (low 6 bits) and two flags. Every value can be held, known or not.
///
/// ```
/// use rpnfst_codecs::{BaseType, DataType};
/// let data_type = DataType::new(134);
/// assert_eq!(data_type.base(), BaseType::Quantized);
/// assert!(data_type.is_turbo());
/// assert_eq!(data_type.letter(), 'f');
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DataType(u8);

impl DataType {
    /// Raw 32-bit words.
    pub const RAW: Self = Self(0);
    /// Real, old quantification.
    pub const REAL: Self = Self(1);
    /// Unsigned integer.
    pub const UNSIGNED: Self = Self(2);
    /// Characters, four per machine word.
    pub const CHARACTERS: Self = Self(3);
    /// Signed integer.
    pub const SIGNED: Self = Self(4);
    /// IEEE real.
    pub const IEEE: Self = Self(5);
    /// Real, 16-bit quantification.
    pub const QUANTIZED: Self = Self(6);
    /// Character string, one byte per element.
    pub const STRING: Self = Self(7);
    /// Complex IEEE.
    pub const COMPLEX: Self = Self(8);
    /// [`REAL`](Self::REAL) with second-stage compression.
    pub const REAL_TURBO: Self = Self(129);
    /// [`UNSIGNED`](Self::UNSIGNED) with second-stage compression.
    pub const UNSIGNED_TURBO: Self = Self(130);
    /// [`IEEE`](Self::IEEE) with second-stage compression.
    pub const IEEE_TURBO: Self = Self(133);
    /// [`QUANTIZED`](Self::QUANTIZED) with second-stage compression.
    pub const QUANTIZED_TURBO: Self = Self(134);

    /// Flag of records with missing values.
    pub const MISSING_FLAG: u8 = 64;
    /// Flag of second-stage ("turbo") compression.
    pub const TURBO_FLAG: u8 = 128;

    /// The type with this directory value.
    pub const fn new(code: u8) -> Self {
        Self(code)
    }

    /// The directory value.
    pub const fn code(self) -> u8 {
        self.0
    }

    /// The base type, without flags.
    pub const fn base(self) -> BaseType {
        match self.0 & 0x3F {
            0 => BaseType::Raw,
            1 => BaseType::Real,
            2 => BaseType::Unsigned,
            3 => BaseType::Characters,
            4 => BaseType::Signed,
            5 => BaseType::Ieee,
            6 => BaseType::Quantized,
            7 => BaseType::String,
            8 => BaseType::Complex,
            other => BaseType::Unknown(other),
        }
    }

    /// Whether missing values are encoded in the data (see [`missing`](crate::missing)).
    pub const fn has_missing(self) -> bool {
        self.0 & Self::MISSING_FLAG != 0
    }

    /// The same type with the flag for missing values.
    ///
    /// ```
    /// use rpnfst_codecs::DataType;
    /// assert_eq!(DataType::QUANTIZED.with_turbo().with_missing(), DataType::new(6 + 64 + 128));
    /// ```
    #[must_use]
    pub const fn with_missing(self) -> Self {
        Self(self.0 | Self::MISSING_FLAG)
    }

    /// The same type with second-stage compression.
    #[must_use]
    pub const fn with_turbo(self) -> Self {
        Self(self.0 | Self::TURBO_FLAG)
    }

    /// Whether elements are numbers, which can be read as other numbers and be missing: types 1, 2, 4, 5, 6.
    pub const fn is_number(self) -> bool {
        use BaseType::{Ieee, Quantized, Real, Signed, Unsigned};
        matches!(self.base(), Real | Unsigned | Signed | Ieee | Quantized)
    }

    /// Whether the tokens went through the second-stage compression.
    pub const fn is_turbo(self) -> bool {
        self.0 & Self::TURBO_FLAG != 0
    }

    /// Letter of the type in listings, lower case for compressed types, `?` for unknown ones.
    pub const fn letter(self) -> char {
        let letter = match self.base() {
            BaseType::Raw => 'X',
            BaseType::Real => 'R',
            BaseType::Unsigned => 'I',
            BaseType::Characters => 'C',
            BaseType::Signed => 'S',
            BaseType::Ieee => 'E',
            BaseType::Quantized => 'F',
            BaseType::String => 'A',
            BaseType::Complex => 'Z',
            BaseType::Unknown(_) => '?',
        };
        if self.0 > Self::TURBO_FLAG { letter.to_ascii_lowercase() } else { letter }
    }

    /// Name of the base type in a few words.
    pub const fn name(self) -> &'static str {
        match self.base() {
            BaseType::Raw => "raw words",
            BaseType::Real => "real (old quantification)",
            BaseType::Unsigned => "unsigned integer",
            BaseType::Characters => "characters",
            BaseType::Signed => "signed integer",
            BaseType::Ieee => "IEEE real",
            BaseType::Quantized => "real (16-bit quantification)",
            BaseType::String => "string",
            BaseType::Complex => "complex",
            BaseType::Unknown(_) => "unknown",
        }
    }
}

impl fmt::Display for DataType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}", self.0, self.name())?;
        if self.has_missing() {
            f.write_str(", missing values")?;
        }
        if self.is_turbo() {
            f.write_str(", compressed")?;
        }
        f.write_str(")")
    }
}

impl From<u8> for DataType {
    fn from(code: u8) -> Self {
        Self(code)
    }
}

/// Base type of a record: how one token becomes one value.
///
/// ```
/// use rpnfst_codecs::{BaseType, DataType};
/// assert_eq!(DataType::new(133).base(), BaseType::Ieee); // 5, compressed
/// assert_eq!(DataType::new(40).base(), BaseType::Unknown(40));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum BaseType {
    /// 0: opaque 32-bit words.
    Raw,
    /// 1: real, old quantification, any width.
    Real,
    /// 2: unsigned integer.
    Unsigned,
    /// 3: characters, four per machine word.
    Characters,
    /// 4: signed integer.
    Signed,
    /// 5: IEEE real, possibly cut to fewer bits.
    Ieee,
    /// 6: real, 16-bit quantification.
    Quantized,
    /// 7: character string, one byte per element.
    String,
    /// 8: complex IEEE.
    Complex,
    /// Not a type of the format.
    Unknown(u8),
}

/// Type of one decoded element.
///
/// ```
/// use rpnfst_codecs::{Element, ElementKind};
/// assert_eq!(<f32 as Element>::KIND, ElementKind::F32);
/// assert_eq!((ElementKind::Complex32.size(), ElementKind::Complex32.dtype()), (8, "<c8"));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ElementKind {
    /// `u8`
    U8,
    /// `i8`
    I8,
    /// `u16`
    U16,
    /// `i16`
    I16,
    /// `u32`
    U32,
    /// `i32`
    I32,
    /// `u64`
    U64,
    /// `i64`
    I64,
    /// `f32`
    F32,
    /// `f64`
    F64,
    /// `[f32; 2]`: real and imaginary part
    Complex32,
    /// `[f64; 2]`: real and imaginary part
    Complex64,
}

impl ElementKind {
    /// The numpy `dtype` string of the element in little-endian memory, such as `<f4`.
    pub const fn dtype(self) -> &'static str {
        match self {
            Self::U8 => "|u1",
            Self::I8 => "|i1",
            Self::U16 => "<u2",
            Self::I16 => "<i2",
            Self::U32 => "<u4",
            Self::I32 => "<i4",
            Self::U64 => "<u8",
            Self::I64 => "<i8",
            Self::F32 => "<f4",
            Self::F64 => "<f8",
            Self::Complex32 => "<c8",
            Self::Complex64 => "<c16",
        }
    }

    /// Size of one element in bytes.
    pub const fn size(self) -> usize {
        match self {
            Self::U8 | Self::I8 => 1,
            Self::U16 | Self::I16 => 2,
            Self::U32 | Self::I32 | Self::F32 => 4,
            Self::U64 | Self::I64 | Self::F64 | Self::Complex32 => 8,
            Self::Complex64 => 16,
        }
    }
}

impl fmt::Display for ElementKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::U8 => "u8",
            Self::I8 => "i8",
            Self::U16 => "u16",
            Self::I16 => "i16",
            Self::U32 => "u32",
            Self::I32 => "i32",
            Self::U64 => "u64",
            Self::I64 => "i64",
            Self::F32 => "f32",
            Self::F64 => "f64",
            Self::Complex32 => "complex f32",
            Self::Complex64 => "complex f64",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::string::ToString;

    #[test]
    fn letters_are_those_of_listings() {
        let letters: String =
            (0..=9).chain([128, 129, 130, 133, 134, 65, 70, 193, 198]).map(|c| DataType::new(c).letter()).collect();
        assert_eq!(letters, "XRICSEFAZ?XriefRFrf");
    }

    #[test]
    fn every_byte_is_kept() {
        for code in 0..=255 {
            let data_type = DataType::from(code);
            assert_eq!(data_type.code(), code);
            assert_eq!(data_type.has_missing(), code & 64 != 0);
            assert_eq!(data_type.is_turbo(), code >= 128);
            assert_eq!(data_type.base() == BaseType::Unknown(code & 63), code & 63 > 8);
        }
        assert_eq!(DataType::new(198).to_string(), "198 (real (16-bit quantification), missing values, compressed)");
    }

    #[test]
    fn sizes_do_not_overflow() {
        let shape = Shape { ni: u32::MAX, nj: u32::MAX, nk: 2 };
        assert_eq!((shape.len(), shape.plane()), (None, 0xFFFF_FFFE_0000_0001));
        let shape = Shape { ni: 3, nj: 4, nk: 5 };
        assert_eq!((shape.len(), shape.is_empty()), (Some(60), false));
        assert!(Shape { nj: 0, ..shape }.is_empty());
    }

    #[test]
    fn dtypes_name_the_size() {
        use ElementKind::{Complex32, Complex64, F32, F64, I8, I16, I32, I64, U8, U16, U32, U64};
        for kind in [U8, I8, U16, I16, U32, I32, U64, I64, F32, F64, Complex32, Complex64] {
            assert_eq!(kind.dtype()[2..].parse(), Ok(kind.size()), "{kind}");
        }
    }
}
