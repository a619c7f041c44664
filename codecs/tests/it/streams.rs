//! The compressed streams against slow models written from their definition (`common/model.rs`).

use crate::common::model::{self, Reader, Scheme};
use crate::common::{decode, on_several_threads, random};
use proptest::prelude::*;
use rpnfst_codecs::{DataType, DecodeError, Payload, Shape, Threads, WordOrder};

fn bytes(words: &[u32], order: WordOrder) -> Vec<u8> {
    match order {
        WordOrder::Big => words.iter().flat_map(|word| word.to_be_bytes()).collect(),
        WordOrder::Little => words.iter().flat_map(|word| word.to_le_bytes()).collect(),
    }
}

/// Decode a payload as 16-bit tokens, in both byte orders.
fn tokens(stream: &[u32], ni: usize, nj: usize, threads: Threads) -> Result<Vec<u16>, DecodeError> {
    let words = [&[0], stream].concat();
    let shape = Shape { ni: ni.try_into().unwrap(), nj: nj.try_into().unwrap(), nk: 1 };
    let results = [WordOrder::Big, WordOrder::Little].map(|order| {
        let data_type = DataType::UNSIGNED_TURBO;
        let packed = Payload { bytes: &bytes(&words, order), order, data_type, pack_bits: 16, data_bits: 16, shape };
        decode::<u16>(&packed, threads).map(|(values, _)| values)
    });
    assert_eq!(results[0], results[1], "the byte order makes a difference");
    let [result, _] = results;
    result
}

fn reals(words: &[u32], ni: usize, nj: usize, nbits: u8, threads: Threads) -> Result<Vec<u32>, DecodeError> {
    let shape = Shape { ni: ni.try_into().unwrap(), nj: nj.try_into().unwrap(), nk: 1 };
    let results = [WordOrder::Big, WordOrder::Little].map(|order| {
        let data_type = DataType::IEEE_TURBO;
        let packed = Payload { bytes: &bytes(words, order), order, data_type, pack_bits: nbits, data_bits: 32, shape };
        decode::<f32>(&packed, threads).map(|(values, _)| values.into_iter().map(f32::to_bits).collect::<Vec<_>>())
    });
    assert_eq!(results[0], results[1], "the byte order makes a difference");
    let [result, _] = results;
    result
}

/// Tokens of a width, with every roughness from constant to noise.
fn fields() -> impl Strategy<Value = (Vec<u16>, usize, u32)> {
    (1_usize..40, 1_usize..40, 1_u32..=16, 0_u32..=16).prop_flat_map(|(ni, nj, width, roughness)| {
        let noise = proptest::collection::vec(any::<u16>(), ni * nj);
        noise.prop_map(move |noise| {
            let at = |k: usize| {
                let smooth = u32::try_from(3 * (k % ni) + 5 * (k / ni)).unwrap();
                // The roughness differs from left to right, so that tiles of all widths are neighbours.
                let bits = roughness * u32::try_from(k % ni + 1).unwrap() / u32::try_from(ni).unwrap();
                let token = smooth + (u32::from(noise[k]) & ((1 << bits) - 1));
                u16::try_from(token & ((1 << width) - 1)).unwrap()
            };
            ((0..ni * nj).map(at).collect(), ni, width)
        })
    })
}

