//! Options of `rpnfst sql`.

use std::path::PathBuf;

use clap::ValueHint;

use super::Files;

const SQL: &str = "\
The table is called `records`: a row for each record, with the columns of `ls --columns help` (without
index and metadata), path, and row, the number of the record among all. The answer is an aligned
table, unless --json, --csv or --parquet asks for another form.

Examples:
  rpnfst sql 'SELECT nomvar, COUNT(*) AS n, MIN(level), MAX(level) FROM records GROUP BY nomvar' archive/
  rpnfst sql \"SELECT path, valid_time FROM records WHERE nomvar = 'PR' AND hour >= 6 ORDER BY hour\" *.std
  rpnfst sql --json \"SELECT * FROM records WHERE valid_time >= '2020-06-15' LIMIT 3\" f.std
  rpnfst sql 'SELECT * FROM records' archive/ --parquet archive.parquet

Names are compared as they are: nomvar = 'TT' does not find tt. The SQL is that of Polars:
https://docs.pola.rs/api/python/stable/reference/sql/";

#[derive(clap::Args, Debug)]
#[command(after_help = SQL)]
#[expect(clippy::struct_excessive_bools, reason = "switches of a command line")]
pub(crate) struct Sql {
    /// The question: a SELECT over the table `records`
    #[arg(value_name = "SELECT")]
    pub(crate) question: String,
    #[command(flatten)]
    pub(crate) files: Files,
    /// One JSON object a line
    #[arg(long, group = "form")]
    pub(crate) json: bool,
    /// CSV with a header
    #[arg(long, group = "form")]
    pub(crate) csv: bool,
    /// Write the answer as a Parquet file
    #[arg(long, group = "form", value_name = "OUT", value_hint = ValueHint::FilePath)]
    pub(crate) parquet: Option<PathBuf>,
    /// Overwrite an existing Parquet file
    #[arg(short, long, requires = "parquet")]
    pub(crate) force: bool,
    /// No names of columns
    #[arg(long)]
    pub(crate) no_header: bool,
}
