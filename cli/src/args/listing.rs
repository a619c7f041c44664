//! Options of `rpnfst ls` and `rpnfst index`.

#[cfg(feature = "index")]
use std::path::PathBuf;

#[cfg(feature = "index")]
use clap::ValueHint;

use super::{Files, Where};

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
