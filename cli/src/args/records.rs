//! Options of what commands read: files, records, elements.

use std::path::PathBuf;

use clap::{ValueEnum, ValueHint};

/// Which files.
#[derive(clap::Args, Debug)]
pub(crate) struct Files {
    /// FST files, folders with FST files, or saved indexes; `-` reads a list of them, one a line, from the
    /// standard input
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) paths: Vec<PathBuf>,
    /// Take more files from a list, one a line; `-` is the standard input
    #[arg(long = "files-from", value_name = "LIST", value_hint = ValueHint::FilePath)]
    pub(crate) list: Option<PathBuf>,
    /// Lists of files are separated by NUL, as `find -print0` writes them
    #[arg(short = '0', long)]
    pub(crate) null: bool,
}

/// Which records.
#[derive(clap::Args, Debug)]
pub(crate) struct Where {
    /// Only the records that satisfy a condition, such as 'nomvar=TT and level=500 hPa' (see `rpnfst --help`)
    #[arg(short = 'w', long = "where", value_name = "EXPR")]
    pub(crate) expr: Option<String>,
}

/// What raw words are.
#[derive(clap::Args, Debug)]
pub(crate) struct Words {
    /// Take raw words (datyp 0) for elements of this type: f4, i4 or u4. By default f4 in `>>`, `^^` and `^>`, where
    /// librmn stores reals so; elsewhere words are no numbers
    #[arg(long, value_name = "DTYPE", hide_possible_values = true)]
    pub(crate) words_as: Option<WordsAs>,
}

/// The types of `--words-as`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum WordsAs {
    /// Reals of single precision
    F4,
    /// Signed integers
    I4,
    /// Unsigned integers
    U4,
}
