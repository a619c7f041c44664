//! What is encoded is decoded: exactly, or within one quantum.
#![allow(clippy::float_cmp, reason = "exact values are the point")]
#![allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "values made to fit, or any")]
#![allow(clippy::cast_possible_wrap, reason = "any bits")]

use crate::common::{compressions, decode, encode, on_several_threads, orders, packing, random, shapes};
use proptest::prelude::*;
use rpnfst_codecs::{
    Compression, DataType, Element, PackRequest, Payload, Rules, Shape, Stored, Threads, WordOrder, missing,
};

/// Encode, decode.
fn there_and_back<T: Element, U: Element>(packing: PackRequest<'_>, values: &[T]) -> (Stored, Vec<U>) {
    let (stored, bytes) = encode(packing, values).unwrap();
    let packed = Payload {
        bytes: &bytes,
        order: packing.order,
        data_type: stored.data_type,
        pack_bits: stored.pack_bits,
        data_bits: stored.data_bits,
        shape: packing.shape,
    };
    let (values, decoded) = decode(&packed, Threads::One).unwrap();
    assert!(!decoded.shifted);
    assert_eq!(decoded.stored, values.len());
    (stored, values)
}

/// Numbers from 0 to 1: constant, smooth, rough in places, noise.
fn fields() -> impl Strategy<Value = (Shape, Vec<f64>)> {
    (shapes(), 0..5, any::<u64>()).prop_map(|(shape, kind, seed)| {
        let mut random = random(seed);
        let mut random = || (random() >> 11) as f64 / (1_u64 << 53) as f64;
        let n = usize::try_from(shape.len().unwrap()).unwrap();
        let values = (0..n).map(|k| {
            let (x, y) = ((k % shape.ni as usize) as f64 / 40.0, (k / shape.ni as usize) as f64 / 160.0);
            match kind {
                0 => 0.5,
                1 => f64::midpoint(x, y),
                2 => 0.3 * x + 0.3 * y + 0.01 * random(),
                3 => {
                    if random() < 0.02 {
                        random()
                    } else {
                        x / 2.0
                    }
                }
                _ => random(),
            }
        });
        (shape, values.collect())
    })
}

