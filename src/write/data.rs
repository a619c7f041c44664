//! The values of a record to be written.

use std::borrow::Cow;

use rpnfst_codecs::{DataType, Element, ElementKind, EncodeError, Mask, PackRequest, Shape, Stored, Threads, missing};

use crate::{
    error::FieldError,
    field::{Field, each, shape_of, view::same},
};

/// Values that a [`Writer`](crate::Writer) can write: [`Data`] (a slice or an array), or a [`Field`] that was read.
pub trait Encode: sealed::Encode + Sync {}

pub(crate) mod sealed {
    use super::{ElementKind, EncodeError, Mask, PackRequest, Shape, Stored, Threads};

    /// What the writer needs of values, whatever their element type.
    pub trait Encode {
        fn shape(&self) -> Shape;
        fn kind(&self) -> ElementKind;
        /// Type that the values have by themselves, where the element type does not say it.
        fn natural_type(&self) -> Option<rpnfst_codecs::DataType>;
        /// Which values are missing, as far as the caller has said.
        fn missing(&self) -> Option<&Mask>;
        /// Which values say by themselves that they are missing: NaN and the default special values.
        fn special(&self) -> Option<Mask>;
        /// Extremes of what is not missing; `None` for what is not an integer, and when nothing is there.
        fn range(&self) -> Option<Range>;
        fn encode(&self, packing: &PackRequest<'_>, threads: Threads, out: &mut Vec<u8>)
        -> Result<Stored, EncodeError>;
    }

    /// Extremes of integers.
    #[derive(Clone, Copy, PartialEq, Eq, Debug)]
    pub struct Range {
        pub least: i128,
        pub most: i128,
        /// Where they are.
        pub least_at: usize,
        pub most_at: usize,
    }
}
use sealed::Range;

/// A slice of values in storage order (`ni` fastest) with its dimensions, and which of them are missing.
///
/// ```
/// use rpnfst::Data;
/// let values = [1.0_f32, 2.0, 3.0, 4.0, 5.0, 6.0];
/// let data = Data::new(&values, (3, 2, 1))?; // ni = 3, nj = 2
/// # Ok::<(), rpnfst::FieldError>(())
/// ```
///
/// A C-order array of shape `[nk, nj, ni]` (as numpy makes them) has its values in this very order.
#[derive(Clone, Debug)]
pub struct Data<'a, T: Element> {
    values: Cow<'a, [T]>,
    shape: Shape,
    missing: Option<Mask>,
    natural: Option<DataType>,
}

impl<'a, T: Element> Data<'a, T> {
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

    /// Which values are missing (bit set), in storage order. Without it, for types with the flag 64: those that are NaN
    /// or librmn's default special value. A record of a type that cannot say so, such as complex numbers, or without the
    /// flag, is refused when a bit is set.
    ///
    /// # Errors
    /// When there is not one bit a value.
    pub fn missing(mut self, mask: Mask) -> Result<Self, FieldError> {
        if mask.len() != self.values.len() {
            let what = format!("a mask of {} bits for {} values", mask.len(), self.values.len());
            return Err(FieldError { field: "data", what });
        }
        self.missing = Some(mask);
        Ok(self)
    }

    /// From an array of shape `[ni]`, `[ni, nj]` or `[ni, nj, nk]` of any layout; copied unless it has Fortran strides.
    /// For a C-order array of shape `[nk, nj, ni]` pass `array.t()`: nothing is copied.
    ///
    /// # Errors
    /// When it has no or more than three dimensions, or a dimension is too large.
    #[cfg(feature = "ndarray")]
    pub fn from_array<D: ndarray::Dimension>(array: ndarray::ArrayView<'a, T, D>) -> Result<Self, FieldError> {
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
        Ok(Self { values, shape: shape_of(dims)?, missing: None, natural: None })
    }
}

impl Data<'_, u32> {
    /// The words of a binary record (datyp 0) of `ni * nj * nk` elements of `pack_bits` bits each.
    ///
    /// # Errors
    /// When a dimension is too large. (The number of words is compared when the record is written.)
    pub fn words(words: &[u32], (ni, nj, nk): (usize, usize, usize)) -> Result<Data<'_, u32>, FieldError> {
        let natural = Some(DataType::RAW);
        Ok(Data { values: Cow::Borrowed(words), shape: shape_of([ni, nj, nk])?, missing: None, natural })
    }
}

