//! `rpnfst cp`: records from files to files.

mod counts;
mod grids;
mod item;
mod merge;
mod repack;

use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
};

use indicatif::ProgressBar;
use rpnfst::{
    BaseType, Container, DataType, Error, File, Record, Rewrite, Severity, WriteOptions, info::Details,
    record::Identity,
};

use self::{
    counts::Counts,
    grids::Grids,
    item::{Item, Plan},
    merge::Distinct,
};
use crate::{
    args::{Cp, Global},
    columns::Row,
    input, interrupt,
    links::{self, Fate},
    number::records,
    output_file::{Draft, Output},
    progress,
    report::{DAMAGED, Report, Result, Stop},
    same_file::{self, FilesRead},
    settings::Settings,
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

/// Runs the command.
pub(crate) fn run(args: &Cp, global: &Global, report: &mut Report) -> Result {
    let packing = packing(args)?;
    let set = Settings::parse(&args.set, global.calendar())?;
    let (mut sources, mut first) = (Vec::new(), None);
    let query = input::query(args.select.expr.as_deref())?;
    let paths = input::paths_beside(&args.output, &args.files, report)?;
    // What describes the grids of records, and what --set cuts off from them, may be in any file.
    let all = args.with_grid || !args.set.is_empty();
    let (files, _) = if all { (paths.each(&query), false) } else { paths.matching(&query, global) };
    let skipped =
        (0..paths.len()).zip(&files).find(|(number, of)| *number != of.number).map_or(files.len(), |(n, _)| n);
    for of in files {
        let Some(file) = input::open(of.path, global, report) else {
            if args.strict {
                return Err(Stop::message("stopped because of --strict"));
            }
            continue;
        };
        if let Some(info) = file.first().map(rpnfst::Member::info) {
            first.get_or_insert((of.number, info.container));
            if let Details::Rsf { embedded_files: n @ 1.., .. } = info.details {
                let name = of.name();
                report.warning(0, format_args!("{name}: {n} embedded files are no records, not copied"));
            }
        }
        let wanted = input::select_readable(&file, &of.query, report).into_iter().map(|(k, _)| k).collect();
        sources.push(Source { path: of.name(), number: of.number, file, wanted });
    }
    let rows: Vec<_> = sources.iter().flat_map(Source::rows).collect();
    if rows.is_empty() {
        if !sources.is_empty() || report.is_clean() {
            report.error(DAMAGED, "no record selected");
        }
        return Ok(());
    }
    interrupt::watch();
    // What an index spares us to open is an input as well.
    let opened = first.filter(|(number, _)| *number < skipped).map(|(_, container)| container);
    let default = opened.or_else(|| paths.container(skipped)).or(first.map(|(_, container)| container));
    let container = args.container.map_or(default.unwrap_or(Container::Xdf), crate::args::Container::library);
    let options = args.encoding.options().container(container);
    let bar = progress::records(rows.len(), "cp", false, report);
    let plan = Plan { set: &set, sets: !args.set.is_empty(), query: &query, all: args.descriptors, packing };
    let opened: Vec<_> =
        sources.iter().filter_map(|source| source.file.first().and_then(rpnfst::Member::path)).collect();
    let kept = FilesRead::new(paths.files().filter(|path| !opened.contains(path)));
    let counts = Counts::default();
    let mut job = Job { args, global, plan, packing, options, kept, bar: bar.clone(), counts, lost: Vec::new() };
    let done = job.all(&sources, &rows, report);
    progress::done(&bar, report);
    done?;
    job.counts.say(args, report);
    Ok(())
}

impl Packing {
    /// Whether records like this one are to be decoded.
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
    /// An output that takes the place of its input must not lose what the listing does not show.
    fn is_replaceable(&self) -> Result {
        let damaged = self.file.problems().any(|(_, problem)| problem.severity == Severity::Damage);
        let details = self.file.first().map(|member| member.info().details);
        match details {
            _ if damaged => {
                Err(Stop::message(format!("{}: damaged; `rpnfst salvage` saves what can be read", self.path)))
            }
            Some(Details::Rsf { embedded_files: n @ 1.., .. }) => {
                Err(Stop::message(format!("{}: {n} embedded files would be lost", self.path)))
            }
            _ => Ok(()),
        }
    }

    fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.wanted.iter().filter_map(|&index| self.row(index))
    }

    fn row(&self, index: usize) -> Option<Row<'_>> {
        let record = self.file.records().get(index)?;
        Some(Row { path: &self.path, file_number: self.number, file: &self.file, index, record })
    }
}

