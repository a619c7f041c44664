//! The decoded values of a record: a vector of numbers, its dimensions, and a mask of those that are missing.

mod array;
#[cfg(feature = "ndarray")]
mod ndarray;
pub(crate) mod view;
pub(crate) mod writable;

use std::{any::Any, io};

pub use rpnfst_codecs::Mask;

pub use self::{array::Array, writable::Writable};
use rpnfst_codecs::{Element, ElementKind, Shape};

use crate::error::FieldError;

/// Decoded values in storage order (`ni` fastest), in their natural element type.
///
/// ```
/// use rpnfst::Values;
/// # let file = rpnfst::File::open("testdata/xdf/same_name.std")?;
/// match file.read(&file.records()[0])?.into_values() {
///     Values::F32(reals) => assert_eq!(reals.len(), 12 * 8),
///     Values::I32(integers) => println!("{integers:?}"),
///     other => println!("{:?}: {:?}", other.kind(), other.to_f64()), // any other type of numbers
/// }
/// # Ok::<(), rpnfst::Error>(())
/// ```
#[derive(Clone, PartialEq, Debug)]
#[non_exhaustive]
pub enum Values {
    /// Characters, or unsigned integers of 8 bits.
    U8(Vec<u8>),
    /// Signed integers of 8 bits.
    I8(Vec<i8>),
    /// Unsigned integers of 16 bits.
    U16(Vec<u16>),
    /// Signed integers of 16 bits.
    I16(Vec<i16>),
    /// Unsigned integers of 32 bits, or the words of a binary record (datyp 0).
    U32(Vec<u32>),
    /// Signed integers of 32 bits.
    I32(Vec<i32>),
    /// Unsigned integers of 64 bits.
    U64(Vec<u64>),
    /// Signed integers of 64 bits.
    I64(Vec<i64>),
    /// Reals.
    F32(Vec<f32>),
    /// Reals of 64 bits.
    F64(Vec<f64>),
    /// Complex numbers, `[re, im]`.
    Complex32(Vec<[f32; 2]>),
    /// Complex numbers of 64-bit parts, `[re, im]`.
    Complex64(Vec<[f64; 2]>),
}

/// Runs the same expression on the vector of whichever variant.
macro_rules! each {
    ($values:expr, $v:ident => $body:expr) => {
        match $values {
            $crate::field::Values::U8($v) => $body,
            $crate::field::Values::I8($v) => $body,
            $crate::field::Values::U16($v) => $body,
            $crate::field::Values::I16($v) => $body,
            $crate::field::Values::U32($v) => $body,
            $crate::field::Values::I32($v) => $body,
            $crate::field::Values::U64($v) => $body,
            $crate::field::Values::I64($v) => $body,
            $crate::field::Values::F32($v) => $body,
            $crate::field::Values::F64($v) => $body,
            $crate::field::Values::Complex32($v) => $body,
            $crate::field::Values::Complex64($v) => $body,
        }
    };
}

pub(crate) use each;

impl Values {
    /// Element type.
    pub fn kind(&self) -> ElementKind {
        fn kind_of<T: Element>(_: &[T]) -> ElementKind {
            T::KIND
        }
        each!(self, v => kind_of(v))
    }

