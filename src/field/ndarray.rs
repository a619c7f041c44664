//! Values as `ndarray` arrays.

use std::borrow::Cow;

use ndarray::{Array3, ArrayView, ArrayView3, Dimension, ShapeBuilder as _};
use rpnfst_codecs::Element;

use super::{Array, Field};
use crate::error::FieldError;

impl Field {
    /// As an array of shape `[ni, nj, nk]` with Fortran strides, not copied; its transposed view `.t()` is the C-order
    /// `[nk, nj, ni]`. Needs the feature `ndarray`.
    ///
    /// ```
    /// # let file = rpnfst::File::open("testdata/xdf/same_name.std")?;
    /// let field = file.read(&file.records()[0])?;
    /// let array = field.as_array::<f32>().expect("a field of reals");
    /// assert_eq!((array.shape(), array[[11, 7, 0]]), (&[12, 8, 1][..], 1047.5));
    /// # Ok::<(), rpnfst::Error>(())
    /// ```
    ///
    /// `None` when the element type is another, or when the record does not hold one element a grid point (binary
    /// records, datyp 0).
    pub fn as_array<T: Element>(&self) -> Option<ArrayView3<'_, T>> {
        ArrayView3::from_shape(self.dims().f(), self.as_slice()?).ok()
    }

    /// Like [`Field::as_array`], by value. The mask is lost. Needs the feature `ndarray`.
    ///
    /// ```
    /// # let file = rpnfst::File::open("testdata/xdf/same_name.std")?;
    /// let array = file.read(&file.records()[0])?.into_array::<f32>().expect("a field of reals");
    /// assert_eq!(array.dim(), (12, 8, 1));
    /// # Ok::<(), rpnfst::Error>(())
    /// ```
    pub fn into_array<T: Element>(self) -> Option<Array3<T>> {
        let dims = self.dims();
        Array3::from_shape_vec(dims.f(), self.values.into_vec().ok()?).ok()
    }
}

impl<'a, T: Element> Array<'a, T> {
    /// From an array of shape `[ni]`, `[ni, nj]` or `[ni, nj, nk]` of any layout; copied unless it has Fortran strides.
    /// For a C-order array of shape `[nk, nj, ni]` pass `array.t()`: nothing is copied.
    ///
    /// It has no mask, and NaN is a value: [`nan_as_missing`](Self::nan_as_missing) or [`with_missing`](Self::with_missing)
    /// says what is missing. Needs the feature `ndarray`.
    ///
    /// ```
    /// use rpnfst::{Array, ndarray::arr2};
    /// let c_order = arr2(&[[1.0_f32, 2.0, 3.0], [4.0, 5.0, 6.0]]); // nj = 2, ni = 3
    /// let array = Array::from_ndarray(c_order.t())?;
    /// assert_eq!((array.dims(), array.values()), ((3, 2, 1), &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0][..]));
    /// # Ok::<(), rpnfst::FieldError>(())
    /// ```
    ///
    /// # Errors
    /// When it has no or more than three dimensions, or a dimension is too large.
    pub fn from_ndarray<D: Dimension>(array: ArrayView<'a, T, D>) -> Result<Self, FieldError> {
        let mut dims = [1; 3];
        match (array.ndim(), dims.get_mut(..array.ndim())) {
            (1.., Some(head)) => head.copy_from_slice(array.shape()),
            (ndim, _) => {
                return Err(FieldError {
                    field: "data",
                    what: format!("an array of {ndim} dimensions, 1 to 3 can be"),
                });
            }
        }
        let transposed = array.reversed_axes();
        let values = match transposed.to_slice() {
            Some(slice) => Cow::Borrowed(slice),
            None => Cow::Owned(transposed.iter().copied().collect()),
        };
        let [ni, nj, nk] = dims;
        Self::new(values, (ni, nj, nk))
    }

    /// As an array of shape `[ni, nj, nk]` with Fortran strides, not copied if the values are owned. The mask is lost.
    /// Needs the feature `ndarray`.
    ///
    /// `None` when there is not one value a grid point (binary records, datyp 0).
    pub fn into_ndarray(self) -> Option<Array3<T>> {
        let dims = self.dims();
        Array3::from_shape_vec(dims.f(), self.into_vec()).ok()
    }
}
