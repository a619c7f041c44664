//! PROJ strings.

use super::{Crs, POLAR_SCALE};

pub(super) fn string(crs: &Crs) -> String {
    let radius = crs.radius();
    match *crs {
        Crs::LatLon => format!("+proj=longlat +R={radius} +no_defs"),
        Crs::Rotated { pole_latitude, pole_longitude, north_pole_longitude } => format!(
            "+proj=ob_tran +o_proj=longlat +o_lat_p={pole_latitude} +o_lon_p={north_pole_longitude} +lon_0={} \
             +R={radius} +no_defs",
            super::centred(pole_longitude + 180.0)
        ),
        Crs::PolarStereographic { south, longitude } => {
            let pole = if south { -90 } else { 90 };
            format!(
                "+proj=stere +lat_0={pole} +lon_0={longitude} +k={POLAR_SCALE} +x_0=0 +y_0=0 +R={radius} +units=m \
                 +no_defs"
            )
        }
        Crs::Lambert { parallels: [first, second], latitude, longitude } => format!(
            "+proj=lcc +lat_1={first} +lat_2={second} +lat_0={latitude} +lon_0={longitude} +x_0=0 +y_0=0 +R={radius} \
             +units=m +no_defs"
        ),
    }
}