    /// Number of elements.
    pub fn len(&self) -> usize {
        each!(self, v => v.len())
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The values, if their type is `T`.
    pub fn as_slice<T: Element>(&self) -> Option<&[T]> {
        each!(self, v => (v as &dyn Any).downcast_ref::<Vec<T>>().map(Vec::as_slice))
    }

    /// The values themselves, if their type is `T`.
    ///
    /// # Errors
    /// Gives the values back when their type is another.
    pub fn into_vec<T: Element>(mut self) -> Result<Vec<T>, Self> {
        each!(&mut self, v => {
            if let Some(own) = (v as &mut dyn Any).downcast_mut::<Vec<T>>() {
                return Ok(std::mem::take(own));
            }
        });
        Err(self)
    }

    /// As `f64`: exact but for integers above 2^53. `None` for complex numbers.
    pub fn to_f64(&self) -> Option<Vec<f64>> {
        Some(match self {
            Self::U8(v) => v.iter().map(|&x| f64::from(x)).collect(),
            Self::I8(v) => v.iter().map(|&x| f64::from(x)).collect(),
            Self::U16(v) => v.iter().map(|&x| f64::from(x)).collect(),
            Self::I16(v) => v.iter().map(|&x| f64::from(x)).collect(),
            Self::U32(v) => v.iter().map(|&x| f64::from(x)).collect(),
            Self::I32(v) => v.iter().map(|&x| f64::from(x)).collect(),
            Self::U64(v) => v.iter().map(|&x| x as f64).collect(),
            Self::I64(v) => v.iter().map(|&x| x as f64).collect(),
            Self::F32(v) => v.iter().map(|&x| f64::from(x)).collect(),
            Self::F64(v) => v.clone(),
            Self::Complex32(_) | Self::Complex64(_) => return None,
        })
    }

    /// Elements of 32 bits as those of another type of 32 bits with the same bits: raw words (datyp 0) as the reals that
    /// librmn stores so when it is asked for npak 0 or 1, and back.
    ///
    /// # Errors
    /// Gives the values back when they, or `kind`, are neither `U32`, `I32` nor `F32`.
    pub fn bits_as(self, kind: ElementKind) -> Result<Self, Self> {
        if !matches!(kind, ElementKind::U32 | ElementKind::I32 | ElementKind::F32) {
            return Err(self);
        }
        // In place: `collect` keeps the memory of elements of the same size.
        let words: Vec<u32> = match self {
            Self::U32(v) => v,
            Self::I32(v) => v.into_iter().map(i32::cast_unsigned).collect(),
            Self::F32(v) => v.into_iter().map(f32::to_bits).collect(),
            other => return Err(other),
        };
        Ok(match kind {
            ElementKind::F32 => Self::F32(words.into_iter().map(f32::from_bits).collect()),
            ElementKind::I32 => Self::I32(words.into_iter().map(u32::cast_signed).collect()),
            _ => Self::U32(words),
        })
    }
}

/// Values of a record with their dimensions.
///
/// Storage order is Fortran's: element `(i, j, k)` is number `i + ni * (j + nj * k)`.
///
/// ```
/// use rpnfst::{File, Mask};
/// let file = File::open("testdata/xdf/miss198_f4.std")?;
/// let field = file.read(&file.records()[0])?;
/// let values: &[f32] = field.as_slice().expect("reals of 32 bits");
/// let missing: Vec<usize> = field.missing().map_or_else(Vec::new, |mask: &Mask| mask.positions().collect());
/// assert_eq!(missing.len(), field.missing_count());
/// assert!(missing.iter().all(|&number| values[number].is_nan()));
/// # #[cfg(feature = "ndarray")]
/// # {
/// // With the feature `ndarray`: a view of shape [ni, nj, nk], and the array itself.
/// let (ni, nj, nk) = field.dims();
/// assert_eq!(field.as_array::<f32>().map(|view| view.dim()), Some((ni, nj, nk)));
/// let array = field.into_array::<f32>().expect("reals of 32 bits");
/// # assert_eq!(array.len(), ni * nj * nk);
/// # }
/// # Ok::<(), rpnfst::Error>(())
/// ```
#[derive(Clone, PartialEq, Debug)]
pub struct Field {
    pub(crate) shape: Shape,
    pub(crate) values: Values,
    pub(crate) missing: Option<Mask>,
}

impl Field {
    /// Values in storage order (`ni` fastest) with their dimensions `(ni, nj, nk)`, and which are missing (bit set):
    /// for a [`Writer`](crate::Writer) when the element type is known at run time only. ([`Array`] borrows.)
    ///
    /// # Errors
    /// When the number of values or of bits is not `ni * nj * nk`, or a dimension is zero or too large.
    pub fn new(values: Values, (ni, nj, nk): (usize, usize, usize), missing: Option<Mask>) -> Result<Self, FieldError> {
        let shape = shape_of([ni, nj, nk])?;
        let n = values.len();
        let bits = missing.as_ref().map_or(n, Mask::len);
        if shape.len() != Some(n as u64) || bits != n {
            let what = format!("{n} values and {bits} bits for {ni} x {nj} x {nk} points");
            return Err(FieldError { field: "data", what });
        }
        Ok(Self { shape, values, missing })
    }

