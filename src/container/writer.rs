//! What a writer of records needs of a container.

use crate::{
    error::{FileName, Result},
    record::{Container, Record, Words},
};

/// Appends the payload of a record to the bytes given, and returns the directory words of the record.
pub(crate) type Fill<'a> = &'a mut dyn FnMut(&mut Vec<u8>) -> Result<Words>;

/// A file of one of the containers, open for writing.
pub(crate) trait ContainerWriter: Send + Sync {
    /// The container of the file.
    fn container(&self) -> Container;

    /// Name of the file in messages.
    fn name(&self) -> &FileName;

    /// Appends a record, with extended metadata if the container can have some.
    fn append(&mut self, metadata: Option<&str>, fill: Fill<'_>) -> Result<Record>;

    /// Deletes a record. Its space is not used again.
    fn delete(&mut self, record: &Record) -> Result<()>;

    /// Changes the attributes of a record in place, and its extended metadata if there is a text. Dimensions, data type and
    /// bits stay.
    fn edit(&mut self, record: &Record, words: &Words, metadata: Option<&str>) -> Result<Record>;

    /// Whether the container takes one more record, however short.
    fn has_room(&self) -> bool {
        true
    }

    /// Whether a record can be written over another one of the same length, with [`ContainerWriter::replace`].
    fn can_replace(&self) -> bool {
        false
    }

    /// Writes a record of the same length over `record`. Returns `None`, and does nothing, where that cannot be.
    fn replace(&mut self, _record: &Record, _words: &Words, _payload: &[u8]) -> Result<Option<Record>> {
        Ok(None)
    }

    /// Counts a rewrite: an append and a delete of the same record, which are counted already.
    fn count_rewrite(&mut self) {}

    /// Brings the file on disk up to date: readers see all records, and a kill loses none.
    fn commit(&mut self) -> Result<()>;

    /// Commits, and takes back what marks the file as being written.
    fn close(&mut self) -> Result<()> {
        self.commit()
    }

    /// Takes back what cannot be committed, and what marks the file as being written.
    fn abandon(&mut self) -> Result<()> {
        Ok(())
    }
}
