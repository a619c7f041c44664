//! The same work done by rpnfst and by librmn 19.5, in one process, in turns.
//!
//! `RPNFST_LIBRMN=... cargo bench --bench against_librmn` prints tables in Markdown; `-- --write docs` also writes
//! `docs/benchmarks.md` and the charts in `docs/benchmarks/`. `-- --only decode,encode` does these sections alone. Times
//! are medians; a time alone says little on a shared machine, the ratio more.

mod cases;
mod chart;
mod codec;
mod decode;
mod encode;
mod grids;
mod levels;
mod listing;
mod parallel;
mod report;
mod scale;
mod table;
mod timing;

use std::{alloc::System, error::Error, path::Path};

use cap::Cap;
use report::Section;
use rpnfst_oracle::Librmn;

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// Counts what is allocated, which costs rpnfst a little and librmn nothing.
#[global_allocator]
static MEMORY: Cap<System> = Cap::new(System, usize::MAX);

type Measure = fn(Librmn, &Path) -> Outcome<Vec<Section>>;

const SECTIONS: &[(&str, Measure)] = &[
    ("listing", listing::listing),
    ("scale", scale::scale),
    ("table", table::table),
    ("decode", decode::decode),
    ("encode", encode::encode),
    ("codec", codec::codec),
    ("grids", grids::grids),
    ("levels", levels::levels),
    ("parallel", parallel::parallel),
    ("small", listing::small_records),
];

fn main() -> Outcome<()> {
    let Some(librmn) = Librmn::load()? else {
        println!("skipped: RPNFST_LIBRMN not set");
        return Ok(());
    };
    let arguments: Vec<String> = std::env::args().collect();
    let value = |name: &str| arguments.iter().position(|a| a == name).and_then(|at| arguments.get(at + 1));
    let only: Option<Vec<&str>> = value("--only").map(|names| names.split(',').collect());
    let known = |name: &&str| SECTIONS.iter().any(|(known, _)| known == name);
    if let Some(name) = only.iter().flatten().find(|name| !known(name)) {
        let names: Vec<_> = SECTIONS.iter().map(|(name, _)| *name).collect();
        return Err(format!("no section {name}; there are {}", names.join(", ")).into());
    }
    let mut sections = Vec::new();
    for (name, measure) in SECTIONS {
        if only.as_ref().is_none_or(|only| only.contains(name)) {
            let folder = tempfile::tempdir()?;
            for section in measure(librmn, folder.path())? {
                print!("{}", section.markdown());
                sections.push(section);
            }
        }
    }
    match value("--write") {
        Some(folder) => report::write(Path::new(folder), &sections),
        None => Ok(()),
    }
}
