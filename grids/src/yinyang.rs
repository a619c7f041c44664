//! The Yin-Yang grid, U: two rotated sub-grids that cover the globe together.

use crate::{
    descriptor,
    error::{Error, Result},
    parallel,
    projection::{Projection, Rotation},
    structured::{CHUNK, Structured, Vectors},
};

/// Two Z grids on rotated spheres; rows 1 to `nj` of the first and `nj + 1` onwards of the second are the rows of one grid.
///
/// ```
/// use rpnfst_grids::{Geometry, Grid};
/// # fn main() -> Result<(), rpnfst_grids::Error> {
/// let grid = Grid::yin_yang_of(15, 2.0, [10.0, 200.0, 20.0, 290.0])?;
/// let Geometry::YinYang(pair) = grid.geometry() else { unreachable!() };
/// assert_eq!((pair.yin().ni(), pair.yin().nj(), grid.nj()), (43, 15, 30));
/// assert_eq!(pair.yang_rotation().angles(), [-10.0, 20.0, 67.975, 84.15]);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct YinYang {
    grids: Box<[Structured; 2]>,
}

/// Numbers before the first sub-grid of a `^>` record.
const HEAD: usize = 5;
/// Numbers of a sub-grid before its axes.
const BLOCK: usize = 10;

impl YinYang {
    /// The grid that the numbers of a `^>` record describe. Rotations are rounded to 1/40 degree, as every reader does.
    pub(crate) fn parse(numbers: &[f64]) -> Result<Self> {
        let invalid = |reason: &str| Error::Invalid { what: "the record of sub-grids", reason: reason.to_owned() };
        let [kind, version, count, _, _, blocks @ ..] = numbers else { return Err(invalid("fewer than 5 numbers")) };
        if whole(*kind) != Some(70) || whole(*version) != Some(1) {
            return Err(invalid("not version 1 of type F"));
        }
        if whole(*count) != Some(2) {
            return Err(invalid("other than 2 sub-grids"));
        }
        let mut rest = blocks;
        let mut grids = Vec::new();
        for _ in 0..2 {
            let [ni, nj, _, _, _, _, lat1, lon1, lat2, lon2, axes @ ..] = rest else {
                return Err(invalid("it ends within a sub-grid"));
            };
            let size = |size: f64| whole(size).filter(|size| *size >= 2).ok_or_else(|| invalid("a size of a sub-grid"));
            let (ni, nj) = (size(*ni)?, size(*nj)?);
            if ni.saturating_add(nj) > axes.len() {
                return Err(invalid("its axes are cut"));
            }
            let (ax, axes) = axes.split_at(ni);
            let (ay, after) = axes.split_at(nj);
            let ig = descriptor::encode(b'E', [*lat1, *lon1, *lat2, *lon2])?;
            grids.push(Structured::from_axes(b'Z', b'E', ig, ax.to_vec(), ay.to_vec())?);
            rest = after;
        }
        let [yin, yang] = <[Structured; 2]>::try_from(grids).map_err(|_| invalid("other than 2 sub-grids"))?;
        if yin.ni() != yang.ni() {
            return Err(invalid("sub-grids of different width"));
        }
        Ok(Self { grids: Box::new([yin, yang]) })
    }

