//! `rpnfst regrid`: fields on another grid.

mod counts;
mod plans;
mod source;
mod target;
mod task;
mod weights;

use std::{collections::HashSet, path::PathBuf};

use indicatif::ProgressBar;
use rpnfst::{Attributes, Container, Error, Field, File, Member, Record, Rewrite, Threads};

use self::{
    counts::Counts,
    plans::Plans,
    source::{Source, Work},
    target::Target,
    task::{Bench, Made, Task},
    weights::{Saved, Weights},
};
use crate::{
    args::{Global, Regrid},
    input, interrupt,
    number::records,
    output_file::Output,
    progress,
    report::{DAMAGED, Report, Result, Stop},
    same_file::FilesRead,
    threads,
};

/// How many fields are in memory at a time, at most.
const RECORDS: usize = 512;
/// Arrays for each value of source and target while a field is moved: the values, and what is packed.
const COPIES: u64 = 3;

/// Runs the command.
pub(crate) fn run(args: &Regrid, global: &Global, report: &mut Report) -> Result {
    plans::check(args)?;
    let query = input::query(args.select.expr.as_deref())?;
    let paths = input::paths_beside(&args.output, &args.files, report)?;
    let target = Target::find(&args.to, global, report)?;
    let needed = (target.grid.len() as u64).saturating_mul(48);
    if needed > global.max_memory {
        let what = crate::memory::with_advice(&format!("--to {}: a grid of {} points", args.to, target.grid.len()));
        return Err(Stop::message(what));
    }
    let read = FilesRead::new(paths.files().chain(target.path.as_deref()).chain(args.weights.as_deref()));
    read.keep(&args.output)?;
    let weights = args.weights.as_deref().map(|path| {
        weights::check(args.method, "--weights")?;
        Weights::read(path, global)
    });
    let weights = weights.transpose()?;
    interrupt::watch();
    let saved = args.save_weights.as_deref().map(|path| {
        weights::check(args.method, "--save-weights")?;
        read.keep(path)?;
        if path == args.output {
            return Err(Stop::message("--save-weights and --output are one file"));
        }
        Saved::create(path, args.new.force)
    });
    let saved = saved.transpose()?;
    let mut job = Job {
        args,
        global,
        target: &target,
        plans: Plans::new(args, &target.grid, weights),
        saved,
        output: None,
        counts: Counts::default(),
        copied: HashSet::new(),
        tables: Vec::new(),
        written: 0,
    };
    let others: Vec<PathBuf> = paths.to_vec();
    let (files, fewer) = paths.matching(&query, global);
    let (mut opened, mut selected) = (fewer, 0);
    for of in files {
        let Some(file) = input::open(of.path, global, report) else { continue };
        let wanted = input::select_readable(&file, &of.query, report);
        (opened, selected) = (true, selected + wanted.len());
        let source = Source::new(&file, of.path, &others, global);
        job.file(&source, &wanted, report)?;
    }
    if opened && selected == 0 {
        report.error(DAMAGED, "no record selected");
    }
    job.finish(report)
}

struct Job<'a> {
    args: &'a Regrid,
    global: &'a Global,
    target: &'a Target,
    plans: Plans<'a>,
    saved: Option<Saved<'a>>,
    output: Option<Output>,
    counts: Counts,
    /// Records of the file in hand that were copied.
    copied: HashSet<usize>,
    /// Vertical coordinates in the output: their kind and values.
    tables: Vec<(u32, Field)>,
    written: usize,
}

