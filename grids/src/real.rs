//! The types of field values.

mod sealed {
    pub trait Sealed {}
    impl Sealed for f32 {}
    impl Sealed for f64 {}
}

/// A value of a field: `f32` or `f64`.
///
/// ```
/// use rpnfst_grids::Real;
/// fn mean<T: Real>(values: &[T]) -> T {
///     T::of(values.iter().map(|value| value.wide()).sum::<f64>() / values.len() as f64)
/// }
/// assert_eq!(mean(&[1.0_f32, 2.0]), 1.5);
/// ```
pub trait Real: sealed::Sealed + Copy + PartialOrd + Send + Sync + std::fmt::Debug + Default + 'static {
    /// Not a number: a missing value.
    const NAN: Self;
    /// The nearest value of the type.
    fn of(value: f64) -> Self;
    /// The value as a double.
    fn wide(self) -> f64;
}

impl Real for f32 {
    const NAN: Self = f32::NAN;
    #[inline(always)]
    #[expect(clippy::cast_possible_truncation, reason = "the nearest value is meant")]
    fn of(value: f64) -> Self {
        value as Self
    }
    #[inline(always)]
    fn wide(self) -> f64 {
        self.into()
    }
}

impl Real for f64 {
    const NAN: Self = f64::NAN;
    #[inline(always)]
    fn of(value: f64) -> Self {
        value
    }
    #[inline(always)]
    fn wide(self) -> f64 {
        self
    }
}
