//! Slow models of the compressed streams, straight from their definition, one bit after the other. Nothing is shared with the
//! crate: writers of well-formed streams, and readers that accept whatever the definition accepts.

/// Bits, most significant first.
#[derive(Default, Clone)]
pub(crate) struct Bits(pub(crate) Vec<bool>);

impl Bits {
    pub(crate) fn put(&mut self, value: u64, width: u32) {
        self.0.extend((0..width).rev().map(|i| value >> i & 1 == 1));
    }

    pub(crate) fn words(&self) -> Vec<u32> {
        self.0
            .chunks(32)
            .map(|word| word.iter().zip(0..).fold(0, |w, (&bit, i)| w | u32::from(bit) << (31 - i)))
            .collect()
    }
}

/// Reads bits; `None` beyond the end.
pub(crate) struct Reader<'a> {
    pub(crate) words: &'a [u32],
    pub(crate) at: usize,
}

impl Reader<'_> {
    pub(crate) fn get(&mut self, width: u32) -> Option<u64> {
        let mut value = 0;
        for _ in 0..width {
            value = value << 1 | u64::from(self.words.get(self.at / 32)? >> (31 - self.at % 32) & 1);
            self.at += 1;
        }
        Some(value)
    }

    pub(crate) fn signed(&mut self, width: u32) -> Option<i64> {
        let value = self.get(width)?.cast_signed();
        Some(if value >> (width - 1) & 1 == 1 { value - (1 << width) } else { value })
    }
}

fn significant(value: u64) -> u32 {
    64 - value.leading_zeros()
}

fn tiles(first: usize, count: usize, step: usize) -> Vec<(usize, usize)> {
    (first..count).step_by(step).map(|start| (start, count.min(start + step))).collect()
}

/// Method 3 with a header in front.
pub(crate) fn write_minimum(f: &[u16], ni: usize, step: usize, width: u32) -> Vec<u32> {
    let nj = f.len() / ni;
    let mut bits = Bits::default();
    for (j0, j1) in tiles(0, nj, step) {
        for (i0, i1) in tiles(0, ni, step) {
            let tile: Vec<u64> =
                (j0..j1).flat_map(|j| (i0..i1).map(move |i| (i, j))).map(|(i, j)| f[j * ni + i].into()).collect();
            let min = *tile.iter().min().unwrap();
            let k = significant(tile.iter().max().unwrap() - min).min(15);
            bits.put(k.into(), 4);
            if k < 15 {
                bits.put(min, width);
            }
            for value in tile {
                bits.put(if k == 15 { value } else { value - min }, if k == 15 { 16 } else { k });
            }
        }
    }
    let step = u32::try_from(step).unwrap();
    [vec![3 | step << 7 | width << 10 | 1 << 15], bits.words()].concat()
}

pub(crate) fn read_minimum(words: &[u32], ni: usize, nj: usize) -> Option<Vec<u16>> {
    let (step, width) = ((words[0] >> 7 & 7) as usize, words[0] >> 10 & 31);
    let mut reader = Reader { words: &words[1..], at: 0 };
    let mut f = vec![0; ni * nj];
    for (j0, j1) in tiles(0, nj, step) {
        for (i0, i1) in tiles(0, ni, step) {
            let k = reader.get(4)?;
            let min = if k < 15 { reader.get(width)? } else { 0 };
            let k = if k == 15 { 16 } else { u32::try_from(k).unwrap() };
            for j in j0..j1 {
                for i in i0..i1 {
                    f[j * ni + i] = u16::try_from((min + reader.get(k)?) % 65536).unwrap();
                }
            }
        }
    }
    Some(f)
}

/// Which parallelogram scheme: that of 16-bit tokens or one of type 133.
#[derive(Clone, Copy)]
pub(crate) struct Scheme {
    pub(crate) step: usize,
    pub(crate) width: u32,
    /// Size of the codes.
    pub(crate) field: u32,
    /// 15 means 17 bits, and 16 is not used.
    pub(crate) exception: bool,
    /// Largest code.
    pub(crate) limit: u64,
}

/// Differences to be written and the tokens of the first row and column, without header.
pub(crate) fn write_parallelogram(f: &[u64], ni: usize, scheme: Scheme) -> Bits {
    let nj = f.len() / ni;
    let at = |i: usize, j: usize| f[j * ni + i].cast_signed();
    let mut bits = Bits::default();
    bits.put(scheme.field.into(), 3);
    (0..ni).for_each(|i| bits.put(f[i], scheme.width));
    (1..nj).for_each(|j| bits.put(f[j * ni], scheme.width));
    for (j0, j1) in tiles(1, nj, scheme.step) {
        for (i0, i1) in tiles(1, ni, scheme.step) {
            let tile: Vec<i64> = (j0..j1)
                .flat_map(|j| (i0..i1).map(move |i| (i, j)))
                .map(|(i, j)| at(i, j) - (at(i, j - 1) + at(i - 1, j) - at(i - 1, j - 1)))
                .collect();
            let mut k = significant(tile.iter().map(|d| d.unsigned_abs()).max().unwrap());
            if scheme.exception && k == 16 {
                k = 15;
            }
            bits.put(k.into(), scheme.field);
            let t = if scheme.exception && k == 15 { 17 } else { k + 1 };
            for d in tile {
                bits.put(d.cast_unsigned(), if k == 0 { 0 } else { t });
            }
        }
    }
    bits
}

