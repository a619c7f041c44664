//! Every vector from the reference library: a selection in `testdata/`, and all of them if they lie beside the repository.
#![allow(clippy::float_cmp, reason = "exact values are the point")]

use crate::common::{self, data_type, decode_as, hex, lines, number, payload, shape, vector_files};
use rpnfst_codecs::{BaseType, DataType, ElementKind, Payload, Shape, Threads, WordOrder};
use serde_json::Value;

fn order(vector: &Value) -> WordOrder {
    match vector["container"].as_str() {
        Some("RSF") => WordOrder::Little,
        _ => WordOrder::Big,
    }
}

/// Element type of the expected values; types 8 have the type of a part there.
fn expected_kind(vector: &Value) -> ElementKind {
    let complex = data_type(vector).base() == BaseType::Complex;
    match vector["out_type"].as_str().unwrap() {
        "u8" => ElementKind::U8,
        "i8" => ElementKind::I8,
        "u16" => ElementKind::U16,
        "i16" => ElementKind::I16,
        "u32" => ElementKind::U32,
        "i32" => ElementKind::I32,
        "u64" => ElementKind::U64,
        "i64" => ElementKind::I64,
        "f32" if complex => ElementKind::Complex32,
        "f64" if complex => ElementKind::Complex64,
        "f32" => ElementKind::F32,
        "f64" => ElementKind::F64,
        other => panic!("{other}"),
    }
}

#[test]
fn records_decode_bit_for_bit() {
    for file in vector_files("records.jsonl") {
        let vectors = lines(&file);
        let mut types = std::collections::BTreeSet::new();
        for vector in &vectors {
            let kind = expected_kind(vector);
            let part = if data_type(vector).base() == BaseType::Complex { 2 } else { 1 };
            let bytes = payload(vector["words"].as_str().unwrap(), order(vector));
            let mut packed = Payload {
                bytes: &bytes,
                order: order(vector),
                data_type: data_type(vector),
                pack_bits: number(vector, "nbits"),
                data_bits: u8::try_from(kind.size() / part * 8).unwrap(),
                shape: shape(vector),
            };
            let id = &vector["id"];
            assert_eq!(packed.element_kind(), Ok(kind), "{id}");
            let decoded = decode_as(&packed, kind).unwrap_or_else(|error| panic!("{id}: {error}"));
            assert!(decoded == hex(vector["decoded"].as_str().unwrap()), "{id}: other values");
            types.insert((packed.data_type.code(), packed.order == WordOrder::Little));

            // The words after the meaningful ones carry nothing, and the meaningful ones are all needed.
            let used = number::<usize>(vector, "used_bits").div_ceil(32) * 4;
            packed.bytes = &bytes[..used];
            assert_eq!(decode_as(&packed, kind).as_ref(), Ok(&decoded), "{id} without trailing words");
            packed.bytes = &bytes[..used - 4];
            let shorter = decode_as(&packed, kind);
            // Reals of type 6 with exponent 0 are zeros whatever their tokens.
            let zeros = packed.data_type.base() == BaseType::Quantized && decoded.iter().all(|&byte| byte == 0);
            assert!(shorter.is_err() || zeros && shorter == Ok(decoded), "{id} without its last word");
        }
        for code in [0, 1, 2, 3, 4, 5, 6, 7, 8, 65, 66, 68, 69, 70, 129, 130, 133, 134, 194, 197, 198] {
            assert!(types.iter().any(|&(found, _)| found == code), "{}: no type {code}", file.display());
        }
        println!("{}: {} records, {} types and containers", file.display(), vectors.len(), types.len());
    }
}

#[test]
fn reals_widen_to_f64() {
    for file in vector_files("records.jsonl") {
        for vector in lines(&file) {
            let kind = expected_kind(&vector);
            let data_type = DataType::new(data_type(&vector).code() & !DataType::MISSING_FLAG);
            let exact = data_type.base() == BaseType::Real && order(&vector) == WordOrder::Big;
            if kind != ElementKind::F32 || exact {
                continue;
            }
            let bytes = payload(vector["words"].as_str().unwrap(), order(&vector));
            let (order, shape) = (order(&vector), shape(&vector));
            // Type 1 of values that had 64 bits is exact as well.
            let data_bits = if data_type.base() == BaseType::Real { 32 } else { 64 };
            let packed =
                Payload { bytes: &bytes, order, data_type, pack_bits: number(&vector, "nbits"), data_bits, shape };
            let natural = if data_bits == 64 { ElementKind::F64 } else { ElementKind::F32 };
            assert_eq!(packed.element_kind(), Ok(natural));
            let narrow = common::decode::<f32>(&packed, Threads::One).unwrap().0;
            let wide = common::decode::<f64>(&packed, Threads::One).unwrap().0;
            assert!(narrow.iter().zip(&wide).all(|(&n, w)| f64::from(n).to_bits() == w.to_bits()), "{}", vector["id"]);
        }
    }
}

#[test]
fn sample_streams_decode() {
    for file in vector_files("sample_streams.jsonl") {
        for vector in lines(&file) {
            // As type 130 of 16 bits, which is one word and then the stream.
            let words = format!("00000000{}", vector["words"].as_str().unwrap());
            for order in [WordOrder::Big, WordOrder::Little] {
                let packed = Payload {
                    bytes: &payload(&words, order),
                    order,
                    data_type: DataType::UNSIGNED_TURBO,
                    pack_bits: 16,
                    data_bits: 16,
                    shape: shape(&vector),
                };
                let decoded = decode_as(&packed, ElementKind::U16).unwrap();
                assert!(decoded == hex(vector["tokens"].as_str().unwrap()), "{}", vector["id"]);
                // Too small for the interpolation, as if the dimensions were wrong.
                let small = Payload { shape: Shape { ni: 20, nj: 78, nk: 1 }, ..packed };
                assert!(decode_as(&small, ElementKind::U16).is_err());
            }
        }
    }
}

#[test]
fn malformed_payloads_are_errors() {
    for file in vector_files("malformed.jsonl") {
        for vector in lines(&file) {
            for order in [WordOrder::Big, WordOrder::Little] {
                let packed = Payload {
                    bytes: &payload(vector["words"].as_str().unwrap(), order),
                    order,
                    data_type: data_type(&vector),
                    pack_bits: number(&vector, "nbits"),
                    data_bits: 0,
                    shape: shape(&vector),
                };
                let result = packed.element_kind().and_then(|kind| decode_as(&packed, kind));
                let error = result.expect_err(vector["reason"].as_str().unwrap());
                assert!(!error.to_string().is_empty());
            }
        }
    }
}
