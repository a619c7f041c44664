//! The commands that write.

use std::path::PathBuf;

use clap::{ValueEnum, ValueHint};

use super::records::{Files, Where, Words};

const CP: &str = "\
Without options that change the packing, payloads are copied bit for bit. From RSF to XDF extended
metadata are dropped, which is said once. OUT appears complete or not at all. A record that cannot be
copied is reported (exit status 1), as is an input that cannot be opened (2), and the others are
copied; with --strict the work stops, and no output appears (2).
An output that takes no more records (262144 in XDF) ends the work, and none appears. With -f OUT
may be an input, if that is sound and every record of it can be copied.
With --append OUT is extended in place: what was in it stays, whatever happens.

A template has the attributes of the copies, those of --set. --set and options that pack anew leave
descriptors (>> ^^ ^> !! HY ## ...) as they are, the latter also records of 64 bits, raw words (X32)
and masks (@@), unless -w names them (nomvar='>>') or --descriptors is given; how many is said at
the end. Where a type does not have the bits, the next that has is written: type 1 of 32 bits is 5.
--compress and --uncompress take all, since no value changes.

--replace and --skip-same take records for the same whose nomvar, typvar, etiket, ips, dates,
dimensions and grid are equal, whatever their values, also within one input. --with-grid looks in
the file of the record, then in the other inputs; the descriptors that it adds are left as they are
unless --descriptors is given. It says what is in no input, also one of two axes. When --set cuts
the links of fields to their descriptors (ig1 to ig3, grtyp; ip1 to ip3 of descriptors) or to their
masks (typvar, dates, ips, label), their number is said at the end.

While it is written, OUT is called .OUT.rpnfst-*.tmp. What a killed process left goes with the next
command of the same user that writes OUT, on Linux, where it was killed and until the machine starts
again.

Examples:
  rpnfst cp model.std -o tt.std -w 'nomvar=TT and level=500..1000 hPa'
  rpnfst cp a.std b.std c.std -o all.std               merge
  rpnfst cp model.std -o 'split/{nomvar}_{ip1}.std'    a file for each name and ip1
  rpnfst cp model.std -o model.rsf --container rsf     convert; --container xdf converts back
  rpnfst cp model.std -o small.std --compress          second stage, without loss
  rpnfst cp model.std -o half.std --datyp 134 --nbits 12
  rpnfst cp new.std -o archive.std --append
  rpnfst cp run1.std run2.std -o run.std --replace     the last of the same record wins
  rpnfst cp model.std -o tt.std -w nomvar=TT --with-grid
  rpnfst cp t.std -o out.std --append -w nomvar=SD --set ip1=1199";

const RM: &str = "\
Records are deleted in place: their space stays in the file until --compact rewrites it. With
--compact the file is replaced at once by one without the records and without wasted space. Nothing
is deleted without a condition: neither no -w nor an empty one (an unset variable of the shell)
means all records, which -w 'nomvar=*' does. Records that describe grids and levels
(>> ^^ ^> !! HY ## ...) stay unless the condition takes them by their name (-w 'nomvar=>>') or takes
all records, or with --descriptors.

Examples:
  rpnfst rm model.std -w 'hour>48' -n      what would be deleted
  rpnfst rm model.std -w 'hour>48'
  rpnfst rm model.std --compact            only gives wasted space back
  rpnfst rm model.std -w nomvar=TT --compact";

const EDIT: &str = "\
Fields: nomvar typvar etiket grtyp dateo datev deet npas ip1 ip2 ip3 level ig1 ig2 ig3 ig4 metadata
  level     a value with its unit, as a new-style ip1: '500 hPa', '0.995 sg', '2 magl'
  texts     may stand in quotation marks, as in conditions: 'etiket=\"MY RUN\"'; a blank one does:
            \"etiket=''\". Names, typvar and labels are stored in capital letters, grtyp as it is
  dates     2026-11-24T12:00, 2026112412, 20261124, stamp:442372400, now; none is 0. Other digits
            are a date stamp (see `rpnfst date --help`); the --calendar must have the date
  numbers, dates
            also from the record: ip2=ip2+6, npas=ip2, datev=datev-12 (hours), dateo=dateo+90min,
            datev-1d. Records without a date keep none; an encoded ip2 or ip3 (a time) moves by
            hours
  ip1=new, ip1=old
            the same level as a new-style or an old-style code (level=level is ip1=new); nothing is
            changed when a level has no such code exactly. ip2=new, ip2=old: the same for the hours
            of ip2, whose old code is their plain number. Codes that say no level stay
  deet, npas
            leave the validity date, which is the one stored, as it is; set dateo too to keep
            the origin
  metadata  JSON, of RSF files; it must fit where the old one is; nothing takes it away

Records that describe grids and levels (>> ^^ ^> !! HY ...) are left as they are unless the
condition takes them by their name (-w 'nomvar=>>'), or with --descriptors: fields refer to them by
ig1, ig2, ig3. All is checked before anything is changed.

Examples:
  rpnfst edit model.std -w nomvar=TT --set etiket=R2 --set 'level=500 hPa'          shows
  rpnfst edit model.std -w nomvar=TT --set etiket=R2 --set 'level=500 hPa' --yes    does
  rpnfst edit model.std --set datev=datev+6 --set ip2=ip2+6 --yes";

const DIFF: &str = "\
Records with the same key are compared: their other attributes, and their values whatever their
packing. Where several records have the same key, the first goes with the first, and so on. Records
of the same moment belong together although their stamps differ, as old ones do by the run number;
datev is then an attribute that differs. --ignore datev takes the date out of the key.

Two values agree when they are equal, both missing or both NaN, or within any of the tolerances.
Characters (types 3 and 7) and raw words (type 0) are equal or not, whatever the tolerance, unless
--words-as says what the words are; those of `>>`, `^^` and `^>` are reals.

Columns:
  differ   number of values that do not agree
  abs, rel largest absolute difference, and largest one relative to the larger of the two values;
           of complex numbers those of a part
  rms      root mean square of the differences
  corr     correlation
  bias     mean of B minus mean of A

Exit status:
  0  the same, within the tolerances
  1  different
  2  trouble: a file that does not open, a record that cannot be read, no record selected in either
     file, wrong usage
141  the same so far, but the output was closed before the end (`| head -1`)

Examples:
  rpnfst diff a.std b.std
  rpnfst diff a.std b.std --rel 1e-6 -q && echo same
  rpnfst diff run1.std run2.std --ignore etiket,datev,deet,npas --bits 16
  rpnfst diff --json a.std b.rsf | jq 'select(.status == \"different\")'";

const SALVAGE: &str = "\
Takes what the directory lists, and what a search through the whole file finds besides: records of
writers that died, and those behind damaged stretches or of a lost directory. A record is copied
when its values can be read; the others are reported as lost, unless they are saved under another
description: where the directory has a wrong place, or says something else than the record itself.
At the end it says how many records the directory has, how many were where it says, how many were
found again, and how many are lost.

Exit status:
  0  every record was saved
  1  something was lost, or there are bytes in which nothing was recognised
  2  no FST file, or no record in it

Examples:
  rpnfst salvage broken.std -o saved.std
  rpnfst salvage broken.std -o saved.std --deleted
  rpnfst salvage broken.rsf -o saved.std --container xdf";

/// Container of an output.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum Container {
    /// Classic random file, which every librmn reads
    Xdf,
    /// Classic sequential file
    XdfSeq,
    /// RSF, librmn 20 and later
    Rsf,
}

/// Whose decisions on types and widths are followed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum Rules {
    /// Those of librmn 19.5
    Librmn19,
    /// Those of librmn 20.1
    Librmn20,
}

