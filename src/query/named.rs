//! Whether a query is about a record because of its name.

use super::Query;
use crate::record::Record;

impl Query {
    /// Whether the query takes this record and would not take it under another name: `nomvar=>>` takes a record `>>` by
    /// its name, `ip1=0` and `not nomvar=TT` do not. What changes or destroys whole files asks this of
    /// [descriptors](Record::is_descriptor).
    pub fn selects_by_name(&self, record: &Record) -> bool {
        // `____`, or `<___` in six-bit codes: the first letter says whether ips are levels, as before.
        let other = if record.has_special_ips() { 0x73_FFFF } else { 0xFF_FFFF };
        let mut renamed = record.clone();
        renamed.words[11] = other << 8 | renamed.words[11] & 0xFF;
        self.matches(record) && !self.matches(&renamed)
    }
}
