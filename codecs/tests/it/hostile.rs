//! Damaged and hostile records: any input gives values or an error, and nothing large is allocated for nothing.

use crate::common::{self, data_type, decode_as, lines, number, payload, shape, vector_files};
use rpnfst_codecs::{DataType, DecodeError, ElementKind, Payload, Shape, Threads, WordOrder};

/// The decoded natural elements as bytes.
fn natural(packed: &Payload<'_>) -> Result<Vec<u8>, DecodeError> {
    decode_as(packed, packed.element_kind()?)
}

/// Payloads of every type, as short as they are there.
fn small_records(longest: usize) -> Vec<(Vec<u8>, Payload<'static>)> {
    let vectors = lines(&vector_files("records.jsonl")[0]);
    let records: Vec<_> = vectors
        .iter()
        .map(|vector| {
            let order = if vector["container"] == "RSF" { WordOrder::Little } else { WordOrder::Big };
            let packed = Payload {
                bytes: &[],
                order,
                data_type: data_type(vector),
                pack_bits: number(vector, "nbits"),
                data_bits: 0,
                shape: shape(vector),
            };
            (payload(vector["words"].as_str().unwrap(), order), packed)
        })
        .filter(|(bytes, _)| bytes.len() <= longest)
        .collect();
    for code in [0, 1, 2, 3, 4, 5, 6, 7, 8, 129, 130, 133, 134] {
        assert!(
            records.iter().any(|(_, packed)| packed.data_type.code() & !64 == code),
            "no small record of type {code}"
        );
    }
    records
}

#[test]
fn every_truncation_is_an_error_or_loses_nothing() {
    for (bytes, packed) in small_records(2000) {
        let whole = natural(&Payload { bytes: &bytes, ..packed }).unwrap();
        let mut errors = 0;
        for length in 0..bytes.len() {
            let cut = Payload { bytes: &bytes[..length], ..packed };
            match natural(&cut) {
                // A type 2 record of exactly the length that a shifted one has is taken for one, and says so.
                Ok(_) if common::decode::<f64>(&cut, Threads::One).is_ok_and(|(_, decoded)| decoded.shifted) => {
                    assert_eq!((packed.data_type.code() & 63, length / 4 % 2), (2, 0));
                }
                Ok(values) => assert_eq!(values, whole, "type {} cut to {length} bytes", packed.data_type),
                Err(_) => errors += 1,
            }
        }
        assert!(errors >= 4, "type {} is decoded from nothing", packed.data_type);
    }
}

#[test]
fn every_flipped_bit_is_harmless() {
    for (mut bytes, packed) in small_records(700) {
        let whole = natural(&Payload { bytes: &bytes, ..packed }).unwrap();
        let mut changed = 0;
        for bit in 0..bytes.len() * 8 {
            bytes[bit / 8] ^= 1 << (bit % 8);
            match natural(&Payload { bytes: &bytes, ..packed }) {
                Ok(values) => changed += usize::from(values != whole),
                Err(error) => {
                    changed += 1;
                    assert!(!error.to_string().is_empty());
                }
            }
            bytes[bit / 8] ^= 1 << (bit % 8);
        }
        assert!(changed > 0, "no bit of a record of type {} matters", packed.data_type);
    }
}

#[test]
fn overwritten_bytes_are_harmless() {
    for (mut bytes, packed) in small_records(700) {
        for i in 0..bytes.len() {
            let byte = bytes[i];
            for value in [0, 1, 0x7F, 0x80, 0xFF] {
                bytes[i] = value;
                // With the wrong bits per element and the wrong type, too.
                for (data_type, pack_bits) in
                    [(packed.data_type, packed.pack_bits), (packed.data_type, value), (DataType::new(value), 16)]
                {
                    let _ = natural(&Payload { bytes: &bytes, data_type, pack_bits, ..packed });
                }
            }
            bytes[i] = byte;
        }
    }
}

