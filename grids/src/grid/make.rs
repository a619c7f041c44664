//! How grids of each type are made.

use std::sync::Arc;

use super::{Grid, Shared};
use crate::{
    cloud::Cloud,
    cubed::CubedSphere,
    curvilinear::Curvilinear,
    error::{Error, Result},
    geometry::check_size,
    kinds::Geometry,
    mesh::Mesh,
    projection::{LambertEntry, Wkt},
    radar::{Radar, Station},
    structured::Structured,
    yinyang::YinYang,
};

impl Grid {
    fn of(letter: u8, ni: usize, nj: usize, geometry: Geometry) -> Self {
        Self { shared: Arc::new(Shared { letter, ni, nj, geometry }) }
    }

    fn structured(grid: Structured) -> Self {
        Self::of(grid.letter(), grid.ni(), grid.nj(), Geometry::Structured(grid))
    }

    /// A grid that its descriptor describes alone: A, B, C, E, G, L, N, Q, R, S and +; F, H, T, V and X have no positions.
    ///
    /// # Errors
    /// The letter is none, or needs axes, arrays or a table; the words or the size do not make a grid.
    pub fn new(letter: u8, ni: usize, nj: usize, ig: [u32; 4]) -> Result<Self> {
        let geometry = match letter {
            b'A' | b'B' | b'C' | b'E' | b'G' | b'L' | b'N' | b'S' => {
                Geometry::Structured(Structured::described(letter, ni, nj, ig)?)
            }
            b'Q' => Geometry::CubedSphere(CubedSphere::new(ni, nj, ig)?),
            b'R' => Geometry::Radar(Radar::new(ni, nj, ig)?),
            b'+' => Geometry::Station(Station::new(ni, nj, ig)?),
            b'F' | b'H' | b'T' | b'V' | b'X' | b' ' => {
                check_size(letter, ni, nj)?;
                Geometry::None
            }
            b'Z' | b'#' => return Err(needs(letter, "axes")),
            b'Y' | b'O' => return Err(needs(letter, "arrays of latitudes and longitudes")),
            b'M' => return Err(needs(letter, "nodes and triangles")),
            b'U' => return Err(needs(letter, "sub-grids")),
            b'W' => return Err(needs(letter, "a projection as text")),
            b'!' => return Err(needs(letter, "an entry of a table of projections")),
            _ => return Err(Error::Letter { letter: char::from(letter) }),
        };
        Ok(Self::of(letter, ni, nj, geometry))
    }

    /// A Z grid: the product of two axes on a reference grid of letter E, L, N or S with descriptor `reference_ig`.
    ///
    /// Axes are in degrees (E, L) or grid lengths (N, S). `letter` is Z or #, of which the axes are those of the tile.
    ///
    /// # Errors
    /// The reference is none, or an axis is empty, not finite or not strictly increasing or decreasing.
    ///
    /// ```
    /// use rpnfst_grids::Grid;
    /// # fn main() -> Result<(), rpnfst_grids::Error> {
    /// let grid = Grid::from_axes(b'Z', b'L', [100, 100, 9000, 0], vec![0.0, 1.0, 3.0], vec![40.0, 41.0])?;
    /// assert_eq!(grid.point(2.5, 1.0), (40.0, 2.0));
    /// # Ok(())
    /// # }
    /// ```
    pub fn from_axes(
        letter: u8,
        reference_letter: u8,
        reference_ig: [u32; 4],
        ax: Vec<f64>,
        ay: Vec<f64>,
    ) -> Result<Self> {
        if !matches!(letter, b'Z' | b'#') {
            return Err(Error::Unsupported { letter: char::from(letter), what: "axes" });
        }
        Structured::from_axes(letter, reference_letter, reference_ig, ax, ay).map(Self::structured)
    }

