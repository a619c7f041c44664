//! How long a million records take on their way to Polars: `cargo run --release -p rpnfst-polars --example million FILE...`
//! takes the records of the files as often as makes a million.

use std::{error::Error, time::Instant};

use polars::prelude::*;
use rpnfst::RecordTable;
use rpnfst_polars::ToPolars as _;

const RECORDS: usize = 1_000_000;

fn main() -> Result<(), Box<dyn Error>> {
    let some = RecordTable::of_files(std::env::args_os().skip(1))?;
    let rows: Vec<u32> = (0..u32::try_from(some.len())?).cycle().take(RECORDS).collect();
    let table = some.take(&rows);
    println!("{} records of {} files", table.len(), table.files().len());
    for turn in ["first", "again"] {
        let frame = || table.to_polars();
        timed(turn, "to_polars", || frame().map(drop))?;
        timed(turn, "directory fields", || {
            let fields =
                ["nomvar", "typvar", "etiket", "ip1", "ip2", "ip3", "ni", "nj", "nk", "datev", "file_offset", "path"];
            frame()?.select(fields.map(col)).collect().map(drop)
        })?;
        timed(turn, "count by nomvar", || frame()?.group_by([col("nomvar")]).agg([len()]).collect().map(drop))?;
        timed(turn, "filter by level and time", || {
            let filter = col("level").gt_eq(lit(500)).and(col("hour").gt(lit(0)));
            frame()?.filter(filter).select([col("row"), col("valid_time")]).collect().map(drop)
        })?;
        timed(turn, "every column", || frame()?.collect().map(drop))?;
    }
    for &column in rpnfst::record::Column::ALL {
        timed("column", column.name(), || table.to_polars()?.select([col(column.name())]).collect().map(drop))?;
    }
    Ok(())
}

fn timed(turn: &str, what: &str, work: impl FnOnce() -> PolarsResult<()>) -> PolarsResult<()> {
    let begin = Instant::now();
    work()?;
    println!("{turn} {what}: {:.1} ms", begin.elapsed().as_secs_f64() * 1e3);
    Ok(())
}
