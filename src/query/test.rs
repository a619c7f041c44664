//! Tests: compiled conditions on one field of a record. What can be computed from the query alone is computed when the
//! query is made, and not for each record.

use super::{interval::Interval, text::TextTest};
use crate::record::{CivilTime, IntField, IpValue, Kind, Record, TextField, date::without_run, ip};

/// A condition on one field.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Test {
    /// The text passes one of these tests.
    Text(TextField, Vec<TextTest>),
    /// The integer is in one of these intervals.
    Int(IntField, Vec<Interval<i64>>),
    /// The code of the ip means the same value, in any encoding.
    AnyEncoding(IntField, ip::AnyEncoding),
    /// The value of the ip is of this kind and in one of these intervals.
    IpValue(IntField, Kind, Vec<Interval<f64>>),
    /// The level is of this kind (`None`: of any kind) and in one of these intervals.
    Level(Option<Kind>, Vec<Interval<f64>>),
    LevelKind(Vec<Kind>),
    /// The stored form of the validity date.
    Stamp(u32),
    /// The same, whatever the run number.
    StampNoRun(u32),
    ValidTime(Vec<Interval<CivilTime>>),
    OriginTime(Vec<Interval<CivilTime>>),
    Hour(Vec<Interval<f64>>),
    /// The begin or the end of the time interval, in hours, is in one of these intervals.
    TimeInterval(End, Vec<Interval<f64>>),
    Descriptor(bool),
    /// Extended metadata that contain this.
    #[cfg(feature = "serde")]
    Metadata(serde_json::Value),
}

/// Extended metadata of a record.
#[cfg(feature = "serde")]
pub(crate) type Metadata = serde_json::Value;
/// Without the feature nothing parses them.
#[cfg(not(feature = "serde"))]
pub(crate) type Metadata = std::convert::Infallible;

/// Where conditions on extended metadata find those of a record: they are in the file, not in the directory.
pub(super) type MetadataOf<'a> = &'a dyn Fn(&Record) -> Option<Metadata>;

impl Test {
    #[cfg_attr(not(feature = "serde"), expect(unused_variables, reason = "no condition is on metadata"))]
    pub(super) fn holds(&self, record: &Record, metadata: MetadataOf<'_>) -> bool {
        match self {
            Self::Text(field, list) => list.iter().any(|test| test.holds(*field, &record.words)),
            Self::Int(field, list) => {
                let value = field.of(record);
                list.iter().any(|interval| interval.contains(value))
            }
            Self::AnyEncoding(field, code) => u32::try_from(field.of(record)).is_ok_and(|found| code.matches(found)),
            Self::IpValue(ip, kind, list) => {
                value_of(*ip, record).is_some_and(|found| found.kind == *kind && near(list, found.value.into()))
            }
            Self::Level(kind, list) => record
                .level()
                .is_some_and(|level| kind.is_none_or(|kind| kind == level.kind) && near(list, level.value.into())),
            Self::LevelKind(list) => record.level().is_some_and(|level| list.contains(&level.kind)),
            Self::Stamp(stamp) => record.words.stored_date() == *stamp,
            Self::StampNoRun(stamp) => without_run(record.words.stored_date()) == without_run(*stamp),
            Self::ValidTime(list) => in_times(record.valid_time(), list),
            Self::OriginTime(list) => in_times(record.origin_time(), list),
            Self::Hour(list) => near(list, record.hour()),
            Self::TimeInterval(end, list) => record.time_interval().is_some_and(|time| {
                let hours = if *end == End::Begin { time.lo } else { time.hi };
                near(list, hours.into())
            }),
            Self::Descriptor(wanted) => record.is_descriptor() == *wanted,
            #[cfg(feature = "serde")]
            Self::Metadata(criterion) => {
                metadata(record).is_some_and(|found| crate::record::metadata::matches(criterion, &found))
            }
        }
    }
}

fn near(list: &[Interval<f64>], value: f64) -> bool {
    list.iter().any(|interval| interval.contains_nearly(value))
}

fn in_times(time: Option<CivilTime>, list: &[Interval<CivilTime>]) -> bool {
    time.is_some_and(|time| list.iter().any(|interval| interval.spans(&time)))
}

/// One end of a time interval.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum End {
    Begin,
    End,
}

/// The value of an ip by itself: ip1 in any style, a plain ip2 as hours, a plain ip3 as a number.
fn value_of(ip: IntField, record: &Record) -> Option<IpValue> {
    let new_style = |code: u32| ip::decode(code).ok().filter(|_| code > ip::LAST_OLD_STYLE);
    match ip {
        IntField::Ip1 => record.level(),
        IntField::Ip2 => record.ip2_time().or_else(|| new_style(record.ip2())),
        _ if record.ip3() <= ip::LAST_OLD_STYLE => Some(IpValue::new(record.ip3() as f32, Kind::Arbitrary)),
        _ => new_style(record.ip3()),
    }
    .filter(|_| !record.has_special_ips())
}
