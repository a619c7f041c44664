//! The worked examples of the format's description, as literals: XDF payload words in hexadecimal.
#![allow(clippy::float_cmp, reason = "exact values are the point")]

use crate::common::{decode, payload};
use rpnfst_codecs::{Compression, DataType, Element, PackRequest, Payload, Rules, Shape, Threads, WordOrder};

/// Decode the words in both byte orders.
fn values<T: Element + std::fmt::Debug>(words: &str, code: u8, pack_bits: u8, ni: u32, nj: u32) -> Vec<T> {
    let all = [WordOrder::Big, WordOrder::Little].map(|order| {
        let bytes = payload(words, order);
        let data_type = DataType::new(code);
        let shape = Shape { ni, nj, nk: 1 };
        decode::<T>(&Payload { bytes: &bytes, order, data_type, pack_bits, data_bits: 0, shape }, Threads::One)
            .unwrap()
            .0
    });
    assert_eq!(all[0], all[1]);
    all[0].clone()
}

const FIVE: [f32; 5] = [1.0, 2.5, -3.25, 10.0, 0.1];

/// The words of the values, with the decisions of librmn 19.5, in both byte orders.
fn words<T: Element>(values: &[T], code: u8, pack_bits: u8, ni: u32, nj: u32) -> Vec<u32> {
    let all = [WordOrder::Big, WordOrder::Little].map(|order| {
        let packing = PackRequest {
            data_type: DataType::new(code),
            pack_bits,
            shape: Shape { ni, nj, nk: 1 },
            order,
            rules: Rules::Like(rpnfst_codecs::Librmn::V19),
            compression: Compression::Normal,
            missing: None,
        };
        let mut out = Vec::new();
        let stored = packing.encode(values, Threads::One, &mut out).unwrap();
        assert_eq!((stored.data_type.code(), stored.pack_bits), (code, pack_bits));
        let word = |bytes| if order == WordOrder::Big { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) };
        out.as_chunks().0.iter().map(|&bytes| word(bytes)).collect::<Vec<u32>>()
    });
    // RSF records of type 129 have one word more.
    let [mut big, little] = all;
    big.resize(little.len(), 0);
    assert_eq!(big, little);
    big
}

/// Words from text.
fn hex(text: &str) -> Vec<u32> {
    text.split_whitespace().map(|word| u32::from_str_radix(word, 16).unwrap()).collect()
}

/// The words in front are those of the text, the rest is zero; with so many in all.
fn assert_words(found: &[u32], text: &str, length: usize) {
    let mut expected = hex(text);
    expected.resize(length, 0);
    assert_eq!(found, expected);
}

fn bits(values: &[f32]) -> Vec<u32> {
    values.iter().map(|value| value.to_bits()).collect()
}

#[test]
fn e1_unsigned() {
    let expected = [1, 2, 3, 31, 0, 17, 9];
    assert_eq!(values::<u32>("0887f045 20000000 00000000", 2, 5, 7, 1), expected);
    assert_words(&words::<u32>(&expected, 2, 5, 7, 1), "0887f045 20000000", 6);
}

#[test]
fn e2_signed() {
    assert_eq!(values::<i32>("760940fc", 4, 6, 5, 1), [-3, 0, 5, -32, 31]);
    assert_words(&words(&[-3, 0, 5, -32, 31], 4, 6, 5, 1), "760940fc", 6);
}

#[test]
fn e3_ieee() {
    let cut: Vec<f32> = values("3f800c02 00404900", 5, 20, 3, 1);
    assert_eq!(bits(&cut), [0x3f80_0000, 0xc020_0000, 0x4049_0000]);
    let whole: Vec<f32> = values("3f800000 c0200000 40490fd0", 5, 32, 3, 1);
    assert_eq!(bits(&whole), [0x3f80_0000, 0xc020_0000, 0x4049_0fd0]);
    let double: Vec<f64> = values("3ff00000 00000000 c0040000 00000000 3fb99999 9999999a", 5, 64, 3, 1);
    assert_eq!(double, [1.0, -2.5, 0.1]);
    let three = [1.0, -2.5, f32::from_bits(0x4049_0fd0)];
    assert_words(&words(&three, 5, 20, 3, 1), "3f800c02 00404900", 6);
    assert_words(&words(&three, 5, 32, 3, 1), "3f800000 c0200000 40490fd0", 8);
    let double = "3ff00000 00000000 c0040000 00000000 3fb99999 9999999a";
    assert_words(&words(&[1.0_f64, -2.5, 0.1], 5, 64, 3, 1), double, 10);
    let narrowed: Vec<f32> = values("3ff00000 00000000 c0040000 00000000 3fb99999 9999999a", 5, 64, 3, 1);
    assert_eq!(narrowed, [1.0, -2.5, 0.1]);
}

