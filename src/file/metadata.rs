//! Extended metadata of records.

use serde_json::Value;

use crate::{
    error::{Error, RecordError, Result},
    file::opened::File,
    record::{Record, metadata::parse},
};

impl File {
    /// The extended metadata of a record; `None` when it has none. The bare literals `NaN`, `Infinity` and `-Infinity`
    /// that librmn writes become `null`; [`File::metadata_text`] has them as stored.
    /// Needs the feature `serde`; `metadata_text` does not.
    ///
    /// ```
    /// use rpnfst::{File, serde_json::Value};
    /// let file = File::open("testdata/rsf/extended_metadata.rsf")?;
    /// let metadata: Vec<Value> = file.records().iter().filter_map(|record| file.metadata(record).transpose()).collect::<Result<_, _>>()?;
    /// assert!(metadata[0].is_object());
    /// # Ok::<(), rpnfst::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Record`] when the text is cut, not UTF-8, or not JSON.
    pub fn metadata(&self, record: &Record) -> Result<Option<Value>> {
        let Some(text) = self.metadata_text(record)? else { return Ok(None) };
        let path = self.member_of(record)?.name();
        parse(&text).map(Some).map_err(|e| Error::Record {
            path,
            record: record.into(),
            source: Box::new(RecordError::Metadata(e.to_string())),
        })
    }
}
