//! Work on the threads of the current rayon pool, compiled once: rayon's own code for each closure and type of result makes
//! programs larger by ten kilobytes and more.

#[cfg(feature = "rayon")]
use std::sync::Mutex;

/// What a function gives for the numbers below `count`, in their order. A call should be worth a lock.
#[cfg(feature = "rayon")]
pub(crate) fn map<T: Send>(count: usize, of: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let mut places = Vec::new();
    places.resize_with(count, || None);
    // One lock for all: a lock for each would be memory for each, and a second array when the results are taken out.
    let places = Mutex::new(places);
    each(count, &|number| {
        let result = of(number);
        if let Some(place) = places.lock().ok().as_mut().and_then(|places| places.get_mut(number)) {
            *place = Some(result);
        }
    });
    // A panic of `of` goes on in `each`: all results are there. They are collected where they are.
    places.into_inner().unwrap_or_default().into_iter().collect::<Option<_>>().unwrap_or_default()
}

#[cfg(feature = "rayon")]
fn each(count: usize, work: &(dyn Fn(usize) + Sync)) {
    use rayon::prelude::*;
    (0..count).into_par_iter().for_each(work);
}

/// What a function gives for the numbers below `count`, in their order.
#[cfg(not(feature = "rayon"))]
pub(crate) fn map<T>(count: usize, of: impl Fn(usize) -> T) -> Vec<T> {
    (0..count).map(of).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn results_are_in_order() {
        assert_eq!(super::map(1000, |number| number.to_string()), (0..1000).map(|n| n.to_string()).collect::<Vec<_>>());
        assert!(super::map(0, |number| number).is_empty());
    }
}
