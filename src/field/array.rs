//! Values of one element type with their dimensions and mask, read or to be written.

use std::borrow::Cow;

use rpnfst_codecs::{DataType, Element, Shape, missing};

use super::{Mask, shape_of};
use crate::error::FieldError;

/// Values in storage order (`ni` fastest) with their dimensions, and which of them are missing. Borrowed or owned.
///
/// [`File::read_as`](crate::File::read_as) makes one, [`Writer::write`](crate::Writer::write) takes one. Where the element
/// type is known at run time only, there is [`Field`](crate::Field).
///
/// ```
/// use rpnfst::Array;
/// let values = [1.0_f32, 2.0, 3.0, 4.0, 5.0, 6.0];
/// let array = Array::new(&values, (3, 2, 1))?; // ni = 3, nj = 2
/// assert_eq!((array.dims(), array.values()[4]), ((3, 2, 1), 5.0));
/// # Ok::<(), rpnfst::FieldError>(())
/// ```
///
/// A C-order array of shape `[nk, nj, ni]` (as numpy makes them) has its values in this very order.
///
/// `ndarray` has an `Array` of its own: import `ndarray::Array3` instead.
#[derive(Clone, Debug, PartialEq)]
pub struct Array<'a, T: Element> {
    values: Cow<'a, [T]>,
    pub(super) shape: Shape,
    missing: Option<Mask>,
    pub(super) natural: Option<DataType>,
}

impl<'a, T: Element> Array<'a, T> {
    /// Values with their dimensions `(ni, nj, nk)`.
    ///
    /// # Errors
    /// When the number of values is not `ni * nj * nk`.
    pub fn new(values: impl Into<Cow<'a, [T]>>, (ni, nj, nk): (usize, usize, usize)) -> Result<Self, FieldError> {
        let values = values.into();
        let shape = shape_of([ni, nj, nk])?;
        if shape.len() != Some(values.len() as u64) {
            let what = format!("{} values for {ni} x {nj} x {nk} points", values.len());
            return Err(FieldError { field: "data", what });
        }
        Ok(Self { values, shape, missing: None, natural: None })
    }

    /// What a record holds: its words may be more or fewer than its points.
    pub(crate) fn of_record(values: Vec<T>, shape: Shape, missing: Option<Mask>) -> Self {
        Self { values: Cow::Owned(values), shape, missing, natural: None }
    }

    /// Says which values are missing (bit set), in storage order. Without it, for types with the flag 64: those that are NaN
    /// or librmn's default special value. A record of a type that cannot say so, such as complex numbers, or without the
    /// flag, is refused when a bit is set.
    ///
    /// ```
    /// use rpnfst::{Array, Mask};
    /// let missing: Mask = [false, true, false].into_iter().collect();
    /// let array = Array::new(&[1.0_f32, 0.0, 3.0], (3, 1, 1))?.with_missing(missing)?;
    /// assert_eq!(array.missing().map(Mask::count), Some(1));
    /// # Ok::<(), rpnfst::FieldError>(())
    /// ```
    ///
    /// # Errors
    /// When there is not one bit a value.
    pub fn with_missing(mut self, mask: Mask) -> Result<Self, FieldError> {
        if mask.len() != self.values.len() {
            let what = format!("a mask of {} bits for {} values", mask.len(), self.values.len());
            return Err(FieldError { field: "data", what });
        }
        self.missing = Some(mask);
        Ok(self)
    }

    /// Marks as missing the values that are NaN or librmn's default special value (-1e38 in reals, the smallest signed and the
    /// largest unsigned integer), beside those that are marked. An array without any stays without a mask. Complex
    /// numbers stay as they are: none of them can be missing in a file.
    ///
    /// ```
    /// use rpnfst::{Array, Attributes, DataType, Mask, MemoryFile, WriteOptions};
    /// let data = Array::new(&[1.5_f32, f32::NAN, 2.5], (3, 1, 1))?.nan_as_missing();
    /// assert_eq!(data.missing().map(Mask::count), Some(1));
    ///
    /// // Now types that have no NaN can hold them, with the flag 64: without a type it is added.
    /// let mut writer = WriteOptions::new().create_sink(MemoryFile::new())?;
    /// let record = writer.write(&Attributes::new("TT").pack_bits(16), &data)?;
    /// assert!(record.data_type().has_missing());
    /// # Ok::<(), rpnfst::Error>(())
    /// ```
    #[must_use]
    pub fn nan_as_missing(mut self) -> Self {
        let special = missing::default_flag::<T>().and_then(|_| missing::special(&self.values));
        self.missing = match (self.missing.take(), special) {
            (Some(marked), Some(special)) => Some(marked | special),
            (one, other) => one.or(other),
        };
        self
    }

    /// The values, in storage order.
    pub fn values(&self) -> &[T] {
        &self.values
    }

    /// The values, to be changed: copied if they are borrowed. The mask stays.
    pub fn values_mut(&mut self) -> &mut [T] {
        self.values.to_mut()
    }

    /// The values, by value: copied if they are borrowed.
    pub fn into_vec(self) -> Vec<T> {
        self.values.into_owned()
    }

    /// Which values are missing (bit set), in storage order; `None` when none can be.
    pub fn missing(&self) -> Option<&Mask> {
        self.missing.as_ref()
    }

    /// Dimensions `(ni, nj, nk)`, the first is the fastest.
    pub fn dims(&self) -> (usize, usize, usize) {
        (self.shape.ni as usize, self.shape.nj as usize, self.shape.nk as usize)
    }
}

impl Array<'_, u32> {
    /// The words of a binary record (datyp 0) of `ni * nj * nk` elements of `pack_bits` bits each.
    ///
    /// # Errors
    /// When a dimension is too large. (The number of words is compared when the record is written.)
    pub fn words(words: &[u32], (ni, nj, nk): (usize, usize, usize)) -> Result<Array<'_, u32>, FieldError> {
        let natural = Some(DataType::RAW);
        Ok(Array { values: Cow::Borrowed(words), shape: shape_of([ni, nj, nk])?, missing: None, natural })
    }
}

impl Array<'_, u8> {
    /// A text: a record of type 7 with one character an element.
    ///
    /// # Errors
    /// When it is empty or too long.
    pub fn text(text: &str) -> Result<Array<'_, u8>, FieldError> {
        let shape = shape_of([text.len(), 1, 1])?;
        Ok(Array { values: Cow::Borrowed(text.as_bytes()), shape, missing: None, natural: Some(DataType::STRING) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn special_values_join_those_that_are_marked() -> Result<(), FieldError> {
        let flag = missing::default_flag().unwrap_or(0.0_f32);
        let array = Array::new(vec![1.0, f32::NAN, flag, 4.0], (4, 1, 1))?;
        let marked = [true, false, false, false].into_iter().collect();
        for (array, expected) in [(array.clone(), vec![1, 2]), (array.with_missing(marked)?, vec![0, 1, 2])] {
            let array = array.nan_as_missing();
            assert_eq!(array.missing().map(|mask| mask.positions().collect()), Some(expected));
        }
        assert_eq!(Array::new(&[1_i16, 2], (2, 1, 1))?.nan_as_missing().missing(), None);
        assert_eq!(Array::new(&[[f32::NAN; 2]], (1, 1, 1))?.nan_as_missing().missing(), None);
        Ok(())
    }
}
