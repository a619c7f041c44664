//! One field, or one wind: read, moved, ready to be written.

use std::sync::Arc;

use rpnfst::{
    Attributes, BaseType, DataType, Error, Field, File, Mask, ReadOptions, Record, RecordError, Values,
    geo::{GridError, GridTags, Numbers, Tiles},
    grids::Real,
    record::Descriptors,
};

use super::plans::Way;
use crate::holes::{data_type, taken_out};

/// Where values come from.
pub(super) enum Part<'a> {
    Record(&'a Record),
    Tiles(Tiles<'a>),
}

/// What is moved at once.
pub(super) struct Task<'a> {
    pub(super) first: Part<'a>,
    /// The other component of a wind.
    pub(super) second: Option<Part<'a>>,
    pub(super) way: Arc<Way>,
    /// Values of the grid.
    pub(super) source_len: usize,
}

/// A record of the output.
pub(super) type Made = (Attributes, Field);

/// What tasks need of their file and target.
pub(super) struct Bench<'a> {
    pub(super) file: &'a File,
    pub(super) masks: &'a Descriptors<'a>,
    pub(super) tags: &'a GridTags,
    /// Columns and rows of the target.
    pub(super) dims: (usize, usize),
    pub(super) reading: ReadOptions,
    /// The output can hold extended metadata.
    pub(super) with_metadata: bool,
}

impl<'a> Part<'a> {
    /// The record whose attributes count.
    pub(super) fn head(&self) -> Option<&'a Record> {
        match self {
            Self::Record(record) => Some(record),
            Self::Tiles(tiles) => tiles.records().first().copied(),
        }
    }
}

/// Whether values must not be mixed.
pub(super) fn is_whole(record: &Record) -> bool {
    matches!(record.data_type().base(), BaseType::Unsigned | BaseType::Signed)
}

impl Bench<'_> {
    /// Does a task; what each of its records became.
    pub(super) fn run(&self, task: &Task<'_>) -> rpnfst::Result<Vec<Made>> {
        let Some(head) = task.first.head() else { return Ok(Vec::new()) };
        let failed = |error: GridError| self.failed(head, error.into());
        let count = task.source_len;
        let first = self.numbers(&task.first)?;
        let Some((second, other)) = task.second.as_ref().and_then(|part| Some((part, part.head()?))) else {
            let moved = match first {
                Numbers::Single(field) => {
                    Numbers::Single(planes(&field, count, |f| task.way.apply(f, None)).map_err(failed)?)
                }
                Numbers::Double(field) => {
                    Numbers::Double(planes(&field, count, |f| task.way.apply(f, None)).map_err(failed)?)
                }
                _ => return Ok(Vec::new()),
            };
            return self.made(head, &task.first, moved);
        };
        let (u, v) = match (first, self.numbers(second)?) {
            (Numbers::Single(u), Numbers::Single(v)) => {
                let (u, v) = winds(&u, &v, count, &task.way).map_err(failed)?;
                (Numbers::Single(u), Numbers::Single(v))
            }
            (u, v) => {
                let (u, v) = winds(&doubles(u), &doubles(v), count, &task.way).map_err(failed)?;
                (Numbers::Double(u), Numbers::Double(v))
            }
        };
        let mut made = self.made(head, &task.first, u)?;
        made.extend(self.made(other, second, v)?);
        Ok(made)
    }

    fn numbers(&self, part: &Part<'_>) -> rpnfst::Result<Numbers> {
        match part {
            Part::Record(record) => self.file.numbers(record, self.masks.mask_of(record), &self.reading),
            Part::Tiles(tiles) => {
                let (_, array) = self.file.join_tiles(tiles)?;
                let missing = array.missing().cloned();
                let mut values = array.into_vec();
                for at in missing.iter().flat_map(Mask::positions) {
                    if let Some(value) = values.get_mut(at) {
                        *value = f64::NAN;
                    }
                }
                let wide = tiles.records().iter().any(|record| record.data_bits() == 64 || record.pack_bits() > 32);
                #[expect(clippy::cast_possible_truncation, reason = "they come from records of 32 bits")]
                let single = |values: Vec<f64>| values.into_iter().map(|value| value as f32).collect();
                Ok(if wide { Numbers::Double(values) } else { Numbers::Single(single(values)) })
            }
        }
    }

    /// A record with its values on the target, and its mask if it has one.
    fn made(&self, record: &Record, part: &Part<'_>, numbers: Numbers) -> rpnfst::Result<Vec<Made>> {
        let (ni, nj) = self.dims;
        let count = ni.saturating_mul(nj).max(1);
        let nk = numbers.len() / count;
        let mask_record = self.masks.mask_of(record);
        let (values, missing) = values(record, numbers);
        let attributes = self.attributes(record)?;
        let attributes = if matches!(part, Part::Tiles(_)) { attributes.ip3(0) } else { attributes };
        let dims = (ni, nj, nk);
        let Some((missing, mask_record)) = missing.clone().zip(mask_record).or_else(|| {
            // Nothing is missing: the mask says so.
            mask_record.map(|record| (Mask::repeat(false, count * nk), record))
        }) else {
            let attributes = attributes.data_type(data_type(record, missing.is_some()));
            return Ok(vec![(attributes, Field::new(values, dims, missing)?)]);
        };
        let valid = (0..missing.len()).map(|at| u32::from(missing.get(at) != Some(true))).collect();
        let mask_type = if is_whole(mask_record) { mask_record.data_type() } else { DataType::UNSIGNED };
        let mask_attributes =
            self.attributes(mask_record)?.data_type(DataType::new(mask_type.code() & !DataType::MISSING_FLAG));
        let attributes = attributes.data_type(data_type(record, false));
        Ok(vec![
            (attributes, Field::new(values, dims, None)?),
            (mask_attributes, Field::new(Values::U32(valid), dims, None)?),
        ])
    }

    fn attributes(&self, record: &Record) -> rpnfst::Result<Attributes> {
        let attributes = if self.with_metadata {
            self.file.attributes(record)?
        } else {
            Attributes::from(record).without_metadata()
        };
        Ok(self.tags.on_grid(attributes))
    }

    fn failed(&self, record: &Record, source: RecordError) -> Error {
        match self.file.member_of(record) {
            Ok(member) => Error::Record { path: member.name(), record: record.into(), source: Box::new(source) },
            Err(error) => error,
        }
    }
}

