//! The command line.

mod global;
mod ip;
mod levels;
mod listing;
mod making;
mod places;
mod reading;
mod records;
mod regrid;
#[cfg(feature = "sql")]
mod sql;
mod writing;

pub(crate) use global::*;
pub(crate) use ip::*;
pub(crate) use levels::*;
pub(crate) use listing::*;
pub(crate) use making::*;
pub(crate) use places::*;
pub(crate) use reading::*;
pub(crate) use records::*;
pub(crate) use regrid::*;
#[cfg(feature = "sql")]
pub(crate) use sql::*;
pub(crate) use writing::*;

use clap::{Parser, Subcommand};

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
    /// Grids: size, resolution, extent, projection; latitudes and longitudes of their points
    Grid(Grid),
    /// Values at points given by latitude and longitude
    At(At),
    /// Fields on another grid: interpolated, or means over cells
    Regrid(Box<Regrid>),
    /// Fields on pressures or heights
    Vinterp(Box<Vinterp>),
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
    /// Vertical coordinates: levels, their coefficients and parameters
    Levels(Levels),
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

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_consistent() {
        super::Args::command().debug_assert();
    }
}
