//! The nearest of many points on the sphere.

use std::cmp::Ordering;

use rstar::RTree;
use rstar::primitives::GeomWithData;

use crate::error::{Error, Result};
use crate::parallel;
use crate::sphere::unit;

type Entry = GeomWithData<[f64; 3], u32>;

/// No further point at a place.
const LAST: u32 = u32::MAX;

/// Points in the order of their distance, found without looking at all of them.
///
/// The index holds unit vectors and compares chords, so that poles and the date line are places like any other.
///
/// ```
/// use rpnfst_grids::PointIndex;
/// let stations = PointIndex::new(&[45.5, 46.8, 89.0], &[286.4, 288.8, 10.0])?;
/// assert_eq!(stations.nearest(46.0, -72.0).unwrap().index, 1);
/// assert_eq!(stations.nearest(88.0, 190.0).unwrap().index, 2);
/// # Ok::<(), rpnfst_grids::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct PointIndex {
    /// The first point of each place: a search looks at all that are equally near, and any number of points may share a place.
    tree: RTree<Entry>,
    /// For each point the next one at its place, or [`LAST`]; empty where no two share a place.
    next: Vec<u32>,
    len: usize,
}

/// One of the points of a [`PointIndex`].
///
/// ```
/// use rpnfst_grids::PointIndex;
/// let found = PointIndex::new(&[0.0], &[0.0])?.nearest(0.0, 90.0).unwrap();
/// assert_eq!(found.index, 0);
/// assert!((found.distance - 90.0).abs() < 1e-12);
/// # Ok::<(), rpnfst_grids::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Neighbour {
    /// Its place in the lists, from 0.
    pub index: usize,
    /// The great-circle distance to it, in degrees.
    pub distance: f64,
}

impl Neighbour {
    fn new(index: u32, chord2: f64) -> Self {
        // 2 asin(chord / 2), in a form that keeps digits for opposite points.
        let angle = 2.0 * (chord2.sqrt() / 2.0).atan2((1.0 - chord2 / 4.0).max(0.0).sqrt());
        Self { index: index as usize, distance: angle.to_degrees() }
    }
}

impl PointIndex {
    /// Indexes points, latitudes and longitudes in degrees. Points that are not finite are never found.
    ///
    /// # Errors
    /// Lists of different lengths, or of more than 2^32 points.
    pub fn new(lat: &[f64], lon: &[f64]) -> Result<Self> {
        if lat.len() != lon.len() {
            return Err(Error::Length { what: "longitudes", found: lon.len(), expected: lat.len() });
        }
        if u32::try_from(lat.len()).is_err() {
            return Err(Error::Invalid { what: "points", reason: "more than 2^32".into() });
        }
        Ok(Self::of_finite(lat, lon))
    }

    /// As [`new`](Self::new), of lists that are known to be as long as each other and not too long.
    pub(crate) fn of_finite(lat: &[f64], lon: &[f64]) -> Self {
        let points = (0..).zip(lat.iter().zip(lon)).filter(|(_, (lat, lon))| lat.is_finite() && lon.is_finite());
        // Zeros of both signs are one.
        let mut entries: Vec<_> =
            points.map(|(k, (&lat, &lon))| Entry::new(unit(lat, lon).map(|v| v + 0.0), k)).collect();
        let len = entries.len();
        let order = |a: &[f64; 3], b: &[f64; 3]| {
            let [first, second, third] = [0, 1, 2].map(|k: usize| a.get(k).partial_cmp(&b.get(k)));
            [first, second, third].into_iter().flatten().find(|o| o.is_ne()).unwrap_or(Ordering::Equal)
        };
        entries.sort_unstable_by(|a, b| order(a.geom(), b.geom()).then(a.data.cmp(&b.data)));
        let mut next = Vec::new();
        let mut last = LAST;
        entries.dedup_by(|further, first| {
            let same = order(further.geom(), first.geom()).is_eq();
            if same {
                next.resize(lat.len(), LAST);
                let before = if last == LAST { first.data } else { last };
                if let Some(link) = next.get_mut(before as usize) {
                    *link = further.data;
                }
                last = further.data;
            } else {
                last = LAST;
            }
            same
        });
        Self { tree: RTree::bulk_load(entries), next, len }
    }

    /// How many points can be found.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether no point can be found.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The point nearest to a position; of several as near, the first. `None` if there is none, or if the position is not finite.
    pub fn nearest(&self, lat: f64, lon: f64) -> Option<Neighbour> {
        let (found, chord2) = self.tree.nearest_neighbors_with_distance_2(&finite(lat, lon)?)?;
        found.into_iter().map(|entry| entry.data).min().map(|index| Neighbour::new(index, chord2))
    }

    /// [`nearest`](Self::nearest), as the column and row from 1 of points in rows of `ni`.
    pub(crate) fn place(&self, ni: usize, lat: f64, lon: f64) -> Option<(f64, f64)> {
        let (k, ni) = (self.nearest(lat, lon)?.index, ni.max(1));
        Some(((k % ni + 1) as f64, (k / ni + 1) as f64))
    }

