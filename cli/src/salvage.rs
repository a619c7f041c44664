//! `rpnfst salvage`: what is readable of a damaged file.

use std::{collections::HashMap, io::Write as _};

use rpnfst::{
    Attributes, Container, DataType, File, LostPlanes, Origin, Record, Severity, Shape, WriteOptions,
    info::{Details, SegmentKind},
    record::Identity,
};

use crate::{
    args::{self, Global, Salvage, Unlock},
    input, interrupt, memory,
    number::records,
    output,
    output_file::Output,
    progress, remote,
    report::{DAMAGED, Report, Result, Stop, UNUSABLE},
    same_file::FilesRead,
};

/// Records in a page of an XDF directory.
const SLOTS: usize = 256;

/// What became of the records.
#[derive(Default)]
struct Saved<'a> {
    listed: usize,
    found: usize,
    deleted: usize,
    without_metadata: usize,
    /// Where a saved record begins, and its dimensions and packing: of contradicting descriptions of these the first that
    /// reads is taken. Where only other attributes differ, nothing says which are right, and all are saved.
    layouts: HashMap<u64, Layout>,
    /// Where saved records are, from and to.
    places: Vec<(u64, u64)>,
    /// How many records of these attributes a search found.
    again: HashMap<Key, usize>,
    /// Descriptions that gave nothing to save.
    failed: Vec<Failed<'a>>,
}

/// What is lost.
struct Lost<'a> {
    known: Vec<Failed<'a>>,
    /// Records of which only their number is known.
    unlisted: usize,
}

/// A description of a record that could not be saved.
struct Failed<'a> {
    record: &'a Record,
    origin: Origin,
    why: String,
}

impl Failed<'_> {
    fn is_of_directory(&self) -> bool {
        self.origin == Origin::Directory
    }
}

/// How the values of a record are to be read.
type Layout = (Shape, DataType, u8);

/// All that a directory says of a record but its place.
type Key = (Identity, Layout);

fn attributes(record: &Record) -> Key {
    (record.identity(), layout(record))
}

fn end(record: &Record) -> u64 {
    record.file_offset().saturating_add(record.total_stored_bytes())
}

fn layout(record: &Record) -> Layout {
    (record.shape(), record.data_type(), record.pack_bits())
}

/// Runs the command.
pub(crate) fn run(args: &Salvage, global: &Global, report: &mut Report) -> Result {
    remote::refuse(&args.file)?;
    FilesRead::new([&args.file]).keep(&args.output)?;
    let opened = input::options(global).salvage(&args.file);
    let salvage = match opened {
        Ok(salvage) => salvage,
        Err(error) => {
            report.error(UNUSABLE, error);
            return Ok(());
        }
    };
    let listed = input::options(global).open(&args.file).ok().map(|file| {
        let is_there = |record: &&Record| !file.is_deleted(record).unwrap_or(false);
        file.records().iter().filter(is_there).count()
    });
    let file = salvage.file();
    let wanted: Vec<_> = salvage.records().filter(|(_, origin)| args.deleted || *origin != Origin::Deleted).collect();
    if wanted.is_empty() {
        report.error(UNUSABLE, format_args!("{}: no record in it", args.file.display()));
        return Ok(());
    }
    interrupt::watch();
    let own = file.first().map_or(Container::Xdf, rpnfst::Member::container);
    let options = WriteOptions::new().container(args.container.map_or(own, args::Container::library));
    let mut output = Output::create(&args.output, &options, args.force, Unlock::default())?;
    let bar = progress::records(wanted.len(), "salvage", false, report);
    let mut saved = Saved::default();
    let readable = wanted.iter().map(|(record, _)| *record);
    let options = global.reading().lost_planes(LostPlanes::Omit);
    let readable = file.map_many(readable, &options, |_, field| match field {
        // Nothing says that it cannot be read.
        Err(error) if memory::is_limit(&error) => Ok(()),
        field => field.map(drop),
    });
    for ((record, origin), (_, readable)) in wanted.iter().zip(readable) {
        interrupt::check()?;
        bar.inc(1);
        saved.save(file, record, *origin, readable, &mut output)?;
    }
    progress::done(&bar, report);
    let unlisted = not_listed(file, listed);
    let mut lost = saved.lost(unlisted);
    if args.raw {
        for failed in lost.known {
            saved.save(file, failed.record, failed.origin, Ok(()), &mut output)?;
        }
        lost.known = std::mem::take(&mut saved.failed);
    }
    for failed in &lost.known {
        report.error(DAMAGED, format_args!("lost: {}", failed.why));
    }
    let path = args.file.display();
    if lost.unlisted > 0 {
        report.error(DAMAGED, format_args!("lost: {path}: {} more, whose places cannot be", records(lost.unlisted)));
    }
    if let Some(missing) = missing_end(file) {
        let what = "bytes before its directory does: records that were there are lost";
        report.error(DAMAGED, format_args!("{path}: the file ends {missing} {what}"));
    }
    for gap in salvage.gaps() {
        let what = format_args!("{}: bytes {} to {}: nothing recognised", args.file.display(), gap.start, gap.end - 1);
        report.warning(DAMAGED, what);
    }
    let count = saved.listed + saved.found + saved.deleted;
    if count == 0 {
        return Err(Stop::message("no record could be saved, nothing is written"));
    }
    if saved.without_metadata > 0 {
        report.warning(0, format_args!("extended metadata of {} dropped", records(saved.without_metadata)));
    }
    output.finish(args.force)?;
    let Saved { listed: as_listed, found, deleted, .. } = saved;
    let mut out = output::remarks(global);
    writeln!(out, "{} saved: {as_listed} of the directory, {found} found, {deleted} deleted ones", records(count))?;
    match listed.map(|listed| listed + unlisted) {
        None => writeln!(out, "the directory cannot be read")?,
        Some(all) if all == as_listed => {}
        Some(all) => {
            let gone = lost.known.iter().filter(|failed| failed.is_of_directory()).count() + lost.unlisted;
            let again = all.saturating_sub(as_listed + gone);
            let all = records(all);
            writeln!(out, "the directory has {all}: {as_listed} where it says, {again} found again, {gone} lost")?;
        }
    }
    Ok(out.finish()?)
}

