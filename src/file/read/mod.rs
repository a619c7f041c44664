//! From records to values.

#[cfg(feature = "ndarray")]
mod array;
mod many;
mod options;

use std::{any::Any, borrow::Cow};

use rpnfst_codecs::{DecodeError, Element, ElementKind, Payload, Plan, Shape, missing};

pub use self::options::{FillMissing, LostPlanes, ReadOptions};

use crate::{
    container::record_header,
    error::{Error, RecordError, Result, name_of},
    field::{Array, Field, Mask, Values, view, zeroed},
    file::opened::{File, Part as Member},
    record::Record,
};

impl File {
    /// Reads the values of a record in their natural element type.
    ///
    /// # Errors
    /// [`Error::Record`] when the record is damaged or larger than the limits, [`Error::ForeignRecord`] when it comes
    /// from another file.
    pub fn read(&self, record: &Record) -> Result<Field> {
        self.read_with(record, &ReadOptions::default())
    }

    /// Like [`File::read`], with options.
    ///
    /// # Errors
    /// See [`File::read`].
    pub fn read_with(&self, record: &Record, options: &ReadOptions) -> Result<Field> {
        let member = self.member(record)?;
        self.decode(member, record, options).map_err(|e| failed(member, record, e))
    }

    fn decode(&self, member: &Member, record: &Record, options: &ReadOptions) -> Result<Field, RecordError> {
        let payload = payload(member, record)?;
        let plan = pack(record, &payload).plan()?;
        macro_rules! decode {
            ($($kind:ident),*) => {
                match plan.element_kind() {
                    $(ElementKind::$kind => {
                        let (values, missing) = self.decode_vec(record, &plan, options)?;
                        (Values::$kind(values), missing)
                    })*
                }
            };
        }
        let (values, missing) = decode!(U8, I8, U16, I16, U32, I32, U64, I64, F32, F64, Complex32, Complex64);
        Ok(Field { shape: shape_read(record, options), values, missing })
    }

    /// Reads the values of a record into the caller's array, in storage order (`ni` fastest). Returns which are missing.
    ///
    /// `T` is the natural element type of the record, or `f32` or `f64` for any record of numbers.
    ///
    /// # Errors
    /// [`Error::Record`] when `out` has not exactly as many elements as the record (without lost planes, if the options omit
    /// them), when `T` is another type, or when
    /// the record is damaged.
    pub fn read_into<T: Element>(&self, record: &Record, out: &mut [T], options: &ReadOptions) -> Result<Option<Mask>> {
        let member = self.member(record)?;
        let read = |out| {
            let payload = payload(member, record)?;
            self.decode_slice(&pack(record, &payload).plan()?, out, options)
        };
        read(out).map_err(|e| failed(member, record, e))
    }

