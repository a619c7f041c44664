//! 5002 to 5005 and 5100: levels whose logarithm of pressure depends on that at the surface.

use super::{
    G, Level, Levels, Parameters, RD, Recipe, Result, T0, Vcode, assemble, coded, exponent, mean, single, without_tiny,
};
use crate::ip::Kind;

/// Places on the axis of ln p: the reference pressure, where the levels become flat, and the top.
struct Axis {
    zs: f64,
    zu: f64,
    zt: f64,
}

pub(super) fn levels(recipe: &Recipe) -> Result<Levels> {
    let reference = recipe.positive(recipe.reference, "the reference pressure")?;
    let axis = axis(recipe, reference)?;
    let m = momentum(recipe, &axis)?;
    let t = match recipe.vcode {
        Vcode::Hybrid5002 | Vcode::Hybrid5003 => with_top(recipe, &axis, &m),
        _ => between(recipe, &axis, &m)?,
    };
    let (mut m, mut t) = (m, t);
    if recipe.vcode.has_diagnostic_levels() {
        let [dhm, dht, _] = recipe.need(recipe.diagnostic, "the height of the diagnostic levels")?;
        // The pressure of a column of 0 °C of that height.
        let level = |height: f32| Level { ip1: 0, a: axis.zs - f64::from((G * height) / (RD * T0)), b: 1.0, c: 0.0 };
        m.push(level(dhm));
        t.push(level(dht));
    }
    let (m_codes, t_codes) = codes(recipe, reference)?;
    coded(&mut m, &m_codes);
    coded(&mut t, &t_codes);
    let sleve = recipe.vcode == Vcode::Sleve5100;
    let kept = |n: usize, r: Option<f32>| r.filter(|_| n < 2 || sleve);
    let [r1, r2, r3, r4] = recipe.coefficients;
    let parameters = Parameters {
        top: recipe.top.filter(|_| recipe.vcode.has_top()),
        reference: Some(reference),
        coefficients: [kept(0, r1), kept(1, r2), kept(2, r3), kept(3, r4)],
        field: Some("P0".to_owned()),
        large_scale_field: sleve.then(|| "P0LS".to_owned()),
    };
    assemble(recipe.vcode, &parameters, &[m, t].concat())
}

fn axis(recipe: &Recipe, reference: f64) -> Result<Axis> {
    let zs = reference.ln();
    let hyb = &recipe.levels;
    let first = hyb.first().copied().unwrap_or_default();
    let z = |level: f32| zs + f64::from(level).ln();
    let automatic = || match hyb.get(1) {
        Some(&second) => Ok(0.5 * (3.0 * z(first) - z(second))),
        None => Err(recipe.wrong("two levels are needed to find the top")),
    };
    match recipe.vcode {
        Vcode::Hybrid5005 | Vcode::Sleve5100 => Ok(Axis { zs, zu: z(recipe.flat.unwrap_or(first)), zt: f64::NAN }),
        Vcode::Hybrid5004 if recipe.top.is_some_and(|top| matches!(top.round(), -1.0 | -2.0)) => {
            let zt = automatic()?;
            let flat_first = recipe.top.is_some_and(|top| top.round() < -1.0);
            Ok(Axis { zs, zu: if flat_first { z(first) } else { zt }, zt })
        }
        _ => {
            let top = recipe.positive(recipe.top, "the pressure at the top")?;
            if single(top / reference) >= first {
                return Err(recipe.wrong(format!("the first level lies above the top, {top} Pa")));
            }
            Ok(Axis { zs, zu: top.ln(), zt: top.ln() })
        }
    }
}

/// The levels of momentum and the surface.
fn momentum(recipe: &Recipe, axis: &Axis) -> Result<Vec<Level>> {
    let formula = Formula::new(recipe, axis)?;
    let level = |&h: &f32| formula.level(axis.zs + f64::from(h).ln());
    let mut m: Vec<_> = recipe.levels.iter().map(level).collect();
    m.push(Level { ip1: 0, a: axis.zs, b: 1.0, c: 0.0 });
    Ok(m)
}

/// How far down a level is, to a power: 0 at the top, where levels are flat, 1 at the surface.
struct Formula {
    vcode: Vcode,
    zu: f64,
    q: f64,
    r: [f32; 4],
}

