//! How fields come from their grids to that of the output, found once for each grid.

use std::sync::Arc;

use rpnfst::{
    geo::{Geometry, Grid, GridError},
    grids::{
        interp::Missing,
        regrid::{self as way, Extrapolation, Matrix, Method, Normalize, Options, SkipMissing, Statistic},
    },
};

use super::weights::{Saved, Weights};
use crate::{
    args::{NearMissing, Regrid, RegridMethod},
    report::{Result as Done, Stop},
};

/// Grids of sources whose ways are kept: those of staggered fields and masks are few.
const KEPT: usize = 8;

/// A way from one grid to another.
pub(super) type Way = way::Regrid;

/// The method of the library, for reals.
fn method(method: RegridMethod) -> Method {
    Method::Statistic(match method {
        RegridMethod::Nearest => return Method::Nearest,
        RegridMethod::Linear => return Method::Linear,
        RegridMethod::Cubic => return Method::Cubic,
        RegridMethod::Conservative => return Method::Conservative(Normalize::FracArea),
        RegridMethod::Average => Statistic::Average,
        RegridMethod::Sum => Statistic::Sum,
        RegridMethod::Minimum => Statistic::Minimum,
        RegridMethod::Maximum => Statistic::Maximum,
        RegridMethod::Variance => Statistic::Variance,
        RegridMethod::Count => Statistic::Count,
    })
}

/// Refuses what cells cannot have outside of a grid.
pub(super) fn check(args: &Regrid) -> Done {
    use Extrapolation::{Maximum, Minimum, Missing, Value};
    match (method(args.method), args.extrapolate) {
        (_, Missing) | (Method::Conservative(_), Maximum | Minimum | Value(_)) => Ok(()),
        (Method::Conservative(_), _) => Err(Stop::message(
            "--extrapolate: means over cells have no value outside of a grid but missing, minimum, maximum or value=X",
        )),
        (Method::Statistic(_), _) => {
            Err(Stop::message("--extrapolate: a statistic of the points in a cell has nothing to take outside of them"))
        }
        _ => Ok(()),
    }
}

/// The ways that were found.
pub(super) struct Plans<'a> {
    args: &'a Regrid,
    target: &'a Grid,
    weights: Option<Weights>,
    kept: Vec<(Grid, bool, Result<Arc<Way>, String>)>,
    /// The first grid, and whether there are others.
    first: Option<Grid>,
    several: bool,
}

impl<'a> Plans<'a> {
    pub(super) fn new(args: &'a Regrid, target: &'a Grid, weights: Option<Weights>) -> Self {
        Self { args, target, weights, kept: Vec::new(), first: None, several: false }
    }

    /// Whether fields are on several grids, each of which has weights of its own.
    pub(super) fn has_several(&self) -> bool {
        self.several
    }

    /// Writes the weights of the grid that all fields are on; `false`: there are none.
    pub(super) fn save(&mut self, saved: Saved<'_>) -> Done<bool> {
        let Some(source) = self.first.clone() else { return Ok(false) };
        if matches!(method(self.args.method), Method::Statistic(_)) {
            return Ok(false);
        }
        let way = self.of(&source, false).map_err(|e| Stop::message(format!("--save-weights: {e}")))?;
        saved.write(&way.matrix(), &source, self.target)?;
        Ok(true)
    }

    pub(super) fn target_len(&self) -> usize {
        self.target.len()
    }

    /// The way of a grid; of integers, which are not mixed (`whole`), from the nearest point.
    pub(super) fn of(&mut self, grid: &Grid, whole: bool) -> Result<Arc<Way>, String> {
        self.several |= !is_same(self.first.get_or_insert_with(|| grid.clone()), grid);
        if let Some((.., way)) = self.kept.iter().find(|(of, kind, _)| *kind == whole && is_same(of, grid)) {
            return way.clone();
        }
        let way = match &self.weights {
            Some(_) if !whole && self.several => {
                Err("on another grid than the field that --weights was used for".into())
            }
            Some(weights) if !whole => weights.matrix(grid, self.target).and_then(|m| self.given(grid, m)),
            _ => self.make(grid, whole).map_err(|e| e.to_string()),
        };
        let way = way.map(Arc::new);
        if self.kept.len() >= KEPT {
            drop(self.kept.remove(0));
        }
        self.kept.push((grid.clone(), whole, way.clone()));
        way
    }

    /// With weights of a file.
    fn given(&self, source: &Grid, matrix: Matrix) -> Result<Way, String> {
        let is_conservative = matches!(method(self.args.method), Method::Conservative(_));
        let skip = match self.args.near_missing {
            NearMissing::Any => SkipMissing::Never,
            NearMissing::All => SkipMissing::Above(1.0),
            NearMissing::Nearest if is_conservative => SkipMissing::Above(0.5),
            NearMissing::Nearest => SkipMissing::IfLargest,
        };
        let options = Options::default().extrapolate(self.args.extrapolate).skip(skip);
        way::Regrid::from_matrix(source, self.target, matrix, &options).map_err(|e| e.to_string())
    }

    /// Whether UU and VV are a wind, which turns: counts and extremes of components are none.
    pub(super) fn turns(&self, whole: bool) -> bool {
        whole || !matches!(method(self.args.method), Method::Statistic(statistic) if statistic != Statistic::Average)
    }

    fn make(&self, source: &Grid, whole: bool) -> Result<Way, GridError> {
        let method = if whole { Method::Nearest } else { method(self.args.method) };
        let method = match (source.geometry(), method) {
            (_, Method::Conservative(_) | Method::Statistic(_)) => method,
            // Points without neighbours have no lines between them, and triangles no cubics.
            (Geometry::Cloud(_), _) => Method::Nearest,
            (Geometry::Mesh(_), Method::Cubic) => Method::Linear,
            _ => method,
        };
        let (missing, skip) = match self.args.near_missing {
            NearMissing::Nearest => (Missing::IfNearest, SkipMissing::Above(0.5)),
            NearMissing::Any => (Missing::IfAny, SkipMissing::Never),
            NearMissing::All => (Missing::IfAll, SkipMissing::Above(1.0)),
        };
        let options = Options::new(method).extrapolate(self.args.extrapolate).missing(missing).skip(skip);
        way::Regrid::new(source, self.target, &options)
    }
}

/// Whether two grids have the same points: those of the files of one run have.
fn is_same(a: &Grid, b: &Grid) -> bool {
    if a.same(b) {
        return true;
    }
    (a.letter(), a.ni(), a.nj()) == (b.letter(), b.ni(), b.nj())
        && match (a.geometry(), b.geometry()) {
            (Geometry::Structured(a), Geometry::Structured(b)) => a == b,
            (Geometry::YinYang(a), Geometry::YinYang(b)) => a == b,
            (Geometry::Cloud(a), Geometry::Cloud(b)) => a.lat() == b.lat() && a.lon() == b.lon(),
            (Geometry::Curvilinear(a), Geometry::Curvilinear(b)) => a.lat() == b.lat() && a.lon() == b.lon(),
            _ => false,
        }
}
