//! Fields from one grid to another (`ezsint`, `ezuvint`), and at points (`gdxysval`).

use std::ffi::CStr;

use super::{Grid, Pair, exact, length, zeros};
use crate::error::{OracleError, check};
use crate::library::Session;

/// Degree of the interpolation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Degree {
    /// The closest point.
    Nearest,
    /// Two points in each direction.
    Linear,
    /// Four points in each direction.
    Cubic,
}

impl Degree {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Nearest, Self::Linear, Self::Cubic];

    fn name(self) -> &'static CStr {
        match self {
            Self::Nearest => c"NEAREST",
            Self::Linear => c"LINEAR",
            Self::Cubic => c"CUBIC",
        }
    }
}

/// What is given outside a regional grid.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Extrapolation {
    /// More than the largest value.
    Maximum,
    /// Less than the least value.
    Minimum,
    /// This value.
    Value(f32),
    /// What the degree in force gives.
    Neutral,
    /// What another degree gives.
    Degree(Degree),
}

/// How a field is interpolated: what is global in librmn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interpolation {
    /// Inside the grid.
    pub degree: Degree,
    /// Outside of it.
    pub extrapolation: Extrapolation,
}

impl Interpolation {
    fn set(self, session: &Session) -> Result<(), OracleError> {
        let mut value = 0.0;
        let outside = match self.extrapolation {
            Extrapolation::Maximum => c"MAXIMUM",
            Extrapolation::Minimum => c"MINIMUM",
            Extrapolation::Value(wanted) => {
                value = wanted;
                c"VALUE"
            }
            Extrapolation::Neutral => c"NEUTRAL",
            Extrapolation::Degree(degree) => degree.name(),
        };
        // SAFETY: NUL-terminated strings and a live number; the lock is held.
        unsafe {
            check("c_ezsetval2", (session.ezsetval2)(c"EXTRAP_VALUE".as_ptr(), &raw mut value))?;
            check("c_ezsetopt", (session.ezsetopt)(c"INTERP_DEGREE".as_ptr(), self.degree.name().as_ptr()))?;
            check("c_ezsetopt", (session.ezsetopt)(c"EXTRAP_DEGREE".as_ptr(), outside.as_ptr()))?;
        }
        Ok(())
    }
}

impl Grid {
    /// A field on this grid, interpolated to another (`ezdefset`, `ezsint`).
    ///
    /// # Errors
    /// A field of another length, or librmn's code.
    pub fn interpolate(&self, to: &Self, how: Interpolation, field: &[f32]) -> Result<Vec<f32>, OracleError> {
        let (mut field, mut out) = (field.to_vec(), vec![0.0; to.points]);
        self.interpolate_into(to, how, &mut field, &mut out)?;
        Ok(out)
    }

    /// The same into an array that is there, without copies.
    ///
    /// # Errors
    /// Arrays of other lengths, or librmn's code.
    pub fn interpolate_into(
        &self,
        to: &Self,
        how: Interpolation,
        field: &mut [f32],
        out: &mut [f32],
    ) -> Result<(), OracleError> {
        exact(field, self.points)?;
        exact(out, to.points)?;
        let session = self.librmn.lock();
        how.set(&session)?;
        // SAFETY: two grids that exist, then arrays with a number for each of their points; the lock is held.
        unsafe {
            check("c_ezdefset", (session.ezdefset)(to.id, self.id))?;
            check("c_ezsint", (session.ezsint)(out.as_mut_ptr(), field.as_mut_ptr()))?;
        }
        Ok(())
    }

    /// Winds along this grid, interpolated to another and turned along it (`ezdefset`, `ezuvint`).
    ///
    /// # Errors
    /// Fields of another length, or librmn's code.
    pub fn interpolate_winds(&self, to: &Self, how: Interpolation, winds: &Pair) -> Result<Pair, OracleError> {
        let [mut u, mut v] = winds.clone();
        exact(&u, self.points)?;
        exact(&v, self.points)?;
        let mut out = zeros(to.points);
        let [out_u, out_v] = &mut out;
        let session = self.librmn.lock();
        how.set(&session)?;
        // SAFETY: two grids that exist, then arrays with a number for each of their points; the lock is held.
        unsafe {
            check("c_ezdefset", (session.ezdefset)(to.id, self.id))?;
            let code = (session.ezuvint)(out_u.as_mut_ptr(), out_v.as_mut_ptr(), u.as_mut_ptr(), v.as_mut_ptr());
            check("c_ezuvint", code)?;
        }
        Ok(out)
    }

    /// Values of a field at x and y, without extrapolation rule and poles (`gdxysval`).
    ///
    /// # Errors
    /// Arrays of wrong lengths, or librmn's code.
    pub fn values_at(&self, how: Interpolation, field: &[f32], xy: &Pair) -> Result<Vec<f32>, OracleError> {
        exact(field, self.points)?;
        let [mut x, mut y] = xy.clone();
        exact(&y, x.len())?;
        let (mut field, mut out) = (field.to_vec(), vec![0.0; x.len()]);
        let session = self.librmn.lock();
        how.set(&session)?;
        // SAFETY: a field with a number for each point, and three arrays of one length; the lock is held.
        let code = unsafe {
            (session.gdxysval)(
                self.id,
                out.as_mut_ptr(),
                field.as_mut_ptr(),
                x.as_mut_ptr(),
                y.as_mut_ptr(),
                length(x.len())?,
            )
        };
        check("c_gdxysval", code)?;
        Ok(out)
    }
}
