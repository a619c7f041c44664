//! Checks of a record before it is decoded, and what follows from them.

use super::{Decoded, Payload};
use crate::bits::Words;
use crate::cast::index;
use crate::element::{Element, Sealed};
use crate::error::DecodeError;
use crate::options::Threads;
use crate::order::{Big, Little, Order};
use crate::quantized::type1::{self, Form};
use crate::types::{BaseType, ElementKind, Shape, WordOrder};

/// A record whose type, dimensions and payload length agree.
///
/// Making a plan allocates nothing. Afterwards it is safe to allocate [`element_count`](Self::element_count) elements: the
/// payload is long enough for them.
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
/// let plan = payload.plan()?;
/// assert_eq!((plan.element_kind(), plan.element_count()), (ElementKind::U32, 7));
/// let mut values = [0_u32; 7];
/// plan.decode_into(&mut values, Threads::One)?;
/// assert_eq!(values, [1, 2, 3, 31, 0, 17, 9]);
/// # Ok::<(), rpnfst_codecs::DecodeError>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Plan<'a> {
    pub(super) payload: Payload<'a>,
    kind: ElementKind,
    /// Elements of the array.
    elements: usize,
    /// Elements in the payload.
    stored: usize,
    /// See [`Decoded::shifted`].
    pub(super) shifted: bool,
    /// The header of a type 1 record, which has its token width.
    pub(super) scale: Option<type1::Scale>,
}

/// Most elements per word of a compressed payload: a tile has at most 7 x 7 elements and at least 4 bits. (Tiles larger than
/// 5 x 5 come from [`Compression::Best`](crate::Compression::Best) only.)
const ELEMENTS_PER_WORD: u64 = 49 * 32 / 4;
/// Most planes of a compressed record. Only the first is in the payload, so the payload justifies no size of the others.
const MOST_PLANES: u32 = 1024;
/// Least dimensions of a type 133 plane.
const IEEE_TURBO_SMALLEST: u32 = 16;

impl<'a> Plan<'a> {
    pub(super) fn new(payload: Payload<'a>) -> Result<Self, DecodeError> {
        match payload.order {
            WordOrder::Big => Self::of(payload, Words::<Big>::new(payload.bytes)),
            WordOrder::Little => Self::of(payload, Words::<Little>::new(payload.bytes)),
        }
    }

    fn of<O: Order>(payload: Payload<'a>, words: Words<'_, O>) -> Result<Self, DecodeError> {
        let kind = element_kind(&payload)?;
        let shape = |reason| DecodeError::Shape { shape: payload.shape, reason };
        if payload.shape.is_empty() {
            return Err(shape("a dimension is zero"));
        }
        let n = payload.shape.len().ok_or_else(|| shape("too many elements"))?;
        let count = |n: u64| usize::try_from(n).map_err(|_| shape("too many elements"));
        if payload.data_type.is_turbo() {
            check_compressed(&payload, words.len())?;
            let (elements, stored) = (count(n)?, index(payload.shape.plane()));
            return Ok(Self { payload, kind, elements, stored, shifted: false, scale: None });
        }
        let bits = u64::from(payload.pack_bits);
        let mut scale = None;
        let needed = match payload.data_type.base() {
            BaseType::Real => {
                // The width of tokens is in the header, not only in the directory.
                let header = type1::Scale::parse(words, Form::Short)?;
                scale = Some(header);
                n.checked_mul(u64::from(header.width)).and_then(|bits| bits.checked_add(type1::HEADER_BITS))
            }
            BaseType::Quantized => n.div_ceil(2).checked_mul(32).and_then(|bits| bits.checked_add(96)),
            BaseType::Characters | BaseType::String => n.checked_mul(8),
            BaseType::Complex => n.checked_mul(2 * bits),
            _ => n.checked_mul(bits),
        };
        let needed = needed.ok_or_else(|| shape("too many elements"))?.div_ceil(32);
        if needed > words.len() {
            return Err(DecodeError::PayloadLength { needed, found: words.len() });
        }
        let elements = count(if payload.data_type.base() == BaseType::Raw { needed } else { n })?;
        Ok(Self { payload, kind, elements, stored: elements, shifted: is_shifted(&payload), scale })
    }

    /// The natural element type: see [`Payload::element_kind`].
    pub fn element_kind(&self) -> ElementKind {
        self.kind
    }

    /// Number of elements of the decoded array: `ni * nj * nk`. For type 0 it is the number of words that so many elements of
    /// `pack_bits` fill.
    pub fn element_count(&self) -> usize {
        self.elements
    }

    /// Number of elements that are in the payload. Of a compressed record it is the first plane, because old libraries lost
    /// the others; of other records it is [`element_count`](Self::element_count).
    pub fn stored_count(&self) -> usize {
        self.stored
    }

