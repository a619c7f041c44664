//! Detection of AVX2, cached in one atomic.
#![cfg(all(feature = "std", target_arch = "x86_64"))]

use core::sync::atomic::{AtomicU8, Ordering};

/// 0: not asked yet. 1: a feature is missing. 2: all are there.
static KNOWN: AtomicU8 = AtomicU8::new(0);

/// Whether this processor has AVX2, BMI1, BMI2 and LZCNT. After the first call it is one relaxed load.
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
