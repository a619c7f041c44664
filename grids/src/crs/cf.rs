//! Grid mappings of the CF conventions.

use super::{Crs, POLAR_SCALE};

/// A grid mapping variable of the CF conventions: a name for it, and its attributes.
///
/// ```
/// use rpnfst_grids::{Attribute, Crs};
///
/// let mapping = Crs::LatLon.cf_grid_mapping();
/// assert_eq!(mapping.get("grid_mapping_name"), Some(&Attribute::Text("latitude_longitude")));
/// assert_eq!(mapping.get("earth_radius"), Some(&Attribute::Number(6371000.0)));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct GridMapping {
    /// A name for the variable.
    pub name: &'static str,
    /// Names and values of its attributes.
    pub attributes: Vec<(&'static str, Attribute)>,
}

/// Value of an attribute.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Attribute {
    /// A text.
    Text(&'static str),
    /// A number.
    Number(f64),
    /// Several numbers.
    Numbers(Vec<f64>),
}

impl GridMapping {
    /// The attribute of a name.
    pub fn get(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|(known, _)| *known == name).map(|(_, value)| value)
    }
}

pub(super) fn mapping(crs: &Crs) -> GridMapping {
    use Attribute::{Number, Numbers, Text};

    let (name, kind) = match crs {
        Crs::LatLon => ("crs_latlon", "latitude_longitude"),
        Crs::Rotated { .. } => ("rotated_pole", "rotated_latitude_longitude"),
        Crs::PolarStereographic { .. } => ("polar_stereo", "polar_stereographic"),
        Crs::Lambert { .. } => ("lambert_conformal", "lambert_conformal_conic"),
    };
    let mut attributes = vec![("grid_mapping_name", Text(kind)), ("earth_radius", Number(crs.radius()))];
    match *crs {
        Crs::LatLon => {}
        Crs::Rotated { pole_latitude, pole_longitude, north_pole_longitude } => attributes.extend([
            ("grid_north_pole_latitude", Number(pole_latitude)),
            ("grid_north_pole_longitude", Number(pole_longitude)),
            ("north_pole_grid_longitude", Number(north_pole_longitude)),
        ]),
        // The scale, not the standard parallel: it is the format's own number, the parallel (60 degrees) is rounded.
        Crs::PolarStereographic { south, longitude } => attributes.extend([
            ("latitude_of_projection_origin", Number(if south { -90.0 } else { 90.0 })),
            ("straight_vertical_longitude_from_pole", Number(longitude)),
            ("scale_factor_at_projection_origin", Number(POLAR_SCALE)),
        ]),
        // Always two parallels: of one, PROJ believes that the origin lies on it.
        Crs::Lambert { parallels, latitude, longitude } => attributes.extend([
            ("standard_parallel", Numbers(parallels.to_vec())),
            ("latitude_of_projection_origin", Number(latitude)),
            ("longitude_of_central_meridian", Number(longitude)),
        ]),
    }
    if !crs.is_geographic() {
        attributes.extend([("false_easting", Number(0.0)), ("false_northing", Number(0.0))]);
    }
    GridMapping { name, attributes }
}
