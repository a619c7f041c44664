//! A payload with the directory fields that say what it is; from here each record goes to its codec.

use crate::bits::{Big, Little, Order, Pairs, Stream, Words, index};
use crate::element::{Element, Sealed, Target};
use crate::error::DecodeError;
use crate::integer::each_target;
use crate::quantized::old::Form;
use crate::quantized::{old, sixteen};
use crate::text::Text;
use crate::tokens::{Sink, Tokens};
use crate::turbopack::Plane;
use crate::types::{BaseType, DataType, ElementKind, Shape, WordOrder};
use crate::{ieee, ieee_turbo, integer, text, turbopack};

/// How many threads a codec may use. Values and payloads are the same, bit for bit; of several faults in a damaged record
/// another one may be reported. Encoders use several to compress and to find extremes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Threads {
    /// The caller's only: best when many records are decoded at once.
    #[default]
    One,
    /// The current rayon pool, for large fields (with feature `rayon`; as [`One`](Self::One) without).
    Many,
}

/// What decoding says besides the values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Decoded {
    /// Number of leading elements that were in the payload. It is less than the number of elements for compressed
    /// records of several planes from an old library, which kept the first plane only; the rest is `T::default()`.
    pub stored: usize,
    /// Whether the record is an uncompressible type 130 that an old library stored as type 2 one word too late. It was
    /// recognised by its length and decoded from where its values are.
    pub shifted: bool,
}

/// The payload of one record, packed, and the directory fields needed to decode it.
///
/// ```
/// use rpnfst_codecs::{DataType, ElementKind, Packed, Shape, Threads, WordOrder};
/// // Seven unsigned integers of 5 bits, as they lie in an XDF file.
/// let packed = Packed {
///     bytes: &[0x08, 0x87, 0xf0, 0x45, 0x20, 0, 0, 0],
///     order: WordOrder::Big,
///     data_type: DataType::UNSIGNED,
///     pack_bits: 5,
///     data_bits: 0,
///     shape: Shape { ni: 7, nj: 1, nk: 1 },
/// };
/// assert_eq!(packed.element_kind()?, ElementKind::U32);
/// let mut values = vec![0_u32; packed.element_count()?];
/// packed.decode_into(&mut values, Threads::One)?;
/// assert_eq!(values, [1, 2, 3, 31, 0, 17, 9]);
/// # Ok::<(), rpnfst_codecs::DecodeError>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Packed<'a> {
    /// The payload. Only whole words of four bytes are used; what follows the data is ignored.
    pub bytes: &'a [u8],
    /// Byte order of its words.
    pub order: WordOrder,
    /// Directory field `datyp`.
    pub data_type: DataType,
    /// Directory field `nbits`: bits per stored element.
    pub pack_bits: u8,
    /// Bits per element in memory when the record was written, 0 if unknown.
    pub data_bits: u8,
    /// Directory fields `ni`, `nj`, `nk`.
    pub shape: Shape,
}

/// A tile of 7 by 7 elements (writers but [`Compression::Best`](crate::Compression::Best) have 5 by 5 at most) costs 4 bits
/// at least, so a word holds at most as many.
const ELEMENTS_PER_WORD: u64 = 49 * 32 / 4;
/// Compressed records of more planes are refused: the first plane's payload cannot vouch for an array of any size.
const MOST_PLANES: u32 = 1024;
/// Least dimensions of type 133.
const IEEE_TURBO_SMALLEST: u32 = 16;

impl<'a> Packed<'a> {
    /// The natural element type: what a decoder gives if nobody asks for something else.
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
    #[expect(clippy::match_same_arms, reason = "one line per type, in order")]
    pub fn element_kind(&self) -> Result<ElementKind, DecodeError> {
        self.check_type()?;
        let data_bits = match self.data_bits {
            bits @ (8 | 16 | 32 | 64) if bits >= self.pack_bits => bits,
            _ if self.pack_bits > 32 => 64,
            _ => 32,
        };
        Ok(match (self.data_type.base(), data_bits) {
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
            (BaseType::Unknown(_), _) => return Err(DecodeError::DataType { data_type: self.data_type }),
        })
    }

