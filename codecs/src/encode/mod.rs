//! Encoding of a record: the caller's request, and what is stored.
//!
//! `choose` decides the data type and the width. `substitute` replaces missing values. Then the values go to the codec of the
//! type: here if it has one form only, in `reals` and `compressed` if it has a compressed form.

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
use crate::tokens::pack_words;
use crate::types::{BaseType, DataType, ElementKind, Shape, WordOrder};
use crate::{ieee, integer, text};
use choose::{Choice, plain_words};
pub use lossless::{full_width, lossless};
use reals::{check_room, check_rounding};
use substitute::{Room, Substitute, substituted};

/// How the values of one record are to be packed.
///
/// The type and width that are stored can differ from those asked for; [`Stored`] returns them:
///
/// * Flag 64 is stored if [`missing`](Self::missing) has a bit set, and the type can have missing values (1, 2, 4, 5, 6).
/// * Flag 128 is stored if the type has a compressed form (1, 2, 5, 6), there is one plane only, the bits are 16 at most
///   (type 5: 32), and the compressed record is shorter. Type 5 also needs 16 x 16 elements.
/// * `pack_bits` is cut to the bits of an element (not for type 4 with [librmn's rules of 19.5](Rules::Like)). Integers of 64
///   bits are always stored in 64 bits, in RSF only, and cannot be missing.
/// * Type 1 of 31 or 32 bits becomes type 5 of 32 bits. Type 6 of 17 to 24 bits becomes type 1, of more bits type 5 of 32 bits.
/// * Reals of more than 32 bits become type 5 of 64 bits. With fewer bits, `f64` elements are rounded to `f32` first.
/// * Type 5 needs 16 bits or more. With [librmn's rules of 19.5](Rules::Like) it needs 1 bit, and 33 to 63 bits are refused.
/// * Types 3 and 7 have 8 bits.
///
/// With [`Rules::Like`] the payload has the same bits as that of the named release, its quirks included. Faults of librmn
/// that lose values are avoided with all [`Rules`]:
///
/// * Errors for types 1 and 6: NaN, infinities, for type 1 magnitudes above 1e38, and finite 64-bit reals that 32 bits cannot
///   hold. (librmn ends the process, or stores other values.)
/// * All planes are stored: a compressed form of several planes is not written. (librmn keeps the first one.)
/// * Flag 64 stays when a field does not compress. (librmn loses it.)
/// * A field of type 1 whose elements are all missing is stored as a constant 1. (librmn ends the process.)
/// * A type 130 field that does not compress becomes an ordinary type 2 record. (librmn's starts one word late.)
/// * `u8` elements are zero-extended for type 130, all of a complex field is converted, and missing values are
///   substituted in the precision that is stored.
/// * Tokens of type 6 fields of tiny values do not spill over into their neighbours.
/// * Bytes without a meaning are zero. (In librmn's XDF files they are remains of earlier attempts.)
///
/// [`Rules::Recommended`] also avoids what librmn cannot read back:
///
/// * Type 129 of fewer than 16 bits becomes type 1: librmn decodes it wrongly.
/// * Type 130 of `u8` elements in RSF files becomes type 2: librmn 20.1 ends the process when it reads more than a few hundred.
/// * Type 130 of 16 bits becomes type 2 if a value has bit 15 set: librmn 20.1 extends it as a sign. (Not for `u16` elements in
///   RSF files.)
/// * The substitute for missing reals is always greater than all valid values: also in constant negative fields, in types 1
///   and 6 of few bits, in type 5 of fewer than 32 bits, and if all values are missing. (With librmn's substitute, valid
///   values come back as missing, or type 1 is refused.)
///
/// One limit of the format remains with all rules: if an integer field has missing values, and its maximum is the largest
/// number that the bits hold, then elements of this value come back as missing.
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
    /// Who decides the type and width that are stored.
    pub rules: Rules,
    /// Effort of the second stage.
    pub compression: Compression,
    /// Which elements are missing (bit set), one bit per element; used with the flag 64 only. Their values are ignored.
    pub missing: Option<&'a Mask>,
}

/// Directory fields of the record that was encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Stored {
    /// `datyp`, flags included.
    pub data_type: DataType,
    /// `nbits`: bits per stored element.
    pub pack_bits: u8,
    /// Bits of an element before it was packed: 8, 16, 32 or 64; for complex numbers those of one part. In XDF files it is 0 for
    /// raw words and characters, and for all types with [librmn's rules of 19.5](Rules::Like).
    pub data_bits: u8,
}

