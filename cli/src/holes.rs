//! Results with missing values (NaN), as records have them.

use rpnfst::{BaseType, DataType, Mask, Record, grids::Real};

/// Which values are missing, if some are. The smallest value takes their place, so that what is packed spans no more.
pub(crate) fn taken_out<T: Real>(values: &mut [T]) -> Option<Mask> {
    let is_missing = |value: &T| value.wide().is_nan();
    if !values.iter().any(is_missing) {
        return None;
    }
    let mask = values.iter().map(is_missing).collect();
    let least = values.iter().map(|value| value.wide()).fold(f64::INFINITY, f64::min);
    let least = T::of(if least.is_finite() { least } else { 0.0 });
    values.iter_mut().filter(|value| is_missing(value)).for_each(|value| *value = least);
    Some(mask)
}

/// The type of a record for new reals or integers: with the flag where values are missing.
pub(crate) fn data_type(record: &Record, missing: bool) -> DataType {
    let same = DataType::new(record.data_type().code() & !DataType::MISSING_FLAG);
    let data_type = if record.data_type().base() == BaseType::Raw { DataType::IEEE } else { same };
    if missing { data_type.with_missing() } else { data_type }
}

#[cfg(test)]
mod tests {
    use super::taken_out;

    #[test]
    fn holes_lie_within_the_values() {
        let mut values = [3.0_f32, f32::NAN, 2.0];
        let mask = taken_out(&mut values).expect("one is missing");
        assert_eq!((values, mask.positions().collect::<Vec<_>>()), ([3.0, 2.0, 2.0], vec![1]));
        assert!(taken_out(&mut values).is_none());
        let mut none = [f64::NAN];
        assert_eq!((taken_out(&mut none).map(|mask| mask.count()), none), (Some(1), [0.0]));
    }
}
