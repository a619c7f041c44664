//! What is read and written: data types, sizes, values.

use rpnfst::{Compression, DataType, Rules};
use rpnfst_codecs::{PackRequest, Shape, WordOrder};
use rpnfst_oracle::{Codec, Data, Element, Spec};

use crate::Outcome;

/// A data type as it is asked for, and the element type in memory.
#[derive(Clone, Copy)]
pub struct Case {
    pub datyp: u8,
    pub bits: u8,
    pub element: Element,
}

const fn case(datyp: u8, bits: u8, element: Element) -> Case {
    Case { datyp, bits, element }
}

pub const CASES: &[Case] = &[
    case(1, 12, Element::F32),
    case(1, 16, Element::F32),
    case(1, 24, Element::F32),
    case(2, 8, Element::U32),
    case(2, 12, Element::U32),
    case(2, 16, Element::U32),
    case(2, 32, Element::U32),
    case(4, 12, Element::I32),
    case(4, 16, Element::I32),
    case(4, 32, Element::I32),
    case(5, 24, Element::F32),
    case(5, 32, Element::F32),
    case(5, 64, Element::F64),
    case(6, 12, Element::F32),
    case(6, 16, Element::F32),
    case(7, 8, Element::U8),
    case(8, 32, Element::Complex32),
    case(129, 16, Element::F32),
    case(130, 8, Element::U32),
    case(130, 16, Element::U32),
    case(133, 24, Element::F32),
    case(133, 32, Element::F32),
    case(134, 12, Element::F32),
    case(134, 16, Element::F32),
];

/// Dimensions: near the second-level cache, and a usual grid beyond it.
pub const SIZES: &[(u16, u16)] = &[(1000, 1000), (2540, 1290)];

impl Case {
    /// `datyp/bits`, as users of librmn write it.
    pub fn name(self) -> String {
        format!("{}/{}", self.datyp, self.bits)
    }

    /// What librmn is asked to write.
    pub fn spec(self, (ni, nj): (u16, u16)) -> Spec {
        let (datyp, npak) = (self.datyp.into(), -i32::from(self.bits));
        Spec { ni: ni.into(), nj: nj.into(), datyp, npak, ..Spec::default() }
    }

    pub fn codec(self, (ni, nj): (u16, u16)) -> Codec {
        Codec { datyp: self.datyp, bits: self.bits, ni, nj }
    }

    /// What our packer is asked to do.
    pub fn packing(self, (ni, nj): (u16, u16), order: WordOrder) -> PackRequest<'static> {
        PackRequest {
            data_type: DataType::new(self.datyp),
            pack_bits: self.bits,
            shape: Shape { ni: ni.into(), nj: nj.into(), nk: 1 },
            order,
            rules: Rules::Like(rpnfst::Librmn::V19),
            compression: Compression::Normal,
            missing: None,
        }
    }

    /// The values of [`field`] in the element type; integers fill the bits that they have.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "values chosen to fit")]
    pub fn data(self, values: &[f64]) -> Data {
        let scale = f64::from(self.bits.min(20)).exp2() / 400.0;
        match self.element {
            Element::U8 => Data::U8(values.iter().map(|v| *v as u8).collect()),
            Element::U32 => Data::U32(values.iter().map(|v| (v * scale) as u32).collect()),
            Element::I32 => Data::I32(values.iter().map(|v| ((v - 270.0) * scale) as i32).collect()),
            Element::F64 => Data::F64(values.to_vec()),
            Element::Complex32 => Data::Complex32(values.iter().map(|v| [*v as f32, -*v as f32]).collect()),
            _ => Data::F32(values.iter().map(|v| *v as f32).collect()),
        }
    }
}

/// A weather-like field: large waves, small waves, and noise in the last digits.
pub fn field((ni, nj): (u16, u16)) -> Vec<f64> {
    let mut noise = 1u32;
    let mut values = Vec::new();
    for j in 0..nj {
        for i in 0..ni {
            noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let (x, y) = (f64::from(i), f64::from(j));
            let waves = 20.0 * (x / 170.0).sin() * (y / 110.0).cos() + 3.0 * (x / 23.0 + y / 31.0).sin();
            values.push(270.0 + waves + f64::from(noise >> 16) / 65536.0 * 0.05);
        }
    }
    values
}

/// Work on an array whatever its element type.
pub trait Work {
    type Result;
    fn on<T: rpnfst::Element>(self, values: &[T]) -> Outcome<Self::Result>;
}

/// Does it for the element types of [`CASES`].
pub fn with_values<W: Work>(data: &Data, work: W) -> Outcome<W::Result> {
    match data {
        Data::U8(v) => work.on(v),
        Data::U32(v) => work.on(v),
        Data::I32(v) => work.on(v),
        Data::F32(v) => work.on(v),
        Data::F64(v) => work.on(v),
        Data::Complex32(v) => work.on(v),
        _ => Err("no case has such elements".into()),
    }
}
