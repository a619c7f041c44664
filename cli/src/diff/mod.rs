//! `rpnfst diff`: two files compared record by record.

mod matching;
mod show;
mod values;

use rayon::prelude::*;
use rpnfst::{Container, File, ReadOptions, Record, Severity, Threads, record::Cell};

use self::{
    matching::{Keys, Pair},
    show::Shower,
    values::{Comparison, Tolerances},
};
use crate::{
    args::{Diff, Global},
    input, interrupt,
    output::is_terminal,
    progress,
    report::{Report, Result, UNUSABLE},
};

/// Exit status of files that differ.
const DIFFERENT: u8 = 1;
/// Pairs that are compared before their results are shown.
const BATCH: usize = 256;

/// What became of a pair.
enum Outcome {
    Compared {
        /// Each attribute that differs, with its two values.
        attributes: Vec<(&'static str, Cell, Cell)>,
        values: Option<Comparison>,
    },
    /// One of the two could not be read.
    Trouble(rpnfst::Error),
}

/// How many records of each kind there are.
#[derive(Clone, Copy, Default, Debug)]
struct Counts {
    identical: usize,
    /// Not equal, but within the tolerances.
    close: usize,
    different: usize,
    only_a: usize,
    only_b: usize,
    trouble: usize,
}

/// Runs the command.
pub(crate) fn run(args: &Diff, global: &Global, report: &mut Report) -> Result {
    let keys = Keys::parse(&args.key, &args.ignore, args.packing)?;
    let query = input::query(args.select.expr.as_deref())?;
    let files = [&args.a, &args.b].map(|path| match input::options(global).open(path) {
        Ok(file) => {
            for (_, problem) in file.problems().filter(|(_, p)| p.severity == Severity::Damage) {
                report.warning(UNUSABLE, format_args!("{}: {problem}", path.display()));
            }
            Some(file)
        }
        Err(error) => {
            report.error(UNUSABLE, error);
            None
        }
    });
    let [Some(a), Some(b)] = &files else { return Ok(()) };
    let matched = matching::pairs(input::select(a, &query), input::select(b, &query), &keys);
    let mut counts = Counts { only_a: matched.only_a.len(), only_b: matched.only_b.len(), ..Counts::default() };
    let mut shower = Shower::new(args, global);
    let tolerances = Tolerances { abs: args.abs, rel: args.rel, bits: args.bits };
    let bar = progress::records(matched.pairs.len(), "diff", args.json && is_terminal(), report);
    for batch in matched.pairs.chunks(BATCH) {
        interrupt::check()?;
        let compare = |pair: &Pair<'_>| {
            let outcome = compare(a, b, pair, &keys, &tolerances, args.meta_only);
            bar.inc(1);
            outcome
        };
        let outcomes: Vec<_> = batch.par_iter().map(compare).collect();
        for (pair, outcome) in batch.iter().zip(&outcomes) {
            counts.add(outcome);
            if let Outcome::Trouble(error) = outcome {
                report.error(UNUSABLE, error);
            }
            shower.pair(pair, outcome)?;
        }
    }
    progress::done(&bar, report);
    for (name, only) in [("a", &matched.only_a), ("b", &matched.only_b)] {
        only.iter().try_for_each(|(index, record)| shower.only(name, *index, record))?;
    }
    if counts.different + counts.only_a + counts.only_b > 0 {
        report.raise(DIFFERENT);
    }
    shower.finish(counts)
}

fn compare(a: &File, b: &File, pair: &Pair<'_>, keys: &Keys, tolerances: &Tolerances, meta_only: bool) -> Outcome {
    let ((_, one), (_, other)) = (pair.a, pair.b);
    let read = || -> rpnfst::Result<_> {
        let mut attributes = keys.differences(one, other);
        // XDF files cannot hold extended metadata.
        if keys.metadata && [a, b].iter().all(|file| is_rsf(file)) {
            let text = |file: &File, record: &Record| file.metadata_text(record).map(Option::unwrap_or_default);
            let (text_a, text_b) = (text(a, one)?, text(b, other)?);
            if text_a != text_b {
                attributes.push(("metadata", Cell::Text(text_a), Cell::Text(text_b)));
            }
        }
        if meta_only || one.shape() != other.shape() {
            return Ok((attributes, None));
        }
        let options = ReadOptions::new().threads(Threads::One);
        let values = values::compare(&a.read_with(one, &options)?, &b.read_with(other, &options)?, tolerances);
        Ok((attributes, Some(values)))
    };
    match read() {
        Ok((attributes, values)) => Outcome::Compared { attributes, values },
        Err(error) => Outcome::Trouble(error),
    }
}

fn is_rsf(file: &File) -> bool {
    file.info(0).is_some_and(|info| info.container == Container::Rsf)
}

impl Outcome {
    /// `identical`, `close`, `different` or `trouble`.
    fn name(&self) -> &'static str {
        match self {
            Self::Trouble(_) => "trouble",
            Self::Compared { attributes, .. } if !attributes.is_empty() => "different",
            Self::Compared { values: Some(values), .. } if values.differ > 0 => "different",
            Self::Compared { values: Some(values), .. } if !values.identical => "close",
            Self::Compared { .. } => "identical",
        }
    }
}

impl Counts {
    fn add(&mut self, outcome: &Outcome) {
        let count = match outcome.name() {
            "identical" => &mut self.identical,
            "close" => &mut self.close,
            "different" => &mut self.different,
            _ => &mut self.trouble,
        };
        *count += 1;
    }
}
