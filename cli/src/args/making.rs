//! The command `mk`.

use std::path::PathBuf;

use clap::{ValueEnum, ValueHint};

use super::writing::{Beside, Container, Encoding};

const MK: &str = "\
Arrays:
  .npy   Fortran-ordered arrays have the shape (ni, nj, nk), (ni, nj) or (ni), as `get` writes them;
         C-ordered ones (nk, nj, ni), (nj, ni) or (ni), as Python programs mostly have them: in both
         ni is the fastest. Beware that numpy writes an array with a single row or column as
         C-ordered, whatever it was. --order ijk or kji says what the axes are and transposes when
         that is not their order in memory; --dims says the dimensions of the record, and only
         their product must fit
  .csv   as `get` writes it: with the header i,j,k,value (or real,imag), or a matrix with a row for
         each j and an empty line between planes; an empty value is NaN. f4 unless --dtype says
         another type

Types: without --datyp and --nbits values are packed without loss. NaN and librmn's special values
(-1e38, the smallest signed and the largest unsigned integer) become missing values where --datyp
has the flag 64; --missing says which other value is one, and sets the flag. XDF files hold integers
of 64 bits whose values fit in 32. With the type and bits of a listing (R16 and the like) values that
`get` extracted are quantized again and may move by a quantum; without them they are kept, in more
bits. --datyp 0 stores the bits of u4, i4 or f4 arrays as raw words.

--records LIST.jsonl has a JSON object a line, with the names that `ls --json` shows, and
\"data\": \"FILE\", relative to the folder of the list; numbers of the listing that follow from others
are ignored. There dateo and datev are stamps as numbers, dates as texts: \"2020061512\". --order,
--missing and --dtype go for the lines that do not say them (\"order\": \"kji\", \"missing\": -999,
\"dtype\": \"f8\").

OUT is never the file of an array or of the list, whatever its name, -f or not.

Examples:
  rpnfst mk new.std --data tt.npy --nomvar TT --typvar P --level '500 hPa' --dateo 2026-11-24T12:00
  rpnfst mk new.std --append --data mask.csv --nomvar MK --datyp 2 --nbits 1
  rpnfst get old.std -o 'out/{index}.npy'
  rpnfst ls --json old.std | jq -c '.data = \"out/\\(.index).npy\"' > list.jsonl
  rpnfst mk new.std --records list.jsonl";

const DATE: &str = "\
Dates:
  2020-06-15, 2020-06-15T12, 2020-06-15T12:30:15Z     ISO 8601, UTC
  20200615, 2020061512, 202006151230, 20200615123015  digits of the years 1900 to 2100
  442372400, stamp:442372400                          a date stamp; with the word, one that looks
                                                      like a date too
  now, none                                           cut to 5 seconds; stamp 0
Digits that read as a date of another year are an error: 1850010100 is written 1850-01-01T00, or as
a stamp stamp:1850010100. So are digits of 1900 to 2100 that are no date: 20200231.

+N and -N add hours to every date before them; +2d days, +90min minutes, +15s seconds; a negative
stamp comes first, or as stamp:-1275244186. With a minus
alone between two dates the hours from the second to the first are shown. Both are counted in the
calendar of --calendar; a stamp means the same date in all of them. Stamps count 5 seconds, before
1980 and after 2235 hours: a sum between two of them is an error.

A date that the calendar does not have is an error. 360_day is that of librmn, which puts months of
30 days on real dates: January and March have 31 days, February has 28, so that January 31 is a date
and February 29 and the 31st of the other months are none. 365_day has no February 29.

101010101 and 10101011 are what librmn stores for a date that cannot be computed: no date, as 0 is.

Exit status:
  0  all is well
  1  a stamp that does not decode, a sum that cannot be stored, no date to count from
  2  wrong usage

Examples:
  rpnfst date 442372400                         442372400  2020-06-15T12:00:00Z
  rpnfst date 2020061512 +6                     six hours later
  rpnfst date --stamp 2020-06-15T12             442372400
  rpnfst date --ymdh 442372400 -1d              2020061412
  rpnfst date 2020061512 - 2020061400           36
  rpnfst date 20000228 +24 --calendar 365_day   2000-03-01";

#[derive(clap::Args, Debug)]
#[command(after_help = MK, group = clap::ArgGroup::new("input").required(true).args(["data", "records"]))]
pub(crate) struct Mk {
    /// FST file to make
    #[arg(value_name = "OUT", value_hint = ValueHint::FilePath)]
    pub(crate) output: PathBuf,
    /// The array of one record: .npy or .csv
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, requires = "nomvar")]
    pub(crate) data: Option<PathBuf>,
    /// Many records: a JSON object a line; `-` is the standard input
    #[arg(long, value_name = "LIST", value_hint = ValueHint::FilePath, conflicts_with = "record")]
    pub(crate) records: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) record: Fields,
    #[command(flatten)]
    pub(crate) reading: Reading,
    /// Container of a new file
    #[arg(long, value_name = "CONTAINER", default_value = "xdf")]
    pub(crate) container: Container,
    #[command(flatten)]
    pub(crate) encoding: Encoding,
    /// Append to OUT, which keeps its container
    #[arg(long, conflicts_with = "force")]
    pub(crate) append: bool,
    #[command(flatten)]
    pub(crate) beside: Beside,
    /// Overwrite an existing file
    #[arg(short, long)]
    pub(crate) force: bool,
}

