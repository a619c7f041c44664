//! Records that hold vertical coordinates: read and written.

use rpnfst_grids::levels::{HybridRecord, Levels, Table};

use crate::{
    error::{Error, Result},
    field::Array,
    file::{File, ReadOptions},
    record::{DataType, Record},
    write::{Attributes, Writer},
};

/// The coordinate that a `!!` holds; a sentence where it holds none.
pub(super) fn read_table(file: &File, record: &Record) -> Result<Levels, String> {
    let array = file.read_as::<f64>(record, &ReadOptions::new()).map_err(|e| e.to_string())?;
    let (ni, _, nk) = array.dims();
    if nk != 1 {
        return Err(format!("a table with {nk} planes"));
    }
    let table = Table::from_values(ni, array.values()).map_err(|e| e.to_string())?;
    Levels::from_table(table).map_err(|e| e.to_string())
}

/// The parameters of a `HY`.
pub(super) fn read_hybrid(record: &Record) -> Result<HybridRecord, String> {
    HybridRecord::new(record.ip1(), record.ig1(), record.ig2()).map_err(|e| e.to_string())
}

/// The first value of a record of one number, such as `PT` and `E1`.
pub(super) fn first_value(file: &File, record: &Record) -> Result<f32, String> {
    let array = file.read_as::<f32>(record, &ReadOptions::new()).map_err(|e| e.to_string())?;
    array.values().first().copied().ok_or_else(|| "a record without values".to_owned())
}

impl Writer {
    /// Appends the `!!` of a vertical coordinate. Fields on the grid whose axes have the ip1 and ip2 of `tags` find it: their
    /// ig1 and ig2 are these.
    ///
    /// ```
    /// use rpnfst::{File, MemoryFile, WriteOptions, grids::levels::{Levels, Recipe, Vcode}};
    /// let recipe = Recipe::new(Vcode::Hybrid5002, &[0.1, 0.5, 0.995]).top(1000.0).reference(1e5).coefficients(&[0.0, 1.0]);
    /// let levels = Levels::generate(&recipe)?;
    /// let memory = MemoryFile::new();
    /// let mut writer = WriteOptions::new().create_sink(memory.clone())?;
    /// let record = writer.write_levels(&levels, [1234, 5678])?;
    /// writer.close()?;
    /// assert_eq!((record.nomvar().as_str(), record.ig1(), record.ig2()), ("!!", 5002, 10_000));
    /// # Ok::<(), rpnfst::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Unsupported`](crate::Error::Unsupported) when the coordinate has no table, and as [`write`](Self::write).
    pub fn write_levels(&mut self, levels: &Levels, tags: [u32; 2]) -> Result<Record> {
        let Some(table) = levels.table() else {
            let what = format!("vertical coordinate {} has no table", levels.vcode().number());
            return Err(Error::Unsupported { path: self.name().to_owned(), what });
        };
        let header = levels.header();
        let [ig1, ig2, ig3, ig4] = header.ig;
        let attributes = Attributes::new("!!")
            .typvar("X")
            .grtyp('X')
            .etiket(header.etiket)
            .ip1(tags[0])
            .ip2(tags[1])
            .ig(ig1, ig2, ig3, ig4)
            .data_type(DataType::IEEE)
            .pack_bits(64);
        self.write(&attributes, &Array::new(table.values(), (table.ni(), table.nj(), 1))?)
    }
}