    /// Up to `count` points by their distance; those as near by their place in the lists.
    pub fn nearest_several(&self, lat: f64, lon: f64, count: usize) -> Vec<Neighbour> {
        let Some(place) = finite(lat, lon) else { return Vec::new() };
        let mut found: Vec<(f64, u32)> = Vec::new();
        for (entry, chord2) in self.tree.nearest_neighbor_iter_with_distance_2(place) {
            if found.len() >= count && found.last().is_none_or(|last| last.0 < chord2) {
                break;
            }
            // Of one place the first ones are enough.
            let at_place = std::iter::successors(Some(entry.data), |k| self.next.get(*k as usize).copied());
            found.extend(at_place.take_while(|k| *k != LAST).take(count).map(|k| (chord2, k)));
        }
        found.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        found.truncate(count);
        found.into_iter().map(|(chord2, index)| Neighbour::new(index, chord2)).collect()
    }

    /// [`nearest`](Self::nearest) of many positions, on all cores with the feature `rayon`.
    ///
    /// # Errors
    /// Lists of different lengths.
    pub fn nearest_all(&self, lat: &[f64], lon: &[f64]) -> Result<Vec<Option<Neighbour>>> {
        if lat.len() != lon.len() {
            return Err(Error::Length { what: "longitudes", found: lon.len(), expected: lat.len() });
        }
        let mut out = vec![None; lat.len()];
        parallel::rows(&mut out, 256, |row, out| {
            let positions = lat.iter().zip(lon).skip(row * 256);
            for (place, (&lat, &lon)) in out.iter_mut().zip(positions) {
                *place = self.nearest(lat, lon);
            }
        });
        Ok(out)
    }
}

fn finite(lat: f64, lon: f64) -> Option<[f64; 3]> {
    (lat.is_finite() && lon.is_finite()).then(|| unit(lat, lon))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn equal_points() {
        // Every longitude at a pole is one point.
        let index = PointIndex::new(&[90.0; 20], &core::array::from_fn::<f64, 20, _>(|k| k as f64 * 18.0)).unwrap();
        assert!(index.nearest(89.0, 33.0).unwrap().index < 20);
        let index = PointIndex::new(&[1.0; 20], &[2.0; 20]).unwrap();
        assert_eq!(index.nearest(-3.0, 40.0).unwrap().index, 0);
        let three: Vec<_> = index.nearest_several(-3.0, 40.0, 3).iter().map(|n| n.index).collect();
        assert_eq!(three, [0, 1, 2]);
    }

    #[test]
    fn a_place_is_searched_once() {
        // Two places, the second with points between those of the first.
        let lat: Vec<f64> = (0..1000).map(|k| if k % 10 == 3 { 5.0 } else { 0.0 }).collect();
        let lon: Vec<f64> = (0..1000).map(|k| f64::from(k % 2) * 360.0).collect();
        let index = PointIndex::new(&lat, &lon).unwrap();
        assert_eq!((index.len(), index.tree.size()), (1000, 2));
        let found = |lat, count| index.nearest_several(lat, 0.0, count).iter().map(|n| n.index).collect::<Vec<_>>();
        assert_eq!(found(4.0, 3), [3, 13, 23]);
        assert_eq!(found(0.0, 4), [0, 1, 2, 4]);
        let most = found(4.0, 102);
        assert_eq!((most[99], most[100], most[101]), (993, 0, 1));
        assert_eq!(found(4.0, 2000).len(), 1000);
    }

    #[test]
    fn what_is_not_finite() {
        let index = PointIndex::new(&[f64::NAN, 1.0, f64::INFINITY], &[0.0, 1.0, 2.0]).unwrap();
        assert_eq!(index.len(), 1);
        assert_eq!(index.nearest(0.0, 0.0).unwrap().index, 1);
        assert_eq!(index.nearest(f64::NAN, 0.0), None);
        assert!(index.nearest_several(0.0, f64::INFINITY, 2).is_empty());
        assert!(PointIndex::new(&[], &[]).unwrap().nearest(0.0, 0.0).is_none());
        assert!(PointIndex::new(&[1.0], &[]).is_err());
        assert!(index.nearest_all(&[1.0], &[]).is_err());
    }

    proptest! {
        #[test]
        fn as_by_looking_at_all(points in prop::collection::vec((-90.0..=90.0_f64, -180.0..360.0_f64), 1..80), lat in -90.0..=90.0_f64, lon in -180.0..360.0_f64) {
            let (lats, lons): (Vec<_>, Vec<_>) = points.iter().copied().unzip();
            let index = PointIndex::new(&lats, &lons).unwrap();
            let here = unit(lat, lon);
            let chord2 = |p: &(f64, f64)| unit(p.0, p.1).iter().zip(&here).map(|(a, b)| (a - b) * (a - b)).sum::<f64>();
            let best = points.iter().map(chord2).fold(f64::INFINITY, f64::min);
            let found = index.nearest(lat, lon).unwrap();
            prop_assert!(chord2(&points[found.index]) <= best + 1e-15);
            let five = index.nearest_several(lat, lon, 5);
            prop_assert_eq!(five.len(), points.len().min(5));
            prop_assert_eq!(five[0], found);
            prop_assert!(five.windows(2).all(|w| w[0].distance <= w[1].distance));
        }
    }
}
