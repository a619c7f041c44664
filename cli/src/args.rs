//! The command line.

mod global;
mod ip;
mod making;
mod records;
#[cfg(feature = "sql")]
mod sql;
mod writing;

pub(crate) use global::*;
pub(crate) use ip::*;
pub(crate) use making::*;
pub(crate) use records::*;
#[cfg(feature = "sql")]
pub(crate) use sql::*;
pub(crate) use writing::*;

use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum, ValueHint};

const EXIT: &str = "\
Exit status:
  0  all is well
  1  something is damaged, a record could not be read or written, or none was selected
     (without -w, `ls`, `stat` and `digest` of a file that has no records end with 0)
  2  wrong usage, not an FST file, a file that cannot be opened or written

Records are numbered from 0 in the order of librmn's search without criteria: the `index` of `ls`.

Conditions (-w):
  nomvar=TT                         names; * and ? are wild: nomvar=T*
  nomvar=TT,UU,VV                   one of several
  etiket='RUN 1'                    quotes take a text to the letter; '' is a blank field
  level=500..1000 hPa               levels in any encoding, ends included; units as `ls` shows them:
                                    hPa sg hy m 'm agl' 'm deep' K mp [], or mb th magl depth ...
  hour=0..48/6                      every 6 of a range, of numbers and levels too: ip2=0..48/6
  hour<=24 and not typvar=A         and, or, not, ( )
  valid_time>=2020-06-15            dates, as ISO 8601; 2020-06 is the month, 2020 the year; now
  datev=2020061512                  also YYYYMMDD, YYYYMMDDHHMM of the years 1900 to 2100; 442372400
                                    and stamp:442372400 are a date stamp (see `rpnfst date --help`)
  ip2=6 h and ip3=0 h               an ip with a unit is a value in any encoding, else the very code
  ip1_all=500                       the level of a code, whatever the style of its code: 500 also
                                    finds 41394464 (ip2_all, ip3_all likewise)
  interval_end=6..24                hours, of records with a time interval in ip2 and ip3
  typvar in (P,A)                   `in` is =; names find capital and small letters: nomvar=tt
  Fields: nomvar typvar etiket grtyp ni nj nk datyp nbits data_bits deet npas ip1 ip2 ip3
          ip1_all ip2_all ip3_all ig1 ig2 ig3 ig4 datev dateo level level_kind level_name level_unit
          hour interval_begin interval_end valid_time origin_time file file_index file_offset
          total_stored_bytes
  Names of columns do too: data_type is datyp, pack_bits is nbits (and columns take datyp, nbits).
  An empty condition is an error, and so is one that no record can satisfy: nomvar=TTTTX, ni=0.";

const LS: &str = "\
Examples:
  rpnfst ls model.std                                all records, as an aligned table
  rpnfst ls -w 'nomvar=TT and level=500 hPa' *.std   some records of several files
  rpnfst ls --columns nomvar,level,valid_time f.std  these columns only (`--columns help` lists all)
  rpnfst ls --group nomvar,level_unit archive/       a summary: counts, ranges of times and levels
  rpnfst ls --sort valid_time,-level archive/        all records in another order
  rpnfst ls --json f.std | jq .nomvar                one JSON object a line, with every field
  rpnfst ls --voir f.std                             lines as librmn's `voir` writes them
  rpnfst ls --style f.std                            as `voir -style`: validity dates, levels
  rpnfst ls --csv --no-header archive/               all FST files of a folder
  find . -name '*.std' -print0 | rpnfst ls -0 -      a list of files from the standard input

The table takes the width of the terminal (or COLUMNS): what does not fit is shortened or left out,
and is there in a pipe and with --columns. Encoded times in ip2 and ip3 are shown as hours, 12 h,
and both together as the interval 6-12 h; --json and --csv have the codes, interval_begin and
interval_end. An m in type, as in fm12, says that values may be missing.

Folders are searched to the bottom in the order of names. Hidden files are left out; others that are
no FST files are counted on the standard error.

Paths that are not UTF-8: --csv has them as they are, --json their bytes too, as hexadecimal digits
in path_bytes.

--voir and --style write the lines and headers of records, not the last lines of `voir`; the columns
of GRIDINFO, XG1 to XG4, are left out. Words that are none are an error.";

#[cfg(feature = "index")]
const INDEX: &str = "\
The index is a Parquet file, which DuckDB, polars and pandas open too. Paths in it are relative to its
folder: both move together. Commands that read files take it in their place, and open only the files
that they need: `ls` none, `get`, `stat`, `digest` and `cp` those with records that -w selects. Files
that have changed since are read again, which is said; --update brings the index up to date, and reads
new, grown and changed files only.

Examples:
  rpnfst index archive/                        makes archive/rpnfst-index.parquet
  rpnfst index archive/ --update               after files came, grew or went
  rpnfst index *.std -o today.parquet
  rpnfst ls --group nomvar,level_unit archive/rpnfst-index.parquet
  rpnfst get archive/rpnfst-index.parquet -w 'nomvar=TT and hour=24' -o out/";

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