impl Formula {
    fn new(recipe: &Recipe, axis: &Axis) -> Result<Self> {
        let last = f64::from(recipe.levels.last().copied().unwrap_or_default());
        let sleve = recipe.vcode == Vcode::Sleve5100;
        let end = if sleve && !recipe.average { axis.zs + last.ln() } else { axis.zs };
        let mut r = [recipe.coefficient(0)?, recipe.coefficient(1)?, 0.0, 0.0];
        if sleve {
            [r[2], r[3]] = [recipe.coefficient(2)?, recipe.coefficient(3)?];
        }
        Ok(Self { vcode: recipe.vcode, zu: axis.zu, q: 1.0 / (end - axis.zu), r })
    }

    fn level(&self, z: f64) -> Level {
        let [r1, r2, r3, r4] = self.r;
        let l = (z - self.zu) * self.q;
        if self.vcode == Vcode::Sleve5100 {
            let l = l.clamp(0.0, 1.0);
            let b = l.powf(exponent(r3, r4, l));
            return without_tiny(Level { ip1: 0, a: z, b, c: l.powf(exponent(r1, r2, l)) - b });
        }
        let l = if self.vcode == Vcode::Hybrid5005 { l.max(0.0) } else { l };
        Level { ip1: 0, a: z, b: l.powf(exponent(r1, r2, l)), c: 0.0 }
    }
}

/// Thermodynamic levels of 5002 and 5003: one above the first level of momentum, then those between, then the surface.
fn with_top(recipe: &Recipe, axis: &Axis, m: &[Level]) -> Vec<Level> {
    let mut t = Vec::with_capacity(m.len() + 1);
    if let Some(first) = m.first() {
        t.push(Level { ip1: 0, a: 0.5 * (first.a + axis.zt), b: 0.5 * first.b, c: 0.0 });
    }
    t.extend(m.windows(2).filter_map(|w| Some(mean(w.first()?, w.last()?))));
    if let (Vcode::Hybrid5003, Some(last), [.., level, _surface]) = (recipe.vcode, t.last_mut(), m) {
        *last = *level;
    }
    t.extend(m.last());
    t
}

/// Thermodynamic levels of the others: those between, then the surface.
fn between(recipe: &Recipe, axis: &Axis, m: &[Level]) -> Result<Vec<Level>> {
    let formula = Formula::new(recipe, axis)?;
    let sleve = recipe.vcode == Vcode::Sleve5100;
    let mut t: Vec<_> = m
        .windows(2)
        .filter_map(|w| {
            let level = mean(w.first()?, w.last()?);
            Some(match (sleve, recipe.average) {
                (true, true) => without_tiny(level),
                (true, false) => formula.level(level.a),
                _ => level,
            })
        })
        .collect();
    t.extend(m.last());
    Ok(t)
}

/// The codes of the levels of momentum and of the thermodynamic ones, in between by the geometric mean.
fn codes(recipe: &Recipe, reference: f64) -> Result<(Vec<u32>, Vec<u32>)> {
    let code = |value: f32| recipe.code(value, Kind::Hybrid);
    let hyb = &recipe.levels;
    let (first, last) = (hyb.first().copied().unwrap_or_default(), hyb.last().copied().unwrap_or_default());
    let mut m = hyb.iter().map(|&h| code(h)).collect::<Result<Vec<_>>>()?;
    m.push(code(1.0)?);
    let mut t = Vec::with_capacity(m.len() + 2);
    if let (Vcode::Hybrid5002 | Vcode::Hybrid5003, Some(top)) = (recipe.vcode, recipe.top) {
        t.push(code((single(top / reference) * first).sqrt())?);
    }
    for pair in hyb.windows(2) {
        t.push(code(pair.iter().rev().product::<f32>().sqrt())?);
    }
    t.push(code(if recipe.vcode == Vcode::Hybrid5003 { last } else { last.sqrt() })?);
    t.push(code(1.0)?);
    if let (true, Some([dhm, dht, _])) = (recipe.vcode.has_diagnostic_levels(), recipe.diagnostic) {
        m.push(recipe.code(dhm, Kind::HeightAboveGround)?);
        t.push(recipe.code(dht, Kind::HeightAboveGround)?);
    }
    Ok((m, t))
}
