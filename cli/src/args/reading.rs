//! Options of the commands that read records: `info`, `get`, `stat`, `digest`, `check`.

use std::path::PathBuf;

use clap::{ValueEnum, ValueHint};

use super::{Files, Where, Words};

const INFO: &str = "\
Examples:
  rpnfst info f.std
  rpnfst info --json f.std | jq .wasted_bytes";

const GET: &str = "\
Examples:
  rpnfst get f.std -i 3                             a look: range, mean, corners
  rpnfst get f.std -i 3 -o tt.npy                   for numpy.load: shape (ni, nj), Fortran order
  rpnfst get f.std -i 3 -o - | head                 values as CSV, to a pipe
  rpnfst get f.std -w nomvar=TT -o 'out/{nomvar}_{level}_{hour:03}_{index}.npy'
  rpnfst get f.std -w nomvar=TT -o out/             a file for each record in a folder
  rpnfst get f.std -o all.json                      many records: one JSON object a line
  rpnfst get f.std -i 0 --payload -o - | xxd        the bytes as stored

Formats (by the extension of OUT, or --format):
  npy   .npy            numpy array, Fortran order, shape (ni, nj, nk), or (ni, nj) when nk is 1
  csv   .csv            rows i,j,k,value, counted from 1 as in Fortran; empty where missing.
                        Complex numbers: real,imag instead of value. Several records: a column
                        index comes first
  json  .json .jsonl    one object a line: all columns of `ls`, dtype, shape, and a flat array
                        `values` in Fortran order (i fastest), null where missing
  raw   .raw .bin .dat  little-endian values in Fortran order, nothing else

Raw words (datyp 0, X32 in `ls`) of `>>`, `^^` and `^>` come as the reals that they are, dtype f4;
those of other records as u4, unless --words-as f4 says that they are reals. --words-as u4 gives all
as they are stored.

