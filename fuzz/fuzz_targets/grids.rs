//! Descriptors of grids, positional records and tables of levels with any numbers: an error or values, and no more memory than
//! the numbers justify.
#![no_main]

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use rpnfst_grids::{
    Grid, descriptor,
    levels::{HybridRecord, Levels, OldRecords, Quantity, Table},
    regrid::{Extrapolation, Matrix, Method, Normalize, Options, Regrid, SkipMissing, Statistic},
};

#[derive(Arbitrary, Debug)]
struct Input {
    source: Described,
    target: Described,
    place: [f32; 2],
    method: u8,
    extrapolation: u8,
    field: Vec<f32>,
    words: Vec<u64>,
    wide: bool,
    old: [u32; 3],
    codes: Vec<u32>,
    tops: [f32; 2],
    mask: Vec<bool>,
    triplets: Vec<(i16, i16, f32)>,
}

/// A grid: by its letter and numbers, or by arrays that may be anything.
#[derive(Arbitrary, Debug)]
enum Described {
    Own { letter: u8, ni: u8, nj: u8, ig: [u32; 4] },
    /// The sizes that hostile files claim.
    Huge { letter: u8, ni: u32, nj: u32, ig: [u32; 4] },
    Axes { reference: u8, ig: [u32; 4], x: Vec<f32>, y: Vec<f32>, tile: Option<[u8; 4]> },
    /// Axes that grow, so that more than their check is met.
    Steps { reference: u8, ig: [u32; 4], x: [f32; 2], y: [f32; 2], ni: u8, nj: u8 },
    YinYang { values: Vec<f32>, ni: u8, nj: u8 },
    Curvilinear { ni: u8, nj: u8, lon: Vec<f32>, lat: Vec<f32> },
    Cloud { lon: Vec<f32>, lat: Vec<f32> },
    Mesh { lon: Vec<f32>, lat: Vec<f32>, corners: Vec<u32> },
}

fn wide(values: &[f32]) -> Vec<f64> {
    values.iter().map(|value| f64::from(*value)).collect()
}

const LETTERS: &[u8] = b"ABCEGLNSQR+XVTHZYUOMW!#";

fn letter(byte: u8) -> u8 {
    LETTERS[usize::from(byte) % LETTERS.len()]
}

impl Described {
    fn grid(&self) -> Option<Grid> {
        match self {
            Self::Own { letter: byte, ni, nj, ig } => Grid::new(letter(*byte), (*ni).into(), (*nj).into(), *ig).ok(),
            Self::Huge { letter: byte, ni, nj, ig } => {
                // Only made, never asked for all of its points.
                let grid = Grid::new(letter(*byte), *ni as usize, *nj as usize, *ig).ok()?;
                let _ = (grid.point(1.5, 1.5), grid.locate(45.0, 270.0), grid.wraps(), grid.contains_pole());
                None
            }
            Self::Axes { reference, ig, x, y, tile } => match tile {
                Some([i, j, ni, nj]) => {
                    let (first, size) = (((*i).into(), (*j).into()), ((*ni).into(), (*nj).into()));
                    Grid::tile(letter(*reference), *ig, &wide(x), &wide(y), first, size).ok()
                }
                None => Grid::from_axes(b'Z', letter(*reference), *ig, wide(x), wide(y)).ok(),
            },
            Self::Steps { reference, ig, x, y, ni, nj } => {
                let axis = |[start, step]: &[f32; 2], n: u8| {
                    (0..n).map(|at| f64::from(*start) + f64::from(at) * f64::from(*step)).collect()
                };
                let reference = [b'E', b'L', b'N', b'S'][usize::from(*reference) % 4];
                Grid::from_axes(b'Z', reference, *ig, axis(x, ni % 40), axis(y, nj % 40)).ok()
            }
            Self::YinYang { values, ni, nj } => {
                let mut values = wide(values);
                for (at, value) in [(0, 70.0), (1, 1.0), (2, 2.0), (5, f64::from(ni % 20)), (6, f64::from(nj % 20))] {
                    if let Some(place) = values.get_mut(at) {
                        *place = value;
                    }
                }
                Grid::yin_yang(&values).ok()
            }
            Self::Curvilinear { ni, nj, lon, lat } => {
                Grid::curvilinear((*ni).into(), (*nj).into(), wide(lon), wide(lat)).ok()
            }
            Self::Cloud { lon, lat } => Grid::cloud(lon.len(), 1, wide(lon), wide(lat)).ok(),
            Self::Mesh { lon, lat, corners } => Grid::mesh(wide(lon), wide(lat), corners.clone()).ok(),
        }
    }
}

