//! Encoders beside the slow models of the format, and fields whose size is the difficulty.
#![allow(clippy::float_cmp, reason = "exact values are the point")]

use crate::common::{decode, model, random};
use proptest::prelude::*;
use rpnfst_codecs::{Compression, DataType, Element, PackRequest, Payload, Rules, Shape, Stored, Threads, WordOrder};

/// The payload as words.
fn encode<T: Element>(
    values: &[T],
    code: u8,
    pack_bits: u8,
    ni: usize,
    compression: Compression,
) -> (Stored, Vec<u32>) {
    let nj = values.len() / ni;
    let shape = Shape { ni: ni.try_into().unwrap(), nj: nj.try_into().unwrap(), nk: 1 };
    let all = [WordOrder::Big, WordOrder::Little].map(|order| {
        let data_type = DataType::new(code);
        let packing = PackRequest {
            data_type,
            pack_bits,
            shape,
            order,
            rules: Rules::Like(rpnfst_codecs::Librmn::V19),
            compression,
            missing: None,
        };
        let mut bytes = Vec::new();
        let stored = packing.encode(values, Threads::One, &mut bytes).unwrap();
        let word = |bytes| if order == WordOrder::Big { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) };
        let packed = Payload { bytes: &bytes, order, data_type: stored.data_type, pack_bits, data_bits: 32, shape };
        let (read, _) = decode::<T>(&packed, Threads::One).unwrap();
        if stored.data_type.base() != rpnfst_codecs::BaseType::Ieee {
            assert!(read == values, "other values");
        }
        (stored, bytes.as_chunks().0.iter().map(|&bytes| word(bytes)).collect::<Vec<u32>>())
    });
    let [(stored, big), (_, little)] = all;
    assert_eq!(big, little, "the byte order makes a difference");
    (stored, big)
}

/// Tokens of a width, with every roughness from constant to noise.
fn fields() -> impl Strategy<Value = (Vec<u32>, usize, u32)> {
    (2_usize..40, 2_usize..40, 1_u32..=16, 0_u32..=16).prop_flat_map(|(ni, nj, width, roughness)| {
        let noise = proptest::collection::vec(any::<u32>(), ni * nj);
        noise.prop_map(move |noise| {
            let at = |k: usize| {
                let smooth = u32::try_from(3 * (k % ni) + 5 * (k / ni)).unwrap();
                let bits = roughness * u32::try_from(k % ni + 1).unwrap() / u32::try_from(ni).unwrap();
                (smooth + (noise[k] & ((1 << bits) - 1))) & ((1 << width) - 1)
            };
            ((0..ni * nj).map(at).collect(), ni, width)
        })
    })
}

/// Nothing to say in tiles of 7 by 7: the shortest payload for its elements that can be (found by fuzzing).
#[test]
fn constant_fields_at_their_shortest() {
    for n in 2..60 {
        for code in [130, 134] {
            if code == 134 {
                encode(&vec![1.5_f32; n * n], code, 1, n, Compression::Best);
            } else {
                encode(&vec![0_u32; n * n], code, 1, n, Compression::Best);
            }
        }
    }
}

/// Payload of type 130 with a stream, or `None` if it is too long.
fn payload_130(stream: &[u32], n: usize) -> Option<Vec<u32>> {
    let words = stream.len();
    let length = 2 * (5 + 4 * words).div_ceil(8);
    let mut payload = [&[u32::try_from(length).unwrap()], stream].concat();
    payload.resize(length, 0);
    (2 * words < n).then_some(payload)
}

