//! `rpnfst diff`: two files compared record by record.

mod matching;
mod show;
mod values;

use rayon::prelude::*;
use rpnfst::{Container, File, LostPlanes, ReadOptions, Record, Severity, Threads, record::Cell};

use self::{
    matching::{Keys, Pair},
    show::Shower,
    values::{Comparison, Tolerances},
};
use crate::{
    args::{Diff, Global},
    input, interrupt, memory,
    output::{self, is_terminal},
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
    let mut shower = Shower::new(args, output::stdout(global.color));
    let tolerances = Tolerances { abs: args.abs, rel: args.rel, bits: args.bits };
    let bar = progress::records(matched.pairs.len(), "diff", args.json && is_terminal(), report);
    for batch in batches(&matched.pairs, global.max_memory) {
        interrupt::check()?;
        let compare = |pair: &Pair<'_>| {
            let outcome = compare(a, b, pair, &keys, &tolerances, args.meta_only, global);
            bar.inc(1);
            outcome
        };
        let outcomes: Vec<_> = batch.par_iter().map(compare).collect();
        for (pair, outcome) in batch.iter().zip(&outcomes) {
            counts.add(outcome);
            if let Outcome::Trouble(error) = outcome {
                report.error(UNUSABLE, memory::explained(error));
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

/// Planes that are in neither file are the same.
fn lost_planes(pair: &Pair<'_>) -> LostPlanes {
    let same = pair.a.1.lost_planes() == pair.b.1.lost_planes();
    if same { LostPlanes::Omit } else { LostPlanes::Missing }
}

/// Bytes of the two arrays of a pair, and of what is made of them to compare: a double of each value.
fn memory_of(pair: &Pair<'_>) -> u64 {
    let omits = lost_planes(pair) == LostPlanes::Omit;
    let one = |record: &Record| {
        let doubles = record.element_count().unwrap_or(u64::MAX).saturating_mul(8);
        let all = record.decoded_bytes().saturating_add(doubles);
        let planes = if omits { record.planes_in_file() } else { record.nk() };
        (all / u64::from(record.nk()).max(1)).saturating_mul(planes.into())
    };
    one(pair.a.1).saturating_add(one(pair.b.1))
}

/// Pairs that may be compared at once: not too many, and together not too large.
fn batches<'p, 'a>(mut pairs: &'p [Pair<'a>], most: u64) -> impl Iterator<Item = &'p [Pair<'a>]> {
    std::iter::from_fn(move || {
        let mut bytes = 0_u64;
        let fits = |pair: &&Pair<'_>| {
            bytes = bytes.saturating_add(memory_of(pair));
            bytes <= most
        };
        let count = pairs.iter().take(BATCH).take_while(fits).count().max(1).min(pairs.len());
        let (batch, rest) = pairs.split_at(count);
        pairs = rest;
        (!batch.is_empty()).then_some(batch)
    })
}

fn compare(
    a: &File,
    b: &File,
    pair: &Pair<'_>,
    keys: &Keys,
    tolerances: &Tolerances,
    meta_only: bool,
    global: &Global,
) -> Outcome {
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
        global.allows(memory_of(pair), a, one)?;
        let options = ReadOptions::new().threads(Threads::One).lost_planes(lost_planes(pair));
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
