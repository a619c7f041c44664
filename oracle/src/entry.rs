//! What the directory says of a record.

use std::ffi::c_char;

use crate::data::Element;
use crate::error::{OracleError, check};
use crate::library::{Session, text_of};
use crate::spec::{base_type, natural_element};

/// All that `fstprm` returns for a record.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names of the field: `record.md`, section 1")]
pub struct Entry {
    /// Handle of the record, valid while its file is open.
    pub handle: i32,
    /// Blank padded to 4.
    pub nomvar: String,
    /// Blank padded to 2.
    pub typvar: String,
    /// Blank padded to 12.
    pub etiket: String,
    /// One byte.
    pub grtyp: String,
    pub ni: i32,
    pub nj: i32,
    pub nk: i32,
    pub dateo: i32,
    /// Validity date; librmn counts it among the "extra" fields.
    pub datev: i32,
    pub deet: i32,
    pub npas: i32,
    pub nbits: i32,
    pub datyp: i32,
    pub ip1: i32,
    pub ip2: i32,
    pub ip3: i32,
    pub ig1: i32,
    pub ig2: i32,
    pub ig3: i32,
    pub ig4: i32,
    /// Address: 1-based, in 64-bit units.
    pub swa: i32,
    /// Length of the record, in 32-bit words.
    pub lng: i32,
    /// Deletion flag.
    pub dltf: i32,
    /// Unused bit count.
    pub ubc: i32,
}

impl Entry {
    /// Number of points, 0 when a dimension is negative.
    pub fn points(&self) -> usize {
        [self.ni, self.nj, self.nk].iter().map(|&n| usize::try_from(n).unwrap_or(0)).product()
    }

    /// Natural element type and number of such elements; `None` for an unknown type.
    pub fn natural(&self) -> Option<(Element, usize)> {
        let element = natural_element(self.datyp, self.nbits)?;
        let nbits = usize::try_from(self.nbits).unwrap_or(0);
        let raw = base_type(self.datyp) == 0;
        Some((element, if raw { (self.points() * nbits).div_ceil(32) } else { self.points() }))
    }
}

/// Calls `fstprm`.
/// What `fstprm` writes: integers, and blank-padded strings with a byte more for a NUL.
pub(crate) struct Raw {
    n: [i32; 11],
    m: [i32; 11],
    typvar: [u8; 3],
    nomvar: [u8; 5],
    etiket: [u8; 13],
    grtyp: [u8; 2],
}

pub(crate) fn describe_raw(session: &Session, handle: i32) -> Result<Raw, OracleError> {
    let (n, m) = ([0_i32; 11], [0_i32; 11]);
    let mut raw = Raw { n, m, typvar: padded(), nomvar: padded(), etiket: padded(), grtyp: padded() };
    let code = {
        let [dateo, deet, npas, ni, nj, nk, nbits, datyp, ip1, ip2, ip3] = &mut raw.n;
        let [ig1, ig2, ig3, ig4, swa, lng, dltf, ubc, extra1, extra2, extra3] = &mut raw.m;
        // SAFETY: every pointer is to a live integer, or to a buffer one longer than the field (for the NUL); the lock
        // is held. An unknown handle gives an error code.
        unsafe {
            (session.fstprm)(
                handle,
                dateo,
                deet,
                npas,
                ni,
                nj,
                nk,
                nbits,
                datyp,
                ip1,
                ip2,
                ip3,
                pointer(&mut raw.typvar),
                pointer(&mut raw.nomvar),
                pointer(&mut raw.etiket),
                pointer(&mut raw.grtyp),
                ig1,
                ig2,
                ig3,
                ig4,
                swa,
                lng,
                dltf,
                ubc,
                extra1,
                extra2,
                extra3,
            )
        }
    };
    check("fstprm", code)?;
    Ok(raw)
}

pub(crate) fn describe(session: &Session, handle: i32) -> Result<Entry, OracleError> {
    let Raw { n, m, typvar, nomvar, etiket, grtyp } = describe_raw(session, handle)?;
    let [dateo, deet, npas, ni, nj, nk, nbits, datyp, ip1, ip2, ip3] = n;
    let [ig1, ig2, ig3, ig4, swa, lng, dltf, ubc, validity, _, _] = m;
    Ok(Entry {
        handle,
        nomvar: text_of(&nomvar),
        typvar: text_of(&typvar),
        etiket: text_of(&etiket),
        grtyp: text_of(&grtyp),
        ni,
        nj,
        nk,
        dateo,
        datev: validity,
        deet,
        npas,
        nbits,
        datyp,
        ip1,
        ip2,
        ip3,
        ig1,
        ig2,
        ig3,
        ig4,
        swa,
        lng,
        dltf,
        ubc,
    })
}

/// Blanks and a final NUL.
fn padded<const N: usize>() -> [u8; N] {
    let mut buffer = [b' '; N];
    buffer[N - 1] = 0;
    buffer
}

fn pointer<const N: usize>(buffer: &mut [u8; N]) -> *mut c_char {
    buffer.as_mut_ptr().cast()
}