/// How values are encoded.
#[derive(clap::Args, Debug)]
pub(crate) struct Encoding {
    /// Decide on types and widths as a release of librmn does [default: what serves the data best]
    #[arg(long, value_name = "RELEASE")]
    pub(crate) rules: Option<Rules>,
    /// Look for the shortest compressed form that librmn can read, where values are encoded
    #[arg(long)]
    pub(crate) best: bool,
}

#[derive(clap::Args, Debug)]
#[command(after_help = CP)]
#[expect(clippy::struct_excessive_bools, reason = "switches of a command line")]
pub(crate) struct Cp {
    #[command(flatten)]
    pub(crate) files: Files,
    #[command(flatten)]
    pub(crate) select: Where,
    /// Where to write: a file, or a template such as 'split/{nomvar}_{ip1}.std' with columns of `ls`
    #[arg(short, long, value_name = "OUT", value_hint = ValueHint::FilePath)]
    pub(crate) output: PathBuf,
    /// A field of the copies and its new value, which may follow from the record: ip2=ip2+6 (see `rpnfst edit --help`)
    #[arg(long, value_name = "FIELD=VALUE")]
    pub(crate) set: Vec<String>,
    /// Also take what the records refer to: axes of their grids, vertical coordinates, masks
    #[arg(long)]
    pub(crate) with_grid: bool,
    /// Of records with the same key take the last; it replaces one that OUT has (--append)
    #[arg(long)]
    pub(crate) replace: bool,
    /// Of records with the same key take the first, or leave the one that OUT has (--append)
    #[arg(long, conflicts_with = "replace")]
    pub(crate) skip_same: bool,
    /// --set and packing anew change descriptors (>> ^^ ^> !! ...), the latter also masks and records of 64 bits
    #[arg(long)]
    pub(crate) descriptors: bool,
    /// Container of new files [default: that of the first input that can be read, of the files of a folder or an index
    /// too, whatever -w selects of it]
    #[arg(long, value_name = "CONTAINER")]
    pub(crate) container: Option<Container>,
    /// Pack the records anew with this data type; the flag for missing values is kept
    #[arg(long, value_name = "DATYP")]
    pub(crate) datyp: Option<u8>,
    /// Pack the records anew with this many bits an element
    #[arg(long, value_name = "BITS")]
    pub(crate) nbits: Option<u8>,
    /// Add the second stage of compression where it changes no value
    #[arg(long, conflicts_with_all = ["uncompress", "datyp", "nbits", "reencode"])]
    pub(crate) compress: bool,
    /// Take the second stage of compression away where that changes no value
    #[arg(long, conflicts_with_all = ["datyp", "nbits", "reencode"])]
    pub(crate) uncompress: bool,
    /// Decode and encode every record again with its own type and bits (quantized values may move within a quantum)
    #[arg(long, conflicts_with_all = ["datyp", "nbits"])]
    pub(crate) reencode: bool,
    #[command(flatten)]
    pub(crate) encoding: Encoding,
    /// Append to OUT, which keeps its container
    #[arg(long, conflicts_with_all = ["container", "force"])]
    pub(crate) append: bool,
    #[command(flatten)]
    pub(crate) beside: Beside,
    /// Stop at the first record that cannot be copied, and leave no output
    #[arg(long)]
    pub(crate) strict: bool,
    /// Overwrite existing files
    #[arg(short, long)]
    pub(crate) force: bool,
}