    /// Whether elements can be missing: see [`missing`](crate::missing). False for types without missing values, even if the
    /// directory has the flag.
    pub fn has_missing(&self) -> bool {
        self.payload.data_type.has_missing() && self.payload.data_type.is_number()
    }

    /// Decode into `out`. Its length must be [`element_count`](Self::element_count), or [`stored_count`](Self::stored_count) to
    /// leave lost planes out.
    ///
    /// `T` is the [natural element type](Self::element_kind), or for any real or integer record `f32` or `f64`:
    ///
    /// * Integers become the nearest float.
    /// * 32-bit reals become `f64` without loss. Types 1 and 129 are computed in 64 bits: the result is not rounded to 32 bits
    ///   if the words are [`WordOrder::Big`] or `data_bits` is 64, as in librmn.
    /// * 64-bit reals become the nearest `f32`.
    ///
    /// Missing values are not replaced: see [`missing`](crate::missing). After an error the content of `out` is unspecified.
    ///
    /// # Errors
    ///
    /// If `T` or the length of `out` is wrong, or the payload is damaged.
    pub fn decode_into<T: Element>(&self, out: &mut [T], threads: Threads) -> Result<Decoded, DecodeError> {
        let (requested, natural) = (T::KIND, self.kind);
        let convertible =
            self.payload.data_type.is_number() && matches!(requested, ElementKind::F32 | ElementKind::F64);
        if requested != natural && !convertible {
            return Err(DecodeError::ElementType { data_type: self.payload.data_type, requested, natural });
        }
        if out.len() != self.elements && out.len() != self.stored {
            return Err(DecodeError::OutputLength { expected: self.elements, found: out.len() });
        }
        let (out, lost) = out.split_at_mut(self.stored);
        lost.fill(T::default());
        self.decode_target(<T as Sealed>::target(out), threads)?;
        Ok(Decoded { stored: self.stored, shifted: self.shifted })
    }
}

/// See [`Payload::element_kind`].
#[expect(clippy::match_same_arms, reason = "one line per type, in order")]
pub(super) fn element_kind(payload: &Payload<'_>) -> Result<ElementKind, DecodeError> {
    check_type(payload)?;
    let data_bits = match payload.data_bits {
        bits @ (8 | 16 | 32 | 64) if bits >= payload.pack_bits => bits,
        _ if payload.pack_bits > 32 => 64,
        _ => 32,
    };
    Ok(match (payload.data_type.base(), data_bits) {
        (BaseType::Raw, _) => ElementKind::U32,
        (BaseType::Real | BaseType::Ieee | BaseType::Quantized, 64) => ElementKind::F64,
        (BaseType::Real | BaseType::Ieee | BaseType::Quantized, _) => ElementKind::F32,
        (BaseType::Unsigned, 8) => ElementKind::U8,
        (BaseType::Unsigned, 16) => ElementKind::U16,
        (BaseType::Unsigned, 64) => ElementKind::U64,
        (BaseType::Unsigned, _) => ElementKind::U32,
        (BaseType::Signed, 8) => ElementKind::I8,
        (BaseType::Signed, 16) => ElementKind::I16,
        (BaseType::Signed, 64) => ElementKind::I64,
        (BaseType::Signed, _) => ElementKind::I32,
        (BaseType::Characters | BaseType::String, _) => ElementKind::U8,
        (BaseType::Complex, 64) => ElementKind::Complex64,
        (BaseType::Complex, _) => ElementKind::Complex32,
        (BaseType::Unknown(_), _) => return Err(DecodeError::DataType { data_type: payload.data_type }),
    })
}

/// Refuse data types that do not exist, and widths that the type does not have. The missing flag is never an error.
fn check_type(payload: &Payload<'_>) -> Result<(), DecodeError> {
    use BaseType::{Characters, Complex, Ieee, Quantized, Raw, Real, Signed, String, Unknown, Unsigned};
    let bits = payload.pack_bits;
    let turbo = payload.data_type.is_turbo();
    let (valid, expected) = match (payload.data_type.base(), turbo) {
        (Real | Unsigned | Quantized, true) | (Quantized, false) => ((1..=16).contains(&bits), "1 to 16"),
        (Ieee, true) => ((9..=32).contains(&bits), "9 to 32"),
        (Raw, false) => ((1..=64).contains(&bits), "1 to 64"),
        (Real, false) => ((1..=32).contains(&bits), "1 to 32"),
        (Ieee | Complex, false) => (matches!(bits, 1..=32 | 64), "1 to 32, or 64"),
        (Unsigned | Signed, false) => match payload.order {
            WordOrder::Big => ((1..=32).contains(&bits), "1 to 32 in XDF"),
            WordOrder::Little => (matches!(bits, 1..=32 | 64), "1 to 32, or 64"),
        },
        // Always 8 bits in the payload; the directory may hold anything.
        (Characters | String, false) => (true, ""),
        (Raw | Characters | Signed | String | Complex | Unknown(_), true) | (Unknown(_), false) => {
            return Err(DecodeError::DataType { data_type: payload.data_type });
        }
    };
    if valid { Ok(()) } else { Err(DecodeError::PackBits { data_type: payload.data_type, expected, found: bits }) }
}

