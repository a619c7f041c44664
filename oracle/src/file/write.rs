//! Writing, deleting, editing.

use std::ptr::null_mut;

use super::{Container, OracleFile};
use crate::data::{Buffer, Data, Element};
use crate::error::{OracleError, check};
use crate::library::c_string;
use crate::spec::{Edit, Spec};

impl OracleFile {
    /// Writes a record (`fstecr`) from an array of `spec.elements()` elements.
    ///
    /// Some requests end the process (`codecs.md`, section 13: types 5 and 8 with 33 to 63 bits, types 1 and 129 with
    /// values beyond 1e38): those go to a [`crate::child`].
    ///
    /// # Errors
    /// An array of another length, a string with a NUL, or librmn's code.
    pub fn write(&mut self, spec: &Spec, data: &Data) -> Result<(), OracleError> {
        self.write_buffer(spec, data.element(), &mut Buffer::from_data(data))
    }

    /// Like [`write`](Self::write), from memory prepared beforehand: for benchmarks.
    ///
    /// # Errors
    /// As [`write`](Self::write).
    pub fn write_buffer(&mut self, spec: &Spec, element: Element, buffer: &mut Buffer) -> Result<(), OracleError> {
        if buffer.elements() != spec.elements() {
            return Err(OracleError::Length { expected: spec.elements(), found: buffer.elements() });
        }
        let [typvar, nomvar, etiket, grtyp] =
            [&spec.typvar, &spec.nomvar, &spec.etiket, &spec.grtyp].map(|text| c_string(text));
        let (typvar, nomvar, etiket, grtyp) = (typvar?, nomvar?, etiket?, grtyp?);
        let mut session = self.librmn.lock();
        session.set_turbo(spec.turbo);
        session.set_missing(spec.missing);
        session.set_width(element.width());
        // SAFETY: the buffer holds the elements that the call reads, and words to spare; strings are C strings; the
        // work array is not used since 1990; the unit is open; the lock is held.
        let code = unsafe {
            (session.fstecr)(
                buffer.as_mut_ptr(),
                null_mut(),
                spec.npak,
                self.unit,
                spec.dateo,
                spec.deet,
                spec.npas,
                spec.ni,
                spec.nj,
                spec.nk,
                spec.ip1,
                spec.ip2,
                spec.ip3,
                typvar.as_ptr(),
                nomvar.as_ptr(),
                etiket.as_ptr(),
                grtyp.as_ptr(),
                spec.ig1,
                spec.ig2,
                spec.ig3,
                spec.ig4,
                spec.datyp,
                i32::from(spec.rewrite),
            )
        };
        // A refused write leaves its element width behind.
        session.set_width(4);
        check("fstecr", code).map(drop)
    }

    /// Deletes a record (`fsteff`).
    ///
    /// # Errors
    /// librmn's code, for instance -9 for a handle that is not one.
    pub fn delete(&mut self, handle: i32) -> Result<(), OracleError> {
        let session = self.librmn.lock();
        // SAFETY: plain integer; librmn checks the handle; the lock is held.
        check("fsteff", unsafe { (session.fsteff)(handle) }).map(drop)
    }

    /// Changes attributes in the directory only (`fst_edit_dir_plus`).
    ///
    /// # Errors
    /// A string with a NUL, or librmn's code.
    pub fn edit(&mut self, handle: i32, edit: &Edit) -> Result<(), OracleError> {
        let [typvar, nomvar, etiket, grtyp] = [&edit.typvar, &edit.nomvar, &edit.etiket, &edit.grtyp]
            .map(|text| c_string(text.as_deref().unwrap_or(" ")));
        let (typvar, nomvar, etiket, grtyp) = (typvar?, nomvar?, etiket?, grtyp?);
        let or_keep = |value: Option<i32>| value.unwrap_or(-1);
        let session = self.librmn.lock();
        // SAFETY: integers and C strings; librmn checks the handle; the lock is held.
        let code = unsafe {
            (session.fst_edit_dir_plus)(
                handle,
                or_keep(edit.datev),
                or_keep(edit.deet),
                or_keep(edit.npas),
                -1,
                -1,
                -1,
                or_keep(edit.ip1),
                or_keep(edit.ip2),
                or_keep(edit.ip3),
                typvar.as_ptr(),
                nomvar.as_ptr(),
                etiket.as_ptr(),
                grtyp.as_ptr(),
                or_keep(edit.ig1),
                or_keep(edit.ig2),
                or_keep(edit.ig3),
                or_keep(edit.ig4),
                -1,
            )
        };
        check("fst_edit_dir_plus", code).map(drop)
    }

    /// Writes a logical end of file of `level` 1 to 14 into a sequential file (`fstweo`).
    ///
    /// # Errors
    /// librmn's code; -37 (wrong file type) for a random file.
    pub fn write_end_of_file(&mut self, level: i32) -> Result<(), OracleError> {
        if self.container != Container::Sequential {
            return Err(OracleError::Call { function: "fstweo", code: -37 });
        }
        let session = self.librmn.lock();
        // SAFETY: the unit is open; the lock is held.
        check("fstweo", unsafe { (session.fstweo)(self.unit, level) }).map(drop)
    }
}
