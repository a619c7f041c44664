//! Fields from one grid to another.
//!
//! A [`Regrid`] is made once for two grids and a method, keeps where each point of the target lies in the source, and
//! then serves any number of fields, from any thread.

mod aggregate;
mod apply;
mod buckets;
mod cells;
mod cloud;
mod conservative;
mod matrix;
mod options;
mod outline;
pub(crate) mod packed;
mod places;
mod polygon;
mod product;
mod sets;
mod source;
mod weights;
mod winds;

use std::sync::{Arc, OnceLock};

pub use crate::interp::Missing;
pub use aggregate::{Bins, Statistic};
pub use conservative::{Normalize, cell_areas, conservative};
pub use matrix::{Matrix, SkipMissing, Triplets};
pub use options::{Extrapolation, Method, Options};

use crate::interp::Degree;
use crate::{Error, Grid, Real, Result, Turns};
use places::{Odd, Part, Places};

/// Where the points of a target lie in a source, and how their values are made.
///
/// ```
/// use rpnfst_grids::regrid::{Options, Regrid};
/// use rpnfst_grids::{Grid, descriptor};
///
/// # fn main() -> Result<(), rpnfst_grids::Error> {
/// let global = Grid::new(b'L', 360, 181, descriptor::encode(b'L', [-90.0, 0.0, 1.0, 1.0])?)?;
/// let regional = Grid::new(b'L', 21, 11, descriptor::encode(b'L', [45.0, -80.0, 0.5, 0.5])?)?;
/// let regrid = Regrid::new(&global, &regional, &Options::default())?;
/// let (latitudes, _) = global.points();
/// let on_target: Vec<f64> = regrid.apply(&latitudes, None)?;
/// assert!((on_target[0] - 45.0).abs() < 1e-9);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Regrid {
    plan: Plan,
    source: Grid,
    target: Target,
    source_mask: Option<Arc<[bool]>>,
    target_mask: Option<Arc<[bool]>>,
    /// The turn of winds from source to target at each point of the target.
    turn: OnceLock<Result<Option<winds::Turn>>>,
    /// The turn of winds from the source to true east and north, where they turn before they are mixed.
    source_turns: OnceLock<Result<Turns>>,
}

/// Where values are wanted.
#[derive(Debug)]
enum Target {
    Grid(Grid),
    /// Latitudes and longitudes.
    Points(Vec<f64>, Vec<f64>),
}

/// What is needed for a field.
#[derive(Debug)]
pub(crate) struct Plan {
    parts: Vec<Part>,
    places: Places,
    odd: Odd,
    degree: Degree,
    extrapolation: Extrapolation,
    missing: Missing,
    source_len: usize,
    target_len: usize,
    /// Columns of the target.
    ni: usize,
    /// How many points of the target one call computes: a row, or about as many points.
    chunk: usize,
    /// Rows of the target to be replaced by their mean.
    level_rows: Vec<usize>,
}

impl Regrid {
    /// Between two grids.
    ///
    /// # Errors
    /// The source has too few columns or rows for the method, or no way to be interpolated; a mask has another length
    /// than its grid; or points lie outside and [`Extrapolation::Abort`] was asked for.
    pub fn new(source: &Grid, target: &Grid, options: &Options) -> Result<Self> {
        let plan = source::between(source, target, options)?;
        Self::make(plan, source, Target::Grid(target.clone()), options)
    }

    /// To points given by latitude and longitude, degrees. Their winds are components to the true east and north.
    ///
    /// # Errors
    /// As [`new`](Self::new), or the slices differ in length.
    pub fn to_points(source: &Grid, lat: &[f64], lon: &[f64], options: &Options) -> Result<Self> {
        check_length("longitudes", lon.len(), lat.len())?;
        let plan = source::to_points(source, lat, lon, options)?;
        Self::make(plan, source, Target::Points(lat.to_vec(), lon.to_vec()), options)
    }

