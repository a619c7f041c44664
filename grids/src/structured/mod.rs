//! Grids of columns and rows on the plane of a projection: A, B, C, E, G, L, N, S, Z, # and !.

mod build;
mod rows;

pub(crate) use self::rows::{CHUNK, Vectors};
use crate::{axis::Axis, error::Error, projection::Projection};

/// Whether the columns of a grid go round the globe.
///
/// ```
/// use rpnfst_grids::{Geometry, Grid, Wrap};
/// # fn main() -> Result<(), rpnfst_grids::Error> {
/// let grid = Grid::new(b'B', 361, 181, [0; 4])?;
/// assert!(matches!(grid.geometry(), Geometry::Structured(grid) if grid.wrap() == Wrap::Repeated));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrap {
    /// They do not.
    None,
    /// The last column repeats the first; the period is `ni - 1`.
    Repeated,
    /// The first column follows the last; the period is `ni`.
    Periodic,
}

/// The part of the globe that an A, B or G grid covers.
///
/// ```
/// use rpnfst_grids::{Domain, Geometry, Grid};
/// # fn main() -> Result<(), rpnfst_grids::Error> {
/// let grid = Grid::new(b'A', 8, 4, [1, 0, 0, 0])?;
/// assert!(matches!(grid.geometry(), Geometry::Structured(grid) if grid.domain() == Domain::North));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Domain {
    /// All of it, or what the axes say.
    Global,
    /// The northern hemisphere.
    North,
    /// The southern hemisphere.
    South,
}

/// A grid whose points are all pairs of two axes on the plane of a projection.
///
/// ```
/// use rpnfst_grids::{Geometry, Grid};
/// # fn main() -> Result<(), rpnfst_grids::Error> {
/// let grid = Grid::new(b'L', 4, 3, [100, 100, 9000, 0])?;
/// let Geometry::Structured(grid) = grid.geometry() else { unreachable!() };
/// assert_eq!(grid.ax().values(), [0.0, 1.0, 2.0, 3.0]);
/// assert_eq!((grid.ni(), grid.nj()), (4, 3));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Structured {
    letter: u8,
    /// The letter and the words that describe the projection.
    reference: (u8, [u32; 4]),
    ni: usize,
    nj: usize,
    projection: Projection,
    ax: Axis,
    /// From south to north for A, B, G, whichever row is stored first; G has the latitudes of the whole globe.
    ay: Axis,
    /// Positions of `ay` before that of row 1.
    first_row: usize,
    /// Row 1 is the northernmost one.
    reversed: bool,
    domain: Domain,
    wrap: Wrap,
    branch: Branch,
}

/// Which of the longitudes that differ by whole turns a grid prefers: `lon` (0 to 360) `+ shift`, plus a turn below `low`, minus one
/// beyond `high`.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Branch {
    shift: f64,
    low: f64,
    high: f64,
    /// A turn in the unit of X when a turn may bring X between the ends of the axis, else 0.
    turn: f64,
    /// The ends of the axis.
    ends: (f64, f64),
}

impl Branch {
    const ZERO: Self = Self { shift: 0.0, low: f64::NEG_INFINITY, high: f64::INFINITY, turn: 0.0, ends: (0.0, 0.0) };

    #[inline(always)]
    fn longitude(&self, lon: f64) -> f64 {
        let lon = lon + self.shift;
        let lon = if lon < self.low { lon + 360.0 } else { lon };
        if lon > self.high { lon - 360.0 } else { lon }
    }

    /// X, or X a turn further when only that is on the axis.
    #[inline(always)]
    fn on_axis(&self, x: f64) -> f64 {
        let (low, high) = self.ends;
        // What rounding puts just before the first column is on it.
        let slack = 1e-12 * self.turn;
        let outside = x < low || x > high;
        let (above, below) = (x + self.turn, x - self.turn);
        let x = if outside && below >= low - slack && below <= high + slack { below } else { x };
        if outside && above >= low - slack && above <= high + slack { above } else { x }
    }
}

impl Structured {
    /// The letter of its type.
    pub fn letter(&self) -> u8 {
        self.letter
    }

    /// The letter and the descriptor of what the axes lie on: for Z and # those of the reference grid, for other types their own.
    pub fn reference(&self) -> (u8, [u32; 4]) {
        self.reference
    }

    /// Columns.
    pub fn ni(&self) -> usize {
        self.ni
    }

    /// Rows.
    pub fn nj(&self) -> usize {
        self.nj
    }

    /// The plane of the axes.
    pub fn projection(&self) -> &Projection {
        &self.projection
    }

    /// X of the columns.
    pub fn ax(&self) -> &Axis {
        &self.ax
    }

