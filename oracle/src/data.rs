//! Arrays of every element type, and the padded memory that is handed to librmn.

use std::ffi::c_int;

/// Element type of an array in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Element {
    /// Unsigned byte, also characters.
    U8,
    /// Signed byte.
    I8,
    /// Unsigned 16-bit integer.
    U16,
    /// Signed 16-bit integer.
    I16,
    /// Unsigned 32-bit integer, also raw words.
    U32,
    /// Signed 32-bit integer.
    I32,
    /// Single-precision real.
    F32,
    /// Double-precision real.
    F64,
    /// Two single-precision reals.
    Complex32,
    /// Two double-precision reals.
    Complex64,
}

impl Element {
    /// Bytes of one element.
    pub const fn size(self) -> usize {
        match self {
            Self::U8 | Self::I8 => 1,
            Self::U16 | Self::I16 => 2,
            Self::U32 | Self::I32 | Self::F32 => 4,
            Self::F64 | Self::Complex32 => 8,
            Self::Complex64 => 16,
        }
    }

    /// Width in bytes that librmn is told (`fst_data_length`): that of one part for complex numbers.
    pub(crate) const fn width(self) -> c_int {
        match self {
            Self::U8 | Self::I8 => 1,
            Self::U16 | Self::I16 => 2,
            Self::U32 | Self::I32 | Self::F32 | Self::Complex32 => 4,
            Self::F64 | Self::Complex64 => 8,
        }
    }
}

/// An array, in Fortran order, of one of the element types.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs, reason = "the variants are those of `Element`")]
pub enum Data {
    U8(Vec<u8>),
    I8(Vec<i8>),
    U16(Vec<u16>),
    I16(Vec<i16>),
    U32(Vec<u32>),
    I32(Vec<i32>),
    F32(Vec<f32>),
    F64(Vec<f64>),
    Complex32(Vec<[f32; 2]>),
    Complex64(Vec<[f64; 2]>),
}

macro_rules! each {
    ($data:expr, $values:ident => $result:expr) => {
        match $data {
            Data::U8($values) => $result,
            Data::I8($values) => $result,
            Data::U16($values) => $result,
            Data::I16($values) => $result,
            Data::U32($values) => $result,
            Data::I32($values) => $result,
            Data::F32($values) => $result,
            Data::F64($values) => $result,
            Data::Complex32($values) => $result,
            Data::Complex64($values) => $result,
        }
    };
}

impl Data {
    /// Element type.
    pub const fn element(&self) -> Element {
        match self {
            Self::U8(_) => Element::U8,
            Self::I8(_) => Element::I8,
            Self::U16(_) => Element::U16,
            Self::I16(_) => Element::I16,
            Self::U32(_) => Element::U32,
            Self::I32(_) => Element::I32,
            Self::F32(_) => Element::F32,
            Self::F64(_) => Element::F64,
            Self::Complex32(_) => Element::Complex32,
            Self::Complex64(_) => Element::Complex64,
        }
    }

    /// Number of elements.
    pub fn len(&self) -> usize {
        each!(self, values => values.len())
    }

    /// No element at all.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The elements as native bytes: the form in which two arrays are compared bit for bit, NaN included.
    pub fn to_bytes(&self) -> Vec<u8> {
        match self {
            Self::Complex32(values) => values.iter().flatten().flat_map(|value| value.to_ne_bytes()).collect(),
            Self::Complex64(values) => values.iter().flatten().flat_map(|value| value.to_ne_bytes()).collect(),
            Self::U8(values) => values.clone(),
            Self::I8(values) => values.iter().flat_map(|value| value.to_ne_bytes()).collect(),
            Self::U16(values) => values.iter().flat_map(|value| value.to_ne_bytes()).collect(),
            Self::I16(values) => values.iter().flat_map(|value| value.to_ne_bytes()).collect(),
            Self::U32(values) => values.iter().flat_map(|value| value.to_ne_bytes()).collect(),
            Self::I32(values) => values.iter().flat_map(|value| value.to_ne_bytes()).collect(),
            Self::F32(values) => values.iter().flat_map(|value| value.to_ne_bytes()).collect(),
            Self::F64(values) => values.iter().flat_map(|value| value.to_ne_bytes()).collect(),
        }
    }

