//! `rpnfst vinterp`: fields on pressures or heights.

mod column;
mod groups;

use std::collections::{BTreeSet, HashSet};

use rpnfst::{Attributes, Container, Error, File, Member, Record, Rewrite, geo::Coordinates, record::Descriptors};

use self::{
    column::{Column, Wanted},
    groups::Groups,
};
use crate::{
    args::{Global, Vinterp},
    input, interrupt,
    number::records,
    output_file::Output,
    progress,
    report::{DAMAGED, Report, Result, Stop},
    same_file::FilesRead,
};

/// Runs the command.
pub(crate) fn run(args: &Vinterp, global: &Global, report: &mut Report) -> Result {
    let query = input::query(args.select.expr.as_deref())?;
    let paths = input::paths_beside(&args.output, &args.files, report)?;
    FilesRead::new(paths.files()).keep(&args.output)?;
    interrupt::watch();
    let levels = Wanted::of(args);
    let mut job = Job { args, global, wanted: &levels, output: None, written: 0, counts: Counts::default() };
    let (files, fewer) = paths.matching(&query, global);
    let (mut opened, mut selected) = (fewer, 0);
    for of in files {
        let Some(file) = input::open(of.path, global, report) else { continue };
        let wanted = input::select_readable(&file, &of.query, report);
        (opened, selected) = (true, selected + wanted.len());
        input::warn_of_lost_planes(of.path, wanted.iter().map(|(_, record)| *record), report);
        job.file(&file, &wanted, report)?;
    }
    if opened && selected == 0 {
        report.error(DAMAGED, "no record selected");
    }
    job.finish(report)
}

struct Job<'a> {
    args: &'a Vinterp,
    global: &'a Global,
    wanted: &'a Wanted,
    output: Option<Output>,
    written: usize,
    counts: Counts,
}

/// What there is to say at the end.
#[derive(Default)]
struct Counts {
    fields: usize,
    failed: usize,
    copied: BTreeSet<String>,
    /// Records that are on no level of their coordinate.
    left_out: usize,
}

