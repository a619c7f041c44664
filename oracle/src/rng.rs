//! A small deterministic generator of random numbers (`xoshiro256**` seeded by `splitmix64`): the same cases on every machine.

/// State of the generator.
#[derive(Clone, Debug)]
pub struct Rng([u64; 4]);

impl Rng {
    /// Neighbouring seeds give unrelated sequences.
    pub fn new(seed: u64) -> Self {
        let mut state = seed;
        Self(std::array::from_fn(|_| splitmix(&mut state)))
    }

    /// 64 random bits.
    pub fn bits(&mut self) -> u64 {
        let state = &mut self.0;
        let result = state[1].wrapping_mul(5).rotate_left(7).wrapping_mul(9);
        let shifted = state[1] << 17;
        state[2] ^= state[0];
        state[3] ^= state[1];
        state[1] ^= state[2];
        state[0] ^= state[3];
        state[2] ^= shifted;
        state[3] = state[3].rotate_left(45);
        result
    }

    /// 32 random bits.
    pub fn bits32(&mut self) -> u32 {
        let [a, b, c, d, ..] = self.bits().to_be_bytes();
        u32::from_be_bytes([a, b, c, d])
    }

    /// Uniform in `low..=high` (`high >= low`; the slight bias of a remainder does not matter here).
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = u128::from(high.abs_diff(low)) + 1;
        let offset = u128::from(self.bits()) % span;
        low.wrapping_add_unsigned(u64::try_from(offset).unwrap_or(0))
    }

    /// Uniform in `low..=high`.
    pub fn int(&mut self, low: i32, high: i32) -> i32 {
        i32::try_from(self.between(low.into(), high.into())).unwrap_or(low)
    }

    /// Uniform in `low..=high`.
    pub fn size(&mut self, low: usize, high: usize) -> usize {
        low + usize::try_from(self.bits() % (high - low + 1) as u64).unwrap_or(0)
    }

    /// Uniform in 0 (included) to 1 (excluded), 32 bits of it random.
    pub fn unit(&mut self) -> f64 {
        f64::from(self.bits32()) / 4_294_967_296.0
    }

    /// True with probability `percent` / 100.
    pub fn chance(&mut self, percent: u32) -> bool {
        self.bits32() % 100 < percent
    }

    /// One of the items (at least one must be there).
    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.size(0, items.len() - 1)]
    }
}

fn splitmix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}
