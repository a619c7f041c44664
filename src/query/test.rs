//! A condition on one field of a record.

use std::ops::Bound;

use crate::{
    file::File,
    record::{CivilTime, DateStamp, Kind, Record, Text, ip},
};

/// A text field of a record.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
#[non_exhaustive]
pub enum TextField {
    /// Variable name.
    Nomvar,
    /// Kind of field.
    Typvar,
    /// Label.
    Etiket,
}

/// An integer field of a record.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
#[allow(missing_docs, reason = "the fields of a record, see `Record`")]
#[non_exhaustive]
pub enum IntField {
    Ni,
    Nj,
    Nk,
    DataType,
    /// As stored: 0 in most files of librmn 19.
    DataBits,
    PackBits,
    Deet,
    Npas,
    Ip1,
    Ip2,
    Ip3,
    Ig1,
    Ig2,
    Ig3,
    Ig4,
    /// The byte of the grid type.
    Grtyp,
    /// Stamp as a signed integer.
    Datev,
    /// Stamp as a signed integer.
    Dateo,
    /// Number of the file among those opened as one.
    File,
    /// Position in the directory, deleted records included.
    FileIndex,
    /// Byte offset of the record.
    FileOffset,
    /// Bytes of the whole record in the file.
    TotalStoredBytes,
}

/// Values between two bounds.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Interval<T> {
    pub(super) low: Bound<T>,
    pub(super) high: Bound<T>,
}

impl<T: PartialOrd> Interval<T> {
    pub(super) fn contains(&self, value: &T) -> bool {
        (match &self.low {
            Bound::Included(low) => value >= low,
            Bound::Excluded(low) => value > low,
            Bound::Unbounded => true,
        }) && match &self.high {
            Bound::Included(high) => value <= high,
            Bound::Excluded(high) => value < high,
            Bound::Unbounded => true,
        }
    }

    /// Whether no value can be in it: its ends are the wrong way round.
    pub(super) fn is_empty(&self) -> bool {
        match (&self.low, &self.high) {
            (Bound::Unbounded, _) | (_, Bound::Unbounded) => false,
            (Bound::Included(low), Bound::Included(high)) => low > high,
            (Bound::Included(low) | Bound::Excluded(low), Bound::Included(high) | Bound::Excluded(high)) => low >= high,
        }
    }
}

/// Relative tolerance of levels and hours: what single precision and the ip encoding leave.
const TOLERANCE: f64 = 1e-6;

impl Interval<f64> {
    /// With the ends moved by the tolerance: outwards where they belong to the interval, else inwards.
    fn contains_nearly(&self, value: f64) -> bool {
        let slack = |end: f64| end.abs() * TOLERANCE;
        (match self.low {
            Bound::Included(low) => value >= low - slack(low),
            Bound::Excluded(low) => value > low + slack(low),
            Bound::Unbounded => true,
        }) && match self.high {
            Bound::Included(high) => value <= high + slack(high),
            Bound::Excluded(high) => value < high - slack(high),
            Bound::Unbounded => true,
        }
    }
}

/// What a text is compared with.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct TextTest {
    text: String,
    pattern: bool,
}

impl TextTest {
    pub(super) fn exact(text: &str) -> Self {
        Self { text: text.to_owned(), pattern: false }
    }

    pub(super) fn pattern(text: &str) -> Self {
        // Folding is done a character at a time: `*` and `?` stay what they are.
        let text = text.chars().map(|c| fold(c).unwrap_or(c)).collect();
        Self { text, pattern: true }
    }

    fn holds<const N: usize>(&self, field: Text<N>, blank_if: usize) -> bool {
        if self.pattern {
            return glob(self.text.as_bytes(), field.as_str().as_bytes());
        }
        let wanted = Text::<N>::new(&self.text);
        wanted.bytes()[..blank_if].iter().all(|&b| b == b' ') || (field == *self.text)
    }
}

fn fold(c: char) -> Option<char> {
    let byte = u8::try_from(c).ok()?;
    Text::<1>::new(std::str::from_utf8(&[byte]).ok()?).padded().chars().next()
}