/// Records that the header of a damaged file counts beyond those that its directory lists.
fn not_listed(file: &File, listed: Option<usize>) -> usize {
    let damaged = file.problems().any(|(_, problem)| problem.severity == Severity::Damage);
    match (file.first().map(|member| member.info().details), listed) {
        (Some(Details::Xdf { header, pages, .. }), Some(listed)) if damaged && !pages.is_empty() => {
            let slots = pages.len().saturating_mul(SLOTS);
            (header.records as usize).min(slots).saturating_sub(listed)
        }
        _ => 0,
    }
}

/// Bytes by which the file ends too early for the directory of its last closed segment.
fn missing_end(file: &File) -> Option<u64> {
    let info = file.first()?.info();
    let Details::Rsf { segments, .. } = &info.details else { return None };
    let last = segments.last().filter(|segment| segment.kind == SegmentKind::Closed)?;
    let end = last.directory_offset.saturating_add(last.directory_bytes);
    end.checked_sub(info.size).filter(|missing| *missing > 0)
}

impl<'a> Saved<'a> {
    /// What is nowhere else: descriptions that contradict a saved record lose nothing. Of `unlisted` records nothing is
    /// known; those that were found and are not explained otherwise may be they.
    fn lost(&mut self, unlisted: usize) -> Lost<'a> {
        let mut again = std::mem::take(&mut self.again);
        self.places.sort_unstable();
        self.places.dedup_by(|next, last| {
            let touches = next.0 <= last.1;
            if touches {
                last.1 = last.1.max(next.1);
            }
            touches
        });
        let mut known = std::mem::take(&mut self.failed);
        let failed = known.iter().filter(|failed| failed.is_of_directory()).count();
        known.retain(|failed| {
            if self.layouts.contains_key(&failed.record.file_offset())
                || self.is_saved(failed.record.file_offset(), end(failed.record))
            {
                return false;
            }
            // The same record elsewhere: bytes were lost or came in before it.
            match again.get_mut(&attributes(failed.record)) {
                Some(count @ 1..) => {
                    *count -= 1;
                    false
                }
                _ => true,
            }
        });
        let explained = failed - known.iter().filter(|failed| failed.is_of_directory()).count();
        Lost { unlisted: unlisted.saturating_sub(self.found.saturating_sub(explained)), known }
    }

    /// Whether all of these bytes belong to saved records. The places are sorted and merged.
    fn is_saved(&self, from: u64, to: u64) -> bool {
        let after = self.places.partition_point(|(start, _)| *start <= from);
        after.checked_sub(1).and_then(|last| self.places.get(last)).is_some_and(|(_, end)| *end >= to)
    }

    fn save(
        &mut self,
        file: &File,
        record: &'a Record,
        origin: Origin,
        readable: rpnfst::Result<()>,
        output: &mut Output,
    ) -> Result {
        let offset = record.file_offset();
        if self.layouts.get(&offset).is_some_and(|saved| *saved != layout(record)) {
            return Ok(());
        }
        // Metadata that the output cannot hold, or that are damaged, do not cost the record.
        let whole = output.writer.container() == Container::Rsf && file.metadata_text(record).is_ok();
        let drops = record.has_metadata() && !whole;
        let copied = readable.and_then(|()| {
            if drops {
                output.writer.copy_as(file, record, &Attributes::from(record).without_metadata())
            } else {
                output.writer.copy(file, record)
            }
        });
        match copied {
            Ok(_) => {
                self.layouts.insert(offset, layout(record));
                self.places.push((offset, end(record)));
                self.without_metadata += usize::from(drops);
                match origin {
                    Origin::Found => {
                        self.found += 1;
                        *self.again.entry(attributes(record)).or_default() += 1;
                    }
                    Origin::Deleted => self.deleted += 1,
                    _ => self.listed += 1,
                }
            }
            Err(error @ rpnfst::Error::Io { .. }) => return Err(Stop::message(output.message(&error))),
            Err(error) => self.failed.push(Failed { record, origin, why: output.message(&error) }),
        }
        Ok(())
    }
}
