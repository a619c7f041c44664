//! One grid in full, for a person.

use std::io::Write as _;

use rpnfst::{
    File,
    geo::{Geometry, Grid},
    grids::{Attribute, Crs, GridMapping},
};

use super::{
    Found,
    words::{Words, place},
};
use crate::{
    output::{HEADER, Out, printable},
    report::Result,
};

/// Shows a grid.
pub(super) fn write(file: &File, found: &Found<'_>, grid: &Grid, out: &mut Out) -> Result {
    let style = out.style(HEADER);
    let (record, index) = (found.record, found.index);
    writeln!(out, "{style}record {index}: {}{style:#} on grid type {}", record.nomvar(), record.grtyp())?;
    let words = Words::of(grid);
    let (ni, nj) = (grid.ni(), grid.nj());
    let mut line = |name: &str, text: &str| writeln!(out, "  {name:11} {}", printable(text));
    line("type", record.grtyp().describe().unwrap_or("unknown"))?;
    line("kind", &words.what)?;
    line("size", &format!("{ni} x {nj}, {} points", grid.len()))?;
    line("ig1 to ig4", &format!("{} {} {} {}", record.ig1(), record.ig2(), record.ig3(), record.ig4()))?;
    if words.reference != "-" {
        line("reference", &words.reference)?;
    }
    for (name, text, unit) in [("step", &words.step, ""), ("resolution", &words.km, " km in the middle")] {
        if text != "-" {
            line(name, &format!("{text}{unit}"))?;
        }
    }
    line("latitudes", &words.lat)?;
    line("longitudes", &words.lon)?;
    line("poles", words.pole)?;
    line("wraps", if grid.wraps() { "yes" } else { "no" })?;
    if grid.has_positions() && !matches!(grid.geometry(), Geometry::Cloud(_) | Geometry::Mesh(_)) {
        let mut corners = vec![(1, 1), (ni, 1), (1, nj), (ni, nj)];
        corners.dedup();
        for (i, j) in corners {
            line("point", &format!("({i}, {j})  {}", place(grid.point(i as f64, j as f64))))?;
        }
    }
    for (name, crs) in systems(grid) {
        line("PROJ", &format!("{name}{}", crs.proj_string()))?;
        line("CF", &format!("{name}{}", attributes(&crs.cf_grid_mapping())))?;
        line("WKT", &format!("{name}{}", crs.wkt2()))?;
    }
    let others = file.records().iter().filter(|other| !other.is_descriptor());
    let count = others.filter(|other| file.grid(other).is_ok_and(|other| other.same(grid))).count();
    line("records", &count.to_string())?;
    Ok(())
}

/// The projections of a grid: one, or those of its two halves.
pub(super) fn systems(grid: &Grid) -> Vec<(&'static str, Crs)> {
    match grid.geometry() {
        Geometry::YinYang(pair) => {
            let [yin, yang] = pair.grids();
            [("Yin: ", yin.crs()), ("Yang: ", yang.crs())]
                .into_iter()
                .filter_map(|(name, crs)| Some((name, crs?)))
                .collect()
        }
        _ => grid.crs().map(|crs| ("", crs)).into_iter().collect(),
    }
}

fn attributes(mapping: &GridMapping) -> String {
    let texts = mapping.attributes.iter().map(|(name, value)| match value {
        Attribute::Text(text) => format!("{name}={text}"),
        Attribute::Number(number) => format!("{name}={number}"),
        Attribute::Numbers(numbers) => format!("{name}={numbers:?}"),
        _ => String::new(),
    });
    texts.collect::<Vec<_>>().join(" ")
}
