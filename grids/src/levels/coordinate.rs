//! A vertical coordinate: its lists of levels and its parameters.

use super::{
    Level, LevelError, Result, Table, Vcode,
    table::{name_word, word_name},
    vcode::{Rows, Word},
};
use crate::ip::same_level;

/// A vertical coordinate: the levels of momentum (m), of thermodynamic variables (t) and of vertical velocity (w), and
/// how each becomes a pressure or a height.
///
/// ```
/// use rpnfst_grids::levels::{Levels, Quantity, Recipe, Vcode};
/// let recipe = Recipe::new(Vcode::Hybrid5005, &[0.0125, 0.1, 0.5, 0.995])
///     .reference(100_000.0)
///     .coefficients(&[0.0, 1.0])
///     .diagnostic(10.0, 1.5, 0.0);
/// let levels = Levels::generate(&recipe)?;
/// assert_eq!(levels.momentum()[0].ip1, 95_545_416);
/// let pressures = levels.compute(&levels.momentum_ip1(), &[95_000.0_f32], None, Quantity::Level)?;
/// assert_eq!(pressures, [1250.0, 9659.241, 47565.51, 94525.01, 95000.0, 94881.26]);
/// # Ok::<(), rpnfst_grids::levels::LevelError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Levels {
    pub(super) vcode: Vcode,
    pub(super) parameters: Parameters,
    pub(super) momentum: Vec<Level>,
    pub(super) thermodynamic: Vec<Level>,
    pub(super) vertical: Vec<Level>,
    /// `None` for what tables cannot hold.
    pub(super) table: Option<Table>,
}

/// The parameters of a vertical coordinate; `None` where it has no such one.
///
/// ```
/// use rpnfst_grids::levels::{Levels, Recipe, Vcode};
/// let levels = Levels::generate(&Recipe::new(Vcode::Eta1002, &[0.0, 0.5, 1.0]).top(1000.0))?;
/// let parameters = levels.parameters();
/// assert_eq!((parameters.top, parameters.reference), (Some(1000.0), None));
/// assert_eq!(parameters.field.as_deref(), Some("P0"));
/// # Ok::<(), rpnfst_grids::levels::LevelError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct Parameters {
    /// Pressure at the top (Pa); -1 or -2 in tables of 5004 whose top was found from the levels.
    pub top: Option<f64>,
    /// Reference pressure (Pa).
    pub reference: Option<f64>,
    /// Rectification coefficients r1 to r4. Those of the large-scale part are negative where 21001 and 21002 have none.
    pub coefficients: [Option<f32>; 4],
    /// Name of the surface field: `P0` (hPa in files), `ME` (m).
    pub field: Option<String>,
    /// Name of the large-scale surface field: `P0LS`, `MELS`.
    pub large_scale_field: Option<String>,
}

impl Parameters {
    /// Whether all bits are equal: hostile tables have NaN, which equals nothing.
    fn is_same(&self, other: &Self) -> bool {
        let bits = |parameters: &Self| {
            let coefficients = parameters.coefficients.map(|coefficient| coefficient.map(f32::to_bits));
            (parameters.top.map(f64::to_bits), parameters.reference.map(f64::to_bits), coefficients)
        };
        bits(self) == bits(other) && (&self.field, &self.large_scale_field) == (&other.field, &other.large_scale_field)
    }
}

/// The header of a `!!` record: what tells its table at a glance. Nothing of it is needed for reading one, but ig1.
///
/// ```
/// use rpnfst_grids::levels::{Levels, Recipe, Vcode};
/// let levels = Levels::generate(&Recipe::new(Vcode::Eta1002, &[0.0, 0.5, 1.0]).top(1000.0))?;
/// let header = levels.header();
/// assert_eq!((header.etiket, header.ig), ("ETA_GEMV3", [1002, 10_000, 0, 0]));
/// # Ok::<(), rpnfst_grids::levels::LevelError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    /// The label.
    pub etiket: &'static str,
    /// ig1 to ig4; ig1 is the number of the coordinate.
    pub ig: [u32; 4],
}