OUT may hold the name of any column of `ls` in braces, such as {index}, and {stem}, the name of
the input without its extension; {hour:03} pads with zeros, {{ is a brace. Existing files are kept
unless -f is given, and inputs always; a file appears complete or not at all.";

const STAT: &str = "\
Columns:
  n        number of values, missing ones included
  missing  values that the file marks as missing
  nan      other values that are not a number
  min, max, mean, std
           of the rest; std is that of the population; nothing for complex numbers and raw words
  at       where minimum and maximum are first, i,j or i,j,k counted from 1 as in Fortran
--json and --csv have all columns of `ls` first, and min_i min_j min_k max_i max_j max_k for `at`.

Examples:
  rpnfst stat f.std
  rpnfst stat f.std -w nomvar=VV --words-as f4      reals that are stored as raw words (X32)
  rpnfst stat --csv -w nomvar=TT *.std > tt.csv";

const DIGEST: &str = "\
The sha256 is that of the decoded values: little-endian, in storage order (Fortran), missing values
as librmn's default special values (-1e38 in reals). It does not change when a file is copied,
converted to the other container, or packed differently without loss. payload_sha256 in --json is
that of the stored bytes. On a terminal sums are not cut: what has no room beside them is left out.

Examples:
  rpnfst digest f.std
  diff <(rpnfst digest a.std) <(rpnfst digest b.std)
  rpnfst digest --json f.std | jq -r .sha256";

const CHECK: &str = "\
What is said of one record begins with one of
  damage:  values or records are lost, or wrong
  note:    worth knowing, such as a file that another program is writing, or levels that librmn 19
           did not keep
  ops:     of --ops; no damage
  not looked at:
           the values need more memory than --max-memory allows
Equal lines are counted; --json has all of them.

Exit status:
  0  sound (there may be notes, or findings of --ops)
  1  damaged
  2  not an FST file, it cannot be opened, or values that --data was to look at were not
141  nothing wrong so far, but the output was closed before the end (`| head -1`)

Examples:
  rpnfst check f.std
  rpnfst check --ops model.std grids.std
  rpnfst check -q --data f.std && echo sound
  find . -name '*.std' | rpnfst check -";

#[derive(clap::Args, Debug)]
#[command(after_help = INFO)]
pub(crate) struct Info {
    #[command(flatten)]
    pub(crate) files: Files,
    /// One JSON object a line for each file
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(clap::Args, Debug)]
#[command(after_help = GET)]
#[expect(clippy::struct_excessive_bools, reason = "switches of a command line")]
pub(crate) struct Get {
    #[command(flatten)]
    pub(crate) files: Files,
    #[command(flatten)]
    pub(crate) select: Where,
    /// Only these records: positions in the listing of each file, such as 0,5,10-12; they come in the order of the
    /// listing
    #[arg(short, long, value_name = "INDEX", value_delimiter = ',')]
    pub(crate) index: Vec<String>,
    /// Where to write: a file, a template such as 'out/{nomvar}_{index}.npy', a folder, or `-` for the standard output.
    /// Without it, a look at the values
    #[arg(short, long, value_name = "OUT", value_hint = ValueHint::AnyPath)]
    pub(crate) output: Option<PathBuf>,
    /// Format [default: by the extension of OUT; csv for `-`, npy for a folder]
    #[arg(long, value_name = "FORMAT", conflicts_with = "payload")]
    pub(crate) format: Option<Format>,
    /// What stands where values are missing
    #[arg(long, value_name = "WHAT", default_value = "nan")]
    pub(crate) missing: Missing,
    #[command(flatten)]
    pub(crate) words: Words,
    /// CSV as a matrix without header: a row for each j, a column for each i, planes separated by an empty line
    #[arg(long)]
    pub(crate) matrix: bool,
    /// CSV without names of columns
    #[arg(long)]
    pub(crate) no_header: bool,
    /// The stored bytes, not decoded
    #[arg(long, requires = "output", conflicts_with_all = ["matrix", "words_as"])]
    pub(crate) payload: bool,
    /// Overwrite existing files
    #[arg(short, long)]
    pub(crate) force: bool,
}

/// How values are written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum Format {
    /// numpy array
    Npy,
    /// Text, a value a row
    Csv,
    /// Little-endian values
    Raw,
    /// One JSON object a line
    Json,
}

/// What stands where values are missing.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum Missing {
    /// NaN in npy and raw, empty in CSV, null in JSON; librmn's special values in integers of npy and raw
    Nan,
    /// librmn's special values: -1e38 in reals, smallest signed or largest unsigned integer
    Classic,
    /// What the file holds: a value above the largest valid one
    Substitute,
}

#[derive(clap::Args, Debug)]
#[command(after_help = STAT)]
pub(crate) struct Stat {
    #[command(flatten)]
    pub(crate) files: Files,
    #[command(flatten)]
    pub(crate) select: Where,
    #[command(flatten)]
    pub(crate) words: Words,
    /// One JSON object a line
    #[arg(long, conflicts_with = "csv")]
    pub(crate) json: bool,
    /// CSV with a header
    #[arg(long)]
    pub(crate) csv: bool,
    /// No names of columns
    #[arg(long)]
    pub(crate) no_header: bool,
}

#[derive(clap::Args, Debug)]
#[command(after_help = DIGEST)]
pub(crate) struct Digest {
    #[command(flatten)]
    pub(crate) files: Files,
    #[command(flatten)]
    pub(crate) select: Where,
    /// One JSON object a line
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(clap::Args, Debug)]
#[command(after_help = CHECK)]
pub(crate) struct Check {
    #[command(flatten)]
    pub(crate) files: Files,
    /// Also decode every record
    #[arg(long, visible_alias = "deep")]
    pub(crate) data: bool,
    /// Also tell what is no damage: grid and vertical descriptors that fields need and that are in none of the files,
    /// descriptors that nothing refers to, records that are the same but for their values, records that are not compressed
    #[arg(long)]
    pub(crate) ops: bool,
    /// One JSON object a line for each file
    #[arg(long, conflicts_with = "quiet")]
    pub(crate) json: bool,
}
