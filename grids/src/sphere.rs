//! Positions on the sphere: degrees, unit vectors, distances.
//!
//! The functions of an angle are written without branches, so that the compiler computes several points at once in loops over a row;
//! their errors stay below 2 units in the last place of the result.

/// The radius of the sphere on which distances are counted, in kilometres.
pub const EARTH_RADIUS_KM: f64 = 6371.0;

/// Brings an angle in degrees into 0 to 360, 360 excluded.
///
/// ```
/// assert_eq!(rpnfst_grids::sphere::mod360(-90.0), 270.0);
/// ```
#[inline]
pub fn mod360(degrees: f64) -> f64 {
    let turned = degrees - 360.0 * (degrees / 360.0).floor();
    // A tiny negative angle rounds to a whole turn.
    if turned >= 360.0 { 0.0 } else { turned }
}

/// The unit vector of a latitude and a longitude in degrees.
///
/// ```
/// assert_eq!(rpnfst_grids::sphere::unit(90.0, 77.0), [0.0, 0.0, 1.0]);
/// ```
#[inline]
pub fn unit(lat: f64, lon: f64) -> [f64; 3] {
    let (sin_lat, cos_lat) = sin_cos(lat);
    let (sin_lon, cos_lon) = sin_cos(lon);
    [cos_lat * cos_lon, cos_lat * sin_lon, sin_lat]
}

/// The latitude and the longitude, 0 to 360, of a vector of any length, in degrees.
///
/// ```
/// assert_eq!(rpnfst_grids::sphere::position([0.0, -2.0, 0.0]), (0.0, 270.0));
/// ```
#[inline]
pub fn position([x, y, z]: [f64; 3]) -> (f64, f64) {
    (atan2(z, (x * x + y * y).sqrt()), east(atan2(y, x)))
}

/// The great-circle distance of two positions (latitude, longitude), in degrees; multiply by the radius times π/180 for a length.
///
/// ```
/// assert!((rpnfst_grids::sphere::distance((0.0, 350.0), (0.0, 20.0)) - 30.0).abs() < 1e-12);
/// ```
pub fn distance(a: (f64, f64), b: (f64, f64)) -> f64 {
    let (a, b) = (unit(a.0, a.1), unit(b.0, b.1));
    let across = cross(a, b);
    atan2(dot(across, across).sqrt(), dot(a, b))
}

#[inline]
pub(crate) fn dot([a, b, c]: [f64; 3], [x, y, z]: [f64; 3]) -> f64 {
    a * x + b * y + c * z
}

#[inline]
pub(crate) fn cross([a, b, c]: [f64; 3], [x, y, z]: [f64; 3]) -> [f64; 3] {
    [b * z - c * y, c * x - a * z, a * y - b * x]
}

/// An angle of -180 to 180 degrees as one of 0 to 360.
#[inline(always)]
pub(crate) fn east(degrees: f64) -> f64 {
    let turned = if degrees < 0.0 { degrees + 360.0 } else { degrees };
    if turned >= 360.0 { 0.0 } else { turned }
}

/// Beyond this an angle is reduced with care before [`sin_cos`]: its multiple of 90 must fit the bits below the point of a double.
const LARGE: f64 = 1e9;

/// Sine and cosine of an angle in degrees; exact at multiples of 90.
#[inline(always)]
pub(crate) fn sin_cos(degrees: f64) -> (f64, f64) {
    sin_cos_small(if degrees.abs() < LARGE { degrees } else { degrees % 360.0 })
}

/// [`sin_cos`] of angles that are not [`LARGE`], without a branch.
#[inline(always)]
pub(crate) fn sin_cos_small(degrees: f64) -> (f64, f64) {
    // Added to a small number, it leaves the nearest whole number in the low bits.
    const ROUND: f64 = 6_755_399_441_055_744.0;
    let shifted = degrees * (1.0 / 90.0) + ROUND;
    let quadrant = shifted.to_bits();
    let angle = (degrees - 90.0 * (shifted - ROUND)) * (std::f64::consts::PI / 180.0);
    let z = angle * angle;
    let sin = angle + angle * z * poly7(z, &SIN);
    let cos = 1.0 - 0.5 * z + z * z * poly6(z, &COS);
    // Odd quadrants swap them; the second bit turns signs.
    let swap = (quadrant & 1).wrapping_neg();
    let (s, c) = (sin.to_bits(), cos.to_bits());
    let (s, c) = ((s & !swap) | (c & swap), (c & !swap) | (s & swap));
    let sign = |bits: u64| (bits & 2) << 62;
    (f64::from_bits(s ^ sign(quadrant)), f64::from_bits(c ^ sign(quadrant.wrapping_add(1))))
}

