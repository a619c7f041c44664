//! Which vertical coordinate the level of a record belongs to.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use rpnfst_grids::levels::{Levels, OldRecords};

use super::tables::{first_value, read_hybrid, read_table};
use crate::{
    error::{Error, Result},
    file::File,
    record::{DateStamp, Etiket, Kind, Record, has_tags},
};

/// The vertical coordinates of a file, or of files that belong together. Each is read and built once, when a record
/// asks for it: ask one `Coordinates` for many records.
///
/// A record finds its coordinate so, the first way that leads to one:
///
/// 1. `!!` whose ip1 and ip2 are ig1 and ig2 of the record (on grids with axes) and whose kind is that of the level. A height above
///    the ground fits every kind, since tables list such levels;
/// 2. the only `!!` of that kind; copies count as one, and several that differ as none;
/// 3. older records: `HY`, or `PT` and perhaps `E1`, and the levels in the file. (Pressures need none.)
///
/// ```
/// use rpnfst::{File, geo::Coordinates};
/// let file = File::open("testdata/vertical/leg_hy5.std")?;
/// let coordinates = Coordinates::new(&file);
/// let field = file.records().iter().find(|record| record.nomvar() == "TT").expect("a field");
/// let coordinate = coordinates.of(field)?;
/// assert_eq!(coordinate.levels.vcode().number(), 5001);
/// # Ok::<(), rpnfst::Error>(())
/// ```
#[derive(Debug)]
pub struct Coordinates<'a> {
    file: &'a File,
    tables: Vec<TableRecord<'a>>,
    /// Tables by their tags.
    tagged: HashMap<[u32; 2], Vec<usize>>,
    hybrids: Vec<&'a Record>,
    /// What was found before.
    found: Mutex<HashMap<Sought, Result<Option<Coordinate<'a>>, String>>>,
    old: Mutex<HashMap<OldKey, Result<Coordinate<'a>, String>>>,
    facts: OnceLock<OldFacts<'a>>,
}

/// What tables are sought by: tags if the grid has some, the kind of the level, the code of a height above the ground.
type Sought = (Option<[u32; 2]>, u8, Option<u32>);

/// What all older coordinates of a file have in common.
#[derive(Debug)]
struct OldFacts<'a> {
    codes: HashMap<u8, BTreeSet<u32>>,
    top: Result<Option<(&'a Record, f32)>, String>,
    eta_top: Result<Option<(&'a Record, f32)>, String>,
}

#[derive(Debug)]
struct TableRecord<'a> {
    record: &'a Record,
    levels: OnceLock<Result<Arc<Levels>, String>>,
}

/// What older coordinates of one file differ by: the kind, and where there are several `HY` the label and the dates.
type OldKey = (u8, Option<(Etiket, DateStamp, Option<DateStamp>)>);

/// A vertical coordinate, and the record that holds it.
///
/// ```
/// use rpnfst::{File, geo::Coordinates};
/// let file = File::open("testdata/vertical/toctoc.std")?;
/// let all = Coordinates::new(&file).all();
/// let first = all.iter().flatten().next().expect("a coordinate");
/// assert_eq!((first.levels.vcode().number(), first.record.map(|record| record.ip1())), (1001, Some(1000)));
/// # Ok::<(), rpnfst::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Coordinate<'a> {
    /// The coordinate.
    pub levels: Arc<Levels>,
    /// Its `!!`, `HY` or `PT`; `None` where it was made of the levels in the file only.
    pub record: Option<&'a Record>,
    /// The tags of the grid that it belongs to, if it was found by them.
    pub tags: Option<[u32; 2]>,
}

impl File {
    /// The vertical coordinate that the level of a record belongs to. For many records, [`Coordinates`] reads it once.
    ///
    /// ```
    /// use rpnfst::File;
    /// let file = File::open("testdata/vertical/leg_eta.std")?;
    /// let field = file.records().iter().find(|record| record.nomvar() == "TT").expect("a field");
    /// assert_eq!(file.levels(field)?.parameters().top, Some(1000.0));
    /// # Ok::<(), rpnfst::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Levels`] says what was sought and what was found instead.
    pub fn levels(&self, record: &Record) -> Result<Arc<Levels>> {
        Ok(Coordinates::new(self).of(record)?.levels)
    }
}

impl<'a> Coordinates<'a> {
    /// Those of a file. Nothing is read yet.
    pub fn new(file: &'a File) -> Self {
        let mut known = Self {
            file,
            tables: Vec::new(),
            tagged: HashMap::new(),
            hybrids: file.records().iter().filter(|record| record.nomvar() == "HY").collect(),
            found: Mutex::default(),
            old: Mutex::default(),
            facts: OnceLock::new(),
        };
        for record in file.records().iter().filter(|record| record.nomvar() == "!!") {
            known.tagged.entry([record.ip1(), record.ip2()]).or_default().push(known.tables.len());
            known.tables.push(TableRecord { record, levels: OnceLock::new() });
        }
        known
    }

