//! What becomes of a request: what is stored, what is refused.
#![allow(clippy::cast_possible_truncation, clippy::cast_possible_wrap, reason = "any bits")]

use std::iter::repeat_with;

use crate::common::{self, compressions, encode, orders, packing, random, shapes};
use proptest::prelude::*;
use rpnfst_codecs::{Element, ElementKind, EncodeError, PackRequest, Payload, Rules, Shape, WordOrder};

/// Whatever is asked for: an error, or a record that can be read.
fn stored_or_refused<T: Element>(packing: PackRequest<'_>, values: &[T]) {
    let Ok((stored, bytes)) = encode(packing, values) else { return };
    let packed = Payload {
        bytes: &bytes,
        order: packing.order,
        data_type: stored.data_type,
        pack_bits: stored.pack_bits,
        data_bits: stored.data_bits,
        shape: packing.shape,
    };
    let read = common::decode_as(&packed, packed.element_kind().unwrap());
    assert!(read.is_ok(), "{packing:?}: {stored:?}: {read:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]
    #[test]
    fn any_request(
        code in prop_oneof![0_u8..=8, 64_u8..=72, 128_u8..=136, 192_u8..=200, any::<u8>()], bits in prop_oneof![0_u8..=33, any::<u8>()],
        shape in shapes(), order in orders(), compression in compressions(), seed in any::<u64>(), clean in any::<bool>(),
        rules in prop_oneof![Just(Rules::Recommended), Just(Rules::Like(rpnfst_codecs::Librmn::V20)), Just(Rules::Like(rpnfst_codecs::Librmn::V19))], every in 0_usize..9,
    ) {
        let n = usize::try_from(shape.len().unwrap()).unwrap();
        // Without NaN, infinities and large numbers, or with everything.
        let usual = if clean { 0xBFFF_FFFF_BFFF_FFFF } else { u64::MAX };
        let words: Vec<u64> = repeat_with(random(seed)).take(n).map(|word| word & usual).collect();
        let mask: rpnfst_codecs::Mask = (0..n).map(|k| every > 0 && k % every == 0).collect();
        let packing = PackRequest { order, compression, rules, missing: Some(&mask), ..packing(code, bits, shape) };
        stored_or_refused(packing, &words);
        stored_or_refused(packing, &words.iter().map(|&word| word.cast_signed()).collect::<Vec<i64>>());
        stored_or_refused(packing, &words.iter().map(|&word| word as u32).collect::<Vec<u32>>());
        stored_or_refused(packing, &words.iter().map(|&word| word as i32).collect::<Vec<i32>>());
        stored_or_refused(packing, &words.iter().map(|&word| word as u16).collect::<Vec<u16>>());
        stored_or_refused(packing, &words.iter().map(|&word| word as i16).collect::<Vec<i16>>());
        stored_or_refused(packing, &words.iter().map(|&word| word as u8).collect::<Vec<u8>>());
        stored_or_refused(packing, &words.iter().map(|&word| word as i8).collect::<Vec<i8>>());
        stored_or_refused(packing, &words.iter().map(|&word| f64::from_bits(word)).collect::<Vec<f64>>());
        stored_or_refused(packing, &words.iter().map(|&word| f32::from_bits(word as u32)).collect::<Vec<f32>>());
        stored_or_refused(packing, &words.iter().map(|&word| [f64::from_bits(word); 2]).collect::<Vec<[f64; 2]>>());
        stored_or_refused(packing, &words.iter().map(|&word| [f32::from_bits(word as u32); 2]).collect::<Vec<[f32; 2]>>());
    }
}

#[test]
fn what_librmn_cannot_read_is_not_written() {
    let shape = Shape { ni: 20, nj: 20, nk: 1 };
    let code = |order, rules, code, bits, nk| {
        let packing = PackRequest { order, rules, shape: Shape { nk, ..shape }, ..packing(code, bits, shape) };
        if code == 130 {
            encode(packing, &vec![3_u8; 400 * nk as usize]).unwrap().0.data_type.code()
        } else {
            encode(packing, &vec![3.0_f32; 400 * nk as usize]).unwrap().0.data_type.code()
        }
    };
    let (xdf, rsf) = (WordOrder::Big, WordOrder::Little);
    for (order, rules, asked, bits, nk, stored) in [
        (xdf, Rules::Recommended, 130, 8, 1, 130),
        (rsf, Rules::Recommended, 130, 8, 1, 2),
        (rsf, Rules::Like(rpnfst_codecs::Librmn::V20), 130, 8, 1, 130),
        (xdf, Rules::Recommended, 129, 16, 1, 129),
        (xdf, Rules::Recommended, 129, 12, 1, 1),
        (xdf, Rules::Like(rpnfst_codecs::Librmn::V19), 129, 12, 1, 129),
        (xdf, Rules::Like(rpnfst_codecs::Librmn::V19), 129, 16, 2, 1),
        (xdf, Rules::Like(rpnfst_codecs::Librmn::V20), 134, 16, 2, 6),
        (xdf, Rules::Like(rpnfst_codecs::Librmn::V20), 134, 28, 1, 133),
        (rsf, Rules::Like(rpnfst_codecs::Librmn::V20), 134, 28, 1, 5),
        (xdf, Rules::Recommended, 134, 28, 1, 5),
        (xdf, Rules::Like(rpnfst_codecs::Librmn::V19), 129, 31, 1, 1),
        (xdf, Rules::Recommended, 129, 31, 1, 133),
        (xdf, Rules::Like(rpnfst_codecs::Librmn::V19), 1, 31, 1, 5),
        (xdf, Rules::Like(rpnfst_codecs::Librmn::V19), 6, 20, 1, 1),
    ] {
        assert_eq!(code(order, rules, asked, bits, nk), stored, "{order:?} {rules:?} {asked} {bits} {nk}");
    }
}

fn refused<T: Element>(packing: PackRequest<'_>, values: &[T]) -> EncodeError {
    encode(packing, values).expect_err("refused")
}

#[test]
fn what_cannot_be_stored_is_refused() {
    let line = Shape { ni: 4, nj: 1, nk: 1 };
    for (special, code, element) in
        [(f32::NAN, 1, 2), (f32::INFINITY, 134, 0), (1.1e38, 65, 3), (-1.1e38, 1, 1), (f32::NEG_INFINITY, 6, 3)]
    {
        let mut values = [1.0; 4];
        values[element] = special;
        let EncodeError::Value { index, value, .. } = refused(packing(code, 16, line), &values) else {
            panic!("{code}")
        };
        assert_eq!((index, value.to_bits()), (element, f64::from(special).to_bits()));
    }
    assert!(matches!(refused(packing(5, 32, line), &[0.0, 1.0e300, 0.0, 0.0]), EncodeError::Value { index: 1, .. }));
    assert!(matches!(
        refused(packing(8, 32, line), &[[0.0, 0.0], [0.0, 1.0e300], [0.0; 2], [0.0; 2]]),
        EncodeError::Value { index: 3, .. }
    ));

    // Missing elements may hold anything; the others may not.
    let mask: rpnfst_codecs::Mask = [true, false, false, true].into_iter().collect();
    for code in [65, 69, 70] {
        let masked = PackRequest { missing: Some(&mask), ..packing(code, 16, line) };
        assert!(encode(masked, &[f64::NAN, 1.0, 2.0, 1.0e300]).is_ok());
        assert!(matches!(refused(masked, &[1.0, 1.0, 1.0e300, 1.0]), EncodeError::Value { index: 2, .. }));
    }

    assert!(matches!(refused(packing(9, 32, line), &[1.0_f32; 4]), EncodeError::DataType { .. }));
    assert!(matches!(
        refused(packing(2, 8, line), &[1_i32; 4]),
        EncodeError::ElementType { given: ElementKind::I32, .. }
    ));
    assert!(matches!(refused(packing(4, 8, line), &[1_u32; 4]), EncodeError::ElementType { .. }));
    assert!(matches!(refused(packing(5, 32, line), &[1_u32; 4]), EncodeError::ElementType { .. }));
    assert!(matches!(
        refused(packing(2, 64, line), &[1_u64; 4]),
        EncodeError::ElementType { given: ElementKind::U64, .. }
    ));
    for (code, bits) in [(1, 0), (0, 65), (5, 15), (133, 9), (8, 15)] {
        let error = match code {
            0 => refused(packing(code, bits, line), &[0_u32; 9]),
            8 => refused(packing(code, bits, line), &[[0_f32; 2]; 4]),
            _ => refused(packing(code, bits, line), &[0_f32; 4]),
        };
        assert!(matches!(error, EncodeError::PackBits { found, .. } if found == bits), "{error}");
    }
    let old = PackRequest { rules: Rules::Like(rpnfst_codecs::Librmn::V19), ..packing(1, 40, line) };
    assert!(matches!(refused(old, &[0_f64; 4]), EncodeError::PackBits { .. }));

    assert!(matches!(refused(packing(5, 32, line), &[1.0_f32; 3]), EncodeError::InputLength { expected: 4, found: 3 }));
    assert!(matches!(refused(packing(0, 33, line), &[1_u32; 4]), EncodeError::InputLength { expected: 5, found: 4 }));
    let none: [f32; 0] = [];
    assert!(matches!(refused(packing(5, 32, Shape { ni: 0, ..line }), &none), EncodeError::Shape { .. }));
    let huge = Shape { ni: u32::MAX, nj: u32::MAX, nk: u32::MAX };
    assert!(matches!(refused(packing(134, 16, huge), &[1.0_f32; 4]), EncodeError::Shape { .. }));
    let mask = rpnfst_codecs::Mask::repeat(true, 3);
    let masked = PackRequest { missing: Some(&mask), ..packing(69, 32, line) };
    assert!(matches!(refused(masked, &[1.0_f32; 4]), EncodeError::MaskLength { expected: 4, found: 3 }));
}
