//! What the reference library wrote, from the same values: same type, bits and length, and the same meaningful bits.

use crate::common::{hex, lines, number, payload, shape, vector_files};
use rpnfst_codecs::{
    Compression, DataType, Element, EncodeError, PackRequest, Rules, Stored, Threads, WordOrder, missing,
};
use serde_json::Value;

/// The first `bits` bits of a payload, with the others zero.
fn meaningful(payload: &[u8], bits: usize) -> Vec<u8> {
    let mut bytes = payload.to_vec();
    bytes.truncate(bits.div_ceil(8));
    if let (Some(last), 1..) = (bytes.last_mut(), bits % 8) {
        *last &= 0xFF << (8 - bits % 8);
    }
    bytes
}

/// Words from one byte order to another.
fn reordered(payload: &[u8], from: WordOrder, to: WordOrder) -> Vec<u8> {
    let mut bytes = payload.to_vec();
    if from != to {
        bytes.chunks_exact_mut(4).for_each(<[u8]>::reverse);
    }
    bytes
}

fn encode<T: Element>(packing: PackRequest<'_>, values: &[T]) -> Result<(Stored, Vec<u8>), EncodeError> {
    let mask = missing::flagged(values);
    let packing = PackRequest { missing: mask.as_ref(), ..packing };
    let mut out = vec![1, 2, 3];
    let stored = packing.encode(values, Threads::One, &mut out)?;
    assert_eq!(out[..3], [1, 2, 3]);
    Ok((stored, out.split_off(3)))
}

fn encode_vector(packing: PackRequest<'_>, vector: &Value) -> Result<(Stored, Vec<u8>), EncodeError> {
    let bytes = hex(vector["input"].as_str().unwrap());
    let n = usize::try_from(packing.shape.len().unwrap()).unwrap();
    macro_rules! numbers {
        ($($name:literal: $type:ty),*) => {
            match vector["in_type"].as_str().unwrap() {
                $( $name => {
                    let values: Vec<$type> = bytes.as_chunks().0.iter().map(|&b| <$type>::from_le_bytes(b)).collect();
                    encode(packing, &values)
                } )*
                other => panic!("{other}"),
            }
        };
    }
    match (packing.data_type.code(), vector["in_type"].as_str().unwrap()) {
        (3 | 7, _) => encode(packing, &bytes[..n]),
        (8, "f32") => {
            let parts: Vec<f32> = bytes.as_chunks().0.iter().map(|&b| f32::from_le_bytes(b)).collect();
            encode(packing, parts.as_chunks::<2>().0)
        }
        (8, _) => {
            let parts: Vec<f64> = bytes.as_chunks().0.iter().map(|&b| f64::from_le_bytes(b)).collect();
            encode(packing, parts.as_chunks::<2>().0)
        }
        (0, _) => {
            let words: Vec<u32> = bytes.as_chunks().0.iter().map(|&b| u32::from_le_bytes(b)).collect();
            encode(packing, &words)
        }
        _ => numbers!("u8": u8, "u16": u16, "u32": u32, "u64": u64, "i8": i8, "i16": i16, "i32": i32, "i64": i64,
                      "f32": f32, "f64": f64),
    }
}

#[test]
fn records_encode_bit_for_bit() {
    for file in vector_files("records.jsonl") {
        let vectors = lines(&file);
        let mut failures = Vec::new();
        for vector in &vectors {
            let order = if vector["container"] == "RSF" { WordOrder::Little } else { WordOrder::Big };
            let packing = PackRequest {
                data_type: DataType::new(number(vector, "datyp_in")),
                pack_bits: number(vector, "nbits_in"),
                shape: shape(vector),
                order,
                rules: if vector["src"] == "19.5" {
                    Rules::Like(rpnfst_codecs::Librmn::V19)
                } else {
                    Rules::Like(rpnfst_codecs::Librmn::V20)
                },
                compression: if vector["level"] == "FAST" { Compression::Fast } else { Compression::Normal },
                missing: None,
            };
            let id = &vector["id"];
            // Characters of machine words fill each word from its other end.
            let from = if packing.data_type.code() == 3 { WordOrder::Little } else { WordOrder::Big };
            let expected = payload(vector["words"].as_str().unwrap(), from);
            let used: usize = number(vector, "used_bits");
            let (data_type, bits): (u8, u8) = (number(vector, "datyp"), number(vector, "nbits"));
            match encode_vector(packing, vector) {
                Err(error) => failures.push(format!("{id}: {error}")),
                Ok((stored, _)) if (stored.data_type.code(), stored.pack_bits) != (data_type, bits) => {
                    failures.push(format!("{id}: {stored:?}, expected {data_type} with {bits} bits"));
                }
                Ok((_, bytes)) if bytes.len() != expected.len() => {
                    failures.push(format!(
                        "{id}: type {data_type}, {} bytes, expected {}",
                        bytes.len(),
                        expected.len()
                    ));
                }
                Ok((_, bytes)) => {
                    let found = reordered(&bytes, order, from);
                    if meaningful(&found, used) != meaningful(&expected, used) {
                        let at = found.iter().zip(&expected).position(|(a, b)| a != b);
                        failures.push(format!("{id}: type {data_type}, byte {at:?} of {} differs", used / 8));
                    }
                    if found[used.div_ceil(8)..].iter().any(|&byte| byte != 0) {
                        failures.push(format!("{id}: padding is not zero"));
                    }
                }
            }
        }
        assert!(failures.is_empty(), "{} of {}:\n{}", failures.len(), vectors.len(), failures.join("\n"));
        println!("{}: {} records", file.display(), vectors.len());
    }
}