#[test]
fn e4_characters() {
    assert_eq!(values::<u8>("41424344 45464700", 7, 8, 7, 1), b"ABCDEFG");
    assert_eq!(values::<u8>("44434241 00474645", 3, 8, 7, 1), b"ABCDEFG");
    assert_words(&words(b"ABCDEFG", 7, 8, 7, 1), "41424344 45464700", 6);
    assert_words(&words(b"ABCDEFG", 3, 8, 7, 1), "44434241 00474645", 6);
}

#[test]
fn e5_complex() {
    let complex: Vec<[f32; 2]> = values("3f800000 c0000000 3f000000 40400000", 8, 32, 2, 1);
    assert_eq!(complex, [[1.0, -2.0], [0.5, 3.0]]);
    assert_words(&words(&complex, 8, 32, 2, 1), "3f800000 c0000000 3f000000 40400000", 4);
}

#[test]
fn e6_old_quantification() {
    let words = "7ff00005 0ff83d11 d0000000 00000c44 05c0000d 40359000";
    let expected = [0x3f80_0000, 0x4020_0000, 0xc050_0000, 0x4120_0000, 0x3dc8_0000];
    assert_eq!(bits(&values(words, 1, 12, 5, 1)), expected);
    let constant = "7ff00005 0ff43d11 d0000000 00000c00 00000000 00000000";
    assert_eq!(values::<f32>(constant, 1, 12, 5, 1), [-3.25; 5]);
    let minimum_zero = "7ff00003 0ffa1110 00000000 00000800 a0400000 00000000";
    assert_eq!(values::<f32>(minimum_zero, 1, 8, 3, 1), [0.0, 2.5, 1.0]);
    let encoded = |values: &[f32], bits| self::words(values, 1, bits, u32::try_from(values.len()).unwrap(), 1);
    assert_eq!(encoded(&FIVE, 12), hex(words));
    assert_eq!(encoded(&[-3.25; 5], 12), hex(constant));
    assert_eq!(encoded(&[0.0, 2.5, 1.0], 8), hex(minimum_zero));
}

#[test]
fn e6_as_f64_keeps_the_precision_of_the_formula_in_xdf_and_for_doubles() {
    let words = "7ff00005 0ff83d11 d0000000 00000c44 05c0000d 40359000";
    let read = |order, data_bits| {
        let bytes = payload(words, order);
        let shape = Shape { ni: 5, nj: 1, nk: 1 };
        let packed = Payload { bytes: &bytes, order, data_type: DataType::REAL, pack_bits: 12, data_bits, shape };
        decode::<f64>(&packed, Threads::One).unwrap().0
    };
    assert_eq!(read(WordOrder::Little, 32), [1.0, 2.5, -3.25, 10.0, 0.09765625]);
    // The factor 1.0000000000001 shows.
    let factor = f64::from_bits(0x3FF0_0000_0000_01C2);
    let exact = [0x440, 0x5c0, 0, 0xd40, 0x359].map(|token| f64::from(token) / 256.0 * factor - 3.25);
    assert!(exact[3] > 10.0 && exact[3] < 10.000001);
    for (order, data_bits) in [(WordOrder::Big, 32), (WordOrder::Big, 64), (WordOrder::Little, 64)] {
        assert_eq!(read(order, data_bits), exact);
    }
}

