//! Vectorised loops over plain slices. They choose between AVX2 and the instructions that every processor has, at run time.
//!
//! Only this folder has `unsafe` code: it calls functions with `#[target_feature(enable = "avx2,...")]` after
//! [`cpu`] has detected these features. The functions themselves are safe.
//!
//! There are two ways to use AVX2:
//!
//! * Intrinsics. [`unpack()`], [`pack()`], [`Tiles`] and [`Extremes`] have a folder each: `mod.rs` dispatches, `generic.rs`
//!   (or `mod.rs` where it is short) is portable, `avx2.rs` has the intrinsics. NEON would be one more file in each.
//! * Autovectorisation. [`avx2_or_not!`] calls an `#[inline(always)]` function in one of two copies, of which one is compiled
//!   with AVX2 enabled. Both do the same operations in the same order, so results are equal bit for bit. Because everything
//!   called through the macro is compiled twice, it is for short loops only.

#![allow(unsafe_code, reason = "calls of functions with target features, after detecting these")]

mod cpu;
mod extremes;
pub(crate) mod pack;
mod tiles;
pub(crate) mod unpack;

pub(crate) use extremes::{Extremes, extremes_of_both};
pub(crate) use pack::{Number, pack};
pub(crate) use tiles::Tiles;
pub(crate) use unpack::unpack;

/// An array that starts a cache line: vectors stored to it never cross one.
#[repr(align(64))]
pub(crate) struct Aligned<T>(pub(crate) T);

/// Call an `#[inline(always)]` function in the copy for this processor: `avx2_or_not!(function; argument, argument)`.
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

/// Call `wide` from a function compiled with AVX2 if this processor has it, else `narrow`: [`avx2_or_not!`] passes the same
/// code twice.
///
/// Two closures are needed because a closure inherits the target features of its caller only if it is inlined there, and
/// LLVM inlines reliably what has one call site.
#[inline(always)]
pub(crate) fn either<A, R>(arguments: A, wide: impl FnOnce(A) -> R, narrow: impl FnOnce(A) -> R) -> R {
    #[cfg(all(feature = "std", target_arch = "x86_64"))]
    if cpu::has_avx2() {
        // SAFETY: the processor has what the function is compiled for.
        return unsafe { with_avx2(arguments, wide) };
    }
    let _ = wide;
    narrow(arguments)
}

#[cfg(all(feature = "std", target_arch = "x86_64"))]
#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt")]
#[inline]
fn with_avx2<A, R>(arguments: A, function: impl FnOnce(A) -> R) -> R {
    function(arguments)
}