/// Sums modulo 2^32; the header gives nothing but the step and width in `scheme`.
pub(crate) fn read_parallelogram(reader: &mut Reader<'_>, ni: usize, nj: usize, scheme: Scheme) -> Option<Vec<u32>> {
    let field = u32::try_from(reader.get(3)?).unwrap();
    if !(field == scheme.field || scheme.exception && field == 9 - scheme.field) {
        return None;
    }
    let mut f = vec![0_i64; ni * nj];
    for value in &mut f[..ni] {
        *value = reader.get(scheme.width)?.cast_signed();
    }
    for j in 1..nj {
        f[j * ni] = reader.get(scheme.width)?.cast_signed();
    }
    for (j0, j1) in tiles(1, nj, scheme.step) {
        for (i0, i1) in tiles(1, ni, scheme.step) {
            let k = reader.get(field)?;
            if k > scheme.limit {
                return None;
            }
            let t = if scheme.exception && matches!(k, 15 | 16) { 17 } else { u32::try_from(k).unwrap() + 1 };
            for j in j0..j1 {
                for i in i0..i1 {
                    let d = if k == 0 { 0 } else { reader.signed(t)? };
                    let here = j * ni + i;
                    // Kept small; congruent modulo 2^32 all the same.
                    f[here] = (d + f[here - ni] + f[here - 1] - f[here - ni - 1]) & 0xFFFF_FFFF;
                }
            }
        }
    }
    Some(f.into_iter().map(|value| u32::try_from(value & 0xFFFF_FFFF).unwrap()).collect())
}

pub(crate) fn turbo_scheme(step: usize, width: u32) -> Scheme {
    Scheme { step, width, field: if width >= 15 { 5 } else { 4 }, exception: true, limit: 17 }
}

/// Method 4 with a header in front.
pub(crate) fn write_lorenzo(f: &[u16], ni: usize, step: usize, width: u32) -> Vec<u32> {
    let wide: Vec<u64> = f.iter().map(|&token| token.into()).collect();
    let bits = write_parallelogram(&wide, ni, turbo_scheme(step, width));
    let step = u32::try_from(step).unwrap();
    [vec![4 | 1 << 4 | step << 7 | width << 10 | 1 << 15], bits.words()].concat()
}

pub(crate) fn read_lorenzo(words: &[u32], ni: usize, nj: usize) -> Option<Vec<u16>> {
    let scheme = turbo_scheme((words[0] >> 7 & 7) as usize, words[0] >> 10 & 31);
    let mut reader = Reader { words: &words[1..], at: 0 };
    let f = read_parallelogram(&mut reader, ni, nj, scheme)?;
    Some(f.into_iter().map(|value| u16::try_from(value % 65536).unwrap()).collect())
}

/// Signs of type 133, as the definition's encoder writes them.
pub(crate) fn write_signs(s: &[bool]) -> Bits {
    let mut bits = Bits::default();
    let n = s.len();
    let mut p = 0;
    let literal = |bits: &mut Bits, p: usize| {
        bits.put(0, 1);
        s[p..n.min(p + 7)].iter().for_each(|&bit| bits.put(bit.into(), 1));
    };
    while p < n {
        let mut left = s[p..].iter().take_while(|&&bit| bit == s[p]).count();
        if left < 8 {
            literal(&mut bits, p);
            p += 7;
            continue;
        }
        let mut seen = false;
        while left > 0 {
            let c = left.min(62);
            if c < 8 {
                literal(&mut bits, p);
                p += 7;
                left = 0;
            } else if c == 62 && left > 256 && seen {
                bits.put(0xFF, 8);
                p += 255;
                left -= 255;
            } else {
                bits.put(1, 1);
                bits.put(s[p].into(), 1);
                bits.put(c as u64, 6);
                p += c;
                left -= c;
                seen |= c == 62;
            }
        }
    }
    bits
}

/// A type 133 payload, word 0 included.
pub(crate) fn write_ieee_turbo(values: &[f32], ni: usize, nbits: u32) -> Vec<u32> {
    let mb = nbits - 9;
    let fields: Vec<u64> = values.iter().map(|v| u64::from(v.to_bits() >> 23 & 0xFF)).collect();
    let mantissas: Vec<u64> = values.iter().map(|v| u64::from((v.to_bits() & 0x7F_FFFF) >> (23 - mb))).collect();
    let signs: Vec<bool> = values.iter().map(|v| v.is_sign_negative()).collect();
    let smallest = *fields.iter().min().unwrap();
    let ke = significant(fields.iter().max().unwrap() - smallest);
    let sign_code = match (signs.contains(&true), signs.contains(&false)) {
        (false, _) => 0x00,
        (true, false) => 0x10,
        (true, true) => 0x20,
    };
    let codes = sign_code | if ke > 0 { 8 } else { 0 };
    let mut z = vec![0, 0x0008_8195 + (mb << 10), u32::try_from(smallest).unwrap() << 16 | ke << 8 | codes];
    let section = |z: &mut Vec<u32>, bits: &Bits| {
        let words = bits.words();
        z.push(4 * (u32::try_from(words.len()).unwrap() + 1));
        z.extend(words);
        z.push(0);
    };
    if sign_code == 0x20 {
        section(&mut z, &write_signs(&signs));
    }
    if ke > 0 {
        let offsets: Vec<u64> = fields.iter().map(|field| field - smallest).collect();
        let scheme = Scheme { step: 3, width: ke, field: 4, exception: false, limit: 9 };
        section(&mut z, &write_parallelogram(&offsets, ni, scheme));
    }
    z.push(0xDEAD);
    let scheme = Scheme { step: 3, width: mb, field: 5, exception: false, limit: u64::from(mb) + 1 };
    z.extend(write_parallelogram(&mantissas, ni, scheme).words());
    z.push(0);
    z
}
