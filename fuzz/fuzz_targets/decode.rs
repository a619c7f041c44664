//! Any payload under any header that a directory can hold. Several threads give what one gives, and doubles what floats
//! give. The input is plain: nine bytes of header, then the payload (`examples/seeds.rs` makes such files).
#![no_main]

use libfuzzer_sys::fuzz_target;
use rpnfst::Values;
use rpnfst_codecs::{BaseType, DataType, DecodeError, Element, ElementKind, Payload, Shape, Threads, WordOrder};
use rpnfst_fuzz::on_several_threads;

fuzz_target!(|data: &[u8]| {
    let Some(([data_type, pack_bits, data_bits, order, a, b, c, d, nk], payload)) = data.split_first_chunk() else {
        return;
    };
    let packed = Payload {
        bytes: payload,
        order: if order & 1 == 1 { WordOrder::Little } else { WordOrder::Big },
        data_type: DataType::new(*data_type),
        pack_bits: *pack_bits,
        data_bits: *data_bits,
        shape: Shape {
            ni: u16::from_le_bytes([*a, *b]).into(),
            nj: u16::from_le_bytes([*c, *d]).into(),
            nk: u32::from(*nk),
        },
    };
    let (Ok(kind), Ok(count)) = (packed.element_kind(), packed.element_count()) else { return };
    if count > 1 << 20 {
        return;
    }
    macro_rules! decode {
        ($($kind:ident),*) => {
            match kind {
                $(ElementKind::$kind => {
                    let one = decode(&packed, count, Threads::One).map(Values::$kind);
                    let many = on_several_threads(|| decode(&packed, count, Threads::Many)).map(Values::$kind);
                    (one, many)
                })*
            }
        };
    }
    let (one, many) = decode!(U8, I8, U16, I16, U32, I32, U64, I64, F32, F64, Complex32, Complex64);
    assert_eq!(one.is_ok(), many.is_ok());
    if let (Ok(one), Ok(many)) = (&one, &many) {
        assert!(one.to_le_bytes() == many.to_le_bytes(), "threads");
    }
    if matches!(kind, ElementKind::Complex32 | ElementKind::Complex64)
        || matches!(packed.data_type.base(), BaseType::Raw | BaseType::Characters | BaseType::String)
    {
        return;
    }
    let doubles = decode::<f64>(&packed, count, Threads::One);
    assert_eq!(one.is_ok(), doubles.is_ok());
    // That type has a formula of its own for doubles.
    let more_precise = packed.data_type.base() == BaseType::Real && packed.order == WordOrder::Big;
    if let (Ok(one), Ok(doubles), false) = (one, doubles, more_precise) {
        let natural = one.to_f64().expect("numbers");
        let same = |(a, b): (&f64, &f64)| a == b || a.is_nan() && b.is_nan();
        assert!(natural.iter().zip(&doubles).all(same), "doubles");
    }
});

fn decode<T: Element>(packed: &Payload<'_>, count: usize, threads: Threads) -> Result<Vec<T>, DecodeError> {
    let mut out = vec![T::default(); count];
    packed.decode_into(&mut out, threads)?;
    Ok(out)
}