impl Data<'_, u8> {
    /// A text: a record of type 7 with one character an element.
    ///
    /// # Errors
    /// When it is empty or too long.
    pub fn text(text: &str) -> Result<Data<'_, u8>, FieldError> {
        let shape = shape_of([text.len(), 1, 1])?;
        Ok(Data { values: Cow::Borrowed(text.as_bytes()), shape, missing: None, natural: Some(DataType::STRING) })
    }
}

impl<T: Element> Encode for Data<'_, T> {}

impl<T: Element> sealed::Encode for Data<'_, T> {
    fn shape(&self) -> Shape {
        self.shape
    }

    fn kind(&self) -> ElementKind {
        T::KIND
    }

    fn natural_type(&self) -> Option<DataType> {
        self.natural
    }

    fn missing(&self) -> Option<&Mask> {
        self.missing.as_ref()
    }

    fn special(&self) -> Option<Mask> {
        missing::special(&self.values)
    }

    fn range(&self) -> Option<Range> {
        range(&self.values, self.missing())
    }

    fn encode(&self, packing: &PackRequest<'_>, threads: Threads, out: &mut Vec<u8>) -> Result<Stored, EncodeError> {
        packing.encode(&self.values, threads, out)
    }
}

impl Encode for Field {}

impl sealed::Encode for Field {
    fn shape(&self) -> Shape {
        self.shape
    }

    fn kind(&self) -> ElementKind {
        self.values.kind()
    }

    fn natural_type(&self) -> Option<DataType> {
        None
    }

    fn missing(&self) -> Option<&Mask> {
        self.missing.as_ref()
    }

    fn special(&self) -> Option<Mask> {
        each!(&self.values, values => missing::special(values))
    }

    fn range(&self) -> Option<Range> {
        each!(&self.values, values => range(values, self.missing()))
    }

    fn encode(&self, packing: &PackRequest<'_>, threads: Threads, out: &mut Vec<u8>) -> Result<Stored, EncodeError> {
        each!(&self.values, values => packing.encode(values, threads, out))
    }
}

impl<E: Encode + ?Sized> Encode for &E {}

impl<E: sealed::Encode + ?Sized> sealed::Encode for &E {
    fn shape(&self) -> Shape {
        (**self).shape()
    }

    fn kind(&self) -> ElementKind {
        (**self).kind()
    }

    fn natural_type(&self) -> Option<DataType> {
        (**self).natural_type()
    }

    fn missing(&self) -> Option<&Mask> {
        (**self).missing()
    }

    fn special(&self) -> Option<Mask> {
        (**self).special()
    }

    fn range(&self) -> Option<Range> {
        (**self).range()
    }

    fn encode(&self, packing: &PackRequest<'_>, threads: Threads, out: &mut Vec<u8>) -> Result<Stored, EncodeError> {
        (**self).encode(packing, threads, out)
    }
}

/// Extremes of the values of an integer type.
fn range<T: Element>(values: &[T], missing: Option<&Mask>) -> Option<Range> {
    macro_rules! extremes {
        ($($kind:ident: $type:ty),*) => {
            match T::KIND {
                $(ElementKind::$kind => {
                    let values: &[$type] = same(values)?;
                    let there = |k: usize| !missing.and_then(|mask| mask.get(k)).unwrap_or(false);
                    let (least, most) = match missing {
                        None => (*values.iter().min()?, *values.iter().max()?),
                        Some(mask) => {
                            let there = || values.iter().zip(mask.iter()).filter(|(_, missing)| !missing).map(|(&value, _)| value);
                            (there().min()?, there().max()?)
                        }
                    };
                    let place = |value| (0..values.len()).find(|&k| values[k] == value && there(k));
                    let (least_at, most_at) = (place(least)?, place(most)?);
                    Some(Range { least: least.into(), most: most.into(), least_at, most_at })
                })*
                _ => None,
            }
        };
    }
    extremes!(U8: u8, I8: i8, U16: u16, I16: i16, U32: u32, I32: i32, U64: u64, I64: i64)
}