proptest! {
    #[test]
    fn what_the_models_write_is_read((f, ni, width) in fields(), step in 1_usize..=7) {
        let nj = f.len() / ni;
        for step in [3, 5, step] {
            let minimum = model::write_minimum(&f, ni, step, width);
            prop_assert_eq!(model::read_minimum(&minimum, ni, nj), Some(f.clone()));
            prop_assert_eq!(tokens(&minimum, ni, nj, Threads::One), Ok(f.clone()));
            let lorenzo = model::write_lorenzo(&f, ni, step, width);
            prop_assert_eq!(model::read_lorenzo(&lorenzo, ni, nj), Some(f.clone()));
            prop_assert_eq!(tokens(&lorenzo, ni, nj, Threads::One), Ok(f.clone()));
            // The stream ends where it ends: without its last word it is refused.
            for stream in [minimum, lorenzo] {
                prop_assert!(tokens(&stream[..stream.len() - 1], ni, nj, Threads::One).is_err());
            }
        }
    }

    /// Random bits: values that no writer makes wrap around, codes that do not exist are refused.
    #[test]
    fn random_streams_are_read_as_the_models_read_them(
        ni in 1_usize..40, nj in 1_usize..40, width in 1_u32..=16, step in prop_oneof![Just(3), Just(5), 1_u32..=7],
        words in proptest::collection::vec(any::<u32>(), 1..900), five in proptest::bool::weighted(0.1), and in any::<u32>(),
        or in any::<bool>(),
    ) {
        // Fewer one bits give smaller tiles.
        let mut stream: Vec<u32> = words.iter().map(|word| if or { *word } else { word & and.rotate_left(word % 32) }).collect();
        for predictor in [3, 4] {
            stream[0] = predictor | step << 7 | width << 10;
            if predictor == 4 && stream.len() > 1 {
                stream[1] = stream[1] & 0x1FFF_FFFF | if five { 0xA000_0000 } else { 0x8000_0000 };
            }
            let expected = match predictor {
                3 => model::read_minimum(&stream, ni, nj),
                _ => model::read_lorenzo(&stream, ni, nj),
            };
            let found = tokens(&stream, ni, nj, Threads::One);
            // Short payloads are refused by the plausibility check already.
            if ni * nj <= 160 * (stream.len() + 1) {
                prop_assert_eq!(found.ok(), expected);
            } else {
                prop_assert!(found.is_err());
            }
        }
    }

    #[test]
    fn reals_that_the_model_writes_are_read(
        ni in 16_usize..40, nj in 16_usize..40, nbits in 9_u8..=32, kind in 0..5, seed in any::<u64>(),
    ) {
        let mut random = random(seed);
        let values: Vec<f32> = (0..ni * nj).map(|k| {
            let (i, j) = ((k % ni) as f32, (k / ni) as f32);
            let noise = f32::from_bits(u32::try_from(random() >> 32).unwrap());
            match kind {
                0 => noise,
                1 => 270.0 + i * 0.5 - j * 0.25,
                2 => -1.0 - noise.abs().min(1.0),
                3 => (i - 20.0) * 0.01 + j * 1.0e-6,
                _ => if random().is_multiple_of(400) { -7.5 } else { 0.0 },
            }
        }).collect();
        let words = model::write_ieee_turbo(&values, ni, nbits.into());
        let keep = u32::MAX << (32 - u32::from(nbits));
        let expected: Vec<u32> = values.iter().map(|value| value.to_bits() & keep).collect();
        prop_assert_eq!(reals(&words, ni, nj, nbits, Threads::One), Ok(expected));
        prop_assert!(reals(&words[..words.len() - 2], ni, nj, nbits, Threads::One).is_err());
    }

    /// Random mantissas: sums beyond the width reach into the exponent, codes that do not exist are refused.
    #[test]
    fn random_mantissas_are_read_as_the_model_reads_them(
        ni in 16_usize..30, nj in 16_usize..30, width in 0_u32..=23, mut words in proptest::collection::vec(any::<u32>(), 800),
        limit in 1_u32..=31,
    ) {
        words[0] = words[0] & 0x1FFF_FFFF | 0xA000_0000;
        // Most codes small, so that some streams are well-formed to the end.
        words.iter_mut().skip(1).for_each(|word| if *word % 32 > limit { *word = 0 });
        let stream = [&[0, 0x0008_8195 + (width << 10), 0x007F_0000, 0][..], &words].concat();
        let mut reader = Reader { words: &words, at: 0 };
        let scheme = Scheme { step: 3, width, field: 5, exception: false, limit: u64::from(width) + 1 };
        let expected = model::read_parallelogram(&mut reader, ni, nj, scheme).map(|mantissas| {
            let bits = |mantissa| 0x3F80_0000 | mantissa << (23 - width);
            mantissas.into_iter().map(bits).collect::<Vec<u32>>()
        });
        prop_assert_eq!(reals(&stream, ni, nj, 32, Threads::One).ok(), expected);
    }
}

