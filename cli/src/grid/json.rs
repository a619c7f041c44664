//! Grids as JSON.

use std::io::Write as _;

use rpnfst::{
    geo::{Geometry, Grid},
    grids::{Attribute, GridMapping, Structured},
};
use serde_json::{Map, Value, json};

use super::{
    Found,
    words::{middle, reference, what},
};
use crate::{output::Out, report::Result};

/// Writes a line.
pub(super) fn write(path: &str, found: &Found<'_>, out: &mut Out) -> Result {
    let record = found.record;
    let mut object = Map::new();
    let mut put = |name: &str, value: Value| object.insert(name.to_owned(), value);
    put("path", path.into());
    put("of", found.index.into());
    put("records", found.records.into());
    put("grtyp", record.grtyp().to_string().into());
    put("ni", record.ni().into());
    put("nj", record.nj().into());
    for (name, ig) in [("ig1", record.ig1()), ("ig2", record.ig2()), ("ig3", record.ig3()), ("ig4", record.ig4())] {
        put(name, ig.into());
    }
    match &found.grid {
        Ok(grid) => describe(grid, &mut object),
        Err(error) => {
            put("error", error.as_str().into());
        }
    }
    serde_json::to_writer(&mut *out, &object)?;
    Ok(out.write_all(b"\n")?)
}

fn describe(grid: &Grid, object: &mut Map<String, Value>) {
    let mut put = |name: &str, value: Value| object.insert(name.to_owned(), value);
    put("reference", reference(grid).map(String::from).into());
    put("kind", kind(grid).into());
    put("what", what(grid).into());
    put("points", grid.len().into());
    let (dx, dy) = middle(grid).map_or((None, None), |(dx, dy)| (Some(dx), Some(dy)));
    put("dx_km", dx.into());
    put("dy_km", dy.into());
    let extent = grid.extent();
    let known = |value: f64| value.is_finite().then_some(value);
    put("lat_min", known(extent.lat[0]).into());
    put("lat_max", known(extent.lat[1]).into());
    put("lon_west", known(extent.lon[0]).into());
    put("lon_east", known(extent.lon[1]).into());
    put("whole", extent.whole.into());
    put("wraps", grid.wraps().into());
    let (north, south) = grid.contains_pole();
    put("north_pole", north.into());
    put("south_pole", south.into());
    match grid.geometry() {
        Geometry::Structured(part) => object.extend(plane(part)),
        Geometry::YinYang(pair) => {
            let parts = pair.grids().iter().map(|part| Value::Object(plane(part))).collect::<Vec<_>>();
            object.insert("subgrids".to_owned(), parts.into());
        }
        _ => {}
    }
}

/// A word for programs.
fn kind(grid: &Grid) -> &'static str {
    match grid.geometry() {
        Geometry::Structured(_) => "structured",
        Geometry::YinYang(_) => "yin_yang",
        Geometry::CubedSphere(_) => "cubed_sphere",
        Geometry::Radar(_) => "radar",
        Geometry::Station(_) => "station",
        Geometry::Curvilinear(_) => "curvilinear",
        Geometry::Mesh(_) => "mesh",
        Geometry::Cloud(_) => "points",
        _ => "none",
    }
}

/// The projection of columns and rows, and where they are on its plane.
fn plane(part: &Structured) -> Map<String, Value> {
    let crs = part.crs();
    let (x, y) = part.crs_axes().map_or((None, None), |(x, y)| (Some(x), Some(y)));
    let units = crs.map(|crs| if crs.is_geographic() { "degrees" } else { "m" });
    let members = [
        ("proj", crs.map(|crs| crs.proj_string()).into()),
        ("wkt2", crs.map(|crs| crs.wkt2()).into()),
        ("grid_mapping", crs.map_or(Value::Null, |crs| mapping(&crs.cf_grid_mapping()))),
        ("axis_units", units.into()),
        ("ax", x.map_or(Value::Null, |x| json!(x))),
        ("ay", y.map_or(Value::Null, |y| json!(y))),
    ];
    members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn mapping(mapping: &GridMapping) -> Value {
    let value = |value: &Attribute| match value {
        Attribute::Text(text) => Value::from(*text),
        Attribute::Number(number) => Value::from(*number),
        Attribute::Numbers(numbers) => json!(numbers),
        _ => Value::Null,
    };
    Value::Object(mapping.attributes.iter().map(|(name, of)| ((*name).to_owned(), value(of))).collect())
}
