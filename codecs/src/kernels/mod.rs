//! Loops with wide vectors where the processor has them, over plain slices: the only place with `unsafe`, which calls
//! functions compiled for processors with AVX2 after asking whether this is one.
//!
//! [`unpack()`], [`pack()`] and [`Tiles`] have a folder each: `mod.rs` chooses, `generic.rs` is for any processor, `avx2.rs`
//! is written with its vectors. Another processor would have another file there.
//!
//! Other loops are plain functions with `#[inline(always)]`, called through [`avx2_or_not!`]: the compiler then makes two copies of
//! each, one with the vectors that every processor has and one with wider ones. The operations and their order are the same,
//! and so are the results. Only short loops are called so: whatever is called through it is compiled twice.

#![allow(unsafe_code, reason = "see above")]

mod cpu;
mod extremes;
pub(crate) mod pack;
mod tiles;
pub(crate) mod unpack;

pub(crate) use extremes::{Extremes, extremes_of_both};
pub(crate) use pack::{Number, pack};
pub(crate) use tiles::Tiles;
pub(crate) use unpack::unpack;

/// Call a function that is `#[inline(always)]`, in the copy for this processor: `avx2_or_not!(function; argument, argument)`.
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

/// Call `wide` in a function compiled for AVX2 if this processor has it, else `narrow`.
///
/// They are two so that each is called at one place, where it is inlined: only then the wider instructions are used.
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