    /// Reads the values of a record as `T`: the natural element type, or `f32` or `f64` for any record of numbers
    /// ([`DataType::is_number`](crate::DataType::is_number): no raw words, complex numbers, characters).
    ///
    /// ```
    /// # fn main() -> rpnfst::Result<()> {
    /// use rpnfst::{File, FillMissing, ReadOptions};
    /// let file = File::open("testdata/xdf/same_name.std")?;
    /// let array = file.read_as::<f64>(&file.records()[0], &ReadOptions::new().missing(FillMissing::Classic))?;
    /// assert_eq!((array.dims(), array.values().len()), ((12, 8, 1), 96));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// See [`File::read_into`].
    pub fn read_as<T: Element>(&self, record: &Record, options: &ReadOptions) -> Result<Array<'static, T>> {
        let member = self.member(record)?;
        let read = || {
            let payload = payload(member, record)?;
            let (values, missing) = self.decode_vec(record, &pack(record, &payload).plan()?, options)?;
            Ok(Array::of_record(values, shape_read(record, options), missing))
        };
        read().map_err(|e| failed(member, record, e))
    }

    /// How many values the payload of a record holds, as its size and header prove. Of a compressed record it is the first plane.
    pub(crate) fn stored_count(&self, record: &Record) -> Result<u64> {
        let member = self.member(record)?;
        let count = || Ok(pack(record, &payload(member, record)?).plan()?.stored_count() as u64);
        count().map_err(|e| failed(member, record, e))
    }

    fn decode_vec<T: Element>(
        &self,
        record: &Record,
        plan: &Plan<'_>,
        options: &ReadOptions,
    ) -> Result<(Vec<T>, Option<Mask>), RecordError> {
        let count = options.count(plan);
        let (lost, limit) = (bytes_of::<T>(count - plan.stored_count().min(count)), self.limits().max_lost_bytes);
        if lost > limit {
            let (planes, of) = (record.lost_planes(), record.nk());
            return Err(RecordError::LostPlanes { planes, of, needed: lost, limit });
        }
        let mut values = self.array(count)?;
        let mask = self.decode_slice(plan, &mut values, options)?;
        Ok((values, mask))
    }

    fn decode_slice<T: Element>(
        &self,
        plan: &Plan<'_>,
        out: &mut [T],
        options: &ReadOptions,
    ) -> Result<Option<Mask>, RecordError> {
        let expected = options.count(plan);
        if out.len() != expected {
            return Err(DecodeError::OutputLength { expected, found: out.len() }.into());
        }
        let decoded = plan.decode_into(out, options.threads)?;
        let mut mask = None;
        if plan.has_missing() {
            mask = self.find_missing(plan, &out[..decoded.stored], options)?;
        }
        if let Some(mask) = mask.as_ref().filter(|_| options.missing != FillMissing::Substitute) {
            fill(&mut out[..decoded.stored], mask, options.missing);
        }
        if decoded.stored < out.len() {
            let absent = mask.get_or_insert_with(|| Mask::repeat(false, decoded.stored));
            absent.resize(out.len(), true);
            let value = absent_value::<T>(if options.missing == FillMissing::Classic {
                FillMissing::Classic
            } else {
                FillMissing::Nan
            });
            out[decoded.stored..].fill(value.unwrap_or_default());
        }
        Ok(mask)
    }

    /// Which of the decoded values are missing.
    fn find_missing<T: Element>(
        &self,
        plan: &Plan<'_>,
        values: &[T],
        options: &ReadOptions,
    ) -> Result<Option<Mask>, RecordError> {
        // Distinct integers may round to the same real: ask their own type.
        macro_rules! natural {
            ($($kind:ident: $type:ty),*) => {
                match plan.element_kind() {
                    $(ElementKind::$kind if T::KIND != ElementKind::$kind => {
                        let mut values = self.array::<$type>(values.len())?;
                        plan.decode_into(&mut values, options.threads)?;
                        Ok(missing::mask(&values))
                    })*
                    _ => Ok(missing::mask(values)),
                }
            };
        }
        natural!(U8: u8, I8: i8, U16: u16, I16: i16, U32: u32, I32: i32, U64: u64, I64: i64)
    }

    /// An array for decoded values, if the limits allow it.
    fn array<T: Element>(&self, count: usize) -> Result<Vec<T>, RecordError> {
        let (needed, limit) = (bytes_of::<T>(count), self.limits().max_decoded_bytes);
        if needed > limit {
            return Err(RecordError::Limit { needed, limit });
        }
        Ok(zeroed(count, needed)?)
    }

    /// The values as they lie in the file, when the stored bytes *are* the values: unpacked, in this machine's byte
    /// order, aligned, and in memory (mapped or given as bytes). `None` otherwise; then [`File::read`] decodes.
    ///
    /// Nothing is copied. Typical for RSF files of IEEE reals of 32 bits, and for characters.
    ///
    /// # Errors
    /// [`Error::Record`] when the record is damaged.
    pub fn view<T: Element>(&self, record: &Record) -> Result<Option<&[T]>> {
        let member = self.member(record)?;
        let look = || {
            let Cow::Borrowed(payload) = payload(member, record)? else { return Ok(None) };
            Ok(view::cast(&pack(record, payload))?)
        };
        look().map_err(|e| failed(member, record, e))
    }

    /// The payload as stored, without markers and metadata, padding included. Shorter than
    /// [`Record::payload_extent`] says when the end of the file cuts it.
    ///
    /// # Errors
    /// [`Error::Record`] when the record's own header contradicts the directory.
    pub fn payload(&self, record: &Record) -> Result<Cow<'_, [u8]>> {
        let member = self.member(record)?;
        payload(member, record).map_err(|e| failed(member, record, e))
    }

    /// The extended metadata as JSON text; `None` when the record has none. Beware of `NaN` and `Infinity`, which
    /// librmn writes although JSON has no such literals.
    ///
    /// # Errors
    /// [`Error::Record`] when it is cut or not UTF-8.
    pub fn metadata_text(&self, record: &Record) -> Result<Option<String>> {
        let member = self.member(record)?;
        let Some((offset, room)) = record.metadata_extent() else { return Ok(None) };
        let read = || {
            check_header(member, record)?;
            let bytes = member.source.get(offset, room)?;
            // An edit in place may leave stale bytes behind the NUL.
            let text = bytes.split(|&b| b == 0).next().unwrap_or_default();
            match std::str::from_utf8(text) {
                Ok("") => Ok(None),
                Ok(text) => Ok(Some(text.to_owned())),
                Err(e) => Err(RecordError::Metadata(e.to_string())),
            }
        };
        read().map_err(|e| failed(member, record, e))
    }

    /// Whether a record that the directory lists is deleted by its own header, as librmn 20.1 leaves it when a program
    /// writes, flushes and deletes: then it counts as deleted, and reading it is an [error](Error::is_deleted_record).
    /// Listings do not know of it, since they read directories only.
    ///
    /// # Errors
    /// [`Error::Record`] when the record's own header contradicts the directory in another way.
    pub fn is_deleted(&self, record: &Record) -> Result<bool> {
        let member = self.member(record)?;
        match check_header(member, record) {
            Ok(()) => Ok(false),
            Err(RecordError::Deleted) => Ok(true),
            Err(e) => Err(failed(member, record, e)),
        }
    }
}

