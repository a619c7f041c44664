//! Whether a query names a record, and does not only happen to match it.

use super::{
    Query,
    expr::Expr,
    test::{Test, TextField},
};
use crate::record::{Nomvar, Record};

impl Query {
    /// Whether a condition asks for the nomvar of this record, letter for letter: `nomvar=>>` names axes, while `nomvar=*`,
    /// `ip1=500` and `not nomvar=TT` only match them. What changes fields leaves descriptors alone that are not named.
    pub fn names(&self, record: &Record) -> bool {
        let nomvar = record.nomvar();
        self.all.iter().any(|expr| expr.names(nomvar))
    }
}

impl Expr {
    fn names(&self, nomvar: Nomvar) -> bool {
        match self {
            Self::All(list) | Self::Any(list) => list.iter().any(|expr| expr.names(nomvar)),
            Self::Test(Test::Text(TextField::Nomvar, list)) => list.iter().any(|test| test.is(nomvar.as_str())),
            Self::Not(_) | Self::Test(_) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Data, File, MemoryFile, NewRecord, WriteOptions};

    #[test]
    fn named_or_matched() {
        let memory = MemoryFile::new();
        let mut writer = WriteOptions::new().create_sink(memory.clone()).expect("a file");
        let data = Data::new(&[1.0_f32], (1, 1, 1)).expect("one value");
        writer.write(&NewRecord::new(">>"), &data).expect("written");
        writer.close().expect("closed");
        let file = File::from_bytes(memory.to_vec()).expect("a file");
        let record = &file.records()[0];
        for (text, expected) in [
            ("nomvar='>>'", true),
            ("nomvar='>>','^^'", true),
            ("ip1=0 and (nomvar=TT or nomvar='>>')", true),
            ("", false),
            ("nomvar=*", false),
            ("nomvar=TT", false),
            ("ip1=0", false),
            ("not nomvar=TT", false),
            ("nomvar!=TT", false),
            ("not nomvar='>>'", false),
        ] {
            let query: Query = text.parse().expect("a query");
            assert_eq!(query.names(record), expected, "{text}");
        }
        assert!(Query::new().nomvar(">>").names(record));
    }
}
