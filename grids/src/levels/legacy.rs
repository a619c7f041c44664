//! Vertical coordinates of files without `!!`: the levels of the file and the records `HY`, `PT` and `E1`.

use super::{Level, LevelError, Levels, Parameters, Result, Vcode, coordinate::assemble, generate::hybrid_5001};
use crate::ip::{IpValue, Kind, decode};

/// The parameters of hybrid levels that a record `HY` holds.
///
/// ```
/// use rpnfst_grids::{ip::{IpValue, Kind}, levels::HybridRecord};
/// let ip1 = IpValue::new(10.0, Kind::Pressure).encode()?;
/// let hybrid = HybridRecord::new(ip1, 800, 1600)?;
/// assert_eq!((hybrid.top, hybrid.reference, hybrid.coefficient), (1000.0, 80_000.0, 1.6));
/// # Ok::<(), rpnfst_grids::levels::LevelError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HybridRecord {
    /// Pressure at the top, Pa.
    pub top: f64,
    /// Reference pressure, Pa.
    pub reference: f64,
    /// Rectification coefficient.
    pub coefficient: f32,
}

impl HybridRecord {
    /// What ip1 (pressure at the top), ig1 (reference pressure, hPa) and ig2 (1000 times the coefficient) of the record say.
    ///
    /// # Errors
    /// [`LevelError::Old`] when ip1 is no pressure, ig1 not between 400 and 1050, or ig2 not between 1000 and 2000.
    pub fn new(ip1: u32, ig1: u32, ig2: u32) -> Result<Self> {
        let top = decode(ip1)?;
        if top.kind != Kind::Pressure || !(0.0..=1200.0).contains(&top.value) {
            return Err(LevelError::Old(format!("ip1 of HY is {top}, no pressure at the top")));
        }
        if !(400..=1050).contains(&ig1) || !(1000..=2000).contains(&ig2) {
            let expected = "400 to 1050 hPa and 1000 to 2000 are possible";
            return Err(LevelError::Old(format!("ig1 and ig2 of HY are {ig1} and {ig2}; {expected}")));
        }
        Ok(Self {
            top: f64::from(top.value) * 100.0,
            reference: f64::from(ig1) * 100.0,
            coefficient: ig2 as f32 / 1000.0,
        })
    }
}

/// What a file without `!!` says of its levels.
///
/// | levels | with | coordinate |
/// |---|---|---|
/// | pressures | | 2001 |
/// | hybrid | `HY` | 5001 |
/// | sigma or eta | `PT` | 1002; with `E1`, 1004 |
/// | sigma or eta | `HY` | 1003 |
/// | sigma or eta | | 1001, if the caller allows it: a file whose `PT` is missing looks the same |
///
/// ```
/// use rpnfst_grids::levels::{OldRecords, Vcode};
/// let old = OldRecords { codes: vec![500, 1000, 850], ..OldRecords::default() };
/// let levels = old.levels()?;
/// assert_eq!((levels.vcode(), levels.momentum_ip1()), (Vcode::Pressure2001, vec![500, 850, 1000]));
/// # Ok::<(), rpnfst_grids::levels::LevelError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct OldRecords {
    /// The ip1 of fields, in any order and style. Those that are neither sigma, nor pressure, nor hybrid do not count, nor
    /// does 0 hPa, which is mostly no level.
    pub codes: Vec<u32>,
    /// The `HY` record.
    pub hybrid: Option<HybridRecord>,
    /// The value of `PT`: pressure at the top of eta levels, hPa.
    pub top: Option<f32>,
    /// The value of `E1`: eta at the top of the spectral model.
    pub eta_top: Option<f32>,
    /// Whether sigma levels may be taken for sigma when neither `PT` nor `HY` is there.
    pub sigma: bool,
}