/// The whole payload that is there, after a look at the record's own header.
fn payload<'a>(member: &'a Member, record: &Record) -> Result<Cow<'a, [u8]>, RecordError> {
    let (offset, length) = record.payload_extent();
    check_header(member, record)?;
    Ok(member.source.get_up_to(offset, length)?)
}

/// Compares the record's own header with the directory.
fn check_header(member: &Member, record: &Record) -> Result<(), RecordError> {
    if member.unverified.contains(&record.index) {
        return Ok(());
    }
    record_header(&member.source, record)
}

fn pack<'a>(record: &Record, payload: &'a [u8]) -> Payload<'a> {
    Payload {
        bytes: payload,
        order: record.container().word_order(),
        data_type: record.data_type(),
        pack_bits: record.pack_bits(),
        data_bits: record.stored_data_bits(),
        shape: record.shape(),
    }
}

/// Dimensions of the array that is read.
fn shape_read(record: &Record, options: &ReadOptions) -> Shape {
    let shape = record.shape();
    let nk = if options.lost == LostPlanes::Omit { record.planes_in_file() } else { shape.nk };
    Shape { nk, ..shape }
}

fn bytes_of<T>(count: usize) -> u64 {
    (count as u64).saturating_mul(size_of::<T>() as u64)
}

fn absent_value<T: Element>(policy: FillMissing) -> Option<T> {
    let nan: &dyn Any = match T::KIND {
        ElementKind::F64 => &f64::NAN,
        _ => &f32::NAN,
    };
    match (policy, nan.downcast_ref()) {
        (FillMissing::Nan, Some(nan)) => Some(*nan),
        _ => missing::default_flag(),
    }
}

fn fill<T: Element>(values: &mut [T], mask: &Mask, policy: FillMissing) {
    if let Some(value) = absent_value(policy) {
        missing::fill(values, mask, value);
    }
}

fn failed(member: &Member, record: &Record, source: RecordError) -> Error {
    let end = record.file_offset().saturating_add(record.total_stored_bytes());
    let source = match (source, end.saturating_sub(member.source.len())) {
        (RecordError::Decode(source), missing @ 1..) if is_of_the_payload(&source) => {
            RecordError::Truncated { missing, source }
        }
        (source, _) => source,
    };
    let path = name_of(member.path.as_ref(), || member.source.name());
    Error::Record { path, record: record.into(), source: Box::new(source) }
}

/// Whether missing bytes can be why: no mistake of the caller.
fn is_of_the_payload(error: &DecodeError) -> bool {
    !matches!(error, DecodeError::ElementType { .. } | DecodeError::OutputLength { .. })
}
