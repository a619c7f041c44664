//! `rpnfst grid` and `rpnfst at`: where values are.

use std::path::PathBuf;

use clap::{ValueEnum, ValueHint};

use super::{Files, Where, Words};

const GRID: &str = "\
Columns:
  of       the first record on the grid: --of takes it
  grtyp    letter of the grid; ref is that of the grid to which its axes refer
  step     distance of columns and of rows, in degrees or in grid lengths; the smallest and the largest
           one where they differ
  km       the same in km, in the middle of the grid
  lat, lon where the points are, from south to north and from west to east, in degrees; a longitude
           above 180 continues eastward: 170..190 crosses the date line
  pole     the poles that lie in cells of the grid: N, S or NS
  records  how many lie on the grid; axes and other descriptors are not counted
Records that name their grid in other ways, but have the same points, are on one grid. A tile (#) is a
grid of its own.

--json has all of them, an object a line: ax and ay are the axes in the plane of the projection, with
which proj, wkt2 and grid_mapping (CF) go; error says why a grid is not known.

Formats of --points (by the extension of OUT):
  npz      lat and lon, numpy arrays of f8 and of the shape (nj, ni)
  csv      rows i,j,lat,lon, counted from 1 as in Fortran
  geojson  a point for each value, with i and j, longitudes from -180 to 180
An empty latitude (null, NaN) is that of a point that has no place.

Examples:
  rpnfst grid f.std
  rpnfst grid --json f.std | jq -r .proj
  rpnfst grid f.std --of 12                         one grid in full: projection, corners, axes
  rpnfst grid f.std --of 12 --points latlon.npz     for numpy.load: lat and lon of shape (nj, ni)
  rpnfst grid -w nomvar=TT archive/*.std";

const AT: &str = "\
Methods:
  nearest  the nearest point; of a station, that one wherever the point is
  linear   bilinear between four points; the default, but for sets of points (Y, +), where nearest is
  cubic    of the third degree, between sixteen points, as librmn has it

Outside of a grid, which is more than half a cell from its outer points, and for a set of points farther
from the nearest one than its four neighbours are, --extrapolate gives
  missing  no value
  nearest, linear, cubic
           what that method makes of the nearest points; grids O, M and Y know nearest alone
  minimum, maximum
           a twentieth of the range of the field below or above all values
  value=X  X
Global grids have no outside. Missing values have no say; a point has none when its nearest one has none.

A tile (#) has the values of its own columns and rows; next to its edge its neighbours in the other tiles
of the field count.

Records without a place and descriptors are passed over. A record of several planes gives the first.
Columns of values are named by their points; a column `name` in --points names them otherwise.

-o OUT writes by its extension:
  npz      lat, lon (n), index (records), values (records, n) as f8, NaN where missing, and of several
           files also file, the number of the file of each record
  csv, json
           what --csv and --json print

Examples:
  rpnfst at f.std --lat 45.5 --lon -73.6
  rpnfst at f.std --lat 45.5 --lon -73.6 --lat 46.8 --lon -71.2 -w 'nomvar=TT and level=1 hy'
  rpnfst at *.std --points stations.csv -w nomvar=TT --csv > tt.csv
  rpnfst at f.std --points stations.csv -w nomvar=UU,VV --wind -o winds.npz
  rpnfst at f.std --lat 90 --lon 0 --method cubic --extrapolate value=-999";

#[derive(clap::Args, Debug)]
#[command(after_help = GRID)]
pub(crate) struct Grid {
    #[command(flatten)]
    pub(crate) files: Files,
    #[command(flatten)]
    pub(crate) select: Where,
    /// One JSON object a line for each grid
    #[arg(long)]
    pub(crate) json: bool,
    /// The grid of one record only, in full: its position in the listing
    #[arg(long, value_name = "INDEX", conflicts_with = "expr")]
    pub(crate) of: Option<usize>,
    /// Write latitudes and longitudes of the points of that grid: .npz, .csv or .geojson; `-` is CSV on the standard
    /// output
    #[arg(long, value_name = "OUT", requires = "of", conflicts_with = "json", value_hint = ValueHint::FilePath)]
    pub(crate) points: Option<PathBuf>,
    /// Overwrite an existing file
    #[arg(short, long, requires = "points")]
    pub(crate) force: bool,
}

#[derive(clap::Args, Debug)]
#[command(after_help = AT)]
#[expect(clippy::struct_excessive_bools, reason = "switches of a command line")]
pub(crate) struct At {
    #[command(flatten)]
    pub(crate) files: Files,
    #[command(flatten)]
    pub(crate) select: Where,
    /// Latitude of a point in degrees, north positive; --lat and --lon come in pairs, for any number of points
    #[arg(long, value_name = "Y", allow_negative_numbers = true)]
    pub(crate) lat: Vec<f64>,
    /// Longitude of a point in degrees, east positive
    #[arg(long, value_name = "X", allow_negative_numbers = true)]
    pub(crate) lon: Vec<f64>,
    /// Points of a CSV file with the columns lat and lon
    #[arg(long, value_name = "FILE.csv", value_hint = ValueHint::FilePath)]
    pub(crate) points: Option<PathBuf>,
    /// How values between points are made [default: linear; nearest for sets of points]
    #[arg(long, value_name = "METHOD")]
    pub(crate) method: Option<Method>,
    /// What is outside of a grid: missing, nearest, linear, cubic, minimum, maximum or value=X
    #[arg(long, value_name = "WHAT", default_value = "missing", value_parser = extrapolation)]
    pub(crate) extrapolate: Extrapolation,
    /// Winds (UU and VV of one time, level and grid) as components to the true east and north, not along the grid
    #[arg(long)]
    pub(crate) wind: bool,
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
    /// Write to a file: .npz, .csv or .json
    #[arg(short, long, value_name = "OUT", conflicts_with_all = ["json", "csv"], value_hint = ValueHint::FilePath)]
    pub(crate) output: Option<PathBuf>,
    /// Overwrite an existing file
    #[arg(short, long, requires = "output")]
    pub(crate) force: bool,
}

/// How values between points are made.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum Method {
    /// The nearest point
    Nearest,
    /// Bilinear
    Linear,
    /// Of the third degree
    Cubic,
}

impl Method {
    /// The method of the library.
    pub(crate) fn library(self) -> rpnfst::grids::regrid::Method {
        use rpnfst::grids::regrid::Method;
        match self {
            Self::Nearest => Method::Nearest,
            Self::Linear => Method::Linear,
            Self::Cubic => Method::Cubic,
        }
    }
}

/// What is outside of a grid.
pub(crate) type Extrapolation = rpnfst::grids::regrid::Extrapolation;

/// The argument of `--extrapolate`.
pub(crate) fn extrapolation(text: &str) -> Result<Extrapolation, String> {
    Ok(match text {
        "missing" => Extrapolation::Missing,
        "nearest" => Extrapolation::Nearest,
        "linear" => Extrapolation::Linear,
        "cubic" => Extrapolation::Cubic,
        "minimum" => Extrapolation::Minimum,
        "maximum" => Extrapolation::Maximum,
        _ => match text.strip_prefix("value=").map(str::parse::<f64>) {
            Some(Ok(value)) => Extrapolation::Value(value),
            _ => return Err("expected missing, nearest, linear, cubic, minimum, maximum or value=X".to_owned()),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::{Extrapolation, extrapolation};

    #[test]
    fn what_is_outside() {
        assert_eq!(extrapolation("value=-999.5"), Ok(Extrapolation::Value(-999.5)));
        assert_eq!(extrapolation("missing"), Ok(Extrapolation::Missing));
        for wrong in ["value", "value=", "value=x", "NEAREST", ""] {
            assert!(extrapolation(wrong).is_err(), "{wrong}");
        }
    }
}
