//! A look at values, for a person.

use std::{fmt::Write as _, io::Write as _};

use rpnfst::{BaseType, Field, LostPlanes};

use super::Source;
use crate::{
    args::{Get, Global},
    columns::{self, Row},
    number::{Number, dims, significant},
    output::{self, HEADER, Out, printable},
    report::{Report, Result},
    stat::{Stats, brief},
    words::{self, Meaning},
};

/// Values shown from the beginning of a record, and characters of a text.
const FIRST: usize = 8;
const CHARACTERS: usize = 400;

/// Shows the records one after the other.
pub(crate) fn run(sources: &[Source], args: &Get, global: &Global, report: &mut Report) -> Result {
    let mut out = output::stdout(global.color);
    let options = global.reading().lost_planes(LostPlanes::Omit);
    for source in sources {
        let records = source.rows().map(|row| row.record);
        let fields = source.file.map_many(records, &options, |record, field| {
            field.map(|field| {
                let (field, meaning) = words::taken(record, field, args.words.words_as);
                let stats = Stats::of(record, &field, meaning);
                (field, meaning, stats)
            })
        });
        for (row, (_, field)) in source.rows().zip(fields) {
            match field {
                Ok((field, meaning, stats)) => show(&row, sources.len() > 1, (&field, meaning), &stats, &mut out)?,
                Err(error) => report.library_error(&error),
            }
        }
    }
    Ok(out.finish()?)
}

fn show(
    row: &Row<'_>,
    several_files: bool,
    (field, meaning): (&Field, Meaning),
    stats: &Stats,
    out: &mut Out,
) -> Result {
    let style = out.style(HEADER);
    let record = row.record;
    let (index, nomvar) = (row.index, record.nomvar());
    let path = if several_files { format!("{}: ", printable(row.path)) } else { String::new() };
    writeln!(out, "{path}{style}record {index}: {nomvar}{style:#} {} {}", record.typvar(), record.etiket())?;
    let mut line = |name: &str, text: &str| writeln!(out, "  {name:8} {text}");
    line("level", &columns::level(record))?;
    let valid = record.datev().to_civil().map_or_else(|_| "-".to_owned(), |time| time.to_string());
    line("valid", &format!("{valid}, hour {}", significant(record.hour(), 8)))?;
    let (ni, nj, nk) = dims(field);
    let nk = if record.lost_planes() > 0 { record.nk() as usize } else { nk };
    let data_type = record.data_type();
    if meaning == Meaning::Words {
        line("words", &format!("{} of 32 bits, binary; type {data_type}", stats.count))?;
        return Ok(writeln!(out)?);
    }
    let kind = field.values().kind();
    let taken = if data_type.base() == BaseType::Raw { ", words taken as " } else { ", " };
    line("values", &format!("{ni} x {nj} x {nk}{taken}{kind}; type {data_type}, {} bits", record.pack_bits()))?;
    if meaning == Meaning::Characters {
        line("text", &text(field))?;
        writeln!(out)?;
        return Ok(());
    }
    if stats.missing + stats.nan > 0 {
        line("missing", &format!("{}, other NaN {}", stats.missing, stats.nan))?;
    }
    if field.values().is_empty() {
        return Ok(writeln!(out)?);
    }
    for (name, extreme) in [("min", stats.min), ("max", stats.max)] {
        if let Some((value, [i, j, k])) = extreme {
            line(name, &format!("{} at ({i}, {j}, {k})", brief(value)))?;
        }
    }
    if let (Some(mean), Some(std)) = (stats.mean, stats.std) {
        line("mean", &format!("{}, standard deviation {}", significant(mean, 7), significant(std, 7)))?;
    }
    let value = |at: usize| Number::at(field.values(), at).map_or_else(String::new, brief);
    let mut corners = String::new();
    let mut seen = Vec::new();
    for (i, j) in
        [(0, 0), (ni.saturating_sub(1), 0), (0, nj.saturating_sub(1)), (ni.saturating_sub(1), nj.saturating_sub(1))]
    {
        if !seen.contains(&(i, j)) && i + ni * j < field.values().len() {
            seen.push((i, j));
            let _ = write!(corners, "({}, {}) {}   ", i + 1, j + 1, value(i + ni * j));
        }
    }
    line("corners", corners.trim_end())?;
    let first: Vec<_> = (0..field.values().len().min(FIRST)).map(value).collect();
    let more = if field.values().len() > FIRST { " ..." } else { "" };
    line("first", &format!("{}{more}", first.join(" ")))?;
    Ok(writeln!(out)?)
}

fn text(field: &Field) -> String {
    let bytes = field.as_slice::<u8>().unwrap_or_default();
    let shown = &bytes[..bytes.len().min(CHARACTERS)];
    let more = if shown.len() < bytes.len() { "..." } else { "" };
    format!("{}{more}", printable(&String::from_utf8_lossy(shown)))
}
