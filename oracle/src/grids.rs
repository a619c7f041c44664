//! Positions, winds and interpolation through librmn (`ezscint`), in single precision.
//!
//! A defined grid is never released: librmn finds what it computed for a pair of grids by their numbers, and gives
//! numbers again.

mod interpolation;

use std::ffi::{c_float, c_int};

use crate::error::{OracleError, check};
use crate::library::{Librmn, c_string};

pub use interpolation::{Degree, Extrapolation, Interpolation};

/// What librmn is told of a grid.
#[derive(Clone, Debug, PartialEq)]
pub struct GridSpec {
    /// Letter of the type.
    pub letter: u8,
    /// Columns.
    pub ni: i32,
    /// Rows.
    pub nj: i32,
    /// Descriptors of the grid, or of its reference when there are axes.
    pub ig: [i32; 4],
    /// Axes, or positions of points, of types that are not described by four numbers.
    pub axes: Option<Axes>,
}

/// Axes of a grid on a reference grid.
#[derive(Clone, Debug, PartialEq)]
pub struct Axes {
    /// Letter of the reference.
    pub reference: u8,
    /// Columns, or longitudes of all points.
    pub x: Vec<f32>,
    /// Rows, or latitudes of all points.
    pub y: Vec<f32>,
}

/// A grid that librmn knows.
#[derive(Clone, Copy)]
pub struct Grid {
    librmn: Librmn,
    id: c_int,
    points: usize,
}

/// Two arrays of the same length: latitudes and longitudes, x and y, u and v, speeds and directions.
pub type Pair = [Vec<f32>; 2];

/// A function with four arrays and their length: two to fill, two given.
type Convert = unsafe extern "C" fn(c_int, *mut c_float, *mut c_float, *mut c_float, *mut c_float, c_int) -> c_int;

/// The same with the positions of winds after them.
type ConvertWinds = unsafe extern "C" fn(
    c_int,
    *mut c_float,
    *mut c_float,
    *mut c_float,
    *mut c_float,
    *mut c_float,
    *mut c_float,
    c_int,
) -> c_int;

impl Librmn {
    /// The four descriptors of real parameters (`cxgaig`).
    pub fn encode_grid(&self, letter: u8, mut xg: [f32; 4]) -> [i32; 4] {
        let mut ig = [0; 4];
        let [ig1, ig2, ig3, ig4] = &mut ig;
        let [xg1, xg2, xg3, xg4] = &mut xg;
        let mut letter = letter.cast_signed();
        let session = self.lock();
        // SAFETY: live numbers and a character argument of length 1; the lock is held.
        unsafe { (session.cxgaig)(&raw mut letter, ig1, ig2, ig3, ig4, xg1, xg2, xg3, xg4, 1) };
        ig
    }

    /// The four real parameters of descriptors (`cigaxg`).
    pub fn decode_grid(&self, letter: u8, mut ig: [i32; 4]) -> [f32; 4] {
        let mut xg = [0.0; 4];
        let [ig1, ig2, ig3, ig4] = &mut ig;
        let [xg1, xg2, xg3, xg4] = &mut xg;
        let mut letter = letter.cast_signed();
        let session = self.lock();
        // SAFETY: live numbers and a character argument of length 1; the lock is held.
        unsafe { (session.cigaxg)(&raw mut letter, xg1, xg2, xg3, xg4, ig1, ig2, ig3, ig4, 1) };
        xg
    }

    /// Defines a grid (`ezqkdef`, or `ezgdef_fmem` when there are axes).
    ///
    /// # Errors
    /// Axes of wrong lengths, or librmn's code.
    pub fn define_grid(&self, spec: &GridSpec) -> Result<Grid, OracleError> {
        let letter = c_string(&char::from(spec.letter).to_string())?;
        let (ni, nj) = (count(spec.ni)?, count(spec.nj)?);
        let [ig1, ig2, ig3, ig4] = spec.ig;
        let session = self.lock();
        let id = if let Some(axes) = &spec.axes {
            let each = spec.letter == b'Y';
            exact(&axes.x, if each { ni * nj } else { ni })?;
            exact(&axes.y, if each { ni * nj } else { nj })?;
            let reference = c_string(&char::from(axes.reference).to_string())?;
            let (mut x, mut y) = (axes.x.clone(), axes.y.clone());
            // SAFETY: NUL-terminated strings; arrays of the lengths that librmn reads and copies; the lock is held.
            unsafe {
                (session.ezgdef_fmem)(
                    spec.ni,
                    spec.nj,
                    letter.as_ptr(),
                    reference.as_ptr(),
                    ig1,
                    ig2,
                    ig3,
                    ig4,
                    x.as_mut_ptr(),
                    y.as_mut_ptr(),
                )
            }
        } else {
            // SAFETY: a NUL-terminated string and integers; the lock is held. The unit is of no use without a file.
            unsafe { (session.ezqkdef)(spec.ni, spec.nj, letter.as_ptr(), ig1, ig2, ig3, ig4, 0) }
        };
        check("c_ezqkdef", id)?;
        Ok(Grid { librmn: *self, id, points: ni * nj })
    }

    /// Defines the union of two grids of the same size (`ezgdef_supergrid`): Yin and Yang.
    ///
    /// # Errors
    /// librmn's code, or sizes that differ.
    pub fn define_union(&self, [yin, yang]: [&GridSpec; 2]) -> Result<Grid, OracleError> {
        let grids = [self.define_grid(yin)?, self.define_grid(yang)?];
        let points = grids[0].points;
        if grids[1].points != points {
            return Err(OracleError::Length { expected: points, found: grids[1].points });
        }
        let mut ids = grids.map(|grid| grid.id);
        let session = self.lock();
        // SAFETY: NUL-terminated strings and two numbers of grids; the lock is held.
        let id =
            unsafe { (session.ezgdef_supergrid)(yin.ni, yin.nj, c"U".as_ptr(), c"F".as_ptr(), 1, 2, ids.as_mut_ptr()) };
        check("c_ezgdef_supergrid", id)?;
        Ok(Grid { librmn: *self, id, points: 2 * points })
    }
}

