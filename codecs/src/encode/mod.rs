//! A request to write values; from here each record goes to its codec.

mod choose;
mod compressed;
mod lossless;
mod reals;
mod substitute;

use alloc::vec::Vec;

use crate::element::{Element, Real, Sealed, Source, each_source};
use crate::error::EncodeError;
use crate::mask::Mask;
use crate::options::{Compression, Librmn, Rules, Threads};
use crate::text::Text;
use crate::types::{BaseType, DataType, ElementKind, Shape, WordOrder};
use crate::{ieee, integer, text};
use choose::{Choice, plain_words};
pub use lossless::{full_width, lossless};
use reals::check_rounding;
use substitute::{Room, Substitute, substituted};

/// How the values of one record are to be packed.
///
/// A request is not always what is stored: [`Stored`] says that. In the end:
///
/// * Flag 64 is stored if [`missing`](Self::missing) has a bit set, and the type can have missing values (1, 2, 4, 5, 6).
/// * Flag 128 is stored if the type has a compressed form (1, 2, 5, 6), there is one plane only, the bits are 16 at most
///   (type 5: 32), and the compressed record is shorter; type 5 needs 16 x 16 elements.
/// * Bits beyond those of the elements are ignored (not for type 4 with [librmn's rules of 19.5](Rules::Like)); integers of 64 bits are always
///   stored in 64 (RSF only, and without missing values).
/// * Type 1 of 31 or 32 bits becomes type 5 of 32 bits. Type 6 of 17 to 24 bits becomes type 1, of more type 5 of 32 bits.
/// * Reals of more than 32 bits become type 5 of 64 bits. With less, `f64` elements are rounded to `f32` first.
/// * Type 5 needs 16 bits, or 1 with [librmn's rules of 19.5](Rules::Like), which refuses 33 to 63 bits for all reals.
/// * Types 3 and 7 have 8 bits.
///
/// The rules of librmn are those of its release, its remaining quirks included, and give the same bits. What librmn does
/// wrongly is done right with all [`Rules`]:
///
/// * NaN, infinities, and for type 1 values beyond 1e38, are errors for types 1 and 6; so are finite 64-bit reals that
///   32 bits cannot hold. (librmn ends the process, or stores something.)
/// * All planes are stored: a compressed form of several planes is not written. (It keeps the first one.)
/// * Flag 64 stays when a field does not compress. (It gets lost.)
/// * A field of type 1 whose elements are all missing is stored as a constant 1. (It ends the process.)
/// * A type 130 field that does not compress becomes an ordinary type 2 record. (Its stream starts one word late.)
/// * `u8` elements are zero-extended for type 130, all of a complex field is converted, and missing values are
///   substituted in the precision that is stored.
/// * Tokens of type 6 fields of tiny values do not spill over into their neighbours.
/// * Bytes that mean nothing are zero. (In librmn's XDF files they are remains of earlier attempts.)
///
/// With [`Rules::Recommended`] moreover:
///
/// * type 129 of less than 16 bits becomes type 1, because librmn reads it wrongly, and type 130 of `u8` elements in RSF
///   files becomes type 2, because librmn 20.1 ends the process when it reads more than a few hundred of them;
/// * type 130 of 16 bits becomes type 2 when a value has the highest of them, because librmn 20.1 takes that for a sign (not
///   for `u16` elements in RSF files);
/// * the substitute of missing values is above all others in constant negative fields, in types 1 and 6 of a few bits, in
///   type 5 of less than 32 bits, and where all are missing. (Otherwise valid values come back as missing, or type 1 is refused.)
///
/// What the format cannot do with any rules: in integers whose maximum is the largest that the bits hold, elements of this
/// value come back as missing.
#[derive(Debug, Clone, Copy)]
pub struct PackRequest<'a> {
    /// Type asked for, with the flags for missing values (64) and second-stage compression (128).
    pub data_type: DataType,
    /// Bits per element asked for.
    pub pack_bits: u8,
    /// Dimensions of the field.
    pub shape: Shape,
    /// Byte order of the payload's words: [`WordOrder::Big`] for XDF, [`WordOrder::Little`] for RSF.
    pub order: WordOrder,
    /// Whose decisions are followed.
    pub rules: Rules,
    /// Effort of the second stage.
    pub compression: Compression,
    /// Which elements are missing (bit set), one bit per element; used with the flag 64 only.
    pub missing: Option<&'a Mask>,
}

