//! A vertical coordinate from a list of levels: the formulas by which models make their tables.
//!
//! Tables come out to the bit as the reference library writes them where logarithm and power are those of the C library.

use super::{Level, LevelError, Levels, Parameters, Result, Vcode, coordinate::assemble};
use crate::ip::{IpValue, Kind, decode};

/// Constants of the pressure of diagnostic levels: gravity, gas constant, 0 °C. Single precision as in the reference library.
const G: f32 = 9.80616;
const RD: f32 = 287.05;
const T0: f32 = 273.15;
/// Coefficients below this are 0.
const TINY: f64 = 1e-16;

/// What a vertical coordinate is made of: its kind, the list of levels, parameters.
///
/// | coordinate | levels | parameters |
/// |---|---|---|
/// | [`Sigma1001`](Vcode::Sigma1001) | increasing to 1 | |
/// | [`Eta1002`](Vcode::Eta1002) | increasing, up to 1 | `top` |
/// | [`Pressure2001`](Vcode::Pressure2001) | hPa, increasing | |
/// | [`Height4001`](Vcode::Height4001) | m, increasing from 0 or more | |
/// | [`Hybrid5001`](Vcode::Hybrid5001) | increasing to 1 | `top`, `reference`, 1 coefficient |
/// | 5002, 5003, 5004 | increasing, below 1 | `top`, `reference`, 2 coefficients |
/// | 5005 | increasing, below 1 | `reference`, 2 coefficients, `diagnostic`; `flat` |
/// | [`Sleve5100`](Vcode::Sleve5100) | increasing, below 1 | `reference`, 4 coefficients, `diagnostic`, `average`; `flat` |
/// | 21001, 21002 | m, decreasing | 2 or 4 coefficients, `diagnostic`; `flat` |
///
/// ```
/// use rpnfst_grids::levels::{Levels, Recipe, Vcode};
/// let recipe = Recipe::new(Vcode::Height21001, &[20_000.0, 5000.0, 100.0])
///     .coefficients(&[0.0, 1.0, 0.0, 100.0])
///     .diagnostic(10.0, 1.5, 0.0);
/// let levels = Levels::generate(&recipe)?;
/// assert_eq!(levels.momentum().len(), 5); // with the surface and the diagnostic level
/// # Ok::<(), rpnfst_grids::levels::LevelError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Recipe {
    vcode: Vcode,
    levels: Vec<f32>,
    top: Option<f64>,
    reference: Option<f64>,
    coefficients: [Option<f32>; 4],
    diagnostic: Option<[f32; 3]>,
    average: bool,
    flat: Option<f32>,
    old_style: bool,
}

impl Recipe {
    /// A coordinate with these levels, from the top of the atmosphere down (heights above ground: upwards).
    pub fn new(vcode: Vcode, levels: &[f32]) -> Self {
        Self {
            vcode,
            levels: levels.to_vec(),
            top: None,
            reference: None,
            coefficients: [None; 4],
            diagnostic: None,
            average: false,
            flat: None,
            old_style: matches!(vcode, Vcode::Sigma1001 | Vcode::Eta1002),
        }
    }

    /// The pressure at the top, Pa. For 5004, -1 and -2 find it from the first two levels; with -2 the first level is flat.
    #[must_use]
    pub fn top(mut self, pascals: f64) -> Self {
        self.top = Some(pascals);
        self
    }

    /// The reference pressure, Pa.
    #[must_use]
    pub fn reference(mut self, pascals: f64) -> Self {
        self.reference = Some(pascals);
        self
    }

    /// Rectification coefficients: r1, r2, r3, r4, as many as the coordinate has.
    #[must_use]
    pub fn coefficients(mut self, coefficients: &[f32]) -> Self {
        for (n, kept) in self.coefficients.iter_mut().enumerate() {
            *kept = coefficients.get(n).copied();
        }
        self
    }

    /// Heights above the ground of the diagnostic levels, m: of momentum, thermodynamic variables, vertical velocity (21002
    /// only).
    #[must_use]
    pub fn diagnostic(mut self, momentum: f32, thermodynamic: f32, vertical: f32) -> Self {
        self.diagnostic = Some([momentum, thermodynamic, vertical]);
        self
    }

    /// 5100: coefficients of thermodynamic levels are means of those of momentum, instead of values of the formula.
    #[must_use]
    pub fn average(mut self, yes: bool) -> Self {
        self.average = yes;
        self
    }

    /// The level at and above which levels are flat (5005, 5100, 21001, 21002); by default the first one.
    #[must_use]
    pub fn flat(mut self, level: f32) -> Self {
        self.flat = Some(level);
        self
    }