impl Levels {
    /// The coordinate that a table describes.
    ///
    /// # Errors
    /// [`LevelError::UnknownVcode`], [`LevelError::Table`].
    pub fn from_table(table: Table) -> Result<Self> {
        let vcode = table.vcode()?;
        let number = |word| table.header_word(vcode, word).map(f64::from_bits);
        #[expect(clippy::cast_possible_truncation, reason = "single precision by definition")]
        let coefficient = |n| number(Word::Coefficient(n)).map(|value| value as f32);
        let name = |word| table.header_word(vcode, word).and_then(word_name);
        let parameters = Parameters {
            top: number(Word::Top).filter(|_| vcode.has_top()),
            reference: number(Word::Reference),
            coefficients: [0, 1, 2, 3].map(coefficient),
            field: name(Word::Field),
            large_scale_field: name(Word::LargeScaleField),
        };
        let mut rows = table.rows(vcode).collect::<Result<Vec<_>>>()?;
        let odd = |count: usize| LevelError::Table(format!("{} cannot have {count} rows of levels", vcode.number()));
        let halves = |rows: &[Level], more: usize| match rows.len().checked_sub(more) {
            Some(rest) if rest > 0 && rest.is_multiple_of(2) => Ok(rest / 2),
            _ => Err(odd(rows.len())),
        };
        let (momentum, thermodynamic, vertical) = match vcode.rows() {
            Rows::One => (rows.clone(), rows.clone(), rows),
            Rows::Ocean => {
                let vertical = rows.split_off(halves(&rows, 0)?);
                (rows.clone(), rows, vertical)
            }
            Rows::OneMore => {
                let thermodynamic = rows.split_off(halves(&rows, 1)?);
                (rows, thermodynamic.clone(), thermodynamic)
            }
            Rows::Two => {
                let thermodynamic = rows.split_off(halves(&rows, 0)?);
                (rows, thermodynamic.clone(), thermodynamic)
            }
            Rows::Lorenz => {
                let count = halves(&rows, 1)?;
                let diagnostic = rows.split_off(2 * count);
                let vertical = rows.split_off(count);
                let mut thermodynamic = rows.clone();
                thermodynamic.truncate(count - 1);
                thermodynamic.extend(diagnostic);
                (rows, thermodynamic, vertical)
            }
        };
        Ok(Self { vcode, parameters, momentum, thermodynamic, vertical, table: Some(table) })
    }

    /// Which coordinate it is.
    pub const fn vcode(&self) -> Vcode {
        self.vcode
    }

    /// Its parameters.
    pub const fn parameters(&self) -> &Parameters {
        &self.parameters
    }

    /// The levels of momentum, from the top of the atmosphere down, the surface and diagnostic levels last.
    pub fn momentum(&self) -> &[Level] {
        &self.momentum
    }

    /// The levels of thermodynamic variables; those of momentum where the coordinate is not staggered.
    pub fn thermodynamic(&self) -> &[Level] {
        &self.thermodynamic
    }

    /// The levels of vertical velocity; the thermodynamic ones where the coordinate has no others.
    pub fn vertical_velocity(&self) -> &[Level] {
        &self.vertical
    }

    /// The codes of the levels of momentum.
    pub fn momentum_ip1(&self) -> Vec<u32> {
        codes(&self.momentum)
    }

    /// The codes of the thermodynamic levels.
    pub fn thermodynamic_ip1(&self) -> Vec<u32> {
        codes(&self.thermodynamic)
    }

    /// The codes of the levels of vertical velocity.
    pub fn vertical_velocity_ip1(&self) -> Vec<u32> {
        codes(&self.vertical)
    }

    /// The code of the diagnostic level of momentum, if the coordinate has one.
    pub fn momentum_diagnostic(&self) -> Option<u32> {
        self.diagnostic(&self.momentum)
    }

    /// The code of the diagnostic thermodynamic level, if the coordinate has one.
    pub fn thermodynamic_diagnostic(&self) -> Option<u32> {
        self.diagnostic(&self.thermodynamic)
    }

    fn diagnostic(&self, levels: &[Level]) -> Option<u32> {
        levels.last().filter(|_| self.vcode.has_diagnostic_levels()).map(|level| level.ip1)
    }

    /// The level of this code: of momentum if there is one, else thermodynamic, else of vertical velocity. Where no list
    /// has the code, one that means the same level counts.
    ///
    /// # Errors
    /// [`LevelError::NoLevel`].
    pub fn find(&self, ip1: u32) -> Result<&Level> {
        let all = || self.momentum.iter().chain(&self.thermodynamic).chain(&self.vertical);
        let found = all().find(|level| level.ip1 == ip1).or_else(|| all().find(|level| same_level(level.ip1, ip1)));
        found.ok_or(LevelError::NoLevel { vcode: self.vcode, ip1 })
    }

    /// The table of the `!!` record. `None` for the eta of the spectral model, which has none.
    pub const fn table(&self) -> Option<&Table> {
        self.table.as_ref()
    }