    /// The coordinate of a record's level.
    ///
    /// # Errors
    /// [`Error::Levels`] when the record has no level, when no coordinate is there, or several that differ.
    pub fn of(&self, record: &Record) -> Result<Coordinate<'a>> {
        self.find(record).map_err(|what| Error::Levels { record: record.into(), what })
    }

    /// Every coordinate of the file: that of each `!!`, and for kinds of levels without one that of the older records. A
    /// damaged `!!` or one of unknown kind is an error; so are hybrid and sigma levels that nothing describes.
    pub fn all(&self) -> Vec<Result<Coordinate<'a>>> {
        let tables = self.tables.iter().map(|table| {
            let levels = self.read(table).map_err(|what| Error::Levels { record: table.record.into(), what })?;
            Ok(Coordinate { levels, record: Some(table.record), tags: Some([table.record.ip1(), table.record.ip2()]) })
        });
        let mut all: Vec<_> = tables.collect();
        let mut seen: BTreeSet<_> = self.tables.iter().map(|table| table.record.ig1() / 1000).collect();
        let mut made = BTreeSet::new();
        for record in self.file.records().iter().filter(|record| is_field(record)) {
            let Some(kind) = kind_of(record).filter(|kind| is_old(*kind)) else { continue };
            let key = self.old_key(kind, record);
            if seen.contains(&u32::from(kind.code())) || !made.insert(key) {
                continue;
            }
            let found = self.old(kind, record);
            if found.is_err() {
                seen.insert(u32::from(kind.code()));
            }
            all.push(found.map_err(|what| Error::Levels { record: record.into(), what }));
        }
        all
    }

    fn find(&self, record: &Record) -> Result<Coordinate<'a>, String> {
        let kind = kind_of(record).ok_or_else(|| "it has no level: its ip1 is 0 or means none".to_owned())?;
        let code = (kind == Kind::HeightAboveGround).then_some(record.ip1());
        let tags = has_tags(record.grtyp()).then_some([record.ig1(), record.ig2()]);
        let search = |tags| {
            let sought = (tags, kind.code(), code);
            let mut known = self.found.lock().unwrap_or_else(PoisonError::into_inner);
            known.entry(sought).or_insert_with(|| self.search(sought)).clone()
        };
        if let Some(found) = tags.map(|tags| search(Some(tags))).transpose()?.flatten() {
            return Ok(found);
        }
        // Those that nothing links to the record decide only where they leave no choice.
        let why = match search(None) {
            Ok(Some(found)) => return Ok(found),
            Ok(None) => None,
            Err(what) => Some(what),
        };
        let nothing = || why.clone().unwrap_or_else(|| self.nothing(kind, record));
        if !is_old(kind) {
            return Err(nothing());
        }
        self.old(kind, record).map_err(|what| match kind {
            Kind::Pressure if why.is_none() => what,
            _ => format!("{}; {what}", nothing()),
        })
    }

    /// The coordinate of the tables that have these tags, if any, and the kind of the level; else of those that list it.
    fn search(&self, (tags, kind, code): Sought) -> Result<Option<Coordinate<'a>>, String> {
        let tables: Vec<_> = match tags {
            Some(tags) => self.tagged.get(&tags).into_iter().flatten().filter_map(|n| self.tables.get(*n)).collect(),
            None => self.tables.iter().collect(),
        };
        let of_kind = tables.iter().copied().filter(|table| table.record.ig1() / 1000 == u32::from(kind));
        let mut found = self.one_of(&of_kind.collect::<Vec<_>>())?;
        if let (None, Some(ip1)) = (&found, code) {
            let lists = |table: &TableRecord<'_>| self.read(table).is_ok_and(|levels| levels.find(ip1).is_ok());
            found = self.one_of(&tables.into_iter().filter(|table| lists(table)).collect::<Vec<_>>())?;
        }
        Ok(found.map(|found| Coordinate { tags, ..found }))
    }

    /// The coordinate that all these tables hold; those that hold none count only where no other does.
    fn one_of(&self, tables: &[&TableRecord<'a>]) -> Result<Option<Coordinate<'a>>, String> {
        let read = tables.iter().map(|table| (table.record, self.read(table)));
        let (sound, damaged): (Vec<_>, Vec<_>) = read.partition(|(_, levels)| levels.is_ok());
        let mut sound = sound.into_iter().filter_map(|(record, levels)| Some((record, levels.ok()?)));
        let Some((record, levels)) = sound.next() else {
            return match damaged.into_iter().next() {
                Some((record, Err(what))) => Err(format!("its !!, record {}, is unusable: {what}", name(record))),
                _ => Ok(None),
            };
        };
        match sound.find(|(_, other)| !levels.is_same(other)) {
            Some((other, _)) => {
                let (one, other) = (name(record), name(other));
                Err(format!("several different !! fit, such as the records {one} and {other}"))
            }
            None => Ok(Some(Coordinate { levels, record: Some(record), tags: None })),
        }
    }

    fn read(&self, table: &TableRecord<'_>) -> Result<Arc<Levels>, String> {
        table.levels.get_or_init(|| read_table(self.file, table.record).map(Arc::new)).clone()
    }

    fn nothing(&self, kind: Kind, record: &Record) -> String {
        let there: BTreeSet<_> = self.tables.iter().map(|table| table.record.ig1()).collect();
        let there: Vec<_> = there.into_iter().map(|vcode| vcode.to_string()).collect();
        let there = if there.is_empty() { "none".to_owned() } else { format!("those of {}", there.join(", ")) };
        let (ig1, ig2) = (record.ig1(), record.ig2());
        format!("no !! for levels of kind {} ({}), ip1 {ig1} and ip2 {ig2}; there is {there}", kind.code(), kind.name())
    }

    /// Where several `HY` are there, that of the label and date of the record counts.
    fn old_key(&self, kind: Kind, record: &Record) -> OldKey {
        let several = matches!(kind, Kind::Hybrid | Kind::Sigma) && self.hybrids.len() > 1;
        (kind.code(), several.then(|| (record.etiket(), record.datev(), record.dateo().ok())))
    }

    fn named(&self, name: &'static str) -> impl Iterator<Item = &'a Record> {
        self.file.records().iter().filter(move |record| record.nomvar() == name)
    }

    /// The coordinate of the older records.
    fn old(&self, kind: Kind, record: &Record) -> Result<Coordinate<'a>, String> {
        let key = self.old_key(kind, record);
        let mut known = self.old.lock().unwrap_or_else(PoisonError::into_inner);
        known.entry(key).or_insert_with(|| self.build_old(kind, record)).clone()
    }

    fn build_old(&self, kind: Kind, record: &Record) -> Result<Coordinate<'a>, String> {
        let facts = self.facts.get_or_init(|| self.facts());
        let codes = facts.codes.get(&kind.code()).into_iter().flatten().copied().collect();
        let mut old = OldRecords { codes, ..OldRecords::default() };
        let mut holder = None;
        if let Some(found) = self.hybrid(record).filter(|_| kind != Kind::Pressure) {
            old.hybrid = Some(read_hybrid(found).map_err(|what| format!("record {}: {what}", name(found)))?);
            holder = Some(found);
        }
        if kind == Kind::Sigma {
            if let Some((found, top)) = facts.top.clone()? {
                (old.top, holder) = (Some(top), Some(found));
            }
            old.eta_top = facts.eta_top.clone()?.map(|(_, eta)| eta);
        }
        let levels = old.levels().map_err(|e| e.to_string())?;
        Ok(Coordinate { levels: Arc::new(levels), record: holder, tags: None })
    }

    fn facts(&self) -> OldFacts<'a> {
        let mut codes: HashMap<u8, BTreeSet<u32>> = HashMap::new();
        for record in self.file.records().iter().filter(|record| is_field(record)) {
            if let Some(kind) = kind_of(record).filter(|kind| is_old(*kind)) {
                codes.entry(kind.code()).or_default().insert(record.ip1());
            }
        }
        OldFacts { codes, top: self.only_value("PT"), eta_top: self.only_value("E1") }
    }

    /// The `HY` of the label and date of a record, or that comes nearest.
    fn hybrid(&self, record: &Record) -> Option<&'a Record> {
        let date = |hy: &Record| hy.datev() == record.datev() || Ok(hy.datev()) == record.dateo();
        let label = |hy: &Record| hy.etiket() == record.etiket();
        // The first one of those that fit best.
        self.hybrids.iter().rev().copied().max_by_key(|hy| (label(hy), date(hy)))
    }

    /// The value of all records of a name, which must be the same.
    fn only_value(&self, nomvar: &'static str) -> Result<Option<(&'a Record, f32)>, String> {
        let mut only: Option<(&Record, f32)> = None;
        for record in self.named(nomvar) {
            let value = first_value(self.file, record).map_err(|what| format!("record {}: {what}", name(record)))?;
            match only {
                Some((first, known)) if known.to_bits() != value.to_bits() => {
                    let (first, record) = (name(first), name(record));
                    return Err(format!("{nomvar} is {known} in record {first}, {value} in record {record}"));
                }
                Some(_) => {}
                None => only = Some((record, value)),
            }
        }
        Ok(only)
    }
}

/// A record in messages.
fn name(record: &Record) -> String {
    crate::error::RecordId::from(record).to_string()
}

/// The kind of a record's level. 0 is no level, although it reads as a pressure.
fn kind_of(record: &Record) -> Option<Kind> {
    record.level().map(|level| level.kind).filter(|kind| kind.is_level() && record.ip1() != 0)
}

/// Whether older files describe such levels without `!!`.
fn is_old(kind: Kind) -> bool {
    matches!(kind, Kind::Sigma | Kind::Pressure | Kind::Hybrid)
}

/// Whether the level of a record counts among those of older files.
fn is_field(record: &Record) -> bool {
    !record.is_descriptor() && !matches!(record.nomvar().as_str(), "P0" | "PT" | "E1" | "!!SF")
}