/// What the directory is to say about the values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Stored {
    /// `datyp`, flags included.
    pub data_type: DataType,
    /// `nbits`.
    pub pack_bits: u8,
    /// Bits of the elements that were packed: 8, 16, 32, 64 (of one part for complex numbers). In XDF files 0 for raw words
    /// and characters, and with [librmn's rules of 19.5](Rules::Like) for everything.
    pub data_bits: u8,
}

impl PackRequest<'_> {
    /// Appends the whole payload to `out`: all words, padding included.
    ///
    /// # Errors
    ///
    /// If the elements do not go with the type, the bits or the dimensions make no sense, the length of `values` is not
    /// that of `shape` (for type 0: the words that so many elements of `pack_bits` fill), or a value cannot be
    /// represented. `out` is as before then.
    pub fn encode<T: Element>(&self, values: &[T], threads: Threads, out: &mut Vec<u8>) -> Result<Stored, EncodeError> {
        let start = out.len();
        let stored = self.append_values(T::KIND, values.len(), <T as Sealed>::source(values), threads, out);
        if stored.is_err() {
            out.truncate(start);
        }
        stored
    }

    /// Nothing generic: encoders are compiled in this crate, not in each that uses it. `count` elements are in `source`, where
    /// complex numbers are two.
    fn append_values(
        &self,
        kind: ElementKind,
        count: usize,
        source: Source<'_>,
        threads: Threads,
        out: &mut Vec<u8>,
    ) -> Result<Stored, EncodeError> {
        let mask = self.mask();
        let choice = self.choose(kind, mask.is_some(), threads)?;
        let n = self.count(choice, count)?;
        if let Some(mask) = mask.filter(|mask| mask.len() != count) {
            return Err(EncodeError::MaskLength { expected: count, found: mask.len() });
        }
        if let (Source::F64(values), true) = (source, choice.narrow) {
            check_rounding(values, mask)?;
        }
        let turbo = match (mask, source) {
            (None, _) => self.append_source(choice, n, source, out)?,
            (Some(mask), Source::F64(values)) if choice.narrow => {
                let single: Vec<f32> = values.iter().map(|value| value.single()).collect();
                let values = self.substituted(choice, &single, mask);
                self.append_source(choice, n, Source::F32(&values), out)?
            }
            (Some(mask), source) => each_source!(any source, values => {
                let values = self.substituted(choice, values, mask);
                self.append_source(choice, n, Sealed::source(&values), out)
            })?,
        };
        Ok(self.stored(choice, turbo, mask.is_some(), choose::data_bits(kind)))
    }

    /// The missing elements, if there are any and the type can have them.
    fn mask(&self) -> Option<&Mask> {
        self.missing.filter(|mask| self.data_type.is_number() && self.data_type.has_missing() && mask.any())
    }

    fn substituted<T: Substitute>(&self, choice: Choice, values: &[T], mask: &Mask) -> Vec<T> {
        let cut = if choice.base == BaseType::Ieee { 32 - u32::from(choice.bits.min(32)) } else { 0 };
        let careful = self.rules == Rules::Recommended;
        substituted(values, mask, Room { bits: choice.bits, cut, careful, base: choice.base })
    }

    /// Number of elements, if that is what the caller gives.
    fn count(&self, choice: Choice, found: usize) -> Result<u64, EncodeError> {
        let shape = |reason| EncodeError::Shape { shape: self.shape, reason };
        if self.shape.is_empty() {
            return Err(shape("a dimension is zero"));
        }
        let n = self.shape.len().ok_or_else(|| shape("too many elements"))?;
        let expected = match choice.base {
            BaseType::Raw => n.checked_mul(choice.bits.into()).ok_or_else(|| shape("too many elements"))?.div_ceil(32),
            _ => n,
        };
        if expected != found as u64 {
            return Err(EncodeError::InputLength { expected, found });
        }
        Ok(n)
    }

    /// Reserve memory for a payload. Returns its length in bytes.
    fn reserve(&self, words: Option<u64>, out: &mut Vec<u8>) -> Result<usize, EncodeError> {
        let error = |reason| EncodeError::Shape { shape: self.shape, reason };
        let bytes = words.and_then(|words| words.checked_mul(4)).and_then(|bytes| usize::try_from(bytes).ok());
        let bytes = bytes.ok_or_else(|| error("too many elements"))?;
        out.try_reserve(bytes).map_err(|_| error("not enough memory for the payload"))?;
        Ok(bytes)
    }

    /// Append a plain payload of so many words as `write` gives it, and zeros up to its length.
    fn append(
        &self,
        words: Option<u64>,
        out: &mut Vec<u8>,
        write: impl FnOnce(&mut Vec<u8>) -> Result<(), EncodeError>,
    ) -> Result<bool, EncodeError> {
        let bytes = self.reserve(words, out)?;
        let end = out.len() + bytes;
        write(out)?;
        debug_assert!(out.len() <= end);
        out.resize(end, 0);
        Ok(false)
    }

    /// Append the payload. Returns whether it is compressed.
    fn append_source(
        &self,
        choice: Choice,
        n: u64,
        source: Source<'_>,
        out: &mut Vec<u8>,
    ) -> Result<bool, EncodeError> {
        let choice = Choice { turbo: choice.turbo && !self.is_misread(choice, source), ..choice };
        let bits = choice.bits;
        match (choice.base, source) {
            (BaseType::Unsigned, _) if choice.turbo => {
                return each_source!(unsigned source, values => self.encode_compressed_unsigned(choice, n, values, out));
            }
            (BaseType::Real | BaseType::Quantized, Source::F64(values)) if !choice.narrow => {
                return self.encode_real(choice, n, values, |value| value, out);
            }
            (BaseType::Real | BaseType::Quantized | BaseType::Ieee, _) if bits <= 32 => {
                return each_source!(real source, values => {
                    self.encode_real(choice, n, values, Real::single, out)
                });
            }
            _ => {}
        }
        self.append(plain_words(choice, false, n), out, |out| match choice.base {
            BaseType::Raw => integer::encode_raw(self.order, source, out),
            BaseType::Unsigned => integer::encode_unsigned(self.order, source, bits, out),
            BaseType::Signed => integer::encode_signed(self.order, source, bits, out),
            BaseType::Characters => text::encode(self.order, source, Text::Machine, out),
            BaseType::String => text::encode(self.order, source, Text::Stream, out),
            _ => ieee::encode(self.order, source, bits, out),
        })
    }

    /// Whether librmn 20.1 would read the compressed record as other values: it takes the highest of 16 bits for a sign
    /// where it reads into integers of 32 bits, as it does but for integers of 16 bits in RSF files.
    fn is_misread(&self, choice: Choice, source: Source<'_>) -> bool {
        if self.rules != Rules::Recommended || choice.base != BaseType::Unsigned || choice.bits != 16 {
            return false;
        }
        match source {
            Source::U32(values) => values.iter().any(|value| value & 0x8000 != 0),
            Source::U16(values) => self.order == WordOrder::Big && values.iter().any(|value| value & 0x8000 != 0),
            _ => false,
        }
    }

    fn stored(&self, choice: Choice, turbo: bool, missing: bool, width: u8) -> Stored {
        let characters = matches!(choice.base, BaseType::Raw | BaseType::Characters | BaseType::String);
        let unsaid = self.order == WordOrder::Big && (characters || self.rules == Rules::Like(Librmn::V19));
        Stored {
            data_type: choice.data_type(turbo, missing),
            pack_bits: choice.bits,
            data_bits: if unsaid {
                0
            } else if choice.narrow {
                32
            } else {
                width
            },
        }
    }
}
