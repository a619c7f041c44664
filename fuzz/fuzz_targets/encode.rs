//! Any values under any request: refused, or packed so that they come back as the type promises. Several threads give what
//! one gives.
#![no_main]

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use rpnfst_codecs::{
    BaseType, Compression, DataType, Element, ElementKind, Payload, PackRequest, Rules, Shape, Stored, Threads, WordOrder,
    Mask,
};
use rpnfst_fuzz::on_several_threads;

#[derive(Arbitrary, Debug)]
struct Input {
    data_type: u8,
    pack_bits: u8,
    ni: u8,
    nj: u8,
    nk: bool,
    little: bool,
    rules: u8,
    compression: u8,
    missing: Option<Vec<bool>>,
    values: Values,
    /// More of them, enough for several threads.
    large: bool,
}

#[derive(Arbitrary, Debug)]
enum Values {
    U8(Vec<u8>),
    I8(Vec<i8>),
    U16(Vec<u16>),
    I16(Vec<i16>),
    U32(Vec<u32>),
    I32(Vec<i32>),
    U64(Vec<u64>),
    I64(Vec<i64>),
    F32(Vec<f32>),
    F64(Vec<f64>),
    /// Neighbours that are alike, which random bytes never are.
    Smooth {
        start: f32,
        steps: Vec<i8>,
    },
}

fuzz_target!(|input: Input| {
    let factor = if input.large { 5 } else { 1 };
    let shape = Shape {
        ni: factor * (u32::from(input.ni % 40) + 1),
        nj: factor * (u32::from(input.nj % 40) + 1),
        nk: u32::from(input.nk) + 1,
    };
    let n = shape.len().unwrap() as usize;
    let mask = input
        .missing
        .as_ref()
        .map(|bits| (0..n).map(|k| bits.get(k % bits.len().max(1)) == Some(&true)).collect::<Mask>());
    let packing = PackRequest {
        data_type: DataType::new(input.data_type),
        pack_bits: input.pack_bits,
        shape,
        order: if input.little { WordOrder::Little } else { WordOrder::Big },
        rules: [Rules::Recommended, Rules::Like(rpnfst_codecs::Librmn::V19), Rules::Like(rpnfst_codecs::Librmn::V20)][usize::from(input.rules % 3)],
        compression: [Compression::Fast, Compression::Normal, Compression::Best][usize::from(input.compression % 3)],
        missing: mask.as_ref(),
    };
    match &input.values {
        Values::U8(v) => round_trip(&packing, n, v),
        Values::I8(v) => round_trip(&packing, n, v),
        Values::U16(v) => round_trip(&packing, n, v),
        Values::I16(v) => round_trip(&packing, n, v),
        Values::U32(v) => round_trip(&packing, n, v),
        Values::I32(v) => round_trip(&packing, n, v),
        Values::U64(v) => round_trip(&packing, n, v),
        Values::I64(v) => round_trip(&packing, n, v),
        Values::F32(v) => round_trip(&packing, n, v),
        Values::F64(v) => round_trip(&packing, n, v),
        Values::Smooth { start, steps } => {
            let mut value = *start;
            let smooth: Vec<f32> = (0..n)
                .map(|k| {
                    value += f32::from(*steps.get(k % steps.len().max(1)).unwrap_or(&0)) / 16.0;
                    value
                })
                .collect();
            round_trip(&packing, n, &smooth);
        }
    }
});

fn round_trip<T: Element>(packing: &PackRequest<'_>, n: usize, some: &[T]) {
    let n =
        if packing.data_type.base() == BaseType::Raw { (n * usize::from(packing.pack_bits)).div_ceil(32) } else { n };
    let values: Vec<T> = (0..n).map(|k| some.get(k % some.len().max(1)).copied().unwrap_or_default()).collect();
    let (mut payload, mut many) = (vec![7; 3], vec![7; 3]);
    let stored = packing.encode(&values, Threads::One, &mut payload);
    let parallel = on_several_threads(|| packing.encode(&values, Threads::Many, &mut many));
    assert_eq!(stored.as_ref().ok(), parallel.as_ref().ok());
    assert!(payload == many, "threads");
    let Ok(stored) = stored else {
        assert_eq!(payload, [7; 3], "nothing is left of what was refused");
        return;
    };
    let packed = Payload {
        bytes: &payload[3..],
        order: packing.order,
        data_type: stored.data_type,
        pack_bits: stored.pack_bits,
        data_bits: stored.data_bits,
        shape: packing.shape,
    };
    assert_eq!(packed.element_count().unwrap(), n, "{stored:?}");
    macro_rules! decode {
        ($($kind:ident: $type:ty),*) => {
            match packed.element_kind().unwrap() {
                $(ElementKind::$kind => {
                    let mut out = vec![<$type>::default(); n];
                    let decoded = packed.decode_into(&mut out, Threads::One).unwrap();
                    assert_eq!(decoded.stored, n);
                    assert!(!decoded.shifted, "{stored:?}");
                    same(packing, stored, &values, &out);
                })*
            }
        };
    }
    decode!(U8: u8, I8: i8, U16: u16, I16: i16, U32: u32, I32: i32, U64: u64, I64: i64, F32: f32, F64: f64,
        Complex32: [f32; 2], Complex64: [f64; 2]);
}

/// Types without loss give the values back, missing ones apart.
fn same<T: Element, U: Element>(packing: &PackRequest<'_>, stored: Stored, values: &[T], out: &[U]) {
    let lossless = match stored.data_type.base() {
        BaseType::Raw | BaseType::Characters | BaseType::String => true,
        BaseType::Unsigned | BaseType::Signed | BaseType::Ieee => usize::from(stored.pack_bits) == 8 * size_of::<T>(),
        _ => false,
    };
    let values: &dyn std::any::Any = &values.to_vec();
    let Some(values) = values.downcast_ref::<Vec<U>>().filter(|_| lossless) else { return };
    for (k, (a, b)) in values.iter().zip(out).enumerate() {
        let missing = stored.data_type.has_missing() && packing.missing.is_some_and(|mask| mask[k]);
        #[allow(clippy::eq_op)]
        let nan = a != a;
        assert!(a == b || missing || nan, "element {k}: {stored:?}");
    }
}
