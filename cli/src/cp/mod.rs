//! `rpnfst cp`: records from files to files.

mod repack;

use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
};

use indicatif::ProgressBar;
use rpnfst::{Container, DataType, File, NewRecord, WriteOptions, codecs::BaseType, info::Details};

use crate::{
    args::{Cp, Global},
    columns::Row,
    input, interrupt,
    number::records,
    output_file::{Draft, Output},
    progress,
    report::{DAMAGED, Report, Result, Stop},
    template::Template,
};

/// An input.
struct Source {
    path: String,
    number: usize,
    file: File,
    wanted: Vec<usize>,
}

/// What is done with the payloads.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Packing {
    /// Copied.
    Same,
    /// Second stage added (`true`) or taken away, if no value changes.
    Turbo(bool),
    /// Decoded and encoded, with another type or another number of bits if asked for.
    Anew { datyp: Option<u8>, nbits: Option<u8> },
}

/// What there is to say at the end, instead of once for each record.
#[derive(Default)]
struct Counts {
    copied: usize,
    failed: usize,
    without_metadata: usize,
    not_repacked: usize,
}

/// Runs the command.
pub(crate) fn run(args: &Cp, global: &Global, report: &mut Report) -> Result {
    let packing = packing(args)?;
    let (mut sources, mut first) = (Vec::new(), None);
    let query = input::query(args.select.expr.as_deref())?;
    for (number, path) in input::paths(&args.files)?.iter().enumerate() {
        let Some(file) = input::open(path, global, report) else {
            if args.strict {
                return Err(Stop::message("stopped because of --strict"));
            }
            continue;
        };
        if let Some(info) = file.info(0) {
            first.get_or_insert(info.container);
            if let Details::Rsf { embedded_files: n @ 1.., .. } = info.details {
                report.warning(0, format_args!("{}: {n} embedded files are no records, not copied", path.display()));
            }
        }
        let wanted = input::select(&file, &query).into_iter().map(|(k, _)| k).collect();
        sources.push(Source { path: path.display().to_string(), number, file, wanted });
    }
    let rows: Vec<_> = sources.iter().flat_map(Source::rows).collect();
    if rows.is_empty() {
        if !sources.is_empty() || report.is_clean() {
            report.error(DAMAGED, "no record selected");
        }
        return Ok(());
    }
    interrupt::watch();
    let container = args.container.map_or(first.unwrap_or(Container::Xdf), crate::args::Container::library);
    let options = args.encoding.options().container(container);
    let bar = progress::records(rows.len(), "cp", false, report);
    let mut job = Job { args, global, packing, options, bar: bar.clone(), counts: Counts::default() };
    let done = job.all(&sources, &rows, report);
    progress::done(&bar, report);
    done?;
    job.counts.say(args, report);
    Ok(())
}

impl Packing {
    /// Whether a record is to be decoded.
    fn encodes(self, row: &Row<'_>) -> bool {
        let data_type = row.record.data_type();
        match self {
            Self::Same => false,
            // Nothing but a compressed record stands for planes that are not in the file.
            Self::Turbo(turbo) => {
                data_type.is_turbo() != turbo && repack::can_be_turbo(data_type) && row.record.lost_planes() == 0
            }
            // Words without a meaning are not encoded.
            Self::Anew { datyp, .. } => datyp.is_some() || data_type.base() != BaseType::Raw,
        }
    }
}

fn packing(args: &Cp) -> Result<Packing> {
    let encodes = args.compress || args.uncompress || args.reencode || args.datyp.is_some() || args.nbits.is_some();
    if !encodes && (args.encoding.best || args.encoding.rules.is_some()) {
        let what = "--best and --rules go with --compress, --uncompress, --reencode, --datyp or --nbits: \
                    without them nothing is encoded";
        return Err(Stop::message(what));
    }
    if let Some(datyp) = args.datyp
        && matches!(DataType::new(datyp).base(), BaseType::Unknown(_))
    {
        return Err(Stop::message(format!("--datyp {datyp}: there is no such data type")));
    }
    if args.nbits.is_some_and(|bits| !(1..=64).contains(&bits)) {
        return Err(Stop::message("--nbits: 1 to 64"));
    }
    Ok(if args.compress || args.uncompress {
        Packing::Turbo(args.compress)
    } else if encodes {
        Packing::Anew { datyp: args.datyp, nbits: args.nbits }
    } else {
        Packing::Same
    })
}

impl Source {
    fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.wanted.iter().filter_map(|&index| {
            let record = self.file.records().get(index)?;
            Some(Row { path: &self.path, file_number: self.number, file: &self.file, index, record })
        })
    }
}

struct Job<'a> {
    args: &'a Cp,
    global: &'a Global,
    packing: Packing,
    options: WriteOptions,
    bar: ProgressBar,
    counts: Counts,
}