    /// The header of the `!!` record.
    pub fn header(&self) -> Header {
        let Parameters { top, coefficients, .. } = &self.parameters;
        let top = scaled(top.unwrap_or(0.0), 10.0);
        let [r1, r2] = [0, 1].map(|n| scaled(coefficients.get(n).copied().flatten().unwrap_or(0.0).into(), 100.0));
        let (etiket, [ig2, ig3, ig4]) = match self.vcode {
            Vcode::Ocean1 => ("HEIGHT_OCEAN", [0; 3]),
            Vcode::Sigma1001 => ("ETA_GEMV3", [0; 3]),
            Vcode::Eta1002 | Vcode::Eta1004 => ("ETA_GEMV3", [top, 0, 0]),
            Vcode::Hybrid1003 => ("HYBNORM_GEM3", [top, r1, 0]),
            Vcode::Pressure2001 => ("PRESSURE", [0; 3]),
            Vcode::Height4001 => ("M_ABOVE_SFC", [0; 3]),
            Vcode::Hybrid5001 => ("HYB_GEMV3", [top, r1, 0]),
            Vcode::Hybrid5002 | Vcode::Hybrid5003 | Vcode::Hybrid5004 => ("STG_CP_GEMV4", [top, r1, r2]),
            Vcode::Hybrid5005 => ("STG_CP_GEMV4", [0, r1, r2]),
            Vcode::Sleve5100 => ("STG_CP_SLEVE", [0; 3]),
            Vcode::Unstaggered5999 => ("UNSTAG_OTHER", [0; 3]),
            Vcode::Height21001 if self.parameters.large_scale_field.is_some() => ("HYB_H_CP_SLV", [0; 3]),
            Vcode::Height21001 => ("HYB_H_CP", [0; 3]),
            Vcode::Height21002 => ("HYB_H_LORENZ", [0; 3]),
        };
        Header { etiket, ig: [self.vcode.number(), ig2, ig3, ig4] }
    }

    /// Whether another coordinate is this one: the same levels and parameters, coefficients to 1e-5. (Tables written by
    /// different releases differ in the last bits.)
    pub fn is_same(&self, other: &Self) -> bool {
        let close = |x: f64, y: f64| x.to_bits() == y.to_bits() || (x - y).abs() <= 1e-5 * x.abs().max(y.abs());
        let same = |(x, y): (&Level, &Level)| x.ip1 == y.ip1 && close(x.a, y.a) && close(x.b, y.b);
        let lists = [
            (&self.momentum, &other.momentum),
            (&self.thermodynamic, &other.thermodynamic),
            (&self.vertical, &other.vertical),
        ];
        self.vcode == other.vcode
            && self.parameters.is_same(&other.parameters)
            && lists.into_iter().all(|(x, y)| x.len() == y.len() && x.iter().zip(y).all(same))
    }
}

fn codes(levels: &[Level]) -> Vec<u32> {
    levels.iter().map(|level| level.ip1).collect()
}

/// A parameter as the header has it: rounded, not negative.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates; only tells")]
fn scaled(value: f64, factor: f64) -> u32 {
    (value * factor).round() as u32
}

/// A table of a coordinate, made from its parts. Words of parameters that it does not have are -9999 or 0.
pub(super) fn assemble(vcode: Vcode, parameters: &Parameters, rows: &[Level]) -> Result<Levels> {
    let (width, header_rows) = (vcode.width(), vcode.header_rows());
    let name = |name: &Option<String>| name_word(name.as_deref().unwrap_or(""));
    let mut words = [vcode.kind(), vcode.version()].map(|word| f64::from(word).to_bits()).to_vec();
    words.push((header_rows as f64).to_bits());
    words.extend(vcode.header().iter().map(|word| match word {
        Word::Top => parameters.top.unwrap_or(-9999.0).to_bits(),
        Word::Reference => parameters.reference.unwrap_or(-9999.0).to_bits(),
        Word::Coefficient(n) => {
            f64::from(parameters.coefficients.get(*n).copied().flatten().unwrap_or(-9999.0)).to_bits()
        }
        Word::Field => name(&parameters.field),
        Word::LargeScaleField => name(&parameters.large_scale_field),
    }));
    words.resize(width * header_rows, 0);
    for level in rows {
        let row = [f64::from(level.ip1), level.a, level.b, level.c];
        if row.iter().any(|word| !word.is_finite()) {
            let what = format!("the parameters give the level {} the coefficients {:?}", level.ip1, &row[1..]);
            return Err(LevelError::Parameter { vcode, what });
        }
        words.extend(row.iter().take(width).map(|word| word.to_bits()));
    }
    Levels::from_table(Table::new(width, words)?)
}
