//! Reading of a saved index.

use std::{collections::HashMap, path::Path};

use arrow_array::{
    Array, ArrayRef, ArrowPrimitiveType,
    cast::AsArray,
    types::{Int32Type, UInt8Type, UInt16Type, UInt32Type, UInt64Type},
};
use bytes::Bytes;
use parquet::arrow::{
    ProjectionMask,
    arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder},
};
use rayon::prelude::*;
use rpnfst::{
    RecordTable,
    record::{Column, Text},
    table::{Columns, FileEntry, Names},
};

use crate::{
    error::{Error, Result, damaged, io},
    files::{Contents, KEY, VERSION, Version},
    place, save,
    seal::{self, Broken},
};

/// The table that was saved. The paths of its files begin with the folder of the index, as `path` names it unless that is a
/// symbolic link.
///
/// ```no_run
/// let table = rpnfst_arrow::read_index("archive/index.parquet")?;
/// println!("{} records in {} files", table.len(), table.files().len());
/// # Ok::<(), rpnfst_arrow::Error>(())
/// ```
///
/// # Errors
/// [`Error::NotIndex`] for other files, [`Error::Damaged`] for an index that was cut or changed, [`Error::Version`] for one of
/// a later version, [`Error::Io`].
pub fn read_index(path: impl AsRef<Path>) -> Result<RecordTable> {
    load(path.as_ref()).map(|saved| saved.table)
}

/// What an index holds.
pub(crate) struct Saved {
    pub(crate) table: RecordTable,
    /// The places of the table's files.
    pub(crate) places: Vec<place::Place>,
}

pub(crate) fn load(path: &Path) -> Result<Saved> {
    parse(Bytes::from(std::fs::read(path).map_err(io(path))?), path)
}

/// What the bytes of an index say.
fn parse(bytes: Bytes, path: &Path) -> Result<Saved> {
    let foreign = |what: &str| Error::NotIndex { path: path.into(), what: what.to_owned() };
    let text = |error: &dyn std::fmt::Display| damaged(path, error.to_string());
    seal::check(&bytes).map_err(|broken| match broken {
        Broken::Foreign(what) => foreign(what),
        Broken::Damaged(what) => damaged(path, what),
    })?;
    let metadata = survived(path, || ArrowReaderMetadata::load(&bytes, ArrowReaderOptions::new()))?;
    let metadata = metadata.map_err(|error| text(&error))?;
    let texts = metadata.metadata().file_metadata().key_value_metadata().into_iter().flatten();
    let json = texts.filter(|text| text.key == KEY).find_map(|text| text.value.as_deref());
    let json = json.ok_or_else(|| foreign("it tells no files"))?;
    let Version { version } = serde_json::from_str(json).map_err(|error| text(&error))?;
    if version != VERSION {
        return Err(Error::Version { path: path.into(), version, known: VERSION });
    }
    let contents: Contents = serde_json::from_str(json).map_err(|error| text(&error))?;
    let calendar = contents.calendar.parse().map_err(|error| text(&error))?;
    let target = place::target(path);
    let folder = place::of_index(&target);
    let files: Option<Vec<FileEntry>> = contents.files.iter().map(|file| file.entry(folder)).collect();
    let files = files.ok_or_else(|| damaged(path, "a file that makes no sense"))?;
    let pages = Pages { bytes, metadata, path };
    let columns = survived(path, || pages.columns(&contents))??;
    let table = RecordTable::from_columns(files, columns, calendar);
    Ok(Saved {
        table: table.ok_or_else(|| damaged(path, "columns that contradict each other"))?,
        places: contents.files.into_iter().map(crate::files::Entry::into_place).collect(),
    })
}

/// What a function of Parquet's crate gives. It panics at some nonsense, which only somebody who makes the checksums right
/// can bring before it.
fn survived<T>(path: &Path, run: impl FnOnce() -> T) -> Result<T> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(run)).map_err(|_| damaged(path, "pages that make no sense"))
}

/// The pages of an index.
struct Pages<'a> {
    bytes: Bytes,
    metadata: ArrowReaderMetadata,
    path: &'a Path,
}

/// Records in an array that is read at once.
const BATCH: usize = 1 << 20;
/// Records that a byte of an index can hold at most: the most regular ones take three bytes.
const MOST_A_BYTE: usize = 64;

/// Columns of texts: an array for each row group, whose dictionaries differ.
const TEXTS: [&str; 3] = [Column::Nomvar.name(), Column::Typvar.name(), Column::Etiket.name()];
/// Columns of numbers.
const NUMBERS: [&str; 24] = [
    Column::FileOffset.name(),
    Column::TotalStoredBytes.name(),
    Column::FileIndex.name(),
    Column::File.name(),
    Column::Datev.name(),
    Column::Deet.name(),
    Column::Npas.name(),
    Column::Ni.name(),
    Column::Nj.name(),
    Column::Nk.name(),
    Column::DataType.name(),
    Column::PackBits.name(),
    Column::Ip1.name(),
    Column::Ip2.name(),
    Column::Ip3.name(),
    Column::Ig1.name(),
    Column::Ig2.name(),
    Column::Ig3.name(),
    Column::Ig4.name(),
    save::GRTYP,
    save::DATA_BITS,
    save::META_WORDS,
    save::TEXT_WORDS,
    save::ODD,
];

