//! What an index says beside its columns: the files and their times, as JSON.

use rpnfst::{Container, RecordTable, table::FileEntry};
use serde::{Deserialize, Serialize};

use crate::{
    error::Result,
    place::{Folder, Place},
};

/// The key of the JSON text in the key-value meta-data of a saved index.
pub const KEY: &str = "rpnfst.index";
/// The version of what is written.
pub(crate) const VERSION: u32 = 1;

/// The version alone, which later versions have too.
#[derive(Deserialize)]
pub(crate) struct Version {
    pub(crate) version: u32,
}

#[derive(Serialize, Deserialize)]
pub(crate) struct Contents {
    pub(crate) version: u32,
    pub(crate) calendar: String,
    /// When the index was written, in nanoseconds since 1970.
    pub(crate) written: i64,
    /// Records whose reserved bits are not zero.
    pub(crate) odd: usize,
    /// Texts, in the order of the table's dictionaries.
    pub(crate) nomvar: Vec<String>,
    pub(crate) typvar: Vec<String>,
    pub(crate) etiket: Vec<String>,
    pub(crate) files: Vec<Entry>,
}

#[derive(Serialize, Deserialize)]
pub(crate) struct Entry {
    path: Place,
    container: String,
    size: u64,
    modified: Option<i64>,
    /// Sixteen hexadecimal digits: not all readers of JSON have integers of 64 bits.
    digest: String,
    records: u64,
}

impl Contents {
    pub(crate) fn of(table: &RecordTable, folder: &Folder, written: i64) -> Result<Self> {
        let columns = table.columns();
        Ok(Self {
            version: VERSION,
            calendar: table.calendar().name().to_owned(),
            written,
            odd: columns.odd.len(),
            nomvar: columns.nomvar.values().iter().map(|text| text.as_str().to_owned()).collect(),
            typvar: columns.typvar.values().iter().map(|text| text.as_str().to_owned()).collect(),
            etiket: columns.etiket.values().iter().map(|text| text.as_str().to_owned()).collect(),
            files: table.files().iter().map(|file| Entry::of(file, folder)).collect::<Result<_>>()?,
        })
    }
}

impl Entry {
    fn of(file: &FileEntry, folder: &Folder) -> Result<Self> {
        Ok(Self {
            path: folder.place(&file.path)?,
            container: file.container.name().to_owned(),
            size: file.size,
            modified: file.modified,
            digest: format!("{:016x}", file.digest),
            records: file.records,
        })
    }

    pub(crate) fn place(&self) -> &Place {
        &self.path
    }

    pub(crate) fn into_place(self) -> Place {
        self.path
    }

    /// The entry of a table; `None` when it makes no sense.
    pub(crate) fn entry(&self, folder: &std::path::Path) -> Option<FileEntry> {
        let containers = [Container::Xdf, Container::XdfSequential, Container::Rsf];
        let container = containers.into_iter().find(|container| container.name() == self.container)?;
        let mut entry = FileEntry::new(self.path.resolve(folder)?, container);
        entry.size = self.size;
        entry.modified = self.modified;
        entry.digest = u64::from_str_radix(&self.digest, 16).ok()?;
        entry.records = self.records;
        Some(entry)
    }
}
