//! Questions in SQL.

use std::io::Write;

use polars::{
    prelude::{DataFrame, DataType, ParquetWriter, PlSmallStr, PolarsResult, TimeZone, col},
    sql::SQLContext,
};
use rpnfst::RecordTable;

use crate::{ToPolars as _, schema};

/// Name of the table in questions.
const TABLE: &str = "records";

/// The answer of a `SELECT` over the table, which is called `records`, in the SQL of Polars. Names are of the
/// type String here, for `LIKE` and the functions of texts. Times are UTC, in questions and answers.
///
/// ```
/// # std::env::set_current_dir("../..")?;
/// let table = rpnfst::RecordTable::of_files(["testdata/xdf/same_name.std"])?;
/// let answer = rpnfst_polars::sql(&table, "SELECT nomvar, COUNT(*) AS n FROM records GROUP BY nomvar ORDER BY n DESC")?;
/// assert_eq!(answer.get_column_names(), ["nomvar", "n"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// Those of Polars, such as `SQLSyntax` and `ColumnNotFound`.
pub fn sql(table: &RecordTable, question: &str) -> PolarsResult<DataFrame> {
    // LIKE and the functions of texts know no categories, and TIMESTAMP literals have no zone.
    let plain = |name: &PlSmallStr, data_type: &DataType| match data_type {
        DataType::Categorical(..) => Some(col(name.clone()).cast(DataType::String)),
        DataType::Datetime(unit, _) => Some(col(name.clone()).cast(DataType::Datetime(*unit, None))),
        _ => None,
    };
    let plain: Vec<_> = schema().iter().filter_map(|(name, data_type)| plain(name, data_type)).collect();
    let mut context = SQLContext::new();
    context.register(TABLE, table.to_polars()?.with_columns(plain));
    let mut answer = context.execute(question)?.collect()?;
    for (place, data_type) in answer.dtypes().into_iter().enumerate() {
        if let DataType::Datetime(unit, None) = data_type {
            let times = answer.columns()[place].cast(&DataType::Datetime(unit, Some(TimeZone::UTC)))?;
            answer.replace_column(place, times)?;
        }
    }
    Ok(answer)
}

/// Writes a frame as a Parquet file. Names become dictionaries, times timestamps with UTC.
///
/// ```
/// # std::env::set_current_dir("../..")?;
/// # use rpnfst_polars::ToPolars as _;
/// let file = rpnfst::File::open("testdata/xdf/same_name.std")?;
/// let mut bytes = Vec::new();
/// rpnfst_polars::write_parquet(&file.to_polars()?.collect()?, &mut bytes)?;
/// assert!(bytes.starts_with(b"PAR1"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// Those of Polars: the writer fails, or a column has a type that Parquet has not.
pub fn write_parquet(frame: &DataFrame, to: impl Write) -> PolarsResult<()> {
    ParquetWriter::new(to).finish(&mut frame.clone()).map(drop)
}