proptest! {
    #[test]
    fn integers_are_decoded_exactly((shape, field) in fields(), bits in 1_u8..=32, order in orders(), compression in compressions(), turbo in any::<bool>()) {
        let code = if turbo { 130 } else { 2 };
        let scale = f64::from(bits).exp2() - 1.0;
        let values: Vec<u32> = field.iter().map(|value| (value * scale) as u32).collect();
        let packing = PackRequest { order, compression, ..packing(code, bits, shape) };
        let (stored, read) = there_and_back::<u32, u32>(packing, &values);
        prop_assert_eq!((stored.pack_bits, stored.data_bits, read), (bits, 32, values.clone()));
        prop_assert!(!stored.data_type.is_turbo() || turbo && bits <= 16 && shape.nk == 1);

        let small: Vec<u8> = values.iter().map(|&value| (value >> (bits.max(8) - 8)) as u8).collect();
        let (stored, read) = there_and_back::<u8, u8>(packing, &small);
        let kept = if bits < 8 { small.iter().map(|value| value & ((1 << bits) - 1)).collect() } else { small };
        prop_assert_eq!((stored.pack_bits, stored.data_bits, read), (bits.min(8), 8, kept));

        let packing = PackRequest { data_type: DataType::SIGNED, ..packing };
        let half = scale / 2.0 + 0.5;
        let values: Vec<i32> = field.iter().map(|value| (value * scale - half) as i32).collect();
        let (stored, read) = there_and_back::<i32, i32>(packing, &values);
        prop_assert_eq!((stored.data_type.code(), stored.pack_bits, read), (4, bits, values));
    }

    #[test]
    fn ieee_keeps_its_upper_bits(
        shape in shapes(), bits in 16_u8..=32, order in orders(), seed in any::<u32>(), wide in any::<bool>(), smooth in any::<bool>(), turbo in any::<bool>(),
    ) {
        let n = usize::try_from(shape.len().unwrap()).unwrap();
        let mut state = seed;
        let values: Vec<f32> = (0..n).map(|k| {
            state = state.wrapping_mul(1664525).wrapping_add(1013904223);
            if smooth { (k % 40) as f32 * 0.25 - 3.0 } else { f32::from_bits(state ^ state >> 13) }
        }).collect();
        let packing = PackRequest { order, ..packing(if turbo { 133 } else { 5 }, bits, shape) };
        let keep = u32::MAX << (32 - bits);
        let expected: Vec<u32> = values.iter().map(|value| value.to_bits() & keep).collect();
        if wide && values.iter().all(|value| value.is_finite()) {
            let doubles: Vec<f64> = values.iter().map(|&value| value.into()).collect();
            let (stored, read) = there_and_back::<f64, f32>(packing, &doubles);
            prop_assert_eq!(stored.data_bits, 32);
            prop_assert_eq!(read.iter().map(|value| value.to_bits()).collect::<Vec<_>>(), expected);
            let (stored, read) = there_and_back::<f64, f64>(PackRequest { pack_bits: 64, ..packing }, &doubles);
            prop_assert_eq!((stored.data_type.code(), stored.pack_bits, stored.data_bits), (5, 64, 64));
            prop_assert_eq!(read, doubles);
        } else {
            let (stored, read) = there_and_back::<f32, f32>(packing, &values);
            prop_assert_eq!((stored.pack_bits, stored.data_bits), (bits, 32));
            prop_assert_eq!(read.iter().map(|value| value.to_bits()).collect::<Vec<_>>(), expected);
        }
    }

    #[test]
    fn quantified_reals(
        (shape, field) in fields(), bits in 1_u8..=30, order in orders(), compression in compressions(), code in prop_oneof![Just(1), Just(6), Just(129), Just(134)],
        low in -1.0e4_f32..1.0e4, exponent in -30..30, rules in prop_oneof![Just(Rules::Recommended), Just(Rules::Like(rpnfst_codecs::Librmn::V20)), Just(Rules::Like(rpnfst_codecs::Librmn::V19))], wide in any::<bool>(),
    ) {
        let range = f64::from(exponent).exp2();
        let values: Vec<f32> = field.iter().map(|value| (f64::from(low) + value * range) as f32).collect();
        let packing = PackRequest { order, compression, rules, ..packing(code, bits, shape) };
        let (stored, read) = if wide {
            let values: Vec<f64> = values.iter().map(|&value| value.into()).collect();
            there_and_back::<f64, f32>(packing, &values)
        } else {
            there_and_back::<f32, f32>(packing, &values)
        };
        let minimum = values.iter().copied().fold(f32::INFINITY, f32::min);
        let maximum = values.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let quantum = 2.0 * (f64::from(maximum) - f64::from(minimum)) * (-f64::from(stored.pack_bits)).exp2();
        let largest = f64::from(minimum.abs().max(maximum.abs()));
        // Half a unit of the last place, twice; type 6 cuts mantissas of 24 bits first.
        let rounding = largest * if stored.data_type.base() == rpnfst_codecs::BaseType::Quantized { 2.5e-7 } else { 1.2e-7 };
        for (&value, &read) in values.iter().zip(&read) {
            let error = (f64::from(read) - f64::from(value)).abs();
            prop_assert!(error <= quantum + rounding, "{} became {}, quantum {:e}, {:?}", value, read, quantum, stored);
        }
    }

    #[test]
    fn missing_values_come_back(
        (shape, field) in fields(), bits in 1_u8..=32, order in orders(), code in prop_oneof![Just(65), Just(69), Just(70), Just(193), Just(197), Just(198)],
        low in -100.0_f32..100.0, scale in prop_oneof![Just(1.0_f32), Just(1.0e-4), Just(0.0), Just(1.0e4)], every in 1_usize..20, wide in any::<bool>(),
    ) {
        let bits = if code & 63 == 5 { bits.max(16) } else { bits };
        let values: Vec<f32> = field.iter().enumerate()
            .map(|(k, &value)| if k % every == 0 { f32::NAN } else { low + scale * value as f32 }).collect();
        let mask = missing::nan(&values);
        let packing = PackRequest { order, missing: mask.as_ref(), ..packing(code, bits, shape) };
        let (stored, found, read) = if wide {
            let values: Vec<f64> = values.iter().map(|&value| value.into()).collect();
            let (stored, read) = there_and_back::<f64, f32>(packing, &values);
            (stored, missing::mask(&read), read)
        } else {
            let (stored, read) = there_and_back::<f32, f32>(packing, &values);
            (stored, missing::mask(&read), read)
        };
        prop_assert!(stored.data_type.has_missing());
        prop_assert_eq!(found, mask);
        prop_assert_eq!(read.len(), values.len());
    }

    #[test]
    fn other_types(words in proptest::collection::vec(any::<u32>(), 1..200), bits in 1_u8..=64, order in orders()) {
        let ni = u32::try_from(words.len() * 32 / usize::from(bits)).unwrap();
        prop_assume!(ni > 0);
        let line = |ni| Shape { ni, nj: 1, nk: 1 };
        let raw = PackRequest { order, ..packing(0, bits, line(ni)) };
        let used = (ni as usize * usize::from(bits)).div_ceil(32);
        prop_assert_eq!(there_and_back::<u32, u32>(raw, &words[..used]).1, &words[..used]);

        let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).skip(usize::from(bits % 4)).collect();
        for code in [3, 7] {
            let text = PackRequest { order, ..packing(code, bits, line(bytes.len().try_into().unwrap())) };
            let (stored, read) = there_and_back::<u8, u8>(text, &bytes);
            prop_assert_eq!((stored.pack_bits, &read), (8, &bytes));
        }

        let parts: Vec<f32> = words.iter().map(|&word| f32::from_bits(word & 0xFF7F_FFFF)).collect();
        let complex: Vec<[f32; 2]> = parts.as_chunks().0.to_vec();
        prop_assume!(!complex.is_empty());
        let shape = line(complex.len().try_into().unwrap());
        let complex_packing = PackRequest { order, ..packing(8, 32, shape) };
        prop_assert_eq!(&there_and_back::<[f32; 2], [f32; 2]>(complex_packing, &complex).1, &complex);
        let wide: Vec<[f64; 2]> = complex.iter().map(|pair| pair.map(f64::from)).collect();
        prop_assert_eq!(&there_and_back::<[f64; 2], [f64; 2]>(PackRequest { pack_bits: 64, ..complex_packing }, &wide).1, &wide);
        // Both parts are converted.
        prop_assert_eq!(&there_and_back::<[f64; 2], [f32; 2]>(complex_packing, &wide).1, &complex);

        if order == WordOrder::Little {
            let longs: Vec<u64> = words.iter().map(|&word| u64::from(word) << 20 ^ u64::from(word)).collect();
            let shape = line(longs.len().try_into().unwrap());
            let (stored, read) = there_and_back::<u64, u64>(PackRequest { order, ..packing(130, 16, shape) }, &longs);
            prop_assert_eq!((stored.data_type.code(), stored.pack_bits, stored.data_bits), (2, 64, 64));
            prop_assert_eq!(read, longs);
        }
    }
}

