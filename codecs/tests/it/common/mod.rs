//! Shared by the tests: vectors as JSON lines, words as hexadecimal text.

#[path = "../../../../tests/common/collection.rs"]
pub(crate) mod collection;
pub(crate) mod model;
#[path = "../../../../oracle/src/skipped.rs"]
mod skipped;

use std::path::{Path, PathBuf};

use proptest::prelude::*;
use rpnfst_codecs::{
    Compression, DataType, DecodeError, Decoded, Element, ElementKind, EncodeError, PackRequest, Payload, Rules, Shape,
    Stored, Threads, WordOrder, missing,
};
use serde_json::Value;

/// Lines of a JSON-lines file.
pub(crate) fn lines(path: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The selection in this repository, then the whole collection where it is.
pub(crate) fn vector_files(name: &str) -> Vec<PathBuf> {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata").join(name);
    // Streams of the old SAMPLE method are too long for the repository.
    let own = Some(own).filter(|file| file.exists());
    let all = collection::folder("fixtures/codecs").map(|folder| folder.join(name));
    own.into_iter().chain(all).collect()
}

pub(crate) fn hex(text: &str) -> Vec<u8> {
    assert_eq!(text.len() % 2, 0);
    (0..text.len()).step_by(2).map(|i| u8::from_str_radix(&text[i..i + 2], 16).unwrap()).collect()
}

/// Words as text with the most significant byte first, blanks ignored, in the byte order asked.
pub(crate) fn payload(words: &str, order: WordOrder) -> Vec<u8> {
    let mut bytes = hex(&words.split_whitespace().collect::<String>());
    if order == WordOrder::Little {
        bytes.chunks_exact_mut(4).for_each(<[u8]>::reverse);
    }
    bytes
}

pub(crate) fn number<T: TryFrom<u64>>(vector: &Value, key: &str) -> T {
    let value = vector[key].as_u64().unwrap_or_else(|| panic!("{key} in {vector}"));
    T::try_from(value).unwrap_or_else(|_| panic!("{key} is {value}"))
}

pub(crate) fn shape(vector: &Value) -> Shape {
    Shape {
        ni: number(vector, "ni"),
        nj: number(vector, "nj"),
        nk: vector["nk"].as_u64().unwrap_or(1).try_into().unwrap(),
    }
}

pub(crate) fn data_type(vector: &Value) -> DataType {
    DataType::new(number(vector, "datyp"))
}

/// A type that knows its little-endian bytes.
pub(crate) trait Bytes: Element {
    fn bytes(self) -> Vec<u8>;
}
macro_rules! bytes {
    ($($type:ty)*) => {$(
        impl Bytes for $type {
            fn bytes(self) -> Vec<u8> { self.to_le_bytes().to_vec() }
        }
    )*};
}
bytes!(u8 i8 u16 i16 u32 i32 u64 i64 f32 f64);
impl Bytes for [f32; 2] {
    fn bytes(self) -> Vec<u8> {
        self.map(f32::to_le_bytes).concat()
    }
}
impl Bytes for [f64; 2] {
    fn bytes(self) -> Vec<u8> {
        self.map(f64::to_le_bytes).concat()
    }
}

pub(crate) fn decode<T: Element>(packed: &Payload<'_>, threads: Threads) -> Result<(Vec<T>, Decoded), DecodeError> {
    let mut out = vec![T::default(); packed.element_count()?];
    let decoded = packed.decode_into(&mut out, threads)?;
    Ok((out, decoded))
}

/// Decoded elements as little-endian bytes; with missing values as the default flag if the type has them.
pub(crate) fn decode_bytes<T: Bytes>(packed: &Payload<'_>) -> Result<Vec<u8>, DecodeError> {
    let (mut out, _) = decode::<T>(packed, Threads::One)?;
    if packed.data_type.has_missing()
        && let (Some(mask), Some(flag)) = (missing::mask(&out), missing::default_flag())
    {
        missing::fill(&mut out, &mask, flag);
    }
    Ok(out.into_iter().flat_map(Bytes::bytes).collect())
}

/// [`decode_bytes`] for an element type known at run time.
pub(crate) fn decode_as(packed: &Payload<'_>, kind: ElementKind) -> Result<Vec<u8>, DecodeError> {
    match kind {
        ElementKind::U8 => decode_bytes::<u8>(packed),
        ElementKind::I8 => decode_bytes::<i8>(packed),
        ElementKind::U16 => decode_bytes::<u16>(packed),
        ElementKind::I16 => decode_bytes::<i16>(packed),
        ElementKind::U32 => decode_bytes::<u32>(packed),
        ElementKind::I32 => decode_bytes::<i32>(packed),
        ElementKind::U64 => decode_bytes::<u64>(packed),
        ElementKind::I64 => decode_bytes::<i64>(packed),
        ElementKind::F32 => decode_bytes::<f32>(packed),
        ElementKind::F64 => decode_bytes::<f64>(packed),
        ElementKind::Complex32 => decode_bytes::<[f32; 2]>(packed),
        ElementKind::Complex64 => decode_bytes::<[f64; 2]>(packed),
    }
}

/// A request with the recommended rules.
pub(crate) fn packing(code: u8, pack_bits: u8, shape: Shape) -> PackRequest<'static> {
    PackRequest {
        data_type: DataType::new(code),
        pack_bits,
        shape,
        order: WordOrder::Big,
        rules: Rules::Recommended,
        compression: Compression::Normal,
        missing: None,
    }
}

/// The payload; something that is in front stays there.
pub(crate) fn encode<T: Element>(packing: PackRequest<'_>, values: &[T]) -> Result<(Stored, Vec<u8>), EncodeError> {
    let mut out = vec![7; 5];
    let stored = packing.encode(values, Threads::One, &mut out);
    assert_eq!(out[..5], [7; 5]);
    if stored.is_err() {
        assert_eq!(out.len(), 5, "something is left after an error");
    }
    assert_eq!((out.len() - 5) % 4, 0);
    Ok((stored?, out.split_off(5)))
}

pub(crate) fn orders() -> impl Strategy<Value = WordOrder> {
    prop_oneof![Just(WordOrder::Big), Just(WordOrder::Little)]
}

/// More threads than this machine may have: with one only, nothing would be shared out.
pub(crate) fn on_several_threads(test: impl FnOnce() + Send) {
    #[cfg(feature = "rayon")]
    rayon::ThreadPoolBuilder::new().num_threads(3).build().unwrap().install(test);
    #[cfg(not(feature = "rayon"))]
    test();
}

pub(crate) fn compressions() -> impl Strategy<Value = Compression> {
    prop_oneof![Just(Compression::Fast), Just(Compression::Normal), Just(Compression::Best)]
}

pub(crate) fn shapes() -> impl Strategy<Value = Shape> {
    let side = || prop_oneof![1_u32..6, 14_u32..40];
    (side(), side(), prop_oneof![3 => Just(1_u32), 1 => 1_u32..4]).prop_map(|(ni, nj, nk)| Shape { ni, nj, nk })
}

/// Random words (xorshift), the same for the same seed.
pub(crate) fn random(seed: u64) -> impl FnMut() -> u64 {
    let mut state = seed | 1;
    move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    }
}
