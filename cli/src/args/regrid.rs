//! `rpnfst regrid` and `rpnfst vinterp`: fields on other grids and levels.

use std::path::PathBuf;

use clap::{ValueEnum, ValueHint};

use super::{Container, Encoding, Extrapolation, Files, Where, extrapolation};

const REGRID: &str = "\
Target (--to): a grid in words, or that of a record
  L:0.25                            the globe from pole to pole, first column at 0 degrees
  L:lat0,lon0,dlat,dlon,ni,nj       latitudes and longitudes, from point (1,1)
  A:ni,nj   B:ni,nj   G:ni,nj       the globe: points beside the poles, at the poles, Gaussian
  N:pi,pj,d60,dgrw,ni,nj            polar stereographic: x and y of the pole, metres at 60 degrees,
  S:...                             angle of the meridian of Greenwich; north and south
  E:lat1,lon1,lat2,lon2,ni,nj       the globe, rotated
  E:lat1,lon1,lat2,lon2,rlat0,rlon0,dlat,dlon,ni,nj
                                    a part of a rotated globe, from its rotated latitude and longitude
  U:rows,overlap,lat1,lon1,lat2,lon2
                                    Yin-Yang: rows over 90 degrees, degrees more on each side
  model.std#12, model.std           the grid of a record by its index, or of the first that has one
What the integers of a record cannot say exactly, as a third of a degree, becomes a Z grid with axes.

Methods:
  nearest, linear, cubic            of the points around; cubic is that of librmn
  conservative                      means over the cells: keeps integrals (first order)
  average, sum, minimum, maximum, variance, count
                                    of the source points in each cell of the target
Sets of points (Y) are interpolated by the nearest one, meshes (M) linearly where cubic is asked for.

UU and VV of one time, level and grid are a wind, which turns with the grid; sums, extremes, variances
and counts of them do not. Integers and masks (@@)
come from the nearest point, whatever the method. Missing values have no say: a point has none when
its nearest one has none (--near-missing). Results have the type and bits of their records, and the flag for missing
values where there are some. Tiles (#) are joined. The positional records of the target (>> ^^ ^>) are
written, with tags that follow from its axes; !! gets the same tags.

Records that have no grid, or no real numbers, are copied as they are, which is said. Positional
records are sought in the file of the record, then in the other inputs (of 256 at most).

Examples:
  rpnfst regrid model.std -o quarter.std --to L:0.25
  rpnfst regrid model.std -o region.std --to L:40,-80,0.1,0.1,201,101 -w 'nomvar=TT,UU,VV'
  rpnfst regrid a.std b.std -o same.std --to reference.std#3 --method cubic
  rpnfst regrid pr.std -o coarse.std --to N:51,51,60000,21,101,101 --method conservative
  rpnfst regrid lam.std -o all.std --to G:800,400 --extrapolate value=0
  rpnfst regrid a.std -o b.std --to L:0.25 --method conservative --save-weights w.npz
  rpnfst regrid c.std -o d.std --to L:0.25 --method conservative --weights w.npz";

const VINTERP: &str = "\
Fields on several levels become fields on the pressures (hPa) or heights (m above sea level) that are
asked for. The levels of a file are those of its !!, or of HY, PT and E1 and the levels there are, or
pressures and heights themselves; P0 and other surface fields are sought in the same file, with the
date, label, ip2 and ip3 of the field. Heights of levels that are pressures are those of GZ (dam) on the
same levels, and pressures of levels that are heights those of PX (hPa).

Between two levels a field is linear in the logarithm of pressure, or in height (--scale). Below the
lowest level, as under the ground, and above the highest one a value is missing unless --below and
--above say otherwise.

Records that are not on several levels are copied as they are, with axes of grids.

Examples:
  rpnfst vinterp model.std -o p.std --pressure 850,500,250
  rpnfst vinterp model.std -o p.std --pressure 1000,925,850 --below nearest -w 'nomvar=TT,UU,VV'
  rpnfst vinterp model.std -o z.std --height 1000,2000,5000";

#[derive(clap::Args, Debug)]
#[command(after_help = REGRID)]
pub(crate) struct Regrid {
    #[command(flatten)]
    pub(crate) files: Files,
    #[command(flatten)]
    pub(crate) select: Where,
    /// Where to write
    #[arg(short, long, value_name = "OUT", value_hint = ValueHint::FilePath)]
    pub(crate) output: PathBuf,
    /// The grid to go to: words such as L:0.25, or FILE or FILE#INDEX for that of a record
    #[arg(long, value_name = "GRID")]
    pub(crate) to: String,
    /// How values are made
    #[arg(long, value_name = "METHOD", default_value = "linear", hide_possible_values = true)]
    pub(crate) method: RegridMethod,
    /// What is outside of a grid: missing, nearest, linear, cubic, minimum, maximum or value=X; of means over cells the
    /// first and the last three, of statistics the first
    #[arg(long, value_name = "WHAT", default_value = "missing", value_parser = extrapolation)]
    pub(crate) extrapolate: Extrapolation,
    /// When a value is missing beside missing ones: if the nearest is, if any around is, or if all are
    #[arg(long, value_name = "RULE", default_value = "nearest", hide_possible_values = true)]
    pub(crate) near_missing: NearMissing,
    /// Take weights from an .npz file instead of computing them; --method says which kind they are
    #[arg(long, value_name = "FILE.npz", value_hint = ValueHint::FilePath, conflicts_with = "save_weights")]
    pub(crate) weights: Option<PathBuf>,
    /// Write the weights too: row, col (from 1), S, n_a, n_b, src_grid_dims and dst_grid_dims, as ESMF names them
    #[arg(long, value_name = "FILE.npz", value_hint = ValueHint::FilePath)]
    pub(crate) save_weights: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) new: NewFile,
}