impl PackRequest<'_> {
    /// A request with the default [`Rules`] and [`Compression`], and without missing values. All fields are public.
    ///
    /// ```
    /// use rpnfst_codecs::{DataType, PackRequest, Shape, Threads, WordOrder};
    /// let shape = Shape { ni: 3, nj: 1, nk: 1 };
    /// let request = PackRequest::new(DataType::UNSIGNED, 8, shape, WordOrder::Big);
    /// let mut payload = Vec::new();
    /// request.encode(&[1_u8, 2, 3], Threads::One, &mut payload)?;
    /// assert_eq!(payload[..4], [1, 2, 3, 0]);
    /// # Ok::<(), rpnfst_codecs::EncodeError>(())
    /// ```
    pub fn new(data_type: DataType, pack_bits: u8, shape: Shape, order: WordOrder) -> Self {
        let (rules, compression) = (Rules::default(), Compression::default());
        Self { data_type, pack_bits, shape, order, rules, compression, missing: None }
    }

    /// Append the whole payload to `out`, padding included. After an error `out` is as before.
    ///
    /// # Errors
    ///
    /// If the type does not take these elements, the bits or the dimensions make no sense, the length of `values` is not
    /// that of `shape` (for type 0: the words that so many elements of `pack_bits` fill), or a value cannot be represented.
    pub fn encode<T: Element>(&self, values: &[T], threads: Threads, out: &mut Vec<u8>) -> Result<Stored, EncodeError> {
        let start = out.len();
        let stored = self.append_values(T::KIND, values.len(), <T as Sealed>::source(values), threads, out);
        if stored.is_err() {
            out.truncate(start);
        }
        stored
    }

    /// [`encode`](Self::encode), not generic over the element type, so that encoders are compiled in this crate, not in each
    /// user of it. `count` is the number of elements; `source` holds twice as many reals if they are complex.
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
        if let (Some(mask), Rules::Recommended) = (mask, self.rules) {
            check_room(source, mask)?;
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

    /// Number of elements of the shape. An error if the caller gave another number.
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

    /// Reserve memory for a payload of `words` words (`None`: beyond 64 bits). Returns its length in bytes.
    fn reserve(&self, words: Option<u64>, out: &mut Vec<u8>) -> Result<usize, EncodeError> {
        let error = |reason| EncodeError::Shape { shape: self.shape, reason };
        let bytes = words.and_then(|words| words.checked_mul(4)).and_then(|bytes| usize::try_from(bytes).ok());
        let bytes = bytes.ok_or_else(|| error("too many elements"))?;
        out.try_reserve(bytes).map_err(|_| error("not enough memory for the payload"))?;
        Ok(bytes)
    }

    /// Append a payload that is not compressed: what `write` appends, and zeros up to `words` words. Returns false.
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

    /// Append the payload of values whose missing ones are replaced. Returns whether it is compressed.
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
            (BaseType::Ieee, Source::F32(values)) if bits == 32 && !choice.turbo => {
                return self.append(plain_words(choice, false, n), out, |out| {
                    pack_words(self.order, out, values, f32::to_bits);
                    Ok(())
                });
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

    /// Whether librmn 20.1 would read other values from the compressed record. It takes bit 15 of 16 bits for a sign if it reads
    /// into 32-bit integers, and only `u16` elements in RSF files are read into others.
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Example E1 of docs/format/codecs.md, section 16, and the length of section 10.2.
    #[test]
    fn a_payload_has_the_length_that_librmn_gives_it() {
        let request = PackRequest {
            data_type: DataType::UNSIGNED,
            pack_bits: 5,
            shape: Shape { ni: 7, nj: 1, nk: 1 },
            order: WordOrder::Big,
            rules: Rules::Recommended,
            compression: Compression::Normal,
            missing: None,
        };
        let mut out = vec![9];
        let stored = request.encode(&[1_u32, 2, 3, 31, 0, 17, 9], Threads::One, &mut out).unwrap();
        assert_eq!(stored, Stored { data_type: DataType::UNSIGNED, pack_bits: 5, data_bits: 32 });
        // 35 bits in two words; 2 * ceil((35 + 120) / 64) = 6 words in all, behind what was there.
        let mut expected = [0; 25];
        expected[..6].copy_from_slice(&[9, 0x08, 0x87, 0xf0, 0x45, 0x20]);
        assert_eq!(out, expected);
        // After an error `out` is as before.
        assert!(request.encode(&[1_u32; 8], Threads::One, &mut out).is_err());
        assert!(request.encode(&[1_i32; 7], Threads::One, &mut out).is_err());
        assert_eq!(out, expected);
    }

    #[test]
    fn infinity_beside_missing_values_is_refused() {
        let missing: Mask = [true, false].into_iter().collect();
        let request = |missing| PackRequest {
            data_type: DataType::new(5 | DataType::MISSING_FLAG),
            pack_bits: 32,
            shape: Shape { ni: 2, nj: 1, nk: 1 },
            order: WordOrder::Big,
            rules: Rules::Recommended,
            compression: Compression::Normal,
            missing,
        };
        let refused = request(Some(&missing)).encode(&[0.0_f32, f32::INFINITY], Threads::One, &mut Vec::new());
        assert!(matches!(refused, Err(EncodeError::Value { index: 1, .. })), "{refused:?}");
        for values in [[f32::INFINITY, 0.0], [0.0, f32::MAX], [0.0, f32::NEG_INFINITY]] {
            assert!(request(Some(&missing)).encode(&values, Threads::One, &mut Vec::new()).is_ok(), "{values:?}");
        }
    }
}