/// Refuse compressed records whose payload of `words` words cannot hold the first plane, or that claim too many planes.
fn check_compressed(payload: &Payload<'_>, words: u64) -> Result<(), DecodeError> {
    let Shape { ni, nj, nk } = payload.shape;
    let shape = |reason| DecodeError::Shape { shape: payload.shape, reason };
    if payload.data_type.base() == BaseType::Ieee && (ni < IEEE_TURBO_SMALLEST || nj < IEEE_TURBO_SMALLEST) {
        return Err(shape("compressed IEEE fields are 16 x 16 at least"));
    }
    if nk > MOST_PLANES {
        return Err(shape("compressed fields have one plane, or 1024 at most in damaged records"));
    }
    let limit = words.saturating_mul(ELEMENTS_PER_WORD);
    if payload.shape.plane() > limit {
        return Err(DecodeError::Implausible { elements: payload.shape.plane(), words, limit });
    }
    Ok(())
}

/// Whether the stream of a type 2 record starts one word late: see [`Decoded::shifted`]. All releases of librmn write type
/// 130 fields that do not compress so. Their payload has the length of type 130, not that of type 2.
fn is_shifted(payload: &Payload<'_>) -> bool {
    let plain = payload.data_type.base() == BaseType::Unsigned && !payload.data_type.is_turbo();
    if !plain || payload.pack_bits > 16 {
        return false;
    }
    let length = |bits: u64, extra: u64| {
        let bits = payload.shape.len()?.checked_mul(bits)?.checked_add(extra)?;
        Some(2 * bits.div_ceil(64))
    };
    let found = Some(payload.bytes.len() as u64 / 4);
    // The word in front is zero in XDF, arbitrary in RSF.
    let skipped = payload.order == WordOrder::Little || payload.bytes.first_chunk() == Some(&[0; 4]);
    skipped && found == length(16, 32) && found != length(u64::from(payload.pack_bits), 120)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::DataType;

    fn payload(bytes: &[u8], data_type: DataType, pack_bits: u8, ni: u32) -> Payload<'_> {
        Payload { bytes, order: WordOrder::Big, data_type, pack_bits, data_bits: 0, shape: Shape { ni, nj: 1, nk: 1 } }
    }

    /// Section 14 of docs/format/codecs.md.
    #[test]
    fn a_plan_exists_if_the_payload_holds_all_elements() {
        // Seven integers of 5 bits: 35 bits, two words.
        assert!(Plan::new(payload(&[0; 8], DataType::UNSIGNED, 5, 7)).is_ok());
        let short = Plan::new(payload(&[0; 4], DataType::UNSIGNED, 5, 7));
        assert_eq!(short.unwrap_err(), DecodeError::PayloadLength { needed: 2, found: 1 });
        // Type 1 says its width itself, in bits 15 to 8 of word 3: 120 bits and two tokens of 5 are five words.
        let mut real = [0; 20];
        real[..16].copy_from_slice(&[0x7f, 0xf0, 0, 2, 0x10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5, 0]);
        assert!(Plan::new(payload(&real, DataType::REAL, 5, 2)).is_ok());
        assert!(Plan::new(payload(&real[..16], DataType::REAL, 5, 2)).is_err());
        // Raw words: two elements of 48 bits are three words.
        assert_eq!(Plan::new(payload(&[0; 12], DataType::RAW, 48, 2)).unwrap().element_count(), 3);
        // Compressed: at most 392 elements a word.
        assert!(Plan::new(payload(&[0; 4], DataType::UNSIGNED_TURBO, 5, 392)).is_ok());
        let implausible = Plan::new(payload(&[0; 4], DataType::UNSIGNED_TURBO, 5, 393));
        assert!(matches!(implausible, Err(DecodeError::Implausible { limit: 392, .. })));
    }

    #[test]
    fn a_late_stream_is_known_by_the_length_of_the_payload() {
        // Sixteen elements of 8 bits: 8 words as type 2, but 10 as type 130, and word 0 is zero.
        let plan = |words: usize| Plan::new(payload(&[0; 48][..4 * words], DataType::UNSIGNED, 8, 16)).unwrap();
        assert_eq!([8, 10, 12].map(|words| plan(words).shifted), [false, true, false]);
    }
}