impl Grid {
    /// Points of it.
    pub fn points(&self) -> usize {
        self.points
    }

    /// Latitudes and longitudes of all points (`gdll`).
    ///
    /// # Errors
    /// librmn's code.
    pub fn positions(&self) -> Result<Pair, OracleError> {
        let mut out = zeros(self.points);
        self.positions_into(&mut out)?;
        Ok(out)
    }

    /// The same into arrays that are there.
    ///
    /// # Errors
    /// Arrays of another length, or librmn's code.
    pub fn positions_into(&self, [lat, lon]: &mut Pair) -> Result<(), OracleError> {
        exact(lat, self.points)?;
        exact(lon, self.points)?;
        let session = self.librmn.lock();
        // SAFETY: two arrays with a number for each point; the lock is held.
        check("c_gdll", unsafe { (session.gdll)(self.id, lat.as_mut_ptr(), lon.as_mut_ptr()) }).map(drop)
    }

    /// Latitudes and longitudes at x and y (`gdllfxy`).
    ///
    /// # Errors
    /// Arrays of different lengths, or librmn's code.
    pub fn positions_at(&self, xy: &Pair) -> Result<Pair, OracleError> {
        let convert = self.librmn.lock().gdllfxy;
        self.convert("c_gdllfxy", convert, xy, zeros(xy[0].len()))
    }

    /// x and y of latitudes and longitudes (`gdxyfll`).
    ///
    /// # Errors
    /// Arrays of different lengths, or librmn's code.
    pub fn locate(&self, positions: &Pair) -> Result<Pair, OracleError> {
        let convert = self.librmn.lock().gdxyfll;
        self.convert("c_gdxyfll", convert, positions, zeros(positions[0].len()))
    }

    /// The same into arrays that are there.
    ///
    /// # Errors
    /// As [`locate`](Self::locate).
    pub fn locate_into(&self, positions: &Pair, out: &mut Pair) -> Result<(), OracleError> {
        let convert = self.librmn.lock().gdxyfll;
        *out = self.convert("c_gdxyfll", convert, positions, std::mem::take(out))?;
        Ok(())
    }

    fn convert(
        &self,
        name: &'static str,
        convert: Convert,
        given: &Pair,
        [mut first, mut second]: Pair,
    ) -> Result<Pair, OracleError> {
        // librmn changes longitudes in place.
        let [mut given1, mut given2] = given.clone();
        let n = given1.len();
        for array in [&given2, &first, &second] {
            exact(array, n)?;
        }
        let _session = self.librmn.lock();
        // SAFETY: four arrays of `n` numbers; the lock is held.
        let code = unsafe {
            convert(
                self.id,
                first.as_mut_ptr(),
                second.as_mut_ptr(),
                given1.as_mut_ptr(),
                given2.as_mut_ptr(),
                length(n)?,
            )
        };
        check(name, code)?;
        Ok([first, second])
    }

    /// Speeds and directions of winds along the grid, at positions (`gdwdfuv`).
    ///
    /// # Errors
    /// Arrays of different lengths, or librmn's code.
    pub fn speeds(&self, winds: &Pair, positions: &Pair) -> Result<Pair, OracleError> {
        let convert = self.librmn.lock().gdwdfuv;
        self.winds("c_gdwdfuv", convert, winds, positions)
    }

    /// Winds along the grid of speeds and directions, at positions (`gduvfwd`).
    ///
    /// # Errors
    /// Arrays of different lengths, or librmn's code.
    pub fn components(&self, speeds: &Pair, positions: &Pair) -> Result<Pair, OracleError> {
        let convert = self.librmn.lock().gduvfwd;
        self.winds("c_gduvfwd", convert, speeds, positions)
    }

    fn winds(
        &self,
        name: &'static str,
        convert: ConvertWinds,
        given: &Pair,
        positions: &Pair,
    ) -> Result<Pair, OracleError> {
        let [mut first, mut second] = given.clone();
        let [mut lat, mut lon] = positions.clone();
        let n = first.len();
        let mut out = zeros(n);
        for array in [&second, &lat, &lon] {
            exact(array, n)?;
        }
        let [out1, out2] = &mut out;
        let _session = self.librmn.lock();
        // SAFETY: six arrays of `n` numbers; the lock is held.
        let code = unsafe {
            convert(
                self.id,
                out1.as_mut_ptr(),
                out2.as_mut_ptr(),
                first.as_mut_ptr(),
                second.as_mut_ptr(),
                lat.as_mut_ptr(),
                lon.as_mut_ptr(),
                length(n)?,
            )
        };
        check(name, code)?;
        Ok(out)
    }
}

fn zeros(n: usize) -> Pair {
    [vec![0.0; n], vec![0.0; n]]
}

/// A dimension that librmn accepts.
fn count(n: i32) -> Result<usize, OracleError> {
    usize::try_from(n).ok().filter(|&n| n > 0).ok_or(OracleError::Length { expected: 1, found: 0 })
}

fn length(n: usize) -> Result<c_int, OracleError> {
    c_int::try_from(n).map_err(|_| OracleError::Length { expected: c_int::MAX.unsigned_abs() as usize, found: n })
}

fn exact(array: &[f32], expected: usize) -> Result<(), OracleError> {
    let found = array.len();
    if found == expected { Ok(()) } else { Err(OracleError::Length { expected, found }) }
}