/// The arrays of columns that were read.
type Arrays = HashMap<&'static str, Vec<ArrayRef>>;

impl Pages<'_> {
    fn columns(&self, contents: &Contents) -> Result<Columns> {
        self.check_rows()?;
        let wanted = NUMBERS.into_iter().filter(|name| *name != save::ODD || contents.odd > 0);
        let groups = self.metadata.metadata().num_row_groups();
        let parts = TEXTS.into_iter().flat_map(|name| (0..groups).map(move |group| (name, Some(group))));
        // Not one after the other but on all threads.
        let jobs: Vec<(&str, Option<usize>)> = wanted.map(|name| (name, None)).chain(parts).collect();
        let read: Result<Vec<Vec<ArrayRef>>> = jobs.par_iter().map(|(name, group)| self.arrays(name, *group)).collect();
        let mut arrays = Arrays::new();
        for ((name, _), found) in jobs.into_iter().zip(read?) {
            arrays.entry(name).or_default().extend(found);
        }
        let mut columns = Columns::default();
        columns.nomvar = self.names(&mut arrays, Column::Nomvar.name(), &contents.nomvar)?;
        columns.typvar = self.names(&mut arrays, Column::Typvar.name(), &contents.typvar)?;
        columns.etiket = self.names(&mut arrays, Column::Etiket.name(), &contents.etiket)?;
        columns.odd = self.odd(arrays.remove(save::ODD).unwrap_or_default(), contents.odd)?;
        macro_rules! fill {
            ($($field:ident: $type:ty = $name:expr;)*) => {
                $(columns.$field = self.numbers::<$type>(&mut arrays, $name)?;)*
            };
        }
        fill! {
            grtyp: UInt8Type = save::GRTYP;
            datev: Int32Type = Column::Datev.name();
            deet: UInt32Type = Column::Deet.name();
            npas: UInt32Type = Column::Npas.name();
            ni: UInt32Type = Column::Ni.name();
            nj: UInt32Type = Column::Nj.name();
            nk: UInt32Type = Column::Nk.name();
            data_type: UInt8Type = Column::DataType.name();
            pack_bits: UInt8Type = Column::PackBits.name();
            stored_data_bits: UInt8Type = save::DATA_BITS;
            ip1: UInt32Type = Column::Ip1.name();
            ip2: UInt32Type = Column::Ip2.name();
            ip3: UInt32Type = Column::Ip3.name();
            ig1: UInt32Type = Column::Ig1.name();
            ig2: UInt32Type = Column::Ig2.name();
            ig3: UInt32Type = Column::Ig3.name();
            ig4: UInt32Type = Column::Ig4.name();
            file: UInt32Type = Column::File.name();
            file_index: UInt32Type = Column::FileIndex.name();
            file_offset: UInt64Type = Column::FileOffset.name();
            total_stored_bytes: UInt64Type = Column::TotalStoredBytes.name();
            meta_words: UInt16Type = save::META_WORDS;
            text_words: UInt16Type = save::TEXT_WORDS;
        }
        Ok(columns)
    }

    /// Whether there can be so many records: room is made for them before pages are read.
    fn check_rows(&self) -> Result<()> {
        let metadata = self.metadata.metadata();
        let rows = metadata.file_metadata().num_rows();
        let groups = metadata.row_groups().iter().try_fold(0_i64, |sum, group| sum.checked_add(group.num_rows()));
        let most = self.bytes.len().saturating_mul(MOST_A_BYTE);
        let fits = usize::try_from(rows).is_ok_and(|rows| rows <= most) && u32::try_from(rows).is_ok();
        if fits && groups == Some(rows) && metadata.row_groups().iter().all(|group| group.num_rows() >= 0) {
            return Ok(());
        }
        Err(damaged(self.path, format!("{rows} records in {} bytes", self.bytes.len())))
    }

    /// The arrays of a column, or of one row group of it.
    fn arrays(&self, name: &str, group: Option<usize>) -> Result<Vec<ArrayRef>> {
        let wrong = |error: &dyn std::fmt::Display| damaged(self.path, format!("column {name}: {error}"));
        let schema = self.metadata.parquet_schema();
        let leaf = schema.columns().iter().position(|column| column.name() == name);
        let mask = ProjectionMask::leaves(schema, [leaf.ok_or_else(|| wrong(&"missing"))?]);
        let rows = usize::try_from(self.metadata.metadata().file_metadata().num_rows()).unwrap_or(0);
        let mut builder = ParquetRecordBatchReaderBuilder::new_with_metadata(self.bytes.clone(), self.metadata.clone())
            .with_projection(mask)
            .with_batch_size(rows.clamp(1, BATCH));
        if let Some(group) = group {
            builder = builder.with_row_groups(vec![group]);
        }
        let batches = builder.build().map_err(|error| wrong(&error))?;
        batches.map(|batch| batch.map(|batch| batch.column(0).clone()).map_err(|error| wrong(&error))).collect()
    }

    fn numbers<T: ArrowPrimitiveType>(&self, arrays: &mut Arrays, name: &str) -> Result<Vec<T::Native>> {
        let mut all = Vec::new();
        for array in arrays.remove(name).unwrap_or_default() {
            let numbers = array.as_primitive_opt::<T>().filter(|numbers| numbers.null_count() == 0).cloned();
            drop(array);
            let numbers = numbers.ok_or_else(|| self.type_of(name))?;
            let (_, numbers, _) = numbers.into_parts();
            // Nobody else has it: it is taken, not copied.
            let numbers = Vec::from(numbers);
            if all.is_empty() { all = numbers } else { all.extend(numbers) }
        }
        Ok(all)
    }

    fn names<const N: usize>(&self, arrays: &mut Arrays, name: &str, texts: &[String]) -> Result<Names<N>> {
        let numbers: HashMap<&str, u32> = texts.iter().map(String::as_str).zip(0..).collect();
        let mut keys = Vec::new();
        for array in arrays.remove(name).unwrap_or_default() {
            let array = array.as_dictionary_opt::<UInt32Type>().filter(|array| array.null_count() == 0);
            let array = array.ok_or_else(|| self.type_of(name))?;
            let values = array.values().as_string_opt::<i32>().ok_or_else(|| self.type_of(name))?;
            let known = values.iter().map(|text| text.and_then(|text| numbers.get(text)).copied().unwrap_or(u32::MAX));
            let known: Vec<u32> = known.collect();
            let key = |key: &u32| known.get(*key as usize).copied().unwrap_or(u32::MAX);
            keys.extend(array.keys().values().iter().map(key));
        }
        let values = texts.iter().map(|text| Text::new(text)).collect();
        Names::from_parts(keys, values)
            .ok_or_else(|| damaged(self.path, format!("column {name}: a text that is not told")))
    }

    fn odd(&self, arrays: Vec<ArrayRef>, expected: usize) -> Result<Vec<(u32, [u32; 16])>> {
        let (mut odd, mut row) = (Vec::new(), 0_u32);
        for array in arrays {
            let words = array.as_fixed_size_binary_opt().filter(|array| *array.data_type() == save::WORDS);
            for bytes in words.ok_or_else(|| self.type_of(save::ODD))? {
                if let Some(bytes) = bytes {
                    let (words, _) = bytes.as_chunks::<4>();
                    let words: Option<[[u8; 4]; 16]> = words.try_into().ok();
                    odd.extend(words.map(|words| (row, words.map(u32::from_le_bytes))));
                }
                row = row.saturating_add(1);
            }
        }
        if odd.len() == expected {
            Ok(odd)
        } else {
            Err(damaged(self.path, format!("column {}: words are missing", save::ODD)))
        }
    }

    fn type_of(&self, name: &str) -> Error {
        damaged(self.path, format!("column {name}: an unexpected type"))
    }
}

