//! Random records that librmn 19.5 writes and that mean something: the same ones for the same seed.
//!
//! Kept out: what ends the process (`codecs.md`, 4.4 and D12), what librmn computes from undefined memory (8-byte reals
//! with types 5, 6, 133, 134 and less than 64 bits), bytes with type 130 (D2), and turbo types with several levels (D4).
//! Kept in: requests that librmn converts to another type, incompressible fields, dates without origin, blank names.

mod grids;
mod integers;
mod labels;
mod reals;
mod shape;

use crate::data::{Data, Element};
use crate::rng::Rng;
use crate::spec::{Missing, Spec, Turbo, base_type};

pub use grids::{GridKind, rotation};
pub use labels::{random_ip, random_stamp};

/// Limits of the generator.
#[derive(Clone, Debug)]
pub struct Profile {
    /// Largest number of points.
    pub max_points: usize,
    /// Requested types with their flags; the flag 64 stands for missing values.
    pub types: Vec<i32>,
    /// Real patterns that contain NaN and infinities (types 5 and 133 only).
    pub special: bool,
}

/// Every type that librmn 19.5 writes correctly, alone and with missing values.
pub const ALL_TYPES: [i32; 22] =
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 129, 130, 133, 134, 65, 66, 68, 69, 70, 193, 194, 197, 198];

impl Default for Profile {
    fn default() -> Self {
        Self { max_points: 6000, types: ALL_TYPES.to_vec(), special: true }
    }
}

/// A record to write, and where it comes from.
#[derive(Clone, Debug)]
pub struct Case {
    /// The number that gives this case again.
    pub seed: u64,
    /// Name of the pattern of values.
    pub pattern: &'static str,
    /// The request.
    pub spec: Spec,
    /// The array.
    pub data: Data,
}

impl Case {
    /// The case of a seed.
    ///
    /// # Panics
    /// The profile lists no type, or one that is not in [`ALL_TYPES`].
    pub fn generate(seed: u64, profile: &Profile) -> Self {
        let mut rng = Rng::new(seed);
        let datyp = *rng.pick(&profile.types);
        assert!(ALL_TYPES.contains(&datyp), "type {datyp} is not generated");
        let with_missing = datyp & 64 != 0;
        let mut spec = labels::random_labels(&mut rng);
        spec.datyp = datyp;
        spec.turbo = if rng.chance(30) { Turbo::Fast } else { Turbo::Best };
        spec.missing = if with_missing && rng.chance(90) { Missing::Flags } else { Missing::Off };
        let flat = datyp & 128 != 0 || datyp == 3;
        [spec.ni, spec.nj, spec.nk] = shape::random_shape(&mut rng, flat, profile.max_points);
        let (element, nbits) = storage(&mut rng, datyp);
        spec.npak = -nbits;
        let request = Request { element, nbits: nbits.unsigned_abs(), datyp };
        let (data, pattern) = values(&mut rng, &spec, &request, profile);
        Self { seed, pattern, spec, data }
    }

    /// One line for a failure message.
    pub fn describe(&self) -> String {
        format!("case {}: {:?} {} {:?}", self.seed, self.data.element(), self.pattern, self.spec)
    }
}

/// What the generators of values must know.
pub(crate) struct Request {
    pub(crate) element: Element,
    pub(crate) nbits: u32,
    pub(crate) datyp: i32,
}

/// An element type and a width that go with a type. One request in ten is one that librmn converts.
fn storage(rng: &mut Rng, datyp: i32) -> (Element, i32) {
    let converted = rng.chance(10);
    match base_type(datyp) {
        0 => (Element::U32, rng.int(1, 64)),
        1 if datyp & 128 != 0 => (Element::F32, if converted { rng.int(17, 30) } else { 16 }),
        1 if converted => (Element::F32, rng.int(31, 32)),
        1 if rng.chance(25) => (Element::F64, rng.int(1, 30)),
        1 => (Element::F32, rng.int(1, 30)),
        3 | 7 => (Element::U8, 8),
        // With less than 16 bits librmn overruns its buffer on fields that do not compress.
        5 if datyp & 128 != 0 => (Element::F32, rng.int(16, 32)),
        5 if rng.chance(20) => (Element::F64, 64),
        5 => (Element::F32, rng.int(1, 32)),
        6 => (Element::F32, if converted { rng.int(17, 32) } else { rng.int(1, 16) }),
        8 if rng.chance(30) => (Element::Complex64, 64),
        8 => (Element::Complex32, *rng.pick(&[16, 24, 32, 32, 20, 31])),
        _ => integer_storage(rng, datyp, converted),
    }
}

#[allow(clippy::fn_params_excessive_bools, reason = "four independent properties")]
fn integer_storage(rng: &mut Rng, datyp: i32, converted: bool) -> (Element, i32) {
    let (unsigned, turbo, missing) = (base_type(datyp) == 2, datyp & 128 != 0, datyp & 64 != 0);
    // When the second stage fails on a short array, librmn reads it as if it were of 32-bit elements: past its end, and,
    // with missing values, past the end of the stack. Hence no bytes, and no missing values in 16 bits.
    let most = if turbo && !converted { 16 } else { 32 };
    match (rng.int(0, 3), unsigned) {
        (0, true) if !turbo => (Element::U8, rng.int(1, 8)),
        (1, true) if !(turbo && missing) => (Element::U16, rng.int(1, 16)),
        (0, false) => (Element::I8, rng.int(1, 8)),
        (1, false) => (Element::I16, rng.int(1, 16)),
        (_, true) => (Element::U32, rng.int(1, most)),
        (_, false) => (Element::I32, rng.int(1, most)),
    }
}

fn values(rng: &mut Rng, spec: &Spec, request: &Request, profile: &Profile) -> (Data, &'static str) {
    let ni = usize::try_from(spec.ni).unwrap_or(1);
    let count = spec.elements();
    match request.element {
        Element::F32 | Element::F64 | Element::Complex32 | Element::Complex64 => {
            reals::random_reals(rng, count, ni, request, profile)
        }
        Element::U8 if matches!(request.datyp, 3 | 7) => {
            ((Data::U8((0..count).map(|_| rng.bits().to_be_bytes()[0]).collect())), "bytes")
        }
        Element::U32 if base_type(request.datyp) == 0 => {
            (Data::U32((0..count).map(|_| rng.bits32()).collect()), "words")
        }
        _ => integers::random_integers(rng, count, ni, request),
    }
}
