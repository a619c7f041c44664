//! Any payload under any header that a directory can hold; two threads give what one gives.
#![no_main]

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use rpnfst_codecs::{DataType, ElementKind, Packed, Shape, Threads, WordOrder};

#[derive(Arbitrary, Debug)]
struct Input {
    data_type: u8,
    pack_bits: u8,
    data_bits: u8,
    dims: (u16, u16, u8),
    little: bool,
    payload: Vec<u8>,
}

fuzz_target!(|input: Input| {
    let packed = Packed {
        bytes: &input.payload,
        order: if input.little { WordOrder::Little } else { WordOrder::Big },
        data_type: DataType::new(input.data_type),
        pack_bits: input.pack_bits,
        data_bits: input.data_bits,
        shape: Shape { ni: input.dims.0.into(), nj: input.dims.1.into(), nk: input.dims.2.into() },
    };
    let (Ok(kind), Ok(count)) = (packed.element_kind(), packed.element_count()) else { return };
    if count > 1 << 22 {
        return;
    }
    macro_rules! decode {
        ($($kind:ident: $type:ty),*) => {
            match kind {
                $(ElementKind::$kind => {
                    let mut out = vec![<$type>::default(); count];
                    let _ = packed.decode_into(&mut out, Threads::One);
                })*
            }
        };
    }
    decode!(U8: u8, I8: i8, U16: u16, I16: i16, U32: u32, I32: i32, U64: u64, I64: i64, F32: f32, F64: f64,
        Complex32: [f32; 2], Complex64: [f64; 2]);
});
