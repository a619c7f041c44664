//! Listing, searching, reading.

use std::ffi::c_int;

use super::{Container, OracleFile};
use crate::data::{Buffer, Data, Element};
use crate::entry::{Entry, describe, describe_raw};
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
        let mut entries = Vec::new();
        walk(&session, self.unit, self.container, &Criteria::default(), |handle| {
            entries.push(describe(&session, handle)?);
            Ok(true)
        })?;
        Ok(entries)
    }

    /// Searches all records of a random file (`fstinl`) and asks for the attributes of each (`fstprm`), keeping none of
    /// them: for benchmarks. Returns how many there are.
    ///
    /// # Errors
    /// librmn's code.
    pub fn scan(&self) -> Result<usize, OracleError> {
        let handles = self.find_all(&Criteria::default())?;
        let session = self.librmn.lock();
        for &handle in &handles {
            std::hint::black_box(describe_raw(&session, handle)?);
        }
        Ok(handles.len())
    }

    /// Attributes of one record of a random file (`fstprm`).
    ///
    /// # Errors
    /// librmn's code. In a sequential file, where librmn knows only the record that it stands on: take [`list`](Self::list).
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
            Container::Sequential => {
                let mut handles = Vec::new();
                walk(&session, self.unit, self.container, criteria, |handle| {
                    handles.push(handle);
                    Ok(true)
                })?;
                Ok(handles)
            }
            Container::Random => {
                // SAFETY: the unit is open; the lock is held.
                let capacity = check("fstnbr", unsafe { (session.fstnbr)(self.unit) })?;
                handles_at_once(&session, self.unit, capacity, criteria)
            }
        }
    }

    /// Like [`find_all`](Self::find_all), after `ip1_all`, which lets ip1 accept every encoding of a level. In truth it
    /// does so for the first match only: the following ones must have the very ip1 of the first.
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
        let pointer = buffer.as_mut_ptr();
        let luk = || {
            let (mut ni, mut nj, mut nk) = (0, 0, 0);
            // SAFETY: the buffer is large enough for the natural and for the wanted elements of the record that the
            // entry describes; the lock is held.
            let code = unsafe { (session.fstluk)(pointer, entry.handle, &raw mut ni, &raw mut nj, &raw mut nk) };
            check("fstluk", code)
        };
        let result = match self.container {
            Container::Random => luk().map(drop),
            // librmn reads only the record that it stands on: walk there.
            Container::Sequential => walk(&session, self.unit, self.container, &Criteria::default(), |handle| {
                if handle == entry.handle { luk().map(|_| false) } else { Ok(true) }
            }),
        };
        session.set_width(4);
        result
    }
}

/// First and next, until there is no more or the visitor has enough.
fn walk(
    session: &Session,
    unit: c_int,
    container: Container,
    criteria: &Criteria,
    mut visit: impl FnMut(i32) -> Result<bool, OracleError>,
) -> Result<(), OracleError> {
    let [etiket, typvar, nomvar] = [&criteria.etiket, &criteria.typvar, &criteria.nomvar].map(|text| c_string(text));
    let (etiket, typvar, nomvar) = (etiket?, typvar?, nomvar?);
    let (mut ni, mut nj, mut nk) = (0, 0, 0);
    if container == Container::Sequential {
        // SAFETY: the unit is open; the lock is held.
        check("fstrwd", unsafe { (session.fstrwd)(unit) })?;
    }
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
    while handle >= 0 && visit(handle)? {
        // SAFETY: as above.
        handle = unsafe { (session.fstsui)(unit, &raw mut ni, &raw mut nj, &raw mut nk) };
    }
    Ok(())
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