#[test]
fn e7_sixteen_bit_quantification() {
    // Each value is cut to multiples of 2^(sh + E - 150).
    let values12: Vec<f32> = values("effb820c ffcc0000 00000005 044005c0 00000d40 035a0000", 6, 12, 5, 1);
    assert_eq!(values12, [1.0, 2.5, -3.25, 10.0, (0x35a - 0x340) as f32 / 256.0]);
    let values16: Vec<f32> = values("efff8208 ffcc0000 00000005 44005c00 0000d400 359a0000", 6, 16, 5, 1);
    assert_eq!(values16, [1.0, 2.5, -3.25, 10.0, (0x359a - 0x3400) as f32 / 4096.0]);
    assert_words(&words(&FIVE, 6, 12, 5, 1), "effb820c ffcc0000 00000005 044005c0 00000d40 035a0000", 6);
    assert_words(&words(&FIVE, 6, 16, 5, 1), "efff8208 ffcc0000 00000005 44005c00 0000d400 359a0000", 6);
    assert_words(&words(&[0.0_f32; 3], 6, 16, 3, 1), "efff0000 00000000 00000003 ffffffff ffff0000", 6);
    // Zeros, as the two generations of the reference library write them.
    for words in ["efff0000 00000000 00000003 ffffffff ffff0000", "efff0000 00000000 00000003 00000000 00000000"] {
        assert_eq!(bits(&values(words, 6, 16, 3, 1)), [0; 3]);
    }
}

#[test]
fn e8_minimum() {
    let words = "00000006 00009a83 2281b168 14000000 000a0000 000b000b";
    let expected = [10, 10, 11, 12, 13, 20, 20, 10, 11, 11, 12, 12, 20, 20];
    assert_eq!(values::<u32>(words, 130, 6, 7, 2), expected);
    assert_words(&self::words::<u32>(&expected, 130, 6, 7, 2), "00000006 00009a83 2281b168 14000000", 6);
}

#[test]
fn e9_parallelogram() {
    let words = "0000000e 00009994 80021062 0a30e412 51661a71 e1083105 18720928 b30d38f0 00000010 01d15800 00000000 \
                 00000000 00090000 000b000a";
    let mut expected: Vec<u32> = (0..16).flat_map(|j| (0..16).map(move |i| i + 2 * j)).collect();
    expected[5 * 16 + 7] = 20;
    assert_eq!(values::<u32>(words, 130, 6, 16, 16), expected);
    let (stream, _) = words.split_at(12 * 9);
    assert_words(&self::words(&expected, 130, 6, 16, 16), stream, 14);
}

const E10: &str = "00000018 effb8707 00870000 00000100 0000b194 80001002 00300400 50060070 0800900a 00b00c00 d00e00f0 \
                   00801001 80200280 30038040 04805005 80600680 70078000 00000000 00000000 00000000 01000000 02000180 \
                   03000280 04000380";
const E11: &str = "0000001a fff00100 0ff43d80 87000000 00001000 0000c194 80000100 02000300 04000500 06000700 08000900 \
                   0a000b00 0c000d00 0e000f00 00800100 01800200 02800300 03800400 04800500 05800600 06800700 07800000 \
                   00000000 00000000 00000000 50004800";

#[test]
fn e10_compressed_sixteen_bit_quantification() {
    let expected: Vec<f32> =
        (0..16).flat_map(|j| (0..16).map(move |i| 270.0 + 0.5 * i as f32 + 0.25 * j as f32)).collect();
    assert_eq!(values::<f32>(E10, 134, 12, 16, 16), expected);
    let (stream, _) = E10.split_at(20 * 9);
    assert_words(&words(&expected, 134, 12, 16, 16), stream, 24);
}

#[test]
fn e11_compressed_old_quantification() {
    let expected: Vec<f32> =
        (0..16).flat_map(|j| (0..16).map(move |i| 270.0 + 0.5 * i as f32 + 0.25 * j as f32)).collect();
    assert_eq!(values::<f32>(E11, 129, 16, 16, 16), expected);
    let (stream, _) = E11.split_at(24 * 9);
    assert_words(&words(&expected, 129, 16, 16, 16), stream, 27);
}

#[test]
fn e11_with_fewer_bits_in_the_directory() {
    // The tokens of type 129 are those of the stream, whatever the directory says; the reference library gets this wrong.
    assert_eq!(values::<f32>(E11, 129, 13, 16, 16), values::<f32>(E11, 129, 16, 16, 16));
}

