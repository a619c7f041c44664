//! Unpacking of bit streams whose tokens all have the same width.

#[cfg(all(feature = "std", target_arch = "x86_64"))]
mod avx2;
#[cfg(all(feature = "std", target_arch = "x86_64"))]
mod avx2_wide;
pub(crate) mod generic;

use crate::order::Order;

/// Fewest tokens for which computing the tables pays.
#[cfg(all(feature = "std", target_arch = "x86_64"))]
const SHORTEST: usize = 128;

/// Unpack tokens of `width` bits from byte `first` of a stream on, with vectors, and map each into `out`. Returns how many:
/// 0 if vectors are not worth it, or all but the last few. The caller unpacks the rest.
#[inline(always)]
pub(crate) fn unpack<O: Order, T>(
    stream: &[u8],
    first: usize,
    width: u32,
    out: &mut [T],
    map: impl Fn(u32) -> T + Copy,
) -> usize {
    #[cfg(all(feature = "std", target_arch = "x86_64"))]
    if out.len() >= SHORTEST && super::cpu::has_avx2() {
        // SAFETY: the processor has what the functions are compiled for.
        return unsafe {
            match width {
                ..=avx2::WIDEST => avx2::unpack::<O, T>(stream, first, width, out, map),
                _ => avx2_wide::unpack::<O, T>(stream, first, width, out, map),
            }
        };
    }
    let _ = (stream, first, width, out, map);
    0
}

/// Run a kernel, which takes a stream, the byte of its first token and where the tokens go, and returns how many it has
/// unpacked: first on the stream, then on its end. There the kernel would load bytes beyond the stream, so it gets a copy of
/// up to `PADDED` bytes, padded with zeros. Returns how many tokens were unpacked.
#[cfg(all(feature = "std", target_arch = "x86_64"))]
#[inline(always)]
fn with_padded_end<const PADDED: usize, T>(
    stream: &[u8],
    first: usize,
    width: u32,
    out: &mut [T],
    kernel: impl Fn(&[u8], usize, &mut [T]) -> usize,
) -> usize {
    let done = kernel(stream, first, out);
    // Kernels stop behind a multiple of eight tokens, which fill `width` bytes.
    let at = first + done / 8 * width as usize;
    let start = at & !3;
    let Some(rest) = stream.get(start..) else { return done };
    let mut padded = [0; PADDED];
    let n = rest.len().min(PADDED);
    padded[..n].copy_from_slice(&rest[..n]);
    done + kernel(&padded, at - start, &mut out[done..])
}

#[cfg(test)]
mod tests {
    use super::generic::GROUP;
    use super::*;
    use crate::bits::Words;
    use crate::order::{Big, Little};

    /// Tokens unpacked by each kernel from a stream that ends with the last of them, beside those read one by one.
    fn check<O: Order>(stream: &[u8], first: usize, width: u32, n: usize) {
        let bits = 8 * first + n * width as usize;
        let stream = &stream[..bits.div_ceil(32) * 4];
        let start = 8 * first as u64;
        let token = |i: usize| Words::<O>::new(stream).token(start + i as u64 * u64::from(width), width);
        let expected: Vec<u32> = (0..n).map(token).collect();
        let mut out = vec![0; n];
        let done = unpack::<O, u32>(stream, first, width, &mut out, |token| token);
        assert_eq!(out[..done], expected[..done], "{width} bits, {n} tokens from byte {first}");
        #[cfg(all(feature = "std", target_arch = "x86_64"))]
        if n >= SHORTEST && super::super::cpu::has_avx2() {
            let step = if width <= avx2::WIDEST { 16 } else { 8 };
            assert_eq!(done, n / step * step, "{width} bits, {n} tokens from byte {first}");
        }
        out.fill(0);
        let done = generic::unpack::<O>(stream, start, width, &mut out);
        let groups = if matches!(first, 0 | 3) { n / GROUP * GROUP } else { 0 };
        assert_eq!((done, &out[..done]), (groups, &expected[..groups]), "{width} bits, {n} tokens from byte {first}");
    }

    #[test]
    fn all_kernels_give_the_same_tokens_up_to_the_end_of_the_stream() {
        let stream: Vec<u8> = (0..1024_u32).map(|i| (i.wrapping_mul(0x9e37_79b9) >> 24).to_be_bytes()[3]).collect();
        for width in 1..=32 {
            for first in 0..4 {
                for n in (0..4).chain(30..34).chain(120..170) {
                    check::<Big>(&stream, first, width, n);
                    check::<Little>(&stream, first, width, n);
                }
            }
        }
    }
}