    /// A tile #: `ni` columns from column `first.0` and `nj` rows from row `first.1`, both from 1, of a Z grid with these axes.
    ///
    /// # Errors
    /// As [`from_axes`](Self::from_axes), or the tile does not lie on the axes.
    ///
    /// ```
    /// use rpnfst_grids::Grid;
    /// # fn main() -> Result<(), rpnfst_grids::Error> {
    /// let tile = Grid::tile(b'L', [100, 100, 9000, 0], &[0.0, 1.0, 3.0], &[40.0, 41.0], (2, 1), (2, 2))?;
    /// assert_eq!(tile.point(2.0, 2.0), (41.0, 3.0));
    /// # Ok(())
    /// # }
    /// ```
    pub fn tile(
        reference_letter: u8,
        reference_ig: [u32; 4],
        ax: &[f64],
        ay: &[f64],
        first: (usize, usize),
        (ni, nj): (usize, usize),
    ) -> Result<Self> {
        let part = |axis: &[f64], first: usize, count: usize| {
            let begin = first.checked_sub(1)?;
            axis.get(begin..begin.checked_add(count)?).map(<[f64]>::to_vec)
        };
        let (Some(ax), Some(ay)) = (part(ax, first.0, ni), part(ay, first.1, nj)) else {
            return Err(Error::Size { letter: '#', ni, nj, reason: "the tile does not lie on its axes" });
        };
        Self::from_axes(b'#', reference_letter, reference_ig, ax, ay)
    }

    /// A U grid, from the numbers of its `^>` record.
    ///
    /// # Errors
    /// The numbers do not describe two sub-grids.
    pub fn yin_yang(numbers: &[f64]) -> Result<Self> {
        let pair = YinYang::parse(numbers)?;
        Ok(Self::of(b'U', pair.ni(), pair.nj(), Geometry::YinYang(pair)))
    }

    /// A U grid of `rows` rows over 90 degrees in each half, `overlap` degrees more on each side, and the rotation of the first half.
    ///
    /// # Errors
    /// The rotation is none, or there are fewer than 2 rows.
    pub fn yin_yang_of(rows: usize, overlap: f64, rotation: [f64; 4]) -> Result<Self> {
        Self::yin_yang(&YinYang::numbers(rows, overlap, rotation)?)
    }

    /// An O grid: positions of all points in degrees, columns fastest.
    ///
    /// # Errors
    /// The arrays do not have `ni * nj` values that are positions.
    pub fn curvilinear(ni: usize, nj: usize, lon: Vec<f64>, lat: Vec<f64>) -> Result<Self> {
        check_size(b'O', ni, nj)?;
        Ok(Self::of(b'O', ni, nj, Geometry::Curvilinear(Curvilinear::new(ni, nj, lon, lat)?)))
    }

    /// A Y grid: points anywhere, in degrees; the shape `ni` by `nj` only arranges them.
    ///
    /// # Errors
    /// The arrays do not have `ni * nj` values that are positions.
    pub fn cloud(ni: usize, nj: usize, lon: Vec<f64>, lat: Vec<f64>) -> Result<Self> {
        check_size(b'Y', ni, nj)?;
        Ok(Self::of(b'Y', ni, nj, Geometry::Cloud(Cloud::new(ni, nj, lon, lat)?)))
    }

    /// An M grid: positions of nodes in degrees and three node numbers, from 0, for each triangle; values are on nodes.
    ///
    /// # Errors
    /// The arrays have different lengths, or a node number is too large.
    pub fn mesh(lon: Vec<f64>, lat: Vec<f64>, triangles: Vec<u32>) -> Result<Self> {
        check_size(b'M', lon.len(), 1)?;
        Ok(Self::of(b'M', lon.len(), 1, Geometry::Mesh(Mesh::new(lon, lat, triangles)?)))
    }

    /// A ! grid, from an entry of a table of Lambert projections.
    ///
    /// # Errors
    /// The entry makes no projection or no grid.
    pub fn lambert(entry: &LambertEntry) -> Result<Self> {
        Structured::lambert(entry).map(Self::structured)
    }

    /// A W grid: its projection is kept, its positions are not known.
    ///
    /// # Errors
    /// The grid has no points.
    pub fn projected(ni: usize, nj: usize, projection: Wkt) -> Result<Self> {
        Structured::projected(ni, nj, projection).map(Self::structured)
    }

    /// A Z grid whose axes count columns and rows of a projection given as text, from 0: it is kept, its positions are not known.
    ///
    /// # Errors
    /// An axis is empty, not finite or not strictly increasing or decreasing.
    pub fn projected_axes(ax: Vec<f64>, ay: Vec<f64>, projection: Wkt) -> Result<Self> {
        Structured::projected_axes(ax, ay, projection).map(Self::structured)
    }
}

fn needs(letter: u8, what: &'static str) -> Error {
    Error::NeedsMore { letter: char::from(letter), what }
}
