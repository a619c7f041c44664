//! A condition on one field of a record.

use super::{interval::Interval, text::TextTest};
use crate::record::{CivilTime, DateStamp, IpValue, Kind, Record, ip};

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
    /// Bits of an element in memory, see [`Record::data_bits`].
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

/// A condition on one field.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Test {
    /// Equal to, or like, one of these.
    Text(TextField, Vec<TextTest>),
    /// In one of these.
    Int(IntField, Vec<Interval<i64>>),
    /// The same value in any encoding.
    AnyEncoding(IntField, ip::AnyEncoding),
    /// What an ip says is a value of this kind in one of these.
    IpValue(Ip, Kind, Vec<Interval<f64>>),
    /// A level of this kind (`None`: of any) in one of these.
    Level(Option<Kind>, Vec<Interval<f64>>),
    LevelKind(Vec<Kind>),
    Stamp(DateStamp),
    StampNoRun(DateStamp),
    ValidTime(Vec<Interval<CivilTime>>),
    OriginTime(Vec<Interval<CivilTime>>),
    Hour(Vec<Interval<f64>>),
    /// Begin or end of the time interval in one of these, hours.
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
            Self::Text(field, list) => list.iter().any(|test| match field {
                TextField::Nomvar => test.holds(&record.nomvar()),
                TextField::Typvar => test.holds(&record.typvar()),
                TextField::Etiket => test.holds(&record.etiket()),
            }),
            Self::Int(field, list) => {
                let value = field.of(record);
                list.iter().any(|interval| interval.contains(value))
            }
            Self::AnyEncoding(field, code) => u32::try_from(field.of(record)).is_ok_and(|found| code.matches(found)),
            Self::IpValue(ip, kind, list) => {
                ip.of(record).is_some_and(|found| found.kind == *kind && near(list, found.value.into()))
            }
            Self::Level(kind, list) => record
                .level()
                .is_some_and(|level| kind.is_none_or(|kind| kind == level.kind) && near(list, level.value.into())),
            Self::LevelKind(list) => record.level().is_some_and(|level| list.contains(&level.kind)),
            Self::Stamp(stamp) => record.words[15] == stamp.to_stored(),
            Self::StampNoRun(stamp) => record.words[15] >> 3 == stamp.to_stored() >> 3,
            Self::ValidTime(list) => in_times(record.datev(), list),
            Self::OriginTime(list) => in_times(record.dateo(), list),
            Self::Hour(list) => near(list, record.forecast_hour()),
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

fn in_times(stamp: DateStamp, list: &[Interval<CivilTime>]) -> bool {
    stamp.to_civil().is_ok_and(|time| list.iter().any(|interval| interval.spans(&time)))
}

/// One end of a time interval.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum End {
    Begin,
    End,
}

/// One of the three ips, as a value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Ip {
    First,
    Second,
    Third,
}

impl Ip {
    /// What it says by itself: ip1 in any style, a plain ip2 as hours, a plain ip3 as a number.
    fn of(self, record: &Record) -> Option<IpValue> {
        let new_style = |code: u32| ip::decode(code).ok().filter(|_| code > ip::LAST_OLD_STYLE);
        match self {
            Self::First => record.level(),
            Self::Second => record.ip2_time().or_else(|| new_style(record.ip2())),
            Self::Third if record.ip3() <= ip::LAST_OLD_STYLE => {
                Some(IpValue::new(record.ip3() as f32, Kind::Arbitrary))
            }
            Self::Third => new_style(record.ip3()),
        }
        .filter(|_| !record.has_special_ips())
    }
}

impl IntField {
    /// The values that a record can have.
    pub(super) const fn limits(self) -> (i64, i64) {
        const BITS_24: i64 = 0xFF_FFFF;
        match self {
            Self::Ni | Self::Nj => (1, i32::MAX as i64),
            Self::Nk => (1, 0xF_FFFF),
            Self::DataType | Self::DataBits | Self::PackBits | Self::Grtyp => (0, 255),
            Self::Deet | Self::Ig1 | Self::Ig2 | Self::Ig3 | Self::Ig4 => (0, BITS_24),
            Self::Npas => (0, 0x3FF_FFFF),
            Self::Ip1 | Self::Ip2 | Self::Ip3 => (0, 0xFFF_FFFF),
            Self::Datev | Self::Dateo => (i32::MIN as i64, i32::MAX as i64),
            Self::File | Self::FileIndex => (0, u32::MAX as i64),
            Self::FileOffset | Self::TotalStoredBytes => (0, i64::MAX),
        }
    }

    fn of(self, record: &Record) -> i64 {
        i64::from(match self {
            Self::Ni => record.ni(),
            Self::Nj => record.nj(),
            Self::Nk => record.nk(),
            Self::DataType => u32::from(record.data_type().code()),
            Self::DataBits => u32::from(record.data_bits()),
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
