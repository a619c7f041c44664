//! Values of a field between its points: what [`Regrid`](crate::regrid::Regrid) does at each point of its target.

mod cells;
pub(crate) mod kernel;
pub(crate) mod layout;
pub(crate) mod line;
mod missing;
pub(crate) mod poles;
mod shape;
pub(crate) mod stream;

/// How a value between points of one grid is made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) enum Degree {
    /// The value of the nearest point.
    Nearest,
    /// Bilinear, of the four points around.
    #[default]
    Linear,
    /// Cubic Lagrange, of the sixteen points around: exact for cubics in each direction, may overshoot.
    Cubic,
}

/// What a value becomes when points around it have none (NaN, or masked).
///
/// ```
/// use rpnfst_grids::regrid::Missing;
/// assert_eq!(Missing::default(), Missing::IfNearest);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Missing {
    /// Missing if the nearest point is; otherwise of the points that are there.
    #[default]
    IfNearest,
    /// Missing if any point with a weight is.
    IfAny,
    /// Missing if all points with a weight are; otherwise of the points that are there.
    IfAll,
}

#[cfg(test)]
#[allow(clippy::indexing_slicing, clippy::float_cmp, reason = "a failed test")]
mod tests;
