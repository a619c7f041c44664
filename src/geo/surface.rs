//! The field at the surface that the levels of a record depend on.

use rpnfst_grids::levels::{Levels, Quantity};

use super::{Coordinate, Coordinates};
use crate::{
    error::{Error, Result},
    file::{File, ReadOptions},
    record::Record,
};

/// The fields at the surface that belong to a record: pressures in Pa, or heights in m.
///
/// ```
/// use rpnfst::{File, geo::Coordinates, grids::levels::Quantity};
/// let file = File::open("testdata/vertical/leg_hy5.std")?;
/// let field = file.records().iter().find(|record| record.nomvar() == "TT").expect("a field");
/// let coordinate = Coordinates::new(&file).of(field)?;
/// let surface = file.surface_field(field, &coordinate)?;
/// let pressures = coordinate.levels.compute(&[field.ip1()], &surface.values, None, Quantity::Level)?;
/// assert_eq!(pressures.len(), surface.values.len());
/// # Ok::<(), rpnfst::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Surface {
    /// Of the surface field; nothing for coordinates that depend on none.
    pub values: Vec<f32>,
    /// Of the large-scale surface field, for coordinates that have one.
    pub large_scale: Option<Vec<f32>>,
}

impl File {
    /// The fields at the surface that the level of a record depends on: those of its date, label, ip2 and ip3, and of its
    /// size and grid. Pressures are converted from hPa.
    ///
    /// # Errors
    /// [`Error::Levels`] says what was sought and what was found instead; [`Error::Record`] when the field cannot be read.
    pub fn surface_field(&self, record: &Record, coordinate: &Coordinate<'_>) -> Result<Surface> {
        let parameters = coordinate.levels.parameters();
        let read = |name: &Option<String>| name.as_deref().map(|name| self.read_surface(record, coordinate, name));
        Ok(Surface {
            values: read(&parameters.field).transpose()?.unwrap_or_default(),
            large_scale: read(&parameters.large_scale_field).transpose()?,
        })
    }

    /// The level of each value of a plane of a record: pressure in Pa, or height in m; or its logarithm, or dp/dps. One value
    /// only where the coordinate depends on no surface, as pressure itself: it is the same everywhere.
    ///
    /// ```
    /// use rpnfst::{File, geo::Coordinates, grids::levels::Quantity};
    /// let file = File::open("testdata/vertical/leg_pres.std")?;
    /// let coordinates = Coordinates::new(&file);
    /// let field = file.records().iter().find(|record| record.nomvar() == "TT").expect("a field");
    /// let pressures = file.level_values(field, &coordinates, Quantity::Level)?;
    /// let hectopascals = field.level().expect("a level").value;
    /// assert_eq!(pressures, [100.0 * hectopascals]);
    /// # Ok::<(), rpnfst::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Coordinates::of`] and [`surface_field`](Self::surface_field), and [`Error::LevelFormula`].
    pub fn level_values(&self, record: &Record, known: &Coordinates<'_>, quantity: Quantity) -> Result<Vec<f32>> {
        let coordinate = known.of(record)?;
        let Surface { values, large_scale } = self.surface_field(record, &coordinate)?;
        let levels: &Levels = &coordinate.levels;
        Ok(levels.compute(&[record.ip1()], &values, large_scale.as_deref(), quantity)?)
    }

    fn read_surface(&self, record: &Record, coordinate: &Coordinate<'_>, name: &str) -> Result<Vec<f32>> {
        let fail = |what: String| Error::Levels { record: record.into(), what };
        let named = || self.records().iter().filter(|field| field.nomvar() == name);
        let same_run = |field: &&Record| {
            field.datev() == record.datev()
                && field.etiket() == record.etiket()
                && (field.ip2(), field.ip3()) == (record.ip2(), record.ip3())
        };
        let same_place = |field: &&Record| {
            (field.ni(), field.nj()) == (record.ni(), record.nj())
                && coordinate.tags.is_none_or(|tags| tags == [field.ig1(), field.ig2()])
        };
        let Some(found) = named().find(|field| same_run(field) && same_place(field)) else {
            let (ni, nj) = (record.ni(), record.nj());
            let sought = format!("no {name} of its date, label, ip2, ip3 and grid ({ni} x {nj})");
            let instead = match (named().next(), named().find(same_run)) {
                (None, _) => "no record has that name".to_owned(),
                (_, Some(other)) => format!("record {} is {} x {}", other.index, other.ni(), other.nj()),
                (Some(other), None) => format!("record {} is of another date, label, ip2 or ip3", other.index),
            };
            return Err(fail(format!("{sought}; {instead}")));
        };
        let mut values = self.read_as::<f32>(found, &ReadOptions::new())?.into_vec();
        if coordinate.levels.vcode().is_pressure() {
            for value in &mut values {
                *value *= 100.0;
            }
        }
        Ok(values)
    }
}