    /// The numbers of the `^>` record of a grid of `rows` rows over 90 degrees, `overlap` degrees more on each side, and a rotation of
    /// the first sub-grid.
    ///
    /// # Errors
    /// The rotation is none, or there are fewer than 2 rows.
    pub fn numbers(rows: usize, overlap: f64, rotation: [f64; 4]) -> Result<Vec<f64>> {
        if !(2..=1_000_000).contains(&rows) || overlap.is_nan() || !(0.0..45.0).contains(&overlap) {
            return Err(Error::Invalid { what: "a Yin-Yang grid", reason: format!("{rows} rows, overlap {overlap}") });
        }
        let columns = 3 * (rows - 1) + 1;
        let spread = |from: f64, to: f64, count: usize| -> Vec<f64> {
            (0..count).map(|at| from + (to - from) * at as f64 / (count - 1) as f64).collect()
        };
        let ax = spread(45.0 - 3.0 * overlap, 315.0 + 3.0 * overlap, columns);
        let ay = spread(-45.0 - overlap, 45.0 + overlap, rows);
        let yin = Rotation::new(rotation)?;
        let ((lat1, lon1), (lat2, lon2)) = (yin.inverse(0.0, 0.0), yin.inverse(90.0, 0.0));
        let mut numbers = vec![70.0, 1.0, 2.0, 1.0, 1.0];
        for [lat1, lon1, lat2, lon2] in [rotation, [lat1, lon1, lat2, lon2]] {
            numbers.extend([columns as f64, rows as f64]);
            for axis in [&ax, &ay] {
                numbers.extend([axis.first().copied().unwrap_or(0.0), axis.last().copied().unwrap_or(0.0)]);
            }
            numbers.extend([lat1, lon1, lat2, lon2]);
            numbers.extend(ax.iter().chain(&ay));
        }
        debug_assert_eq!(numbers.len(), HEAD + 2 * (BLOCK + columns + rows));
        Ok(numbers)
    }

    /// Both sub-grids, Yin first.
    pub fn grids(&self) -> &[Structured; 2] {
        &self.grids
    }

    /// The first sub-grid.
    pub fn yin(&self) -> &Structured {
        &self.grids[0]
    }

    /// The second sub-grid.
    pub fn yang(&self) -> &Structured {
        &self.grids[1]
    }

    /// The rotation of the first sub-grid.
    pub fn yin_rotation(&self) -> Rotation {
        Self::rotation(self.yin())
    }

    /// The rotation of the second sub-grid.
    pub fn yang_rotation(&self) -> Rotation {
        Self::rotation(self.yang())
    }

    fn rotation(grid: &Structured) -> Rotation {
        match grid.projection() {
            Projection::Rotated(rotation) => *rotation,
            _ => Rotation::IDENTITY,
        }
    }

    /// Columns.
    pub fn ni(&self) -> usize {
        self.yin().ni()
    }

    /// Rows of both sub-grids together.
    pub fn nj(&self) -> usize {
        self.yin().nj() + self.yang().nj()
    }

    /// The sub-grid of a row, 0 or 1, and the row in it.
    pub fn row(&self, y: f64) -> (usize, f64) {
        let nj = self.yin().nj() as f64;
        if y > nj { (1, y - nj) } else { (0, y) }
    }

    /// Latitude and longitude of a grid position.
    pub fn point(&self, x: f64, y: f64) -> (f64, f64) {
        match self.row(y) {
            (0, y) => self.yin().point(x, y),
            (_, y) => self.yang().point(x, y),
        }
    }

    /// Grid position of a latitude and a longitude: in the core of Yin (45 to 315, -45 to 45 degrees) if it is there, else in Yang.
    pub fn locate(&self, lat: f64, lon: f64) -> Option<(f64, f64)> {
        let (rlat, rlon) = self.yin_rotation().forward(lat, lon);
        let yin = self.yin().position(rlon, rlat);
        let yang = self.yang().locate(lat, lon)?;
        Some(self.choose(core(rlat, rlon), yin, yang))
    }

    /// The position of a point that has one in each sub-grid.
    fn choose(&self, in_core: bool, yin: (f64, f64), yang: (f64, f64)) -> (f64, f64) {
        if in_core || (!inside(self.yang(), yang) && inside(self.yin(), yin)) {
            yin
        } else {
            (yang.0, yang.1 + self.yin().nj() as f64)
        }
    }

