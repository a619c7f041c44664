//! Extremes with AVX2.

use core::arch::x86_64::{
    __m256, __m256d, _mm256_castps128_ps256, _mm256_cvtpd_ps, _mm256_insertf128_ps, _mm256_max_pd, _mm256_max_ps,
    _mm256_min_pd, _mm256_min_ps, _mm256_or_pd, _mm256_or_ps, _mm256_setzero_pd, _mm256_setzero_ps, _mm256_sub_pd,
    _mm256_sub_ps,
};

use bytemuck::cast;

/// Values per step.
pub(super) const TOGETHER: usize = 32;

/// Defines the function for one element type, one result type and one vector type. `$split` turns a chunk into vectors.
macro_rules! extremes {
    ($name:ident, $from:ty, $to:ty, $vector:ty, $vectors:literal, $split:expr,
     $zero:ident, $min:ident, $max:ident, $sub:ident, $or:ident) => {
        /// Minimum and maximum of all chunks; `None` if a value is infinite or NaN, or if there are no chunks.
        #[target_feature(enable = "avx2,bmi1,bmi2,lzcnt")]
        pub(super) fn $name(chunks: &[[$from; TOGETHER]]) -> Option<($to, $to)> {
            const N: usize = $vectors;
            let first: [$vector; N] = $split(*chunks.first()?);
            let (mut low, mut high) = (first, first);
            // x - x is zero if x is finite, else NaN.
            let mut differences = [$zero(); N];
            for chunk in chunks {
                let vectors: [$vector; N] = $split(*chunk);
                for (i, vector) in vectors.into_iter().enumerate() {
                    low[i] = $min(vector, low[i]);
                    high[i] = $max(vector, high[i]);
                    differences[i] = $or(differences[i], $sub(vector, vector));
                }
            }
            let numbers = |vectors: [$vector; N]| {
                vectors.into_iter().flat_map(|vector| cast::<_, [$to; 32 / size_of::<$to>()]>(vector))
            };
            if numbers(differences).any(|difference| difference.to_bits() != 0) {
                return None;
            }
            let low = numbers(low).reduce(|a, b| if b < a { b } else { a })?;
            let high = numbers(high).reduce(|a, b| if b > a { b } else { a })?;
            Some((low, high))
        }
    };
}

extremes!(
    of_f32,
    f32,
    f32,
    __m256,
    4,
    cast::<[f32; TOGETHER], [__m256; 4]>,
    _mm256_setzero_ps,
    _mm256_min_ps,
    _mm256_max_ps,
    _mm256_sub_ps,
    _mm256_or_ps
);
extremes!(
    of_f64,
    f64,
    f64,
    __m256d,
    8,
    cast::<[f64; TOGETHER], [__m256d; 8]>,
    _mm256_setzero_pd,
    _mm256_min_pd,
    _mm256_max_pd,
    _mm256_sub_pd,
    _mm256_or_pd
);
extremes!(
    of_f64_as_f32,
    f64,
    f32,
    __m256,
    4,
    rounded,
    _mm256_setzero_ps,
    _mm256_min_ps,
    _mm256_max_ps,
    _mm256_sub_ps,
    _mm256_or_ps
);

#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt")]
#[inline]
fn rounded(values: [f64; TOGETHER]) -> [__m256; 4] {
    cast::<[f64; TOGETHER], [[__m256d; 2]; 4]>(values)
        .map(|[low, high]| _mm256_insertf128_ps(_mm256_castps128_ps256(_mm256_cvtpd_ps(low)), _mm256_cvtpd_ps(high), 1))
}