/// Nobody allocates an output before [`Payload::element_count`] has agreed, so its refusal is what counts. Were a decoder to
/// allocate for such dimensions all the same, most of these would end the process.
#[test]
fn huge_dimensions_are_refused() {
    const ALL: [u8; 21] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 64, 65, 66, 69, 70, 129, 130, 133, 134, 193, 197, 198];
    let mut bytes = payload(&"0000ffff 7ff00001 effb8207 80009994 ".repeat(25), WordOrder::Big);
    let shapes = [
        (u32::MAX, u32::MAX, u32::MAX),
        (u32::MAX, u32::MAX, 1),
        (1 << 31, 2, 1),
        (70_000, 70_000, 1),
        (100_000, 16, 1),
    ];
    for code in ALL {
        for (ni, nj, nk) in shapes {
            for first in [0x7FF0_0000_u32, 0xEFF0_0000] {
                bytes[..4].copy_from_slice(&first.to_be_bytes());
                bytes[12..16].copy_from_slice(&[0, 0, 1, 0]);
                let packed = Payload {
                    bytes: &bytes,
                    order: WordOrder::Big,
                    data_type: DataType::new(code),
                    pack_bits: if code & 7 == 7 { 8 } else { 16 },
                    data_bits: 0,
                    shape: Shape { ni, nj, nk },
                };
                let count = packed.element_count();
                let decoded = packed.decode_into(&mut [0.0_f32; 64], Threads::Many);
                assert!(count.is_err(), "type {code}, {ni} x {nj} x {nk} in {} bytes: {count:?}", bytes.len());
                assert!(decoded.is_err());
            }
        }
    }
}

#[test]
fn zero_dimensions_are_refused() {
    let bytes = [0x11; 4000];
    for code in [0, 1, 2, 3, 4, 5, 6, 7, 8, 129, 130, 133, 134] {
        for (ni, nj, nk) in [(0, 20, 1), (20, 0, 1), (20, 20, 0)] {
            let shape = Shape { ni, nj, nk };
            let data_type = DataType::new(code);
            let packed =
                Payload { bytes: &bytes, order: WordOrder::Big, data_type, pack_bits: 16, data_bits: 0, shape };
            assert_eq!(packed.element_count(), Err(DecodeError::Shape { shape, reason: "a dimension is zero" }));
        }
    }
}

#[test]
fn the_wrong_buffer_is_refused() {
    let bytes = [0x11; 4000];
    let packed = |code, pack_bits, data_bits| Payload {
        bytes: &bytes,
        order: WordOrder::Little,
        data_type: DataType::new(code),
        pack_bits,
        data_bits,
        shape: Shape { ni: 4, nj: 1, nk: 1 },
    };
    let natural_of = |error| match error {
        Err(DecodeError::ElementType { natural, .. }) => natural,
        other => panic!("{other:?}"),
    };
    let one = Threads::One;
    assert_eq!(natural_of(packed(2, 16, 16).decode_into(&mut [0_u32; 4], one)), ElementKind::U16);
    assert_eq!(natural_of(packed(4, 16, 0).decode_into(&mut [0_u32; 4], one)), ElementKind::I32);
    assert_eq!(natural_of(packed(2, 64, 8).decode_into(&mut [0_u32; 4], one)), ElementKind::U64);
    assert_eq!(natural_of(packed(5, 32, 32).decode_into(&mut [0_i32; 4], one)), ElementKind::F32);
    assert_eq!(natural_of(packed(7, 8, 8).decode_into(&mut [0.0_f32; 4], one)), ElementKind::U8);
    assert_eq!(natural_of(packed(0, 8, 8).decode_into(&mut [0.0_f64; 1], one)), ElementKind::U32);
    assert_eq!(natural_of(packed(8, 64, 64).decode_into(&mut [0.0_f64; 8], one)), ElementKind::Complex64);
    let error = DecodeError::OutputLength { expected: 4, found: 5 };
    assert_eq!(packed(2, 16, 32).decode_into(&mut [0_u32; 5], one), Err(error));
    // Floats are welcome for numbers.
    let mut floats = [0.0_f32; 4];
    packed(2, 8, 8).decode_into(&mut floats, one).unwrap();
    assert!(floats.iter().all(|&value| (value - 17.0).abs() < f32::EPSILON));
}

