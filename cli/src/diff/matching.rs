//! Which records of two files belong together.

use std::{collections::HashMap, fmt::Write as _};

use rpnfst::{
    Record,
    record::{Cell, Column},
};

use crate::report::{Result, Stop};

/// What tells records apart, and what else of them is compared.
pub(super) struct Keys {
    key: Vec<Column>,
    rest: Vec<Column>,
    /// Whether extended metadata are compared.
    pub(super) metadata: bool,
}

/// Attributes that are not computed of others.
const ATTRIBUTES: [Column; 18] = [
    Column::Nomvar,
    Column::Typvar,
    Column::Etiket,
    Column::Grtyp,
    Column::Datev,
    Column::Deet,
    Column::Npas,
    Column::Ni,
    Column::Nj,
    Column::Nk,
    Column::Ip1,
    Column::Ip2,
    Column::Ip3,
    Column::Ig1,
    Column::Ig2,
    Column::Ig3,
    Column::Ig4,
    Column::DataType,
];

const GRID: [Column; 5] = [Column::Grtyp, Column::Ig1, Column::Ig2, Column::Ig3, Column::Ig4];

impl Keys {
    /// From `--key`, `--ignore` and `--packing`.
    pub(super) fn parse(key: &str, ignore: &str, packing: bool) -> Result<Self> {
        let (key, _) = columns("--key", key)?;
        let (ignore, ignores_metadata) = columns("--ignore", ignore)?;
        let key: Vec<_> = key.into_iter().filter(|column| !ignore.contains(column)).collect();
        if key.is_empty() {
            return Err(Stop::message("no column is left in the key"));
        }
        let packed = [Column::DataType, Column::PackBits];
        let rest = ATTRIBUTES.into_iter().filter(|column| !packed.contains(column));
        let rest = rest.chain(packed.into_iter().filter(|_| packing));
        // Dates that are the same moment match, and their stamps may differ.
        let in_key = |column: &Column| *column != Column::Datev && key.contains(column);
        let rest = rest.filter(|column| !ignore.contains(column) && !in_key(column)).collect();
        Ok(Self { key, rest, metadata: !ignores_metadata })
    }

    /// The attributes outside of the key that differ.
    pub(super) fn differences(&self, a: &Record, b: &Record) -> Vec<(&'static str, Cell, Cell)> {
        let both = self.rest.iter().map(|column| (column.name(), column.of(a), column.of(b)));
        both.filter(|(_, a, b)| a != b).collect()
    }

    /// The key of a record; of stamps only the moment if that is all that has to be the same.
    fn of(&self, record: &Record, stamps: Stamps) -> String {
        let mut text = String::new();
        for column in &self.key {
            let _ = match (column, stamps) {
                (Column::Datev, Stamps::Moment) => write!(text, "{}", record.datev().canonical()),
                (Column::Dateo, Stamps::Moment) => write!(text, "{}", record.dateo_classic().canonical()),
                _ => write!(text, "{}", column.of(record)),
            };
            text.push('\0'); // in no cell
        }
        text
    }
}

/// What has to be the same of dates.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Stamps {
    Raw,
    /// The run number of old stamps, and which of the encodings it is, do not matter.
    Moment,
}

/// Columns of a list, and whether `metadata` was among them.
fn columns(option: &str, list: &str) -> Result<(Vec<Column>, bool)> {
    let mut columns = Vec::new();
    let mut metadata = false;
    for name in list.split(',').map(str::trim).filter(|name| !name.is_empty()) {
        match (name, Column::from_name(name)) {
            ("grid", _) => columns.extend(GRID),
            ("metadata", _) => metadata = true,
            (_, Some(column)) => columns.push(column),
            (_, None) => {
                let what = format!("{option}: no column `{name}`; `rpnfst ls --columns help` lists them");
                return Err(Stop::message(what));
            }
        }
    }
    if metadata && option == "--key" {
        return Err(Stop::message("--key: records are not matched by their extended metadata"));
    }
    Ok((columns, metadata))
}

/// A record and its position in the listing of its file.
type Placed<'a> = (usize, &'a Record);

/// Two records with the same key.
#[derive(Clone, Copy)]
pub(super) struct Pair<'a> {
    pub(super) a: Placed<'a>,
    pub(super) b: Placed<'a>,
}

/// What belongs together, in the order of A, and what is alone.
pub(super) struct Matched<'a> {
    pub(super) pairs: Vec<Pair<'a>>,
    pub(super) only_a: Vec<Placed<'a>>,
    pub(super) only_b: Vec<Placed<'a>>,
}

/// Matches records; of those with the same key the first goes with the first, and so on. Records of the same moment whose
/// stamps differ go together when no other has the very stamp.
pub(super) fn pairs<'a>(a: Vec<Placed<'a>>, b: Vec<Placed<'a>>, keys: &Keys) -> Matched<'a> {
    let mut matched = same_keys(a, b, |record| keys.of(record, Stamps::Raw));
    let dated = keys.key.iter().any(|column| matches!(column, Column::Datev | Column::Dateo));
    if dated && !matched.only_a.is_empty() && !matched.only_b.is_empty() {
        let more = same_keys(matched.only_a, matched.only_b, |record| keys.of(record, Stamps::Moment));
        (matched.only_a, matched.only_b) = (more.only_a, more.only_b);
        if !more.pairs.is_empty() {
            matched.pairs.extend(more.pairs);
            matched.pairs.sort_by_key(|pair| pair.a.0);
        }
    }
    matched
}

fn same_keys<'a>(a: Vec<Placed<'a>>, b: Vec<Placed<'a>>, key: impl Fn(&Record) -> String) -> Matched<'a> {
    let mut waiting: HashMap<_, Vec<_>> = HashMap::new();
    // From the end, so that the first is the next to be taken.
    for placed in b.into_iter().rev() {
        waiting.entry(key(placed.1)).or_default().push(placed);
    }
    let (mut pairs, mut only_a) = (Vec::new(), Vec::new());
    for a in a {
        match waiting.get_mut(&key(a.1)).and_then(Vec::pop) {
            Some(b) => pairs.push(Pair { a, b }),
            None => only_a.push(a),
        }
    }
    let mut only_b: Vec<_> = waiting.into_values().flatten().collect();
    only_b.sort_by_key(|(index, _)| *index);
    Matched { pairs, only_a, only_b }
}
