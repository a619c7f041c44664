//! How the axes of arrays become the dimensions of a record.

use rpnfst::{Mask, Values};

use crate::{args::Order, npy::Array};

/// The same expression for the vector of whichever variant.
macro_rules! map {
    ($values:expr, $v:ident => $body:expr; $($variant:ident),*) => {
        match $values {
            $(Values::$variant($v) => Some(Values::$variant($body)),)*
            _ => None,
        }
    };
}

impl Array {
    /// The values with `i` fastest, and the dimensions. `raw` words need not be one a point.
    pub(super) fn arrange(
        self,
        order: Order,
        dims: Option<[usize; 3]>,
        raw: bool,
    ) -> Result<(Values, [usize; 3]), String> {
        let Self { values, mut shape, fortran } = self;
        let ijk = match order {
            Order::Auto => fortran,
            Order::Ijk => true,
            Order::Kji => false,
        };
        if shape.len() > 3 {
            return Err(format!("an array of {} axes, a record has at most three", shape.len()));
        }
        if !ijk {
            shape.reverse();
        }
        shape.resize(3, 1);
        let [ni, nj, nk] = [shape[0], shape[1], shape[2]];
        let values = if ijk == fortran { values } else { transposed(values, [ni, nj, nk])? };
        let Some([a, b, c]) = dims else { return Ok((values, [ni, nj, nk])) };
        let points = a.checked_mul(b).and_then(|n| n.checked_mul(c));
        if !raw && points != Some(values.len()) {
            return Err(format!("{ni} x {nj} x {nk} values, the record has {a} x {b} x {c} points"));
        }
        Ok((values, [a, b, c]))
    }
}

/// Integers of 64 bits, numpy's default, as such of 32 where all of them fit.
pub(super) fn narrowed(values: Values) -> Values {
    match values {
        Values::I64(v) => match v.iter().map(|&value| i32::try_from(value)).collect() {
            Ok(narrow) => Values::I32(narrow),
            Err(_) => Values::I64(v),
        },
        Values::U64(v) => match v.iter().map(|&value| u32::try_from(value)).collect() {
            Ok(narrow) => Values::U32(narrow),
            Err(_) => Values::U64(v),
        },
        other => other,
    }
}

/// From `k` fastest to `i` fastest.
fn transposed(values: Values, [ni, nj, nk]: [usize; 3]) -> Result<Values, String> {
    let places = (0..nk).flat_map(move |k| (0..nj).flat_map(move |j| (0..ni).map(move |i| (i * nj + j) * nk + k)));
    let picked = map!(values, v => places.filter_map(|at| v.get(at).copied()).collect();
        U8, I8, U16, I16, U32, I32, U64, I64, F32, F64, Complex32, Complex64);
    picked.ok_or_else(|| "elements of this type cannot be transposed".to_owned())
}

/// Which values are equal to `missing`, which may be NaN.
#[expect(clippy::float_cmp, reason = "the very value")]
pub(super) fn mask(values: &Values, missing: f64) -> Mask {
    let nan = missing.is_nan();
    #[expect(clippy::cast_possible_truncation, reason = "the nearest of single precision")]
    let single = missing as f32;
    match values {
        Values::F32(v) => v.iter().map(|value| *value == single || nan && value.is_nan()).collect(),
        other => {
            let values = other.to_f64().unwrap_or_default();
            values.iter().map(|value| *value == missing || nan && value.is_nan()).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn array(shape: &[usize], fortran: bool) -> Array {
        let n = shape.iter().product::<usize>();
        Array { values: Values::U32((0..).take(n).collect()), shape: shape.to_vec(), fortran }
    }

    #[test]
    fn axes() {
        let arranged = |shape: &[usize], fortran, order| {
            let (values, dims) = array(shape, fortran).arrange(order, None, false).expect("three axes");
            (values.as_slice::<u32>().expect("words").to_vec(), dims)
        };
        let memory: Vec<u32> = (0..6).collect();
        assert_eq!(arranged(&[3, 2], true, Order::Auto), (memory.clone(), [3, 2, 1]));
        assert_eq!(arranged(&[2, 3], false, Order::Auto), (memory.clone(), [3, 2, 1]));
        assert_eq!(arranged(&[1, 2, 3], false, Order::Auto), (memory.clone(), [3, 2, 1]));
        assert_eq!(arranged(&[6], false, Order::Auto), (memory, [6, 1, 1]));
        // In memory: (0,0) (0,1) (0,2) (1,0) ... of a C-ordered array whose first axis is i.
        assert_eq!(arranged(&[2, 3], false, Order::Ijk), (vec![0, 3, 1, 4, 2, 5], [2, 3, 1]));
        assert_eq!(arranged(&[2, 3], true, Order::Kji), (vec![0, 2, 4, 1, 3, 5], [3, 2, 1]));
        assert!(array(&[1, 1, 1, 2], true).arrange(Order::Auto, None, false).is_err());
        assert!(array(&[4], true).arrange(Order::Auto, Some([5, 1, 1]), false).is_err());
    }

    #[test]
    fn masks() {
        let bits = |values: Values, missing| mask(&values, missing).iter().collect::<Vec<_>>();
        assert_eq!(bits(Values::F32(vec![-999.9, 1.0, f32::NAN]), -999.9), [true, false, false]);
        assert_eq!(bits(Values::F32(vec![-999.9, f32::NAN]), f64::NAN), [false, true]);
        assert_eq!(bits(Values::I16(vec![-1, 1]), -1.0), [true, false]);
        assert_eq!(bits(Values::F32(vec![0.0, 1e-30]), 0.0), [true, false]);
    }
}