/// Codes that are never written but defined.
#[test]
fn rare_codes_of_compressed_reals() {
    let (ni, nj) = (17, 16);
    let header = |width: u32, codes: u32| [0, 0x0008_8195 + (width << 10), 0x007F_0000 | codes];
    let values: Vec<u32> = (0..ni * nj).map(|k| u32::try_from(k * 7919).unwrap() & 0x7FF).collect();
    let expected: Vec<u32> = values.iter().map(|value| 0x3F80_0000 | value << 12).collect();
    // Plain mantissas of 11 bits.
    let mut bits = model::Bits::default();
    for &value in &values {
        bits.put(value.into(), 11);
    }
    let plain = [&header(11, 1)[..], &[0], &bits.words()].concat();
    assert_eq!(reals(&plain, ni, nj, 20, Threads::One), Ok(expected.clone()));
    assert!(reals(&plain[..plain.len() - 1], ni, nj, 20, Threads::One).is_err());
    // Plain mantissas of no bits, all signs negative.
    let empty = [&header(0, 0x11)[..], &[0]].concat();
    assert_eq!(reals(&empty, ni, nj, 9, Threads::One), Ok(vec![0xBF80_0000; ni * nj]));
    // Codes that do not exist.
    for codes in [2, 3, 4] {
        let stream = [&header(11, codes)[..], &plain[3..]].concat();
        assert!(reals(&stream, ni, nj, 20, Threads::One).is_err(), "codes {codes}");
    }
    // The sign code 0x30 is read like 0x20, the exponent code 0x0C like 0x08.
    let noisy: Vec<f32> = (0..256).map(|k| if k % 5 < 2 { -3.0 } else { k as f32 }).collect();
    let mut stream = model::write_ieee_turbo(&noisy, 16, 32);
    let usual = reals(&stream, 16, 16, 32, Threads::One);
    assert_eq!(stream[2] & 0x3C, 0x28);
    stream[2] |= 0x14;
    assert_eq!(reals(&stream, 16, 16, 32, Threads::One), usual);
    assert_eq!(usual.unwrap(), noisy.iter().map(|value| value.to_bits()).collect::<Vec<_>>());
}

