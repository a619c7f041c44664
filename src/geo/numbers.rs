//! Values as numbers of which those that are missing are NaN: what interpolation takes.

use rpnfst_codecs::{BaseType, ElementKind};

use crate::{
    error::{RecordError, Result},
    field::{Field, Values},
    file::{File, ReadOptions},
    record::Record,
};

/// The values of a record as reals, ni fastest; NaN where they are missing.
///
/// ```
/// # let file = rpnfst::File::open("testdata/xdf/miss198_f4.std")?;
/// use rpnfst::geo::Numbers;
/// let record = &file.records()[0];
/// let Numbers::Single(values) = file.numbers(record, None, &Default::default())? else { unreachable!("32 bits") };
/// assert_eq!(values.iter().filter(|value| value.is_nan()).count(), file.read(record)?.missing_count());
/// # Ok::<(), rpnfst::Error>(())
/// ```
#[derive(Clone, PartialEq, Debug)]
#[non_exhaustive]
pub enum Numbers {
    /// Of single precision, as most records are.
    Single(Vec<f32>),
    /// Of double precision: what the record holds, or what integers become.
    Double(Vec<f64>),
}

impl Numbers {
    /// How many there are.
    pub fn len(&self) -> usize {
        match self {
            Self::Single(values) => values.len(),
            Self::Double(values) => values.len(),
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl File {
    /// Reads the values of a record as reals, with NaN where a value is missing: by the flags of the record itself, and where
    /// `mask`, a record of typvar `@@` ([`Descriptors::mask_of`](crate::record::Descriptors::mask_of)), holds 0.
    ///
    /// Raw words are reals in records of which that is known ([`Record::words_kind`]).
    ///
    /// # Errors
    /// See [`File::read`]. [`RecordError::Lacking`] when the values are no real numbers, or the mask has another size.
    pub fn numbers(&self, record: &Record, mask: Option<&Record>, options: &ReadOptions) -> Result<Numbers> {
        self.numbers_as(record, mask, None, options)
    }

    /// As [`File::numbers`], with raw words taken for elements of the type `words`.
    ///
    /// # Errors
    /// See [`File::numbers`].
    pub fn numbers_as(
        &self,
        record: &Record,
        mask: Option<&Record>,
        words: Option<ElementKind>,
        options: &ReadOptions,
    ) -> Result<Numbers> {
        let field = self.read_with(record, options)?;
        let words = words.or_else(|| record.words_kind());
        let field = match words {
            Some(kind) if record.data_type().base() == BaseType::Raw => {
                field.bits_as(kind).unwrap_or_else(|field| field)
            }
            _ => field,
        };
        let lacking = |found: String| {
            let sought = "real numbers".to_owned();
            self.failed(record, RecordError::Lacking { sought, found })
        };
        let is_words = record.data_type().base() == BaseType::Raw && words.is_none();
        if is_words || matches!(record.data_type().base(), BaseType::Characters | BaseType::String) {
            return Err(lacking(format!("the values are of type {}", record.data_type())));
        }
        let mut numbers = real(field).ok_or_else(|| lacking("the values are complex".to_owned()))?;
        if let Some(mask) = mask {
            let mask_field = self.read_with(mask, options)?;
            let valid = mask_field.values().to_f64().filter(|valid| valid.len() == numbers.len());
            let valid = valid.ok_or_else(|| {
                let sought = format!("a mask of {} values", numbers.len());
                let found = format!("that of record {} has {}", mask.file_index(), mask_field.values().len());
                self.failed(record, RecordError::Lacking { sought, found })
            })?;
            numbers.spoil(valid.iter().map(|valid| *valid == 0.0));
        }
        Ok(numbers)
    }
}

impl Numbers {
    /// Puts NaN where a value is missing.
    fn spoil(&mut self, missing: impl Iterator<Item = bool>) {
        match self {
            Self::Single(values) => {
                values.iter_mut().zip(missing).filter(|(_, no)| *no).for_each(|(v, _)| *v = f32::NAN);
            }
            Self::Double(values) => {
                values.iter_mut().zip(missing).filter(|(_, no)| *no).for_each(|(v, _)| *v = f64::NAN);
            }
        }
    }
}

/// `None` for complex numbers. Reals are moved, not copied.
fn real(field: Field) -> Option<Numbers> {
    let missing = field.missing().cloned();
    let mut numbers = match field.into_values() {
        Values::F32(values) => Numbers::Single(values),
        Values::F64(values) => Numbers::Double(values),
        other => Numbers::Double(other.to_f64()?),
    };
    if let Some(missing) = missing {
        numbers.spoil((0..missing.len()).map(|at| missing.get(at) == Some(true)));
    }
    Some(numbers)
}
