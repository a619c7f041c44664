//! Tiles: parts of a field on a `#` grid, each in a record of its own.

use std::collections::{HashMap, HashSet};

use rpnfst_grids::Grid;

use crate::{
    error::{FieldError, RecordError, Result},
    field::{Array, Mask},
    file::{File, ReadOptions},
    record::{DateStamp, Etiket, Nomvar, Record, Typvar},
};

/// The tiles of one field: records on `#` grids that differ in their place only.
///
/// ```
/// # let file = rpnfst::File::open("testdata/xdf/same_name.std")?;
/// for tiles in rpnfst::geo::Tiles::of(file.records()) {
///     let (grid, field) = file.join_tiles(&tiles)?;
///     assert_eq!(field.values().len(), grid.len());
/// }
/// # Ok::<(), rpnfst::Error>(())
/// ```
#[derive(Clone, PartialEq, Debug)]
pub struct Tiles<'a> {
    records: Vec<&'a Record>,
}

/// What the tiles of a field have in common: ip3 is the number of the tile, ig3 and ig4 are its place.
type Same = (u32, Nomvar, Typvar, Etiket, DateStamp, [u32; 2], [u32; 2]);

impl<'a> Tiles<'a> {
    /// The fields of which some records are tiles, in the order of their first tiles.
    pub fn of(records: impl IntoIterator<Item = &'a Record>) -> Vec<Self> {
        let (mut found, mut known): (Vec<Self>, HashMap<Same, usize>) = (Vec::new(), HashMap::new());
        for record in records {
            if record.grtyp().0 != b'#' {
                continue;
            }
            let same = (
                record.file,
                record.nomvar(),
                record.typvar(),
                record.etiket(),
                record.datev(),
                [record.ip1(), record.ip2()],
                [record.ig1(), record.ig2()],
            );
            let place = *known.entry(same).or_insert(found.len());
            match found.get_mut(place) {
                Some(tiles) => tiles.records.push(record),
                None => found.push(Self { records: vec![record] }),
            }
        }
        found
    }

    /// The records, in the order in which they were given.
    pub fn records(&self) -> &[&'a Record] {
        &self.records
    }
}

impl File {
    /// The whole grid of a field in tiles.
    ///
    /// # Errors
    /// See [`File::grid`].
    pub fn tiled_grid(&self, tiles: &Tiles<'_>) -> Result<Grid> {
        let Some(first) = tiles.records.first() else {
            return Err(FieldError { field: "tiles", what: "there is none".to_owned() }.into());
        };
        self.whole_grid(first)
    }

    /// The whole grid of a field in tiles, and its values in the first plane; those that no tile has are missing.
    ///
    /// # Errors
    /// See [`File::grid`] and [`File::read_as`]. [`Error::Record`](crate::Error::Record) when so many points have no tile that
    /// [`Limits::max_lost_bytes`](crate::Limits::max_lost_bytes) does not allow it.
    pub fn join_tiles(&self, tiles: &Tiles<'_>) -> Result<(Grid, Array<'static, f64>)> {
        let (grid, values, missing) = self.joined(tiles, &|tile| {
            let array = self.read_as::<f64>(tile, &ReadOptions::new())?;
            let missing = array.missing().cloned();
            Ok((array.into_vec(), missing))
        })?;
        let array = Array::new(values, (grid.ni(), grid.nj(), 1))?;
        let array = if missing.contains(&true) { array.with_missing(missing.into_iter().collect())? } else { array };
        Ok((grid, array))
    }

    /// The whole grid, its values, and which of them are missing, by what `read` finds in a tile.
    pub(super) fn joined(&self, tiles: &Tiles<'_>, read: &ReadTile<'_>) -> Result<(Grid, Vec<f64>, Vec<bool>)> {
        let grid = self.tiled_grid(tiles)?;
        self.check_tiles(tiles, &grid)?;
        let ni = grid.ni();
        let (mut values, mut missing) = (vec![0.0; grid.len()], vec![true; grid.len()]);
        for tile in &tiles.records {
            let (of_tile, lost) = read(tile)?;
            let (columns, rows) = (tile.ni() as usize, tile.nj() as usize);
            let [i, j] = [tile.ig3(), tile.ig4()].map(|first| (first as usize).saturating_sub(1));
            for (row, of_row) in of_tile.chunks_exact(columns.max(1)).take(rows).enumerate() {
                let from = (j + row) * ni + i;
                let places = from..from + columns;
                if let (Some(values), Some(missing)) = (values.get_mut(places.clone()), missing.get_mut(places)) {
                    values.copy_from_slice(of_row);
                    let is_lost = |at| lost.as_ref().and_then(|mask| mask.get(row * columns + at)).unwrap_or(false);
                    missing.iter_mut().enumerate().for_each(|(at, place)| *place = is_lost(at));
                }
            }
        }
        Ok((grid, values, missing))
    }

    /// Whether all tiles lie on the grid, and enough of its points are there: axes of some numbers promise a product of them.
    fn check_tiles(&self, tiles: &Tiles<'_>, grid: &Grid) -> Result<()> {
        let (mut there, mut places) = (0_u64, HashSet::new());
        for tile in &tiles.records {
            if !self.whole_grid(tile)?.same(grid) {
                return Err(FieldError { field: "tiles", what: "they are of different grids".to_owned() }.into());
            }
            // What a directory says of its size proves nothing, and copies of a tile hold no more than one of them.
            if places.insert([tile.ig3(), tile.ig4(), tile.ni(), tile.nj()]) {
                let points = u64::from(tile.ni()) * u64::from(tile.nj());
                there = there.saturating_add(self.stored_count(tile)?.min(points));
            }
        }
        let (limits, needed) = (self.limits(), (grid.len() as u64).saturating_mul(8));
        let limit = limits.max_decoded_bytes;
        if let Some(first) = tiles.records.first().filter(|_| needed > limit) {
            return Err(self.failed(first, RecordError::Limit { needed, limit }));
        }
        if needed.saturating_sub(there.saturating_mul(8)) <= limits.max_lost_bytes {
            return Ok(());
        }
        let sought = format!("the tiles of a grid of {} x {}", grid.ni(), grid.nj());
        let found = format!("{} tiles with {there} points are there", tiles.records.len());
        match tiles.records.first() {
            Some(first) => Err(self.failed(first, RecordError::Lacking { sought, found })),
            None => Ok(()),
        }
    }
}

/// What reads the values of a tile, and which of them are missing.
pub(super) type ReadTile<'a> = dyn Fn(&Record) -> Result<(Vec<f64>, Option<Mask>)> + 'a;
