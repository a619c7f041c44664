//! Parameters of grids as the four integers of records.

use rpnfst_grids::{
    Domain, Error as GridError, Geometry, Grid, PolarStereographic, Projection, Structured, descriptor,
};

/// ig1 to ig4 of a grid that they describe; `None` for one that needs positional records.
pub(super) fn parameters(grid: &Grid) -> Result<Option<[u32; 4]>, GridError> {
    let letter = grid.letter();
    let xg = match grid.geometry() {
        Geometry::Structured(grid) => match (letter, grid.projection()) {
            (b'A' | b'B' | b'G', _) => {
                let domain = match grid.domain() {
                    Domain::Global => 0,
                    Domain::North => 1,
                    Domain::South => 2,
                };
                return Ok(Some([domain, u32::from(grid.reversed()), 0, 0]));
            }
            (b'L' | b'C', _) => lat_lon(grid),
            (b'E' | b'N' | b'S', projection) => return reference_of(projection).map(|(_, ig)| Some(ig)),
            _ => return Ok(None),
        },
        Geometry::Radar(radar) => {
            let (lat, lon) = radar.place();
            [lat, lon, radar.range_step(), radar.azimuth_step()]
        }
        Geometry::Station(station) => [station.lat, station.lon, 0.0, 0.0],
        Geometry::None => return Ok(Some([0; 4])),
        _ => return Ok(None),
    };
    exact(letter, xg).map(Some)
}

fn lat_lon(grid: &Structured) -> [f64; 4] {
    let step = |axis: &rpnfst_grids::Axis| if axis.len() > 1 { axis.value(2.0) - axis.value(1.0) } else { 1.0 };
    let (x, y) = (grid.ax(), grid.ay());
    [y.value(1.0), x.value(1.0), step(y), step(x)]
}

/// The letter and the integers of the reference grid of axes.
pub(super) fn reference_of(projection: &Projection) -> Result<(u8, [u32; 4]), GridError> {
    let (letter, xg) = match projection {
        Projection::LatLon { lat0, lon0, dlat, dlon } => (b'L', [*lat0, *lon0, *dlat, *dlon]),
        Projection::Rotated(rotation) => (b'E', rotation.angles()),
        Projection::PolarStereographic(plane) => return polar(plane),
        _ => return Err(super::unwritable(b'Z')),
    };
    exact(letter, xg).map(|ig| (letter, ig))
}

fn polar(plane: &PolarStereographic) -> Result<(u8, [u32; 4]), GridError> {
    let letter = if plane.north() { b'N' } else { b'S' };
    let (pi, pj) = plane.pole();
    let xg = [pi, pj, plane.d60(), plane.dgrw()];
    let first = exact(letter, xg);
    if first.is_ok() {
        return first.map(|ig| (letter, ig));
    }
    // Where the pole was given by the place of point (1, 1), rounding may have led to the neighbour.
    let near = far_pole(plane);
    let ig = near.into_iter().find(|ig| descriptor::decode(letter, *ig).is_ok_and(|again| is_same(xg, again)));
    ig.map_or(first, Ok).map(|ig| (letter, ig))
}

/// Integers that give the pole by the place of point (1, 1), and their neighbours.
fn far_pole(plane: &PolarStereographic) -> Vec<[u32; 4]> {
    let (lat, lon) = plane.inverse(1.0, 1.0);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked")]
    let whole = |value: f64| Some(value.round()).filter(|v| (0.0..f64::from(1 << 24)).contains(v)).map(|v| v as u32);
    let mut all = Vec::new();
    let (unit, base3) = if plane.d60() > 204_700.0 { (1000.0, 32768) } else { (100.0, 0) };
    let dgrw = (10.0 * plane.dgrw()).round();
    let (turned, base4) = if dgrw < 0.0 { (-dgrw, 32768 + 16384) } else { (dgrw, 32768) };
    let (turned, base4) = if turned > 1800.0 { ((turned - 3600.0).abs(), base4 + 16384) } else { (turned, base4) };
    let (Some(length), Some(turned)) = (whole(plane.d60() / unit), whole(turned)) else { return all };
    let (Some(g3), Some(g4)) = (whole(lon * 32767.0 / 360.0), whole((90.0 - lat) * 16383.0 / 180.0)) else {
        return all;
    };
    for at3 in [g3, g3.saturating_sub(1), g3 + 1] {
        for at4 in [g4, g4.saturating_sub(1), g4 + 1] {
            all.push([length, turned, base3 + at3, base4 + at4]);
        }
    }
    all
}

/// The integers of a descriptor if they give the parameters back.
fn exact(letter: u8, xg: [f64; 4]) -> Result<[u32; 4], GridError> {
    let ig = descriptor::encode(letter, xg)?;
    let again = descriptor::decode(letter, ig)?;
    if is_same(xg, again) {
        return Ok(ig);
    }
    let names = match letter {
        b'N' | b'S' => ["pi", "pj", "d60", "dgrw"],
        b'E' => ["lat1", "lon1", "lat2", "lon2"],
        _ => ["lat0", "lon0", "dlat", "dlon"],
    };
    let wrong = names.into_iter().zip(xg).zip(again).find(|((_, a), b)| !is_near(*a, *b)).map(|(wrong, _)| wrong);
    let (name, value) = wrong.unwrap_or(("xg", f64::NAN));
    Err(GridError::Descriptor {
        letter: char::from(letter),
        name,
        value,
        reason: "which its four integers cannot say exactly",
    })
}

fn is_same(a: [f64; 4], b: [f64; 4]) -> bool {
    a.into_iter().zip(b).all(|(a, b)| is_near(a, b))
}

/// Angles may differ by turns.
fn is_near(a: f64, b: f64) -> bool {
    let apart = (a - b).abs();
    apart <= 1e-9 * a.abs().max(1.0) || (apart - 360.0).abs() < 1e-9
}
