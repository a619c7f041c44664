//! What the fuzz targets share.

use std::sync::LazyLock;

use rayon::{ThreadPool, ThreadPoolBuilder};

pub mod look;
pub mod recipe;

/// Run something where there are several threads, however many processors there are. (Fields of 4,096 elements are enough
/// for them, as everywhere where debug assertions are checked.)
pub fn on_several_threads<R: Send>(work: impl FnOnce() -> R + Send) -> R {
    static POOL: LazyLock<ThreadPool> =
        LazyLock::new(|| ThreadPoolBuilder::new().num_threads(3).build().expect("threads"));
    POOL.install(work)
}
