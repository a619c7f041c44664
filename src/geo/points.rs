//! Fields at points.

use std::sync::{Arc, PoisonError, RwLock};

use rpnfst_codecs::ElementKind;
use rpnfst_grids::{
    Grid,
    regrid::{Options, Regrid},
};

use super::{GridError, Numbers};
use crate::{
    error::Result,
    file::{File, ReadOptions},
    record::Record,
};

/// Points of the sphere at which fields are wanted. Where they lie in a grid is found once, and kept.
///
/// ```
/// use rpnfst::geo::Points;
/// # let file = rpnfst::File::open("testdata/grids/grids.fst")?;
/// # let record = file.find(&rpnfst::Query::new().nomvar("N1")).expect("a field");
/// let (lat, lon) = file.grid(record)?.point(1.5, 1.5);
/// let points = Points::new(vec![lat], vec![lon], Default::default())?;
/// let values = points.values(&file, record, None, &Default::default())?;
/// assert!(values[0].is_finite());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Points {
    lat: Vec<f64>,
    lon: Vec<f64>,
    options: Options,
    words: Option<ElementKind>,
    /// What was found, or why nothing was, for each grid.
    plans: RwLock<Vec<(Grid, Plan)>>,
}

type Plan = Result<Arc<Regrid>, GridError>;

impl Points {
    /// Points by latitude and longitude, in degrees.
    ///
    /// # Errors
    /// The lists differ in length, or a latitude is not within -90 to 90, or a longitude is not finite.
    pub fn new(lat: Vec<f64>, lon: Vec<f64>, options: Options) -> Result<Self, GridError> {
        if lat.len() != lon.len() {
            return Err(GridError::Length { what: "longitudes", found: lon.len(), expected: lat.len() });
        }
        let bad = |(lat, lon): (&f64, &f64)| !(-90.0..=90.0).contains(lat) || !lon.is_finite();
        if let Some(number) = lat.iter().zip(&lon).position(bad) {
            let (lat, lon) = (lat.get(number).copied(), lon.get(number).copied());
            let reason = format!("{} N {} E is no position", lat.unwrap_or(f64::NAN), lon.unwrap_or(f64::NAN));
            return Err(GridError::Invalid { what: "points", reason });
        }
        Ok(Self { lat, lon, options, words: None, plans: RwLock::default() })
    }

    /// Takes raw words for elements of this type; by default only those are numbers of which it is known.
    #[must_use]
    pub fn words_as(mut self, kind: Option<ElementKind>) -> Self {
        self.words = kind;
        self
    }

    /// Latitudes.
    pub fn lat(&self) -> &[f64] {
        &self.lat
    }

    /// Longitudes, as they were given.
    pub fn lon(&self) -> &[f64] {
        &self.lon
    }

    pub(super) fn words(&self) -> Option<ElementKind> {
        self.words
    }

    /// How fields on a grid are interpolated to the points.
    ///
    /// # Errors
    /// See [`Regrid::to_points`].
    pub fn plan(&self, grid: &Grid) -> Plan {
        let known =
            |plans: &[(Grid, Plan)]| plans.iter().rev().find(|(of, _)| of.same(grid)).map(|(_, plan)| plan.clone());
        if let Some(plan) = known(&self.plans.read().unwrap_or_else(PoisonError::into_inner)) {
            return plan;
        }
        // Not under the lock: this thread may take up other work of its pool meanwhile.
        let plan = Regrid::to_points(grid, &self.lat, &self.lon, &self.options).map(Arc::new);
        self.plans.write().unwrap_or_else(PoisonError::into_inner).push((grid.clone(), plan.clone()));
        plan
    }

    /// The values of a record at the points, of its first plane; NaN where there is none.
    ///
    /// `mask`: the record that says where the field has values, if there is one.
    ///
    /// # Errors
    /// See [`File::grid`], [`File::numbers`] and [`Points::plan`].
    pub fn values(
        &self,
        file: &File,
        record: &Record,
        mask: Option<&Record>,
        options: &ReadOptions,
    ) -> Result<Vec<f64>> {
        let plan = self.plan_of(file, record)?;
        let count = plan.source_len();
        let values = match file.numbers_as(record, mask, self.words, options)? {
            Numbers::Single(field) => plan.apply(first(&field, count), None).map(|values| wide(&values)),
            Numbers::Double(field) => plan.apply(first(&field, count), None),
        };
        values.map_err(|error| file.failed(record, error.into()))
    }

    /// A wind at the points, as components to the true east and north; `masks` are those of the two components.
    ///
    /// # Errors
    /// See [`Points::values`].
    pub fn winds(
        &self,
        file: &File,
        (u, v): (&Record, &Record),
        masks: (Option<&Record>, Option<&Record>),
        options: &ReadOptions,
    ) -> Result<(Vec<f64>, Vec<f64>)> {
        let plan = self.plan_of(file, u)?;
        let count = plan.source_len();
        let read = |component, mask| file.numbers_as(component, mask, self.words, options);
        let winds = match (read(u, masks.0)?, read(v, masks.1)?) {
            (Numbers::Single(u), Numbers::Single(v)) => {
                plan.apply_winds(first(&u, count), first(&v, count), None).map(|(u, v)| (wide(&u), wide(&v)))
            }
            (u, v) => plan.apply_winds(first(&doubles(u), count), first(&doubles(v), count), None),
        };
        winds.map_err(|error| file.failed(u, error.into()))
    }

    fn plan_of(&self, file: &File, record: &Record) -> Result<Arc<Regrid>> {
        self.plan(&file.grid(record)?).map_err(|error| file.failed(record, error.into()))
    }
}

/// The first plane; all that there is where that is less.
fn first<T>(values: &[T], count: usize) -> &[T] {
    values.get(..count).unwrap_or(values)
}

fn wide(values: &[f32]) -> Vec<f64> {
    values.iter().map(|value| f64::from(*value)).collect()
}

pub(super) fn doubles(numbers: Numbers) -> Vec<f64> {
    match numbers {
        Numbers::Single(values) => wide(&values),
        Numbers::Double(values) => values,
    }
}
