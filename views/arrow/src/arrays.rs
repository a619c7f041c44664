//! Columns of a table as arrays, without copies of what the table has in memory.

use std::{borrow::Cow, sync::Arc};

use arrow_array::{
    ArrayRef, ArrowPrimitiveType, BooleanArray, DictionaryArray, PrimitiveArray, StringArray,
    types::{Float32Type, Float64Type, Int32Type, TimestampMicrosecondType, UInt8Type, UInt32Type, UInt64Type},
};
use arrow_buffer::{ArrowNativeType, BooleanBuffer, Buffer, NullBuffer, ScalarBuffer};
use arrow_schema::{ArrowError, DataType, TimeUnit};
use rpnfst::{
    Mask, RecordTable,
    record::Column,
    table::{ColumnData, ColumnValues},
};

/// The type of a column's array, and whether all records have a value; `None` for types that are not known here.
pub(crate) fn type_of(column: Column) -> Option<(DataType, bool)> {
    let (data_type, lent) = match RecordTable::default().column(column).values {
        ColumnValues::U8(values) => (DataType::UInt8, is_lent(&values)),
        ColumnValues::U32(values) => (DataType::UInt32, is_lent(&values)),
        ColumnValues::I32(values) => (DataType::Int32, is_lent(&values)),
        ColumnValues::U64(values) => (DataType::UInt64, is_lent(&values)),
        ColumnValues::F32(_) => (DataType::Float32, false),
        ColumnValues::F64(_) => (DataType::Float64, false),
        ColumnValues::Bool(_) => (DataType::Boolean, false),
        ColumnValues::Time(_) => (DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())), false),
        ColumnValues::Text { keys, .. } => (text_type(), is_lent(&keys)),
        _ => return None,
    };
    Some((data_type, lent))
}

/// The type of texts.
pub(crate) fn text_type() -> DataType {
    DataType::Dictionary(Box::new(DataType::UInt32), Box::new(DataType::Utf8))
}

#[allow(clippy::ptr_arg, reason = "whether it is borrowed is the question")]
fn is_lent<T: Clone>(values: &Cow<'_, [T]>) -> bool {
    matches!(values, Cow::Borrowed(_))
}

/// The array of a column.
pub(crate) fn array_of(table: &RecordTable, column: Column) -> Result<ArrayRef, ArrowError> {
    let ColumnData { values, missing, .. } = table.column(column);
    let nulls = missing.as_ref().map(|missing| NullBuffer::new(bits(&!missing)));
    let lent = || Lent { table: table.clone(), column };
    Ok(match values {
        ColumnValues::U8(values) => numbers::<UInt8Type>(values, lent, nulls)?,
        ColumnValues::U32(values) => numbers::<UInt32Type>(values, lent, nulls)?,
        ColumnValues::I32(values) => numbers::<Int32Type>(values, lent, nulls)?,
        ColumnValues::U64(values) => numbers::<UInt64Type>(values, lent, nulls)?,
        ColumnValues::F32(values) => numbers::<Float32Type>(values.into(), lent, nulls)?,
        ColumnValues::F64(values) => numbers::<Float64Type>(values.into(), lent, nulls)?,
        ColumnValues::Bool(values) => Arc::new(BooleanArray::new(bits(&values), nulls)),
        ColumnValues::Time(seconds) => {
            let micros: Vec<i64> = seconds.into_iter().map(|seconds| seconds.saturating_mul(1_000_000)).collect();
            let times = PrimitiveArray::<TimestampMicrosecondType>::try_new(micros.into(), nulls)?;
            Arc::new(times.with_timezone("UTC"))
        }
        ColumnValues::Text { keys, values } => {
            let keys = PrimitiveArray::<UInt32Type>::try_new(buffer(keys, lent), nulls)?;
            texts(keys, values)?
        }
        other => return Err(ArrowError::NotYetImplemented(format!("a column of {other:?}"))),
    })
}

/// The paths of the records' files.
pub(crate) fn paths(table: &RecordTable, paths: impl Iterator<Item = String>) -> Result<ArrayRef, ArrowError> {
    let lent = || Lent { table: table.clone(), column: Column::File };
    let keys = PrimitiveArray::try_new(buffer(Cow::Borrowed(&table.columns().file), lent), None)?;
    texts(keys, paths)
}

