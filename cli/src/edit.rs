//! `rpnfst edit`: changes attributes of records in place.

use std::{collections::HashMap, io::Write as _};

use rpnfst::{
    Attributes, Container, File, Record,
    record::{Cell, Column},
};

use crate::{
    args::{Edit, Global},
    input, interrupt,
    links::{Fate, unlinked},
    number::records,
    output::{self, HEADER, Out, printable},
    output_file::{Hindrance, open_in_place},
    report::{DAMAGED, Report, Result, Stop, UNUSABLE},
    settings::{Left, Settings},
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
    attributes: Attributes,
    edited: Record,
    left: Left,
    /// Each field that changes, with its old and its new value.
    fields: Vec<(&'static str, String, String)>,
}

/// Runs the command.
pub(crate) fn run(args: &Edit, global: &Global, report: &mut Report) -> Result {
    let wanted = Settings::parse(&args.set, global.calendar())?;
    let query = input::query(args.select.expr.as_deref())?;
    // Opening for writing comes first: it may take in what a dead writer left.
    let seen = input::seen(&args.file, args.unlock, global);
    let writer = if args.yes { Some(open_in_place(&args.file, args.unlock, report)?) } else { None };
    let Some(file) = input::open(&args.file, global, report) else { return Ok(()) };
    let hindrance = Hindrance::of(&args.file, &file, args.unlock, !args.yes);
    if file.first().is_some_and(|member| member.container() == Container::XdfSequential) {
        let what = "records of sequential files cannot be edited; `rpnfst cp --container xdf` makes a random file";
        return Err(Stop::message(format!("{}: {what}", args.file.display())));
    }
    let mut selected = input::select_readable(&file, &query, report);
    input::only_seen(&mut selected, seen);
    // What describes grids is changed when it is meant: fields refer to it by numbers.
    let spared = input::spared(input::spare_descriptors(&mut selected, &query, args.descriptors));
    if selected.is_empty() {
        let spared = spared.map_or_else(String::new, |spared| format!(": {spared}"));
        report.error(DAMAGED, format_args!("no record selected{spared}"));
        hindrance.unseen().into_iter().for_each(|note| report.note(note));
        return Ok(());
    }
    // All of it is checked before anything is done.
    let changes = selected.iter().map(|(index, record)| change(&file, *index, record, &wanted));
    let changes = all_or_none(changes, report)?;
    let mut left = Left::default();
    for change in &changes {
        left += change.left;
    }
    let changes: Vec<_> = changes.into_iter().filter(|change| !change.fields.is_empty()).collect();
    let mut notes = left.lines();
    notes.extend(unlinked(&fates(&file, &changes), "the file"));
    notes.extend(spared);
    notes.extend(hindrance.unseen().map(str::to_owned));
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
        notes.iter().try_for_each(|note| writeln!(out, "{note}"))?;
        writeln!(out, "{n} changed, {same} as wanted already")?;
    } else {
        changes.iter().try_for_each(|change| show(change, &mut out))?;
        notes.iter().try_for_each(|note| writeln!(out, "{note}"))?;
        let then = hindrance.what().unwrap_or_else(|| "--yes does it".to_owned());
        writeln!(out, "dry run: {n} would change, {same} as wanted already; {then}")?;
    }
    Ok(out.finish()?)
}

/// What becomes of all records.
fn fates<'a>(file: &'a File, changes: &'a [Change<'_>]) -> Vec<Fate<'a>> {
    let edited: HashMap<_, _> = changes.iter().map(|change| (change.index, &change.edited)).collect();
    let fate =
        |(index, before)| Fate { before, after: Some(edited.get(&index).copied().unwrap_or(before)), stays: true };
    file.records().iter().enumerate().map(fate).collect()
}

/// The changes, or why some records cannot be changed.
fn all_or_none<'a>(
    changes: impl Iterator<Item = Result<Change<'a>, String>>,
    report: &mut Report,
) -> Result<Vec<Change<'a>>> {
    let (mut good, mut refused) = (Vec::new(), 0);
    for change in changes {
        match change {
            Ok(change) => good.push(change),
            Err(what) => {
                refused += 1;
                report.error(UNUSABLE, what);
            }
        }
    }
    if refused == 0 {
        return Ok(good);
    }
    Err(Stop::message(format!("{} cannot be changed so: nothing is changed", records(refused))))
}

fn change<'a>(file: &File, index: usize, record: &'a Record, wanted: &Settings) -> Result<Change<'a>, String> {
    let wrong = |what: &dyn std::fmt::Display| format!("record {index}: {what}");
    let igs = [record.ig1(), record.ig2(), record.ig3(), record.ig4()];
    let wanted = wanted.for_record(record).map_err(|what| wrong(&what))?;
    let attributes = wanted.apply(Attributes::from(record), igs);
    attributes.check().map_err(|e| wrong(&e))?;
    let mut metadata = None;
    if let Some(new) = wanted.metadata() {
        let old = file.metadata_text(record).map_err(|e| e.to_string())?.unwrap_or_default();
        if old != new {
            metadata = Some(("metadata", old, new.to_owned()));
        }
    }
    let edited = attributes.preview(record).map_err(|e| wrong(&e))?;
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
    fields.extend(metadata);
    Ok(Change { index, record, attributes, edited, left: wanted.left(), fields })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_that_can_be_set_is_shown() {
        for column in Column::ALL.iter().filter(|column| column.setting().is_some()) {
            assert!(SHOWN.contains(column), "{}", column.name());
        }
    }
}