    /// Dimensions `(ni, nj, nk)`, the first is the fastest.
    pub fn dims(&self) -> (usize, usize, usize) {
        (self.shape.ni as usize, self.shape.nj as usize, self.shape.nk as usize)
    }

    /// The values.
    pub fn values(&self) -> &Values {
        &self.values
    }

    /// The values, by value.
    pub fn into_values(self) -> Values {
        self.values
    }

    /// As [`Values::bits_as`]; the dimensions stay. [`Record::words_kind`](crate::Record::words_kind) says what is known
    /// of raw words.
    ///
    /// # Errors
    /// Gives the field back when its elements, or those of `kind`, have not 32 bits.
    pub fn bits_as(self, kind: ElementKind) -> Result<Self, Self> {
        let Self { shape, values, missing } = self;
        match values.bits_as(kind) {
            Ok(values) => Ok(Self { shape, values, missing }),
            Err(values) => Err(Self { shape, values, missing }),
        }
    }

    /// Which elements are missing (bit set), in storage order; `None` when none can be.
    pub fn missing(&self) -> Option<&Mask> {
        self.missing.as_ref()
    }

    /// Which elements are valid (bit set), in storage order; `None` when all are.
    pub fn validity(&self) -> Option<Mask> {
        self.missing.clone().map(|mask| !mask)
    }

    /// Number of missing elements.
    pub fn missing_count(&self) -> usize {
        self.missing.as_ref().map_or(0, rpnfst_codecs::Mask::count)
    }

    /// The values if their type is `T`.
    pub fn as_slice<T: Element>(&self) -> Option<&[T]> {
        self.values.as_slice()
    }
}

/// Dimensions as the format has them.
pub(crate) fn shape_of(dims: [usize; 3]) -> Result<Shape, FieldError> {
    let dim = |field, n: usize| match u32::try_from(n) {
        Ok(n) if n > 0 => Ok(n),
        _ => Err(FieldError { field, what: format!("{n} is not within 1 to {}", u32::MAX) }),
    };
    Ok(Shape { ni: dim("ni", dims[0])?, nj: dim("nj", dims[1])?, nk: dim("nk", dims[2])? })
}

/// A vector of `count` zeros, which take `bytes` bytes; an error when memory runs out.
pub(crate) fn zeroed<T: Element>(count: usize, bytes: u64) -> io::Result<Vec<T>> {
    // `vec![0; n]` is free (zeroed pages) but aborts when memory runs out. Reserve large arrays once beforehand, so that this
    // becomes an error.
    const LARGE: u64 = 64 << 20;
    if bytes >= LARGE {
        let mut trial = Vec::<T>::new();
        trial.try_reserve_exact(count).map_err(|_| io::ErrorKind::OutOfMemory)?;
        std::hint::black_box(&trial);
    }
    Ok(vec![T::default(); count])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_another_type_are_given_back() {
        let values = Values::I16(vec![1, 2]);
        let Err(same) = values.into_vec::<f32>() else { panic!("integers") };
        assert_eq!(same, Values::I16(vec![1, 2]));
        assert_eq!(same.into_vec::<i16>(), Ok(vec![1, 2]));
    }

    #[test]
    fn words_become_reals_and_reals_words() {
        let words = Values::U32(vec![0x3F80_0000, 0xC0A0_0000]);
        let reals = words.clone().bits_as(ElementKind::F32);
        assert_eq!(reals, Ok(Values::F32(vec![1.0, -5.0])));
        assert_eq!(reals.and_then(|reals| reals.bits_as(ElementKind::U32)), Ok(words.clone()));
        assert_eq!(Values::U32(vec![u32::MAX]).bits_as(ElementKind::I32), Ok(Values::I32(vec![-1])));
        assert_eq!(words.clone().bits_as(ElementKind::F64), Err(words));
        let reals = Values::F32(vec![1.0]);
        assert_eq!(reals.clone().bits_as(ElementKind::U64), Err(reals));
        let short = Values::U16(vec![1]);
        assert_eq!(short.clone().bits_as(ElementKind::U32), Err(short));
    }
}
