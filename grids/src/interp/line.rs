//! Positions along a row in little memory: what a straight line has, and a little more.

use crate::kernels::prefetch;

/// Points of a row that are kept and worked on together.
pub(crate) const PIECE: usize = 64;

/// Numbers for the points of a piece.
pub(crate) type Numbers = [f64; PIECE];

/// Added to a number below 2^51, it leaves the nearest whole number in the low bits.
pub(crate) const ROUND: f64 = 6_755_399_441_055_744.0;

/// Positions are kept as multiples of 2^-32.
const UNIT: f64 = 4_294_967_296.0;

/// Each position is what a straight line has, and a little more; in units of 2^-32.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    /// Whole numbers.
    start: f64,
    step: f64,
    more: [i32; PIECE],
}

impl Line {
    pub(crate) const EMPTY: Self = Self { start: 0.0, step: 0.0, more: [0; PIECE] };

    /// Becomes the line of some values; whether it holds them to 2^-33 and they lie between the limits.
    #[inline(always)]
    #[allow(clippy::cast_possible_truncation, reason = "looked at")]
    pub(crate) fn set(&mut self, values: &[f64], [low, high]: [f64; 2]) -> bool {
        let mut at = [0.0; PIECE];
        // Larger numbers, and NaN, are said to be outside.
        let (low, high) = (low.max(0.0) * UNIT, high.min(262_144.0) * UNIT);
        let mut outside = 0_u64;
        for (at, value) in at.iter_mut().zip(values) {
            // What is rounded up to the limit is outside, too.
            *at = value * UNIT + ROUND - ROUND;
            outside |= u64::from(*at < low) | u64::from(*at >= high) | u64::from(value.is_nan());
        }
        let last = values.len().saturating_sub(1);
        let (start, end) = (at.first().copied().unwrap_or(0.0), at.get(last).copied().unwrap_or(0.0));
        let step = ((end - start) / last.max(1) as f64).round();
        for (((more, at), _), k) in self.more.iter_mut().zip(&at).zip(values).zip(0_i32..) {
            let far = at - (start + f64::from(k) * step);
            outside |= u64::from(far.abs() > f64::from(i32::MAX)) | u64::from(far.is_nan());
            *more = ((far + ROUND).to_bits() as u32).cast_signed();
        }
        (self.start, self.step) = (start, step);
        outside == 0
    }

    /// The cell of each point, and where in it.
    #[inline(always)]
    #[allow(clippy::cast_possible_truncation, reason = "parts of the number")]
    pub(crate) fn cells(&self, shift: f64, cells: &mut [u32; PIECE], x: &mut Numbers) {
        /// Numbers whose last bits are 1 and 2^-32.
        const UNITS: f64 = 4_503_599_627_370_496.0;
        const PARTS: f64 = 1_048_576.0;
        // All of this is exact; whole numbers are doubles because AVX2 multiplies these.
        let start = self.start + shift * UNIT + UNITS;
        for (((more, cell), x), k) in self.more.iter().zip(cells).zip(x).zip(0_i32..) {
            let at = (start + f64::from(k) * self.step + f64::from(*more)).to_bits();
            *cell = ((at >> 32) & 0xF_FFFF) as u32;
            *x = f64::from_bits(PARTS.to_bits() | (at & 0xFFFF_FFFF)) - PARTS;
        }
    }

    /// About the cell of a point.
    #[inline(always)]
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "not negative, and below 2^18")]
    pub(crate) fn about(&self, k: u32) -> u32 {
        ((self.start + f64::from(k) * self.step) * (1.0 / UNIT)) as i32 as u32
    }

    #[inline(always)]
    pub(crate) fn points(&self, to: &mut Numbers) {
        for ((to, more), k) in to.iter_mut().zip(&self.more).zip(0_i32..) {
            *to = (self.start + f64::from(k) * self.step + f64::from(*more)) * (1.0 / UNIT);
        }
    }

    /// Asks for the numbers, which are wanted soon.
    #[inline(always)]
    pub(crate) fn expect(&self) {
        for k in (0..PIECE).step_by(16) {
            prefetch(&self.more, k);
        }
    }
}