impl OldRecords {
    /// The coordinate. Its lists have the codes as given, from the top of the atmosphere down, each level once.
    ///
    /// # Errors
    /// [`LevelError::Old`] when there are no levels, levels of several kinds, or records that contradict each other.
    pub fn levels(&self) -> Result<Levels> {
        let (kind, levels) = self.sorted()?;
        match kind {
            Kind::Pressure => pressure(&levels),
            Kind::Hybrid => {
                let hybrid = self.hybrid.ok_or_else(|| old("hybrid levels need a record HY"))?;
                hybrid_5001(&levels, positive(hybrid.top)?, hybrid.reference, hybrid.coefficient)
            }
            _ => self.sigma_like(&levels),
        }
    }

    /// The levels with their values, ascending.
    fn sorted(&self) -> Result<(Kind, Vec<(u32, f32)>)> {
        let value = |&ip1: &u32| {
            let IpValue { value, kind } = decode(ip1).ok()?;
            let counts = matches!(kind, Kind::Sigma | Kind::Hybrid) || kind == Kind::Pressure && value != 0.0;
            counts.then_some((kind, (ip1, value)))
        };
        let found: Vec<_> = self.codes.iter().filter_map(value).collect();
        let Some(&(kind, _)) = found.first() else { return Err(old("no sigma, pressure or hybrid level is there")) };
        if let Some((other, _)) = found.iter().find(|(other, _)| *other != kind) {
            return Err(LevelError::Old(format!("levels are {} and {}", kind.name(), other.name())));
        }
        let mut levels: Vec<_> = found.into_iter().map(|(_, level)| level).collect();
        levels.sort_by(|x, y| x.1.total_cmp(&y.1).then(x.0.cmp(&y.0)));
        levels.dedup_by(|x, y| x.1.total_cmp(&y.1).is_eq());
        Ok((kind, levels))
    }

    fn sigma_like(&self, levels: &[(u32, f32)]) -> Result<Levels> {
        match (self.top, self.hybrid) {
            (Some(top), hybrid) => {
                if let Some(hybrid) = hybrid {
                    let same = (f64::from(hybrid.coefficient) - 1.0).abs() <= 1e-5
                        && (hybrid.top / 100.0 - f64::from(top)).abs() <= 1e-5;
                    if !same {
                        return Err(LevelError::Old(format!("PT is {top} hPa, HY says {hybrid:?}")));
                    }
                }
                eta(levels, positive(f64::from(top) * 100.0)?, self.eta_top)
            }
            (None, Some(hybrid)) => normalized(levels, hybrid),
            (None, None) if self.sigma => {
                let row = |&(ip1, value): &(u32, f32)| Level { ip1, a: 0.0, b: f64::from(value), c: 0.0 };
                assemble(Vcode::Sigma1001, &surface(), &levels.iter().map(row).collect::<Vec<_>>())
            }
            (None, None) => Err(old("sigma levels: neither PT nor HY is there")),
        }
    }
}

fn old(what: &str) -> LevelError {
    LevelError::Old(what.to_owned())
}

fn positive(top: f64) -> Result<f64> {
    if top.is_finite() && top > 0.0 {
        return Ok(top);
    }
    Err(LevelError::Old(format!("the pressure at the top is {top} Pa")))
}

/// The parameters of what depends on surface pressure only.
fn surface() -> Parameters {
    Parameters { field: Some("P0".to_owned()), ..Parameters::default() }
}

fn pressure(levels: &[(u32, f32)]) -> Result<Levels> {
    let row = |&(ip1, value): &(u32, f32)| Level { ip1, a: f64::from(value) * 100.0, b: 0.0, c: 0.0 };
    assemble(Vcode::Pressure2001, &Parameters::default(), &levels.iter().map(row).collect::<Vec<_>>())
}

/// p = PT (1 - b) + b ps, b the eta, or its distance from that at the top.
fn eta(levels: &[(u32, f32)], top: f64, eta_top: Option<f32>) -> Result<Levels> {
    let first = eta_top.map_or(0.0, f64::from);
    if !(0.0..1.0).contains(&first) {
        return Err(LevelError::Old(format!("E1 is {first}, no eta at the top")));
    }
    let row = |&(ip1, value): &(u32, f32)| {
        let b = (f64::from(value) - first) / (1.0 - first);
        Level { ip1, a: (1.0 - b) * top, b, c: 0.0 }
    };
    let rows: Vec<_> = levels.iter().map(row).collect();
    let parameters = Parameters { top: Some(top), ..surface() };
    let mut made = assemble(Vcode::Eta1002, &parameters, &rows)?;
    if eta_top.is_some() {
        (made.vcode, made.table) = (Vcode::Eta1004, None);
    }
    Ok(made)
}