    /// Number of elements of the decoded array, once it is known that the payload can hold so many. Nothing has been
    /// allocated by then, and it is safe to allocate that many.
    ///
    /// That is `ni * nj * nk`, or for type 0 the number of words that so many elements of `pack_bits` fill.
    ///
    /// # Errors
    ///
    /// If the type or its width is invalid, a dimension is zero, the payload is too short, or a header in it is wrong.
    pub fn element_count(&self) -> Result<usize, DecodeError> {
        match self.order {
            WordOrder::Big => self.count(self.words::<Big>()),
            WordOrder::Little => self.count(self.words::<Little>()),
        }
    }

    /// Like [`element_count`](Self::element_count), without the planes that an old library lost: of a compressed record
    /// the elements of the first plane, the only one that is in the payload.
    ///
    /// # Errors
    ///
    /// See [`element_count`](Self::element_count).
    pub fn stored_count(&self) -> Result<usize, DecodeError> {
        let count = self.element_count()?;
        Ok(if self.data_type.is_turbo() { index(self.shape.plane()) } else { count })
    }

    /// Decode into `out`, whose length must be [`element_count`](Self::element_count), or
    /// [`stored_count`](Self::stored_count) to leave lost planes out.
    ///
    /// `T` is the [natural element type](Self::element_kind), or for any real or integer record `f32` or `f64`:
    ///
    /// * integers become the nearest float;
    /// * reals become `f64` without loss, except that type 1 (and 129) in [`WordOrder::Big`], or of values that had 64
    ///   bits in memory, gives the more precise result of its 64-bit formula, as the reference library does;
    /// * 64-bit reals become the nearest `f32`.
    ///
    /// Missing values are not replaced: see [`missing`](crate::missing). After an error the content of `out` is
    /// unspecified.
    ///
    /// # Errors
    ///
    /// As [`element_count`](Self::element_count), and if `T` or the length of `out` is wrong, or a compressed stream is
    /// damaged.
    pub fn decode_into<T: Element>(&self, out: &mut [T], threads: Threads) -> Result<Decoded, DecodeError> {
        let natural = self.element_kind()?;
        if T::KIND != natural && !(self.is_number() && matches!(T::KIND, ElementKind::F32 | ElementKind::F64)) {
            return Err(DecodeError::ElementType { data_type: self.data_type, requested: T::KIND, natural });
        }
        let (expected, stored) = (self.element_count()?, self.stored_count()?);
        if out.len() != expected && out.len() != stored {
            return Err(DecodeError::OutputLength { expected, found: out.len() });
        }
        let (out, lost) = out.split_at_mut(stored);
        lost.fill(T::default());
        self.decode_target(<T as Sealed>::target(out), threads)?;
        Ok(Decoded { stored, shifted: self.is_shifted() })
    }

