//! Descriptors: records that describe other records. They hold the axes of a grid, a vertical coordinate, or a mask.

use std::{
    collections::{HashMap, HashSet},
    hash::Hash,
};

use super::{DateStamp, Etiket, GridType, Kind, Nomvar, Record};

/// The descriptors among some records, found by what refers to them. A field refers to three kinds:
///
/// * **Grid** (`>>`, `^^`, `^>`, `##`, `PROJ`, `MTRX`, ...). Their ip1, ip2 and ip3 equal ig1, ig2 and ig3 of the field.
///   Fields of the grtyp Z, #, Y, U, O, M, W, V, X, T, + or blank have them. Of other types, ig1 to ig4 are the grid.
///   For tiles (#), ip3 is not compared. For others, it is not when no descriptor has the right one.
/// * **Vertical coordinate** (`!!`). Its ip1 and ip2 equal ig1 and ig2 of the field, and its kind is that of the level. (Its
///   ig1 is 1000 times the kind plus a version.) A height above the ground fits any kind: tables list such levels too.
///   If no `!!` has the right ip1 and ip2, the grid has no tags: then all of the right kind are taken. If there is no `!!`,
///   a sigma or hybrid level refers to `HY`. Of several `HY`, it is the one of the same label and date.
/// * **Mask**. The field's typvar ends in `@`. The mask has the typvar `@@` and the same nomvar, ips, date and label.
///
/// A reference can have several answers, as the axes of staggered grids. Then all with the date of the field are taken. If
/// none has it, all with the date of the first one are. Of records with the same [identity](super::Identity) the first counts.
///
/// ```
/// use rpnfst::record::Descriptors;
/// let file = rpnfst::File::open("testdata/cases/shift_undated/t.std")?;
/// let descriptors = Descriptors::new(file.records());
/// let field = file.records().iter().find(|record| record.grtyp().letter() == 'Z').expect("a field on axes");
/// let names: Vec<_> = descriptors.of(field).iter().map(|record| record.nomvar().to_string()).collect();
/// assert_eq!(names, [">>", "^^"]);
/// assert!(descriptors.lacking(field).is_empty());
/// # Ok::<(), rpnfst::Error>(())
/// ```
#[derive(Debug, Default)]
pub struct Descriptors<'a> {
    grids: Dated<'a, Tags>,
    tables: Dated<'a, (u32, u32)>,
    /// Tables by the kind of their levels.
    by_kind: HashMap<u32, Vec<&'a Record>>,
    hybrid: Dated<'a, Option<Etiket>>,
    masks: HashMap<Masked, Vec<&'a Record>>,
}

/// The descriptors that a record needs and that are not there.
///
/// ```
/// use rpnfst::record::Lacking;
/// let lacking = Lacking { axes: vec!["^^"], table: true, mask: false };
/// assert_eq!(lacking.names().collect::<Vec<_>>(), ["^^", "!!"]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Lacking {
    /// Names of the missing axes: `>>`, `^^`, `^>`, `##`.
    pub axes: Vec<&'static str>,
    /// Whether a vertical coordinate is missing: neither a `!!` nor a `HY` is there for a level that needs one.
    pub table: bool,
    /// Whether the record is a masked field whose mask is missing.
    pub mask: bool,
}

impl Lacking {
    /// Whether nothing is missing.
    pub fn is_empty(&self) -> bool {
        self.axes.is_empty() && !self.table && !self.mask
    }

    /// The names of the descriptors that are missing.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.axes.iter().copied().chain(self.table.then_some("!!"))
    }
}

/// nomvar, ip1, ip2, and ip3 if it counts.
type Tags = (Nomvar, u32, u32, Option<u32>);

/// What a mask has in common with its field.
type Masked = (Nomvar, [u32; 3], DateStamp, Etiket);

/// Names of the descriptors of grids.
const OF_GRIDS: [&str; 9] = [">>", "^^", "^>", "##", "#>>#", "#^^#", "####", "PROJ", "MTRX"];
/// Names of projections, to which axes can refer.
const OF_AXES: [&str; 2] = ["PROJ", "MTRX"];

