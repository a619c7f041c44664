//! Writing of a saved index.

use std::{
    io::{BufWriter, Write as _},
    path::Path,
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

use arrow_array::{
    ArrayRef, FixedSizeBinaryArray, RecordBatch, UInt8Array, UInt16Array, builder::FixedSizeBinaryBuilder,
};
use arrow_schema::{DataType, Field, Schema};
use parquet::{
    arrow::{ArrowWriter, arrow_writer::compute_leaves},
    basic::{Compression, Encoding},
    errors::ParquetError,
    file::{
        metadata::KeyValue,
        properties::{EnabledStatistics, WriterProperties, WriterVersion},
    },
    schema::types::ColumnPath,
};
use rayon::prelude::*;
use rpnfst::{RecordTable, record::Column};

use crate::{
    batch,
    error::{Error, Result, io},
    files::{Contents, KEY},
    place::{self, Folder},
    seal,
};

/// Columns of an index that no [`Column`] is.
pub(crate) const GRTYP: &str = "grtyp_code";
pub(crate) const DATA_BITS: &str = "stored_data_bits";
pub(crate) const META_WORDS: &str = "meta_words";
pub(crate) const TEXT_WORDS: &str = "text_words";
pub(crate) const ODD: &str = "odd_words";

/// Records of a row group: what is in memory at a time while an index is written.
const GROUP: usize = 1 << 18;
/// Numbers that hardly repeat, and grow: their differences are stored.
const GROWING: [Column; 3] = [Column::FileIndex, Column::FileOffset, Column::PayloadOffset];

/// Saves a table. The index appears complete or not at all: it is written next to its name, then renamed. Where a symbolic
/// link is, the index goes to where that points, and the link stays.
///
/// ```
/// # let folder = tempfile::tempdir()?;
/// # let index = &folder.path().join("index.parquet");
/// use rpnfst::RecordTable;
/// let table = RecordTable::of_files(["../../testdata/cases/intervals.std"])?;
/// rpnfst_arrow::write_index(&table, index)?;
/// assert_eq!(rpnfst_arrow::read_index(index)?.columns(), table.columns());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`Error::Io`] and [`Error::Write`] when it cannot be written, [`Error::Path`] when a path has no portable form.
pub fn write_index(table: &RecordTable, path: impl AsRef<Path>) -> Result<()> {
    let path = &*place::target(path.as_ref());
    let folder = Folder::of(path).map_err(io(path))?;
    let contents = Contents::of(table, &folder, now())?;
    let parquet = parquet(table, &contents, path)?;
    replace(path, &parquet).map_err(io(path))
}

/// Nanoseconds since 1970.
fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_nanos()).unwrap_or(i64::MAX)
}

fn replace(path: &Path, parquet: &[u8]) -> std::io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    // Temporary files are private by nature; this becomes an ordinary file, with the permissions that the umask says.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut out = BufWriter::new(builder.prefix(".rpnfst-index-").tempfile_in(folder)?);
    seal::write(parquet, &mut out)?;
    out.flush()?;
    let file = out.into_inner().map_err(std::io::IntoInnerError::into_error)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

fn parquet(table: &RecordTable, contents: &Contents, path: &Path) -> Result<Vec<u8>> {
    let failed = |source| Error::Write { path: path.into(), source };
    let json = serde_json::to_string(contents).map_err(|error| failed(ParquetError::External(error.into())))?;
    let places: Vec<String> = contents.files.iter().map(|file| file.place().shown()).collect();
    let schema = rows(&table.take(&[]), &places)?.schema();
    let writer = ArrowWriter::try_new(Vec::new(), schema, Some(properties(json))).map_err(failed)?;
    let (mut out, factory) = writer.into_serialized_writer().map_err(failed)?;
    let starts = (0..table.len()).step_by(GROUP);
    for (number, start) in starts.enumerate() {
        let numbers: Vec<u32> =
            (start..table.len().min(start + GROUP)).filter_map(|row| u32::try_from(row).ok()).collect();
        let batch = rows(&table.take(&numbers), &places)?;
        let columns = factory.create_column_writers(number).map_err(failed)?;
        let (fields, arrays) = (batch.schema(), batch.columns());
        let chunks: Result<Vec<_>, ParquetError> = columns
            .into_par_iter()
            .zip(fields.fields().par_iter().zip(arrays))
            .map(|(mut column, (field, array))| {
                compute_leaves(field, array)?.iter().try_for_each(|leaf| column.write(leaf))?;
                column.close()
            })
            .collect();
        let mut group = out.next_row_group().map_err(failed)?;
        for chunk in chunks.map_err(failed)? {
            chunk.append_to_row_group(&mut group).map_err(failed)?;
        }
        group.close().map_err(failed)?;
    }
    out.into_inner().map_err(failed)
}

fn properties(json: String) -> WriterProperties {
    let mut properties = WriterProperties::builder()
        .set_writer_version(WriterVersion::PARQUET_2_0)
        .set_compression(Compression::LZ4_RAW)
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_offset_index_disabled(true)
        .set_created_by(concat!("rpnfst-arrow ", env!("CARGO_PKG_VERSION")).to_owned())
        .set_key_value_metadata(Some(vec![KeyValue::new(KEY.to_owned(), json)]));
    for column in GROWING {
        let path = ColumnPath::from(column.name());
        properties = properties
            .set_column_dictionary_enabled(path.clone(), false)
            .set_column_encoding(path, Encoding::DELTA_BINARY_PACKED);
    }
    properties.build()
}

/// The columns of an index for some records.
fn rows(table: &RecordTable, places: &[String]) -> Result<RecordBatch> {
    let shared = batch::batch(table, Column::ALL, places.iter().cloned())?;
    let columns = table.columns();
    let own: [(&str, bool, ArrayRef); 5] = [
        (GRTYP, false, Arc::new(UInt8Array::from(columns.grtyp.clone()))),
        (DATA_BITS, false, Arc::new(UInt8Array::from(columns.stored_data_bits.clone()))),
        (META_WORDS, false, Arc::new(UInt16Array::from(columns.meta_words.clone()))),
        (TEXT_WORDS, false, Arc::new(UInt16Array::from(columns.text_words.clone()))),
        (ODD, true, Arc::new(odd_words(table)?)),
    ];
    let mut fields: Vec<Arc<Field>> = shared.schema().fields().iter().cloned().collect();
    let mut arrays = shared.columns().to_vec();
    for (name, nullable, array) in own {
        fields.push(Arc::new(Field::new(name, array.data_type().clone(), nullable)));
        arrays.push(array);
    }
    Ok(RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays)?)
}

/// The type of directory words, little-endian.
pub(crate) const WORDS: DataType = DataType::FixedSizeBinary(64);

fn odd_words(table: &RecordTable) -> Result<FixedSizeBinaryArray> {
    let mut builder = FixedSizeBinaryBuilder::with_capacity(table.len(), 64);
    let mut odd = table.columns().odd.iter().peekable();
    for row in 0..table.len() {
        match odd.next_if(|(at, _)| *at as usize == row) {
            Some((_, words)) => builder.append_value(words.map(u32::to_le_bytes).as_flattened())?,
            None => builder.append_null(),
        }
    }
    Ok(builder.finish())
}
