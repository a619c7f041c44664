//! What region a grid covers, and how fine it is.

use crate::{
    grid::{Extent, Grid},
    kinds::Geometry,
    projection::Projection,
    sphere::{EARTH_RADIUS_KM, distance},
};

impl Grid {
    /// The region that the points cover.
    pub fn extent(&self) -> Extent {
        let (north, south) = self.contains_pole();
        // Around a pole are all longitudes, unless columns are meridians.
        let whole_lon = self.wraps() || (north || south) && !self.has_meridians();
        let (lat, mut lon) = self.outline();
        let finite = |values: &[f64]| values.iter().copied().filter(|value| value.is_finite()).collect::<Vec<_>>();
        let lat = finite(&lat);
        lon = finite(&lon);
        let low = if south { -90.0 } else { lat.iter().copied().fold(f64::INFINITY, f64::min) };
        let high = if north { 90.0 } else { lat.iter().copied().fold(f64::NEG_INFINITY, f64::max) };
        if lat.is_empty() {
            return Extent { lat: [f64::NAN; 2], lon: [f64::NAN; 2], whole: false };
        }
        let lon = if whole_lon { [0.0, 360.0] } else { span(&mut lon) };
        Extent { lat: [low, high], lon, whole: north && south && self.covers() }
    }

    /// Whether the columns are meridians.
    fn has_meridians(&self) -> bool {
        matches!(self.geometry(), Geometry::Structured(grid) if matches!(grid.projection(), Projection::LatLon { .. }))
    }

    /// Positions of the points on the edge; of all where there is none.
    fn outline(&self) -> (Vec<f64>, Vec<f64>) {
        match self.geometry() {
            Geometry::Structured(grid) => edges(grid.ni(), 1, grid.nj(), |x, y| self.point(x, y)).unzip(),
            Geometry::YinYang(pair) => {
                let rows = pair.yin().nj();
                let yin = edges(pair.ni(), 1, rows, |x, y| self.point(x, y));
                yin.chain(edges(pair.ni(), rows + 1, pair.nj(), |x, y| self.point(x, y))).unzip()
            }
            Geometry::Radar(radar) => {
                let far = radar.nj() as f64;
                let near = [self.point(1.0, 1.0)].into_iter();
                near.chain((1..=radar.ni()).map(|i| self.point(i as f64, far))).unzip()
            }
            _ => self.points(),
        }
    }

    /// Whether a grid that holds both poles covers what is between.
    fn covers(&self) -> bool {
        match self.geometry() {
            Geometry::Structured(grid) => grid.covers(),
            Geometry::YinYang(_) | Geometry::CubedSphere(_) => true,
            _ => false,
        }
    }

    /// The distances in km of columns and of rows around grid coordinates, on a sphere of 6371 km.
    ///
    /// ```
    /// use rpnfst_grids::Grid;
    /// # fn main() -> Result<(), rpnfst_grids::Error> {
    /// let (dx, dy) = Grid::new(b'L', 360, 181, [100, 100, 0, 0])?.resolution_km(10.0, 151.0);
    /// assert!((dy - 111.19).abs() < 0.01 && (dx - 55.6).abs() < 0.01);
    /// # Ok(())
    /// # }
    /// ```
    pub fn resolution_km(&self, x: f64, y: f64) -> (f64, f64) {
        let apart = |a: (f64, f64), b: (f64, f64)| {
            distance(self.point(a.0, a.1), self.point(b.0, b.1)).to_radians() * EARTH_RADIUS_KM
        };
        (apart((x - 0.5, y), (x + 0.5, y)), apart((x, y - 0.5), (x, y + 0.5)))
    }
}

/// Positions of the outer points of `ni` columns and the rows `first` to `last`.
fn edges(
    ni: usize,
    first: usize,
    last: usize,
    point: impl Fn(f64, f64) -> (f64, f64),
) -> impl Iterator<Item = (f64, f64)> {
    let rows = (first..=last).flat_map(move |j| [(1, j), (ni, j)]);
    let columns = (1..=ni).flat_map(move |i| [(i, first), (i, last)]);
    rows.chain(columns).map(move |(i, j)| point(i as f64, j as f64))
}

/// The shortest interval of longitudes that holds all: what the widest gap leaves.
fn span(lon: &mut [f64]) -> [f64; 2] {
    lon.sort_unstable_by(f64::total_cmp);
    let (Some(&first), Some(&last)) = (lon.first(), lon.last()) else { return [f64::NAN; 2] };
    let widest = lon
        .windows(2)
        .filter_map(|pair| if let [a, b] = pair { Some((b - a, *a, *b)) } else { None })
        .max_by(|a, b| a.0.total_cmp(&b.0));
    match widest {
        Some((gap, before, after)) if gap > first + 360.0 - last => [after, before + 360.0],
        _ => [first, last],
    }
}

#[cfg(test)]
mod tests {
    use crate::{Grid, Result, descriptor};

    #[test]
    fn a_sector_up_to_the_pole_is_no_cap() -> Result<()> {
        // 0 to 150 degrees east, from the equator to the pole.
        let sector = Grid::new(b'L', 6, 4, descriptor::encode(b'L', [0.0, 0.0, 30.0, 30.0])?)?.extent();
        assert_eq!((sector.lat, sector.lon, sector.whole), ([0.0, 90.0], [0.0, 150.0], false));
        let cap = Grid::new(b'N', 21, 21, descriptor::encode(b'N', [11.0, 11.0, 60_000.0, 0.0])?)?.extent();
        assert_eq!((cap.lat[1], cap.lon), (90.0, [0.0, 360.0]));
        Ok(())
    }

    #[test]
    fn an_extent_takes_the_edges_only() -> Result<()> {
        let pair = Grid::yin_yang_of(16, 2.0, [10.0, 200.0, 20.0, 290.0])?;
        assert_eq!((pair.extent().lat, pair.extent().lon, pair.extent().whole), ([-90.0, 90.0], [0.0, 360.0], true));
        // 5,400 million points.
        Grid::yin_yang_of(30_000, 2.0, [10.0, 200.0, 20.0, 290.0])?.extent();
        Ok(())
    }
}
