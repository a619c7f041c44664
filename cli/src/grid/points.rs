//! Latitudes and longitudes of the points of a grid, as files.

use std::{
    io::{self, Write},
    path::Path,
};

use rpnfst::geo::Grid;

use super::words::centred;
use crate::{
    npy::{Npz, Numbers},
    output::Out,
    report::{Result, Stop},
    sink::{self, Sink},
};

/// Writes the points to a file, in the format of its name; `-` is CSV on the standard output.
pub(super) fn write(grid: &Grid, output: &Path, force: bool, out: &mut Out) -> Result {
    if output.as_os_str() == "-" {
        return Ok(csv(grid, out)?);
    }
    let extension = output.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    let format: fn(&Grid, &mut dyn Write) -> io::Result<()> = match extension.to_ascii_lowercase().as_str() {
        "npz" => npz,
        "csv" => csv,
        "geojson" | "json" => geojson,
        _ => {
            let what = "no format goes with this name; use .npz, .csv or .geojson";
            return Err(Stop::message(format!("{}: {what}", output.display())));
        }
    };
    let mut sink = Sink::create(output, force)?;
    format(grid, &mut sink).map_err(|error| sink::named(error.into(), output))?;
    sink.finish()
}

fn npz(grid: &Grid, out: &mut dyn Write) -> io::Result<()> {
    let (lat, lon) = grid.points();
    let shape = [grid.nj(), grid.ni()];
    let mut archive = Npz::new(out);
    archive.add("lat", &shape, Numbers::Reals(&lat))?;
    archive.add("lon", &shape, Numbers::Reals(&lon))?;
    archive.finish()
}

/// Calls `each` with i, j, latitude and longitude.
fn points(grid: &Grid, mut each: impl FnMut(usize, usize, f64, f64) -> io::Result<()>) -> io::Result<()> {
    let (lat, lon) = grid.points();
    let ni = grid.ni().max(1);
    let mut places = lat.iter().zip(&lon).enumerate();
    places.try_for_each(|(at, (lat, lon))| each(at % ni + 1, at / ni + 1, *lat, *lon))
}

fn csv(grid: &Grid, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "i,j,lat,lon")?;
    points(grid, |i, j, lat, lon| {
        if lat.is_nan() || lon.is_nan() { writeln!(out, "{i},{j},,") } else { writeln!(out, "{i},{j},{lat:?},{lon:?}") }
    })
}

fn geojson(grid: &Grid, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(b"{\"type\":\"FeatureCollection\",\"features\":[")?;
    let mut comma = "";
    points(grid, |i, j, lat, lon| {
        let lon = centred(lon);
        write!(out, "{comma}\n{{\"type\":\"Feature\",\"properties\":{{\"i\":{i},\"j\":{j}}},\"geometry\":")?;
        comma = ",";
        if lat.is_nan() || lon.is_nan() {
            return out.write_all(b"null}");
        }
        write!(out, "{{\"type\":\"Point\",\"coordinates\":[{lon:?},{lat:?}]}}}}")
    })?;
    out.write_all(b"\n]}\n")
}
