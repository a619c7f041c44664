//! Values as `ndarray` arrays.

use ndarray::{Array3, ArrayView3, ShapeBuilder as _};
use rpnfst_codecs::Element;

use super::Field;

impl Field {
    /// As an array of shape `[ni, nj, nk]` with Fortran strides, not copied; its transposed view `.t()` is the C-order
    /// `[nk, nj, ni]`.
    ///
    /// `None` when the element type is another, or when the record does not hold one element a grid point (binary
    /// records, datyp 0).
    pub fn as_array<T: Element>(&self) -> Option<ArrayView3<'_, T>> {
        ArrayView3::from_shape(self.dims().f(), self.as_slice()?).ok()
    }

    /// Like [`Field::as_array`], by value.
    pub fn into_array<T: Element>(self) -> Option<Array3<T>> {
        let dims = self.dims();
        Array3::from_shape_vec(dims.f(), self.values.into_vec().ok()?).ok()
    }
}
