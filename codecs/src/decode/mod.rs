//! Decoding of a record: a payload with the directory fields that describe it.
//!
//! [`Payload`] is what a file says. [`Plan`] is the result of checking it, before any memory is allocated. `dispatch` passes
//! the checked payload to the codec of its data type.

mod dispatch;
mod plan;

use crate::element::Element;
use crate::error::DecodeError;
use crate::options::Threads;
use crate::types::{DataType, ElementKind, Shape, WordOrder};
pub use plan::Plan;

/// What decoding found besides the values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Decoded {
    /// Number of leading elements that were in the payload; the others are `T::default()`. It is less than the number of
    /// elements only for compressed records of several planes, of which an old library stored the first plane.
    pub stored: usize,
    /// Whether the stream started one word late. Old libraries wrote type 130 fields that do not compress so, as type 2. Such
    /// records are recognised by their length and decoded correctly.
    pub shifted: bool,
}

/// The packed payload of one record, and the directory fields that are needed to decode it.
///
/// ```
/// use rpnfst_codecs::{DataType, ElementKind, Payload, Shape, Threads, WordOrder};
/// // Seven unsigned integers of 5 bits, as they lie in an XDF file.
/// let payload = Payload {
///     bytes: &[0x08, 0x87, 0xf0, 0x45, 0x20, 0, 0, 0],
///     order: WordOrder::Big,
///     data_type: DataType::UNSIGNED,
///     pack_bits: 5,
///     data_bits: 0,
///     shape: Shape { ni: 7, nj: 1, nk: 1 },
/// };
/// assert_eq!(payload.element_kind()?, ElementKind::U32);
/// let mut values = vec![0_u32; payload.element_count()?];
/// payload.decode_into(&mut values, Threads::One)?;
/// assert_eq!(values, [1, 2, 3, 31, 0, 17, 9]);
/// # Ok::<(), rpnfst_codecs::DecodeError>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Payload<'a> {
    /// The payload. Bytes after the data are ignored, and so is an incomplete last word.
    pub bytes: &'a [u8],
    /// Byte order of its words.
    pub order: WordOrder,
    /// Directory field `datyp`.
    pub data_type: DataType,
    /// Directory field `nbits`: bits per stored element.
    pub pack_bits: u8,
    /// Bits that an element had in the memory of the writer; 0 if unknown.
    pub data_bits: u8,
    /// Directory fields `ni`, `nj`, `nk`.
    pub shape: Shape,
}

impl<'a> Payload<'a> {
    /// Check the directory fields against the payload: see [`Plan`].
    ///
    /// # Errors
    ///
    /// If the type or its width is invalid, a dimension is zero, the payload is too short, or a header in it is wrong.
    pub fn plan(&self) -> Result<Plan<'a>, DecodeError> {
        Plan::new(*self)
    }

    /// The natural element type: the one that the writer had in memory, as far as the record says.
    ///
    /// | base type | element |
    /// |---|---|
    /// | 0 | `u32` (words) |
    /// | 1, 5, 6 | `f32`; `f64` if `data_bits` or `pack_bits` is 64 |
    /// | 2, 4 | unsigned and signed integer of `data_bits` (8, 16, 32, 64); of 32, or 64 if needed, when that is something else or less than `pack_bits` |
    /// | 3, 7 | `u8` |
    /// | 8 | complex of two `f32`, or of two `f64` if `data_bits` or `pack_bits` is 64 |
    ///
    /// # Errors
    ///
    /// If the data type is not one that records hold, or not with this `pack_bits`.
    pub fn element_kind(&self) -> Result<ElementKind, DecodeError> {
        plan::element_kind(self)
    }

    /// Number of elements of the decoded array: see [`Plan::element_count`].
    ///
    /// # Errors
    ///
    /// See [`plan`](Self::plan).
    pub fn element_count(&self) -> Result<usize, DecodeError> {
        self.plan().map(|plan| plan.element_count())
    }

    /// Decode into `out`: see [`Plan::decode_into`].
    ///
    /// # Errors
    ///
    /// As [`plan`](Self::plan) and [`Plan::decode_into`].
    pub fn decode_into<T: Element>(&self, out: &mut [T], threads: Threads) -> Result<Decoded, DecodeError> {
        self.plan()?.decode_into(out, threads)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Example E8 of docs/format/codecs.md, section 16: type 130.
    const PAYLOAD: Payload<'static> = Payload {
        bytes: &[
            0x00, 0x00, 0x00, 0x06, // length in words, as the writer counts them
            0x00, 0x00, 0x9a, 0x83, // MINIMUM, tiles of 5 x 5, 6 bits
            0x22, 0x81, 0xb1, 0x68, 0x14, 0x00, 0x00, 0x00, // two tiles
        ],
        order: WordOrder::Big,
        data_type: DataType::UNSIGNED_TURBO,
        pack_bits: 6,
        data_bits: 32,
        shape: Shape { ni: 7, nj: 2, nk: 1 },
    };

    #[test]
    fn records_are_read_as_their_own_type_or_as_floats() {
        let mut integers = [0_u32; 14];
        let decoded = PAYLOAD.decode_into(&mut integers, Threads::One).unwrap();
        assert_eq!(decoded, Decoded { stored: 14, shifted: false });
        assert_eq!(integers, [10, 10, 11, 12, 13, 20, 20, 10, 11, 11, 12, 12, 20, 20]);
        let mut floats = [0.0_f64; 14];
        PAYLOAD.decode_into(&mut floats, Threads::One).unwrap();
        assert_eq!(floats, integers.map(f64::from));
        let error = PAYLOAD.decode_into(&mut [0_u8; 14], Threads::One);
        assert!(matches!(error, Err(DecodeError::ElementType { natural: ElementKind::U32, .. })));
    }

    /// Defect D4 of docs/format/codecs.md, section 13: an old library stored the first plane only.
    #[test]
    fn lost_planes_are_zeros_or_left_out() {
        let payload = Payload { shape: Shape { ni: 7, nj: 1, nk: 2 }, ..PAYLOAD };
        // Of a plane of 7 x 1 the first tile has five elements; the second is made of the bits behind them.
        let mut all = [9_u32; 14];
        assert_eq!(payload.decode_into(&mut all, Threads::One).unwrap().stored, 7);
        assert_eq!((all[..5].to_vec(), all[7..].to_vec()), (vec![10, 10, 11, 12, 13], vec![0; 7]));
        let mut first = [9_u32; 7];
        payload.decode_into(&mut first, Threads::One).unwrap();
        assert_eq!(first, all[..7]);
        assert!(matches!(payload.decode_into(&mut [0_u32; 8], Threads::One), Err(DecodeError::OutputLength { .. })));
    }
}
