//! Sources without columns and rows: clouds, stations, meshes.

use std::borrow::Cow;

use crate::interp::Degree;
use crate::interp::layout::small;
use crate::sphere::mod360;
use crate::{Error, Geometry, Grid, InTriangle, Mesh, Neighbour, PointIndex, Result, parallel};

use super::buckets::Buckets;
use super::options::{Extrapolation, Options};
use super::places::{Odd, Places};
use super::{Plan, check_length};

/// Neighbours that take part in an inverse distance.
const NEIGHBOURS: usize = 16;

/// For each point the same number of values of the source, and their weights.
type Weights = (Vec<u32>, Vec<f64>);

/// Positions that one call computes.
const CHUNK: usize = 512;

/// The plan to points, from a cloud, a station or a mesh.
pub(crate) fn plan(source: &Grid, lat: &[f64], lon: &[f64], degree: Degree, options: &Options) -> Result<Plan> {
    check_length("longitudes", lon.len(), lat.len())?;
    match (source.geometry(), degree) {
        (Geometry::Mesh(mesh), Degree::Nearest | Degree::Linear) => on_mesh(source, mesh, lat, lon, degree, options),
        (_, Degree::Nearest) => {
            let (from_lat, from_lon) = source.points();
            let points = PointIndex::new(&from_lat, &from_lon)?;
            let nearest = points.nearest_all(lat, lon)?;
            let place = |at: usize| Some((*from_lat.get(at)?, *from_lon.get(at)?));
            let beyond = parallel::map(nearest.len(), |k| {
                let found = nearest.get(k).and_then(Option::as_ref);
                found.is_some_and(|found| is_beyond(&points, found, place(found.index)))
            });
            let kept = !beyond.contains(&true) || options.extrapolation.nearest_point(degree, source.letter())?;
            let index = nearest.iter().zip(&beyond).map(|(found, beyond)| match found {
                Some(found) if kept || !*beyond => number(found.index),
                _ => u32::MAX,
            });
            let index: Vec<u32> = index.collect();
            let outside = nearest.iter().zip(&beyond).filter(|(found, beyond)| found.is_none() || **beyond).count();
            let weight = vec![1.0; index.len()];
            Ok(fixed(source, 1, (index, weight), outside, options))
        }
        _ => Err(Error::Unsupported { letter: char::from(source.letter()), what: "interpolation of this degree" }),
    }
}

/// Whether a position is outside of a cloud: farther from its nearest point than the fourth neighbour of that one is. Clouds of a
/// single place have no outside.
fn is_beyond(points: &PointIndex, nearest: &Neighbour, place: Option<(f64, f64)>) -> bool {
    // The first one found is the point itself.
    const FOUND: usize = 5;
    let Some((lat, lon)) = place else { return false };
    let around = points.nearest_several(lat, lon, FOUND);
    let spacing = around.last().map_or(0.0, |last| last.distance);
    spacing > 0.0 && nearest.distance > spacing
}

/// The corners of the triangle around each point, with their weights; for the nearest degree, the corner with the
/// largest one. Outside of all triangles, the nearest corner of any.
fn on_mesh(source: &Grid, mesh: &Mesh, lat: &[f64], lon: &[f64], degree: Degree, options: &Options) -> Result<Plan> {
    let count = if degree == Degree::Nearest { 1 } else { 3 };
    let corners = parallel::map(lat.len(), |k| {
        let (lat, lon) = (lat.get(k).copied()?, lon.get(k).copied()?);
        let InTriangle { nodes, weights, .. } = mesh.triangle_at(lat, lon)?;
        let nodes = nodes.map(number);
        if degree == Degree::Linear {
            return Some((nodes, weights));
        }
        let largest = nodes.iter().zip(&weights).max_by(|a, b| a.1.total_cmp(b.1))?;
        Some(([*largest.0; 3], [1.0; 3]))
    });
    let mut index = Vec::with_capacity(count * lat.len());
    let mut weight = Vec::with_capacity(count * lat.len());
    for corner in corners {
        let (nodes, weights) = corner.unwrap_or(([u32::MAX; 3], [0.0; 3]));
        index.extend(nodes.iter().take(count));
        weight.extend(weights.iter().take(count));
    }
    let mut weights = (index, weight);
    let index = || Cow::Borrowed(mesh.nodes());
    let outside = fill_outside((&mut weights, count), lat, lon, |to| to.nearest_point(degree, b'M'), options, index)?;
    Ok(fixed(source, count, weights, outside, options))
}