#[derive(clap::Args, Debug)]
#[command(after_help = DATE)]
#[expect(clippy::struct_excessive_bools, reason = "switches of a command line")]
pub(crate) struct Date {
    /// Dates, and what to add to them: +6, -24, +90min, +2d; or two dates with a minus between them
    #[arg(value_name = "DATE", required = true, allow_negative_numbers = true)]
    pub(crate) terms: Vec<String>,
    /// Only the stamp
    #[arg(long, group = "form")]
    pub(crate) stamp: bool,
    /// Only YYYYMMDDHH; with minutes and seconds where there are some
    #[arg(long, group = "form")]
    pub(crate) ymdh: bool,
    /// Only the date as ISO 8601
    #[arg(long, group = "form")]
    pub(crate) iso: bool,
    /// One JSON object a line
    #[arg(long, group = "form")]
    pub(crate) json: bool,
}

/// The order of the axes of an array.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, ValueEnum)]
pub(crate) enum Order {
    /// ijk for Fortran-ordered arrays, kji for C-ordered ones
    #[default]
    Auto,
    /// (ni, nj, nk)
    Ijk,
    /// (nk, nj, ni)
    Kji,
}

/// The attributes of one record.
#[derive(clap::Args, Debug)]
#[group(id = "record", multiple = true)]
#[command(next_help_heading = "Record")]
pub(crate) struct Fields {
    /// Variable name
    #[arg(long, value_name = "NAME")]
    pub(crate) nomvar: Option<String>,
    /// Kind of field [default: X]
    #[arg(long, value_name = "LETTERS")]
    pub(crate) typvar: Option<String>,
    /// Label
    #[arg(long, value_name = "LABEL")]
    pub(crate) etiket: Option<String>,
    /// Grid type [default: X]
    #[arg(long, value_name = "LETTER")]
    pub(crate) grtyp: Option<String>,
    /// Origin date: 2020-06-15T12, 2020061512, stamp:442372400, now or none
    #[arg(long, value_name = "DATE")]
    pub(crate) dateo: Option<String>,
    /// Validity date
    #[arg(long, value_name = "DATE", conflicts_with = "dateo")]
    pub(crate) datev: Option<String>,
    /// Length of a time step, seconds
    #[arg(long, value_name = "SECONDS")]
    pub(crate) deet: Option<String>,
    /// Time step number
    #[arg(long, value_name = "N")]
    pub(crate) npas: Option<String>,
    /// Level as a code
    #[arg(long, value_name = "CODE")]
    pub(crate) ip1: Option<String>,
    /// Level as a value with its unit: '500 hPa'
    #[arg(long, value_name = "LEVEL", conflicts_with = "ip1")]
    pub(crate) level: Option<String>,
    /// Time, usually in hours
    #[arg(long, value_name = "CODE")]
    pub(crate) ip2: Option<String>,
    /// Third code
    #[arg(long, value_name = "CODE")]
    pub(crate) ip3: Option<String>,
    /// The four grid parameters
    #[arg(long, value_name = "IG1,IG2,IG3,IG4")]
    pub(crate) ig: Option<String>,
    /// Extended metadata, JSON (RSF only)
    #[arg(long, value_name = "JSON")]
    pub(crate) metadata: Option<String>,
    /// Data type, flags included
    #[arg(long, value_name = "DATYP")]
    pub(crate) datyp: Option<u8>,
    /// Bits an element
    #[arg(long, value_name = "BITS")]
    pub(crate) nbits: Option<u8>,
    /// Dimensions of the record
    #[arg(long, value_name = "NI[,NJ[,NK]]")]
    pub(crate) dims: Option<String>,
}

/// How arrays are read. A line of a list may say otherwise.
#[derive(clap::Args, Debug)]
#[command(next_help_heading = "Arrays")]
pub(crate) struct Reading {
    /// Order of the axes of the array
    #[arg(long, value_name = "ORDER", default_value = "auto")]
    pub(crate) order: Order,
    /// Value that stands for missing ones: a number, or nan
    #[arg(long, value_name = "VALUE", allow_hyphen_values = true)]
    pub(crate) missing: Option<String>,
    /// Element type of CSV values: i1 i2 i4 i8 u1 u2 u4 u8 f4 f8 c8 c16
    #[arg(long, value_name = "DTYPE")]
    pub(crate) dtype: Option<String>,
}