impl<'a> Descriptors<'a> {
    /// The descriptors among the records of a file, or of files that belong together.
    pub fn new(records: impl IntoIterator<Item = &'a Record>) -> Self {
        let (mut known, mut seen) = (Self::default(), HashSet::new());
        for record in records {
            let is_mask = record.typvar() == "@@";
            if !(is_mask || record.is_descriptor()) || !seen.insert(record.identity()) {
                continue;
            }
            let (name, ip1, ip2) = (record.nomvar(), record.ip1(), record.ip2());
            if is_mask {
                known.masks.entry(masked(record)).or_default().push(record);
            } else if name == "!!" {
                known.tables.insert((ip1, ip2), record);
                known.by_kind.entry(record.ig1() / 1000).or_default().push(record);
            } else if name == "HY" {
                known.hybrid.insert(Some(record.etiket()), record);
                known.hybrid.insert(None, record);
            } else {
                known.grids.insert((name, ip1, ip2, Some(record.ip3())), record);
                known.grids.insert((name, ip1, ip2, None), record);
            }
        }
        known
    }

    /// The descriptors that a record refers to. (An axis can refer to a projection, other descriptors to nothing.)
    pub fn of(&self, record: &Record) -> Vec<&'a Record> {
        if record.is_descriptor() {
            return if record.grtyp() == GridType(b'W') { self.of_grid(record, &OF_AXES, false) } else { Vec::new() };
        }
        let mut found = self.of_grid(record, &OF_GRIDS, false);
        found.extend(self.of_level(record, false));
        if is_masked(record) {
            found.extend(self.masks.get(&masked(record)).into_iter().flatten());
        }
        found
    }

    /// Whether a record is a masked field with its mask.
    pub fn has_mask(&self, record: &Record) -> bool {
        is_masked(record) && self.masks.contains_key(&masked(record))
    }

    /// The mask of a masked field: 0 where it has no value.
    pub fn mask_of(&self, record: &Record) -> Option<&'a Record> {
        self.masks.get(&masked(record)).filter(|_| is_masked(record))?.first().copied()
    }

    /// The descriptors that a record needs and that are not there. A grid can lack one axis and have the other.
    pub fn lacking(&self, record: &Record) -> Lacking {
        self.lacks(record, false)
    }

    /// Like [`lacking`](Self::lacking), but all tags must match: an axis with another ip3, or a `!!` with another ip1
    /// or ip2, does not count. Other programs find a descriptor only when its tags match.
    pub fn lacking_exactly(&self, record: &Record) -> Lacking {
        self.lacks(record, true)
    }

    fn lacks(&self, record: &Record, exactly: bool) -> Lacking {
        if record.is_descriptor() {
            return Lacking::default();
        }
        let axes = needed_axes(record).iter().copied();
        Lacking {
            axes: axes.filter(|name| self.of_grid(record, &[*name], exactly).is_empty()).collect(),
            table: needs_table(record) && self.of_level(record, exactly).is_empty(),
            mask: is_masked(record) && !self.has_mask(record),
        }
    }

    fn of_grid(&self, record: &Record, names: &[&str], exactly: bool) -> Vec<&'a Record> {
        let grtyp = record.grtyp();
        if !has_tags(grtyp) {
            return Vec::new();
        }
        let of_name = |name: &&str| {
            let find = |ip3| {
                let tags = (Nomvar::new(name), record.ig1(), record.ig2(), ip3);
                self.grids.find(&tags, &[record.datev()])
            };
            let is_tile = grtyp == GridType(b'#');
            let exact = if is_tile { None } else { find(Some(record.ig3())) };
            let close = || if exactly && !is_tile { None } else { find(None) };
            exact.or_else(close).unwrap_or_default()
        };
        names.iter().flat_map(of_name).copied().collect()
    }

    fn of_level(&self, record: &Record, exactly: bool) -> Vec<&'a Record> {
        // 0 is no level, although it reads as a pressure.
        let Some(kind) = record.level().map(|level| level.kind).filter(|_| record.ip1() != 0) else {
            return Vec::new();
        };
        let code = u32::from(kind.code());
        if has_tags(record.grtyp()) {
            let tables = self.tables.find(&(record.ig1(), record.ig2()), &[record.datev()]).unwrap_or_default();
            let fits = |table: &&Record| kind == Kind::HeightAboveGround || table.ig1() / 1000 == code;
            let found: Vec<_> = tables.iter().copied().filter(fits).collect();
            if !found.is_empty() || exactly && self.by_kind.contains_key(&code) {
                return found;
            }
        }
        if let Some(found) = self.by_kind.get(&code) {
            return found.clone();
        }
        let find = |etiket| self.hybrid.find(&etiket, &[record.datev(), record.dateo().unwrap_or_default()]);
        match kind {
            Kind::Sigma | Kind::Hybrid => {
                find(Some(record.etiket())).or_else(|| find(None)).unwrap_or_default().to_vec()
            }
            _ => Vec::new(),
        }
    }
}

