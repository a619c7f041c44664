//! Structured grids from descriptors and axes.

use super::{Branch, Domain, Structured, Wrap};
use crate::{
    axis::Axis,
    descriptor::decode,
    error::{Error, Result},
    gauss::gaussian_latitudes,
    geometry::check_size,
    projection::{Lambert, LambertEntry, PolarStereographic, Projection, Rotation, Wkt},
};

/// Gaussian rows take time that grows with the square of their number; no model has so many.
const MOST_GAUSSIAN_ROWS: usize = 10_000;

/// Near enough: lengths of axes are compared with a hundredth of a step of slack.
const SLACK: f64 = 0.01;

impl Structured {
    /// A grid whose descriptor says all: A, B, C, E, G, L, N or S.
    pub(crate) fn described(letter: u8, ni: usize, nj: usize, ig: [u32; 4]) -> Result<Self> {
        check_size(letter, ni, nj)?;
        match letter {
            b'A' | b'B' | b'G' => Self::global(letter, ni, nj, ig),
            b'L' | b'C' => Self::lat_lon((letter, ig), ni, nj, decode(letter, ig)?),
            b'E' => {
                if ni < 2 {
                    return Err(Self::size_error(
                        letter,
                        ni,
                        nj,
                        "its last column repeats the first: it has at least two",
                    ));
                }
                let (dlon, dlat) = (360.0 / (ni - 1) as f64, 180.0 / nj as f64);
                let ax = Axis::uniform("x", 0.0, dlon, ni)?;
                let ay = Axis::uniform("y", -90.0 + dlat / 2.0, dlat, nj)?;
                let projection = Projection::Rotated(Rotation::new(decode(letter, ig)?)?);
                Ok(Self { wrap: Wrap::Repeated, ..Self::plain((letter, ig), projection, ax, ay) })
            }
            _ => {
                let ax = Axis::uniform("x", 1.0, 1.0, ni)?;
                let ay = Axis::uniform("y", 1.0, 1.0, nj)?;
                Ok(Self::plain((letter, ig), reference(letter, ig)?, ax, ay))
            }
        }
    }

    /// A Z grid, or a tile # of one: two axes on a reference grid E, L, N or S.
    pub(crate) fn from_axes(
        letter: u8,
        reference_letter: u8,
        ig: [u32; 4],
        ax: Vec<f64>,
        ay: Vec<f64>,
    ) -> Result<Self> {
        check_size(letter, ax.len(), ay.len())?;
        let projection = reference(reference_letter, ig)?;
        let (ax, ay) = (Axis::list("x", ax)?, Axis::list("y", ay)?);
        let mut grid = Self { letter, ..Self::plain((reference_letter, ig), projection, ax, ay) };
        let (west, east) = grid.ax.ends();
        if let Some(dlon) = grid.projection.degrees_of_x() {
            grid.branch.ends = (west.min(east), west.max(east));
            grid.branch.turn = 360.0 / dlon;
        }
        match grid.projection {
            Projection::Rotated(_) if east - west >= 359.0 => grid.wrap = Wrap::Repeated,
            Projection::LatLon { .. } => {
                if west < 0.0 {
                    grid.branch.high = 180.0;
                }
                grid.wrap = lat_lon_wrap(&grid.ax, &grid.ay);
            }
            _ => {}
        }
        Ok(grid)
    }

    /// A ! grid.
    pub(crate) fn lambert(entry: &LambertEntry) -> Result<Self> {
        check_size(b'!', entry.ni, entry.nj)?;
        let [first, second] = entry.parallels;
        let plane = Lambert::new(first, second, entry.projection_lat, entry.projection_lon)?;
        let (x, y) = plane.forward(entry.lat11, entry.lon11);
        let ax = Axis::uniform("x", x, entry.dx, entry.ni)?;
        let ay = Axis::uniform("y", y, entry.dy, entry.nj)?;
        if entry.dx <= 0.0 || entry.dy <= 0.0 {
            return Err(Error::descriptor(b'!', "dx", entry.dx.min(entry.dy), "a step is positive"));
        }
        Ok(Self::plain((b'!', [0; 4]), Projection::Lambert(plane), ax, ay))
    }

    /// A W grid: columns and rows of a projection given as text.
    pub(crate) fn projected(ni: usize, nj: usize, projection: Wkt) -> Result<Self> {
        check_size(b'W', ni, nj)?;
        let (ax, ay) = (Axis::uniform("x", 0.0, 1.0, ni)?, Axis::uniform("y", 0.0, 1.0, nj)?);
        Ok(Self::plain((b'W', [0; 4]), Projection::Wkt(projection), ax, ay))
    }

    /// A Z grid on a projection given as text.
    pub(crate) fn projected_axes(ax: Vec<f64>, ay: Vec<f64>, projection: Wkt) -> Result<Self> {
        check_size(b'Z', ax.len(), ay.len())?;
        let (ax, ay) = (Axis::list("x", ax)?, Axis::list("y", ay)?);
        Ok(Self { letter: b'Z', ..Self::plain((b'W', [0; 4]), Projection::Wkt(projection), ax, ay) })
    }

