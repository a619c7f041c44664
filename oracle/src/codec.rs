//! librmn's codecs without a file, where it exports them: for benchmarks.
//!
//! Payloads are native words. Arguments whose meaning no document gives were found by trying: they are right when the
//! results are those of whole records, which the caller compares.

use std::ffi::{c_int, c_void};
use std::ptr;

use crate::data::Buffer;
use crate::error::{OracleError, check};
use crate::library::Librmn;

/// A field as the codecs see it. Elements in memory have 32 bits, or 64 with more than 32 bits stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Codec {
    /// Type with its flags.
    pub datyp: u8,
    /// Bits of a stored element.
    pub bits: u8,
    /// First dimension.
    pub ni: u16,
    /// Second dimension.
    pub nj: u16,
}

/// What is done.
#[derive(Clone, Copy)]
enum Way {
    Pack,
    Unpack,
}

const UNSIGNED: u8 = 2;
const SIGNED: u8 = 4;
const REAL: u8 = 1;
const IEEE: u8 = 5;
const QUANTIZED: u8 = 6;

impl Codec {
    /// Whether librmn exports functions for it whose arguments are known.
    pub fn is_exported(self) -> bool {
        match self.datyp {
            UNSIGNED | SIGNED | REAL | IEEE => self.bits <= 32,
            QUANTIZED | 129 | 130 | 134 => self.bits <= 16,
            133 => (16..=32).contains(&self.bits) && self.ni >= 16 && self.nj >= 16,
            _ => false,
        }
    }

    fn elements(self) -> usize {
        usize::from(self.ni) * usize::from(self.nj)
    }

    /// Words that a payload needs in memory: compression works in place, and reads and writes beyond its end.
    pub fn room(self) -> usize {
        self.elements() + 256
    }

    fn check(self, payload: &[u32], buffer: &Buffer) -> Result<(), OracleError> {
        let sound = self.is_exported() && payload.len() >= self.room() && buffer.capacity() >= 4 * self.elements() + 64;
        if sound { Ok(()) } else { Err(OracleError::Length { expected: self.room(), found: payload.len() }) }
    }
}

impl Librmn {
    /// Decodes a payload of 32-bit elements; compressed ones are changed by it.
    ///
    /// # Errors
    /// Too little memory, a codec that is not exported, or librmn's code.
    pub fn unpack(&self, codec: Codec, payload: &mut [u32], out: &mut Buffer) -> Result<(), OracleError> {
        codec.check(payload, out)?;
        self.run(codec, Way::Unpack, payload, out.as_mut_ptr()).map(drop)
    }

    /// Encodes 32-bit elements, which may be changed by it. Returns the bytes of the compressed stream, 0 if there is
    /// none.
    ///
    /// # Errors
    /// As [`unpack`](Self::unpack).
    pub fn pack(&self, codec: Codec, values: &mut Buffer, payload: &mut [u32]) -> Result<usize, OracleError> {
        codec.check(payload, values)?;
        self.run(codec, Way::Pack, payload, values.as_mut_ptr())
    }

    fn run(self, codec: Codec, way: Way, payload: &mut [u32], field: *mut c_void) -> Result<usize, OracleError> {
        let session = self.lock();
        let count = c_int::try_from(codec.elements()).unwrap_or(0);
        let [ni, nj, bits] = [codec.ni.into(), codec.nj.into(), codec.bits.into()];
        let base = payload.as_mut_ptr();
        let word = |k: usize| base.wrapping_add(k).cast::<c_void>();
        let mode = match way {
            Way::Pack => 1,
            Way::Unpack => 2,
        };
        let turbo = |k: usize| {
            // SAFETY: the tokens of all elements have room from word `k` on; the lock is held.
            check("armn_compress", unsafe { (session.armn_compress)(word(k).cast(), ni, nj, 1, bits, mode) })
        };
        let integers = |k: usize, bits: c_int, code: c_int| {
            // SAFETY: array and payload have room for all elements; there is no header; the lock is held.
            unsafe { (session.compact_integer)(field, ptr::null_mut(), word(k), count, bits, 0, 1, code) };
        };
        let mut missing = 0.0_f32;
        let missing = ptr::from_mut(&mut missing).cast();
        let reals = |header: usize, stream: usize, offset: c_int, bits: c_int| {
            let (header, stream) = (word(header), word(stream));
            // SAFETY: as above, with a header of four words in the payload.
            unsafe { (session.compact_float)(field, header, stream, count, bits, offset, 1, mode, 0, missing) };
        };
        let quantized = |header: usize, stream: usize| {
            let (header, stream) = (word(header).cast(), word(stream).cast());
            let mut width = bits;
            // SAFETY: as above, with a header of three words.
            let code = unsafe {
                match way {
                    Way::Pack => (session.float_packer)(field.cast(), bits, header, stream, count),
                    Way::Unpack => (session.float_unpacker)(field.cast(), header, stream, count, &raw mut width),
                }
            };
            check("float_packer", code).map(drop)
        };
        let mut bytes = 0;
        match (codec.datyp, way) {
            (UNSIGNED, _) => integers(0, bits, mode),
            (SIGNED, _) => integers(0, bits, mode + 2),
            (REAL, _) => reals(0, 3, 24, bits),
            (QUANTIZED, _) => quantized(0, 3)?,
            (IEEE, _) => {
                let (mut ni, mut nj, mut npak, mut zero, mut mode) = (count, 1, -bits, 0, mode);
                // SAFETY: as above; all integers live.
                unsafe {
                    (session.ieeepak)(
                        field.cast(),
                        word(0).cast(),
                        &raw mut ni,
                        &raw mut nj,
                        &raw mut npak,
                        &raw mut zero,
                        &raw mut mode,
                    );
                }
            }
            (129, Way::Pack) => {
                reals(1, 5, 0, bits);
                bytes = turbo(5)?;
            }
            (129, Way::Unpack) => {
                turbo(5)?;
                reals(1, 5, 0, bits);
            }
            (130, Way::Pack) => {
                integers(1, 16, mode);
                bytes = turbo(1)?;
            }
            (130, Way::Unpack) => {
                turbo(1)?;
                integers(1, 16, mode);
            }
            (134, Way::Pack) => {
                quantized(1, 4)?;
                bytes = turbo(4)?;
            }
            (134, Way::Unpack) => {
                turbo(4)?;
                quantized(1, 4)?;
            }
            (_, Way::Pack) => {
                // SAFETY: as above.
                let code = unsafe { (session.compress32)(word(1).cast(), field.cast(), ni, nj, 1, bits) };
                bytes = check("armn_compress32", code)?;
            }
            (_, Way::Unpack) => {
                // SAFETY: as above.
                let code = unsafe { (session.uncompress32)(field.cast(), word(1).cast(), ni, nj, 1, bits) };
                check("armn_uncompress32", code)?;
            }
        }
        Ok(usize::try_from(bytes).unwrap_or(0))
    }
}
