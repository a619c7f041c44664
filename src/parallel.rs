//! Work on the threads of the current rayon pool, compiled once: rayon's own code for each closure and type of result makes
//! programs larger by ten kilobytes and more.

#[cfg(feature = "rayon")]
use std::sync::Mutex;

/// What a function gives for the numbers below `count`, in their order. A call should be worth a lock.
#[cfg(feature = "rayon")]
pub(crate) fn map<T: Send>(count: usize, of: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let results: Vec<Mutex<Option<T>>> = (0..count).map(|_| Mutex::new(None)).collect();
    each(count, &|number| {
        let result = of(number);
        if let Some(Ok(mut place)) = results.get(number).map(Mutex::lock) {
            *place = Some(result);
        }
    });
    // A panic of `of` goes on in `each`: all results are there.
    results.into_iter().filter_map(|result| result.into_inner().ok().flatten()).collect()
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