/// Long runs, so that the repetition code is there, and the errors around it.
#[test]
fn sign_runs() {
    let (ni, nj) = (60, 60);
    let mut values = vec![1.0_f32; ni * nj];
    values[100..2100].fill(-1.0);
    values[2105] = -1.0;
    let words = model::write_ieee_turbo(&values, ni, 16);
    assert!(words[4..12].iter().any(|word| word.to_be_bytes().contains(&0xFF)), "no repetition");
    let bits: Vec<u32> = values.iter().map(|value| value.to_bits()).collect();
    assert_eq!(reals(&words, ni, nj, 16, Threads::One).as_ref(), Ok(&bits));
    let damaged = |byte: u32| {
        let mut words = words.clone();
        words[4] = words[4] & 0x00FF_FFFF | byte << 24;
        match reals(&words, ni, nj, 16, Threads::One) {
            Err(DecodeError::SignRun { bit, reason, .. }) => (bit, reason),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(damaged(0x80), (128, "empty run"));
    assert_eq!(damaged(0xFF), (128, "repetition before any run"));
    // The last run does not fit any more when one before it got longer.
    let mut longer = vec![-1.0_f32; ni * nj];
    longer[0] = 1.0;
    let mut words = model::write_ieee_turbo(&longer, ni, 16);
    words[4] = words[4] & 0x00FF_FFFF | 0xBE00_0000; // 62 signs instead of 7
    assert!(matches!(
        reals(&words, ni, nj, 16, Threads::One),
        Err(DecodeError::SignRun { reason: "run beyond the last element", .. })
    ));
}

/// The result must not depend on the number of threads, nor whether there is an error.
#[test]
fn many_threads_give_the_same() {
    on_several_threads(|| {
        compare_tokens();
        compare_reals();
    });
}

/// A field of some roughness in type 133, sound and with words that are wrong.
fn compare_reals() {
    let (ni, nj) = (171, 123);
    let value = |k: usize| ((k % ni) as f32 / 30.0).sin() * 3.0_f32.powf((k / ni / 40) as f32) + (k * k % 7) as f32;
    let words = model::write_ieee_turbo(&(0..ni * nj).map(value).collect::<Vec<_>>(), ni, 16);
    let both = |words: &[u32]| [Threads::One, Threads::Many].map(|threads| reals(words, ni, nj, 16, threads));
    let [one, many] = both(&words);
    assert!(one.is_ok() && one == many);
    let mut outcomes = [0, 0];
    for position in (0..words.len()).step_by(97) {
        for change in [1, 0x8000_0000, 0xFFFF_FFFF] {
            let mut damaged = words.clone();
            damaged[position] ^= change;
            let [one, many] = both(&damaged);
            // Of several faults another one may be found first.
            assert_eq!(one.is_ok(), many.is_ok(), "{position} {change:x}");
            assert!(one.is_err() || one == many, "{position} {change:x}");
            outcomes[usize::from(one.is_ok())] += 1;
        }
    }
    assert!(outcomes.iter().all(|&count| count > 20), "errors, values: {outcomes:?}");
}

fn compare_tokens() {
    let (ni, nj) = (171, 123);
    let mut state = 1_u32;
    let mut random = || {
        state = state.wrapping_mul(1664525).wrapping_add(1013904223);
        state >> 16
    };
    let f: Vec<u16> = (0..ni * nj)
        .map(|k| {
            let (i, j) = (k % ni, k / ni);
            let noise = random() & ((1 << (i * j / 2300)) - 1);
            u16::try_from((u32::try_from(20 * i + 13 * j).unwrap() + noise) & 0xFFFF).unwrap()
        })
        .collect();
    for (stream, stride) in [
        (model::write_lorenzo(&f, ni, 3, 16), 0x43),
        (model::write_minimum(&f, ni, 5, 16), 0x43),
        (model::write_lorenzo(&f, ni, 4, 16), 0x98),
    ] {
        assert_eq!(tokens(&stream, ni, nj, Threads::One).as_ref(), Ok(&f));
        assert_eq!(tokens(&stream, ni, nj, Threads::Many).as_ref(), Ok(&f));
        let half = &stream[..stream.len() / 2];
        assert!(tokens(half, ni, nj, Threads::One).is_err());
        assert_eq!(tokens(half, ni, nj, Threads::Many), tokens(half, ni, nj, Threads::One));
        let mut errors = 0;
        for position in (1..stream.len()).step_by(stride) {
            let mut damaged = stream.clone();
            damaged[position] = u32::MAX;
            let one = tokens(&damaged, ni, nj, Threads::One);
            assert_eq!(one, tokens(&damaged, ni, nj, Threads::Many));
            errors += usize::from(one.is_err());
            assert_ne!(one.as_ref(), Ok(&f));
        }
        // A wrong width code puts the rest out of step; method 3 has no wrong ones.
        assert!(errors > 0 || stream[0] & 0xF == 3, "no error in {} words", stream.len());
    }
}

/// The old SAMPLE method on a field whose interpolation is known: everything that has no correction is constant.
#[test]
fn sample_of_a_constant_field() {
    // 70 x 64 has coarser grids of 24 x 22 (ceil(70/3) is 24 and 69 is a multiple of 3), 9 x 8 (23 and 21 ..), and 4 x 4.
    let (ni, nj) = (70, 64);
    let grids = [(4, 4), (9, 8), (24, 22), (70, 64)];
    let mut bits = model::Bits::default();
    (0..grids[0].0 * grids[0].1).for_each(|_| bits.put(77, 7));
    for (level, (ni, nj)) in grids.into_iter().enumerate().skip(1) {
        bits.put(4, 3);
        for tile in 0..usize::div_ceil(ni, 3) * usize::div_ceil(nj, 3) {
            if level == 3 && tile == 0 {
                // One correction: the tile starts at the origin, its last element is at (2, 2).
                bits.put(3, 4);
                (0..8).for_each(|k| bits.put(if k == 7 { 0b1011 } else { 0 }, 4));
            } else {
                bits.put(0, 4);
            }
        }
    }
    let stream = [vec![0x1 | 3 << 7 | 7 << 10], bits.words()].concat();
    let mut expected = vec![77_u16; ni * nj];
    expected[2 * ni + 2] = 77 - 5;
    assert_eq!(tokens(&stream, ni, nj, Threads::One).as_ref(), Ok(&expected));
    assert!(tokens(&stream[..stream.len() - 1], ni, nj, Threads::One).is_err());
    let step = stream[0] ^ 1 << 7;
    assert!(tokens(&[&[step], &stream[1..]].concat(), ni, nj, Threads::One).is_err());
}