#[test]
fn integers_with_missing_values() {
    let shape = Shape { ni: 20, nj: 20, nk: 1 };
    for code in [66, 194] {
        let values: Vec<u16> = (0..400).map(|k| if k % 7 == 3 { u16::MAX } else { k / 4 }).collect();
        let mask = missing::flagged(&values);
        let packing = PackRequest { missing: mask.as_ref(), order: WordOrder::Little, ..packing(code, 9, shape) };
        let (stored, read) = there_and_back::<u16, u16>(packing, &values);
        assert_eq!((stored.data_type.code(), missing::mask(&read)), (code, mask));
    }
    // No flag without missing values.
    for mask in [None, Some(rpnfst_codecs::Mask::repeat(false, 400))] {
        let packing = PackRequest { missing: mask.as_ref(), ..packing(194, 9, shape) };
        assert_eq!(
            there_and_back::<u16, u32>(
                PackRequest { rules: Rules::Like(rpnfst_codecs::Librmn::V19), ..packing },
                &[5_u16; 400]
            )
            .0
            .data_type
            .code(),
            130
        );
    }
}

/// The best stream is never longer than the others, and the methods make a difference.
#[test]
fn best_is_best() {
    let shape = Shape { ni: 90, nj: 70, nk: 1 };
    let mut lengths = Vec::new();
    for kind in 0..3 {
        let values: Vec<u32> = (0..6300_u32)
            .map(|k| match kind {
                0 => k % 90 + k / 90 * 3,
                1 => (k % 90 / 30) * 900 + (k / 90 / 30) * 77,
                _ => k.wrapping_mul(0x9E37_79B9) >> 26,
            })
            .collect();
        let length = |compression| {
            let packing = PackRequest { compression, ..packing(130, 16, shape) };
            assert_eq!(there_and_back::<u32, u32>(packing, &values).1, values);
            encode(packing, &values).unwrap().1.len()
        };
        let [fast, normal, best] = [Compression::Fast, Compression::Normal, Compression::Best].map(length);
        assert!(best <= fast && best <= normal, "{best} {normal} {fast}");
        lengths.push((fast, normal, best));
    }
    assert!(lengths.iter().any(|&(fast, normal, best)| best < fast.min(normal)), "{lengths:?}");
}

