//! Grids written: what records say of their grid, and the positional records that those need.

mod crc;
mod parameters;

use std::collections::HashSet;

use rpnfst_codecs::DataType;
use rpnfst_grids::{Error as GridError, Geometry, Grid, YinYang};

use self::parameters::{parameters, reference_of};
use crate::{
    error::{RecordError, Result},
    field::Array,
    file::File,
    record::{DateStamp, GridType, Nomvar, Record},
    write::{Attributes, Writer},
};

/// What records on a grid say of it: their grtyp and ig1 to ig4, and the positional records to which these refer.
///
/// Grids that a letter and four numbers describe have no positional records. For the others ig1 and ig2 are tags that follow
/// from the values of the axes, so that equal grids have equal tags. Other programs may give other tags to the same axes.
///
/// ```
/// use rpnfst::{Array, Attributes, File, MemoryFile, WriteOptions, geo::{Grid, GridTags}};
/// let grid = Grid::from_axes(b'Z', b'L', [100, 100, 9000, 0], vec![10.0, 11.0, 13.0], vec![45.0, 46.0])?;
/// let tags = GridTags::of(&grid)?;
/// let memory = MemoryFile::new();
/// let mut writer = WriteOptions::new().create_sink(memory.clone())?;
/// tags.write(&mut writer)?; // the axes
/// writer.write(&tags.on_grid(Attributes::new("TT")), &Array::new(&[1.0_f32; 6], (3, 2, 1))?)?;
/// writer.close()?;
///
/// let file = File::from_bytes(memory.to_vec())?;
/// let record = file.records().iter().find(|record| record.nomvar() == "TT").expect("it was written");
/// assert_eq!(file.grid(record)?.point(3.0, 2.0), (46.0, 13.0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Debug)]
pub struct GridTags {
    grtyp: GridType,
    ig: [u32; 4],
    positional: Vec<Positional>,
}

/// A positional record.
#[derive(Clone, PartialEq, Debug)]
struct Positional {
    nomvar: &'static str,
    grtyp: u8,
    ig: [u32; 4],
    dims: (usize, usize),
    numbers: Numbers,
}

#[derive(Clone, PartialEq, Debug)]
enum Numbers {
    /// Written with 32 bits where those say all.
    Reals(Vec<f64>),
    Counts(Vec<u32>),
}

/// The reference grid of longitudes and latitudes in degrees.
const DEGREES: (u8, [u32; 4]) = (b'L', [100, 100, 9000, 0]);

impl GridTags {
    /// Of a grid. A tile becomes a Z grid of its own.
    ///
    /// # Errors
    /// [`GridError`]: the parameters of the grid cannot be said by four integers, or its type cannot be written.
    pub fn of(grid: &Grid) -> Result<Self, GridError> {
        let (letter, ni, nj) = (grid.letter(), grid.ni(), grid.nj());
        if let Some(ig) = parameters(grid)? {
            return Ok(Self { grtyp: GridType(letter), ig, positional: Vec::new() });
        }
        match grid.geometry() {
            Geometry::Structured(axes) if matches!(letter, b'Z' | b'#') => {
                let reference = reference_of(axes.projection())?;
                let (x, y) = (axes.ax().values(), axes.ay().values());
                let axis = |nomvar, dims, values| (nomvar, dims, Numbers::Reals(values));
                Self::tagged(b'Z', reference, [axis(">>", (ni, 1), x), axis("^^", (1, nj), y)])
            }
            Geometry::YinYang(pair) => {
                let numbers = numbers_of(pair);
                let positional = [("^>", (numbers.len(), 1), Numbers::Reals(numbers))];
                let angles = pair.yin_rotation().angles();
                let [ig1, ig2] = tags_of(&positional, angles);
                let positional = positional.map(|one| Positional::new(b'F', [1, 0, 0, 0], one)).into();
                Ok(Self { grtyp: GridType(letter), ig: [ig1, ig2, 0, 0], positional })
            }
            Geometry::Cloud(points) => Self::points(b'Y', (ni, nj), points.lon(), points.lat()),
            Geometry::Curvilinear(points) => Self::points(b'O', (ni, nj), points.lon(), points.lat()),
            Geometry::Mesh(mesh) => {
                let corners = mesh.triangles().as_flattened().to_vec();
                let array = |nomvar, values: &[f64]| (nomvar, (values.len(), 1), Numbers::Reals(values.to_vec()));
                let triangles = ("##", (corners.len(), 1), Numbers::Counts(corners));
                Self::tagged(letter, DEGREES, [array(">>", mesh.lon()), array("^^", mesh.lat()), triangles])
            }
            _ => Err(unwritable(letter)),
        }
    }