    /// Latitudes and longitudes of all points, columns fastest.
    pub(crate) fn points(&self, lat: &mut [f64], lon: &mut [f64]) {
        let points = (self.ni() * self.yin().nj()).min(lat.len()).min(lon.len());
        let ((yin_lat, yang_lat), (yin_lon, yang_lon)) = (lat.split_at_mut(points), lon.split_at_mut(points));
        self.yin().points(yin_lat, yin_lon);
        self.yang().points(yang_lat, yang_lon);
    }

    /// The turns of x at all points, columns fastest: cosines and sines.
    pub(crate) fn turns(&self, cos: &mut [f64], sin: &mut [f64]) {
        let points = (self.ni() * self.yin().nj()).min(cos.len()).min(sin.len());
        let ((yin_cos, yang_cos), (yin_sin, yang_sin)) = (cos.split_at_mut(points), sin.split_at_mut(points));
        self.yin().turns(yin_cos, yin_sin);
        self.yang().turns(yang_cos, yang_sin);
    }

    /// [`locate`](Self::locate) of whole slices of one length; NaN for what has no position.
    pub(crate) fn locate_all(&self, lat: &[f64], lon: &[f64], x: &mut [f64], y: &mut [f64]) {
        parallel::rows2(x, y, CHUNK, |chunk, x, y| {
            let range = chunk * CHUNK..chunk * CHUNK + x.len();
            let (lat, lon) = (lat.get(range.clone()).unwrap_or_default(), lon.get(range).unwrap_or_default());
            let mut vectors = Vectors::new();
            vectors.set(lat, lon);
            self.locate_vectors(&vectors, x, y);
        });
    }

    /// Positions of all points of another grid, columns of the other fastest.
    pub(crate) fn locate_grid(&self, target: &Structured) -> (Vec<f64>, Vec<f64>) {
        let points = target.ni() * target.nj();
        let (mut x, mut y) = (vec![0.0; points], vec![0.0; points]);
        let Some(columns) = target.columns(&target.ax_values()) else {
            let (mut lat, mut lon) = (vec![0.0; points], vec![0.0; points]);
            target.points(&mut lat, &mut lon);
            self.locate_all(&lat, &lon, &mut x, &mut y);
            return (x, y);
        };
        parallel::rows2(&mut x, &mut y, target.ni(), |row, x, y| {
            let mut vectors = Vectors::new();
            for (at, (x, y)) in x.chunks_mut(CHUNK).zip(y.chunks_mut(CHUNK)).enumerate() {
                target.row_vectors(&columns, target.row_value(row), at * CHUNK, x.len(), &mut vectors);
                self.locate_vectors(&vectors, x, y);
            }
        });
        (x, y)
    }

    fn locate_vectors(&self, vectors: &Vectors, x: &mut [f64], y: &mut [f64]) {
        let (mut xs, mut ys) = ([0.0; CHUNK], [0.0; CHUNK]);
        self.yin().locate_vectors(vectors, &mut xs, &mut ys);
        self.yang().locate_vectors(vectors, x, y);
        for (((x, y), yin_x), yin_y) in x.iter_mut().zip(y).zip(xs).zip(ys) {
            let (rlon, rlat) = self.yin().plane(yin_x, yin_y);
            (*x, *y) = self.choose(core(rlat, rlon), (yin_x, yin_y), (*x, *y));
        }
    }
}

/// Whether a rotated position lies in the core of a sub-grid.
fn core(rlat: f64, rlon: f64) -> bool {
    (45.0..=315.0).contains(&rlon) && (-45.0..=45.0).contains(&rlat)
}

/// Whether a position lies between the outermost points of a sub-grid.
fn inside(grid: &Structured, (x, y): (f64, f64)) -> bool {
    (1.0..=grid.ni() as f64).contains(&x) && (1.0..=grid.nj() as f64).contains(&y)
}

/// A whole number that fits a size.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole and within bounds")]
fn whole(value: f64) -> Option<usize> {
    (value.fract() == 0.0 && (0.0..=4e9).contains(&value)).then_some(value as usize)
}