    /// The inverse of [`to_bytes`](Self::to_bytes); an incomplete last element is dropped.
    pub fn from_bytes(element: Element, bytes: &[u8]) -> Self {
        macro_rules! numbers {
            ($number:ty) => {
                bytes.as_chunks().0.iter().map(|chunk| <$number>::from_ne_bytes(*chunk))
            };
        }
        match element {
            Element::U8 => Self::U8(bytes.to_vec()),
            Element::I8 => Self::I8(numbers!(i8).collect()),
            Element::U16 => Self::U16(numbers!(u16).collect()),
            Element::I16 => Self::I16(numbers!(i16).collect()),
            Element::U32 => Self::U32(numbers!(u32).collect()),
            Element::I32 => Self::I32(numbers!(i32).collect()),
            Element::F32 => Self::F32(numbers!(f32).collect()),
            Element::F64 => Self::F64(numbers!(f64).collect()),
            Element::Complex32 => Self::Complex32(numbers!(f32).collect::<Vec<_>>().as_chunks().0.to_vec()),
            Element::Complex64 => Self::Complex64(numbers!(f64).collect::<Vec<_>>().as_chunks().0.to_vec()),
        }
    }

    /// Index of the first element whose bits differ, or of the first one that only the longer array has. `None` when
    /// both arrays are equal bit for bit and of one type.
    pub fn first_difference(&self, other: &Self) -> Option<usize> {
        let (ours, theirs) = (self.to_bytes(), other.to_bytes());
        if self.element() != other.element() {
            return Some(0);
        }
        let common = ours.iter().zip(&theirs).position(|(a, b)| a != b);
        let byte = common.or_else(|| (ours.len() != theirs.len()).then_some(ours.len().min(theirs.len())))?;
        Some(byte / self.element().size())
    }
}

/// Memory for one record, aligned for every element type and longer than the array: librmn reads whole words.
#[derive(Clone, Debug)]
pub struct Buffer {
    words: Vec<u64>,
    elements: usize,
}

/// Words beyond the array. Turbo decoding and odd lengths touch a few. Arrays of short elements get more: librmn reads
/// four bytes per element of them when the second stage of type 130 fails.
const SLACK: usize = 64;

impl Buffer {
    /// Zeroed memory for `elements` elements.
    pub fn new(element: Element, elements: usize) -> Self {
        let bytes = elements * element.size();
        Self { words: vec![0; bytes.div_ceil(8).max(elements / 2) + SLACK], elements }
    }

    /// A padded copy of an array.
    pub fn from_data(data: &Data) -> Self {
        let mut bytes = data.to_bytes();
        bytes.resize(bytes.len().next_multiple_of(8), 0);
        let mut words: Vec<u64> = bytes.as_chunks().0.iter().map(|chunk| u64::from_ne_bytes(*chunk)).collect();
        words.resize(words.len().max(data.len() / 2) + SLACK, 0);
        Self { words, elements: data.len() }
    }

    /// The first `elements` elements.
    pub fn to_data(&self, element: Element, elements: usize) -> Data {
        let bytes: Vec<u8> = self.words.iter().flat_map(|word| word.to_ne_bytes()).collect();
        Data::from_bytes(element, &bytes[..(elements * element.size()).min(bytes.len())])
    }

    /// Number of elements the buffer was made for.
    pub fn elements(&self) -> usize {
        self.elements
    }

    /// Bytes that may be written to, slack included.
    pub(crate) fn capacity(&self) -> usize {
        self.words.len() * 8
    }

    pub(crate) fn as_mut_ptr(&mut self) -> *mut std::ffi::c_void {
        self.words.as_mut_ptr().cast()
    }
}