    fn points(letter: u8, dims: (usize, usize), lon: &[f64], lat: &[f64]) -> Result<Self, GridError> {
        let array = |nomvar, values: &[f64]| (nomvar, dims, Numbers::Reals(values.to_vec()));
        Self::tagged(letter, DEGREES, [array(">>", lon), array("^^", lat)])
    }

    fn tagged<const N: usize>(
        letter: u8,
        (reference, ig): (u8, [u32; 4]),
        positional: [(&'static str, (usize, usize), Numbers); N],
    ) -> Result<Self, GridError> {
        let [ig1, ig2] = tags_of(&positional, rpnfst_grids::descriptor::decode(reference, ig)?);
        let positional = positional.map(|one| Positional::new(reference, ig, one)).into();
        Ok(Self { grtyp: GridType(letter), ig: [ig1, ig2, 0, 0], positional })
    }

    /// The letter.
    pub fn grtyp(&self) -> GridType {
        self.grtyp
    }

    /// ig1 to ig4.
    pub fn ig(&self) -> [u32; 4] {
        self.ig
    }

    /// Whether records on the grid refer to positional records. Then ig1 and ig2 are tags, which a vertical coordinate (`!!`) of the
    /// same records has as its ip1 and ip2.
    pub fn has_positional(&self) -> bool {
        !self.positional.is_empty()
    }

    /// Attributes of a record on the grid: grtyp and ig1 to ig4 are set.
    #[must_use]
    pub fn on_grid(&self, attributes: Attributes) -> Attributes {
        let [ig1, ig2, ig3, ig4] = self.ig;
        attributes.grtyp(self.grtyp).ig(ig1, ig2, ig3, ig4)
    }

    /// Writes the positional records, unless the file has them already; how many were written.
    ///
    /// # Errors
    /// See [`Writer::write`].
    pub fn write(&self, writer: &mut Writer) -> Result<usize> {
        let [ip1, ip2, ip3, _] = self.ig;
        let has = |record: &Record| (record.nomvar(), record.ip1(), record.ip2(), record.ip3());
        let there: HashSet<_> =
            if self.positional.is_empty() { HashSet::new() } else { writer.records().map(has).collect() };
        let mut written = 0;
        for one in &self.positional {
            if there.contains(&(Nomvar::new(one.nomvar), ip1, ip2, ip3)) {
                continue;
            }
            let [ig1, ig2, ig3, ig4] = one.ig;
            let attributes = Attributes::new(one.nomvar).typvar("X").grtyp(GridType(one.grtyp)).ig(ig1, ig2, ig3, ig4);
            let attributes = attributes.dateo(DateStamp::NONE).ip1(ip1).ip2(ip2).ip3(ip3);
            one.write(&attributes, writer)?;
            written += 1;
        }
        Ok(written)
    }
}

impl Positional {
    fn new(grtyp: u8, ig: [u32; 4], (nomvar, dims, numbers): (&'static str, (usize, usize), Numbers)) -> Self {
        Self { nomvar, grtyp, ig, dims, numbers }
    }

    fn write(&self, attributes: &Attributes, writer: &mut Writer) -> Result<Record> {
        let (ni, nj) = self.dims;
        let shape = (ni, nj, 1);
        let ieee = |bits| attributes.clone().data_type(DataType::IEEE).pack_bits(bits);
        match &self.numbers {
            Numbers::Reals(values) => match singles(values) {
                Some(singles) => writer.write(&ieee(32), &Array::new(singles, shape)?),
                None => writer.write(&ieee(64), &Array::new(&values[..], shape)?),
            },
            Numbers::Counts(values) => {
                let attributes = attributes.clone().data_type(DataType::UNSIGNED).pack_bits(32);
                writer.write(&attributes, &Array::new(&values[..], shape)?)
            }
        }
    }
}

impl File {
    /// [`GridTags`] of the grid of a record: a grid without positional records keeps its ig1 to ig4 to the bit.
    ///
    /// # Errors
    /// See [`File::grid`]; [`RecordError::Place`] when its grid cannot be written.
    pub fn grid_tags(&self, record: &Record) -> Result<GridTags> {
        let grid = self.grid(record)?;
        let is_own =
            matches!(grid.letter(), b'A' | b'B' | b'C' | b'E' | b'G' | b'L' | b'N' | b'Q' | b'R' | b'S' | b'!');
        if is_own || matches!(grid.geometry(), Geometry::Station(_) | Geometry::None) {
            let ig = [record.ig1(), record.ig2(), record.ig3(), record.ig4()];
            return Ok(GridTags { grtyp: record.grtyp(), ig, positional: Vec::new() });
        }
        GridTags::of(&grid).map_err(|error| self.failed(record, RecordError::Place(error)))
    }
}

fn unwritable(letter: u8) -> GridError {
    GridError::Unsupported { letter: char::from(letter), what: "description that could be written" }
}

/// The tags of positional records, which follow from their values and the four parameters of their reference grid.
fn tags_of(positional: &[(&'static str, (usize, usize), Numbers)], reference: [f64; 4]) -> [u32; 2] {
    let reals = positional.iter().flat_map(|(.., numbers)| match numbers {
        Numbers::Reals(values) => values.as_slice(),
        Numbers::Counts(_) => &[],
    });
    crc::tags(reals.chain(&reference).copied())
}

/// The values in single precision if that says all.
fn singles(values: &[f64]) -> Option<Vec<f32>> {
    #[expect(clippy::cast_possible_truncation, reason = "checked")]
    let single = |value: &f64| Some(*value as f32).filter(|single| f64::from(*single).to_bits() == value.to_bits());
    values.iter().map(single).collect()
}

/// The numbers of a `^>` record, in single precision as programs read them.
pub(super) fn numbers_of(pair: &YinYang) -> Vec<f64> {
    let [yin, yang] = pair.grids();
    let ends = |values: &[f64]| [values.first().copied().unwrap_or(0.0), values.last().copied().unwrap_or(0.0)];
    let bits = |values: &[f64]| ends(values).map(f64::to_bits);
    let (x, y) = ([yin, yang].map(|grid| grid.ax().values()), [yin, yang].map(|grid| grid.ay().values()));
    let flag = |same: bool| f64::from(u8::from(same));
    let same_extent = bits(&x[0]) == bits(&x[1]) && bits(&y[0]) == bits(&y[1]);
    let same_resolution = (x[0].len(), y[0].len()) == (x[1].len(), y[1].len());
    let mut numbers = vec![70.0, 1.0, 2.0, flag(same_resolution), flag(same_extent)];
    for ((x, y), rotation) in x.iter().zip(&y).zip([pair.yin_rotation(), pair.yang_rotation()]) {
        numbers.extend([x.len() as f64, y.len() as f64]);
        numbers.extend(ends(x).into_iter().chain(ends(y)).chain(rotation.angles()).chain(x.iter().copied()));
        numbers.extend(y);
    }
    #[expect(clippy::cast_possible_truncation, reason = "meant")]
    numbers.iter().map(|number| f64::from(*number as f32)).collect()
}

#[cfg(test)]
mod tests;
