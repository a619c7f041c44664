//! `rpnfst edit`: changes attributes of records in place.

use std::io::Write as _;

use rpnfst::{
    Container, File, NewRecord, Record,
    record::{Cell, Column},
};

use crate::{
    args::{Edit, Global},
    attributes::Attributes,
    input, interrupt,
    number::records,
    output::{self, HEADER, Out, printable},
    output_file::open_in_place,
    report::{DAMAGED, Report, Result, Stop},
};

/// What is shown when it changes.
const SHOWN: [Column; 20] = [
    Column::Nomvar,
    Column::Typvar,
    Column::Etiket,
    Column::Grtyp,
    Column::Dateo,
    Column::OriginTime,
    Column::Datev,
    Column::ValidTime,
    Column::Deet,
    Column::Npas,
    Column::Ip1,
    Column::Level,
    Column::LevelUnit,
    Column::LevelKind,
    Column::Ip2,
    Column::Ip3,
    Column::Ig1,
    Column::Ig2,
    Column::Ig3,
    Column::Ig4,
];

/// A record and what becomes of it.
struct Change<'a> {
    index: usize,
    record: &'a Record,
    attributes: NewRecord,
    /// Each field that changes, with its old and its new value.
    fields: Vec<(&'static str, String, String)>,
}

/// Runs the command.
pub(crate) fn run(args: &Edit, global: &Global, report: &mut Report) -> Result {
    let attributes = Attributes::parse(&args.set)?;
    let query = input::query(args.select.expr.as_deref())?;
    // Opening for writing comes first: it may take in what a dead writer left.
    let writer = if args.yes { Some(open_in_place(&args.file, args.unlock)?) } else { None };
    let Some(file) = input::open(&args.file, global, report) else { return Ok(()) };
    if file.info(0).is_some_and(|info| info.container == Container::XdfSequential) {
        let what = "records of sequential files cannot be edited; `rpnfst cp --container xdf` makes a random file";
        return Err(Stop::message(format!("{}: {what}", args.file.display())));
    }
    let selected = input::select(&file, &query);
    if selected.is_empty() {
        report.error(DAMAGED, "no record selected");
        return Ok(());
    }
    // All of it is checked before anything is done.
    let changes = selected.iter().map(|(index, record)| change(&file, *index, record, &attributes));
    let changes: Vec<_> = changes.collect::<Result<_>>()?;
    let changes: Vec<_> = changes.into_iter().filter(|change| !change.fields.is_empty()).collect();
    let mut out = if args.yes { output::remarks(global) } else { output::stdout(global.color) };
    let (n, same) = (records(changes.len()), selected.len() - changes.len());
    if let Some(mut writer) = writer {
        // All or nothing of it: neither Ctrl-C nor a closed pipe comes between two records.
        interrupt::watch();
        for (done, change) in changes.iter().enumerate() {
            if let Err(e) = writer.edit(change.record, &change.attributes) {
                let closed = writer.close().map_or_else(|e| format!("; {e}"), |()| String::new());
                return Err(Stop::message(format!("{e}; {} before it changed{closed}", records(done))));
            }
        }
        writer.close().map_err(|e| Stop::message(e.to_string()))?;
        changes.iter().try_for_each(|change| show(change, &mut out))?;
        writeln!(out, "{n} changed, {same} as wanted already")?;
    } else {
        changes.iter().try_for_each(|change| show(change, &mut out))?;
        writeln!(out, "dry run: {n} would change, {same} as wanted already; --yes does it")?;
    }
    Ok(out.finish()?)
}

fn change<'a>(file: &File, index: usize, record: &'a Record, wanted: &Attributes) -> Result<Change<'a>> {
    let igs = [record.ig1(), record.ig2(), record.ig3(), record.ig4()];
    let wanted = wanted.of(record).map_err(|what| Stop::message(format!("record {index}: {what}")))?;
    let attributes = wanted.apply(NewRecord::from(record), igs);
    let wrong = |e: rpnfst::FieldError| Stop::message(format!("record {index}: {e}"));
    let edited = attributes.preview(record).map_err(wrong)?;
    let mut fields = Vec::new();
    for column in SHOWN {
        let (old, new) = (column.of(record), column.of(&edited));
        if old != new {
            fields.push((column.name(), text(&old), text(&new)));
        }
    }
    // A stamp says less than its time, where there is one.
    for (time, stamp) in [("origin_time", "dateo"), ("valid_time", "datev")] {
        if fields.iter().any(|(name, ..)| *name == time) {
            fields.retain(|(name, ..)| *name != stamp);
        }
    }
    if let Some(new) = wanted.metadata() {
        let old = file.metadata_text(record).map_err(|e| Stop::message(e.to_string()))?.unwrap_or_default();
        if old != new {
            if !record.has_metadata() {
                let what = "has no extended metadata, and no room for some";
                return Err(Stop::message(format!("record {index}: {what}")));
            }
            fields.push(("metadata", old, new.to_owned()));
        }
    }
    Ok(Change { index, record, attributes, fields })
}

fn text(cell: &Cell) -> String {
    match cell {
        Cell::Null => "-".to_owned(),
        Cell::Text(text) if text.is_empty() => "''".to_owned(),
        cell => cell.to_string(),
    }
}

fn show(change: &Change<'_>, out: &mut Out) -> Result {
    let record = change.record;
    let style = out.style(HEADER);
    write!(
        out,
        "{style}record {}: {}{style:#} {} {}:",
        change.index,
        record.nomvar(),
        record.typvar(),
        record.etiket()
    )?;
    for (k, (name, old, new)) in change.fields.iter().enumerate() {
        let comma = if k == 0 { "" } else { "," };
        write!(out, "{comma} {name} {} -> {}", printable(old), printable(new))?;
    }
    Ok(writeln!(out)?)
}
