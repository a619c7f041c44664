//! Records as `ndarray` arrays.

use ndarray::Array3;
use rpnfst_codecs::{DecodeError, Element};

use super::{ReadOptions, failed};
use crate::{error::Result, file::opened::File, record::Record};

impl File {
    /// Reads a record as an array of shape `[ni, nj, nk]` with Fortran strides. `T` is the natural element type of the
    /// record, or `f32` or `f64` for any record of numbers. Needs the feature `ndarray`.
    ///
    /// Missing values are NaN in arrays of reals, and librmn's default special value in integers; there is no mask. An
    /// [`Array`](crate::Array) made of it again needs [`nan_as_missing`](crate::Array::nan_as_missing) before it is written.
    ///
    /// ```
    /// # fn main() -> rpnfst::Result<()> {
    /// # let file = rpnfst::File::open("testdata/xdf/same_name.std")?;
    /// let temperature = file.read_array::<f64>(&file.records()[0])?;
    /// assert_eq!(temperature.shape(), [12, 8, 1]);
    /// assert_eq!(temperature[[11, 7, 0]], 1047.5);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`File::read_into`]; also for binary records (datyp 0) that do not hold one word a grid point.
    pub fn read_array<T: Element>(&self, record: &Record) -> Result<Array3<T>> {
        let array = self.read_as(record, &ReadOptions::default())?;
        array.into_ndarray().map_or_else(
            || {
                let shape = record.shape();
                let reason = "the record does not hold one value a grid point";
                Err(failed(self.member(record)?, record, DecodeError::Shape { shape, reason }.into()))
            },
            Ok,
        )
    }
}