#[test]
fn e12_compressed_ieee() {
    let words = "0000002a 0008bd95 007f0328 0000000c c9bebebe bd000000 00000000 00000024 80000000 00000000 00000000 \
                 00000000 00003000 05b0b500 00000000 00000000 00000000 0000000c a0000100 04000c00 20005000 c001c004 \
                 00090014 002c0060 00d001c0 03c00080 02000600 10002800 6000e002 0004800a 00160030 006800e0 01e00000";
    let words = format!("{words}{}", " 00000000".repeat(9));
    let mut expected: Vec<f32> = (0..16).flat_map(|j| (0..16).map(move |i| 1.0 + (i + j) as f32 / 64.0)).collect();
    expected[..9].iter_mut().for_each(|value| *value = -*value);
    expected[8 * 16 + 8] = 40.0;
    assert_eq!(values::<f32>(&words, 133, 24, 16, 16), expected);
    assert_eq!(self::words(&expected, 133, 24, 16, 16), hex(&words));
}

/// Only the first plane of a compressed record of several planes was stored by release 19.5.
#[test]
fn planes_that_were_not_stored_are_reported() {
    let bytes = payload(E11, WordOrder::Big);
    let mut packed = Payload {
        bytes: &bytes,
        order: WordOrder::Big,
        data_type: DataType::REAL_TURBO,
        pack_bits: 16,
        data_bits: 32,
        shape: Shape { ni: 16, nj: 16, nk: 3 },
    };
    assert_eq!(packed.element_count(), Ok(768));
    let mut out = vec![7.0_f32; 768];
    let decoded = packed.decode_into(&mut out, Threads::One).unwrap();
    assert_eq!(decoded.stored, 256);
    assert_eq!(out[..256], values::<f32>(E11, 129, 16, 16, 16));
    assert_eq!(out[256..], [0.0; 512]);
    packed.shape.nk = 1;
    assert_eq!(decode::<f32>(&packed, Threads::One).unwrap().1.stored, 256);

    // Type 6 counts its elements: either number is accepted.
    let bytes = payload(E10, WordOrder::Big);
    let packed = Payload { bytes: &bytes, data_type: DataType::QUANTIZED_TURBO, pack_bits: 12, ..packed };
    for (nk, fine) in [(1, true), (2, true), (0, false), (5000, false)] {
        let packed = Payload { shape: Shape { nk, ..packed.shape }, ..packed };
        assert_eq!(decode::<f32>(&packed, Threads::One).is_ok(), fine, "{nk} planes");
    }
}

/// An uncompressible type 130 record becomes a type 2 record whose stream starts at word 1.
#[test]
fn shifted_integers_are_repaired() {
    // 16 elements of 8 bits: 6 words as type 2, but 10 as type 130.
    let tokens = "01020304 05060708 090a0b0c 0d0e0f10";
    let expected: Vec<u32> = (1..=16).collect();
    let decode = |words: String, data_type, pack_bits| {
        let bytes = payload(&words, WordOrder::Big);
        let shape = Shape { ni: 16, nj: 1, nk: 1 };
        let order = WordOrder::Big;
        let packed = Payload { bytes: &bytes, order, data_type, pack_bits, data_bits: 32, shape };
        let (values, decoded) = decode::<u32>(&packed, Threads::One).unwrap();
        (values, decoded.shifted)
    };
    let zeros = |n: usize| "00000000".repeat(n);
    let shifted = format!("{} {tokens} {}", zeros(1), zeros(5));
    assert_eq!(decode(shifted.clone(), DataType::UNSIGNED, 8), (expected.clone(), true));
    assert_eq!(decode(shifted, DataType::new(66), 8), (expected.clone(), true));
    // In XDF the word in front is zero; elsewhere it may be anything.
    let plain_of_that_length = format!("{tokens} {}", zeros(6));
    assert_eq!(decode(plain_of_that_length, DataType::UNSIGNED, 8), (expected.clone(), false));
    for trailing in [0, 1, 2, 3, 4, 5, 7, 8] {
        let plain = format!("{tokens} {}", zeros(trailing));
        assert_eq!(decode(plain, DataType::UNSIGNED, 8), (expected.clone(), false), "{trailing} words after");
    }
    // With 12 bits type 2 has 10 words as well: nothing can be told, so nothing is shifted.
    let ambiguous = format!("{} {}", "0".repeat(48), zeros(4));
    assert_eq!(decode(ambiguous, DataType::UNSIGNED, 12), (vec![0; 16], false));
}