#[derive(clap::Args, Debug)]
#[command(after_help = RM)]
pub(crate) struct Rm {
    /// FST file
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) file: PathBuf,
    #[command(flatten)]
    pub(crate) select: Where,
    /// Only show what would be deleted
    #[arg(short = 'n', long)]
    pub(crate) dry_run: bool,
    /// Rewrite the file without wasted space
    #[arg(long)]
    pub(crate) compact: bool,
    /// Delete descriptors (>> ^^ ^> !! ...) too that the condition takes, but not by their name
    #[arg(long)]
    pub(crate) descriptors: bool,
    #[command(flatten)]
    pub(crate) unlock: Unlock,
}

/// What to do with files that say that somebody writes.
#[derive(clap::Args, Clone, Copy, Default, Debug)]
pub(crate) struct Unlock {
    /// Write to the file although it says that another program does: for one whose writer died. Complete records that it
    /// left are taken in, incomplete ones cut off; the same command does not change those. Only when no other program
    /// writes: with --shared, too
    #[arg(long)]
    pub(crate) unlock: bool,
    /// How long to wait for other writers [default: 60 for a program that holds a lock, 10 where a write flag is up, whose
    /// program may be dead]
    #[arg(long, value_name = "SECONDS")]
    pub(crate) wait: Option<u16>,
}

/// How a file is extended that others may extend, too.
#[derive(clap::Args, Clone, Copy, Debug)]
pub(crate) struct Beside {
    /// With --append: let other programs append to the same RSF file at the same time, each in a segment of 16 MiB, whose
    /// unused rest is a hole (`rm --compact` removes it). Writers of XDF files take turns
    #[arg(long, requires = "append")]
    pub(crate) shared: bool,
    #[command(flatten)]
    pub(crate) unlock: Unlock,
}

