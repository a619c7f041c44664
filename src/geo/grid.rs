//! From a record to its grid.

use rpnfst_grids::{Error as GridError, Geometry, Grid, LambertEntry};

use super::{
    kept::{Kept, Key},
    lambert,
};
use crate::{
    error::{Error, RecordError, Result},
    file::File,
    record::Record,
};

/// Points of which positions may be computed although nothing says that the record has so many values.
const UNPROVEN: u64 = 1 << 20;

/// What a grid is made of.
enum Parts<'a> {
    /// The letter and ig1 to ig4.
    Own,
    /// `>>` and `^^`, one value for each column and row, and the first column and row of a tile.
    Axes(&'a Record, &'a Record, Option<[u32; 2]>),
    /// `>>` and `^^`, one value for each point.
    Points(&'a Record, &'a Record),
    /// `>>` and `^^` of several stations, and which of them the record is about, from 0.
    Station(&'a Record, &'a Record, usize),
    /// The nodes of a mesh, and the corners of its triangles.
    Mesh(&'a Record, &'a Record, &'a Record),
    /// `^>`.
    YinYang(&'a Record),
    /// An entry of a table.
    Lambert(LambertEntry),
}

impl File {
    /// The grid of a record: where its values are. Grids are kept with the file and cheap to clone.
    ///
    /// Records on types Z, #, Y, O, M and U refer to positional records. Those are sought in the file of the record first, then in
    /// the files that are open with it. They must have the tags (`ip1` and `ip2` are `ig1` and `ig2` of the record) and the size
    /// that the record asks for. Of several, the first one with the same `ip3` and date is taken, then one with the same `ip3`.
    /// Records without a geometry of their own (X, T, V, blank) and stations (+) have the positions of `>>` and `^^` too, where those
    /// have as many values as the record; without them the grid of the former has
    /// [no positions](rpnfst_grids::Grid::has_positions).
    ///
    /// # Errors
    /// [`Error::Record`]: with [`RecordError::Lacking`] when a positional record is missing, which says what was sought and what is
    /// there; with [`RecordError::Place`] when the numbers make no grid; with others when a positional record cannot be read.
    pub fn grid(&self, record: &Record) -> Result<Grid> {
        let lost = || Error::ForeignRecord(record.into());
        let (kept, grtyp) = (Kept::of(self).ok_or_else(lost)?, record.grtyp().0);
        let is_own = matches!(grtyp, b'A' | b'B' | b'C' | b'E' | b'G' | b'H' | b'L' | b'N' | b'Q' | b'R' | b'S');
        let key = Key::of(record, !(is_own || grtyp == b'!'));
        // Whether a key stands for all stations or for one depends on nothing but the key.
        let of_station = key.of_station(record);
        if let Some(grid) = kept.grid(&key).or_else(|| kept.grid(&of_station)) {
            return Ok(grid);
        }
        self.check_size(record)?;
        let parts =
            if is_own { Parts::Own } else { parts(kept, record).map_err(|error| self.failed(record, error))? };
        let key = if matches!(parts, Parts::Station(..)) { of_station } else { key };
        let shape = (grtyp, record.ni() as usize, record.nj() as usize);
        let (numbers, make) = self.made_of(record, &parts, shape)?;
        let grid = kept.keep(key, &numbers, || make().and_then(|grid| of_size(record, grid)));
        grid.map_err(|error| self.failed(record, error.into()))
    }

    /// Whether the points that a directory promises are there: positions take more memory than any value.
    fn check_size(&self, record: &Record) -> Result<()> {
        let points = u64::from(record.ni()) * u64::from(record.nj());
        if points <= UNPROVEN {
            return Ok(());
        }
        let stored = self.stored_count(record)?;
        if stored >= points {
            return Ok(());
        }
        let sought = format!("{points} values of {} x {} points", record.ni(), record.nj());
        Err(self.failed(record, RecordError::Lacking { sought, found: format!("{stored} are stored") }))
    }

    /// The whole grid of which the grid of a record on `#` is a tile, which it is.
    pub(super) fn whole_grid(&self, tile: &Record) -> Result<Grid> {
        let own = self.grid(tile)?;
        let (kept, key) = (Kept::of(self).ok_or_else(|| Error::ForeignRecord(tile.into()))?, Key::of_whole(tile));
        if let Some(grid) = kept.grid(&key) {
            return Ok(grid);
        }
        let Parts::Axes(x, y, _) = parts(kept, tile).map_err(|error| self.failed(tile, error))? else {
            return Ok(own);
        };
        let shape = (b'Z', x.ni() as usize, y.nj() as usize);
        let (numbers, make) = self.made_of(tile, &Parts::Axes(x, y, None), shape)?;
        kept.keep(key, &numbers, make).map_err(|error| self.failed(tile, error.into()))
    }

    pub(super) fn failed(&self, record: &Record, source: RecordError) -> Error {
        let name = self.member_of(record).map(crate::Member::name);
        name.map_or_else(|error| error, |path| Error::Record { path, record: record.into(), source: Box::new(source) })
    }

    /// All numbers that a grid of a letter and size is made of, by which it is known, and how it is made.
    fn made_of(
        &self,
        record: &Record,
        parts: &Parts<'_>,
        (letter, ni, nj): (u8, usize, usize),
    ) -> Result<(Vec<u64>, Make)> {
        let mut numbers = vec![u64::from(letter), ni as u64, nj as u64];
        let note = |numbers: &mut Vec<u64>, values: &[f64]| numbers.extend(values.iter().copied().map(f64::to_bits));
        let make: Make = match parts {
            Parts::Own => {
                let (ig, letter) = (ig(record), if letter == 0 { b' ' } else { letter });
                numbers.extend(ig.map(u64::from));
                Box::new(move || Grid::new(letter, ni, nj, ig))
            }
            Parts::Axes(x, y, first) => {
                let (ax, ay, (reference, ig)) = (self.axis(x)?, self.axis(y)?, (reference(x, y), ig(x)));
                numbers.push(u64::from(reference));
                numbers.extend(ig.map(u64::from));
                numbers.extend(first.iter().flatten().map(|first| u64::from(*first)));
                note(&mut numbers, &ax);
                note(&mut numbers, &ay);
                let first = first.map(|[i, j]| (i as usize, j as usize));
                Box::new(move || {
                    on_sphere(match first {
                        Some(first) => Grid::tile(reference, ig, &ax, &ay, first, (ni, nj))?,
                        None => Grid::from_axes(b'Z', reference, ig, ax, ay)?,
                    })
                })
            }
            Parts::Points(x, y) => {
                if letter != b'O' {
                    degrees(x, y).map_err(|error| self.failed(record, error.into()))?;
                }
                let (lon, lat) = (self.axis(x)?, self.axis(y)?);
                note(&mut numbers, &lon);
                note(&mut numbers, &lat);
                let is_curvilinear = letter == b'O';
                Box::new(move || {
                    if is_curvilinear { Grid::curvilinear(ni, nj, lon, lat) } else { Grid::cloud(ni, nj, lon, lat) }
                })
            }
            Parts::Station(x, y, at) => {
                degrees(x, y).map_err(|error| self.failed(record, error.into()))?;
                let place = |axis: &[f64]| axis.get(*at).copied().unwrap_or(f64::NAN);
                let (lon, lat) = (place(&self.axis(x)?), place(&self.axis(y)?));
                note(&mut numbers, &[lon, lat]);
                Box::new(move || Grid::cloud(ni, nj, vec![lon; ni * nj], vec![lat; ni * nj]))
            }
            Parts::Mesh(x, y, corners) => {
                let (lon, lat) = (self.axis(x)?, self.axis(y)?);
                let corners = self.read_as::<u32>(corners, &crate::ReadOptions::new())?;
                note(&mut numbers, &lon);
                note(&mut numbers, &lat);
                numbers.extend(corners.values().iter().map(|corner| u64::from(*corner)));
                let corners = corners.into_vec();
                Box::new(move || Grid::mesh(lon, lat, corners))
            }
            Parts::YinYang(record) => {
                let values = self.axis(record)?;
                note(&mut numbers, &values);
                Box::new(move || Grid::yin_yang(&values))
            }
            Parts::Lambert(entry) => {
                let entry = *entry;
                note(&mut numbers, &lambert::numbers(&entry));
                Box::new(move || Grid::lambert(&entry))
            }
        };
        Ok((numbers, make))
    }
}

/// A grid, if it has the points of the record. Axes and sub-grids may promise any number of them, of which nothing proves that they
/// are there.
fn of_size(record: &Record, grid: Grid) -> Result<Grid, GridError> {
    let (ni, nj) = (record.ni() as usize, record.nj() as usize);
    let found = ni.saturating_mul(nj);
    let is_same = matches!(grid.geometry(), Geometry::Mesh(_)) || (grid.ni(), grid.nj()) == (ni, nj);
    if found != grid.len() {
        return Err(GridError::Length { what: "a record", found, expected: grid.len() });
    }
    if !is_same {
        let reason = format!("{ni} x {nj}, of a grid of {} x {}", grid.ni(), grid.nj());
        return Err(GridError::Invalid { what: "the size of a record", reason });
    }
    Ok(grid)
}

fn ig(record: &Record) -> [u32; 4] {
    [record.ig1(), record.ig2(), record.ig3(), record.ig4()]
}

type Make = Box<dyn FnOnce() -> Result<Grid, GridError>>;

/// The letter of the grid that axes refer to, of `^^` if the two disagree: librmn takes it from there, and the numbers from `>>`.
/// Where they have none, their values are longitudes and latitudes.
fn reference(x: &Record, y: &Record) -> u8 {
    [y, x].iter().map(|axis| axis.grtyp().0).find(|letter| !matches!(letter, b' ' | 0)).unwrap_or(b'L')
}

/// Whether `>>` and `^^` of points hold longitudes and latitudes: they are taken as they stand, whatever the origin and steps of a
/// reference L are. On a projection they are something else, which librmn cannot read either.
fn degrees(x: &Record, y: &Record) -> Result<(), GridError> {
    let letters = [x, y].map(|axis| axis.grtyp().0);
    match letters.into_iter().find(|letter| matches!(letter, b'E' | b'N' | b'S' | b'W')) {
        Some(letter) => {
            let reason = format!("they refer to a grid of type {}, not to degrees", char::from(letter));
            Err(GridError::Invalid { what: ">> and ^^ of points", reason })
        }
        None => Ok(()),
    }
}

/// How far beyond a pole a row may lie, in degrees: what rounding makes.
const BEYOND: f64 = 1e-3;

/// A grid with axes, unless its rows lie beyond a pole: where they are latitudes, any number reads as one.
fn on_sphere(grid: Grid) -> Result<Grid, GridError> {
    let of_row = |row: usize| grid.point(1.0, row as f64).0;
    match [of_row(1), of_row(grid.nj())].into_iter().find(|lat| lat.abs() > 90.0 + BEYOND) {
        Some(lat) => Err(GridError::Invalid { what: "axes", reason: format!("latitude {lat} is beyond a pole") }),
        None => Ok(grid),
    }
}

/// The positional records of a record.
fn parts<'a>(kept: &'a Kept, record: &Record) -> Result<Parts<'a>, RecordError> {
    let (ni, nj, ig) = (record.ni(), record.nj(), [record.ig3(), record.ig4()]);
    let count = |record: &Record| u64::from(record.ni()) * u64::from(record.nj());
    let all = count(record);
    let points = || {
        // On types that have points only, `^^` may count them in nj.
        let is_axes = matches!(record.grtyp().0, b'Z' | b' ' | 0);
        let x = kept.find(">>", record, |x| count(x) == all)?;
        let y = kept.find("^^", record, |y| count(y) == all && (!is_axes || (y.ni(), y.nj()) == (x.ni(), x.nj())));
        y.map(|y| Parts::Points(x, y))
    };
    let axes = || {
        let x = kept.find(">>", record, |x| x.ni() == ni && x.nj() == 1)?;
        let y = kept.find("^^", record, |y| y.nj() == nj && y.ni() == 1)?;
        Some(Parts::Axes(x, y, None))
    };
    let station = || {
        let x = kept.find(">>", record, |x| x.nj() == 1)?;
        let y = kept.find("^^", record, |y| (y.ni(), y.nj()) == (x.ni(), 1))?;
        Some((x, y))
    };
    if let (b'Y' | b'+', None, Some((x, y))) = (record.grtyp().0, points(), station()) {
        let at = if x.ni() == 1 { 0 } else { record.ip3().wrapping_sub(1) };
        if at < x.ni() {
            return Ok(Parts::Station(x, y, at as usize));
        }
        let sought = format!("station {} of {}", record.ip3(), x.ni());
        return Err(RecordError::Lacking { sought, found: "ip3 counts those of >> and ^^, from 1".to_owned() });
    }
    let found = match record.grtyp().0 {
        b'Z' => axes().or_else(points),
        b' ' | 0 => axes().or_else(points).or(Some(Parts::Own)),
        b'#' => {
            let x = kept.find(">>", record, |x| x.nj() == 1);
            let y = kept.find("^^", record, |y| y.ni() == 1);
            x.zip(y).map(|(x, y)| Parts::Axes(x, y, Some(ig)))
        }
        b'Y' | b'O' => points(),
        b'X' | b'T' | b'V' | b'+' => points().or(Some(Parts::Own)),
        b'M' => {
            let (x, y) = (kept.find(">>", record, |x| count(x) == all), kept.find("^^", record, |y| count(y) == all));
            let corners = kept.find("##", record, |_| true).or_else(|| kept.find("####", record, |_| true));
            x.zip(y).zip(corners).map(|((x, y), corners)| Parts::Mesh(x, y, corners))
        }
        b'U' => kept.find("^>", record, |_| true).map(Parts::YinYang),
        b'!' => Some(Parts::Lambert(lambert::entry(record)?)),
        _ => Some(Parts::Own),
    };
    found.ok_or_else(|| lacking(kept, record))
}