impl Job<'_> {
    /// All outputs are complete before the first gets its name.
    fn all(&mut self, sources: &[Source], rows: &[Row<'_>], report: &mut Report) -> Result {
        let targets = self.targets(rows, report)?;
        if self.args.append {
            targets.iter().try_for_each(|(path, _)| is_no_input(path, sources))?;
        }
        let mut drafts = Vec::new();
        for (path, rows) in &targets {
            drafts.extend(self.one(path, rows, report)?);
        }
        drafts.into_iter().try_for_each(|draft| draft.publish(self.args.force))
    }

    /// Which records go where, in the order of the first record of each output.
    fn targets<'r>(&self, rows: &[Row<'r>], report: &mut Report) -> Result<Vec<(PathBuf, Vec<Row<'r>>)>> {
        let text = self.args.output.to_string_lossy();
        if !text.contains(['{', '}']) {
            return Ok(vec![(self.args.output.clone(), rows.to_vec())]);
        }
        let template = Template::parse(&text)?;
        let mut places = HashMap::new();
        let mut targets: Vec<(PathBuf, Vec<_>)> = Vec::new();
        for row in rows {
            let path = template.expand(row, report);
            let place = *places.entry(path.clone()).or_insert(targets.len());
            match targets.get_mut(place) {
                Some((_, rows)) => rows.push(*row),
                None => targets.push((path, vec![*row])),
            }
        }
        for (path, _) in &targets {
            let folder = crate::sink::folder_of(path);
            fs::create_dir_all(folder).map_err(|e| Stop::message(format!("{}: {e}", folder.display())))?;
        }
        Ok(targets)
    }

    fn one(&mut self, path: &Path, rows: &[Row<'_>], report: &mut Report) -> Result<Option<Draft>> {
        let mut output = if self.args.append {
            Output::append(path, &self.options)?
        } else {
            Output::create(path, &self.options, self.args.force)?
        };
        let before = self.counts.copied;
        let packing = self.packing;
        let same_kind =
            |a: &Row<'_>, b: &Row<'_>| a.file_number == b.file_number && packing.encodes(a) == packing.encodes(b);
        for run in rows.chunk_by(same_kind) {
            let Some(head) = run.first() else { continue };
            if packing.encodes(head) {
                repack::run(self, run, &mut output, report)?;
            } else {
                for row in run {
                    self.copy(row, &mut output, report)?;
                }
            }
        }
        // A file without any of the records that were to be in it is no result.
        if self.counts.copied == before && !self.args.append { Ok(None) } else { output.complete() }
    }

    fn copy(&mut self, row: &Row<'_>, output: &mut Output, report: &mut Report) -> Result {
        interrupt::check()?;
        if let Packing::Turbo(turbo) = self.packing
            && row.record.data_type().is_turbo() != turbo
        {
            self.counts.not_repacked += 1;
        }
        let copied = if drops_metadata(row, output) {
            let attributes = NewRecord::from(row.record).without_metadata();
            output.writer.copy_as(row.file, row.record, &attributes)
        } else {
            output.writer.copy(row.file, row.record)
        };
        self.note(row, copied.map(drop), output, report)
    }

    /// Counts or reports what became of a record.
    fn note(&mut self, row: &Row<'_>, done: rpnfst::Result<()>, output: &Output, report: &mut Report) -> Result {
        self.bar.inc(1);
        match done {
            Ok(()) => {
                self.counts.copied += 1;
                self.counts.without_metadata += usize::from(drops_metadata(row, output));
                Ok(())
            }
            // A medium that refuses will go on refusing.
            Err(error @ rpnfst::Error::Io { .. }) => Err(Stop::message(output.message(&error))),
            Err(error) => {
                self.counts.failed += 1;
                output.report(&error, &format!("{}: record {}", row.path, row.index), report);
                if self.args.strict { Err(Stop::message("stopped because of --strict")) } else { Ok(()) }
            }
        }
    }
}

/// Whether a record has extended metadata that the output cannot hold.
fn drops_metadata(row: &Row<'_>, output: &Output) -> bool {
    row.record.has_metadata() && output.writer.container() != Container::Rsf
}

/// A file cannot be appended to itself.
fn is_no_input(path: &Path, sources: &[Source]) -> Result {
    let same = |source: &Source| match (fs::canonicalize(path), fs::canonicalize(&source.path)) {
        (Ok(a), Ok(b)) => a == b,
        _ => false,
    };
    match sources.iter().find(|source| same(source)) {
        Some(source) => Err(Stop::message(format!("{}: is an input and the output of --append", source.path))),
        None => Ok(()),
    }
}

impl Counts {
    fn say(&self, args: &Cp, report: &mut Report) {
        if self.without_metadata > 0 {
            let n = records(self.without_metadata);
            report.warning(0, format_args!("extended metadata of {n} dropped: XDF files cannot hold them"));
        }
        if self.not_repacked > 0 {
            let n = records(self.not_repacked);
            let gain = if args.compress { ", or gain nothing" } else { "" };
            report.warning(0, format_args!("{n} copied unchanged: packing anew would change values{gain}"));
        }
        if self.failed > 0 {
            let (copied, failed) = (records(self.copied), records(self.failed));
            report.warning(DAMAGED, format_args!("{failed} not copied, {copied} copied"));
        }
    }
}