#[derive(clap::Args, Debug)]
#[command(after_help = EDIT)]
pub(crate) struct Edit {
    /// FST file
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) file: PathBuf,
    #[command(flatten)]
    pub(crate) select: Where,
    /// A field and its new value, which may follow from the record: ip2=ip2+6
    #[arg(long, value_name = "FIELD=VALUE", required = true)]
    pub(crate) set: Vec<String>,
    /// Do it: without this, only show what would change
    #[arg(short, long)]
    pub(crate) yes: bool,
    /// Change the records that describe grids and levels (>> ^^ ^> !! HY ...) like all others
    #[arg(long)]
    pub(crate) descriptors: bool,
    #[command(flatten)]
    pub(crate) unlock: Unlock,
}

#[derive(clap::Args, Debug)]
#[command(after_help = DIFF)]
#[expect(clippy::struct_excessive_bools, reason = "switches of a command line")]
pub(crate) struct Diff {
    /// FST file; a folder or an index stands for all of its files, one after the other
    #[arg(value_hint = ValueHint::FilePath)]
    pub(crate) a: PathBuf,
    /// What to compare with it
    #[arg(value_hint = ValueHint::FilePath)]
    pub(crate) b: PathBuf,
    #[command(flatten)]
    pub(crate) select: Where,
    /// Columns of `ls` that tell which records belong together; `grid` stands for grtyp,ig1,ig2,ig3,ig4
    #[arg(long, value_name = "COLUMNS", default_value = "nomvar,typvar,etiket,ip1,ip2,ip3,datev,grid")]
    pub(crate) key: String,
    /// Columns that may differ; they are taken out of the key
    #[arg(long, value_name = "COLUMNS", default_value = "", hide_default_value = true)]
    pub(crate) ignore: String,
    /// Largest absolute difference that is none
    #[arg(long, value_name = "X", value_parser = tolerance)]
    pub(crate) abs: Option<f64>,
    /// Largest difference, relative to the larger of the two magnitudes, that is none
    #[arg(long, value_name = "X", value_parser = tolerance)]
    pub(crate) rel: Option<f64>,
    /// Take differences up to one step of a packing with so many bits, (max - min) / 2^N of the record in A, for none
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=64))]
    pub(crate) bits: Option<u8>,
    #[command(flatten)]
    pub(crate) words: Words,
    /// Do not compare values
    #[arg(long)]
    pub(crate) meta_only: bool,
    /// Also compare how values are packed: data_type and pack_bits
    #[arg(long)]
    pub(crate) packing: bool,
    /// No names of columns
    #[arg(long)]
    pub(crate) no_header: bool,
    /// One JSON object a line for each record that is not the same, and one with the counts
    #[arg(long, conflicts_with = "quiet")]
    pub(crate) json: bool,
}

fn tolerance(text: &str) -> Result<f64, String> {
    match text.trim().parse() {
        Ok(value) if (0.0..f64::INFINITY).contains(&value) => Ok(value),
        Ok(_) => Err("expected a finite number that is not negative".to_owned()),
        Err(_) => Err("expected a number".to_owned()),
    }
}

#[derive(clap::Args, Debug)]
#[command(after_help = SALVAGE)]
pub(crate) struct Salvage {
    /// A damaged FST file
    #[arg(value_name = "BAD", value_hint = ValueHint::FilePath)]
    pub(crate) file: PathBuf,
    /// Where to write what can be saved
    #[arg(short, long, value_name = "OUT", value_hint = ValueHint::FilePath)]
    pub(crate) output: PathBuf,
    /// Container of the output [default: that of the input]
    #[arg(long, value_name = "CONTAINER")]
    pub(crate) container: Option<Container>,
    /// Deleted records too
    #[arg(long)]
    pub(crate) deleted: bool,
    /// Records that are lost otherwise, since their values cannot be read, as far as their bytes are there
    #[arg(long)]
    pub(crate) raw: bool,
    /// Overwrite an existing file
    #[arg(short, long)]
    pub(crate) force: bool,
}