    /// Whether codes are of the old style (1001, 1002, 2001). By default they are for 1001 and 1002.
    #[must_use]
    pub fn old_style(mut self, yes: bool) -> Self {
        self.old_style = yes;
        self
    }

    fn wrong(&self, what: impl Into<String>) -> LevelError {
        LevelError::Parameter { vcode: self.vcode, what: what.into() }
    }

    fn need<T>(&self, value: Option<T>, name: &str) -> Result<T> {
        value.ok_or_else(|| self.wrong(format!("{name} is not given")))
    }

    fn positive(&self, value: Option<f64>, name: &str) -> Result<f64> {
        let value = self.need(value, name)?;
        if value.is_finite() && value > 0.0 { Ok(value) } else { Err(self.wrong(format!("{name} is {value} Pa"))) }
    }

    fn coefficient(&self, n: usize) -> Result<f32> {
        self.need(self.coefficients.get(n).copied().flatten(), "a coefficient")
    }

    /// The code of a level, of the old style if wanted.
    fn code(&self, value: f32, kind: Kind) -> Result<u32> {
        let value = IpValue::new(value, kind);
        Ok(if self.old_style && kind.code() <= 3 { value.encode_old()? } else { value.encode()? })
    }

    fn check(&self) -> Result<()> {
        let (Some(&first), Some(&last)) = (self.levels.first(), self.levels.last()) else {
            return Err(self.wrong("no levels are given"));
        };
        let down = matches!(self.vcode, Vcode::Height21001 | Vcode::Height21002);
        let ordered = |pair: &[f32]| matches!(pair, [a, b] if if down { a > b } else { a < b });
        if !self.levels.windows(2).all(ordered) || !self.levels.iter().all(|level| level.is_finite()) {
            return Err(self.wrong(format!("levels must be {}", if down { "decreasing" } else { "increasing" })));
        }
        let least = first.min(last);
        let (fits, what) = match self.vcode {
            #[expect(clippy::float_cmp, reason = "the surface is 1 exactly")]
            Vcode::Sigma1001 | Vcode::Hybrid5001 => (last == 1.0, "the last level must be 1"),
            Vcode::Eta1002 => (last <= 1.0, "the last level must be 1 or less"),
            Vcode::Height4001 => (least >= 0.0, "heights above ground cannot be negative"),
            Vcode::Height21001 | Vcode::Height21002 => (least > 0.0, "heights must be above 0"),
            Vcode::Pressure2001 => (true, ""),
            vcode if vcode.is_logarithmic() => (least > 0.0 && last < 1.0, "levels must be between 0 and 1"),
            _ => (false, "this coordinate cannot be made from a list of levels"),
        };
        if !fits {
            return Err(self.wrong(what));
        }
        match self.flat {
            Some(flat) if !(least..=first.max(last)).contains(&flat) => {
                Err(self.wrong(format!("the flat level {flat} is not among the levels")))
            }
            _ => Ok(()),
        }
    }
}

impl Levels {
    /// The coordinate of a list of levels.
    ///
    /// # Errors
    /// [`LevelError::Parameter`] when a parameter is missing or wrong, [`LevelError::Ip`] when a level has no code.
    pub fn generate(recipe: &Recipe) -> Result<Self> {
        recipe.check()?;
        match recipe.vcode {
            Vcode::Sigma1001 | Vcode::Eta1002 => sigma_or_eta(recipe),
            Vcode::Pressure2001 => {
                let level = |&p: &f32| {
                    Ok(Level { ip1: recipe.code(p, Kind::Pressure)?, a: f64::from(p) * 100.0, b: 0.0, c: 0.0 })
                };
                let rows = recipe.levels.iter().map(level).collect::<Result<Vec<_>>>()?;
                assemble(recipe.vcode, &Parameters::default(), &rows)
            }
            Vcode::Height4001 => {
                let level = |&h: &f32| {
                    Ok(Level { ip1: recipe.code(h, Kind::HeightAboveGround)?, a: f64::from(h), b: 0.0, c: 0.0 })
                };
                let rows = recipe.levels.iter().map(level).collect::<Result<Vec<_>>>()?;
                assemble(recipe.vcode, &Parameters::default(), &rows)
            }
            Vcode::Hybrid5001 => hybrid(recipe),
            Vcode::Height21001 | Vcode::Height21002 => height::levels(recipe),
            _ => logarithmic::levels(recipe),
        }
    }

