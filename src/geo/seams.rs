//! Values at points of fields in tiles: the neighbours of a point may lie in another tile.

use super::{Points, Tiles, numbers::Numbers, points::doubles};
use crate::{
    error::Result,
    file::{File, ReadOptions},
    record::Record,
};

/// Which record says where a field has values.
type MaskOf<'a, 'r> = dyn Fn(&Record) -> Option<&'r Record> + 'a;

impl Points {
    /// The values at the points of the field that some tiles make together; NaN where there is none. `mask_of` is asked for the mask
    /// of each tile.
    ///
    /// ```
    /// use rpnfst::geo::{Points, Tiles};
    /// # let file = rpnfst::File::open("testdata/grids/grids.fst")?;
    /// for tiles in Tiles::of(file.records()) {
    ///     let (lat, lon) = file.tiled_grid(&tiles)?.point(1.25, 1.25);
    ///     let points = Points::new(vec![lat], vec![lon], Default::default())?;
    ///     let values = points.joined_values(&file, &tiles, &|_| None, &Default::default())?;
    ///     assert!(values[0].is_finite());
    ///     // The point lies in one of them.
    ///     assert_eq!(tiles.records().iter().filter(|tile| points.in_tile(&file, tile).is_ok_and(|is_in| is_in[0])).count(), 1);
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// See [`File::join_tiles`], [`File::numbers`] and [`Points::plan`].
    pub fn joined_values(
        &self,
        file: &File,
        tiles: &Tiles<'_>,
        mask_of: &MaskOf<'_, '_>,
        options: &ReadOptions,
    ) -> Result<Vec<f64>> {
        let (whole, field) = self.whole(file, tiles, mask_of, options)?;
        let values = self.plan(&whole).and_then(|plan| plan.apply(&field, None));
        values.map_err(|error| of_first(file, tiles, error))
    }

    /// A wind of which both components are in tiles, as components to the true east and north.
    ///
    /// # Errors
    /// See [`Points::joined_values`].
    pub fn joined_winds(
        &self,
        file: &File,
        (u, v): (&Tiles<'_>, &Tiles<'_>),
        mask_of: &MaskOf<'_, '_>,
        options: &ReadOptions,
    ) -> Result<(Vec<f64>, Vec<f64>)> {
        let (whole, of_u) = self.whole(file, u, mask_of, options)?;
        let (_, of_v) = self.whole(file, v, mask_of, options)?;
        let winds = self.plan(&whole).and_then(|plan| plan.apply_winds(&of_u, &of_v, None));
        winds.map_err(|error| of_first(file, u, error))
    }

    /// Which of the points lie in a tile: the nearest column and row of the whole grid are its own. A point halfway between tiles lies
    /// in all of them.
    ///
    /// # Errors
    /// See [`File::grid`].
    pub fn in_tile(&self, file: &File, tile: &Record) -> Result<Vec<bool>> {
        let whole = file.whole_grid(tile)?;
        let (mut x, mut y) = (vec![f64::NAN; self.lat().len()], vec![f64::NAN; self.lat().len()]);
        whole.locate_all(self.lat(), self.lon(), &mut x, &mut y).map_err(|error| file.failed(tile, error.into()))?;
        let columns = f64::from(tile.ig3()) - 0.5..=f64::from(tile.ig3()) + f64::from(tile.ni()) - 0.5;
        let rows = f64::from(tile.ig4()) - 0.5..=f64::from(tile.ig4()) + f64::from(tile.nj()) - 0.5;
        // East of the last column of a grid that goes round, the first one may be nearer.
        let turn = if whole.wraps() { whole.ni() as f64 } else { 0.0 };
        let is_in = |(x, y): (&f64, &f64)| rows.contains(y) && (columns.contains(x) || columns.contains(&(x - turn)));
        Ok(x.iter().zip(&y).map(is_in).collect())
    }

    fn whole(
        &self,
        file: &File,
        tiles: &Tiles<'_>,
        mask_of: &MaskOf<'_, '_>,
        options: &ReadOptions,
    ) -> Result<(super::Grid, Vec<f64>)> {
        let (grid, mut values, missing) = file.joined(tiles, &|tile| {
            let numbers: Numbers = file.numbers_as(tile, mask_of(tile), self.words(), options)?;
            Ok((doubles(numbers), None))
        })?;
        values.iter_mut().zip(missing).filter(|(_, missing)| *missing).for_each(|(value, _)| *value = f64::NAN);
        Ok((grid, values))
    }
}

fn of_first(file: &File, tiles: &Tiles<'_>, error: super::GridError) -> crate::Error {
    match tiles.records().first() {
        Some(first) => file.failed(first, error.into()),
        None => crate::error::FieldError { field: "tiles", what: error.to_string() }.into(),
    }
}