/// Lists, inspects, extracts, copies, edits and writes the records of RPN standard files (FST), without librmn
///
/// Knows XDF files (classic, random or sequential) and RSF files (librmn 20). The content decides, not the name.
#[derive(Parser, Debug)]
#[command(name = "rpnfst", version, after_help = EXIT, max_term_width = 100, propagate_version = true)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
    #[command(flatten)]
    pub(crate) global: Global,
}

#[derive(Subcommand, Debug)]
pub(crate) enum Command {
    /// List records
    Ls(Ls),
    /// Save what is in many files: one file that every command takes in their place
    #[cfg(feature = "index")]
    Index(Index),
    /// Describe files: container, directory, deleted records, wasted bytes
    Info(Info),
    /// Extract values: numpy, CSV, JSON or raw bytes
    Get(Get),
    /// Minimum, maximum, mean, standard deviation and missing values of each record
    Stat(Stat),
    /// sha256 of the decoded values and of the stored bytes of each record
    Digest(Digest),
    /// Look for damage: exit status 0 sound, 1 damaged, 2 not FST
    Check(Check),
    /// Copy records: select, merge, split, convert, pack anew
    Cp(Cp),
    /// Delete records in place, give wasted space back
    Rm(Rm),
    /// Change attributes of records in place
    Edit(Edit),
    /// Compare two files: exit status 0 same, 1 different, 2 trouble
    Diff(Diff),
    /// Copy what is readable of a damaged file
    Salvage(Salvage),
    /// Make records of numpy arrays or CSV
    Mk(Box<Mk>),
    /// Codes of levels and times (ip1, ip2, ip3) to values, and back
    Ip(Ip),
    /// Date stamps to dates and back, dates plus hours, hours between dates
    Date(Date),
    /// Ask in SQL about the records of files
    #[cfg(feature = "sql")]
    Sql(Sql),
    /// Write a completion script for a shell to the standard output
    #[command(after_help = "Example:\n  rpnfst completions bash > ~/.local/share/bash-completion/completions/rpnfst")]
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

#[derive(clap::Args, Debug)]
#[command(after_help = LS)]
pub(crate) struct Ls {
    #[command(flatten)]
    pub(crate) files: Files,
    #[command(flatten)]
    pub(crate) select: Where,
    /// One JSON object a line, with every field unless --columns says which
    #[arg(long, group = "form")]
    pub(crate) json: bool,
    /// CSV with a header, with every field unless --columns says which
    #[arg(long, group = "form")]
    pub(crate) csv: bool,
    /// Lines as librmn's `voir` writes them [STYLE by default: NINJNK+DATEO+IP1+IG1234]
    #[arg(long, group = "form", value_name = "STYLE", num_args = 0..=1, require_equals = true, default_missing_value = "")]
    pub(crate) voir: Option<String>,
    /// Lines as `voir -style` writes them: words such as DATEV+IPALL, or FULL [by default: NINJNK+DATEV+LEVEL+IP1+GRIDINFO]
    #[arg(long, value_name = "STYLE", num_args = 0..=1, require_equals = true, default_missing_value = "",
          conflicts_with_all = ["json", "csv"])]
    pub(crate) style: Option<String>,
    /// Which columns, in this order, separated by commas; `help` lists them, `all` takes all
    #[arg(long, value_name = "LIST", conflicts_with_all = ["voir", "style"])]
    pub(crate) columns: Option<String>,
    /// A line for each group of records that agree in these columns, such as nomvar,level_kind: how many records and
    /// files, bytes, ranges of validity and levels
    #[arg(long, value_name = "LIST", conflicts_with_all = ["voir", "style", "columns"])]
    pub(crate) group: Option<String>,
    /// Put the records of all files in the order of these columns, the first one first; a minus before a name puts the
    /// largest values first: -level,valid_time. With --group, the lines: -records
    #[arg(long, value_name = "LIST", allow_hyphen_values = true)]
    pub(crate) sort: Option<String>,
    /// Records only: no names of columns, and no names of files in lines of `voir`
    #[arg(long)]
    pub(crate) no_header: bool,
}

#[cfg(feature = "index")]
#[derive(clap::Args, Debug)]
#[command(after_help = INDEX)]
pub(crate) struct Index {
    #[command(flatten)]
    pub(crate) files: Files,
    /// Where the index goes; a symbolic link stays [default: rpnfst-index.parquet in the folder, when one folder is given]
    #[arg(short, long, value_name = "INDEX", value_hint = ValueHint::FilePath)]
    pub(crate) output: Option<PathBuf>,
    /// Keep what the index knows of files that have not changed since, and its calendar unless one is given
    #[arg(long, conflicts_with = "force")]
    pub(crate) update: bool,
    /// Overwrite a file that is no index
    #[arg(short, long)]
    pub(crate) force: bool,
}

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

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_consistent() {
        super::Args::command().debug_assert();
    }
}
