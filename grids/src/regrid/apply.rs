//! A field at the places of a regridding.

use crate::interp::kernel::Kernel;
use crate::interp::line::{Numbers, PIECE};
use crate::interp::stream::{Scratch, Stream};
use crate::interp::{Missing, poles};
use crate::kernels::{avx2_or_not, prefetch};
use crate::{Real, parallel};

use super::options::Extrapolation;
use super::packed;
use super::places::{Part, Places};
use super::{Plan, check_length};
use crate::Result;

/// Places of the points of a row.
#[derive(Clone, Copy)]
enum RowPlaces<'p> {
    /// `u` and `v`, and the part of each if there are several; there may be more of the rows behind.
    Each(&'p [[f64; 2]], &'p [u8]),
    Packed(&'p packed::Row),
    /// `u` of all, and the `v` of the row.
    Axes(&'p [f64], f64),
}

impl RowPlaces<'_> {
    /// Places of a piece, the last of which may be of points that do not exist; gives the part that all lie in.
    #[inline(always)]
    fn piece(&self, number: usize, u: &mut Numbers, v: &mut Numbers) -> Option<usize> {
        let begin = number * PIECE;
        match self {
            Self::Each(at, part) => {
                for ((u, v), at) in u.iter_mut().zip(v).zip(at.get(begin..).unwrap_or_default()) {
                    [*u, *v] = *at;
                }
                let mut parts = part.iter().skip(begin).take(PIECE);
                let first = parts.next().copied().unwrap_or(0);
                return parts.all(|part| *part == first).then_some(usize::from(first));
            }
            Self::Packed(row) => row.piece(number, u, v),
            Self::Axes(columns, line) => {
                for (u, column) in u.iter_mut().zip(columns.get(begin..).unwrap_or_default()) {
                    *u = *column;
                }
                v.fill(*line);
            }
        }
        Some(0)
    }

    /// The part of a point.
    fn part(&self, point: usize) -> usize {
        match self {
            Self::Each(_, part) => part.get(point).map_or(0, |part| usize::from(*part)),
            _ => 0,
        }
    }
}

impl Plan {
    /// Interpolates a scalar field.
    pub(crate) fn scalar<T: Real>(&self, field: &[T], out: &mut [T]) -> Result<()> {
        check_length("a field of the source", field.len(), self.source_len)?;
        check_length("a field of the target", out.len(), self.target_len)?;
        let outside = self.outside_value(field);
        if self.listed(field, outside, out)? {
            return Ok(());
        }
        let own: Vec<Vec<T>> = self.parts.iter().map(|p| poles::scalar(&p.layout, part_of(p, field))).collect();
        self.run(field, &own, outside, out);
        self.at_poles(&own, out);
        self.level_poles(out);
        Ok(())
    }

    /// Interpolates with the rows of the poles given, south then north, for each part.
    pub(crate) fn run<T: Real>(&self, field: &[T], own: &[Vec<T>], outside: f64, out: &mut [T]) {
        let rows: Vec<Vec<&[T]>> =
            self.parts.iter().zip(own).map(|(p, own)| p.layout.view(part_of(p, field), own)).collect();
        let kernels: Vec<Kernel<'_, T>> =
            self.parts.iter().zip(&rows).map(|(part, rows)| Kernel::new(&part.layout, rows)).collect();
        let streams: Vec<_> =
            self.parts.iter().map(|p| Stream::new(&p.layout, part_of(p, field), self.degree)).collect();
        self.rows(&kernels, &streams, outside, out);
        self.beyond(&kernels, out);
    }

    /// All points, in bands of rows.
    fn rows<T: Real>(&self, kernels: &[Kernel<'_, T>], streams: &[Option<Stream<'_, T>>], outside: f64, out: &mut [T]) {
        let row_len = match &self.places {
            Places::Each { .. } => self.chunk,
            Places::Packed(packed) => packed.row,
            Places::Axes { u, .. } => u.len(),
            Places::Fixed { .. } | Places::Matrix(..) | Places::Bins(..) => return,
        };
        // Points below each other often lie in the same rows and columns of the source: a band is done piece by piece.
        let rows = (out.len() / row_len.max(1) / 16).clamp(1, 16);
        parallel::rows(out, rows * row_len, |band, out| {
            let (this, first) = (self, band * rows);
            avx2_or_not!(Self::band; this, kernels, streams, outside, first, row_len, out);
        });
    }