impl Job<'_> {
    fn file(&mut self, file: &File, wanted: &[(usize, &Record)], report: &mut Report) -> Result {
        let descriptors = Descriptors::new(file.records());
        let coordinates = Coordinates::new(file);
        let groups = Groups::of(file.records(), wanted);
        let mut copied = HashSet::new();
        // The flags of values take over from the masks of fields.
        let masks = groups.columns.iter().flatten().filter_map(|record| descriptors.mask_of(record));
        let masks: HashSet<_> = masks.map(Record::file_index).collect();
        let bar = progress::records(groups.columns.len(), "vinterp", false, report);
        for group in &groups.columns {
            interrupt::check()?;
            let Some(head) = group.first().copied() else { continue };
            let column = Column { file, global: self.global, descriptors: &descriptors, wanted: self.wanted };
            let made = column.find(group, &groups, &coordinates).and_then(|levels| {
                self.counts.left_out += group.len() - levels.len();
                column.move_field(&levels)
            });
            bar.inc(1);
            match made {
                Ok(made) => {
                    self.companions(file, &descriptors, head, false, &mut copied, report)?;
                    let with_metadata = self.output(file)?.writer.container() == Container::Rsf;
                    let mut all = Vec::new();
                    for (level, field) in made {
                        let attributes = Attributes::from(head).without_metadata().level(level);
                        let attributes = match with_metadata.then(|| file.metadata_text(head)).transpose() {
                            Ok(Some(Some(text))) => attributes.metadata(text),
                            _ => attributes,
                        };
                        let masked = descriptors.mask_of(head).is_some();
                        let attributes = if masked { attributes.typvar(unmasked(head)) } else { attributes };
                        let missing = field.missing_count() > 0;
                        all.push((attributes.data_type(crate::holes::data_type(head, missing)), field));
                    }
                    let written: Vec<_> = self.output(file)?.writer.write_many(all).collect();
                    for result in written {
                        self.note(result.map(drop), report)?;
                    }
                    self.counts.fields += 1;
                }
                Err(error) => {
                    self.counts.failed += 1;
                    report.library_error(&error);
                }
            }
        }
        progress::done(&bar, report);
        for &(index, record) in &groups.others {
            interrupt::check()?;
            if record.is_descriptor() || masks.contains(&record.file_index()) {
                continue;
            }
            self.companions(file, &descriptors, record, true, &mut copied, report)?;
            self.counts.copied.insert(record.nomvar().to_string());
            self.copy(file, index, record, &mut copied, report)?;
        }
        Ok(())
    }

    /// Copies what a record refers to: axes and masks, and of records that stay on their level (`all`) its coordinate.
    fn companions(
        &mut self,
        file: &File,
        descriptors: &Descriptors<'_>,
        record: &Record,
        all: bool,
        copied: &mut HashSet<usize>,
        report: &mut Report,
    ) -> Result {
        for other in descriptors.of(record) {
            let vertical = other.nomvar() == "!!" || other.nomvar() == "HY";
            if !all && (vertical || other.typvar() == "@@") {
                continue;
            }
            if let Some(at) = input::index_of(file, other) {
                self.copy(file, at, other, copied, report)?;
            }
        }
        Ok(())
    }

    fn copy(
        &mut self,
        file: &File,
        index: usize,
        record: &Record,
        copied: &mut HashSet<usize>,
        report: &mut Report,
    ) -> Result {
        if !copied.insert(index) {
            return Ok(());
        }
        let output = self.output(file)?;
        let drops = record.has_metadata() && output.writer.container() != Container::Rsf;
        let attributes = drops.then(|| Attributes::from(record).without_metadata());
        let done = match &attributes {
            // Files of one run have the same descriptors.
            other if record.is_descriptor() => {
                output.writer.copy_with(file, record, other.as_ref(), Rewrite::Skip).map(drop)
            }
            Some(attributes) => output.writer.copy_as(file, record, attributes).map(drop),
            None => output.writer.copy(file, record).map(drop),
        };
        self.note(done, report)
    }

    fn note(&mut self, done: rpnfst::Result<()>, report: &mut Report) -> Result {
        match (done, &self.output) {
            (Ok(()), _) => self.written += 1,
            (Err(error @ Error::Io { .. }), Some(output)) => return Err(Stop::message(output.message(&error))),
            (Err(error @ Error::Full { .. }), Some(output)) if !output.writer.has_room() => {
                return Err(Stop::message(format!("{}: add --container rsf", output.message(&error))));
            }
            (Err(error), Some(output)) => {
                self.counts.failed += 1;
                output.report(&error, "", report);
            }
            (Err(error), None) => report.library_error(&error),
        }
        Ok(())
    }

    fn output(&mut self, file: &File) -> Result<&mut Output> {
        let output = match self.output.take() {
            Some(output) => output,
            None => self.args.new.begin(&self.args.output, file.first().map(Member::container))?,
        };
        Ok(self.output.insert(output))
    }

    fn finish(self, report: &mut Report) -> Result {
        let Counts { fields, failed, copied, left_out } = self.counts;
        if !copied.is_empty() {
            let names: Vec<_> = copied.iter().take(12).map(String::as_str).collect();
            let more = if copied.len() > 12 { ", ..." } else { "" };
            report.note(format_args!("copied as they are, not on several levels: {}{more}", names.join(", ")));
        }
        if left_out > 0 {
            let n = records(left_out);
            report.warning(0, format_args!("{n} left out of columns: their levels have no {}", self.wanted.name()));
        }
        if failed > 0 {
            report.warning(DAMAGED, format_args!("{failed} fields not interpolated, {fields} interpolated"));
        }
        if self.written == 0 && report.is_clean() {
            report.error(DAMAGED, "nothing to interpolate: only descriptors");
        }
        match self.output {
            Some(output) if self.written > 0 => output.finish(self.args.new.force),
            _ => Ok(()),
        }
    }
}

/// The typvar without the sign of a mask.
fn unmasked(record: &Record) -> String {
    record.typvar().as_str().trim_end_matches('@').to_owned()
}