#[cfg(test)]
mod tests {
    use rpnfst::Record;

    use super::*;

    /// An index by which somebody means harm: its checksums are right.
    #[test]
    fn nonsense_with_right_checksums_is_an_error_or_a_table() {
        let source = "../../testdata/cases/intervals.std";
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("index");
        let table = RecordTable::of_files([source]).expect("a table");
        save::write_index(&table, &path).expect("written");
        let sealed = std::fs::read(&path).expect("read");
        let plain = seal::remove(&sealed).expect("it was sealed");
        let known: Vec<Record> = table.records().collect();
        let (mut errors, mut tables) = (0, 0);
        for bit in (0..plain.len() * 8).step_by(61) {
            let mut changed = plain.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            let mut sealed = Vec::new();
            if seal::write(&changed, &mut sealed).is_err() {
                continue;
            }
            match parse(sealed.into(), &path) {
                Err(_) => errors += 1,
                Ok(saved) => {
                    tables += 1;
                    // The place of a record in its file must agree even so.
                    let Ok(file) = saved.table.file() else { continue };
                    for record in file.records().iter().filter(|record| file.read(record).is_ok()) {
                        assert!(known.iter().any(|known| known.file_offset() == record.file_offset()), "bit {bit}");
                    }
                }
            }
        }
        assert!(errors > 0 && tables > 0, "{errors} errors, {tables} tables");
    }
}
