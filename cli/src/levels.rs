//! `rpnfst levels`: the vertical coordinates of files.

use std::{io::Write as _, path::Path};

use rpnfst::{
    Error, File,
    geo::{Coordinate, Coordinates},
    grids::levels::{Level, Parameters},
};
use serde_json::{Map, Value, json};

use crate::{
    args::{Global, Levels},
    columns, input,
    output::{self, HEADER, Out},
    remote,
    report::{DAMAGED, Report, Result},
    table::{Head, Table},
};

/// Runs the command.
pub(crate) fn run(args: &Levels, global: &Global, report: &mut Report) -> Result {
    let mut out = if args.json { output::data() } else { output::stdout(global.color) };
    let paths = input::paths(&args.files, report)?;
    let mut first = true;
    for path in &paths {
        let Some(file) = input::open(path, global, report) else { continue };
        let path = &*remote::name(path);
        let coordinates = Coordinates::new(&file);
        let mut found_any = false;
        for found in coordinates.all() {
            found_any = true;
            let coordinate = match found {
                Ok(coordinate) => coordinate,
                Err(error) => {
                    let said = format!("{}: {error}", output::name(path));
                    match &error {
                        Error::Levels { record, .. } if record.nomvar != "!!" => report.note(said),
                        _ => report.error(DAMAGED, said),
                    }
                    continue;
                }
            };
            if args.json {
                let object = as_json(paths.several().then_some(path), &file, &coordinate);
                serde_json::to_writer(&mut out, &object)?;
                out.write_all(b"\n")?;
            } else {
                if !std::mem::replace(&mut first, false) {
                    writeln!(out)?;
                }
                show(path, &file, &coordinate, &mut out)?;
            }
        }
        if !found_any {
            report.note(format_args!("{}: no vertical coordinate", output::name(path)));
        }
    }
    Ok(out.finish()?)
}

/// The position of the coordinate's record in the listing of the file.
fn index(file: &File, coordinate: &Coordinate<'_>) -> Option<usize> {
    let record = coordinate.record?;
    file.records().iter().position(|other| std::ptr::eq(other, record))
}

/// The lists that differ from those before.
fn lists<'a>(coordinate: &'a Coordinate<'_>) -> Vec<(&'static str, &'a [Level])> {
    let levels = &coordinate.levels;
    let all = [("m", levels.momentum()), ("t", levels.thermodynamic()), ("w", levels.vertical_velocity())];
    let mut lists: Vec<(&'static str, &[Level])> = Vec::new();
    for (letter, list) in all {
        if !lists.iter().any(|(_, known)| *known == list) {
            lists.push((letter, list));
        }
    }
    lists
}

fn show(path: &Path, file: &File, coordinate: &Coordinate<'_>, out: &mut Out) -> Result {
    let style = out.style(HEADER);
    let levels = &coordinate.levels;
    let vcode = levels.vcode();
    writeln!(out, "{style}{}{style:#}", output::name(path))?;
    let mut line = |name: &str, text: String| writeln!(out, "  {name:12} {text}");
    line("coordinate", format!("{}, {}", vcode.number(), vcode.name()))?;
    let record = coordinate.record.zip(index(file, coordinate));
    if let Some((record, index)) = record {
        let tags = coordinate.tags.map_or_else(String::new, |[ip1, ip2]| format!(", for grids {ip1} {ip2}"));
        line("record", format!("{index}, {}{tags}", record.nomvar()))?;
    }
    let Parameters { top, reference, coefficients, field, large_scale_field, .. } = levels.parameters();
    if let Some(top) = top {
        line("top", format!("{top} Pa"))?;
    }
    if let Some(reference) = reference {
        line("reference", format!("{reference} Pa"))?;
    }
    let rcoef: Vec<_> = coefficients.iter().flatten().map(ToString::to_string).collect();
    if !rcoef.is_empty() {
        line("coefficients", rcoef.join(" "))?;
    }
    let fields: Vec<_> = [field, large_scale_field].into_iter().flatten().map(String::as_str).collect();
    if !fields.is_empty() {
        line("depends on", fields.join(" "))?;
    }
    let with_c = levels.table().is_some_and(|table| table.ni() == 4);
    let mut heads = vec![Head::left("of"), Head::right("ip1"), Head::left("level"), Head::right("a"), Head::right("b")];
    if with_c {
        heads.push(Head::right("c"));
    }
    let mut table = Table::new(heads);
    for (letter, list) in lists(coordinate) {
        for level in list {
            let value = level.value().map(|value| value.to_string()).unwrap_or_default();
            for cell in [letter, &level.ip1.to_string(), &value, &level.a.to_string(), &level.b.to_string()] {
                table.cell(cell);
            }
            if with_c {
                table.cell(&level.c.to_string());
            }
            table.end_row(out)?;
        }
    }
    table.finish(out)?;
    Ok(())
}

fn as_json(path: Option<&Path>, file: &File, coordinate: &Coordinate<'_>) -> Value {
    let mut object = Map::new();
    let mut put = |name: &str, value: Value| object.insert(name.to_owned(), value);
    if let Some(path) = path {
        put("path", json!(path.display().to_string()));
        if let Some(bytes) = columns::path_bytes(path) {
            put("path_bytes", json!(bytes));
        }
    }
    let levels = &coordinate.levels;
    let vcode = levels.vcode();
    put("vcode", json!(vcode.number()));
    put("kind", json!(vcode.kind()));
    put("version", json!(vcode.version()));
    put("name", json!(vcode.name()));
    put("index", json!(index(file, coordinate)));
    put("nomvar", json!(coordinate.record.map(|record| record.nomvar().to_string())));
    put("tags", json!(coordinate.tags));
    let all = [("m", levels.momentum()), ("t", levels.thermodynamic()), ("w", levels.vertical_velocity())];
    for (letter, list) in all {
        put(&format!("ip1_{letter}"), list.iter().map(|level| json!(level.ip1)).collect());
    }
    for (letter, list) in all {
        let level = |level: &Level| json!(level.value().ok().map(|value| value.value));
        put(&format!("level_{letter}"), list.iter().map(level).collect());
        put(&format!("a_{letter}"), list.iter().map(|level| json!(level.a)).collect());
        put(&format!("b_{letter}"), list.iter().map(|level| json!(level.b)).collect());
        put(&format!("c_{letter}"), list.iter().map(|level| json!(level.c)).collect());
    }
    let Parameters { top, reference, coefficients, field, large_scale_field, .. } = levels.parameters();
    put("ptop", json!(top));
    put("pref", json!(reference));
    put("rcoef", coefficients.iter().flatten().map(|r| json!(f64::from(*r))).collect());
    put("rfld", json!(field.as_deref().unwrap_or_default()));
    put("rfls", json!(large_scale_field.as_deref().unwrap_or_default()));
    put("dipm", json!(levels.momentum_diagnostic()));
    put("dipt", json!(levels.thermodynamic_diagnostic()));
    put("logp", json!(vcode.is_logarithmic()));
    Value::Object(object)
}
