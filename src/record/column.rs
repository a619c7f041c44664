//! Records as rows of a table: the columns that listings, CSV, JSON and data frames share.

use std::fmt;

use super::{DateStamp, Record};

/// A value in a table.
#[derive(Clone, PartialEq, Debug)]
#[non_exhaustive]
pub enum Cell {
    /// No value: a date that is none, a level that does not decode.
    Null,
    /// Integer.
    Int(i64),
    /// Real of single precision.
    Single(f32),
    /// Real of double precision.
    Double(f64),
    /// Text, without trailing blanks.
    Text(String),
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.pad(""),
            Self::Int(value) => f.pad(&value.to_string()),
            Self::Single(value) => f.pad(&value.to_string()),
            Self::Double(value) => f.pad(&value.to_string()),
            Self::Text(value) => f.pad(value),
        }
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Cell {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_none(),
            Self::Int(value) => serializer.serialize_i64(*value),
            Self::Single(value) => serializer.serialize_f32(*value),
            Self::Double(value) => serializer.serialize_f64(*value),
            Self::Text(value) => serializer.serialize_str(value),
        }
    }
}

macro_rules! columns {
    ($($variant:ident $name:literal $doc:literal $record:ident => $cell:expr;)*) => {
        /// A column of the table of records.
        #[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
        #[non_exhaustive]
        pub enum Column {
            $(#[doc = $doc] $variant,)*
        }

        impl Column {
            /// All columns, in the order in which a complete listing shows them.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// Name in JSON, CSV and on the command line.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// What it holds, with units.
            pub const fn describe(self) -> &'static str {
                match self { $(Self::$variant => $doc,)* }
            }

            /// Its value for a record.
            pub fn of(self, record: &Record) -> Cell {
                match self { $(Self::$variant => { let $record = record; Cell::from($cell) })* }
            }
        }
    };
}

columns! {
    Nomvar "nomvar" "Variable name" r => r.nomvar().as_str();
    Typvar "typvar" "Kind of field" r => r.typvar().as_str();
    Etiket "etiket" "Label of the run or experiment" r => r.etiket().as_str();
    Grtyp "grtyp" "Grid type" r => grtyp(r);
    Dateo "dateo" "Origin date stamp, signed integer (101010101 when librmn cannot express it)" r => r.dateo_classic().raw();
    Datev "datev" "Validity date stamp, signed integer" r => r.datev().raw();
    Deet "deet" "Length of a time step in seconds" r => r.deet();
    Npas "npas" "Time step number" r => r.npas();
    Ni "ni" "First dimension, the fastest" r => r.ni();
    Nj "nj" "Second dimension" r => r.nj();
    Nk "nk" "Third dimension" r => r.nk();
    DataType "data_type" "Data type (datyp) with its flags" r => u32::from(r.data_type().code());
    DataBits "data_bits" "Bits of an element in memory" r => u32::from(r.data_bits());
    PackBits "pack_bits" "Bits of a stored element (nbits)" r => u32::from(r.pack_bits());
    Ip1 "ip1" "Level, encoded" r => r.ip1();
    Ip2 "ip2" "Time, encoded" r => r.ip2();
    Ip3 "ip3" "Third code" r => r.ip3();
    Ig1 "ig1" "First grid parameter, encoded" r => r.ig1();
    Ig2 "ig2" "Second grid parameter, encoded" r => r.ig2();
    Ig3 "ig3" "Third grid parameter, encoded" r => r.ig3();
    Ig4 "ig4" "Fourth grid parameter, encoded" r => r.ig4();
    OriginTime "origin_time" "Origin date and time, ISO 8601, UTC" r => time(r.dateo());
    ValidTime "valid_time" "Validity date and time, ISO 8601, UTC" r => time(r.datev());
    Hour "hour" "Hours since the origin: deet * npas / 3600" r => r.forecast_hour();
    IntervalBegin "interval_begin" "Begin of the time interval that ip2 and ip3 hold, hours" r => r.time_interval().map(|time| time.lo);
    IntervalEnd "interval_end" "End of the time interval that ip2 and ip3 hold, hours" r => r.time_interval().map(|time| time.hi);
    Level "level" "Level decoded from ip1, in level_unit" r => r.level().map(|level| level.value);
    LevelKind "level_kind" "Kind of level, librmn's number" r => r.level().map(|level| u32::from(level.kind.code()));
    LevelName "level_name" "Kind of level in words" r => r.level().map(|level| level.kind.name());
    LevelUnit "level_unit" "Unit of the level" r => r.level().map(|level| level.kind.modern_unit());
    Type "type" "Letter of the data type, m with missing values, and bits of a stored element" r => type_of(r);
    File "file" "Number of the file among those listed together" r => r.file;
    FileIndex "file_index" "Position in the directory, deleted records included" r => r.directory_index();
    FileOffset "file_offset" "Byte offset of the record in its file" r => r.offset().cast_signed();
    TotalStoredBytes "total_stored_bytes" "Bytes of the whole record in the file" r => r.stored_bytes().cast_signed();
}

impl Column {
    /// The column of that name; `datyp` and `nbits` are understood too.
    pub fn from_name(name: &str) -> Option<Self> {
        let name = match name {
            "datyp" => "data_type",
            "nbits" => "pack_bits",
            other => other,
        };
        Self::ALL.iter().copied().find(|column| column.name() == name)
    }
}

/// As `voir` shows it, without blanks.
fn type_of(record: &Record) -> String {
    let data_type = record.data_type();
    let missing = if data_type.has_missing() { "m" } else { "" };
    format!("{}{missing}{}", data_type.letter(), record.pack_bits())
}

fn grtyp(record: &Record) -> String {
    record.grtyp().letter().to_string().trim_end().to_owned()
}

fn time(stamp: DateStamp) -> Option<String> {
    stamp.to_civil().ok().map(|time| time.to_string())
}

impl<T: Into<Self>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

macro_rules! from {
    ($($type:ty => $make:expr;)*) => {
        $(impl From<$type> for Cell {
            fn from(value: $type) -> Self {
                let make: fn($type) -> Self = $make;
                make(value)
            }
        })*
    };
}

from! {
    &str => |v| Self::Text(v.to_owned());
    String => Self::Text;
    f32 => Self::Single;
    f64 => Self::Double;
    i64 => Self::Int;
    i32 => |v| Self::Int(v.into());
    u32 => |v| Self::Int(v.into());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_is_found_by_its_name() {
        for column in Column::ALL {
            assert_eq!(Column::from_name(column.name()), Some(*column));
        }
        assert_eq!(Column::from_name("datyp"), Some(Column::DataType));
        assert_eq!(Column::from_name("no"), None);
    }
}