impl Job<'_> {
    fn file(&mut self, source: &Source<'_>, wanted: &[(usize, &Record)], report: &mut Report) -> Result {
        self.copied.clear();
        let file = source.file();
        input::warn_of_lost_planes(source.path, wanted.iter().map(|(_, record)| *record), report);
        let work = source.sort(wanted, &mut self.plans, &mut self.counts, report);
        let Work { tasks, passed } = work;
        if self.saved.is_some() && self.plans.has_several() {
            let what = "the records are on several grids, which have weights of their own; select those of one with -w";
            return Err(Stop::message(format!("--save-weights: {what}")));
        }
        if tasks.is_empty() && passed.is_empty() {
            return Ok(());
        }
        let container = file.first().map(Member::container);
        let with_metadata = self.output(container)?.writer.container() == Container::Rsf;
        if !tasks.is_empty() {
            let tags = &self.target.tags;
            let output = self.output(container)?;
            let done = tags.write(&mut output.writer);
            done.map_err(|e| Stop::message(output.message(&e)))?;
        }
        let bar = progress::records(tasks.len(), "regrid", false, report);
        let done = self.move_all(source, &tasks, with_metadata, &bar, report);
        progress::done(&bar, report);
        done?;
        for task in &tasks {
            if let Some(head) = task.first.head() {
                self.table_of(source, head, report)?;
            }
        }
        for (index, record) in passed {
            self.pass(source, index, record, report)?;
        }
        Ok(())
    }

    /// Some fields at a time, as many as there is memory for.
    fn move_all(
        &mut self,
        source: &Source<'_>,
        tasks: &[Task<'_>],
        with_metadata: bool,
        bar: &ProgressBar,
        report: &mut Report,
    ) -> Result {
        let grid = &self.target.grid;
        let mut rest = tasks;
        while !rest.is_empty() {
            interrupt::check()?;
            let mut bytes = 0_u64;
            let fits = |task: &Task<'_>| {
                bytes = bytes.saturating_add(cost(task, grid.len()));
                bytes <= self.global.max_memory / 2
            };
            let count = rest
                .iter()
                .take(RECORDS)
                .take_while({
                    let mut fits = fits;
                    move |task| fits(task)
                })
                .count()
                .max(1);
            let (some, more) = rest.split_at(count);
            rest = more;
            let threads = if count >= rayon::current_num_threads() { Threads::One } else { Threads::Many };
            let bench = Bench {
                file: source.grids(),
                masks: &source.descriptors,
                tags: &self.target.tags,
                dims: (grid.ni(), grid.nj()),
                reading: self.global.reading().threads(threads),
                with_metadata,
            };
            let one = |task: &Task<'_>| -> rpnfst::Result<Vec<Made>> {
                let needed = cost(task, grid.len());
                let allowed = task.first.head().map(|head| self.global.allows(needed, bench.file, head)).transpose();
                let made = allowed.and_then(|_| bench.run(task));
                bar.inc(1);
                made
            };
            let made = threads::map(some.len(), |number| some.get(number).map_or_else(|| Ok(Vec::new()), one));
            self.write(made, report)?;
        }
        Ok(())
    }

    fn write(&mut self, made: Vec<rpnfst::Result<Vec<Made>>>, report: &mut Report) -> Result {
        let mut records: Vec<(Attributes, Field)> = Vec::new();
        for one in made {
            match one {
                Ok(some) => records.extend(some),
                Err(error) => {
                    self.counts.failed += 1;
                    report.library_error(&error);
                }
            }
        }
        let Some(output) = &mut self.output else { return Ok(()) };
        let written: Vec<_> = output.writer.write_many(records).collect();
        for result in written {
            match result {
                Ok(_) => (self.counts.moved, self.written) = (self.counts.moved + 1, self.written + 1),
                Err(error) => refused(output, error, &mut self.counts, report)?,
            }
        }
        Ok(())
    }

    /// Copies a record as it is, and what it refers to.
    fn pass(&mut self, source: &Source<'_>, index: usize, record: &Record, report: &mut Report) -> Result {
        interrupt::check()?;
        for other in source.descriptors.of(record) {
            let file = source.file();
            if let Some(at) = input::index_of(file, other) {
                self.copy(file, at, other, report)?;
            }
        }
        self.copy(source.file(), index, record, report)
    }

    fn copy(&mut self, file: &File, index: usize, record: &Record, report: &mut Report) -> Result {
        if !self.copied.insert(index) {
            return Ok(());
        }
        let output = self.output(file.first().map(Member::container))?;
        let drops = record.has_metadata() && output.writer.container() != Container::Rsf;
        let attributes = drops.then(|| Attributes::from(record).without_metadata());
        let done = match (&attributes, record.is_descriptor()) {
            // Files of one run have the same ones.
            (attributes, true) => output.writer.copy_with(file, record, attributes.as_ref(), Rewrite::Skip).map(drop),
            (Some(attributes), false) => output.writer.copy_as(file, record, attributes).map(drop),
            (None, false) => output.writer.copy(file, record).map(drop),
        };
        match (done, &self.output) {
            (Ok(()), _) => self.written += 1,
            (Err(error), Some(output)) => refused(output, error, &mut self.counts, report)?,
            _ => {}
        }
        Ok(())
    }

    /// The vertical coordinate of a field, with the tags of the new grid.
    fn table_of(&mut self, source: &Source<'_>, head: &Record, report: &mut Report) -> Result {
        let file = source.file();
        for table in source.descriptors.of(head) {
            let name = table.nomvar();
            if name != "!!" && name != "HY" {
                continue;
            }
            let Some(at) = input::index_of(file, table) else { continue };
            if name == "HY" || !self.target.tags.has_positional() {
                self.copy(file, at, table, report)?;
                continue;
            }
            if !self.copied.insert(at) {
                continue;
            }
            let Ok(field) = file.read(table) else { continue };
            let kind = table.ig1() / 1000;
            if self.tables.iter().any(|(of, known)| *of == kind && *known == field) {
                continue;
            }
            self.counts.tables += usize::from(self.tables.iter().any(|(of, _)| *of == kind));
            let [ig1, ig2, ..] = self.target.tags.ig();
            let attributes = Attributes::from(table).without_metadata().ip1(ig1).ip2(ig2);
            self.tables.push((kind, field));
            if let Some(output) = &mut self.output
                && let Err(error) = output.writer.copy_as(file, table, &attributes)
            {
                refused(output, error, &mut self.counts, report)?;
            }
        }
        Ok(())
    }

    /// The output, which begins with the first record.
    fn output(&mut self, container: Option<Container>) -> Result<&mut Output> {
        let output = match self.output.take() {
            Some(output) => output,
            None => self.args.new.begin(&self.args.output, container)?,
        };
        Ok(self.output.insert(output))
    }

    fn finish(mut self, report: &mut Report) -> Result {
        self.counts.say(report);
        if self.written == 0 && report.is_clean() {
            report.error(DAMAGED, "nothing to regrid: only descriptors");
        }
        if let Some(saved) = self.saved.take()
            && self.counts.moved > 0
            && !self.plans.save(saved)?
        {
            report.error(DAMAGED, "--save-weights: no record is on a grid");
        }
        match self.output {
            // A file without any of the records that were to be in it is no result.
            Some(output) if self.written > 0 => output.finish(self.args.new.force),
            _ => Ok(()),
        }
    }
}

/// Bytes of memory for a task.
fn cost(task: &Task<'_>, target_len: usize) -> u64 {
    let parts = [Some(&task.first), task.second.as_ref()];
    let one = |part: &task::Part<'_>| {
        let Some(head) = part.head() else { return 0 };
        let width =
            if head.data_bits() == 64 || matches!(part, task::Part::Tiles(_)) || task::is_whole(head) { 8 } else { 4 };
        let points = (task.source_len as u64).saturating_add(target_len as u64);
        points.saturating_mul(u64::from(head.nk().max(1))).saturating_mul(width * COPIES)
    };
    parts.into_iter().flatten().map(one).fold(0, u64::saturating_add)
}

/// What the writer refused: reported, or the end of the work.
fn refused(output: &Output, error: Error, counts: &mut Counts, report: &mut Report) -> Result {
    match error {
        // A medium that refuses will go on refusing.
        Error::Io { .. } => Err(Stop::message(output.message(&error))),
        Error::Full { .. } if !output.writer.has_room() => {
            let copied = records(output.writer.record_count());
            Err(Stop::message(format!("{}: add --container rsf; {copied} written before", output.message(&error))))
        }
        error => {
            counts.failed += 1;
            output.report(&error, "", report);
            Ok(())
        }
    }
}
