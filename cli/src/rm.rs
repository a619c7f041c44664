//! `rpnfst rm`: deletes records, gives wasted space back.

use std::{collections::HashSet, io::Write as _, path::Path};

use rpnfst::{File, Record, Severity, WriteOptions, info::Details};

use crate::{
    args::{Global, Rm},
    columns::{Row, Shown},
    input, interrupt,
    links::{Fate, unlinked},
    number::records,
    output::{self, Out},
    output_file::{Hindrance, Output, open_in_place},
    progress,
    report::{DAMAGED, Report, Result, Stop},
    table::Table,
};

/// Runs the command.
pub(crate) fn run(args: &Rm, global: &Global, report: &mut Report) -> Result {
    if args.select.expr.is_none() && !args.compact {
        return Err(Stop::message(input::WHICH));
    }
    let query = input::query(args.select.expr.as_deref())?;
    // What a dead writer left is taken in with --unlock, and not deleted before anybody has seen it.
    let seen = input::seen(&args.file, args.unlock, global);
    let writer = if args.dry_run { None } else { Some(open_in_place(&args.file, args.unlock, report)?) };
    let Some(file) = input::open(&args.file, global, report) else { return Ok(()) };
    let hindrance = Hindrance::of(&args.file, &file, args.unlock, args.dry_run);
    let mut selected = if args.select.expr.is_some() { input::select(&file, &query) } else { Vec::new() };
    input::only_seen(&mut selected, seen);
    // Fields lose their grid with its descriptor: it goes when it is named, or with everything else.
    let all = args.descriptors || selected.len() == file.records().len();
    let spared = input::spared(input::spare_descriptors(&mut selected, &query, all));
    if selected.is_empty() && args.select.expr.is_some() {
        let spared = spared.map_or_else(String::new, |spared| format!(": {spared}"));
        report.error(DAMAGED, format_args!("no record selected{spared}"));
        if let Some(writer) = writer {
            writer.close().map_err(|e| Stop::message(e.to_string()))?;
        }
        hindrance.unseen().into_iter().for_each(|note| report.note(note));
        return Ok(());
    }
    let mut notes = unlinked(&fates(&file, &selected), "the file");
    notes.extend(spared);
    notes.extend(hindrance.unseen().map(str::to_owned));
    let mut out = if args.dry_run { output::stdout(global.color) } else { output::remarks(global) };
    let n = records(selected.len());
    let Some(mut writer) = writer else {
        show(&args.file, &file, &selected, &mut out, report)?;
        notes.iter().try_for_each(|note| writeln!(out, "{note}"))?;
        let then = hindrance.what().map_or_else(String::new, |what| format!("; {what}"));
        writeln!(out, "dry run: {n} would be deleted{then}")?;
        return Ok(out.finish()?);
    };
    interrupt::watch();
    if args.compact {
        // The writer stays open to keep others out until the new file has the name.
        compact(&args.file, &file, &selected, report)?;
        let saved = file.first().map_or(0, rpnfst::Member::size).saturating_sub(size(&args.file)?);
        show(&args.file, &file, &selected, &mut out, report)?;
        notes.iter().try_for_each(|note| writeln!(out, "{note}"))?;
        writeln!(out, "{n} deleted, {saved} bytes given back")?;
        return Ok(out.finish()?);
    }
    for (_, record) in &selected {
        writer.delete(record).map_err(|e| Stop::message(e.to_string()))?;
    }
    writer.close().map_err(|e| Stop::message(e.to_string()))?;
    show(&args.file, &file, &selected, &mut out, report)?;
    notes.iter().try_for_each(|note| writeln!(out, "{note}"))?;
    writeln!(out, "{n} deleted")?;
    Ok(out.finish()?)
}

/// What becomes of all records.
fn fates<'a>(file: &'a File, doomed: &[(usize, &Record)]) -> Vec<Fate<'a>> {
    let doomed: HashSet<_> = doomed.iter().map(|(index, _)| *index).collect();
    let fate = |(index, before)| {
        let after = (!doomed.contains(&index)).then_some(before);
        Fate { before, after, stays: after.is_some() }
    };
    file.records().iter().enumerate().map(fate).collect()
}

fn size(path: &Path) -> Result<u64> {
    let there = std::fs::metadata(path).map_err(|e| Stop::message(format!("{}: {e}", path.display())))?;
    Ok(there.len())
}

fn show(path: &Path, file: &File, selected: &[(usize, &Record)], out: &mut Out, report: &mut Report) -> Result {
    if selected.is_empty() {
        return Ok(());
    }
    let columns = Shown::for_people(false);
    let mut table = Table::new(columns.iter().map(|column| column.head()).collect()).for_terminal();
    let path = path.display().to_string();
    for &(index, record) in selected {
        let row = Row { path: &path, file_number: 0, file, index, record };
        for column in &columns {
            table.cell(&column.text(&row, report));
        }
        table.end_row(out)?;
    }
    Ok(table.finish(out)?)
}

/// Replaces the file by one that has all records but those selected.
fn compact(path: &Path, file: &File, selected: &[(usize, &Record)], report: &mut Report) -> Result {
    let name = path.display();
    if file.problems().any(|(_, problem)| problem.severity == Severity::Damage) {
        return Err(Stop::message(format!("{name}: damaged; `rpnfst salvage` saves what can be read")));
    }
    let Some(info) = file.first().map(rpnfst::Member::info) else { return Ok(()) };
    if let Details::Rsf { embedded_files: n @ 1.., .. } = info.details {
        return Err(Stop::message(format!("{name}: {n} embedded files would be lost")));
    }
    let options = WriteOptions::new().container(info.container);
    let mut output = Output::replace(path, &options)?;
    let bar = progress::records(file.records().len(), "compact", false, report);
    let mut doomed = selected.iter().map(|(index, _)| *index).peekable();
    for (index, record) in file.records().iter().enumerate() {
        interrupt::check()?;
        bar.inc(1);
        if doomed.next_if_eq(&index).is_none() {
            match output.writer.copy(file, record) {
                Err(e) if e.is_deleted_record() => {} // in its own header only
                copied => copied.map(drop).map_err(|e| Stop::message(output.message(&e)))?,
            }
        }
    }
    progress::done(&bar, report);
    match output.complete()? {
        Some(draft) => draft.publish(true),
        None => Ok(()),
    }
}