proptest! {
    #[test]
    fn tokens_are_written_as_the_models_write_them((f, ni, width) in fields()) {
        let short: Vec<u16> = f.iter().map(|&token| u16::try_from(token).unwrap()).collect();
        let nj = f.len() / ni;
        let minimum = model::write_minimum(&short, ni, 5, width);
        let mut lorenzo = model::write_lorenzo(&short, ni, 3, width);
        if width >= 15 {
            // The model always takes wide codes; the format only if there are differences of 17 bits.
            let wide: Vec<u64> = f.iter().map(|&token| token.into()).collect();
            let at = |i: usize, j: usize| i64::from(f[j * ni + i]);
            let differences = (1..nj).flat_map(|j| (1..ni).map(move |i| (i, j)));
            let largest = differences.map(|(i, j)| (at(i, j) - at(i, j - 1) - at(i - 1, j) + at(i - 1, j - 1)).abs()).max().unwrap();
            let scheme = model::Scheme { field: if largest > 65535 { 5 } else { 4 }, ..model::turbo_scheme(3, width) };
            lorenzo = [vec![lorenzo[0]], model::write_parallelogram(&wide, ni, scheme).words()].concat();
        }
        let bits = u8::try_from(width).unwrap();
        let normal = if ni < 16 || nj < 16 || width <= 4 { &minimum } else { &lorenzo };
        for (compression, stream) in [(Compression::Fast, &minimum), (Compression::Normal, normal)] {
            let (stored, words) = encode(&f, 130, bits, ni, compression);
            if let Some(expected) = payload_130(stream, f.len()) {
                prop_assert_eq!((stored.data_type.code(), words), (130, expected));
            } else {
                prop_assert_eq!(stored.data_type.code(), 2);
            }
        }
        // Whatever is best is not longer than either.
        let (stored, words) = encode(&f, 130, bits, ni, Compression::Best);
        for stream in [&minimum, &lorenzo] {
            if let Some(payload) = payload_130(stream, f.len()) {
                prop_assert!(stored.data_type.is_turbo() && words.len() <= payload.len());
            }
        }
    }

    #[test]
    fn reals_are_written_as_the_model_writes_them(
        ni in 16_usize..40, nj in 16_usize..40, nbits in 9_u8..=32, kind in 0..5, seed in any::<u64>(),
    ) {
        let mut random = random(seed);
        let values: Vec<f32> = (0..ni * nj).map(|k| {
            let (i, j) = ((k % ni) as f32, (k / ni) as f32);
            match kind {
                0 => f32::from_bits(u32::try_from(random() >> 32).unwrap()),
                1 => 270.0 + i * 0.5 - j * 0.25,
                2 => -1.0 - i * 0.001,
                3 => (i - 20.0) * 0.01 + j * 1.0e-6,
                _ => if random().is_multiple_of(400) { -7.5 } else { 0.0 },
            }
        }).collect();
        let (stored, words) = encode(&values, 133, nbits, ni, Compression::Normal);
        let mut expected = model::write_ieee_turbo(&values, ni, nbits.into());
        if stored.data_type.is_turbo() {
            // What the model does not know: the lengths in front.
            let bytes = 4 * (expected.len() - 1);
            expected[0] = u32::try_from(2 * (16 + bytes).div_ceil(8)).unwrap();
            let length = expected.iter().position(|&word| word == 0xDEAD).unwrap();
            expected[length] = if expected[2] & 0x30 == 0x20 { expected[3] } else { 0 };
            expected.resize(expected[0] as usize, 0);
            prop_assert_eq!(words, expected);
        } else {
            prop_assert!(expected.len() * 32 > ni * nj * usize::from(nbits) * 9 / 10, "{} words given up", expected.len());
        }
    }
}