/// 1003. A complete set, which begins at 0, has its first level at the top.
fn normalized(levels: &[(u32, f32)], hybrid: HybridRecord) -> Result<Levels> {
    let HybridRecord { top, reference, coefficient } = hybrid;
    let top = positive(top)?;
    let place = |x: f32| f64::from(x) + (1.0 - f64::from(x)) * top / reference;
    let complete = levels.first().is_some_and(|(_, value)| *value == 0.0);
    let first = match levels.first() {
        Some(&(_, value)) if complete => place(value),
        _ => top / reference,
    };
    let row = |(n, &(ip1, value)): (usize, &(u32, f32))| {
        let y = place(value);
        let b = ((y - first) / (1.0 - first)).max(0.0).powf(f64::from(coefficient));
        let (a, b) = if n == 0 && complete { (top, 0.0) } else { (reference * (y - b), b) };
        Level { ip1, a, b, c: 0.0 }
    };
    let rows: Vec<_> = levels.iter().enumerate().map(row).collect();
    let parameters = Parameters {
        top: Some(top),
        reference: Some(reference),
        coefficients: [Some(coefficient), None, None, None],
        ..surface()
    };
    assemble(Vcode::Hybrid1003, &parameters, &rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::levels::Quantity;

    fn code(value: f32, kind: Kind) -> u32 {
        IpValue::new(value, kind).encode().unwrap()
    }

    #[test]
    fn which_coordinate_it_is() {
        let sigma = [0.1, 0.5, 1.0].map(|value| code(value, Kind::Sigma)).to_vec();
        let hybrid = HybridRecord::new(code(10.0, Kind::Pressure), 800, 1600).unwrap();
        let records = OldRecords { codes: sigma, ..OldRecords::default() };
        let vcode = |records: &OldRecords| records.levels().map(|levels| levels.vcode());
        assert!(vcode(&records).is_err());
        assert_eq!(vcode(&OldRecords { sigma: true, ..records.clone() }), Ok(Vcode::Sigma1001));
        assert_eq!(vcode(&OldRecords { top: Some(10.0), ..records.clone() }), Ok(Vcode::Eta1002));
        assert_eq!(vcode(&OldRecords { hybrid: Some(hybrid), ..records.clone() }), Ok(Vcode::Hybrid1003));
        let both = OldRecords { hybrid: Some(hybrid), top: Some(10.0), ..records.clone() };
        assert!(vcode(&both).is_err(), "the coefficient is not 1");
        let plain = HybridRecord { coefficient: 1.0, ..hybrid };
        assert_eq!(vcode(&OldRecords { hybrid: Some(plain), ..both.clone() }), Ok(Vcode::Eta1002));
        let mixed = OldRecords { codes: vec![500, code(0.5, Kind::Hybrid)], ..records.clone() };
        assert!(vcode(&mixed).is_err());
        for top in [0.0, -1.0, f32::NAN, f32::INFINITY] {
            assert!(vcode(&OldRecords { top: Some(top), ..records.clone() }).is_err());
        }
    }

    #[test]
    fn eta_of_the_spectral_model() {
        let codes = [0.1, 0.55, 1.0].map(|value| code(value, Kind::Sigma)).to_vec();
        let records = OldRecords { codes, top: Some(10.0), eta_top: Some(0.1), ..OldRecords::default() };
        let levels = records.levels().unwrap();
        assert!(levels.vcode() == Vcode::Eta1004 && levels.table().is_none());
        let p = levels.compute(&levels.momentum_ip1(), &[100_000.0_f32], None, Quantity::Level).unwrap();
        assert_eq!(p, [1000.0, 50_500.0, 100_000.0]);
    }
}
