//! `rpnfst salvage`: what is readable of a damaged file.

use std::{collections::HashMap, fs, io::Write as _};

use rpnfst::{
    Container, DataType, File, NewRecord, OpenOptions, Origin, ReadOptions, Record, WriteOptions, codecs::Shape,
};

use crate::{
    args::{self, Global, Salvage, Unlock},
    interrupt,
    number::records,
    output,
    output_file::Output,
    progress,
    report::{DAMAGED, Report, Result, Stop, UNUSABLE},
};

/// What became of the records.
#[derive(Default)]
struct Saved {
    listed: usize,
    found: usize,
    deleted: usize,
    without_metadata: usize,
    /// Where a saved record begins, and its dimensions and packing: of contradicting descriptions of these the first that
    /// reads is taken. Where only other attributes differ, nothing says which are right, and all are saved.
    layouts: HashMap<u64, Layout>,
    /// Records that could not be saved, and why.
    lost: Vec<(u64, String)>,
}

/// How the values of a record are to be read.
type Layout = (Shape, DataType, u8);

fn layout(record: &Record) -> Layout {
    (record.shape(), record.data_type(), record.pack_bits())
}

/// Runs the command.
pub(crate) fn run(args: &Salvage, global: &Global, report: &mut Report) -> Result {
    if let (Ok(a), Ok(b)) = (fs::canonicalize(&args.file), fs::canonicalize(&args.output))
        && a == b
    {
        return Err(Stop::message(format!("{}: what is damaged is kept; name another output", args.file.display())));
    }
    let opened = OpenOptions::new().mmap(!global.no_mmap).salvage(&args.file);
    let salvage = match opened {
        Ok(salvage) => salvage,
        Err(error) => {
            report.error(UNUSABLE, error);
            return Ok(());
        }
    };
    let file = salvage.file();
    let wanted: Vec<_> = salvage.records().filter(|(_, origin)| args.deleted || *origin != Origin::Deleted).collect();
    if wanted.is_empty() {
        report.error(UNUSABLE, format_args!("{}: no record in it", args.file.display()));
        return Ok(());
    }
    interrupt::watch();
    let own = file.info(0).map_or(Container::Xdf, |info| info.container);
    let options = WriteOptions::new().container(args.container.map_or(own, args::Container::library));
    let mut output = Output::create(&args.output, &options, args.force, Unlock::default())?;
    let bar = progress::records(wanted.len(), "salvage", false, report);
    let mut saved = Saved::default();
    let readable = wanted.iter().map(|(record, _)| *record);
    let readable = file.map_many(readable, &ReadOptions::new(), |_, field| field.map(drop));
    for ((record, origin), (_, readable)) in wanted.iter().zip(readable) {
        interrupt::check()?;
        bar.inc(1);
        saved.save(file, record, *origin, if args.raw { Ok(()) } else { readable }, &mut output)?;
    }
    progress::done(&bar, report);
    for (_, why) in saved.lost.iter().filter(|(offset, _)| !saved.layouts.contains_key(offset)) {
        report.error(DAMAGED, format_args!("lost: {why}"));
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
    let Saved { listed, found, deleted, .. } = saved;
    let mut out = output::remarks(global);
    writeln!(out, "{} saved: {listed} of the directory, {found} found, {deleted} deleted ones", records(count))?;
    Ok(out.finish()?)
}

impl Saved {
    fn save(
        &mut self,
        file: &File,
        record: &Record,
        origin: Origin,
        readable: rpnfst::Result<()>,
        output: &mut Output,
    ) -> Result {
        let offset = record.offset();
        if self.layouts.get(&offset).is_some_and(|saved| *saved != layout(record)) {
            return Ok(());
        }
        // Metadata that the output cannot hold, or that are damaged, do not cost the record.
        let whole = output.writer.container() == Container::Rsf && file.metadata_text(record).is_ok();
        let drops = record.has_metadata() && !whole;
        let copied = readable.and_then(|()| {
            if drops {
                output.writer.copy_as(file, record, &NewRecord::from(record).without_metadata())
            } else {
                output.writer.copy(file, record)
            }
        });
        match copied {
            Ok(_) => {
                self.layouts.insert(offset, layout(record));
                self.without_metadata += usize::from(drops);
                match origin {
                    Origin::Found => self.found += 1,
                    Origin::Deleted => self.deleted += 1,
                    _ => self.listed += 1,
                }
            }
            Err(error @ rpnfst::Error::Io { .. }) => return Err(Stop::message(output.message(&error))),
            Err(error) => self.lost.push((offset, output.message(&error))),
        }
        Ok(())
    }
}