/// Large enough for several threads, which need less where debug assertions are checked.
const LARGE: Shape = Shape { ni: 170, nj: 121, nk: 1 };
const COUNT: u32 = LARGE.ni * LARGE.nj;

#[test]
fn several_threads_decode_what_one_does() {
    on_several_threads(compare_decoded);
}

#[test]
fn several_threads_encode_what_one_does() {
    on_several_threads(compare_encoded);
}

fn compare_encoded() {
    let random = |k: u32| {
        let k = (k ^ k >> 16).wrapping_mul(0x85EB_CA6B);
        (k ^ k >> 13).wrapping_mul(0xC2B2_AE35) >> 1
    };
    let mut compressed = (0, 0);
    // From what compresses well to what does not, so that the limits are reached in every part of the field.
    for noise in 0..=30 {
        let reals: Vec<f32> = (0..COUNT)
            .map(|k| {
                let smooth = (k % 170) as f32 / 85.0 + (k / 170) as f32 / 100.0 - 1.5;
                f32::from_bits(smooth.to_bits() ^ random(k) & ((1 << noise) - 1))
            })
            .collect();
        let tokens: Vec<u16> = (0..COUNT)
            .map(|k| ((k / 20) as u16 / 60) ^ random(k) as u16 & ((1_u32 << noise.min(15)) - 1) as u16)
            .collect();
        for (code, bits) in [(1, 12), (129, 16), (133, 32), (133, 24), (134, 12)] {
            count(&mut compressed, encode_twice(packing(code, bits, LARGE), &reals));
        }
        for compression in [Compression::Fast, Compression::Normal, Compression::Best] {
            count(&mut compressed, encode_twice(PackRequest { compression, ..packing(130, 16, LARGE) }, &tokens));
        }
    }
    assert!(compressed.0 > 9 && compressed.1 > 9, "some compress, some do not: {compressed:?}");
    let broken: Vec<f32> = (0..COUNT).map(|k| if k == 20_000 { f32::NAN } else { 1.0 }).collect();
    assert!(packing(1, 12, LARGE).encode(&broken, Threads::Many, &mut Vec::new()).is_err());
}

fn count(compressed: &mut (u32, u32), is_compressed: bool) {
    *(if is_compressed { &mut compressed.0 } else { &mut compressed.1 }) += 1;
}

/// Whether it is compressed.
fn encode_twice<T: Element>(packing: PackRequest<'_>, values: &[T]) -> bool {
    let (mut one, mut many) = (vec![7], vec![7]);
    let stored = packing.encode(values, Threads::One, &mut one).unwrap();
    assert_eq!(packing.encode(values, Threads::Many, &mut many).unwrap(), stored, "{packing:?}");
    assert!(one == many, "{packing:?}");
    stored.data_type.is_turbo()
}

