//! Levels at the points of a grid: pressures or heights from the field at the surface.

use super::{Level, LevelError, Levels, Result, Vcode, exp::exp};
use crate::{
    Real,
    ip::{self, Kind},
    parallel::rows,
};

/// What is computed of a level.
///
/// ```
/// use rpnfst_grids::levels::{Levels, Quantity, Recipe, Vcode};
/// let sigma = Levels::generate(&Recipe::new(Vcode::Eta1002, &[0.0, 0.5, 1.0]).top(1000.0))?;
/// let half = [sigma.momentum()[1].ip1];
/// assert_eq!(sigma.compute(&half, &[99_000.0_f64], None, Quantity::Level)?, [50_000.0]);
/// assert_eq!(sigma.compute(&half, &[99_000.0_f64], None, Quantity::Logarithm)?, [50_000.0_f64.ln()]);
/// # Ok::<(), rpnfst_grids::levels::LevelError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Quantity {
    /// The level itself: pressure (Pa) or height (m).
    Level,
    /// The natural logarithm of the pressure (Pa).
    Logarithm,
    /// How much the pressure changes with that at the surface: dp/dps.
    PerSurface,
}

/// How a level depends on the surface.
#[derive(Debug, Clone, Copy)]
enum Formula {
    /// A + B s + C sl.
    Linear,
    /// Its logarithm.
    LogarithmOfLinear,
    /// The exponential of it.
    Exponential,
    /// The surface field itself: at the surface the formula could be wrong by a rounding.
    Surface,
    /// B everywhere.
    Factor,
    /// B p / ps.
    FactorOf { at_surface: bool },
}

impl Levels {
    /// Levels at points, level after level: `ip1.len()` times the number of points, which is that of `surface`.
    ///
    /// `surface` has the values of [`Parameters::field`](super::Parameters::field), in Pa (files have hPa) or m, and
    /// `large_scale` those of the second field, if the coordinate has one. Coordinates without a surface field take one of
    /// any values for its length; an empty one counts as one point.
    ///
    /// Computed in double precision as the reference library does (p = A + B ps; ln p = A + B ln(ps / pref) +
    /// C ln(psl / pref); z = A + B s + C sl) and rounded once. A NaN gives NaN.
    ///
    /// # Errors
    /// [`LevelError::NoLevel`], [`LevelError::MissingField`], [`LevelError::Length`], [`LevelError::Undefined`].
    pub fn compute<T: Real>(
        &self,
        ip1: &[u32],
        surface: &[T],
        large_scale: Option<&[T]>,
        quantity: Quantity,
    ) -> Result<Vec<T>> {
        let points = if self.parameters.field.is_none() { surface.len().max(1) } else { surface.len() };
        let mut out = vec![T::of(0.0); points.saturating_mul(ip1.len())];
        self.compute_into(ip1, surface, large_scale, quantity, &mut out)?;
        Ok(out)
    }

    /// [`compute`](Self::compute) into a slice.
    ///
    /// # Errors
    /// As [`compute`](Self::compute).
    pub fn compute_into<T: Real>(
        &self,
        ip1: &[u32],
        surface: &[T],
        large_scale: Option<&[T]>,
        quantity: Quantity,
        out: &mut [T],
    ) -> Result<()> {
        let levels = ip1.iter().map(|&ip1| self.find(ip1).copied()).collect::<Result<Vec<_>>>()?;
        let formulas = levels.iter().map(|level| self.formula(level, quantity)).collect::<Result<Vec<_>>>()?;
        let Some(name) = &self.parameters.field else {
            let points = surface.len().max(1);
            check_length("the result", out.len(), points.saturating_mul(levels.len()))?;
            for ((row, level), formula) in out.chunks_exact_mut(points).zip(&levels).zip(&formulas) {
                row.fill(T::of(if matches!(formula, Formula::Linear) { level.a } else { level.a.ln() }));
            }
            return Ok(());
        };
        if surface.is_empty() && !out.is_empty() {
            return Err(LevelError::MissingField { vcode: self.vcode, field: name.clone() });
        }
        check_length("the result", out.len(), surface.len().saturating_mul(levels.len()))?;
        let large_scale = match (&self.parameters.large_scale_field, large_scale) {
            (Some(_), Some(field)) => {
                check_length("the large-scale field", field.len(), surface.len())?;
                Some(field)
            }
            (Some(name), None) => {
                return Err(LevelError::MissingField { vcode: self.vcode, field: name.clone() });
            }
            // Without a name of its own, it is the surface field.
            (None, _) => (self.vcode.width() == 4 && self.vcode.is_height()).then_some(surface),
        };
        // For dp/dps the large-scale part does not count.
        let large_scale = large_scale.filter(|_| quantity != Quantity::PerSurface);
        let prepare = |field: &[T]| self.prepared(field);
        let (s, sl) = (prepare(surface), large_scale.map(prepare));
        let jobs: Vec<_> = levels.into_iter().zip(formulas).collect();
        pieces(out, |start, piece| {
            fill(piece, start, surface, &jobs, &s, sl.as_deref());
        });
        Ok(())
    }

    /// What the formula multiplies: the field, or ln(field / pref).
    fn prepared<T: Real>(&self, field: &[T]) -> Vec<f64> {
        let mut out = vec![0.0; field.len()];
        let reference = self.parameters.reference.filter(|_| self.vcode.is_logarithmic());
        pieces(&mut out, |start, piece| {
            for (out, value) in piece.iter_mut().zip(field.get(start..).unwrap_or_default()) {
                *out = match reference {
                    Some(reference) => (value.wide() / reference).ln(),
                    None => value.wide(),
                };
            }
        });
        out
    }

