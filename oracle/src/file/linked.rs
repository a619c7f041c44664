//! Several random files searched as one (`fstlnk`).

use std::path::Path;

use super::OracleFile;
use super::read::handles_at_once;
use crate::data::Data;
use crate::entry::{Entry, describe};
use crate::error::{OracleError, check};
use crate::library::Librmn;
use crate::spec::{Criteria, Missing};

/// Linked files. librmn knows one chain at a time: do not keep two of these.
pub struct LinkedFiles {
    librmn: Librmn,
    files: Vec<OracleFile>,
}

impl Librmn {
    /// Opens random files for reading and links them in this order.
    ///
    /// # Errors
    /// A file that cannot be opened, or librmn's code.
    pub fn open_linked(&self, paths: &[&Path]) -> Result<LinkedFiles, OracleError> {
        let files = paths.iter().map(|path| self.open(path)).collect::<Result<Vec<_>, _>>()?;
        let mut units: Vec<i32> = files.iter().map(|file| file.unit).collect();
        let mut count = i32::try_from(units.len()).unwrap_or(i32::MAX);
        let session = self.lock();
        // SAFETY: a list of `count` open units; the lock is held.
        check("fstlnk", unsafe { (session.fstlnk)(units.as_mut_ptr(), &raw mut count) })?;
        Ok(LinkedFiles { librmn: *self, files })
    }
}

impl LinkedFiles {
    /// Attributes of every record that matches, in the order of the chain.
    ///
    /// # Errors
    /// librmn's code.
    pub fn find_all(&self, criteria: &Criteria) -> Result<Vec<Entry>, OracleError> {
        let Some(first) = self.files.first() else {
            return Ok(Vec::new());
        };
        let session = self.librmn.lock();
        let capacity = self.files.iter().map(|file| {
            // SAFETY: the unit is open; the lock is held.
            unsafe { (session.fstnbr)(file.unit) }
        });
        let capacity = capacity.map(|count| count.max(0)).sum();
        handles_at_once(&session, first.unit, capacity, criteria)?
            .into_iter()
            .map(|handle| describe(&session, handle))
            .collect()
    }

    /// Reads a record in its natural element type; `None` for an unknown type.
    ///
    /// # Errors
    /// librmn's code.
    pub fn read_natural(&self, entry: &Entry, missing: Missing) -> Result<Option<Data>, OracleError> {
        self.files.first().map_or(Ok(None), |file| file.read_natural(entry, missing))
    }
}

impl Drop for LinkedFiles {
    fn drop(&mut self) {
        let session = self.librmn.lock();
        // SAFETY: undoes the last link; the lock is held.
        unsafe { (session.fstunl)() };
    }
}
