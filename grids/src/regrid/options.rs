//! What may be asked of a regridding.

use std::sync::Arc;

use super::{Normalize, SkipMissing, Statistic};
use crate::interp::{Degree, Missing};
use crate::{Error, Result};

/// How the values of the target are made.
///
/// ```
/// use rpnfst_grids::regrid::Method;
/// assert_eq!(Method::default(), Method::Linear);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Method {
    /// The nearest point of the source.
    Nearest,
    /// Bilinear; on a mesh, linear in each triangle.
    #[default]
    Linear,
    /// Cubic Lagrange: sixteen points.
    Cubic,
    /// For clouds of points: the (up to) sixteen nearest, weighted with the inverse square of their distance in degrees,
    /// as ezscint does.
    InverseDistance,
    /// The mean over the part of the source that each cell of the target covers, in proportion to the areas shared: see
    /// [`conservative`](super::conservative()).
    Conservative(Normalize),
    /// A statistic of the points of the source that lie in each cell of the target: see [`Bins`](super::Bins).
    Statistic(Statistic),
}

impl Method {
    /// The degree between points of a structured grid.
    pub(crate) fn degree(self) -> Option<Degree> {
        match self {
            Self::Nearest => Some(Degree::Nearest),
            Self::Linear => Some(Degree::Linear),
            Self::Cubic => Some(Degree::Cubic),
            _ => None,
        }
    }
}

/// What a point more than half a cell outside a regional source becomes. For winds, the first three of ezscint
/// (`Maximum`, `Minimum`, `Value`) give 0.
///
/// A source without columns and rows on a plane has no formula to go on with outside of it: of curvilinear grids, meshes and
/// clouds of points (O, M, Y), which all know the nearest point, `Linear` and `Cubic` are errors once a point lies outside, and
/// so is `Neutral` when the method is one of these.
///
/// ```
/// use rpnfst_grids::regrid::Extrapolation;
/// assert_eq!(Extrapolation::default(), Extrapolation::Missing);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[non_exhaustive]
pub enum Extrapolation {
    /// NaN.
    #[default]
    Missing,
    /// The largest value of the source, and 5 % of its range more.
    Maximum,
    /// The smallest value of the source, and 5 % of its range less.
    Minimum,
    /// A value of the caller.
    Value(f64),
    /// The value at the nearest edge.
    Nearest,
    /// The bilinear formula of the outer cell.
    Linear,
    /// The cubic formula of the outer cells.
    Cubic,
    /// The formula of the method itself.
    Neutral,
    /// An error when the regridding is made.
    Abort,
}

impl Extrapolation {
    /// Whether a source that has no formula outside of it gives its nearest point there; if not, what points outside become
    /// does not depend on where they are.
    pub(crate) fn nearest_point(self, degree: Degree, letter: u8) -> Result<bool> {
        match (self, degree) {
            (Self::Nearest, _) | (Self::Neutral, Degree::Nearest) => Ok(true),
            (Self::Linear | Self::Cubic | Self::Neutral, _) => {
                let what = "linear or cubic formula for points outside of it";
                Err(Error::Unsupported { letter: char::from(letter), what })
            }
            _ => Ok(false),
        }
    }
}

/// What is asked of a regridding.
///
/// ```
/// use rpnfst_grids::regrid::{Extrapolation, Method, Missing, Options};
///
/// let options = Options::new(Method::Cubic).extrapolate(Extrapolation::Nearest).missing(Missing::IfAny);
/// assert_eq!(options.method, Method::Cubic);
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Options {
    /// How values are made.
    pub method: Method,
    /// What points outside the source become. Of [`Method::Conservative`], cells that meet no cell of the source take
    /// `Maximum`, `Minimum` and `Value` and are missing otherwise; of [`Method::Statistic`] they are always.
    pub extrapolation: Extrapolation,
    /// What points next to missing ones become.
    pub missing: Missing,
    /// What cells become of which some of the source is missing, for [`Method::Conservative`] and weights of the caller.
    pub skip: SkipMissing,
    /// Points of the source that count (`true`) or are missing in every field, ni fastest.
    pub source_mask: Option<Arc<[bool]>>,
    /// Points of the target that are wanted (`true`) or stay missing, ni fastest.
    pub target_mask: Option<Arc<[bool]>>,
}

impl Options {
    /// A method, with the defaults for everything else.
    pub fn new(method: Method) -> Self {
        Self { method, ..Self::default() }
    }

    /// Says what points outside the source become.
    #[must_use]
    pub fn extrapolate(mut self, extrapolation: Extrapolation) -> Self {
        self.extrapolation = extrapolation;
        self
    }

    /// Says what points next to missing ones become.
    #[must_use]
    pub fn missing(mut self, missing: Missing) -> Self {
        self.missing = missing;
        self
    }

    /// Says what cells become of which some of the source is missing.
    #[must_use]
    pub fn skip(mut self, skip: SkipMissing) -> Self {
        self.skip = skip;
        self
    }

    /// Says which points of the source count.
    #[must_use]
    pub fn source_mask(mut self, mask: impl Into<Arc<[bool]>>) -> Self {
        self.source_mask = Some(mask.into());
        self
    }

    /// Says which points of the target are wanted.
    #[must_use]
    pub fn target_mask(mut self, mask: impl Into<Arc<[bool]>>) -> Self {
        self.target_mask = Some(mask.into());
        self
    }
}
