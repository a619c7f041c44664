//! Dimensions.

use crate::rng::Rng;

/// ni, nj, nk with at most `most` points; `flat` keeps nk at 1.
pub(crate) fn random_shape(rng: &mut Rng, flat: bool, most: usize) -> [i32; 3] {
    let kind = rng.int(0, 9);
    let [ni, nj, nk] = match kind {
        0 => [spread(rng, 400), 1, 1],
        1 => [1, spread(rng, 400), 1],
        2 | 3 if !flat => [spread(rng, 40), spread(rng, 40), spread(rng, 12)],
        // Around the limit of the parallelogram predictor and of type 133.
        4 => [rng.size(14, 18), rng.size(14, 18), 1],
        5 => [spread(rng, 20), spread(rng, 20), 1],
        6 => [spread(rng, 300), rng.size(16, 24), 1],
        _ => [rng.size(16, 90), rng.size(16, 90), 1],
    };
    let ni = ni.min(most.max(1));
    let nj = nj.min((most / ni).max(1));
    let nk = nk.min((most / (ni * nj)).max(1));
    [ni, nj, nk].map(|n| i32::try_from(n).unwrap_or(1))
}

/// From 1 to `most`, small numbers more often.
fn spread(rng: &mut Rng, most: usize) -> usize {
    let limit = rng.size(1, most);
    rng.size(1, limit)
}