    fn words<O: Order>(&self) -> Words<'a, O> {
        Words::new(self.bytes)
    }

    fn is_number(&self) -> bool {
        use BaseType::{Ieee, Quantized, Real, Signed, Unsigned};
        matches!(self.data_type.base(), Real | Unsigned | Signed | Ieee | Quantized)
    }

    /// Only combinations that records hold; the missing flag is ignored where it means nothing.
    fn check_type(&self) -> Result<(), DecodeError> {
        use BaseType::{Characters, Complex, Ieee, Quantized, Raw, Real, Signed, String, Unknown, Unsigned};
        let bits = self.pack_bits;
        let turbo = self.data_type.is_turbo();
        let (valid, expected) = match (self.data_type.base(), turbo) {
            (Real | Unsigned | Quantized, true) | (Quantized, false) => ((1..=16).contains(&bits), "1 to 16"),
            (Ieee, true) => ((9..=32).contains(&bits), "9 to 32"),
            (Raw, false) => ((1..=64).contains(&bits), "1 to 64"),
            (Real, false) => ((1..=32).contains(&bits), "1 to 32"),
            (Ieee | Complex, false) => (matches!(bits, 1..=32 | 64), "1 to 32, or 64"),
            (Unsigned | Signed, false) => match self.order {
                WordOrder::Big => ((1..=32).contains(&bits), "1 to 32 in XDF"),
                WordOrder::Little => (matches!(bits, 1..=32 | 64), "1 to 32, or 64"),
            },
            // The layout does not depend on it, and writers store what the caller said.
            (Characters | String, false) => (true, ""),
            (Raw | Characters | Signed | String | Complex | Unknown(_), true) | (Unknown(_), false) => {
                return Err(DecodeError::DataType { data_type: self.data_type });
            }
        };
        if valid { Ok(()) } else { Err(DecodeError::PackBits { data_type: self.data_type, expected, found: bits }) }
    }

    fn count<O: Order>(&self, words: Words<'_, O>) -> Result<usize, DecodeError> {
        self.check_type()?;
        let shape = |reason| DecodeError::Shape { shape: self.shape, reason };
        if self.shape.is_empty() {
            return Err(shape("a dimension is zero"));
        }
        let n = self.shape.len().ok_or_else(|| shape("too many elements"))?;
        if self.data_type.is_turbo() {
            self.check_compressed(words)?;
            return usize::try_from(n).map_err(|_| shape("too many elements"));
        }
        let bits = u64::from(self.pack_bits);
        let needed = match self.data_type.base() {
            BaseType::Real => {
                // Enough for the header first: the token width is there.
                let width = old::Scale::parse(words, Form::Short)?.width;
                n.checked_mul(u64::from(width)).and_then(|bits| bits.checked_add(old::HEADER_BITS))
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
        let elements = if self.data_type.base() == BaseType::Raw { needed } else { n };
        usize::try_from(elements).map_err(|_| shape("too many elements"))
    }

    /// Whether a compressed payload can hold its first plane, and may claim the others.
    fn check_compressed<O: Order>(&self, words: Words<'_, O>) -> Result<(), DecodeError> {
        let Shape { ni, nj, nk } = self.shape;
        let shape = |reason| DecodeError::Shape { shape: self.shape, reason };
        if self.data_type.base() == BaseType::Ieee && (ni < IEEE_TURBO_SMALLEST || nj < IEEE_TURBO_SMALLEST) {
            return Err(shape("compressed IEEE fields are 16 x 16 at least"));
        }
        if nk > MOST_PLANES {
            return Err(shape("compressed fields have one plane, or 1024 at most in damaged records"));
        }
        let limit = words.len().saturating_mul(ELEMENTS_PER_WORD);
        if self.shape.plane() > limit {
            return Err(DecodeError::Implausible { elements: self.shape.plane(), words: words.len(), limit });
        }
        Ok(())
    }

    /// An uncompressible type 130 record was stored as type 2 by every release of the reference library, with the
    /// stream one word late. Its length gives it away: that of type 130, and not that of type 2.
    fn is_shifted(&self) -> bool {
        let plain = self.data_type.base() == BaseType::Unsigned && !self.data_type.is_turbo();
        if !plain || self.pack_bits > 16 {
            return false;
        }
        let length = |bits: u64, extra: u64| {
            let bits = self.shape.len()?.checked_mul(bits)?.checked_add(extra)?;
            Some(2 * bits.div_ceil(64))
        };
        let found = Some(self.bytes.len() as u64 / 4);
        // The word in front is zero in XDF, arbitrary in RSF.
        let skipped = self.order == WordOrder::Little || self.bytes.first_chunk() == Some(&[0; 4]);
        skipped && found == length(16, 32) && found != length(u64::from(self.pack_bits), 120)
    }

    /// `target` has the length and type that were checked; for compressed records it is the first plane.
    ///
    /// Nothing generic: decoders are compiled in this crate, not in each that uses it.
    fn decode_target(&self, target: Target<'_>, threads: Threads) -> Result<(), DecodeError> {
        match self.order {
            WordOrder::Big => self.decode(self.words::<Big>(), target, threads),
            WordOrder::Little => self.decode(self.words::<Little>(), target, threads),
        }
    }

    fn decode<O: Order>(&self, words: Words<'_, O>, target: Target<'_>, threads: Threads) -> Result<(), DecodeError> {
        let bits = self.pack_bits;
        let n_out = target.len();
        let plane = Plane { ni: self.shape.ni as usize, nj: self.shape.nj as usize };
        // What the reference library does with type 1 read as f64.
        let rounded = self.order == WordOrder::Little && self.data_bits != 64;
        // Compressed records that lost their other planes may count them or not.
        let n = self.shape.len().unwrap_or(0);
        let counts = [n, if self.data_type.is_turbo() { self.shape.plane() } else { n }];
        let plain = |start: u64, width: u32| Stream::new(words, start, width, n_out).map(O::plain);
        let pairs = || Pairs::new(words, n_out).map(O::wide);
        let turbo = |first: u64| -> Result<_, DecodeError> {
            let stream = words.from(first)?;
            Ok(move |sink: &mut dyn Sink| turbopack::decode(stream, plane, n_out, threads, sink))
        };
        match (self.data_type.base(), self.data_type.is_turbo()) {
            (BaseType::Unsigned, false) if bits == 64 => integer::decode_wide(&pairs()?, false, threads, target),
            (BaseType::Signed, _) if bits == 64 => integer::decode_wide(&pairs()?, true, threads, target),
            (BaseType::Ieee | BaseType::Complex, false) if bits == 64 => ieee::decode_wide(&pairs()?, threads, target),
            (BaseType::Unsigned, false) => {
                let stream = plain(32 * u64::from(self.is_shifted()), u32::from(bits))?;
                integer::decode_unsigned(Tokens::Plain(&stream), u32::MAX, threads, target)
            }
            (BaseType::Signed, _) => {
                integer::decode_signed(Tokens::Plain(&plain(0, u32::from(bits))?), bits, threads, target)
            }
            (BaseType::Ieee | BaseType::Complex, false) => {
                ieee::decode(Tokens::Plain(&plain(0, u32::from(bits))?), bits, threads, target)
            }
            (BaseType::Unsigned, true) => {
                integer::decode_unsigned(Tokens::Turbo(&mut turbo(1)?), (1_u32 << bits) - 1, threads, target)
            }
            (BaseType::Real, false) => {
                let scale = old::Scale::parse(words, Form::Short)?;
                let stream = plain(old::HEADER_BITS, scale.width)?;
                old::decode(scale, Tokens::Plain(&stream), threads, rounded, target)
            }
            (BaseType::Real, true) => {
                let scale = old::Scale::parse(words.from(1)?, Form::Long)?;
                old::decode(scale, Tokens::Turbo(&mut turbo(5)?), threads, rounded, target)
            }
            (BaseType::Quantized, false) => {
                let scale = sixteen::Scale::parse(words, &counts)?;
                let stream = plain(sixteen::HEADER_WORDS * 32, 16)?;
                sixteen::decode(scale, Tokens::Plain(&stream), threads, target)
            }
            (BaseType::Quantized, true) => {
                let scale = sixteen::Scale::parse(words.from(1)?, &counts)?;
                sixteen::decode(scale, Tokens::Turbo(&mut turbo(4)?), threads, target)
            }
            (BaseType::Ieee, true) => each_target!(real target, out => {
                #[expect(clippy::useless_conversion, reason = "one text for f32 and f64")]
                ieee_turbo::decode(words.from(1)?, plane, out, threads, |bits| f32::from_bits(bits).into())
            }),
            (BaseType::Raw, _) => match target {
                Target::U32(out) => {
                    let stream = plain(0, 32)?;
                    integer::decode_raw(Tokens::Plain(&stream), threads, out)
                }
                _ => Err(Target::unexpected()),
            },
            (BaseType::Characters, _) => match target {
                Target::U8(out) => text::decode(words, Text::Machine, out),
                _ => Err(Target::unexpected()),
            },
            (BaseType::String, _) => match target {
                Target::U8(out) => text::decode(words, Text::Stream, out),
                _ => Err(Target::unexpected()),
            },
            (BaseType::Complex, true) | (BaseType::Unknown(_), _) => {
                Err(DecodeError::DataType { data_type: self.data_type })
            }
        }
    }
}
