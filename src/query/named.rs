//! Whether a query selects a record by its name.

use super::Query;
use crate::record::Record;

impl Query {
    /// Whether the query selects this record and would not if it had another name: `nomvar=>>` selects a record `>>` by
    /// its name, `ip1=0` and `not nomvar=TT` do not. Commands that delete or change records spare
    /// [descriptors](Record::is_descriptor) that are not selected by name.
    ///
    /// ```
    /// use rpnfst::{File, Query};
    /// let file = File::open("testdata/cases/shift_undated/t.std")?;
    /// let axis = file.records().iter().find(|record| record.nomvar() == ">>").expect("an axis");
    /// let (by_name, by_chance): (Query, Query) = ("nomvar=>>".parse()?, "ip1>=0".parse()?);
    /// assert!(by_name.selects_by_name(axis));
    /// assert!(by_chance.matches(axis) && !by_chance.selects_by_name(axis));
    /// # Ok::<(), rpnfst::Error>(())
    /// ```
    pub fn selects_by_name(&self, record: &Record) -> bool {
        // Keep the first letter's class: it decides whether ips are levels.
        let other = if record.has_special_ips() { "<___" } else { "____" };
        let mut renamed = record.clone();
        renamed.words.set_nomvar(other.into());
        self.matches(record) && !self.matches(&renamed)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "in a test a surprise must stop it")]
mod tests {
    use super::*;
    use crate::{File, write::Attributes};

    #[test]
    fn which_conditions_name_a_record() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/cases/shift_undated/t.std");
        let file = File::open(path).unwrap();
        let axis = file.records().iter().find(|record| record.nomvar() == ">>").unwrap();
        let parameters = Attributes::from(axis).nomvar("HY").preview(axis).unwrap();
        for (record, name) in [(axis, ">>"), (&parameters, "HY")] {
            for (condition, expected) in [
                (format!("nomvar=TT,{name}"), true),
                (format!("nomvar={}*", &name[..1]), true),
                (format!("nomvar={name} and ip1>=0"), true),
                (format!("not (nomvar!={name})"), true),
                ("nomvar=*".to_owned(), false),
                ("not nomvar=TT".to_owned(), false),
                ("not level=500 hPa".to_owned(), false),
                ("ip1>=0".to_owned(), false),
                (format!("nomvar={name} or ip1>=0"), false),
                ("nomvar=TT".to_owned(), false),
            ] {
                let query: Query = condition.parse().unwrap();
                assert_eq!(query.selects_by_name(record), expected, "{condition}");
            }
            assert!(!Query::new().selects_by_name(record));
        }
    }
}