    /// Rows from the first one on.
    #[inline(always)]
    #[allow(clippy::too_many_arguments, reason = "a function only to be compiled twice")]
    fn band<T: Real>(
        &self,
        kernels: &[Kernel<'_, T>],
        streams: &[Option<Stream<'_, T>>],
        outside: f64,
        first: usize,
        row_len: usize,
        out: &mut [T],
    ) {
        let mut scratch = Scratch::new();
        for number in 0..row_len.div_ceil(PIECE) {
            for (row, out) in (first..).zip(out.chunks_mut(row_len)) {
                let begin = (number * PIECE).min(out.len());
                let end = (begin + PIECE).min(out.len());
                if let (Places::Packed(packed), Some(Some(stream))) = (&self.places, streams.first())
                    && let Some(row) = packed.rows.get(row)
                {
                    row.expect(number + 2);
                    if let Some(lines) = row.lines(number + 1) {
                        stream.expect(lines);
                    }
                    for ahead in (PIECE..2 * PIECE).step_by(16) {
                        prefetch(out, begin + ahead);
                    }
                }
                if let Some(out) = out.get_mut(begin..end) {
                    self.piece(kernels, streams, outside, self.row_places(row, row_len), number, out, &mut scratch);
                }
            }
        }
    }

    #[inline(always)]
    fn row_places(&self, row: usize, row_len: usize) -> RowPlaces<'_> {
        let begin = row * row_len;
        match &self.places {
            Places::Packed(packed) => packed.rows.get(row).map_or(RowPlaces::Each(&[], &[]), RowPlaces::Packed),
            Places::Axes { u, v } => RowPlaces::Axes(u, v.get(row).copied().unwrap_or(f64::NAN)),
            Places::Each { at, part } => {
                RowPlaces::Each(at.get(begin..).unwrap_or_default(), part.get(begin..).unwrap_or_default())
            }
            _ => RowPlaces::Each(&[], &[]),
        }
    }

    /// A piece of a row: a stream does it where nothing is special, else a kernel.
    #[inline(always)]
    #[allow(clippy::too_many_arguments, reason = "a function only to be compiled twice")]
    fn piece<T: Real>(
        &self,
        kernels: &[Kernel<'_, T>],
        streams: &[Option<Stream<'_, T>>],
        outside: f64,
        places: RowPlaces<'_>,
        number: usize,
        out: &mut [T],
        scratch: &mut Scratch<T>,
    ) {
        // No closures: they would not be compiled with this function.
        let lines = if let RowPlaces::Packed(row) = places { row.lines(number) } else { None };
        let mut done = false;
        if let (Some(lines), Some(Some(stream))) = (lines, streams.first()) {
            stream.values_on_lines(lines, scratch);
            done = true;
        }
        let (mut u, mut v, mut part) = ([0.0; PIECE], [0.0; PIECE], Some(0));
        if !done {
            part = places.piece(number, &mut u, &mut v);
            if let Some(Some(Some(stream))) = part.map(|part| streams.get(part)) {
                done = stream.values(&u, &v, scratch);
            }
        }
        if done {
            let mut missing = 0_u64;
            for (out, z) in out.iter_mut().zip(&scratch.z) {
                *out = T::of(*z);
                missing |= u64::from(z.is_nan());
            }
            if missing == 0 {
                return;
            }
            places.piece(number, &mut u, &mut v);
        }
        for (k, ((out, u), v)) in out.iter_mut().zip(&u).zip(&v).enumerate() {
            let part = part.unwrap_or_else(|| places.part(number * PIECE + k));
            if let Some(kernel) = kernels.get(part).or(kernels.first()) {
                *out = self.point(kernel, *u, *v, outside);
            }
        }
    }

    /// One point.
    #[inline(never)]
    fn point<T: Real>(&self, kernel: &Kernel<'_, T>, u: f64, v: f64, outside: f64) -> T {
        if (u + v).is_nan() {
            return T::of(outside);
        }
        let z = kernel.value(self.degree, u, v);
        T::of(if z.is_nan() { kernel.around_missing(self.degree, self.missing, u, v) } else { z })
    }

    /// Points outside that are extrapolated with a degree of their own. They lie in the first part: sources of several
    /// parts leave nothing outside.
    fn beyond<T: Real>(&self, kernels: &[Kernel<'_, T>], out: &mut [T]) {
        let (Some(kernel), degree) = (kernels.first(), self.odd.beyond_degree) else { return };
        let values = parallel::map(self.odd.beyond.len(), |k| {
            let [u, v] = self.odd.beyond.get(k).map_or([f64::NAN; 2], |(_, at)| *at);
            let z = kernel.value(degree, u, v);
            if z.is_nan() { kernel.around_missing(degree, self.missing, u, v) } else { z }
        });
        for ((index, _), value) in self.odd.beyond.iter().zip(values) {
            if let Some(out) = out.get_mut(*index as usize) {
                *out = T::of(value);
            }
        }
    }

    /// A point at a pole takes the value of that pole.
    fn at_poles<T: Real>(&self, own: &[Vec<T>], out: &mut [T]) {
        let Some(own) = own.first() else { return };
        let (south, north) = (own.first(), own.last());
        for (index, is_north) in &self.odd.poles {
            let value = if *is_north { north } else { south };
            if let (Some(out), Some(value)) = (out.get_mut(*index as usize), value) {
                *out = *value;
            }
        }
    }

    /// Rows of the target that lie on a pole and are to hold one value (from a rotated source): their mean.
    fn level_poles<T: Real>(&self, out: &mut [T]) {
        for row in &self.level_rows {
            let Some(row) = out.get_mut(row * self.ni..(row + 1) * self.ni) else { continue };
            let (mut sum, mut count) = (0.0, 0.0);
            let Some(base) = row.iter().map(|v| v.wide()).find(|v| !v.is_nan()) else { continue };
            for value in row.iter().map(|v| v.wide()).filter(|v| !v.is_nan()) {
                sum += value - base;
                count += 1.0;
            }
            row.fill(T::of(base + sum / count));
        }
    }

    /// Interpolates where the values that take part are listed; `false`: they are not.
    pub(crate) fn listed<T: Real>(&self, field: &[T], outside: f64, out: &mut [T]) -> Result<bool> {
        match &self.places {
            Places::Each { .. } | Places::Packed(_) | Places::Axes { .. } => return Ok(false),
            Places::Fixed { count, index, weight } => self.fixed(field, (*count, index, weight), outside, out),
            Places::Matrix(matrix, skip) => {
                matrix.apply(field, None, *skip, out)?;
                if self.odd.outside > 0 && !outside.is_nan() {
                    let none = |row: usize| matrix.row(row).0.is_empty();
                    out.iter_mut().enumerate().filter(|(row, _)| none(*row)).for_each(|(_, v)| *v = T::of(outside));
                }
            }
            Places::Bins(bins, statistic) => out.copy_from_slice(&bins.apply(field, None, *statistic)?),
        }
        Ok(true)
    }

    /// Weighted values, the same number for each point.
    fn fixed<T: Real>(
        &self,
        field: &[T],
        (count, index, weight): (usize, &[u32], &[f64]),
        outside: f64,
        out: &mut [T],
    ) {
        let chunk = self.chunk;
        parallel::rows(out, chunk, |row, out| {
            let begin = row * chunk * count;
            let index = index.get(begin..).unwrap_or_default().chunks(count.max(1));
            let weight = weight.get(begin..).unwrap_or_default().chunks(count.max(1));
            for (out, (index, weight)) in out.iter_mut().zip(index.zip(weight)) {
                *out = T::of(weighted(field, index, weight, self.missing).unwrap_or(outside));
            }
        });
    }

    /// What points outside become, for this field.
    pub(crate) fn outside_value<T: Real>(&self, field: &[T]) -> f64 {
        let share = if matches!(self.places, Places::Fixed { .. }) { 0.1 } else { 0.05 };
        let margin = |sign: f64| {
            if self.odd.outside == 0 {
                return f64::NAN;
            }
            let values = field.iter().map(|v| v.wide()).filter(|v| !v.is_nan());
            let (low, high) =
                values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v)));
            if low > high {
                return f64::NAN;
            }
            (if sign > 0.0 { high } else { low }) + sign * share * (high - low)
        };
        match self.extrapolation {
            Extrapolation::Maximum => margin(1.0),
            Extrapolation::Minimum => margin(-1.0),
            Extrapolation::Value(value) => value,
            _ => f64::NAN,
        }
    }
}

/// The values of a part in a field.
pub(crate) fn part_of<'a, T>(part: &Part, field: &'a [T]) -> &'a [T] {
    field.get(part.offset..part.offset + part.layout.len()).unwrap_or_default()
}

/// The weighted mean of values that are there; `None` when no value takes part at all.
fn weighted<T: Real>(field: &[T], index: &[u32], weight: &[f64], rule: Missing) -> Option<f64> {
    let value = |index: u32| field.get(index as usize).map(|v| v.wide());
    let mut largest = (f64::NEG_INFINITY, f64::NAN);
    let (mut sum, mut total, mut missing, mut base) = (0.0, 0.0, false, None);
    for (index, weight) in index.iter().zip(weight).filter(|(i, w)| **i != u32::MAX && **w != 0.0) {
        let value = value(*index).unwrap_or(f64::NAN);
        if *weight > largest.0 {
            largest = (*weight, value);
        }
        if value.is_nan() {
            missing = true;
        } else {
            sum += weight * (value - *base.get_or_insert(value));
            total += weight;
        }
    }
    if largest.0 == f64::NEG_INFINITY {
        return None;
    }
    if missing && (rule == Missing::IfAny || (rule == Missing::IfNearest && largest.1.is_nan())) {
        return Some(f64::NAN);
    }
    Some(base.map_or(f64::NAN, |base| base + if total > 0.0 { sum / total } else { 0.0 }))
}