    fn plain(reference: (u8, [u32; 4]), projection: Projection, ax: Axis, ay: Axis) -> Self {
        let letter = reference.0;
        let (ni, nj) = (ax.len(), ay.len());
        let (domain, wrap, branch) = (Domain::Global, Wrap::None, Branch::ZERO);
        Self { letter, reference, ni, nj, projection, ax, ay, first_row: 0, reversed: false, domain, wrap, branch }
    }

    /// A, B and G.
    fn global(letter: u8, ni: usize, nj: usize, ig: [u32; 4]) -> Result<Self> {
        let [domain_word, orientation, ..] = ig;
        let domain = match domain_word {
            0 => Domain::Global,
            1 => Domain::North,
            2 => Domain::South,
            other => {
                return Err(Error::descriptor(
                    letter,
                    "ig1",
                    other.into(),
                    "neither globe (0), north (1) nor south (2)",
                ));
            }
        };
        if orientation > 1 {
            return Err(Error::descriptor(letter, "ig2", orientation.into(), "neither south (0) nor north (1)"));
        }
        let degrees = if domain == Domain::Global { 180.0 } else { 90.0 };
        let south = if domain == Domain::North { 0.0 } else { -90.0 };
        let mut first_row = 0;
        let (columns, ay) = match letter {
            b'A' => {
                let dlat = degrees / nj as f64;
                (ni, Axis::uniform("y", south + dlat / 2.0, dlat, nj)?)
            }
            b'B' => {
                if ni < 2 || nj < 2 {
                    return Err(Self::size_error(
                        letter,
                        ni,
                        nj,
                        "it has points at both ends: at least two columns and rows",
                    ));
                }
                (ni - 1, Axis::uniform("y", south, degrees / (nj - 1) as f64, nj)?)
            }
            _ => {
                let rows = if domain == Domain::Global { nj } else { nj.saturating_mul(2) };
                if rows > MOST_GAUSSIAN_ROWS {
                    return Err(Self::size_error(
                        letter,
                        ni,
                        nj,
                        "more Gaussian rows than the 10,000 that are computed",
                    ));
                }
                if domain == Domain::North {
                    first_row = nj;
                }
                (ni, Axis::list("y", gaussian_latitudes(rows))?)
            }
        };
        let ax = Axis::uniform("x", 0.0, 360.0 / columns as f64, ni)?;
        let wrap = if letter == b'B' { Wrap::Repeated } else { Wrap::Periodic };
        let plain = Self::plain((letter, ig), Projection::DEGREES, ax, ay);
        Ok(Self { nj, first_row, reversed: orientation == 1, domain, wrap, ..plain })
    }

    /// L and C: `lat0, lon0, dlat, dlon` in degrees.
    fn lat_lon(own: (u8, [u32; 4]), ni: usize, nj: usize, [lat0, lon0, dlat, dlon]: [f64; 4]) -> Result<Self> {
        let (ax, ay) = (Axis::uniform("x", lon0, dlon, ni)?, Axis::uniform("y", lat0, dlat, nj)?);
        let wrap = lat_lon_wrap(&ax, &ay);
        let branch =
            Branch { shift: 360.0 * (lon0 / 360.0).floor(), low: lon0, high: lon0 + ni as f64 * dlon, ..Branch::ZERO };
        Ok(Self { wrap, branch, ..Self::plain(own, Projection::DEGREES, ax, ay) })
    }
}

/// The projection of a reference grid: what its columns and rows would be, without end.
fn reference(letter: u8, ig: [u32; 4]) -> Result<Projection> {
    match letter {
        b'E' => Ok(Projection::Rotated(Rotation::new(decode(letter, ig)?)?)),
        b'L' => {
            let [lat0, lon0, dlat, dlon] = decode(letter, ig)?;
            for (name, step) in [("dlat", dlat), ("dlon", dlon)] {
                if step == 0.0 {
                    return Err(Error::descriptor(letter, name, step, "no step"));
                }
            }
            Ok(Projection::LatLon { lat0, lon0, dlat, dlon })
        }
        b'N' | b'S' => {
            let [pi, pj, d60, dgrw] = decode(letter, ig)?;
            Ok(Projection::PolarStereographic(PolarStereographic::new(letter == b'N', pi, pj, d60, dgrw)?))
        }
        _ => Err(Error::Unsupported { letter: char::from(letter), what: "plane for the axes of other grids" }),
    }
}

/// Whether columns in degrees go round the globe; a band that stops before the poles counts as regional.
fn lat_lon_wrap(ax: &Axis, ay: &Axis) -> Wrap {
    let (ni, nj) = (ax.len() as f64, ay.len() as f64);
    if ni < 2.0 || nj < 2.0 {
        return Wrap::None;
    }
    let (first, last) = ay.ends();
    let (first_step, last_step) = (ay.value(2.0) - first, last - ay.value(nj - 1.0));
    // Rows may be listed from north to south.
    let ((south, first), (north, last)) = if ay.is_increasing() {
        ((first, first_step), (last, last_step))
    } else {
        ((last, -last_step), (first, -first_step))
    };
    let (west, east) = ax.ends();
    let step = east - ax.value(ni - 1.0);
    if south - first > -90.0 + SLACK * first || north + last < 90.0 - SLACK * last {
        Wrap::None
    } else if east - west > 360.0 - SLACK * step {
        Wrap::Repeated
    } else if east + step - west > 360.0 - SLACK * step {
        Wrap::Periodic
    } else {
        Wrap::None
    }
}