/// Plane by plane.
fn planes<T: Real>(
    field: &[T],
    count: usize,
    mut one: impl FnMut(&[T]) -> Result<Vec<T>, GridError>,
) -> Result<Vec<T>, GridError> {
    let mut planes = field.chunks(count.max(1));
    let mut out = one(planes.next().unwrap_or_default())?;
    for plane in planes {
        out.extend(one(plane)?);
    }
    Ok(out)
}

fn winds<T: Real>(u: &[T], v: &[T], count: usize, way: &Way) -> Result<(Vec<T>, Vec<T>), GridError> {
    let (mut out_u, mut out_v) = (Vec::new(), Vec::new());
    for (u, v) in u.chunks(count.max(1)).zip(v.chunks(count.max(1))) {
        let (u, v) = way.apply_winds(u, v, None)?;
        out_u.extend(u);
        out_v.extend(v);
    }
    Ok((out_u, out_v))
}

fn doubles(numbers: Numbers) -> Vec<f64> {
    match numbers {
        Numbers::Single(values) => values.into_iter().map(f64::from).collect(),
        Numbers::Double(values) => values,
        _ => Vec::new(),
    }
}

/// Values as the type of the record has them, and which are missing.
fn values(record: &Record, numbers: Numbers) -> (Values, Option<Mask>) {
    match numbers {
        Numbers::Single(mut values) => {
            let missing = taken_out(&mut values);
            (Values::F32(values), missing)
        }
        Numbers::Double(mut values) => {
            let missing = taken_out(&mut values);
            (whole(record, values), missing)
        }
        _ => (Values::F32(Vec::new()), None),
    }
}

/// Reals, or the integers that they are.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "they come from such integers")]
fn whole(record: &Record, values: Vec<f64>) -> Values {
    let wide = record.data_bits() == 64;
    match record.data_type().base() {
        BaseType::Unsigned if wide => Values::U64(values.into_iter().map(|value| value as u64).collect()),
        BaseType::Signed if wide => Values::I64(values.into_iter().map(|value| value as i64).collect()),
        BaseType::Unsigned => Values::U32(values.into_iter().map(|value| value as u32).collect()),
        BaseType::Signed => Values::I32(values.into_iter().map(|value| value as i32).collect()),
        _ => Values::F64(values),
    }
}
