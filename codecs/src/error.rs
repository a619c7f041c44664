//! Errors of decoding and encoding.
//!
//! They have no [`source`](core::error::Error::source): their text says all.

use crate::types::{DataType, ElementKind, Shape};

/// Why a payload was refused.
///
/// Positions count from the start of the payload: words of 32 bits, bits from the most significant one of word 0.
///
/// ```
/// use rpnfst_codecs::{DataType, DecodeError, Payload, Shape, WordOrder};
/// let shape = Shape { ni: 9, nj: 1, nk: 1 };
/// let (bytes, order, data_type) = (&[0; 8], WordOrder::Big, DataType::UNSIGNED);
/// let cut = Payload { bytes, order, data_type, pack_bits: 8, data_bits: 8, shape }.plan();
/// assert_eq!(cut.err(), Some(DecodeError::PayloadLength { needed: 3, found: 2 }));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DecodeError {
    /// The data type byte has an unknown base type, or flags that no writer combines with it.
    #[error("data type {data_type} is not one that records hold")]
    DataType {
        /// The type found in the directory.
        data_type: DataType,
    },
    /// The directory's bits per element do not exist for this type.
    #[error("{found} bits per element in a record of type {data_type}, expected {expected}")]
    PackBits {
        /// The type found in the directory.
        data_type: DataType,
        /// The widths that exist.
        expected: &'static str,
        /// The width found in the directory.
        found: u8,
    },
    /// A dimension is zero, too small for the type, or the product is beyond what can be addressed.
    #[error("dimensions {shape}: {reason}")]
    Shape {
        /// The dimensions found in the directory.
        shape: Shape,
        /// What is wrong with them.
        reason: &'static str,
    },
    /// The payload has fewer words than the elements need at least.
    #[error("payload of {found} words, at least {needed} expected")]
    PayloadLength {
        /// Whole 32-bit words needed.
        needed: u64,
        /// Whole 32-bit words present.
        found: u64,
    },
    /// More elements than a compressed payload of this length can hold.
    #[error("{elements} elements in a compressed payload of {words} words, expected at most {limit}")]
    Implausible {
        /// Elements according to the dimensions.
        elements: u64,
        /// Whole 32-bit words present.
        words: u64,
        /// The most elements that so many words can hold.
        limit: u64,
    },
    /// The caller's element type is neither the natural one nor a float for numbers.
    #[error("elements of type {requested} requested from a record of type {data_type}, which holds {natural}")]
    ElementType {
        /// The type found in the directory.
        data_type: DataType,
        /// The caller's element type.
        requested: ElementKind,
        /// The natural element type of the record.
        natural: ElementKind,
    },
    /// The caller's buffer has another length than the decoded array.
    #[error("output buffer of {found} elements, expected {expected}")]
    OutputLength {
        /// Elements of the decoded array.
        expected: usize,
        /// Elements of the caller's buffer.
        found: usize,
    },
    /// A field of a codec's own header has a value that it cannot have.
    #[error("{field} in payload word {word} is {found:#x}, expected {expected}")]
    Header {
        /// Name of the field.
        field: &'static str,
        /// Payload word that holds it.
        word: u64,
        /// What it may be.
        expected: &'static str,
        /// What it is.
        found: u64,
    },
    /// A compressed stream wants bits after the end of its section.
    #[error("{section} stream runs to bit {needed}, but ends at bit {end}")]
    StreamEnd {
        /// Name of the section.
        section: &'static str,
        /// First bit after what the stream needs.
        needed: u64,
        /// First bit after the section.
        end: u64,
    },
    /// A tile of a compressed stream declares a token width that does not exist.
    #[error("{section} tile at bit {bit} has width code {found}, expected at most {limit}")]
    TileWidth {
        /// Name of the section.
        section: &'static str,
        /// Bit where the tile starts.
        bit: u64,
        /// Largest code allowed.
        limit: u64,
        /// The code found.
        found: u64,
    },
    /// A run of equal signs is impossible.
    #[error("sign run at bit {bit}: {reason} (length {found}, {left} elements left)")]
    SignRun {
        /// Bit where the run starts.
        bit: u64,
        /// What is wrong.
        reason: &'static str,
        /// Length of the run.
        found: u64,
        /// Elements that had no sign yet.
        left: u64,
    },
}

/// Why values cannot be encoded as asked.
///
/// ```
/// use rpnfst_codecs::{DataType, EncodeError, PackRequest, Shape, Threads, WordOrder};
/// let request = PackRequest::new(DataType::QUANTIZED, 12, Shape { ni: 2, nj: 1, nk: 1 }, WordOrder::Big);
/// let refused = request.encode(&[1.0_f32, f32::INFINITY], Threads::One, &mut Vec::new());
/// assert!(matches!(refused, Err(EncodeError::Value { index: 1, .. })));
/// ```
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum EncodeError {
    /// The base type is unknown.
    #[error("data type {data_type} is not one that records hold")]
    DataType {
        /// The type asked for.
        data_type: DataType,
    },
    /// The bits per element do not exist for this type.
    #[error("{found} bits per element asked for type {data_type}, expected {expected}")]
    PackBits {
        /// The type asked for.
        data_type: DataType,
        /// The widths that exist.
        expected: &'static str,
        /// The width asked for.
        found: u8,
    },
    /// A dimension is zero, or the payload is beyond what can be addressed or allocated.
    #[error("dimensions {shape}: {reason}")]
    Shape {
        /// The dimensions.
        shape: Shape,
        /// What is wrong with them.
        reason: &'static str,
    },
    /// The values are not of a type that this data type takes.
    #[error("elements of type {given} for a record of type {data_type}, which takes {expected}")]
    ElementType {
        /// The type asked for.
        data_type: DataType,
        /// The element type of the values.
        given: ElementKind,
        /// The element types that would do.
        expected: &'static str,
    },
    /// The number of values is not that of the dimensions.
    #[error("{found} values, expected {expected}")]
    InputLength {
        /// Elements according to the dimensions; words for type 0.
        expected: u64,
        /// Elements given.
        found: usize,
    },
    /// The mask of missing values has another length than the values.
    #[error("mask of {found} elements, expected {expected}")]
    MaskLength {
        /// Number of values.
        expected: usize,
        /// Number of bits.
        found: usize,
    },
    /// A value cannot be represented.
    #[error("element {index} is {value:e}: {reason}")]
    Value {
        /// Position of the first such element, in element order.
        index: usize,
        /// The element.
        value: f64,
        /// What the type holds.
        reason: &'static str,
    },
}