    /// Y of the rows; of A, B and G from south to north, and of G the whole globe's.
    ///
    /// Row `y` counted from the south has position `y + first_row()` of it.
    pub fn ay(&self) -> &Axis {
        &self.ay
    }

    /// How many positions of [`ay`](Self::ay) lie before the row that is 1 when rows count from the south.
    pub fn first_row(&self) -> usize {
        self.first_row
    }

    /// Whether the first row stored is the northernmost one: row `y` is row `nj + 1 - y` from the south.
    pub fn reversed(&self) -> bool {
        self.reversed
    }

    /// The part of the globe that an A, B or G grid covers.
    pub fn domain(&self) -> Domain {
        self.domain
    }

    /// Whether columns go round the globe.
    pub fn wrap(&self) -> Wrap {
        self.wrap
    }

    /// How many columns a turn has, where columns go round.
    pub fn period(&self) -> Option<usize> {
        match self.wrap {
            Wrap::None => None,
            Wrap::Repeated => Some(self.ni.saturating_sub(1)),
            Wrap::Periodic => Some(self.ni),
        }
    }

    /// Whether the columns or the rows have unequal distances for interpolation: Z, # and G.
    pub fn irregular(&self) -> bool {
        matches!(self.letter, b'Z' | b'#' | b'G')
    }

    /// The plane coordinates (X, Y) of a grid position.
    #[inline]
    pub fn plane(&self, x: f64, y: f64) -> (f64, f64) {
        (self.ax.value(x), self.ay.value(self.south_row(y) + self.first_row as f64))
    }

    /// The grid position of plane coordinates.
    #[inline]
    pub fn position(&self, x: f64, y: f64) -> (f64, f64) {
        let row = self.ay.index(y) - self.first_row as f64;
        (self.ax.index(self.branch.on_axis(x)), self.south_row(row))
    }

    /// A row in stored order as one counted from the south, and back.
    #[inline(always)]
    fn south_row(&self, y: f64) -> f64 {
        if self.reversed { (self.nj + 1) as f64 - y } else { y }
    }

    /// Latitude and longitude of a grid position.
    pub fn point(&self, x: f64, y: f64) -> (f64, f64) {
        let (x, y) = self.plane(x, y);
        self.projection.to_sphere(x, y)
    }

    /// Grid position of a latitude and a longitude; `None` where the plane has none.
    pub fn locate(&self, lat: f64, lon: f64) -> Option<(f64, f64)> {
        let (x, y) = match &self.projection {
            Projection::LatLon { lat0, lon0, dlat, dlon } => {
                ((self.branch.longitude(crate::sphere::mod360(lon)) - lon0) / dlon, (lat - lat0) / dlat)
            }
            other => other.to_plane(lat, lon),
        };
        let (x, y) = self.position(x, y);
        (x.is_finite() && y.is_finite()).then_some((x, y))
    }

    /// Whether the rows come within one row of both poles of the plane, which is in degrees, and the columns go round.
    pub(crate) fn covers(&self) -> bool {
        let near = |y: f64, next: f64, sign: f64| {
            let step = (self.plane(1.0, next).1 - self.plane(1.0, y).1).abs();
            sign * self.latitude(y) + step >= 90.0 - 0.01 * step
        };
        let last = self.nj as f64;
        let upward = if self.handedness_of_rows() { 1.0 } else { -1.0 };
        self.wrap != Wrap::None && self.nj > 1 && near(1.0, 2.0, -upward) && near(last, last - 1.0, upward)
    }

    /// The latitude, true or rotated, of a row of a plane in degrees.
    fn latitude(&self, y: f64) -> f64 {
        let y = self.plane(1.0, y).1;
        if let Projection::LatLon { lat0, dlat, .. } = self.projection { lat0 + dlat * y } else { y }
    }

    /// Whether the latitude of rows grows with their number.
    fn handedness_of_rows(&self) -> bool {
        self.ay.is_increasing() != self.reversed
    }

    /// 1 when x, y and up are right-handed, -1 when they are left-handed.
    pub(crate) fn handedness(&self) -> f64 {
        let reference = match self.projection {
            Projection::LatLon { dlat, dlon, .. } => dlat.signum() * dlon.signum(),
            _ => 1.0,
        };
        let axis = |axis: &Axis| if axis.is_increasing() { 1.0 } else { -1.0 };
        let rows = if self.reversed { -1.0 } else { 1.0 };
        reference * axis(&self.ax) * axis(&self.ay) * rows
    }

    /// The columns and rows as an error says them.
    fn size_error(letter: u8, ni: usize, nj: usize, reason: &'static str) -> Error {
        Error::Size { letter: char::from(letter), ni, nj, reason }
    }
}
