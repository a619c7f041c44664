//! Winds from one grid to another: they turn with the directions of the columns and rows.

use crate::interp::poles;
use crate::{Error, Geometry, Grid, Real, Result, parallel};

use super::apply::part_of;
use super::places::Places;
use super::{Extrapolation, Plan, Regrid, Statistic, Target, check_length};

/// Cosine and sine of the angle by which a wind turns, for each point of the target.
pub(crate) type Turn = Vec<[f64; 2]>;

impl Regrid {
    /// Winds along the columns and rows of the source, as winds along those of the target (true east and north for
    /// points). Missing and masked values as in [`apply`](Self::apply): where one component is missing, so is the other.
    /// Means over cells are winds; other statistics of components are none.
    ///
    /// # Errors
    /// A slice has another length than the source, or a grid has no directions.
    pub fn apply_winds<T: Real>(&self, u: &[T], v: &[T], mask: Option<&[bool]>) -> Result<(Vec<T>, Vec<T>)> {
        let plan = &self.plan;
        check_length("winds along x", u.len(), plan.source_len)?;
        check_length("winds along y", v.len(), plan.source_len)?;
        let turn = self.turn.get_or_init(|| self.turns()).as_ref().map_err(Clone::clone)?;
        let (mut masked_u, mut masked_v) = (self.masked(u, mask)?, self.masked(v, mask)?);
        if self.by_earth() {
            let turns = self.source_turns.get_or_init(|| self.source.turns()).as_ref().map_err(Clone::clone)?;
            let east = masked_u.get_or_insert_with(|| u.to_vec());
            turns.to_earth(east, masked_v.get_or_insert_with(|| v.to_vec()))?;
        }
        let (u, v) = (masked_u.as_deref().unwrap_or(u), masked_v.as_deref().unwrap_or(v));
        let mut out_u = vec![T::NAN; plan.target_len];
        let mut out_v = out_u.clone();
        plan.vectors(u, v, &mut out_u, &mut out_v)?;
        let chunk = plan.chunk;
        let nan = T::NAN;
        parallel::rows2(&mut out_u, &mut out_v, chunk, |row, u, v| {
            let turns = turn.as_ref().map(|turn| turn.get(row * chunk..).unwrap_or_default());
            for (k, (u, v)) in u.iter_mut().zip(v).enumerate() {
                let (a, b) = (u.wide(), v.wide());
                if a.is_nan() || b.is_nan() {
                    (*u, *v) = (nan, nan);
                } else if let Some([cos, sin]) = turns.and_then(|t| t.get(k)) {
                    *u = T::of(a * cos - b * sin);
                    *v = T::of(a * sin + b * cos);
                }
            }
        });
        self.mask_target(&mut out_u);
        self.mask_target(&mut out_v);
        Ok((out_u, out_v))
    }

    /// Whether components are turned to true east and north before they are mixed: those of a cell may belong to several
    /// sub-grids, and the middle of a cell may lie where the source has no directions.
    fn by_earth(&self) -> bool {
        let mean = match &self.plan.places {
            Places::Matrix(..) => true,
            Places::Bins(_, statistic) => *statistic == Statistic::Average,
            _ => false,
        };
        mean && !matches!(self.source.geometry(), Geometry::Structured(_))
    }

    /// By which angle winds turn; `None` where they do not anywhere.
    fn turns(&self) -> Result<Option<Turn>> {
        if !self.by_earth()
            && let Target::Grid(target) = &self.target
            && same_directions(&self.source, target)
        {
            return Ok(None);
        }
        let points;
        let (lat, lon) = match &self.target {
            Target::Points(lat, lon) => (lat, lon),
            Target::Grid(grid) => {
                points = grid.points();
                (&points.0, &points.1)
            }
        };
        let mut turn = self.source_turn(lat, lon)?;
        if let Target::Grid(target) = &self.target {
            let turns = target.turns()?;
            if !turns.is_identity() {
                // To the sphere by (cos, sin), from it by the opposite of (a, b).
                for (n, turn) in turn.get_or_insert_with(|| vec![[1.0, 0.0]; lat.len()]).iter_mut().enumerate() {
                    let [cos, sin] = *turn;
                    let (a, b) = turns.get(n).unwrap_or((f64::NAN, f64::NAN));
                    *turn = [cos * a + sin * b, sin * a - cos * b];
                }
            }
        }
        Ok(turn)
    }

    /// Cosine and sine of the angle from true east to the x of the source, at points; of the sub-grid that each lies in.
    fn source_turn(&self, lat: &[f64], lon: &[f64]) -> Result<Option<Turn>> {
        if self.by_earth() {
            return Ok(None);
        }
        if let (Geometry::YinYang(pair), Places::Each { part, .. }) = (self.source.geometry(), &self.plan.places) {
            let rotations = [pair.yin_rotation(), pair.yang_rotation()];
            let turn = lat.iter().zip(lon).zip(part).map(|((lat, lon), part)| {
                let (cos, sin) = rotations[usize::from(*part != 0)].turn(*lat, *lon);
                [cos, sin]
            });
            return Ok(Some(turn.collect()));
        }
        // A statistic of components is no wind, nor are those of two sub-grids together.
        let mixed = match &self.plan.places {
            Places::Bins(_, statistic) => *statistic != Statistic::Average,
            Places::Each { .. } => false,
            _ => matches!(self.source.geometry(), Geometry::YinYang(_)),
        };
        if mixed {
            let letter = char::from(self.source.letter());
            return Err(Error::Unsupported { letter, what: "winds that this method can join" });
        }
        let turns = self.source.turns_at(lat, lon)?;
        if turns.is_identity() {
            return Ok(None);
        }
        Ok(Some((0..lat.len()).map(|n| turns.get(n).map_or([f64::NAN; 2], |(cos, sin)| [cos, sin])).collect()))
    }
}

/// Whether columns and rows have the same directions in both grids, wherever they are.
fn same_directions(source: &Grid, target: &Grid) -> bool {
    match (source.geometry(), target.geometry()) {
        (Geometry::Structured(source), Geometry::Structured(target)) => source.projection() == target.projection(),
        _ => source.same(target),
    }
}

impl Plan {
    fn vectors<T: Real>(&self, u: &[T], v: &[T], out_u: &mut [T], out_v: &mut [T]) -> Result<()> {
        let outside = match self.extrapolation {
            Extrapolation::Maximum | Extrapolation::Minimum | Extrapolation::Value(_) => 0.0,
            _ => f64::NAN,
        };
        if self.listed(u, outside, out_u)? {
            self.listed(v, outside, out_v)?;
            return Ok(());
        }
        let mut own = (Vec::new(), Vec::new());
        for part in &self.parts {
            let (own_u, own_v) = poles::winds(&part.layout, part_of(part, u), part_of(part, v));
            own.0.push(own_u);
            own.1.push(own_v);
        }
        self.run(u, &own.0, outside, out_u);
        self.run(v, &own.1, outside, out_v);
        Ok(())
    }
}
