//! Wide vectors where the processor has them: the only place with `unsafe`, which calls functions compiled for processors
//! with AVX2 after asking whether this is one.
//!
//! Loops over whole fields are written as plain functions with `#[inline(always)]` and called through [`wide!`]: the
//! compiler then makes two copies of each, one with the vectors that every processor has and one with wider ones. The
//! operations and their order are the same, and so are the results.

#![allow(unsafe_code, reason = "see above")]

#[cfg(all(feature = "std", target_arch = "x86_64"))]
mod pack;
#[cfg(all(feature = "std", target_arch = "x86_64"))]
mod tiles;
#[cfg(all(feature = "std", target_arch = "x86_64"))]
mod unpack;

use crate::bits::low32;
use crate::turbopack::parallelogram::Tiles;

/// Call a function that is `#[inline(always)]`, in the copy for this processor: `wide!(function; argument, argument)`.
macro_rules! wide {
    ($function:path; $($argument:ident),* $(,)?) => {
        $crate::simd::either(
            ($($argument,)*),
            #[inline(always)]
            |($($argument,)*)| $function($($argument),*),
            #[inline(always)]
            |($($argument,)*)| $function($($argument),*),
        )
    };
}
pub(crate) use wide;

/// Call `wide` in a function compiled for AVX2 if this processor has it, else `narrow`.
///
/// They are two so that each is called at one place, where it is inlined: only then the wider instructions are used.
#[inline(always)]
pub(crate) fn either<A, R>(arguments: A, wide: impl FnOnce(A) -> R, narrow: impl FnOnce(A) -> R) -> R {
    #[cfg(all(feature = "std", target_arch = "x86_64"))]
    if x86::available() {
        // SAFETY: the processor has what the function is compiled for.
        return unsafe { x86::with_avx2(arguments, wide) };
    }
    let _ = wide;
    narrow(arguments)
}

/// Unpack as many tokens of `width` bits as is quick, from byte `first` of a stream on. Returns how many that were.
#[inline(always)]
pub(crate) fn unpack<O: crate::bits::Order, T>(
    stream: &[u8],
    first: usize,
    width: u32,
    out: &mut [T],
    map: impl Fn(u32) -> T + Copy,
) -> usize {
    #[cfg(all(feature = "std", target_arch = "x86_64"))]
    if width <= unpack::WIDEST && out.len() >= unpack::SHORTEST && x86::available() {
        // SAFETY: the processor has what the function is compiled for.
        return unsafe { unpack::unpack::<O, T>(stream, first, width, out, map) };
    }
    let _ = (stream, first, width, out, map);
    0
}

/// What tokens are made of.
pub(crate) trait Number: Copy {
    /// The token.
    fn token(self) -> u32;
    /// The tokens of eight numbers.
    ///
    /// # Safety
    ///
    /// The processor has what [`available`](x86::available) asks for.
    #[cfg(all(feature = "std", target_arch = "x86_64"))]
    unsafe fn tokens(numbers: [Self; 8]) -> core::arch::x86_64::__m256i;
}

/// The token itself.
impl Number for u32 {
    #[inline(always)]
    fn token(self) -> u32 {
        self
    }

    #[cfg(all(feature = "std", target_arch = "x86_64"))]
    #[inline(always)]
    unsafe fn tokens(numbers: [Self; 8]) -> core::arch::x86_64::__m256i {
        bytemuck::cast(numbers)
    }
}

/// A number from 0 up to, and without, 2^31, whose integer part is the token.
impl Number for f64 {
    /// The sum with 2^52 has the nearest integer in its low bits, and is corrected if that lies above: this needs nothing but
    /// what every processor does with vectors of `f64`.
    #[inline(always)]
    fn token(self) -> u32 {
        const SHIFTER: f64 = 4_503_599_627_370_496.0;
        let shifted = self + SHIFTER;
        let upwards = u32::from(shifted - SHIFTER > self);
        low32(shifted.to_bits()).wrapping_sub(upwards)
    }

    #[cfg(all(feature = "std", target_arch = "x86_64"))]
    #[target_feature(enable = "avx2,bmi1,bmi2,lzcnt")]
    #[inline]
    unsafe fn tokens(numbers: [Self; 8]) -> core::arch::x86_64::__m256i {
        pack::truncate(numbers)
    }
}

/// Pack a token of `width` bits (up to 32, higher ones are cut off) for each value into `width` bytes for each eight of them,
/// most significant bit first, and write up to [`OVERHANG`] bytes of zeros more. The number of eights is even. Returns whether
/// that was done.
#[inline(always)]
pub(crate) fn pack<T: Copy, N: Number>(
    values: &[[T; 8]],
    width: u32,
    map: impl Fn(T) -> N + Copy,
    out: &mut [u8],
) -> bool {
    #[cfg(all(feature = "std", target_arch = "x86_64"))]
    if x86::available() {
        // SAFETY: the processor has what the function is compiled for.
        unsafe {
            pack::pack(
                values,
                width,
                #[inline(always)]
                |eight| N::tokens(eight.map(map)),
                out,
            );
        }
        return true;
    }
    let _ = (values, width, map, out);
    false
}

/// Unpack as many tiles as is quick; the others are what is left of `tiles` then.
#[inline(always)]
pub(crate) fn tiles(tiles: &mut Tiles<'_>) {
    #[cfg(all(feature = "std", target_arch = "x86_64"))]
    if x86::available() {
        // SAFETY: the processor has what the function is compiled for.
        unsafe { tiles::unpack(tiles) };
    }
    let _ = tiles;
}

/// Bytes that are stored at once.
pub(crate) const OVERHANG: usize = 16;

#[cfg(all(feature = "std", target_arch = "x86_64"))]
mod x86 {
    use core::sync::atomic::{AtomicU8, Ordering};

    /// What is known of this processor: nothing, that it lacks something, or that it has all.
    static KNOWN: AtomicU8 = AtomicU8::new(0);

    /// Whether this processor has what [`with_avx2`] needs. One load, once it is known.
    #[inline(always)]
    pub(super) fn available() -> bool {
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

    #[target_feature(enable = "avx2,bmi1,bmi2,lzcnt")]
    #[inline]
    pub(super) fn with_avx2<A, R>(arguments: A, function: impl FnOnce(A) -> R) -> R {
        function(arguments)
    }
}