/// Records by a key and their date.
#[derive(Debug)]
struct Dated<'a, K>(HashMap<(K, Option<DateStamp>), Vec<&'a Record>>);

impl<K> Default for Dated<'_, K> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<'a, K: Copy + Eq + Hash> Dated<'a, K> {
    fn insert(&mut self, key: K, record: &'a Record) {
        self.0.entry((key, Some(record.datev()))).or_default().push(record);
        // No date fits: take the date of the first one.
        let any = self.0.entry((key, None)).or_default();
        if any.first().is_none_or(|first| first.datev() == record.datev()) {
            any.push(record);
        }
    }

    /// The records of the first of these dates that has any; else those of the first date there is.
    fn find(&self, key: &K, dates: &[DateStamp]) -> Option<&[&'a Record]> {
        let dates = dates.iter().copied().map(Some).chain([None]);
        dates.into_iter().find_map(|date| self.0.get(&(*key, date))).map(Vec::as_slice)
    }
}

/// Whether ig1, ig2 and ig3 are tags of other records, and not parameters of the grid.
pub(crate) fn has_tags(grtyp: GridType) -> bool {
    matches!(grtyp.0, b'Z' | b'#' | b'Y' | b'U' | b'O' | b'M' | b'W' | b'V' | b'X' | b'T' | b'+' | b' ' | 0)
}

/// Names of the axes that a grid needs. Types that can refer to axes do so when ig1, ig2 and ig3 are all set.
fn needed_axes(record: &Record) -> &'static [&'static str] {
    let is_set = || [record.ig1(), record.ig2(), record.ig3()].iter().all(|tag| *tag != 0);
    match record.grtyp() {
        GridType(b'Z' | b'Y' | b'O' | b'#') => &[">>", "^^"],
        GridType(b'M') => &[">>", "^^", "##"],
        GridType(b'U') => &["^>"],
        grtyp if has_tags(grtyp) && is_set() => &[">>", "^^"],
        _ => &[],
    }
}

/// Whether the level of a record needs a table. (Sigma levels do not, and 0 is mostly no level.)
fn needs_table(record: &Record) -> bool {
    let kind = record.level().map(|level| level.kind).filter(|_| record.ip1() != 0);
    matches!(kind, Some(Kind::Hybrid | Kind::MetrePressure))
}

fn is_masked(record: &Record) -> bool {
    record.typvar().bytes()[1] == b'@' && record.typvar() != "@@"
}