struct Job<'a> {
    args: &'a Cp,
    plan: Plan<'a>,
    global: &'a Global,
    packing: Packing,
    options: WriteOptions,
    /// Inputs that did not open, and lists of inputs.
    kept: FilesRead,
    bar: ProgressBar,
    counts: Counts,
    /// What could not be copied to the output that is being written.
    lost: Vec<Identity>,
}

impl Job<'_> {
    /// All outputs are complete before the first gets its name.
    fn all(&mut self, sources: &[Source], rows: &[Row<'_>], report: &mut Report) -> Result {
        // All of it is checked before anything is done.
        let changes = self.plan.changes(rows, &mut self.counts)?;
        let more: Vec<(Vec<Row<'_>>, Vec<_>)>;
        let items = rows.iter().zip(&changes);
        let items: Vec<_> =
            items.map(|(row, changed)| self.plan.item(*row, changed.as_ref(), &mut self.counts)).collect();
        let mut targets = self.targets(items, report)?;
        if self.args.with_grid {
            let grids = Grids::new(sources);
            let companions = targets.iter().map(|(_, items)| {
                let rows = grids.of(items, &mut self.counts);
                // Masks change with their fields, descriptors only when they are meant.
                let changes = self.plan.changes(&rows, &mut self.counts)?;
                Ok((rows, changes))
            });
            more = companions.collect::<Result<_>>()?;
            for ((_, items), (rows, changes)) in targets.iter_mut().zip(&more) {
                let companions = rows.iter().zip(changes);
                items.extend(companions.map(|(row, changed)| self.plan.companion(*row, changed.as_ref())));
            }
        }
        self.counts.unlinked = self.unlinked(sources, targets.iter().flat_map(|(_, items)| items));
        let mut replaced = None;
        let inputs: HashMap<_, _> = sources
            .iter()
            .filter_map(|source| Some((same_file::id(source.file.first().and_then(rpnfst::Member::path)?)?, source)))
            .collect();
        for (path, _) in &targets {
            self.kept.keep(path)?;
            match same_file::id(path).and_then(|id| inputs.get(&id)) {
                Some(source) if self.args.append => {
                    return Err(Stop::message(format!("{}: is an input and the output of --append", source.path)));
                }
                Some(source) => {
                    source.is_replaceable()?;
                    replaced = Some(&source.path);
                }
                None => {}
            }
        }
        self.make_folders(&targets)?;
        let mut drafts = Vec::new();
        for (path, items) in &targets {
            drafts.extend(self.one(path, items, report)?);
        }
        // What cannot be copied would be lost.
        if let Some(input) = replaced.filter(|_| self.counts.failed > 0) {
            let n = records(self.counts.failed);
            return Err(Stop::message(format!(
                "{input}: is the output too, and {n} cannot be copied: nothing is written"
            )));
        }
        drafts.into_iter().try_for_each(|draft| draft.publish(self.args.force))
    }

    /// What `--set` does to the links between the copies and what describes them.
    fn unlinked<'i>(&self, sources: &[Source], items: impl Iterator<Item = &'i Item<'i>>) -> Vec<String> {
        if !self.plan.sets {
            return Vec::new();
        }
        let results: HashMap<_, _> = items.map(|item| ((item.file_number, item.index), item.result())).collect();
        let fates = sources.iter().flat_map(|source| {
            source.file.records().iter().enumerate().map(|(index, before)| {
                let result = results.get(&(source.number, index)).copied();
                Fate { before, after: Some(result.unwrap_or(before)), stays: result.is_some() }
            })
        });
        links::unlinked(&fates.collect::<Vec<_>>(), "the inputs")
    }

    /// Which records go where, in the order of the first record of each output. A template has the new attributes.
    fn targets<'r>(&self, items: Vec<Item<'r>>, report: &mut Report) -> Result<Vec<(PathBuf, Vec<Item<'r>>)>> {
        if !Template::is_one(self.args.output.as_os_str()) {
            return Ok(vec![(self.args.output.clone(), items)]);
        }
        let template = Template::parse(self.args.output.as_os_str())?;
        let mut places = HashMap::new();
        let mut targets: Vec<(PathBuf, Vec<_>)> = Vec::new();
        for item in items {
            let path = template.expand(&Row { record: item.result(), ..item.row }, report);
            let place = *places.entry(path.clone()).or_insert(targets.len());
            match targets.get_mut(place) {
                Some((_, items)) => items.push(item),
                None => targets.push((path, vec![item])),
            }
        }
        Ok(targets)
    }

    /// Those of a template.
    fn make_folders(&self, targets: &[(PathBuf, Vec<Item<'_>>)]) -> Result {
        if !Template::is_one(self.args.output.as_os_str()) {
            return Ok(());
        }
        targets.iter().try_for_each(|(path, _)| {
            let folder = crate::unfinished::folder_of(path);
            fs::create_dir_all(folder).map_err(|e| Stop::message(format!("{}: {e}", folder.display())))
        })
    }

    /// What is done with records that are the same.
    fn mode(&self) -> Option<Rewrite> {
        match (self.args.replace, self.args.skip_same) {
            (true, _) => Some(Rewrite::Replace),
            (_, true) => Some(Rewrite::Skip),
            _ => None,
        }
    }

    fn one(&mut self, path: &Path, items: &[Item<'_>], report: &mut Report) -> Result<Option<Draft>> {
        let mut output = if self.args.append {
            Output::append(path, &self.options, self.args.beside, self.mode(), report)?
        } else {
            Output::create(path, &self.options, self.args.force, self.args.beside.unlock)?
        };
        self.plan.check(output.writer.container())?;
        let mut distinct = self.mode().map(|mode| Distinct::new(items, mode, &mut output, &mut self.counts));
        let before = self.counts.copied;
        self.write(distinct.as_ref().map_or(items, |distinct| &distinct.taken), &mut output, report)?;
        // One that cannot be copied gives way to another that is the same.
        let lost = |job: &mut Self| std::mem::take(&mut job.lost);
        let mut waiting = lost(self);
        while let (Some(identity), Some(distinct)) = (waiting.pop(), &mut distinct) {
            if let Some(other) = distinct.other(&identity) {
                self.write(&[other], &mut output, report)?;
                waiting.extend(lost(self));
            }
        }
        // A file without any of the records that were to be in it is no result.
        if self.counts.copied == before && !self.args.append { Ok(None) } else { output.complete() }
    }

    fn write(&mut self, items: &[Item<'_>], output: &mut Output, report: &mut Report) -> Result {
        let packing = self.packing;
        let same_kind =
            |a: &Item<'_>, b: &Item<'_>| a.file_number == b.file_number && a.encodes(packing) == b.encodes(packing);
        for run in items.chunk_by(same_kind) {
            let Some(head) = run.first() else { continue };
            if head.encodes(packing) {
                repack::run(self, run, output, report)?;
            } else {
                for item in run {
                    self.copy(item, output, report)?;
                }
            }
        }
        Ok(())
    }

    fn copy(&mut self, item: &Item<'_>, output: &mut Output, report: &mut Report) -> Result {
        interrupt::check()?;
        if let Packing::Turbo(turbo) = self.packing
            && item.record.data_type().is_turbo() != turbo
        {
            self.counts.not_repacked += 1;
        }
        let copied = match (item.changed(), drops_metadata(item, output)) {
            (None, false) => output.writer.copy(item.file, item.record),
            (Some(attributes), false) => output.writer.copy_as(item.file, item.record, attributes),
            (_, true) => output.writer.copy_as(item.file, item.record, &item.attributes().without_metadata()),
        };
        self.note(item, copied, output, report)
    }

    /// Counts or reports what became of a record.
    fn note(
        &mut self,
        item: &Item<'_>,
        done: rpnfst::Result<Record>,
        output: &mut Output,
        report: &mut Report,
    ) -> Result {
        self.bar.inc(1);
        let done = done.and_then(|written| {
            // A new output has none that are the same.
            let replaces = self.args.append && self.args.replace;
            let replaced = if replaces { output.writer.delete_earlier(&written)? } else { 0 };
            self.counts.replaced += replaced;
            self.counts.replaced_in_sequential |= replaced > 0 && output.writer.container() == Container::XdfSequential;
            Ok(())
        });
        match done {
            Ok(()) => {
                self.counts.copied += 1;
                let dropped = drops_metadata(item, output) && self.plan.set.metadata().is_none();
                self.counts.without_metadata += usize::from(dropped);
                Ok(())
            }
            // A medium that refuses will go on refusing.
            Err(error @ Error::Io { .. }) => Err(Stop::message(output.message(&error))),
            Err(error @ Error::Full { .. }) if !output.writer.has_room() => {
                let (message, copied) = (output.message(&error), records(self.counts.copied));
                let hint = if self.args.append { "copy to a new file with" } else { "add" };
                Err(Stop::message(format!("{message}: {hint} --container rsf; {copied} copied before")))
            }
            Err(error) => {
                self.counts.failed += 1;
                self.lost.push(item.result().identity());
                output.report(&error, &format!("{}: record {}", item.path, item.index), report);
                if self.args.strict { Err(Stop::message("stopped because of --strict")) } else { Ok(()) }
            }
        }
    }
}

/// Whether a record has extended metadata that the output cannot hold.
fn drops_metadata(row: &Row<'_>, output: &Output) -> bool {
    row.record.has_metadata() && output.writer.container() != Container::Rsf
}