/// The angle in degrees of the point (x, y), -180 to 180; 0 when both are 0.
#[inline(always)]
pub(crate) fn atan2(y: f64, x: f64) -> f64 {
    let (across, along) = (y.abs(), x.abs());
    let steep = across > along;
    let (low, high) = if steep { (along, across) } else { (across, along) };
    // Beyond half of 45 degrees, the angle from 45 degrees.
    let far = low > std::f64::consts::SQRT_2 * high - high;
    let (num, den) = if far { (low - high, low + high) } else { (low, high) };
    let t = num / if den == 0.0 { 1.0 } else { den };
    let z = t * t;
    let angle = (t + t * z * poly11(z)) * (180.0 / std::f64::consts::PI);
    let angle = if far { angle + 45.0 } else { angle };
    let angle = if steep { 90.0 - angle } else { angle };
    let angle = if x < 0.0 { 180.0 - angle } else { angle };
    angle.copysign(y)
}

// Interpolations at Chebyshev nodes of (sin(a)/a - 1)/z, (cos(a) - 1 + z/2)/z^2 for a to 45 degrees and (atan(t)/t - 1)/z for t to
// tan 22.5 degrees, in z = a^2 or t^2, computed with 60 digits; errors below 2e-18.
const SIN: [f64; 7] = [
    -0.16666666666666666,
    0.008333333333333321,
    -0.00019841269841253478,
    2.7557319213562225e-06,
    -2.5052104779095043e-08,
    1.6058352428871255e-10,
    -7.578090160922686e-13,
];
const COS: [f64; 6] = [
    0.04166666666666645,
    -0.0013888888888861095,
    2.4801587283881152e-05,
    -2.7557313097790086e-07,
    2.0875582380663952e-09,
    -1.1353379638297575e-11,
];
const ATAN: [f64; 11] = [
    -0.3333333333333312,
    0.19999999999940837,
    -0.14285714279244968,
    0.11111110744657099,
    -0.09090896801472813,
    0.07692045194561481,
    -0.06662950246036792,
    0.05846866752275139,
    -0.05035049795312439,
    0.03796390316111083,
    -0.017803896394812564,
];

#[inline(always)]
fn poly6(z: f64, [a, b, c, d, e, f]: &[f64; 6]) -> f64 {
    let w = z * z;
    (a + w * (c + w * e)) + z * (b + w * (d + w * f))
}

#[inline(always)]
fn poly7(z: f64, [a, b, c, d, e, f, g]: &[f64; 7]) -> f64 {
    let w = z * z;
    (a + w * (c + w * (e + w * g))) + z * (b + w * (d + w * f))
}

#[inline(always)]
fn poly11(z: f64) -> f64 {
    let [a, b, c, d, e, f, g, h, i, j, k] = ATAN;
    let w = z * z;
    (a + w * (c + w * (e + w * (g + w * (i + w * k))))) + z * (b + w * (d + w * (f + w * (h + w * j))))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn axes_are_exact() {
        for (degrees, expected) in
            [(0.0, (0.0, 1.0)), (90.0, (1.0, 0.0)), (180.0, (0.0, -1.0)), (270.0, (-1.0, 0.0)), (-90.0, (-1.0, 0.0))]
        {
            let (sin, cos) = sin_cos(degrees);
            assert_eq!((sin + 0.0, cos + 0.0), expected, "{degrees}");
        }
        assert_eq!([atan2(0.0, 0.0), atan2(1.0, 0.0), atan2(0.0, -1.0), atan2(-1.0, 1.0)], [0.0, 90.0, 180.0, -45.0]);
        assert!(atan2(f64::NAN, 1.0).is_nan() && atan2(1.0, f64::NAN).is_nan());
        assert_eq!(mod360(-1e-20), 0.0);
        assert!(sin_cos(f64::INFINITY).0.is_nan() && sin_cos(1e300).0.abs() <= 1.0);
    }

    proptest! {
        #[test]
        fn functions_are_those_of_std(degrees in -1e4..1e4, x in -1e3..1e3, y in -1e3..1e3, small in -300..0_i32) {
            let (sin, cos) = sin_cos(degrees);
            let (s, c) = (degrees % 360.0).to_radians().sin_cos();
            prop_assert!((sin - s).abs() < 2e-15 && (cos - c).abs() < 2e-15, "{sin} {s} {cos} {c}");
            for y in [y, y * 10_f64.powi(small)] {
                let (ours, std) = (atan2(y, x), y.atan2(x).to_degrees());
                prop_assert!((ours - std).abs() <= 4e-16 * std.abs(), "{ours} {std}");
            }
        }

        #[test]
        fn position_is_the_inverse_of_unit(lat in -90.0..90.0, lon in -720.0..720.0) {
            let (lat2, lon2) = position(unit(lat, lon));
            prop_assert!(distance((lat, lon), (lat2, lon2)) < 1e-13);
            prop_assert!((0.0..360.0).contains(&lon2));
        }
    }
}
