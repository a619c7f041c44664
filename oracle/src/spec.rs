//! What is asked of librmn: a write, a search, an edit.

use crate::data::Element;

/// Level of the second compression stage.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Turbo {
    /// `FAST`: always the predictor of minima.
    Fast,
    /// `BEST`, the default: parallelogram predictor for fields of 16 by 16 and more.
    #[default]
    Best,
}

/// Treatment of missing values (`codecs.md`, section 9).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Missing {
    /// Feature off, the default: flag 64 is dropped when writing, substitutes are returned when reading.
    #[default]
    Off,
    /// Feature on, with librmn's default missing value of each element type.
    Flags,
}

/// A record to be written: the arguments of `fstecr`, and the global modes during the call.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs, reason = "the names of the field: `record.md`, section 1")]
pub struct Spec {
    pub nomvar: String,
    pub typvar: String,
    pub etiket: String,
    pub grtyp: String,
    pub ni: i32,
    pub nj: i32,
    pub nk: i32,
    pub dateo: i32,
    pub deet: i32,
    pub npas: i32,
    pub ip1: i32,
    pub ip2: i32,
    pub ip3: i32,
    pub ig1: i32,
    pub ig2: i32,
    pub ig3: i32,
    pub ig4: i32,
    /// Requested type with its flags.
    pub datyp: i32,
    /// Minus the bits per element, or one of the historical values 0 and above.
    pub npak: i32,
    /// Rewrite the first record of the same names and levels.
    pub rewrite: bool,
    /// Feature of missing values during this write.
    pub missing: Missing,
    /// Turbo level during this write.
    pub turbo: Turbo,
}

impl Default for Spec {
    fn default() -> Self {
        Self {
            nomvar: "TT".into(),
            typvar: "P".into(),
            etiket: "ORACLE".into(),
            grtyp: "X".into(),
            ni: 1,
            nj: 1,
            nk: 1,
            dateo: 380_000_000,
            deet: 0,
            npas: 0,
            ip1: 0,
            ip2: 0,
            ip3: 0,
            ig1: 0,
            ig2: 0,
            ig3: 0,
            ig4: 0,
            datyp: 5,
            npak: -32,
            rewrite: false,
            missing: Missing::Off,
            turbo: Turbo::Best,
        }
    }
}

impl Spec {
    /// Bits per element that `npak` asks for (`record.md`, section 2).
    pub fn nbits(&self) -> u32 {
        match self.npak {
            0 => 32,
            negative if negative < 0 => negative.unsigned_abs(),
            positive => (32 / positive.unsigned_abs()).max(1),
        }
    }

    /// Elements of the array that a write reads: words for type 0, else ni*nj*nk (0 when a dimension is negative).
    pub fn elements(&self) -> usize {
        let dimensions = [self.ni, self.nj, self.nk].map(|n| usize::try_from(n).unwrap_or(0));
        let points = dimensions.iter().product::<usize>();
        let raw = base_type(self.datyp) == 0 || matches!(self.npak, 0 | 1);
        if raw { (points * self.nbits() as usize).div_ceil(32) } else { points }
    }
}

/// What is searched: -1 and blanks accept everything.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs, reason = "the names of the field: `record.md`, section 1")]
pub struct Criteria {
    pub datev: i32,
    pub etiket: String,
    pub ip1: i32,
    pub ip2: i32,
    pub ip3: i32,
    pub typvar: String,
    pub nomvar: String,
}

impl Default for Criteria {
    fn default() -> Self {
        Self { datev: -1, etiket: " ".into(), ip1: -1, ip2: -1, ip3: -1, typvar: " ".into(), nomvar: " ".into() }
    }
}

/// New attributes of a record, in its directory entry only. `None` keeps what is there.
#[derive(Clone, Debug, Default, PartialEq)]
#[allow(missing_docs, reason = "the names of the field: `record.md`, section 1")]
pub struct Edit {
    /// Validity date (not origin).
    pub datev: Option<i32>,
    pub deet: Option<i32>,
    pub npas: Option<i32>,
    pub ip1: Option<i32>,
    pub ip2: Option<i32>,
    pub ip3: Option<i32>,
    pub ig1: Option<i32>,
    pub ig2: Option<i32>,
    pub ig3: Option<i32>,
    pub ig4: Option<i32>,
    pub nomvar: Option<String>,
    pub typvar: Option<String>,
    pub etiket: Option<String>,
    pub grtyp: Option<String>,
}

/// Type without its flags.
pub const fn base_type(datyp: i32) -> i32 {
    datyp & 0x3F
}

/// Element type in which a stored record is naturally read (`codecs.md`, section 2), for a directory without element
/// width: `None` for unknown types.
pub fn natural_element(datyp: i32, nbits: i32) -> Option<Element> {
    Some(match base_type(datyp) {
        0 | 2 => Element::U32,
        3 | 7 => Element::U8,
        4 => Element::I32,
        5 if nbits > 32 => Element::F64,
        1 | 5 | 6 => Element::F32,
        8 if nbits > 32 => Element::Complex64,
        8 => Element::Complex32,
        _ => return None,
    })
}