    fn formula(&self, level: &Level, quantity: Quantity) -> Result<Formula> {
        let undefined = |quantity| Err(LevelError::Undefined { vcode: self.vcode, quantity });
        let logarithmic = self.vcode.is_logarithmic();
        let at_surface = self.is_surface(level.ip1);
        match quantity {
            Quantity::Level if at_surface => Ok(Formula::Surface),
            Quantity::Level if logarithmic => Ok(Formula::Exponential),
            Quantity::Level => Ok(Formula::Linear),
            Quantity::Logarithm if self.vcode.is_height() => undefined("logarithm: its levels are heights"),
            Quantity::Logarithm if logarithmic => Ok(Formula::Linear),
            Quantity::Logarithm => Ok(Formula::LogarithmOfLinear),
            Quantity::PerSurface if logarithmic => Ok(Formula::FactorOf { at_surface }),
            Quantity::PerSurface
                if matches!(
                    self.vcode,
                    Vcode::Hybrid1003
                        | Vcode::Hybrid5001
                        | Vcode::Sigma1001
                        | Vcode::Eta1002
                        | Vcode::Eta1004
                        | Vcode::Unstaggered5999
                ) =>
            {
                Ok(Formula::Factor)
            }
            Quantity::PerSurface => undefined("derivative by surface pressure"),
        }
    }

    /// Whether the level is the surface, where the result is the surface field itself.
    fn is_surface(&self, ip1: u32) -> bool {
        let Ok(level) = ip::decode(ip1) else { return false };
        match self.vcode {
            Vcode::Height21001 | Vcode::Height21002 => level.kind == Kind::MetrePressure && level.value.abs() < 1e-6,
            Vcode::Hybrid1003 => level.kind == Kind::Sigma && (level.value - 1.0).abs() < 1e-6,
            _ if self.vcode.is_logarithmic() => level.kind == Kind::Hybrid && (level.value - 1.0).abs() < 1e-6,
            _ => false,
        }
    }
}

/// Fills a piece of the result, which begins at `start` and can hold the end of one level and the beginning of others.
fn fill<T: Real>(
    mut piece: &mut [T],
    mut start: usize,
    surface: &[T],
    jobs: &[(Level, Formula)],
    s: &[f64],
    sl: Option<&[f64]>,
) {
    let points = surface.len();
    while !piece.is_empty() && points > 0 {
        let (row, first) = (start / points, start % points);
        let count = piece.len().min(points - first);
        let (now, rest) = std::mem::take(&mut piece).split_at_mut(count);
        let range = first..first + count;
        if let (Some((level, formula)), Some(s), Some(surface)) =
            (jobs.get(row), s.get(range.clone()), surface.get(range.clone()))
        {
            let sl = sl.and_then(|sl| sl.get(range));
            fill_level(now, surface, level, *formula, s, sl);
        }
        (piece, start) = (rest, start + count);
    }
}

fn fill_level<T: Real>(out: &mut [T], surface: &[T], level: &Level, formula: Formula, s: &[f64], sl: Option<&[f64]>) {
    let Level { a, b, .. } = *level;
    match formula {
        Formula::Surface => out.copy_from_slice(surface),
        Formula::Factor => out.fill(T::of(b)),
        Formula::Linear => each(out, level, s, sl, |x| x),
        Formula::LogarithmOfLinear => each(out, level, s, sl, f64::ln),
        Formula::Exponential => each(out, level, s, sl, exp),
        Formula::FactorOf { at_surface } => {
            for ((out, &s), &surface) in out.iter_mut().zip(s).zip(surface) {
                let p = if at_surface { surface } else { T::of(exp(a + b * s)) };
                *out = per_surface(b, p, surface);
            }
        }
    }
}

#[inline(always)]
#[expect(clippy::inline_always, reason = "so that each function becomes a loop of vectors")]
fn each<T: Real>(out: &mut [T], level: &Level, s: &[f64], sl: Option<&[f64]>, f: impl Fn(f64) -> f64) {
    let Level { a, b, c, .. } = *level;
    match sl {
        None => {
            for (out, &s) in out.iter_mut().zip(s) {
                *out = T::of(f(a + b * s));
            }
        }
        Some(sl) => {
            for ((out, &s), &sl) in out.iter_mut().zip(s).zip(sl) {
                *out = T::of(f((a + b * s) + c * sl));
            }
        }
    }
}

/// b p / ps, each operation rounded to the type of the field.
fn per_surface<T: Real>(b: f64, p: T, ps: T) -> T {
    let product = T::of(T::of(b).wide() * p.wide());
    T::of(product.wide() / ps.wide())
}

pub(super) fn check_length(what: &'static str, found: usize, expected: usize) -> Result<()> {
    if found == expected { Ok(()) } else { Err(LevelError::Length { what, found, expected }) }
}

/// Values that one thread fills at a time.
const PIECE: usize = 1 << 15;

/// Calls `f` with the beginning and the values of each piece.
pub(super) fn pieces<T: Send>(out: &mut [T], f: impl Fn(usize, &mut [T]) + Sync) {
    rows(out, PIECE, |n, piece| f(n * PIECE, piece));
}
