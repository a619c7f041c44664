//! Columns of a table as columns of Polars.

use std::borrow::Cow;

use polars::prelude::{
    BooleanType, Categorical32Chunked, CategoricalMapping, Categories, ChunkedArray, Column as Series, CompatLevel,
    DataType, Float32Type, Float64Type, Int32Type, Int64Type, IntoColumn as _, IntoSeries, PlSmallStr, PolarsDataType,
    PolarsNumericType, PolarsResult, Schema, TimeUnit, TimeZone, UInt8Type, UInt32Type, UInt64Type, polars_err,
};
use polars_arrow::{
    array::{BooleanArray, PrimitiveArray},
    bitmap::Bitmap,
    datatypes::ArrowDataType,
};
use polars_buffer::Buffer;
use rpnfst::{Mask, RecordTable, record::Column, table::ColumnValues};

/// Name of the column with the path of the file.
pub const PATH: &str = "path";
/// Name of the column with the row of the table, for [`rows_of`](crate::rows_of).
pub const ROW: &str = "row";

/// The columns of a frame, and their types.
///
/// ```
/// use polars::prelude::DataType;
/// let schema = rpnfst_polars::schema();
/// assert_eq!(schema.get("level"), Some(&DataType::Float32));
/// assert_eq!(schema.get_at_index(0).map(|(name, _)| name.as_str()), Some("nomvar"));
/// ```
pub fn schema() -> Schema {
    let empty = RecordTable::default();
    let own = Column::ALL.iter().map(|&column| (column.name().into(), data_type(&empty.column(column).values)));
    let more = [(PATH.into(), names_type()), (ROW.into(), DataType::UInt32)];
    own.chain(more).collect()
}

/// All columns of a table.
pub(crate) fn all(table: &RecordTable) -> PolarsResult<Vec<Series>> {
    let own = Column::ALL.iter().map(|&column| of_column(table, column));
    own.chain([path(table), Ok(row(table))]).collect()
}

/// The column of that name.
pub(crate) fn of_name(table: &RecordTable, name: &str) -> PolarsResult<Series> {
    match name {
        PATH => path(table),
        ROW => Ok(row(table)),
        _ => {
            let column = Column::ALL.iter().copied().find(|column| column.name() == name);
            of_column(table, column.ok_or_else(|| polars_err!(ColumnNotFound: "{name}"))?)
        }
    }
}

/// The type that a column of Polars has.
fn data_type(values: &ColumnValues<'_>) -> DataType {
    match values {
        ColumnValues::U8(_) => DataType::UInt8,
        ColumnValues::U32(_) => DataType::UInt32,
        ColumnValues::I32(_) => DataType::Int32,
        ColumnValues::U64(_) => DataType::UInt64,
        ColumnValues::F32(_) => DataType::Float32,
        ColumnValues::F64(_) => DataType::Float64,
        ColumnValues::Bool(_) => DataType::Boolean,
        ColumnValues::Time(_) => DataType::Datetime(TimeUnit::Microseconds, Some(TimeZone::UTC)),
        _ => names_type(),
    }
}

/// The type of texts: categories of which the whole program has one set, so that frames of several tables fit together.
fn names_type() -> DataType {
    DataType::from_categories(Categories::global())
}

/// A column of the table.
fn of_column(table: &RecordTable, column: Column) -> PolarsResult<Series> {
    let name: PlSmallStr = column.name().into();
    let data = table.column(column);
    let valid = data.missing.as_ref().map(inverted);
    let lender = Lender { table, column };
    Ok(match data.values {
        ColumnValues::U8(values) => numbers::<UInt8Type>(name, lender.buffer(values), valid),
        ColumnValues::U32(values) => numbers::<UInt32Type>(name, lender.buffer(values), valid),
        ColumnValues::I32(values) => numbers::<Int32Type>(name, lender.buffer(values), valid),
        ColumnValues::U64(values) => numbers::<UInt64Type>(name, lender.buffer(values), valid),
        ColumnValues::F32(values) => numbers::<Float32Type>(name, values.into(), valid),
        ColumnValues::F64(values) => numbers::<Float64Type>(name, values.into(), valid),
        ColumnValues::Bool(values) => {
            let array = BooleanArray::new(ArrowDataType::Boolean, bitmap(&values), valid);
            ChunkedArray::<BooleanType>::with_chunk(name, array).into_series().into_column()
        }
        ColumnValues::Time(mut seconds) => {
            for time in &mut seconds {
                *time = time.saturating_mul(1_000_000);
            }
            let array = PrimitiveArray::new(ArrowDataType::Int64, seconds.into(), valid);
            let times = ChunkedArray::<Int64Type>::with_chunk(name, array);
            times.into_datetime(TimeUnit::Microseconds, Some(TimeZone::UTC)).into_series().into_column()
        }
        ColumnValues::Text { keys, values } => {
            let codes = |mapping: &CategoricalMapping| values.iter().map(|text| mapping.insert_cat(text)).collect();
            categories(name, lender, keys, codes, valid)?
        }
        _ => return Err(polars_err!(ComputeError: "the column {} has values of a type that is not known", name)),
    })
}

