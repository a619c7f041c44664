//! Listing, searching, reading.

use std::ffi::c_int;

use super::{Container, OracleFile};
use crate::data::{Buffer, Data, Element};
use crate::entry::{Entry, describe};
use crate::error::{OracleError, check};
use crate::library::{Session, c_string};
use crate::spec::{Criteria, Missing, base_type};

impl OracleFile {
    /// Every live record, in the order of the directory (`fstinf`, `fstsui`, `fstprm`). In a sequential file, up to the
    /// first logical end of file.
    ///
    /// # Errors
    /// librmn's code.
    pub fn list(&self) -> Result<Vec<Entry>, OracleError> {
        let session = self.librmn.lock();
        handles_one_by_one(&session, self.unit, self.container, &Criteria::default())?
            .into_iter()
            .map(|handle| describe(&session, handle))
            .collect()
    }

    /// Attributes of one record (`fstprm`).
    ///
    /// # Errors
    /// librmn's code.
    pub fn entry(&self, handle: i32) -> Result<Entry, OracleError> {
        describe(&self.librmn.lock(), handle)
    }

    /// Handles of the records that match, in order (`fstinl`; `fstinf` and `fstsui` in sequential files).
    ///
    /// # Errors
    /// A string with a NUL, or librmn's code.
    pub fn find_all(&self, criteria: &Criteria) -> Result<Vec<i32>, OracleError> {
        let session = self.librmn.lock();
        match self.container {
            Container::Sequential => handles_one_by_one(&session, self.unit, self.container, criteria),
            Container::Random => {
                // SAFETY: the unit is open; the lock is held.
                let capacity = check("fstnbr", unsafe { (session.fstnbr)(self.unit) })?;
                handles_at_once(&session, self.unit, capacity, criteria)
            }
        }
    }

    /// Like [`find_all`](Self::find_all), ip1 accepting every encoding of a level (`ip1_all` before `fstinl`).
    ///
    /// # Errors
    /// As [`find_all`](Self::find_all).
    pub fn find_level(&self, criteria: &Criteria, value: f32, kind: i32) -> Result<Vec<i32>, OracleError> {
        let session = self.librmn.lock();
        // SAFETY: plain numbers, an open unit; the lock is held, so that the search below is the next one.
        let (ip1, capacity) = unsafe { ((session.ip1_all)(value, kind), (session.fstnbr)(self.unit)) };
        let criteria = Criteria { ip1: check("ip1_all", ip1)?, ..criteria.clone() };
        handles_at_once(&session, self.unit, check("fstnbr", capacity)?, &criteria)
    }

    /// Reads a record (`fstluk`) as elements of the given type.
    ///
    /// # Errors
    /// librmn's code.
    pub fn read(&self, entry: &Entry, element: Element, missing: Missing) -> Result<Data, OracleError> {
        let elements = match entry.natural() {
            Some((_, elements)) if base_type(entry.datyp) == 0 => elements,
            _ => entry.points(),
        };
        let mut buffer = Buffer::new(element, elements);
        self.read_into(entry, element, missing, &mut buffer)?;
        Ok(buffer.to_data(element, elements))
    }

    /// Reads a record in its natural element type; `None` for an unknown type.
    ///
    /// # Errors
    /// librmn's code.
    pub fn read_natural(&self, entry: &Entry, missing: Missing) -> Result<Option<Data>, OracleError> {
        let Some((element, _)) = entry.natural() else {
            return Ok(None);
        };
        self.read(entry, element, missing).map(Some)
    }

    /// Like [`read`](Self::read), into memory prepared beforehand: for benchmarks.
    ///
    /// # Errors
    /// A buffer that is too small, or librmn's code.
    pub fn read_into(
        &self,
        entry: &Entry,
        element: Element,
        missing: Missing,
        buffer: &mut Buffer,
    ) -> Result<(), OracleError> {
        // Librmn writes natural elements whatever is asked, for instance 8 bytes for 64-bit reals read as f32.
        let (natural, count) = entry.natural().unwrap_or((element, entry.points()));
        let needed = count * natural.size().max(element.size());
        if needed > buffer.capacity() {
            return Err(OracleError::Length { expected: count, found: buffer.elements() });
        }
        let session = self.librmn.lock();
        session.set_missing(missing);
        session.set_width(element.width());
        let (mut ni, mut nj, mut nk) = (0, 0, 0);
        // SAFETY: the buffer is large enough for the natural and for the wanted elements of the record that the entry
        // describes; the lock is held.
        let code =
            unsafe { (session.fstluk)(buffer.as_mut_ptr(), entry.handle, &raw mut ni, &raw mut nj, &raw mut nk) };
        session.set_width(4);
        check("fstluk", code).map(drop)
    }
}

/// First and next, until there is no more.
pub(super) fn handles_one_by_one(
    session: &Session,
    unit: c_int,
    container: Container,
    criteria: &Criteria,
) -> Result<Vec<i32>, OracleError> {
    let [etiket, typvar, nomvar] = [&criteria.etiket, &criteria.typvar, &criteria.nomvar].map(|text| c_string(text));
    let (etiket, typvar, nomvar) = (etiket?, typvar?, nomvar?);
    let (mut ni, mut nj, mut nk) = (0, 0, 0);
    if container == Container::Sequential {
        // SAFETY: the unit is open; the lock is held.
        check("fstrwd", unsafe { (session.fstrwd)(unit) })?;
    }
    let mut handles = Vec::new();
    // SAFETY: live integers and C strings; the unit is open; the lock is held.
    let mut handle = unsafe {
        (session.fstinf)(
            unit,
            &raw mut ni,
            &raw mut nj,
            &raw mut nk,
            criteria.datev,
            etiket.as_ptr(),
            criteria.ip1,
            criteria.ip2,
            criteria.ip3,
            typvar.as_ptr(),
            nomvar.as_ptr(),
        )
    };
    while handle >= 0 {
        handles.push(handle);
        // SAFETY: as above.
        handle = unsafe { (session.fstsui)(unit, &raw mut ni, &raw mut nj, &raw mut nk) };
    }
    Ok(handles)
}

/// All at once; `capacity` is the number of directory entries, deleted ones included.
pub(super) fn handles_at_once(
    session: &Session,
    unit: c_int,
    capacity: c_int,
    criteria: &Criteria,
) -> Result<Vec<i32>, OracleError> {
    let [etiket, typvar, nomvar] = [&criteria.etiket, &criteria.typvar, &criteria.nomvar].map(|text| c_string(text));
    let (etiket, typvar, nomvar) = (etiket?, typvar?, nomvar?);
    let (mut ni, mut nj, mut nk, mut found) = (0, 0, 0, 0);
    let mut handles = vec![0; usize::try_from(capacity).unwrap_or(0) + 1];
    // SAFETY: live integers, C strings, and a list of capacity + 1 handles; the unit is open; the lock is held.
    let code = unsafe {
        (session.fstinl)(
            unit,
            &raw mut ni,
            &raw mut nj,
            &raw mut nk,
            criteria.datev,
            etiket.as_ptr(),
            criteria.ip1,
            criteria.ip2,
            criteria.ip3,
            typvar.as_ptr(),
            nomvar.as_ptr(),
            handles.as_mut_ptr(),
            &raw mut found,
            capacity + 1,
        )
    };
    check("fstinl", code)?;
    handles.truncate(usize::try_from(found).unwrap_or(0));
    Ok(handles)
}