/// A stream is stored if it takes less than half a word per element: not one more, not one less.
#[test]
fn the_limit_is_exact() {
    let mut met = [0; 3];
    for tiles in 1..40_usize {
        for rough in 0..=tiles {
            // Rows of tiles of 5 x 5: differences of 14 bits in the first ones, of 13 in the others.
            let ni = 5 * tiles;
            let token = |k: usize| {
                let (tile, bits) = (k % ni / 5, if k % ni / 5 < rough { 14 } else { 13 });
                u32::try_from(tile + (k * 7919) % (1 << bits)).unwrap()
                    | if k < ni && k.is_multiple_of(5) { 0 } else { 1 << (bits - 1) }
            };
            let f: Vec<u32> = (0..5 * ni).map(token).collect();
            let short: Vec<u16> = f.iter().map(|&token| u16::try_from(token).unwrap()).collect();
            let words = model::write_minimum(&short, ni, 5, 16).len();
            let (stored, _) = encode(&f, 130, 16, ni, Compression::Fast);
            assert_eq!(stored.data_type.is_turbo(), 2 * words < f.len(), "{words} words, {} elements", f.len());
            if let Some(met) = (2 * words + 1).checked_sub(f.len()).and_then(|distance| met.get_mut(distance)) {
                *met += 1;
            }
        }
    }
    assert!(met.iter().all(|&met| met > 0), "{met:?}");
}

/// Long runs of signs, so that the repetition code is there.
#[test]
fn sign_runs() {
    for (start, end) in [(100, 2100), (0, 62), (3, 3600), (1, 320), (7, 8), (50, 50 + 62 + 256), (50, 50 + 62 + 257)] {
        let mut values = vec![1.0_f32; 3600];
        values[start..end].fill(-1.0);
        values[2105] = -1.0;
        let (stored, words) = encode(&values, 133, 16, 60, Compression::Normal);
        assert_eq!(stored.data_type.code(), 133);
        let expected = model::write_ieee_turbo(&values, 60, 16);
        // Up to the word that repeats a length.
        let signs = expected[3] as usize / 4 + 4;
        assert_eq!(words[1..signs], expected[1..signs], "{start} {end}");
    }
}

/// More elements than the short header can count, in a few shapes that are hard on buffers.
#[test]
fn large_and_thin_fields() {
    for (ni, nj) in [(1_usize << 19, 3_usize), (2, 600_000), (3, 400_000), (1_200_000, 1), (1100, 1000)] {
        let n = ni * nj;
        let values: Vec<f32> = (0..n).map(|k| ((k % ni) % 1000 + (k / ni) % 500) as f32).collect();
        for (code, bits) in [(129, 16), (134, 16), (1, 20), (6, 16), (133, 32)] {
            let shape = Shape { ni: ni.try_into().unwrap(), nj: nj.try_into().unwrap(), nk: 1 };
            let packing = PackRequest {
                data_type: DataType::new(code),
                pack_bits: bits,
                shape,
                order: WordOrder::Little,
                rules: Rules::Recommended,
                compression: Compression::Normal,
                missing: None,
            };
            let mut bytes = Vec::new();
            let stored = packing.encode(&values, Threads::One, &mut bytes).unwrap();
            if code == 129 && stored.data_type.is_turbo() {
                let count = u32::from_le_bytes(bytes[4..8].try_into().unwrap()) & 0xF_FFFF;
                assert_eq!(u64::from(count) | u64::from(bytes[16]) << 20, n as u64);
            }
            let packed = Payload {
                bytes: &bytes,
                order: WordOrder::Little,
                data_type: stored.data_type,
                pack_bits: stored.pack_bits,
                data_bits: stored.data_bits,
                shape,
            };
            let (read, _) = decode::<f32>(&packed, Threads::One).unwrap();
            let worst = values.iter().zip(&read).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
            assert!(worst <= if code == 133 { 0.0 } else { 0.05 }, "{code} {ni} x {nj}: {worst}");
        }
    }
}

#[test]
fn large_integers_in_thin_fields() {
    for (ni, nj) in [(100_000, 2), (2, 100_000)] {
        let values: Vec<u32> = (0..200_000_u32).map(|k| k % 97 * 600 + (k >> 12)).collect();
        for compression in [Compression::Fast, Compression::Normal, Compression::Best] {
            encode(&values, 130, 16, ni, compression);
        }
        assert_eq!(values.len(), ni * nj);
    }
}