fn masked(record: &Record) -> Masked {
    (record.nomvar(), [record.ip1(), record.ip2(), record.ip3()], record.datev(), record.etiket())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Array, Attributes, File, MemoryFile, WriteOptions, record::IpValue};

    fn file(records: &[Attributes]) -> File {
        let memory = MemoryFile::new();
        let mut writer = WriteOptions::new().create_sink(memory.clone()).expect("a file");
        for record in records {
            writer.write(record, &Array::new(&[1.0_f32], (1, 1, 1)).expect("one value")).expect("written");
        }
        writer.close().expect("closed");
        File::from_bytes(memory.to_vec()).expect("a file")
    }

    /// `nomvar/etiket` of what the first record refers to.
    fn found(records: &[Attributes]) -> Vec<String> {
        let file = file(records);
        let found = Descriptors::new(file.records()).of(&file.records()[0]);
        found.iter().map(|record| format!("{}/{}", record.nomvar(), record.etiket())).collect()
    }

    fn axis(nomvar: &str, etiket: &str, ips: [u32; 3]) -> Attributes {
        Attributes::new(nomvar).etiket(etiket).ip1(ips[0]).ip2(ips[1]).ip3(ips[2]).grtyp('E')
    }

    #[test]
    fn axes_by_tags() {
        let field = Attributes::new("TT").grtyp('Z').ig(1, 2, 3, 0);
        let others = [axis(">>", "A", [1, 2, 3]), axis("^^", "A", [1, 2, 3]), axis(">>", "B", [1, 2, 4])];
        let all = |field: Attributes| found(&[&[field][..], &others].concat());
        assert_eq!(all(field.clone()), [">>/A", "^^/A"]);
        // Tiles have something else in ig3.
        assert_eq!(all(field.clone().grtyp('#')), [">>/A", ">>/B", "^^/A"]);
        assert_eq!(all(field.clone().ig(1, 2, 9, 0)), [">>/A", ">>/B", "^^/A"], "the right ip3 only if there is one");
        for (field, why) in [(field.clone().ig(2, 1, 3, 0), "other tags"), (field.grtyp('L'), "a grid of its own")] {
            assert_eq!(all(field), [""; 0], "{why}");
        }
    }

    #[test]
    fn what_is_missing() {
        let field = Attributes::new("TT").grtyp('Z').ig(1, 2, 3, 0);
        let table = axis("!!", "A", [1, 2, 0]).grtyp('X').ig(5005, 0, 0, 0);
        let lacks = |field: &Attributes, others: &[Attributes]| {
            let file = file(&[&[field.clone()][..], others].concat());
            let known = Descriptors::new(file.records());
            let names = |lacking: Lacking| lacking.names().collect::<Vec<_>>().join(" ");
            [known.lacking(&file.records()[0]), known.lacking_exactly(&file.records()[0])].map(names)
        };
        let [x, y] = [">>", "^^"].map(|name| axis(name, "A", [1, 2, 3]));
        assert_eq!(lacks(&field, &[]), [">> ^^"; 2]);
        assert_eq!(lacks(&field, std::slice::from_ref(&x)), ["^^"; 2]);
        assert_eq!(lacks(&field, std::slice::from_ref(&y)), [">>"; 2]);
        assert_eq!(lacks(&field, &[x.clone(), y.clone()]), [""; 2]);
        // Another ip3 is better than none.
        let [other, tile] = [field.clone().ig(1, 2, 4, 0), field.clone().grtyp('#').ig(1, 2, 4, 0)];
        assert_eq!(lacks(&other, &[x.clone(), y.clone()]), ["", ">> ^^"]);
        assert_eq!(lacks(&tile, &[x.clone(), y.clone()]), [""; 2]);
        assert_eq!(lacks(&field.clone().grtyp('U'), &[x.clone(), y.clone()]), ["^>"; 2]);
        assert_eq!(lacks(&field.clone().grtyp('M'), &[x.clone(), y.clone()]), ["##"; 2]);
        assert_eq!(lacks(&field.clone().grtyp('X'), &[]), [">> ^^"; 2]);
        assert_eq!(lacks(&field.clone().grtyp('X').ig(1, 2, 0, 0), &[]), [""; 2]);
        assert_eq!(lacks(&field.clone().grtyp('L'), &[]), [""; 2]);
        let hybrid = field.level(IpValue::new(0.5, Kind::Hybrid));
        let with = |others: &[Attributes]| [&[x.clone(), y.clone()][..], others].concat();
        assert_eq!(lacks(&hybrid, &with(&[])), ["!!"; 2]);
        assert_eq!(lacks(&hybrid, &with(std::slice::from_ref(&table))), [""; 2]);
        assert_eq!(lacks(&hybrid, &with(&[table.clone().ip1(9)])), ["", "!!"]);
        assert_eq!(lacks(&hybrid, &with(&[axis("HY", "A", [1, 0, 0])])), [""; 2]);
        assert_eq!(lacks(&hybrid.clone().grtyp('N'), &[table.ip1(9)]), [""; 2], "a grid without tags");
    }

    #[test]
    fn axes_of_the_date_of_the_field() {
        let dates = [438_786_800, 438_787_160, 438_787_520].map(DateStamp::from_raw);
        let field = Attributes::new("TT").grtyp('Z').ig(1, 2, 3, 0);
        let others = [axis(">>", "A", [1, 2, 3]).datev(dates[0]), axis(">>", "B", [1, 2, 3]).datev(dates[1])];
        for (date, expected) in [(dates[0], ">>/A"), (dates[1], ">>/B"), (dates[2], ">>/A")] {
            assert_eq!(found(&[&[field.clone().datev(date)][..], &others].concat()), [expected]);
        }
        // Repeated in every file of a run.
        assert_eq!(found(&[field, others[0].clone(), others[0].clone()]), [">>/A"]);
    }

    #[test]
    fn vertical_coordinates_by_kind() {
        let level = |value, kind| Attributes::new("TT").grtyp('Z').ig(1, 2, 3, 0).level(IpValue::new(value, kind));
        let table = |etiket, ip1, vcode| axis("!!", etiket, [ip1, 2, 0]).grtyp('X').ig(vcode, 0, 0, 0);
        let others = [table("A", 1, 5005), table("B", 9, 5002), table("C", 8, 2001)];
        let all = |field: Attributes| found(&[&[field][..], &others].concat());
        assert_eq!(all(level(0.5, Kind::Hybrid)), ["!!/A"]);
        assert_eq!(all(level(1.5, Kind::HeightAboveGround)), ["!!/A"], "a level of the same tables");
        assert_eq!(all(level(500.0, Kind::Pressure)), ["!!/C"], "no other of this kind");
        assert_eq!(all(level(0.5, Kind::Hybrid).grtyp('N')), ["!!/A", "!!/B"], "a grid without tags");
        assert_eq!(all(level(0.5, Kind::Sigma)), [""; 0]);
        assert_eq!(all(level(0.5, Kind::Hybrid).ip1(0)), [""; 0], "no level");
        // The old form, where there is no table.
        let old = [axis("HY", "A", [1, 0, 0]), axis("HY", "B", [1, 0, 0])];
        let hybrid = level(0.5, Kind::Hybrid);
        assert_eq!(found(&[&[hybrid.clone().etiket("B")][..], &old].concat()), ["HY/B"]);
        assert_eq!(found(&[&[hybrid.clone()][..], &old].concat()), ["HY/A", "HY/B"]);
        assert_eq!(found(&[&[hybrid][..], &others, &old].concat()), ["!!/A"]);
    }

    #[test]
    fn masks_and_projections() {
        let field = Attributes::new("TM").typvar("P@").ip1(7).etiket("R");
        let mask = field.clone().typvar("@@");
        let others = [mask.clone(), mask.clone().ip1(8), mask.clone().nomvar("SH"), mask.clone().etiket("S")];
        assert_eq!(found(&[&[field.clone()][..], &others].concat()), ["TM/R"]);
        for (others, lacks) in [(&others[..], false), (&others[1..], true)] {
            let file = file(&[&[field.clone()][..], others].concat());
            let lacking = Descriptors::new(file.records()).lacking(&file.records()[0]);
            assert_eq!((lacking.mask, lacking.is_empty()), (lacks, !lacks));
        }
        assert_eq!(found(&[field.typvar("P"), mask.clone()]), [""; 0]);
        assert_eq!(found(&[mask.clone(), mask]), [""; 0]);
        let axes = axis(">>", "", [1, 2, 3]).grtyp('W').ig(5, 6, 7, 0);
        let projection = [axis("PROJ", "", [5, 6, 7]), axis("MTRX", "", [5, 6, 7]), axis("^^", "", [5, 6, 7])];
        assert_eq!(found(&[&[axes.clone()][..], &projection].concat()), ["PROJ/", "MTRX/"]);
        assert_eq!(found(&[&[axes.grtyp('L')][..], &projection].concat()), [""; 0]);
    }
}