    /// With weights that another program or an earlier run made: a row for each value of the target, a column for each of the
    /// source. Missing values follow [`Options::skip`]; targets without weights are outside; the method of the options plays no part.
    ///
    /// ```
    /// use rpnfst_grids::Grid;
    /// use rpnfst_grids::regrid::{Matrix, Method, Normalize, Options, Regrid};
    /// # fn main() -> Result<(), rpnfst_grids::Error> {
    /// let (source, target) = (Grid::new(b'A', 12, 6, [0; 4])?, Grid::new(b'A', 6, 3, [0; 4])?);
    /// let options = Options::new(Method::Conservative(Normalize::FracArea));
    /// let made = Regrid::new(&source, &target, &options)?;
    /// // As a weight file has them.
    /// let triplets = made.matrix().to_triplets()?;
    /// let matrix = Matrix::from_triplets(target.len(), source.len(), &triplets.row, &triplets.col, &triplets.s)?;
    /// let again = Regrid::from_matrix(&source, &target, matrix, &Options::default())?;
    /// let (field, _) = source.points();
    /// assert_eq!(made.apply(&field, None)?, again.apply(&field, None)?);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// The matrix has another number of columns or rows than the grids have values; otherwise as [`new`](Self::new).
    pub fn from_matrix(source: &Grid, target: &Grid, matrix: Matrix, options: &Options) -> Result<Self> {
        let plan = source::of_matrix(source, target, matrix, options)?;
        Self::make(plan, source, Target::Grid(target.clone()), options)
    }

    fn make(plan: Plan, source: &Grid, target: Target, options: &Options) -> Result<Self> {
        let check = |what, mask: &Option<Arc<[bool]>>, expected| match mask {
            Some(mask) => check_length(what, mask.len(), expected),
            None => Ok(()),
        };
        check("the mask of the source", &options.source_mask, plan.source_len)?;
        check("the mask of the target", &options.target_mask, plan.target_len)?;
        if options.extrapolation == Extrapolation::Abort && plan.odd.outside > 0 {
            let reason = format!("{} of its {} points lie outside the source", plan.odd.outside, plan.target_len);
            return Err(Error::Invalid { what: "the target", reason });
        }
        Ok(Self {
            plan,
            source: source.clone(),
            target,
            source_mask: options.source_mask.clone(),
            target_mask: options.target_mask.clone(),
            turn: OnceLock::new(),
            source_turns: OnceLock::new(),
        })
    }

    /// How many values a field of the source has.
    pub fn source_len(&self) -> usize {
        self.plan.source_len
    }

    /// How many values a field of the target has.
    pub fn target_len(&self) -> usize {
        self.plan.target_len
    }

    /// How many points of the target lie outside the source.
    pub fn outside(&self) -> usize {
        self.plan.odd.outside
    }

    /// Bytes that the places or weights take.
    pub fn bytes(&self) -> usize {
        self.plan.places.bytes()
            + self.plan.odd.beyond.len() * size_of::<(u32, [f64; 2])>()
            + self.plan.odd.poles.len() * size_of::<(u32, bool)>()
    }

    /// A scalar field on the target, ni fastest; missing values are NaN. `mask`: values of this field that count
    /// (`true`); NaN never counts.
    ///
    /// # Errors
    /// A slice has another length than the source.
    pub fn apply<T: Real>(&self, field: &[T], mask: Option<&[bool]>) -> Result<Vec<T>> {
        let mut out = vec![T::NAN; self.plan.target_len];
        self.apply_into(field, mask, &mut out)?;
        Ok(out)
    }

    /// As [`apply`](Self::apply), into a slice of the caller.
    ///
    /// # Errors
    /// A slice has another length than its grid.
    pub fn apply_into<T: Real>(&self, field: &[T], mask: Option<&[bool]>, out: &mut [T]) -> Result<()> {
        match self.masked(field, mask)? {
            Some(field) => self.plan.scalar(&field, out)?,
            None => self.plan.scalar(field, out)?,
        }
        self.mask_target(out);
        Ok(())
    }

    /// The field with NaN where a mask says so; `None` without a mask.
    fn masked<T: Real>(&self, field: &[T], mask: Option<&[bool]>) -> Result<Option<Vec<T>>> {
        if let Some(mask) = mask {
            check_length("a mask of the source", mask.len(), self.plan.source_len)?;
        }
        let masks = [mask, self.source_mask.as_deref()];
        if masks == [None, None] {
            return Ok(None);
        }
        check_length("a field of the source", field.len(), self.plan.source_len)?;
        let mut field = field.to_vec();
        for mask in masks.into_iter().flatten() {
            for (value, _) in field.iter_mut().zip(mask).filter(|(_, counts)| !**counts) {
                *value = T::NAN;
            }
        }
        Ok(Some(field))
    }

    fn mask_target<T: Real>(&self, out: &mut [T]) {
        for (value, _) in out.iter_mut().zip(self.target_mask.iter().flat_map(|m| m.iter())).filter(|(_, m)| !**m) {
            *value = T::NAN;
        }
    }
}

/// Says which slice has a length that it cannot have.
fn check_length(what: &'static str, found: usize, expected: usize) -> Result<()> {
    if found == expected { Ok(()) } else { Err(Error::Length { what, found, expected }) }
}