/// Everything that a grid tells of itself.
fn ask(grid: &Grid, place: [f32; 2]) {
    let [a, b] = place.map(f64::from);
    let _ = (grid.point(a, b), grid.locate(a, b), grid.extent(), grid.resolution_km(a, b));
    let _ = (grid.wraps(), grid.contains_pole(), grid.has_positions());
    if grid.len() <= 1000 {
        let (lat, lon) = grid.points();
        assert!(!grid.has_positions() || lat.len() == grid.len() && lon.len() == grid.len());
        let _ = (grid.corners(), grid.cell_bounds());
        let (mut x, mut y) = (vec![0.0; lat.len()], vec![0.0; lat.len()]);
        let _ = grid.locate_all(&lat, &lon, &mut x, &mut y);
    }
    let _ = (grid.proj_string(), grid.wkt2(), grid.cf_grid_mapping());
}

fuzz_target!(|input: Input| {
    for described in [&input.source, &input.target] {
        if let Described::Own { letter: byte, ig, .. } | Described::Huge { letter: byte, ig, .. } = described
            && let Ok(numbers) = descriptor::decode(letter(*byte), *ig)
        {
            let _ = descriptor::encode(letter(*byte), numbers);
        }
    }
    let (source, target) = (input.source.grid(), input.target.grid());
    for grid in source.iter().chain(&target) {
        ask(grid, input.place);
    }
    if let (Some(source), Some(target)) = (&source, &target)
        && source.len() <= 1000
        && target.len() <= 1000
    {
        regrid(source, target, &input);
    }
    use_weights(&input.triplets);
    let width = if input.wide { 4 } else { 3 };
    if let Ok(levels) = Table::new(width, input.words).and_then(Levels::from_table) {
        use_levels(&levels);
    }
    let hybrid = HybridRecord::new(input.old[0], input.old[1], input.old[2]).ok();
    let [top, eta_top] = input.tops;
    let old = OldRecords { codes: input.codes, hybrid, top: Some(top), eta_top: Some(eta_top), sigma: true };
    if let Ok(levels) = old.levels() {
        use_levels(&levels);
    }
});

const METHODS: [Method; 12] = [
    Method::Nearest,
    Method::Linear,
    Method::Cubic,
    Method::InverseDistance,
    Method::Conservative(Normalize::FracArea),
    Method::Conservative(Normalize::DestArea),
    Method::Statistic(Statistic::Average),
    Method::Statistic(Statistic::Sum),
    Method::Statistic(Statistic::Minimum),
    Method::Statistic(Statistic::Maximum),
    Method::Statistic(Statistic::Variance),
    Method::Statistic(Statistic::Count),
];

const OUTSIDE: [Extrapolation; 6] = [
    Extrapolation::Missing,
    Extrapolation::Maximum,
    Extrapolation::Value(-1.0),
    Extrapolation::Nearest,
    Extrapolation::Cubic,
    Extrapolation::Abort,
];

/// A field and a wind from one grid to another, and the weights that stand for it.
fn regrid(source: &Grid, target: &Grid, input: &Input) {
    let method = METHODS[usize::from(input.method) % METHODS.len()];
    let mut options =
        Options::new(method).extrapolate(OUTSIDE[usize::from(input.extrapolation) % OUTSIDE.len()]);
    if !input.mask.is_empty() {
        let of_size = |size| input.mask.iter().copied().cycle().take(size).collect::<Vec<_>>();
        options = options.source_mask(of_size(source.len())).target_mask(of_size(target.len()));
    }
    let Ok(regrid) = Regrid::new(source, target, &options) else { return };
    let mut field = input.field.clone();
    field.resize(source.len(), 1.0);
    let made = regrid.apply(&field, None).expect("a field of the size of the source");
    assert_eq!(made.len(), target.len());
    let _ = regrid.apply_winds(&field, &field, None);
    let matrix = regrid.matrix();
    if matrix.is_empty() {
        return;
    }
    let triplets = matrix.to_triplets().expect("few weights");
    let (rows, columns) = (matrix.rows(), matrix.columns());
    let again = Matrix::from_triplets(rows, columns, &triplets.row, &triplets.col, &triplets.s);
    assert!(again.is_ok_and(|again| again.len() == matrix.len()));
}

/// Weights that a file may hold.
fn use_weights(triplets: &[(i16, i16, f32)]) {
    let row: Vec<_> = triplets.iter().map(|triplet| triplet.0.into()).collect();
    let col: Vec<_> = triplets.iter().map(|triplet| triplet.1.into()).collect();
    let s: Vec<_> = triplets.iter().map(|triplet| triplet.2.into()).collect();
    if let Ok(matrix) = Matrix::from_triplets(1000, 1000, &row, &col, &s) {
        let mut out = vec![0.0_f32; 1000];
        matrix.apply(&vec![1.0_f32; 1000], None, SkipMissing::default(), &mut out).expect("its sizes");
    }
}

fn use_levels(levels: &Levels) {
    let ip1 = levels.momentum_ip1();
    for quantity in [Quantity::Level, Quantity::Logarithm, Quantity::PerSurface] {
        let _ = levels.compute(&ip1, &[1e5_f32, f32::NAN, 0.0], Some(&[1e5_f32, -1.0, 1.0]), quantity);
    }
    let _ = (levels.header(), levels.is_same(levels));
}
