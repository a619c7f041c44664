//! Well-known text, ISO 19162:2019.

use super::{Crs, POLAR_SCALE};

const DEGREE: &str = r#"ANGLEUNIT["degree",0.0174532925199433]"#;
const METRE: &str = r#"LENGTHUNIT["metre",1]"#;
const UNITY: &str = r#"SCALEUNIT["unity",1]"#;

/// A unit after a number.
type Parameter = (&'static str, f64, &'static str);

pub(super) fn text(crs: &Crs) -> String {
    let datum =
        format!(r#"DATUM["Sphere",ELLIPSOID["Sphere",{},0,{METRE}]],PRIMEM["Greenwich",0,{DEGREE}]"#, crs.radius());
    match *crs {
        Crs::LatLon => format!(r#"GEOGCRS["Latitude and longitude",{datum},{}]"#, degrees()),
        Crs::Rotated { pole_latitude, pole_longitude, north_pole_longitude } => {
            let parameters = parameters(&[
                ("Grid north pole latitude (netCDF CF convention)", pole_latitude, DEGREE),
                ("Grid north pole longitude (netCDF CF convention)", pole_longitude, DEGREE),
                ("North pole grid longitude (netCDF CF convention)", north_pole_longitude, DEGREE),
            ]);
            let method = r#"METHOD["Pole rotation (netCDF CF convention)"]"#;
            format!(
                r#"GEOGCRS["Rotated latitude and longitude",BASEGEOGCRS["Latitude and longitude",{datum}],DERIVINGCONVERSION["Pole rotation",{method}{parameters}],{}]"#,
                degrees()
            )
        }
        Crs::PolarStereographic { south, longitude } => {
            // Axes point along meridians: northwards from the south pole, southwards from the north pole.
            let (latitude, towards, up) = if south { (-90.0, "north", 0) } else { (90.0, "south", 180) };
            let parameters = parameters(&[
                ("Latitude of natural origin", latitude, DEGREE),
                ("Longitude of natural origin", longitude, DEGREE),
                ("Scale factor at natural origin", POLAR_SCALE, UNITY),
                ("False easting", 0.0, METRE),
                ("False northing", 0.0, METRE),
            ]);
            let method = r#"METHOD["Polar Stereographic (variant A)",ID["EPSG",9810]]"#;
            let axes = format!(
                r#"AXIS["(E)",{towards},MERIDIAN[90,{DEGREE}],ORDER[1],{METRE}],AXIS["(N)",{towards},MERIDIAN[{up},{DEGREE}],ORDER[2],{METRE}]"#
            );
            projected("Polar stereographic", &datum, &format!("{method}{parameters}"), &axes)
        }
        Crs::Lambert { parallels: [first, second], latitude, longitude } => {
            let method = r#"METHOD["Lambert Conic Conformal (2SP)",ID["EPSG",9802]]"#;
            let parameters = parameters(&[
                ("Latitude of false origin", latitude, DEGREE),
                ("Longitude of false origin", longitude, DEGREE),
                ("Latitude of 1st standard parallel", first, DEGREE),
                ("Latitude of 2nd standard parallel", second, DEGREE),
                ("Easting at false origin", 0.0, METRE),
                ("Northing at false origin", 0.0, METRE),
            ]);
            let axes = format!(r#"AXIS["(E)",east,ORDER[1],{METRE}],AXIS["(N)",north,ORDER[2],{METRE}]"#);
            projected("Lambert conformal conic", &datum, &format!("{method}{parameters}"), &axes)
        }
    }
}

fn degrees() -> String {
    format!(r#"CS[ellipsoidal,2],AXIS["longitude",east,ORDER[1],{DEGREE}],AXIS["latitude",north,ORDER[2],{DEGREE}]"#)
}

fn parameters(parameters: &[Parameter]) -> String {
    let one = |(name, value, unit): &Parameter| format!(r#",PARAMETER["{name}",{value},{unit}]"#);
    parameters.iter().map(one).collect::<Vec<_>>().concat()
}

fn projected(name: &str, datum: &str, conversion: &str, axes: &str) -> String {
    format!(
        r#"PROJCRS["{name}",BASEGEOGCRS["Latitude and longitude",{datum}],CONVERSION["{name}",{conversion}],CS[Cartesian,2],{axes}]"#
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_match() {
        for crs in [
            Crs::LatLon,
            Crs::Rotated { pole_latitude: 31.7, pole_longitude: 87.0, north_pole_longitude: 10.0 },
            Crs::PolarStereographic { south: true, longitude: -69.0 },
            Crs::Lambert { parallels: [45.0, 60.0], latitude: 32.5, longitude: -100.0 },
        ] {
            let text = text(&crs);
            let count = |bracket| text.matches(bracket).count();
            assert_eq!(count('['), count(']'), "{text}");
            assert_eq!(count('"') % 2, 0, "{text}");
        }
    }
}