fn texts(keys: PrimitiveArray<UInt32Type>, values: impl IntoIterator<Item = String>) -> Result<ArrayRef, ArrowError> {
    let values: StringArray = values.into_iter().map(Some).collect();
    Ok(Arc::new(DictionaryArray::try_new(keys, Arc::new(values))?))
}

fn numbers<T: ArrowPrimitiveType<Native: bytemuck::Pod>>(
    values: Cow<'_, [T::Native]>,
    lent: impl Fn() -> Lent,
    nulls: Option<NullBuffer>,
) -> Result<ArrayRef, ArrowError> {
    Ok(Arc::new(PrimitiveArray::<T>::try_new(buffer(values, lent), nulls)?))
}

/// What is borrowed from the table is lent; the rest is ours already.
fn buffer<T: ArrowNativeType>(values: Cow<'_, [T]>, lent: impl Fn() -> Lent) -> ScalarBuffer<T> {
    match values {
        Cow::Borrowed(values) => {
            let bytes = bytes::Bytes::from_owner(lent());
            debug_assert_eq!((bytes.as_ptr(), bytes.len()), (values.as_ptr().cast(), size_of_val(values)));
            ScalarBuffer::new(Buffer::from(bytes), 0, values.len())
        }
        Cow::Owned(values) => values.into(),
    }
}

/// Masks have the layout of Arrow.
fn bits(mask: &Mask) -> BooleanBuffer {
    BooleanBuffer::new(Buffer::from_slice_ref(mask.as_bytes()), 0, mask.len())
}

/// Keeps a table alive for an array that has the values of one of its columns.
struct Lent {
    table: RecordTable,
    column: Column,
}

impl AsRef<[u8]> for Lent {
    fn as_ref(&self) -> &[u8] {
        match self.table.column(self.column).values {
            ColumnValues::U8(Cow::Borrowed(values)) => values,
            ColumnValues::U32(Cow::Borrowed(values)) | ColumnValues::Text { keys: Cow::Borrowed(values), .. } => {
                bytemuck::cast_slice(values)
            }
            ColumnValues::I32(Cow::Borrowed(values)) => bytemuck::cast_slice(values),
            ColumnValues::U64(Cow::Borrowed(values)) => bytemuck::cast_slice(values),
            _ => &[],
        }
    }
}

#[cfg(test)]
mod tests {
    use arrow_array::{Array, cast::AsArray};

    use super::*;

    fn table() -> RecordTable {
        RecordTable::of_files(["../../testdata/xdf/same_name.std", "../../testdata/cases/intervals.std"])
            .expect("files")
    }

    #[test]
    fn columns_of_the_table_are_not_copied() {
        let table = table();
        let lent = Column::ALL.iter().filter(|column| type_of(**column).is_some_and(|(_, lent)| lent)).count();
        assert_eq!(lent, 22);
        let [ip1, offset, data_type] = [Column::Ip1, Column::FileOffset, Column::DataType]
            .map(|column| array_of(&table, column).expect("an array"));
        assert_eq!(ip1.as_primitive::<UInt32Type>().values().as_ptr(), table.columns().ip1.as_ptr());
        assert_eq!(offset.as_primitive::<UInt64Type>().values().as_ptr(), table.columns().file_offset.as_ptr());
        assert_eq!(data_type.as_primitive::<UInt8Type>().values().as_ptr(), table.columns().data_type.as_ptr());
        let names = array_of(&table, Column::Nomvar).expect("an array");
        let keys = names.as_dictionary::<UInt32Type>().keys().values();
        assert_eq!(keys.as_ptr(), table.columns().nomvar.keys().as_ptr());
    }

    #[test]
    fn arrays_outlive_the_table() {
        let table = table();
        let expected = table.columns().ip1.clone();
        let ip1 = array_of(&table, Column::Ip1).expect("an array");
        drop(table);
        assert_eq!(&**ip1.as_primitive::<UInt32Type>().values(), expected.as_slice());
    }

    #[test]
    fn arrays_have_the_types_that_are_told() {
        for table in [table(), RecordTable::default()] {
            for &column in Column::ALL {
                let (data_type, full) = type_of(column).expect("a known type");
                let array = array_of(&table, column).expect("an array");
                assert_eq!((array.data_type(), array.len()), (&data_type, table.len()), "{column:?}");
                assert!(!full || array.null_count() == 0, "{column:?}");
            }
        }
    }
}
