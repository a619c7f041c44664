//! Rows that no field stores: those of the poles, and rows of `v` reflected about the equator.

use super::layout::{Caps, Layout, Row};
use crate::Real;

/// The rows of the poles for a scalar, south then north: the mean of the row next to each. Empty without caps.
pub(crate) fn scalar<T: Real>(layout: &Layout, field: &[T]) -> Vec<T> {
    let Some(caps) = &layout.caps else { return Vec::new() };
    let (south, north) = outer_rows(layout, field);
    let mut own = vec![T::of(mean(caps, south)); layout.ni];
    own.resize(2 * layout.ni, T::of(mean(caps, north)));
    own
}

/// The rows of the poles for winds along x and y, as [`scalar`] gives them, and the reflected rows of `v` with their sign
/// turned, in the order in which rows are stored.
///
/// At a pole one wind blows, whatever the column: its components turn with the longitude of the column.
pub(crate) fn winds<T: Real>(layout: &Layout, u: &[T], v: &[T]) -> (Vec<T>, Vec<T>) {
    let ni = layout.ni;
    let mut own_u = vec![T::NAN; 2 * ni];
    let mut own_v = own_u.clone();
    if layout.is_half() {
        own_v.extend(v.iter().map(|v| T::of(-v.wide())));
    }
    let Some(caps) = &layout.caps else { return (own_u, own_v) };
    let (south_u, north_u) = outer_rows(layout, u);
    let (south_v, north_v) = outer_rows(layout, v);
    let turned = |row: Option<Row>| matches!(row, Some(Row::Mirrored(_)));
    let south_sign = if turned(layout.row(1)) { -1.0 } else { 1.0 };
    let north_sign = if turned(layout.row(layout.height.wrapping_sub(2))) { -1.0 } else { 1.0 };
    let (out_u, out_v) = (own_u.split_at_mut(ni), own_v.split_at_mut(ni));
    pole_wind(caps, (south_u, south_v), south_sign, -1.0, out_u.0, out_v.0);
    let north_len = out_v.1.len().min(ni);
    pole_wind(caps, (north_u, north_v), north_sign, 1.0, out_u.1, out_v.1.get_mut(..north_len).unwrap_or_default());
    (own_u, own_v)
}

/// The stored rows next to the south and to the north pole.
fn outer_rows<'a, T>(layout: &Layout, field: &'a [T]) -> (&'a [T], &'a [T]) {
    let row = |r: Option<Row>| match r {
        Some(Row::Stored(n) | Row::Mirrored(n)) => field.get(n * layout.ni..(n + 1) * layout.ni).unwrap_or_default(),
        _ => &[],
    };
    (row(layout.row(1)), row(layout.row(layout.height.wrapping_sub(2))))
}

/// The mean of a row, of the values that are there.
fn mean<T: Real>(caps: &Caps, row: &[T]) -> f64 {
    // Differences from one value keep the mean of equal values exact.
    let Some(base) = row.iter().map(|v| v.wide()).find(|v| !v.is_nan()) else { return f64::NAN };
    let (mut sum, mut total) = (0.0, 0.0);
    for (k, value) in row.iter().enumerate() {
        let weight = weight(caps, k);
        let value = value.wide();
        if !value.is_nan() {
            sum += weight * (value - base);
            total += weight;
        }
    }
    if total > 0.0 { base + sum / total } else { f64::NAN }
}

/// The weight of a column in the mean of a row.
pub(crate) fn weight(caps: &Caps, column: usize) -> f64 {
    caps.weights.as_ref().map_or(1.0, |w| w.get(column).copied().unwrap_or(0.0))
}

fn pole_wind<T: Real>(caps: &Caps, (u, v): (&[T], &[T]), v_sign: f64, sense: f64, out_u: &mut [T], out_v: &mut [T]) {
    let (mut sum, mut total) = ((0.0, 0.0), 0.0);
    for (k, ((u, v), longitude)) in u.iter().zip(v).zip(&caps.longitudes).enumerate() {
        let weight = weight(caps, k);
        let (u, v) = (u.wide(), v_sign * v.wide());
        if !(u.is_nan() || v.is_nan()) {
            let (sin, cos) = (sense * longitude).to_radians().sin_cos();
            sum = (sum.0 + weight * (u * cos - v * sin), sum.1 + weight * (u * sin + v * cos));
            total += weight;
        }
    }
    let wind = (sum.0 / total, sum.1 / total);
    for ((u, v), longitude) in out_u.iter_mut().zip(out_v).zip(&caps.longitudes) {
        let (sin, cos) = (sense * longitude).to_radians().sin_cos();
        *u = T::of(wind.0 * cos + wind.1 * sin);
        *v = T::of(wind.1 * cos - wind.0 * sin);
    }
}
