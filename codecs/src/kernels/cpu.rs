//! What this processor can do.
#![cfg(all(feature = "std", target_arch = "x86_64"))]

use core::sync::atomic::{AtomicU8, Ordering};

/// What is known of this processor: nothing, that it lacks something, or that it has all.
static KNOWN: AtomicU8 = AtomicU8::new(0);

/// Whether this processor has AVX2 and what comes with it. One load, once that is known.
#[inline(always)]
pub(super) fn has_avx2() -> bool {
    match KNOWN.load(Ordering::Relaxed) {
        0 => ask(),
        known => known == 2,
    }
}

#[cold]
fn ask() -> bool {
    let available = is_x86_feature_detected!("avx2")
        && is_x86_feature_detected!("bmi1")
        && is_x86_feature_detected!("bmi2")
        && is_x86_feature_detected!("lzcnt");
    KNOWN.store(if available { 2 } else { 1 }, Ordering::Relaxed);
    available
}
