//! `rpnfst diff`: two files compared record by record.

mod matching;
mod show;
mod values;

use std::path::PathBuf;

use rpnfst::{Container, File, LostPlanes, ReadOptions, Record, Severity, Threads, record::Cell};

use self::{
    matching::{Keys, Pair},
    show::Shower,
    values::{Comparison, Tolerances},
};
use crate::{
    args::{Diff, Global, WordsAs},
    input, interrupt, memory,
    output::is_terminal,
    progress, remote,
    report::{Report, Result, Stop, UNUSABLE},
    words,
};

/// Exit status of files that differ.
const DIFFERENT: u8 = 1;
/// Pairs that are compared before their results are shown, and bytes of their values; one pair is always allowed.
const BATCH: usize = 256;
const BATCH_BYTES: u64 = 256 << 20;

/// Each attribute that differs, with its two values.
type Differences = Vec<(&'static str, Cell, Cell)>;

/// What became of a pair.
enum Outcome {
    Compared {
        attributes: Differences,
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
    let open = |path: &PathBuf, report: &mut Report| match remote::url(path) {
        Some(_) => Ok(remote::open(path, &input::options(global))),
        None => Ok::<_, Stop>(input::options(global).link(&input::paths_of(path, report)?)),
    };
    let opened = [open(&args.a, report)?, open(&args.b, report)?];
    let files = opened.map(|opened| match opened {
        Ok(file) => {
            for (member, problem) in file.problems().filter(|(_, p)| p.severity == Severity::Damage) {
                report.warning(UNUSABLE, format_args!("{}: {problem}", member.name()));
            }
            Some(file)
        }
        Err(error) => {
            report.error(UNUSABLE, error);
            None
        }
    });
    let [Some(a), Some(b)] = &files else { return Ok(()) };
    let (chosen_a, chosen_b) = (input::select_readable(a, &query, report), input::select_readable(b, &query, report));
    if chosen_a.is_empty() && chosen_b.is_empty() {
        report.error(UNUSABLE, "no record selected");
        return Ok(());
    }
    let matched = matching::pairs(chosen_a, chosen_b, &keys);
    let mut counts = Counts { only_a: matched.only_a.len(), only_b: matched.only_b.len(), ..Counts::default() };
    // Before anything is shown: whoever reads it may have had enough.
    report.raise(counts.status());
    let mut shower = Shower::new(args, global);
    let bar = progress::records(matched.pairs.len(), "diff", args.json && is_terminal(), report);
    let job = Job {
        files: [a, b],
        global,
        keys: &keys,
        tolerances: Tolerances { abs: args.abs, rel: args.rel, bits: args.bits },
        meta_only: args.meta_only,
        words_as: args.words.words_as,
    };
    let bytes = |pair: &Pair<'_>| if args.meta_only { 0 } else { memory_of(pair) };
    for batch in batches(&matched.pairs, global.max_memory.min(BATCH_BYTES), bytes) {
        interrupt::check()?;
        // Records that keep all threads busy are not to be divided as well.
        let busy = batch.len() >= rayon::current_num_threads();
        let threads = if busy { Threads::One } else { Threads::Many };
        let outcomes = crate::threads::map(batch.len(), |at| {
            let outcome = job.compare(&batch[at], threads);
            bar.inc(1);
            outcome
        });
        for (pair, outcome) in batch.iter().zip(&outcomes) {
            counts.add(outcome);
            report.raise(counts.status());
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
    shower.finish(counts)
}

/// Planes that are in neither file are the same.
fn lost_planes(pair: &Pair<'_>) -> LostPlanes {
    let same = pair.a.1.lost_planes() == pair.b.1.lost_planes();
    if same { LostPlanes::Omit } else { LostPlanes::Missing }
}

/// Bytes of the two arrays of a pair.
fn memory_of(pair: &Pair<'_>) -> u64 {
    let omits = lost_planes(pair) == LostPlanes::Omit;
    let one = |record: &Record| {
        let planes = if omits { record.planes_in_file() } else { record.nk() };
        (record.decoded_bytes() / u64::from(record.nk()).max(1)).saturating_mul(planes.into())
    };
    one(pair.a.1).saturating_add(one(pair.b.1))
}

/// Neighbours that are compared together; `size` is what a pair needs.
fn batches<'p, 'r>(
    mut pairs: &'p [Pair<'r>],
    most: u64,
    size: impl Fn(&Pair<'r>) -> u64,
) -> impl Iterator<Item = &'p [Pair<'r>]> {
    std::iter::from_fn(move || {
        let mut bytes = 0_u64;
        let mut fits = |pair: &&Pair<'r>| {
            bytes = bytes.saturating_add(size(pair));
            bytes <= most
        };
        let count = pairs.iter().take(BATCH).take_while(|pair| fits(pair)).count().max(1).min(pairs.len());
        let (batch, rest) = pairs.split_at(count);
        pairs = rest;
        (!batch.is_empty()).then_some(batch)
    })
}

/// What is compared, and how.
struct Job<'a> {
    files: [&'a File; 2],
    global: &'a Global,
    keys: &'a Keys,
    tolerances: Tolerances,
    meta_only: bool,
    words_as: Option<WordsAs>,
}

impl Job<'_> {
    fn compare(&self, pair: &Pair<'_>, threads: Threads) -> Outcome {
        match self.try_compare(pair, threads) {
            Ok((attributes, values)) => Outcome::Compared { attributes, values },
            Err(error) => Outcome::Trouble(error),
        }
    }

    fn try_compare(&self, pair: &Pair<'_>, threads: Threads) -> rpnfst::Result<(Differences, Option<Comparison>)> {
        let ([a, b], (_, one), (_, other)) = (self.files, pair.a, pair.b);
        let mut attributes = self.keys.differences(one, other);
        // XDF files cannot hold extended metadata.
        if self.keys.metadata && [one, other].iter().all(|record| record.container() == Container::Rsf) {
            let text = |file: &File, record: &Record| file.metadata_text(record).map(Option::unwrap_or_default);
            let (text_a, text_b) = (text(a, one)?, text(b, other)?);
            if text_a != text_b {
                attributes.push(("metadata", Cell::Text(text_a), Cell::Text(text_b)));
            }
        }
        if self.meta_only || one.shape() != other.shape() {
            return Ok((attributes, None));
        }
        self.global.allows(memory_of(pair), a, one)?;
        let options = ReadOptions::new().threads(threads).lost_planes(lost_planes(pair));
        let read = |file: &File, record: &Record| {
            let field = file.read_with(record, &options)?;
            Ok::<_, rpnfst::Error>(words::taken(record, field, self.words_as))
        };
        let ((x, x_meaning), (y, y_meaning)) = (read(a, one)?, read(b, other)?);
        let values = values::compare((&x, x_meaning), (&y, y_meaning), &self.tolerances);
        Ok((attributes, Some(values)))
    }
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
    /// The exit status so far.
    fn status(self) -> u8 {
        if self.different + self.only_a + self.only_b > 0 { DIFFERENT } else { 0 }
    }

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batches_are_bounded_by_number_and_bytes() {
        let file = File::open(concat!(env!("CARGO_MANIFEST_DIR"), "/../testdata/xdf/same_name.std")).expect("a file");
        let records: Vec<_> = file.records().iter().enumerate().cycle().take(600).collect();
        let pairs: Vec<_> = records.iter().map(|&placed| Pair { a: placed, b: placed }).collect();
        let lengths = |bytes: u64| batches(&pairs, BATCH_BYTES, |_| bytes).map(<[_]>::len).collect::<Vec<_>>();
        assert_eq!(lengths(0), [256, 256, 88]);
        assert_eq!(lengths(BATCH_BYTES / 200), [200; 3]);
        assert_eq!(lengths(u64::MAX), [1; 600]);
        assert_eq!(memory_of(&pairs[0]), 2 * 12 * 8 * 4);
        assert_eq!(batches(&[], BATCH_BYTES, |_| 0).count(), 0);
    }
}