    /// A coordinate of given codes and coefficients, p = A + B ps (5999).
    ///
    /// ```
    /// use rpnfst_grids::levels::{Level, Levels};
    /// let level = Level { ip1: 95_366_840, a: 10.0, b: 0.995, c: 0.0 };
    /// assert_eq!(Levels::of_coefficients(&[level])?.header().etiket, "UNSTAG_OTHER");
    /// # Ok::<(), rpnfst_grids::levels::LevelError>(())
    /// ```
    ///
    /// # Errors
    /// [`LevelError::Parameter`] when a code is neither of kind 5 nor of kind 4, or is there twice.
    pub fn of_coefficients(levels: &[Level]) -> Result<Self> {
        let vcode = Vcode::Unstaggered5999;
        let wrong = |what| LevelError::Parameter { vcode, what };
        let mut seen = std::collections::HashSet::new();
        for level in levels {
            let kind = level.value()?.kind;
            if !matches!(kind, Kind::Hybrid | Kind::HeightAboveGround) || !seen.insert(level.ip1) {
                return Err(wrong(format!("the code {} is there twice, or no hybrid level", level.ip1)));
            }
        }
        assemble(vcode, &Parameters { field: Some("P0".to_owned()), ..Parameters::default() }, levels)
    }
}

fn sigma_or_eta(recipe: &Recipe) -> Result<Levels> {
    let top = match recipe.vcode {
        Vcode::Eta1002 => Some(recipe.positive(recipe.top, "the pressure at the top")?),
        _ => None,
    };
    let level = |&value: &f32| {
        let ip1 = recipe.code(value, Kind::Sigma)?;
        let b = f64::from(decode(ip1)?.value);
        Ok(Level { ip1, a: top.map_or(0.0, |top| (1.0 - b) * top), b, c: 0.0 })
    };
    let rows = recipe.levels.iter().map(level).collect::<Result<Vec<_>>>()?;
    assemble(recipe.vcode, &Parameters { top, field: Some("P0".to_owned()), ..Parameters::default() }, &rows)
}

fn hybrid(recipe: &Recipe) -> Result<Levels> {
    let top = recipe.positive(recipe.top, "the pressure at the top")?;
    let reference = recipe.positive(recipe.reference, "the reference pressure")?;
    let first = f64::from(recipe.levels.first().copied().unwrap_or_default());
    if (top - first * reference) / top > 1e-6 {
        return Err(recipe.wrong(format!("the first level lies above the top, {top} Pa")));
    }
    let rows = recipe.levels.iter().map(|&value| Ok((recipe.code(value, Kind::Hybrid)?, value)));
    let rows = rows.collect::<Result<Vec<_>>>()?;
    hybrid_5001(&rows, top, reference, recipe.coefficient(0)?)
}

/// 5001 of codes and the levels that they were made from.
pub(super) fn hybrid_5001(levels: &[(u32, f32)], top: f64, reference: f64, r1: f32) -> Result<Levels> {
    let ratio = f64::from(decode(IpValue::new(single(top / reference), Kind::Hybrid).encode()?)?.value);
    let q = 1.0 / (1.0 - ratio);
    let mut rows = Vec::with_capacity(levels.len());
    for (n, &(ip1, value)) in levels.iter().enumerate() {
        let x = f64::from(decode(ip1)?.value);
        let b = ((x - ratio) * q).max(0.0).powf(f64::from(r1));
        let is_top = n == 0 && (top - f64::from(value) * reference).abs() / top < 1e-6;
        let (a, b) = if is_top { (top, 0.0) } else { (reference * (x - b), b) };
        rows.push(Level { ip1, a, b, c: 0.0 });
    }
    let parameters = Parameters {
        top: Some(top),
        reference: Some(reference),
        coefficients: [Some(r1), None, None, None],
        field: Some("P0".to_owned()),
        large_scale_field: None,
    };
    assemble(Vcode::Hybrid5001, &parameters, &rows)
}

#[expect(clippy::cast_possible_truncation, reason = "rounding to single precision is meant")]
const fn single(value: f64) -> f32 {
    value as f32
}

/// The exponent of a level: between r2 at the top (l = 0) and r1 at the bottom (l = 1).
fn exponent(r1: f32, r2: f32, l: f64) -> f64 {
    f64::from(single(f64::from(r2) - f64::from(r2 - r1) * l))
}

fn without_tiny(level: Level) -> Level {
    let clean = |value: f64| if value < TINY { 0.0 } else { value };
    Level { b: clean(level.b), c: clean(level.c), ..level }
}

/// The level between two others; its code is given later.
fn mean(x: &Level, y: &Level) -> Level {
    Level { ip1: 0, a: 0.5 * (x.a + y.a), b: 0.5 * (x.b + y.b), c: 0.5 * (x.c + y.c) }
}

/// Levels with these codes.
fn coded(levels: &mut [Level], codes: &[u32]) {
    for (level, code) in levels.iter_mut().zip(codes) {
        level.ip1 = *code;
    }
}

mod height;
mod logarithmic;
