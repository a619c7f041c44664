//! Loops over a row, compiled twice: with AVX2, and for every processor.
//!
//! Only this file has `unsafe` code: it calls a function with `#[target_feature(enable = "avx2,...")]` after these features were
//! detected. Both copies do the same operations in the same order, none of them fused, so that results are equal bit for bit.

#![allow(unsafe_code, reason = "calls of functions with target features, after detecting these")]

/// Calls an `#[inline(always)]` function in the copy for this processor: `avx2_or_not!(function; argument, argument)`.
///
/// Everything that the function calls should be `#[inline(always)]` as well: what is not is compiled once, without AVX2.
macro_rules! avx2_or_not {
    ($function:path; $($argument:ident),* $(,)?) => {
        $crate::kernels::either(
            ($($argument,)*),
            #[inline(always)]
            |($($argument,)*)| $function($($argument),*),
            #[inline(always)]
            |($($argument,)*)| $function($($argument),*),
        )
    };
}
pub(crate) use avx2_or_not;

/// Calls `wide` from a function compiled with AVX2 if this processor has it, else `narrow`: [`avx2_or_not!`] passes the same code
/// twice, because a closure inherits the target features of its caller only where it is inlined.
#[inline(always)]
pub(crate) fn either<A, R>(arguments: A, wide: impl FnOnce(A) -> R, narrow: impl FnOnce(A) -> R) -> R {
    #[cfg(target_arch = "x86_64")]
    if has_avx2() {
        // SAFETY: the processor has what the function is compiled for.
        return unsafe { with_avx2(arguments, wide) };
    }
    let _ = wide;
    narrow(arguments)
}

/// What was detected is kept by the standard library.
#[cfg(target_arch = "x86_64")]
#[inline]
fn has_avx2() -> bool {
    is_x86_feature_detected!("avx2") && is_x86_feature_detected!("bmi1") && is_x86_feature_detected!("bmi2")
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,bmi1,bmi2")]
#[inline]
fn with_avx2<A, R>(arguments: A, function: impl FnOnce(A) -> R) -> R {
    function(arguments)
}

/// Asks for the cache line of a value, which is wanted soon; no value there: nothing happens.
#[inline(always)]
pub(crate) fn prefetch<T>(values: &[T], at: usize) {
    #[cfg(target_arch = "x86_64")]
    if let Some(value) = values.get(at) {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        // SAFETY: it reads nothing, and SSE is there on each processor of 64 bits.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(std::ptr::from_ref(value).cast()) };
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = (values, at);
}