#[test]
fn bits_per_element_of_each_type() {
    let accepted = |code: u8, order| -> Vec<u8> {
        let valid = |&pack_bits: &u8| {
            let data_type = DataType::new(code);
            let shape = Shape { ni: 16, nj: 16, nk: 1 };
            Payload { bytes: &[], order, data_type, pack_bits, data_bits: 0, shape }.element_kind().is_ok()
        };
        (0..=255).filter(valid).collect()
    };
    let range = |from: u8, to: u8| (from..=to).collect::<Vec<_>>();
    let or_64 = [range(1, 32), vec![64]].concat();
    for order in [WordOrder::Big, WordOrder::Little] {
        assert_eq!(accepted(0, order), range(1, 64));
        assert_eq!(accepted(1, order), range(1, 32));
        assert_eq!(accepted(3, order), range(0, 255));
        assert_eq!(accepted(5, order), or_64);
        assert_eq!(accepted(8, order), or_64);
        assert_eq!(accepted(70, order), range(1, 16));
        for code in [129, 130, 134, 193] {
            assert_eq!(accepted(code, order), range(1, 16));
        }
        assert_eq!(accepted(197, order), range(9, 32));
        for code in [9, 63, 128, 131, 132, 135, 136, 255] {
            assert!(accepted(code, order).is_empty(), "type {code}");
        }
    }
    // 64-bit integers exist in RSF only.
    assert_eq!(accepted(2, WordOrder::Big), range(1, 32));
    assert_eq!(accepted(4, WordOrder::Little), or_64);
}

/// A damaged stream of type 133, found by fuzzing against librmn: what of the mantissas goes beyond their bits goes into the
/// exponents. The hash (FNV-1a) is that of librmn's values.
#[test]
fn mantissas_beyond_their_bits() {
    const PAYLOAD: &str = "000000ca0008b995008503080000008480000000124924924924924924924924a49249b6db6db6dc92492492490000700000010000400000 \
     0000000430000000000000000000000014300000000000000000000000000000000000000000000000000000004004300000000000000000 \
     00000000000000000000000000000000000000000000000000000000000000000000000000000000bb006e01c007201d007601e007a01f00 \
     7e00000010008003001000500180070020009002800b003000d003800f00400110048013005001500580170060019006801b007001d01100 \
     6b002401c80c0043815c06a81f8008c04a01c409802fc0e60434134056c18206a41d007dc00f008a036012605d01c2084025e0ab02fa0d20 \
     3960f904321200230180c0000000000000008c0603000000000000000230180c000000000000000e7f000000000000000000000000000000 \
     00003c000000000000000000000000000000030000e0000000000018181807000000000000c0c0c038000000000006060601c00000000000 \
     3030300e000000000001818180700000000c0c03e060600000000000001f030300000000000000f8181800000000000007c0c0c000000000 \
     00003e060600000000000001f030300000000000001dff03fe03fc0000000000000000000000000000000000000000000000018000018306 \
     0000003fa2696969ff80ff8000000000000000000000d8306000000000000d8306000000000000d8306000000000000d8306000000000000 \
     d8306000000000000d8306000000000000d8306000000000000d8306000000000000d8306000000000000d8306000000000000d830000000 \
     000000000000000000000000000000000000000000000000002800000000618605000000000c30c1e000000000000000000018001ffe1ffe \
     07fe05000030c3000000a0000618600000140000c30c000002800018618000005000030c3000000a0000618600000140000c30c000002800 \
     018618000005000030c3000000a0018600000000000000000000000000000000000000000000000000000000000000000000000000000000 \
     000000000000000000000000000000000000000000000000";
    let bytes = payload(PAYLOAD, WordOrder::Big);
    let shape = Shape { ni: 39, nj: 39, nk: 1 };
    let data_type = DataType::new(133);
    let packed = Payload { bytes: &bytes, order: WordOrder::Big, data_type, pack_bits: 23, data_bits: 0, shape };
    let values = common::decode::<f32>(&packed, Threads::One).unwrap().0;
    let hash = values
        .iter()
        .flat_map(|value| value.to_le_bytes())
        .fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    assert_eq!(format!("{hash:016x}"), "cef53cfda8a6e5a0");
}
