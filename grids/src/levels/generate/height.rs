//! 21001 and 21002: heights that follow the orography less and less upwards.

use super::{Level, Levels, Parameters, Recipe, Result, Vcode, assemble, coded, exponent, mean, without_tiny};
use crate::ip::Kind;

pub(super) fn levels(recipe: &Recipe) -> Result<Levels> {
    let [dhm, dht, dhw] = recipe.need(recipe.diagnostic, "the height of the diagnostic levels")?;
    let (r1, r2) = (recipe.coefficient(0)?, recipe.coefficient(1)?);
    let [_, _, r3, r4] = recipe.coefficients;
    if r3.is_some() != r4.is_some() {
        return Err(recipe.wrong("the third and the fourth coefficient belong together"));
    }
    let (r3, r4) = (r3.unwrap_or(-1.0), r4.unwrap_or(-1.0));
    // Without a large-scale part, the small-scale one has the coefficients of both.
    let (small1, small2) = if r3 < 0.0 || r4 < 0.0 { (r1, r2) } else { (r3, r4) };
    let hyb = &recipe.levels;
    let flat = recipe.flat.or(hyb.first().copied()).unwrap_or_default();
    let inverse = 1.0 / f64::from(flat);
    let surface = Level { ip1: 0, a: 0.0, b: 1.0, c: 0.0 };
    let diagnostic = |height: f32| Level { a: f64::from(height), ..surface };
    let mut m: Vec<_> = hyb
        .iter()
        .map(|&h| {
            let l = (f64::from(flat - h) * inverse).max(0.0);
            let b = l.powf(exponent(small1, small2, l));
            let c = l.powf(exponent(r1, r2, l)) - b;
            without_tiny(Level { ip1: 0, a: f64::from(h), b, c })
        })
        .collect();
    m.push(surface);
    let between: Vec<_> = m.windows(2).filter_map(|w| Some(without_tiny(mean(w.first()?, w.last()?)))).collect();
    m.push(diagnostic(dhm));

    let metres = |h: f32| recipe.code(h, Kind::MetrePressure);
    let above = |h: f32| recipe.code(h, Kind::HeightAboveGround);
    let mut m_codes = hyb.iter().map(|&h| metres(h)).collect::<Result<Vec<_>>>()?;
    m_codes.extend([metres(0.0)?, above(dhm)?]);
    coded(&mut m, &m_codes);
    let mut half_codes = Vec::new();
    for pair in hyb.windows(2) {
        half_codes.push(metres(0.5 * pair.iter().sum::<f32>())?);
    }
    let last = hyb.last().copied().unwrap_or_default();
    let rows = if recipe.vcode == Vcode::Height21001 {
        let mut t = between;
        t.extend([surface, diagnostic(dht)]);
        half_codes.extend([metres(0.5 * last)?, metres(0.0)?, above(dht)?]);
        coded(&mut t, &half_codes);
        [m, t].concat()
    } else {
        let mut w = between;
        w.pop(); // the last one is the surface itself
        w.extend([surface, surface, diagnostic(dhw)]);
        half_codes.extend([metres(0.0)?, metres(0.0)?, above(dhw)?]);
        coded(&mut w, &half_codes);
        let t = Level { ip1: above(dht)?, ..diagnostic(dht) };
        [m, w, vec![t]].concat()
    };
    let one_part = (r3 - r1).abs() < 1e-6 && (r4 - r2).abs() < 1e-6 || r3 < 0.0 || r4 < 0.0;
    let parameters = Parameters {
        coefficients: [r1, r2, r3, r4].map(Some),
        field: Some("ME".to_owned()),
        large_scale_field: (!one_part).then(|| "MELS".to_owned()),
        ..Parameters::default()
    };
    assemble(recipe.vcode, &parameters, &rows)
}