/// The paths of the files.
fn path(table: &RecordTable) -> PolarsResult<Series> {
    let lender = Lender { table, column: Column::File };
    let keys = Cow::Borrowed(table.columns().file.as_slice());
    let codes = |mapping: &CategoricalMapping| {
        table.files().iter().map(|file| mapping.insert_cat(&file.path.to_string_lossy())).collect()
    };
    // Bytes in memory have no path.
    let nameless = table.files().iter().any(|file| file.path.as_os_str().is_empty());
    let named = |&file: &u32| table.files().get(file as usize).is_some_and(|file| !file.path.as_os_str().is_empty());
    let valid = nameless.then(|| keys.iter().map(named).collect::<Bitmap>());
    categories(PATH.into(), lender, keys, codes, valid)
}

/// The numbers of the rows.
fn row(table: &RecordTable) -> Series {
    let rows: Vec<u32> = (0..u32::try_from(table.len()).unwrap_or(u32::MAX)).collect();
    numbers::<UInt32Type>(ROW.into(), rows.into(), None)
}

/// A column of numbers.
fn numbers<T>(name: PlSmallStr, values: Buffer<T::Native>, valid: Option<Bitmap>) -> Series
where
    T: PolarsNumericType + PolarsDataType<Array = PrimitiveArray<<T as PolarsNumericType>::Native>>,
    ChunkedArray<T>: IntoSeries,
{
    let array = PrimitiveArray::new(T::get_static_dtype().to_arrow(CompatLevel::newest()), values, valid);
    ChunkedArray::<T>::with_chunk(name, array).into_series().into_column()
}

/// A column of texts: keys that say which text, and the codes that Polars has for the texts.
fn categories(
    name: PlSmallStr,
    lender: Lender<'_>,
    keys: Cow<'_, [u32]>,
    codes: impl Fn(&CategoricalMapping) -> PolarsResult<Vec<u32>>,
    valid: Option<Bitmap>,
) -> PolarsResult<Series> {
    let data_type = names_type();
    let DataType::Categorical(_, mapping) = &data_type else { return Err(polars_err!(ComputeError: "no categories")) };
    let codes = codes(mapping)?;
    let same = (0..).zip(&codes).all(|(key, code)| key == *code);
    let values = if same {
        lender.buffer(keys)
    } else {
        let of = |key: u32| codes.get(key as usize).copied().unwrap_or(u32::MAX);
        keys.iter().map(|key| of(*key)).collect::<Vec<_>>().into()
    };
    let array = PrimitiveArray::new(ArrowDataType::UInt32, values, valid);
    let codes = ChunkedArray::<UInt32Type>::with_chunk(name, array);
    Ok(Categorical32Chunked::from_cats_and_dtype(codes, data_type).into_series().into_column())
}

/// Bits as Polars has them: both lay them out as Arrow does.
fn bitmap(mask: &Mask) -> Bitmap {
    Bitmap::from_u8_slice(mask.as_bytes(), mask.len())
}

/// The other way round: Polars marks what is there.
fn inverted(missing: &Mask) -> Bitmap {
    Bitmap::from_u8_vec(missing.as_bytes().iter().map(|byte| !byte).collect(), missing.len())
}

/// Lends the vectors of a table to Polars.
#[derive(Clone, Copy)]
struct Lender<'a> {
    table: &'a RecordTable,
    column: Column,
}

impl Lender<'_> {
    /// Values of this column: those that the table has are not copied, and computed ones are handed over.
    fn buffer<T>(self, values: Cow<'_, [T]>) -> Buffer<T>
    where
        T: Clone + 'static,
        Owner: AsRef<[T]>,
    {
        match values {
            Cow::Borrowed(_) => Buffer::from_owner(Owner { table: self.table.clone(), column: self.column }),
            Cow::Owned(values) => values.into(),
        }
    }
}

/// A table that lives as long as a buffer over one of its vectors.
struct Owner {
    table: RecordTable,
    column: Column,
}

macro_rules! lend {
    ($($type:ty: $($pattern:pat => $values:ident),+;)*) => {
        $(impl AsRef<[$type]> for Owner {
            fn as_ref(&self) -> &[$type] {
                match self.table.column(self.column).values {
                    $($pattern => $values,)+
                    _ => &[],
                }
            }
        })*
    };
}

lend! {
    u8: ColumnValues::U8(Cow::Borrowed(values)) => values;
    u32: ColumnValues::U32(Cow::Borrowed(values)) => values, ColumnValues::Text { keys: Cow::Borrowed(keys), .. } => keys;
    i32: ColumnValues::I32(Cow::Borrowed(values)) => values;
    u64: ColumnValues::U64(Cow::Borrowed(values)) => values;
}
