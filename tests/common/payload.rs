//! Which bits of a payload mean something: of the others librmn says nothing.

use rpnfst_codecs::{BaseType, DataType, Payload, Shape, Stored, Threads, WordOrder};

/// How many bits of a payload mean something.
pub fn used_bits(stored: Stored, shape: Shape, payload: &[u8]) -> u64 {
    let n = shape.len().expect("small");
    let bits = u64::from(stored.pack_bits);
    if stored.data_type.is_turbo() {
        return used_words(stored, shape, payload) * 32;
    }
    match stored.data_type.base() {
        BaseType::Raw => (n * bits).next_multiple_of(32),
        BaseType::Real => 120 + n * bits,
        BaseType::Quantized => 96 + 16 * n.next_multiple_of(2),
        BaseType::Complex => 2 * n * bits,
        _ => n * bits,
    }
}

/// The fewest words that can be decoded: a stream that ends too early is an error.
fn used_words(stored: Stored, shape: Shape, payload: &[u8]) -> u64 {
    let decodes = |words: usize| {
        let packed = Payload {
            bytes: &payload[..words * 4],
            order: WordOrder::Big,
            data_type: stored.data_type,
            pack_bits: stored.pack_bits,
            data_bits: 32,
            shape,
        };
        let n = usize::try_from(shape.len().expect("small")).expect("small");
        match stored.data_type.base() {
            BaseType::Unsigned => packed.decode_into(&mut vec![0_u32; n], Threads::One).is_ok(),
            _ => packed.decode_into(&mut vec![0_f32; n], Threads::One).is_ok(),
        }
    };
    let (mut fails, mut works) = (0, payload.len() / 4);
    assert!(decodes(works));
    while works - fails > 1 {
        let middle = usize::midpoint(fails, works);
        if decodes(middle) { works = middle } else { fails = middle }
    }
    works as u64
}

/// The bits that mean something, in an order in which the others are at the end.
pub fn meaningful(payload: &[u8], bits: u64, stored: Stored) -> Vec<u8> {
    let mut bytes = payload.to_vec();
    // Characters of machine words fill each word from its other end.
    if stored.data_type == DataType::CHARACTERS {
        bytes.chunks_exact_mut(4).for_each(<[u8]>::reverse);
    }
    let bits = usize::try_from(bits).expect("small");
    bytes.truncate(bits.div_ceil(8));
    if let (Some(last), 1..) = (bytes.last_mut(), bits % 8) {
        *last &= 0xFF << (8 - bits % 8);
    }
    bytes
}