/// `*` stands for any run, `?` for any one byte. Linear in practice, never more than the product of the lengths.
fn glob(pattern: &[u8], text: &[u8]) -> bool {
    let (mut p, mut t) = (0, 0);
    let mut star = None;
    while t < text.len() {
        match pattern.get(p) {
            Some(b'*') => {
                star = Some((p, t));
                p += 1;
            }
            Some(&c) if c == b'?' || c == text[t] => {
                p += 1;
                t += 1;
            }
            _ => match star {
                Some((at, from)) => {
                    star = Some((at, from + 1));
                    (p, t) = (at + 1, from + 1);
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|&c| c == b'*')
}

/// A condition on one field.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Test {
    /// Equal to, or like, one of these.
    Text(TextField, Vec<TextTest>),
    /// In one of these.
    Int(IntField, Vec<Interval<i64>>),
    /// The same value in any encoding.
    AnyEncoding(IntField, u32),
    /// A level of this kind (`None`: of any) in one of these.
    Level(Option<Kind>, Vec<Interval<f64>>),
    LevelKind(Vec<Kind>),
    Stamp(DateStamp),
    StampNoRun(DateStamp),
    ValidTime(Vec<Interval<CivilTime>>),
    OriginTime(Vec<Interval<CivilTime>>),
    Hour(Vec<Interval<f64>>),
    Descriptor(bool),
    /// Extended metadata that contain this.
    #[cfg(feature = "serde")]
    Metadata(serde_json::Value),
}

impl Test {
    #[cfg_attr(not(feature = "serde"), expect(unused_variables, reason = "only metadata need the file"))]
    pub(super) fn holds(&self, record: &Record, file: Option<&File>) -> bool {
        match self {
            Self::Text(field, list) => list.iter().any(|test| match field {
                TextField::Nomvar => test.holds(record.nomvar(), 4),
                TextField::Typvar => test.holds(record.typvar(), 2),
                TextField::Etiket => test.holds(record.etiket(), 10),
            }),
            Self::Int(field, list) => {
                let value = field.of(record);
                list.iter().any(|interval| interval.contains(&value))
            }
            Self::AnyEncoding(field, ip) => {
                u32::try_from(field.of(record)).is_ok_and(|found| ip::matches_any_encoding(found, *ip))
            }
            Self::Level(kind, list) => record.level().is_some_and(|level| {
                kind.is_none_or(|kind| kind == level.kind)
                    && list.iter().any(|interval| interval.contains_nearly(f64::from(level.value)))
            }),
            Self::LevelKind(list) => record.level().is_some_and(|level| list.contains(&level.kind)),
            Self::Stamp(stamp) => record.words[15] == stamp.to_stored(),
            Self::StampNoRun(stamp) => record.words[15] >> 3 == stamp.to_stored() >> 3,
            Self::ValidTime(list) => in_times(record.datev(), list),
            Self::OriginTime(list) => in_times(record.dateo(), list),
            Self::Hour(list) => {
                let hour = record.forecast_hour();
                list.iter().any(|interval| interval.contains_nearly(hour))
            }
            Self::Descriptor(wanted) => record.is_descriptor() == *wanted,
            #[cfg(feature = "serde")]
            Self::Metadata(criterion) => file
                .and_then(|file| file.metadata(record).ok().flatten())
                .is_some_and(|found| crate::metadata::matches(criterion, &found)),
        }
    }
}

fn in_times(stamp: DateStamp, list: &[Interval<CivilTime>]) -> bool {
    stamp.to_civil().is_ok_and(|time| list.iter().any(|interval| interval.contains(&time)))
}

impl IntField {
    fn of(self, record: &Record) -> i64 {
        i64::from(match self {
            Self::Ni => record.ni(),
            Self::Nj => record.nj(),
            Self::Nk => record.nk(),
            Self::DataType => u32::from(record.data_type().code()),
            Self::DataBits => u32::from(record.stored_data_bits()),
            Self::PackBits => u32::from(record.pack_bits()),
            Self::Deet => record.deet(),
            Self::Npas => record.npas(),
            Self::Ip1 => record.ip1(),
            Self::Ip2 => record.ip2(),
            Self::Ip3 => record.ip3(),
            Self::Ig1 => record.ig1(),
            Self::Ig2 => record.ig2(),
            Self::Ig3 => record.ig3(),
            Self::Ig4 => record.ig4(),
            Self::Grtyp => u32::from(record.grtyp().0),
            Self::File => record.file,
            Self::FileIndex => record.index,
            Self::FileOffset => return record.offset().cast_signed(),
            Self::TotalStoredBytes => return record.stored_bytes().cast_signed(),
            Self::Datev => return i64::from(record.datev().raw()),
            Self::Dateo => return i64::from(record.dateo_classic().raw()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn globs() {
        for (pattern, text, expected) in [
            ("TT", "TT", true),
            ("T*", "T", true),
            ("T*", "TT", true),
            ("*T", "UT", true),
            ("T?", "T", false),
            ("?", "", false),
            ("*", "", true),
            ("", "", true),
            ("", "A", false),
            ("A*B*C", "AXXBYYC", true),
            ("A*B*C", "AXXBYY", false),
            ("*A*", "BBABB", true),
        ] {
            assert_eq!(glob(pattern.as_bytes(), text.as_bytes()), expected, "{pattern} {text}");
        }
    }
}