/// Records that a message names.
const SHOWN: usize = 4;

/// What was sought and what is there.
fn lacking(kept: &Kept, record: &Record) -> RecordError {
    let names: &[&str] = match record.grtyp().0 {
        b'U' => &["^>"],
        b'M' => &[">>", "^^", "##"],
        _ => &[">>", "^^"],
    };
    let size = match record.grtyp().0 {
        b'Z' => format!(" and the sizes {} x 1 and 1 x {}", record.ni(), record.nj()),
        b'#' | b'U' => String::new(),
        _ => format!(" and {} values", u64::from(record.ni()) * u64::from(record.nj())),
    };
    let sought = format!(
        "grid of type {}: {} with ip1 {}, ip2 {}, ip3 {}{size}",
        record.grtyp(),
        names.join(" and "),
        record.ig1(),
        record.ig2(),
        record.ig3()
    );
    let found = names.iter().map(|name| match kept.tags(name) {
        tags if tags.is_empty() => format!("there is no {name}"),
        tags if tags.len() > SHOWN => {
            format!("{name}: {}, and {} others", tags[..SHOWN].join(", "), tags.len() - SHOWN)
        }
        tags => format!("{name}: {}", tags.join(", ")),
    });
    RecordError::Lacking { sought, found: found.collect::<Vec<_>>().join("; ") }
}