#[derive(clap::Args, Debug)]
#[command(after_help = VINTERP)]
pub(crate) struct Vinterp {
    #[command(flatten)]
    pub(crate) files: Files,
    #[command(flatten)]
    pub(crate) select: Where,
    /// Where to write
    #[arg(short, long, value_name = "OUT", value_hint = ValueHint::FilePath)]
    pub(crate) output: PathBuf,
    /// Pressures to go to, hPa
    #[arg(long, value_name = "P,P,...", value_delimiter = ',', required_unless_present = "height", value_parser = pressure)]
    pub(crate) pressure: Vec<f64>,
    /// Heights to go to, m above sea level
    #[arg(long, value_name = "Z,Z,...", value_delimiter = ',', conflicts_with = "pressure", value_parser = height, allow_negative_numbers = true)]
    pub(crate) height: Vec<f64>,
    /// What a field is linear in between levels [default: log for pressures, linear for heights]
    #[arg(long, value_name = "SCALE")]
    pub(crate) scale: Option<Scale>,
    /// What is below the lowest level
    #[arg(long, value_name = "WHAT", default_value = "missing")]
    pub(crate) below: Beyond,
    /// What is above the highest level
    #[arg(long, value_name = "WHAT", default_value = "missing")]
    pub(crate) above: Beyond,
    #[command(flatten)]
    pub(crate) new: NewFile,
}

/// How a new file is made.
#[derive(clap::Args, Debug)]
pub(crate) struct NewFile {
    /// Container of the output [default: that of the first input]
    #[arg(long, value_name = "CONTAINER")]
    pub(crate) container: Option<Container>,
    #[command(flatten)]
    pub(crate) encoding: Encoding,
    /// Overwrite an existing file
    #[arg(short, long)]
    pub(crate) force: bool,
}

/// How values on another grid are made.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum RegridMethod {
    Nearest,
    Linear,
    Cubic,
    Conservative,
    Average,
    Sum,
    Minimum,
    Maximum,
    Variance,
    Count,
}

/// When a value is missing beside missing ones.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum NearMissing {
    Nearest,
    Any,
    All,
}

/// What a field is linear in.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum Scale {
    /// The coordinate
    Linear,
    /// Its logarithm
    Log,
}

/// What is beyond the levels of a field.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum Beyond {
    /// No value
    Missing,
    /// The value of the nearest level
    Nearest,
    /// The line through the two nearest levels
    Extrapolate,
}

fn pressure(text: &str) -> Result<f64, String> {
    let number = text.trim().parse::<f64>().ok();
    number.filter(|p| *p > 0.0 && *p <= 1100.0).ok_or_else(|| "expected hPa, above 0 and up to 1100".to_owned())
}

fn height(text: &str) -> Result<f64, String> {
    let number = text.trim().parse::<f64>().ok();
    number.filter(|z| (-20_000.0..=100_000.0).contains(z)).ok_or_else(|| "expected m, -20000 to 100000".to_owned())
}
