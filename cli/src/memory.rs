//! How much memory values may take: `--max-memory`.

use rpnfst::{Error, File, Limits, ReadOptions, Record, RecordError};

use crate::args::Global;

/// Bytes of values that are decoded before they are used, at most.
const BATCH: u64 = 256 << 20;

impl Global {
    /// Caps on one decoded array; the rest is for its mask, and for what is made of it.
    pub(crate) fn limits(&self) -> Limits {
        let mut limits = Limits::default();
        limits.max_decoded_bytes = self.max_memory / 4 * 3;
        limits.max_lost_bytes = self.max_memory / 2;
        limits
    }

    /// How records are read, one after the other or many at a time.
    pub(crate) fn reading(&self) -> ReadOptions {
        ReadOptions::new().batch_bytes(BATCH.min(self.max_memory / 8))
    }

    /// An error when work on a record needs more than there may be.
    pub(crate) fn allows(&self, needed: u64, file: &File, record: &Record) -> rpnfst::Result<()> {
        if needed <= self.max_memory {
            return Ok(());
        }
        let source = Box::new(RecordError::Limit { needed, limit: self.max_memory });
        Err(Error::Record { path: file.member_of(record)?.name(), record: record.into(), source })
    }
}

/// Whether the limits refused, and not the file.
pub(crate) fn is_limit(error: &Error) -> bool {
    let Error::Record { source, .. } = error else { return false };
    matches!(**source, RecordError::Limit { .. } | RecordError::LostPlanes { .. })
}

/// What an error says, with the option that helps.
pub(crate) fn explained(error: &Error) -> String {
    if is_limit(error) { with_advice(&error.to_string()) } else { error.to_string() }
}

/// A refusal of the limits, with the option that sets them.
pub(crate) fn with_advice(what: &str) -> String {
    format!("{what}; --max-memory allows more")
}
