//! A table that Polars asks for columns.

use std::{any::Any, sync::Arc};

use polars::prelude::{
    AnonymousScan, AnonymousScanArgs, DataFrame, LazyFrame, PolarsResult, ScanArgsAnonymous, SchemaRef,
};
use rpnfst::RecordTable;

use crate::columns;

/// A frame over a table.
pub(crate) fn frame(table: RecordTable) -> PolarsResult<LazyFrame> {
    let schema = Arc::new(columns::schema());
    let args = ScanArgsAnonymous { schema: Some(schema), name: "FST RECORDS", ..ScanArgsAnonymous::default() };
    LazyFrame::anonymous_scan(Arc::new(Scan { table }), args)
}

/// The source of a frame.
struct Scan {
    table: RecordTable,
}

impl AnonymousScan for Scan {
    fn as_any(&self) -> &dyn Any {
        self
    }

    /// The columns that the query needs, and no more rows than it needs.
    fn scan(&self, asked: AnonymousScanArgs) -> PolarsResult<DataFrame> {
        let few = asked.n_rows.filter(|&rows| rows < self.table.len()).and_then(|rows| u32::try_from(rows).ok());
        // Rows are numbered in the table that was given: the first ones keep their numbers.
        let table = few.map_or_else(|| self.table.clone(), |rows| self.table.take(&(0..rows).collect::<Vec<_>>()));
        let columns = match &asked.with_columns {
            Some(names) => names.iter().map(|name| columns::of_name(&table, name)).collect::<PolarsResult<Vec<_>>>()?,
            None => columns::all(&table)?,
        };
        DataFrame::new(table.len(), columns)
    }

    fn schema(&self, _: Option<usize>) -> PolarsResult<SchemaRef> {
        Ok(Arc::new(columns::schema()))
    }

    fn allows_projection_pushdown(&self) -> bool {
        true
    }
}