fn compare_decoded() {
    let shape = LARGE;
    // Smooth, so that it compresses, with a little of everything.
    let wave = |k: u32| (k as f32 / 400.0).sin() * 90.0 + (k.wrapping_mul(0x9E37_79B9) >> 20) as f32 / 4096.0;
    let values: Vec<f32> = (0..COUNT).map(wave).collect();
    for (code, bits) in [(1, 12), (1, 16), (5, 32), (5, 27), (6, 16), (129, 16), (133, 24), (134, 3), (134, 12)] {
        for order in [WordOrder::Big, WordOrder::Little] {
            let packing = PackRequest { order, ..packing(code, bits, shape) };
            let mut payload = Vec::new();
            let stored = packing.encode(&values, Threads::One, &mut payload).unwrap();
            assert_eq!(stored.data_type, packing.data_type, "compressed");
            let packed = Payload {
                bytes: &payload,
                order,
                data_type: stored.data_type,
                pack_bits: stored.pack_bits,
                data_bits: stored.data_bits,
                shape,
            };
            let (mut one, mut many) = (vec![0.0_f32; values.len()], vec![1.0_f32; values.len()]);
            packed.decode_into(&mut one, Threads::One).unwrap();
            packed.decode_into(&mut many, Threads::Many).unwrap();
            assert!(one.iter().zip(&many).all(|(a, b)| a.to_bits() == b.to_bits()), "type {code}, {bits} bits");
            let mut doubles = vec![0.0_f64; values.len()];
            packed.decode_into(&mut doubles, Threads::Many).unwrap();
            assert!(one.iter().zip(&doubles).all(|(&a, &b)| a == b as f32), "type {code}, {bits} bits");
        }
    }
    let doubles: Vec<f64> = values.iter().map(|&value| value.into()).collect();
    let packing = packing(5, 64, shape);
    let mut payload = Vec::new();
    packing.encode(&doubles, Threads::One, &mut payload).unwrap();
    let packed = Payload {
        bytes: &payload,
        order: packing.order,
        data_type: packing.data_type,
        pack_bits: 64,
        data_bits: 64,
        shape,
    };
    let mut read = vec![0.0_f64; values.len()];
    packed.decode_into(&mut read, Threads::Many).unwrap();
    assert_eq!(read, doubles);
}

/// Whatever the type, the width, and whose rules are followed: what is wholly missing comes back so.
#[test]
fn fields_that_are_wholly_missing() {
    let shape = Shape { ni: 20, nj: 20, nk: 1 };
    let all = rpnfst_codecs::Mask::repeat(true, 400);
    for rules in [Rules::Recommended, Rules::Like(rpnfst_codecs::Librmn::V19), Rules::Like(rpnfst_codecs::Librmn::V20)]
    {
        for order in [WordOrder::Big, WordOrder::Little] {
            for bits in 1..=32 {
                let masked = |code| PackRequest { rules, order, missing: Some(&all), ..packing(code, bits, shape) };
                for code in [65, 69, 70, 193, 197, 198].into_iter().filter(|code| code & 63 != 5 || bits >= 16) {
                    let (stored, single) = there_and_back::<f32, f32>(masked(code), &[f32::NAN; 400]);
                    assert_eq!((stored.data_type.has_missing(), missing::mask(&single)), (true, Some(all.clone())));
                    let (stored, double) = there_and_back::<f64, f32>(masked(code), &[f64::NAN; 400]);
                    let found = missing::mask(&double);
                    assert_eq!(
                        (stored.data_type.has_missing(), found),
                        (true, Some(all.clone())),
                        "{code} {bits} {rules:?}"
                    );
                }
                for code in [66, 194] {
                    let (stored, read) = there_and_back::<u32, u32>(masked(code), &[u32::MAX; 400]);
                    assert_eq!((stored.data_type.has_missing(), missing::mask(&read)), (true, Some(all.clone())));
                }
                let (stored, read) = there_and_back::<i32, i32>(masked(68), &[i32::MIN; 400]);
                assert_eq!((stored.data_type.has_missing(), missing::mask(&read)), (true, Some(all.clone())));
            }
            if order == WordOrder::Little {
                let wide = PackRequest { rules, order, missing: Some(&all), ..packing(69, 64, shape) };
                let (stored, read) = there_and_back::<f64, f64>(wide, &[f64::NAN; 400]);
                assert_eq!((stored.data_type.has_missing(), missing::mask(&read)), (true, Some(all.clone())));
            }
        }
    }
}
