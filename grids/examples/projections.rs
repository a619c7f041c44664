//! Prints grids with the texts of their projections, and positions of all of their points: a JSON object a line.
//! `.ci/projections.py` compares them with what PROJ and GDAL find.

use rpnfst_grids::{Attribute, Geometry, Grid, LambertEntry, Structured};
use serde_json::{Map, Value, json};

fn main() -> Result<(), rpnfst_grids::Error> {
    let axis = |first: f64, step: f64, n: u8| (0..n).map(|k| first + step * f64::from(k)).collect::<Vec<_>>();
    let described = |letter, ig| Grid::new(letter, 12, 8, ig);
    let rotated = [1250, 600, 56800, 12800];
    let on = |letter, ig, x, y| Grid::from_axes(b'Z', letter, ig, x, y);
    let entry = LambertEntry {
        lat11: 20.0,
        lon11: -125.0,
        dx: 25_000.0,
        dy: 25_000.0,
        projection_lon: -100.0,
        projection_lat: 32.5,
        parallels: [45.0, 60.0],
        ni: 12,
        nj: 9,
    };
    let grids = [
        ("A", described(b'A', [0, 0, 0, 0])?),
        ("A, from the north", described(b'A', [1, 1, 0, 0])?),
        ("B", described(b'B', [0, 0, 0, 0])?),
        ("G, south", described(b'G', [2, 1, 0, 0])?),
        ("L", described(b'L', [250, 400, 4500, 35000])?),
        ("N", described(b'N', [510, 510, 2100, 600])?),
        ("N, new style", described(b'N', [250, 0, 29961, 42019])?),
        ("S", described(b'S', [40, 60, 2100, 6000])?),
        ("S, new style", described(b'S', [150, 100, 5935, 63925])?),
        ("E", described(b'E', rotated)?),
        ("E, not rotated", described(b'E', [900, 0, 43200, 43200])?),
        ("!", Grid::lambert(&entry)?),
        ("!, one parallel", Grid::lambert(&LambertEntry { parallels: [50.0, 50.0], ..entry })?),
        ("Z on E", on(b'E', rotated, axis(150.0, 3.5, 12), axis(-20.0, 2.25, 9))?),
        ("Z on E, another", on(b'E', [550, 1200, 56800, 12801], axis(350.0, 3.0, 10), axis(-70.0, 15.0, 10))?),
        ("Z on L", on(b'L', [100, 100, 9000, 0], axis(-30.0, 5.0, 12), axis(20.0, 7.0, 9))?),
        ("Z on L, shifted", on(b'L', [50, 200, 10000, 3000], axis(0.0, 5.0, 12), axis(20.0, 7.0, 9))?),
        ("Z on N", on(b'N', [510, 510, 2100, 600], axis(20.5, 5.0, 12), axis(30.25, 7.0, 9))?),
        ("Z on S", on(b'S', [40, 60, 2100, 6000], axis(-3.0, 2.0, 12), axis(0.0, 1.5, 9))?),
    ];
    for (name, grid) in &grids {
        if let Geometry::Structured(grid) = grid.geometry() {
            print(name, grid);
        }
    }
    Ok(())
}

fn print(name: &str, grid: &Structured) {
    let (Some(crs), Some((x, y))) = (grid.crs(), grid.crs_axes()) else { return };
    let points = (1..=grid.nj()).flat_map(|j| (1..=grid.ni()).map(move |i| grid.point(i as f64, j as f64)));
    let (lat, lon): (Vec<f64>, Vec<f64>) = points.unzip();
    let value = |attribute: &Attribute| match attribute {
        Attribute::Text(text) => json!(text),
        Attribute::Number(number) => json!(number),
        Attribute::Numbers(numbers) => json!(numbers),
        _ => Value::Null,
    };
    let mapping = crs.cf_grid_mapping();
    let cf: Map<String, Value> = mapping.attributes.iter().map(|(name, a)| ((*name).to_owned(), value(a))).collect();
    let line = json!({
        "name": name, "proj": crs.proj_string(), "wkt": crs.wkt2(), "cf": cf, "radius": crs.radius(),
        "x": x, "y": y, "lat": lat, "lon": lon,
    });
    println!("{line}");
}
