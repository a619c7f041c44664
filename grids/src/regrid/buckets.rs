//! The nearest points in the plane of longitude and latitude, as ezscint's clouds have them.
//!
//! Distances are in degrees, without regard to the narrowing of meridians; the spherical index is for everything else.

/// How far away a point may be in longitude, and in latitude.
const REACH: f64 = 10.0;

/// Points in squares of longitude and latitude.
pub(crate) struct Buckets {
    columns: usize,
    rows: usize,
    /// Degrees of a square's side.
    side: f64,
    /// The points of square k are `points[starts[k]..starts[k + 1]]`.
    starts: Vec<u32>,
    points: Vec<u32>,
    lat: Vec<f64>,
    lon: Vec<f64>,
    /// South, north, west, east.
    pub(crate) bounds: [f64; 4],
}

impl Buckets {
    /// Latitudes and longitudes, 0 to 360, of which no more than `most` neighbours will be asked for.
    pub(crate) fn new(lat: Vec<f64>, lon: Vec<f64>, most: usize) -> Self {
        let side = (360.0 * 180.0 * 4.0 / lat.len().max(1) as f64).sqrt().clamp(0.25, 10.0);
        // A whole number of squares goes round.
        let columns = whole((360.0 / side).ceil()).max(1);
        let side = 360.0 / columns as f64;
        let rows = whole((180.0 / side).ceil()).max(1);
        let mut buckets =
            Self { columns, rows, side, starts: Vec::new(), points: Vec::new(), lat, lon, bounds: [f64::NAN; 4] };
        let squares: Vec<usize> = buckets.lat.iter().zip(&buckets.lon).map(|(a, b)| buckets.square(*a, *b)).collect();
        let mut order: Vec<u32> = (0..u32::try_from(squares.len()).unwrap_or(u32::MAX)).collect();
        let place = |k: u32| {
            let at = |list: &[f64]| list.get(k as usize).map(|v| v.to_bits());
            (squares.get(k as usize), at(&buckets.lat), at(&buckets.lon))
        };
        order.sort_unstable_by_key(|k| (place(*k), *k));
        // Of points at one place the first ones are enough.
        let order: Vec<u32> =
            order.chunk_by(|a, b| place(*a) == place(*b)).flat_map(|same| same.iter().take(most)).copied().collect();
        let mut starts = vec![0_u32; columns * rows + 1];
        for square in order.iter().filter_map(|k| squares.get(*k as usize)) {
            if let Some(count) = starts.get_mut(square + 1) {
                *count += 1;
            }
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        (buckets.starts, buckets.points) = (starts, order);
        let ends =
            |values: &[f64]| values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), v| (a.min(*v), b.max(*v)));
        let ((south, north), (west, east)) = (ends(&buckets.lat), ends(&buckets.lon));
        buckets.bounds = [south, north, west, east];
        buckets
    }

    fn square(&self, lat: f64, lon: f64) -> usize {
        let i = whole(lon / self.side).min(self.columns - 1);
        let j = whole((lat + 90.0) / self.side).min(self.rows - 1);
        j * self.columns + i
    }

    /// Up to `count` nearest points and the squares of their distances, nearest first.
    pub(crate) fn nearest(&self, lat: f64, lon: f64, count: usize, found: &mut Vec<(f64, u32)>) {
        found.clear();
        let centre = self.square(lat, lon);
        let (i, j) = (centre % self.columns, centre / self.columns);
        // There are 36 columns or more, and sides of 10 degrees or less: rings do not meet behind the globe.
        let rings = whole((REACH / self.side).ceil()) + 1;
        for ring in 0..=rings {
            let reached = (ring as f64 - 1.0) * self.side;
            if found.len() >= count && ring > 0 && found.get(count - 1).is_some_and(|f| f.0 <= reached * reached) {
                break;
            }
            let before = found.len();
            self.ring(lat, lon, (i, j), ring, found);
            if found.len() > before {
                found.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
                found.truncate(count);
            }
        }
    }

    /// Adds the points of the squares at a distance of so many squares.
    fn ring(&self, lat: f64, lon: f64, (i, j): (usize, usize), ring: usize, found: &mut Vec<(f64, u32)>) {
        let width = 2 * ring + 1;
        for row in (j.saturating_sub(ring)..=j + ring).take_while(|row| *row < self.rows) {
            let edge = row.abs_diff(j) == ring;
            for k in 0..width {
                // Within the ring only the first and the last column.
                if !edge && k != 0 && k + 1 != width {
                    continue;
                }
                let column = (i + k + self.columns - ring) % self.columns;
                let square = row * self.columns + column;
                let (Some(&from), Some(&to)) = (self.starts.get(square), self.starts.get(square + 1)) else { continue };
                for point in self.points.get(from as usize..to as usize).unwrap_or_default() {
                    let (Some(a), Some(b)) = (self.lat.get(*point as usize), self.lon.get(*point as usize)) else {
                        continue;
                    };
                    let dlon = (b - lon).abs();
                    let (dlat, dlon) = ((a - lat).abs(), dlon.min(360.0 - dlon));
                    if dlat < REACH && dlon < REACH {
                        found.push((dlat * dlat + dlon * dlon, *point));
                    }
                }
            }
        }
    }
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates; NaN gives 0")]
fn whole(value: f64) -> usize {
    value as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_searched_so_often_as_is_asked() {
        let lat = (0..1000).map(|k| if k % 10 == 3 { 5.0 } else { 0.0 }).collect();
        let buckets = Buckets::new(lat, vec![7.0; 1000], 4);
        assert_eq!(buckets.points.len(), 8);
        let mut found = Vec::new();
        buckets.nearest(4.0, 7.0, 4, &mut found);
        assert_eq!(found, [(1.0, 3), (1.0, 13), (1.0, 23), (1.0, 33)]);
    }
}