/// Gives points without any value of the source the nearest one, if that is asked for, and says how many such points there are.
fn fill_outside<'a>(
    (weights, count): (&mut Weights, usize),
    lat: &[f64],
    lon: &[f64],
    wanted: impl FnOnce(Extrapolation) -> Result<bool>,
    options: &Options,
    index: impl FnOnce() -> Cow<'a, PointIndex>,
) -> Result<usize> {
    let none = weights.0.chunks(count).enumerate().filter(|(_, index)| index.iter().all(|i| *i == u32::MAX));
    let places =
        none.map(|(k, _)| (k, lat.get(k).copied().unwrap_or(f64::NAN), lon.get(k).copied().unwrap_or(f64::NAN)));
    let outside: Vec<(usize, f64, f64)> = places.collect();
    let somewhere = outside.iter().any(|(_, lat, lon)| lat.is_finite() && lon.is_finite());
    if somewhere && wanted(options.extrapolation)? {
        let points = index();
        let found =
            parallel::map(outside.len(), |n| outside.get(n).and_then(|(_, lat, lon)| points.nearest(*lat, *lon)));
        for ((k, ..), found) in outside.iter().zip(found) {
            if let (Some(found), Some(index), Some(weight)) =
                (found, weights.0.get_mut(k * count), weights.1.get_mut(k * count))
            {
                (*index, *weight) = (number(found.index), 1.0);
            }
        }
    }
    Ok(outside.len())
}

/// The inverse squares of the distances in degrees to the nearest points, as ezscint weights clouds. A point outside the box
/// of the cloud in longitude and latitude, or with no neighbour within 10 degrees, is outside. The formula itself needs only the
/// neighbours.
pub(crate) fn inverse_distance(source: &Grid, lat: &[f64], lon: &[f64], options: &Options) -> Result<Plan> {
    check_length("longitudes", lon.len(), lat.len())?;
    let (from_lat, from_lon) = source.points();
    if from_lat.len() != from_lon.len() || u32::try_from(from_lat.len()).is_err() {
        return Err(Error::Length { what: "longitudes", found: from_lon.len(), expected: from_lat.len() });
    }
    let buckets = Buckets::new(from_lat, from_lon.into_iter().map(mod360).collect(), NEIGHBOURS);
    let [south, north, west, east] = buckets.bounds;
    let unbounded = options.extrapolation == Extrapolation::Neutral;
    let mut pairs = vec![(u32::MAX, 0.0); NEIGHBOURS * lat.len()];
    parallel::rows(&mut pairs, NEIGHBOURS * CHUNK, |row, pairs| {
        let mut found = Vec::new();
        let places = lat.iter().zip(lon).skip(row * CHUNK);
        for (pairs, (lat, lon)) in pairs.chunks_mut(NEIGHBOURS).zip(places) {
            let lon = mod360(*lon);
            let inside = (south..=north).contains(lat) && (west..=east).contains(&lon);
            if !(inside || (unbounded && lat.is_finite() && lon.is_finite())) {
                continue;
            }
            buckets.nearest(*lat, lon, NEIGHBOURS, &mut found);
            let total: f64 = found.iter().map(|(d2, _)| 1.0 / d2.max(1e-10)).sum();
            for (pair, (d2, point)) in pairs.iter_mut().zip(&found) {
                *pair = (*point, 1.0 / d2.max(1e-10) / total);
            }
        }
    });
    let mut weights: Weights = pairs.into_iter().unzip();
    let index = || {
        let (lat, lon) = source.points();
        Cow::Owned(PointIndex::of_finite(&lat, &lon))
    };
    let wanted = |to: Extrapolation| Ok(!unbounded && to.nearest_point(Degree::Linear, source.letter())?);
    let outside = fill_outside((&mut weights, NEIGHBOURS), lat, lon, wanted, options, index)?;
    Ok(fixed(source, NEIGHBOURS, weights, outside, options))
}

fn fixed(source: &Grid, count: usize, (index, weight): Weights, outside: usize, options: &Options) -> Plan {
    let points = index.len() / count;
    let odd = Odd { outside, ..Odd::new(options.extrapolation) };
    let places = Places::Fixed { count, index, weight };
    let mut plan = Plan::new(Vec::new(), places, odd, Degree::Linear, points, points, options);
    plan.source_len = source.len();
    plan
}

fn number(index: usize) -> u32 {
    u32::try_from(small(index)).unwrap_or(u32::MAX)
}
