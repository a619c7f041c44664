//! The schema of a record: the one list of its fields, with names, types, units and meanings.
//!
//! Columns of listings, CSV headers, JSON keys, the words of the query language, the fields of `--set` and their help
//! texts all come from the table [below](Column): nothing else lists fields. A new field is a new row.

use super::{Cell, Record};

/// The type of a column. A cell of it may be [null](Cell::Null) too.
///
/// ```
/// use rpnfst::record::{CellType, Column};
/// assert_eq!(Column::Level.cell_type(), CellType::Single);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
#[non_exhaustive]
pub enum CellType {
    /// [`Cell::Int`].
    Int,
    /// [`Cell::Single`].
    Single,
    /// [`Cell::Double`].
    Double,
    /// [`Cell::Bool`].
    Bool,
    /// [`Cell::Time`].
    Time,
    /// [`Cell::Text`].
    Text,
}

/// How a text becomes the value of a field that can be set.
///
/// ```
/// use rpnfst::record::{Column, Setting};
/// let settable = Column::ALL.iter().filter(|column| column.setting().is_some());
/// assert_eq!(settable.count(), 16);
/// assert_eq!((Column::Dateo.setting(), Column::Ni.setting()), (Some(Setting::Date), None));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
#[non_exhaustive]
pub enum Setting {
    /// Any text that fits, see [`Text`](super::Text).
    Text,
    /// One character.
    Letter,
    /// An integer.
    Number,
    /// A date, see [`DateText`](super::date::DateText).
    Date,
    /// A level with its unit, see [`IpValue`](super::IpValue).
    Level,
}

/// How a query compares a field.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Condition {
    /// Texts and patterns.
    Text(TextField),
    /// One letter.
    Grtyp,
    /// Integers and ranges of them.
    Int(IntField),
    /// The codes of an ip, or with a unit the values that they mean.
    Ip(IntField),
    /// Date stamps, or times.
    Stamp(IntField),
    /// Values with a unit.
    Level,
    /// Kinds of level, by their number or by any name of theirs.
    LevelKind,
    LevelName,
    LevelUnit,
    Hour,
    IntervalBegin,
    IntervalEnd,
    ValidTime,
    OriginTime,
}

/// The first expression if there is one, else the other.
macro_rules! either {
    ([] $other:expr) => {
        $other
    };
    ([$first:expr] $other:expr) => {
        $first
    };
}

macro_rules! schema {
    ($record:ident: $(
        $variant:ident $name:literal $(or $alias:literal)* : $type:ident $(in $unit:literal)?, $doc:literal, $get:expr
        $(, text $width:literal)?
        $(, int $least:literal to $most:literal $(from $int:expr)?)?
        $(, ask $condition:expr)?
        $(, set $setting:ident)?
    ;)*) => {
        /// A field of a record, as a column of a table.
        ///
        /// ```
        /// use rpnfst::{File, record::{Cell, CellType, Column}};
        /// let file = File::open("testdata/cases/intervals.std")?;
        /// let record = &file.records()[0];
        /// assert_eq!(Column::Nomvar.of(record), Cell::from(record.nomvar()));
        /// assert_eq!(Column::from_name("nbits"), Some(Column::PackBits));
        /// assert_eq!((Column::Hour.cell_type(), Column::Hour.unit()), (CellType::Double, Some("h")));
        /// # Ok::<(), rpnfst::Error>(())
        /// ```
        ///
        #[doc = include_str!("../../docs/fields.md")]
        #[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
        #[non_exhaustive]
        pub enum Column {
            $(#[doc = $doc] $variant,)*
        }

        impl Column {
            /// All columns, in the order in which a complete listing shows them.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// Name in JSON, CSV, queries and on the command line.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// Other names that are understood.
            pub const fn aliases(self) -> &'static [&'static str] {
                match self { $(Self::$variant => &[$($alias),*],)* }
            }

            /// What it holds, with units.
            pub const fn describe(self) -> &'static str {
                match self { $(Self::$variant => $doc,)* }
            }

            /// The type of its cells.
            pub const fn cell_type(self) -> CellType {
                match self { $(Self::$variant => CellType::$type,)* }
            }

            /// The unit of its values, where it is the same for all records.
            pub const fn unit(self) -> Option<&'static str> {
                match self { $(Self::$variant => either!([$(Some($unit))?] None),)* }
            }

            /// How it is set, if a record can be given another value.
            pub const fn setting(self) -> Option<Setting> {
                match self { $(Self::$variant => either!([$(Some(Setting::$setting))?] None),)* }
            }

            /// How queries compare it, if they can.
            pub(crate) const fn condition(self) -> Option<Condition> {
                match self { $(Self::$variant => either!([$(Some($condition))?] None),)* }
            }

            /// Its value for a record.
            pub fn of(self, $record: &Record) -> Cell {
                match self { $(Self::$variant => Cell::from($get),)* }
            }
        }

        /// A text field of a record, for queries.
        ///
        /// ```
        /// use rpnfst::{Query, TextField};
        /// let query = Query::new().text_in(TextField::Nomvar, ["TT", "UU"]).text_like(TextField::Etiket, "R1*");
        /// ```
        #[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
        #[non_exhaustive]
        pub enum TextField {
            $($(
                #[doc = $doc]
                #[doc = concat!("(", $width, " characters).")]
                $variant,
            )?)*
        }

        impl TextField {
            /// Its name, and how many characters it has.
            pub(crate) const fn describe(self) -> (&'static str, usize) {
                match self { $($(Self::$variant => ($name, $width),)?)* }
            }
        }

        /// An integer field of a record, for queries.
        ///
        /// ```
        /// use rpnfst::{IntField, Query};
        /// let query = Query::new().int(IntField::Ni, 1081).int_range(IntField::Ip3, ..=48);
        /// ```
        #[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
        #[non_exhaustive]
        pub enum IntField {
            $($(
                #[doc = $doc]
                #[doc = concat!("(", $least, " to ", $most, ").")]
                $variant,
            )?)*
        }

        impl IntField {
            /// The values that a record can have.
            pub(crate) const fn limits(self) -> (i64, i64) {
                match self { $($(Self::$variant => ($least, $most),)?)* }
            }

            /// The value of a record.
            pub(crate) fn of(self, $record: &Record) -> i64 {
                match self {
                    $($(Self::$variant => {
                        const _: i64 = $least;
                        i64::from(either!([$($int)?] $get))
                    })?)*
                }
            }
        }
    };
}

schema! { record:
    Nomvar "nomvar": Text, "Variable name", record.nomvar(),
        text 4, ask Condition::Text(TextField::Nomvar), set Text;
    Typvar "typvar": Text, "Kind of field", record.typvar(),
        text 2, ask Condition::Text(TextField::Typvar), set Text;
    Etiket "etiket": Text, "Label of the run or experiment", record.etiket(),
        text 12, ask Condition::Text(TextField::Etiket), set Text;
    Grtyp "grtyp": Text, "Grid type", record.grtyp(),
        int 0 to 255 from u32::from(record.grtyp().0), ask Condition::Grtyp, set Letter;
    Dateo "dateo": Int, "Origin date stamp, signed integer (101010101 when librmn cannot express it)",
        record.dateo_classic().raw(), int -2147483648 to 2147483647, ask Condition::Stamp(IntField::Dateo), set Date;
    Datev "datev": Int, "Validity date stamp, signed integer", record.datev().raw(),
        int -2147483648 to 2147483647, ask Condition::Stamp(IntField::Datev), set Date;
    Deet "deet": Int in "s", "Length of a time step in seconds", record.deet(),
        int 0 to 16777215, ask Condition::Int(IntField::Deet), set Number;
    Npas "npas": Int, "Time step number", record.npas(),
        int 0 to 67108863, ask Condition::Int(IntField::Npas), set Number;
    Ni "ni": Int, "First dimension, the fastest", record.ni(),
        int 1 to 2147483647, ask Condition::Int(IntField::Ni);
    Nj "nj": Int, "Second dimension", record.nj(),
        int 1 to 2147483647, ask Condition::Int(IntField::Nj);
    Nk "nk": Int, "Third dimension", record.nk(),
        int 1 to 1048575, ask Condition::Int(IntField::Nk);
    DataType "data_type" or "datyp": Int, "Data type (datyp) with its flags", u32::from(record.data_type().code()),
        int 0 to 255, ask Condition::Int(IntField::DataType);
    DataBits "data_bits": Int in "bits", "Bits of an element in memory", u32::from(record.data_bits()),
        int 0 to 255, ask Condition::Int(IntField::DataBits);
    PackBits "pack_bits" or "nbits": Int in "bits", "Bits of a stored element (nbits)", u32::from(record.pack_bits()),
        int 0 to 255, ask Condition::Int(IntField::PackBits);
    Ip1 "ip1": Int, "Level, encoded", record.ip1(),
        int 0 to 268435455, ask Condition::Ip(IntField::Ip1), set Number;
    Ip2 "ip2": Int, "Time, encoded", record.ip2(),
        int 0 to 268435455, ask Condition::Ip(IntField::Ip2), set Number;
    Ip3 "ip3": Int, "Third code", record.ip3(),
        int 0 to 268435455, ask Condition::Ip(IntField::Ip3), set Number;
    Ig1 "ig1": Int, "First grid parameter, encoded", record.ig1(),
        int 0 to 16777215, ask Condition::Int(IntField::Ig1), set Number;
    Ig2 "ig2": Int, "Second grid parameter, encoded", record.ig2(),
        int 0 to 16777215, ask Condition::Int(IntField::Ig2), set Number;
    Ig3 "ig3": Int, "Third grid parameter, encoded", record.ig3(),
        int 0 to 16777215, ask Condition::Int(IntField::Ig3), set Number;
    Ig4 "ig4": Int, "Fourth grid parameter, encoded", record.ig4(),
        int 0 to 16777215, ask Condition::Int(IntField::Ig4), set Number;
    OriginTime "origin_time" or "reference_time": Time, "Origin date and time, ISO 8601, UTC", record.origin_time(),
        ask Condition::OriginTime;
    ValidTime "valid_time" or "time": Time, "Validity date and time, ISO 8601, UTC", record.valid_time(),
        ask Condition::ValidTime;
    Hour "hour" or "lead_time": Double in "h", "Hours since the origin: deet * npas / 3600", record.hour(),
        ask Condition::Hour;
    IntervalBegin "interval_begin": Single in "h", "Begin of the time interval that ip2 and ip3 hold, hours",
        record.time_interval().map(|time| time.lo), ask Condition::IntervalBegin;
    IntervalEnd "interval_end": Single in "h", "End of the time interval that ip2 and ip3 hold, hours",
        record.time_interval().map(|time| time.hi), ask Condition::IntervalEnd;
    Level "level": Single, "Level decoded from ip1, in level_unit", record.level().map(|level| level.value),
        ask Condition::Level, set Level;
    LevelKind "level_kind": Int, "Kind of level, librmn's number", record.level().map(|level| u32::from(level.kind.code())),
        ask Condition::LevelKind;
    LevelName "level_name": Text, "Kind of level in words", record.level().map(|level| level.kind.name()),
        ask Condition::LevelName;
    LevelUnit "level_unit": Text, "Unit of the level", record.level().map(|level| level.kind.modern_unit()),
        ask Condition::LevelUnit;
    LayerBegin "layer_begin": Single, "Bound nearer to the ground of the layer that ip1 and ip3 hold, in level_unit",
        record.level_interval().map(|layer| layer.lo);
    LayerEnd "layer_end": Single, "The other bound of the layer that ip1 and ip3 hold, in level_unit",
        record.level_interval().map(|layer| layer.hi);
    Grid "grid": Text, "What identifies the grid: grtyp, ni x nj, ig1 to ig4", record.grid_key();
    Nature "nature": Text, "Kind of field in words, from the first letter of typvar", record.typvar().nature();
    Treatment "treatment": Text, "What was done to the field, from the second letter of typvar", record.typvar().treatment();
    Run "run": Text, "Run, from an etiket of CMC's form", record.etiket().parts().run;
    Label "label": Text, "Label, from an etiket of CMC's form, else the whole etiket", record.etiket().parts().label;
    Implementation "implementation": Text, "Implementation, from an etiket of CMC's form: N operational, P parallel, X experimental",
        record.etiket().parts().implementation;
    Member "member" or "ensemble_member": Text, "Ensemble member, from an etiket of CMC's form", record.etiket().parts().member;
    Descriptor "descriptor": Bool, "Whether the record describes a grid or levels and is not a field", record.is_descriptor();
    DataTypeName "data_type_name": Text, "Data type in words, without its flags", record.data_type().name();
    Type "type": Text, "Letter of the data type, m with missing values, and bits of a stored element", type_of(record);
    File "file" or "file_number": Int, "Number of the file among those listed together, from 0", record.file,
        int 0 to 4294967295, ask Condition::Int(IntField::File);
    FileIndex "file_index": Int, "Position in the directory, deleted records included", record.file_index(),
        int 0 to 4294967295, ask Condition::Int(IntField::FileIndex);
    FileOffset "file_offset": Int in "bytes", "Byte offset of the record in its file", record.file_offset().cast_signed(),
        int 0 to 9223372036854775807, ask Condition::Int(IntField::FileOffset);
    TotalStoredBytes "total_stored_bytes": Int in "bytes", "Bytes of the whole record in the file",
        record.total_stored_bytes().cast_signed(), int 0 to 9223372036854775807, ask Condition::Int(IntField::TotalStoredBytes);
    PayloadOffset "payload_offset": Int in "bytes", "Byte offset of the payload in its file",
        record.payload_extent().0.cast_signed();
    PayloadBytes "payload_bytes": Int in "bytes", "Bytes of the payload in the file", record.payload_extent().1.cast_signed();
}

impl Column {
    /// The column of that name, or with that alias.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|column| column.name() == name || column.aliases().contains(&name))
    }

    /// Whether conditions of the query language can be about it.
    pub const fn is_queryable(self) -> bool {
        self.condition().is_some()
    }
}

impl TextField {
    /// Characters of the longest field.
    pub(crate) const LONGEST: usize = 12;

    /// Characters of the field.
    pub(crate) const fn width(self) -> usize {
        self.describe().1
    }
}

/// As `voir` shows it, without blanks.
fn type_of(record: &Record) -> String {
    let data_type = record.data_type();
    let missing = if data_type.has_missing() { "m" } else { "" };
    format!("{}{missing}{}", data_type.letter(), record.pack_bits())
}

#[cfg(test)]
mod tests {
    use std::{collections::HashSet, fmt::Write as _};

    use super::*;

    #[test]
    fn every_column_is_found_by_all_of_its_names() {
        let mut names = HashSet::new();
        for &column in Column::ALL {
            for name in [column.name()].iter().chain(column.aliases()) {
                assert_eq!(Column::from_name(name), Some(column));
                assert!(names.insert(*name), "{name} is the name of two columns");
            }
        }
        assert_eq!(Column::from_name("no"), None);
    }

    /// The table of `docs/fields.md`.
    #[test]
    fn the_documented_table_is_this_one() {
        let mut table =
            "| field | other names | type | unit | what | `-w` | `--set` |\n|---|---|---|---|---|---|---|\n".to_owned();
        for column in Column::ALL {
            let aliases: Vec<_> = column.aliases().iter().map(|alias| format!("`{alias}`")).collect();
            let mark = |yes| if yes { "yes" } else { "" };
            let _ = writeln!(
                table,
                "| `{}` | {} | {} | {} | {} | {} | {} |",
                column.name(),
                aliases.join(", "),
                match column.cell_type() {
                    CellType::Int => "integer",
                    CellType::Single => "f32",
                    CellType::Double => "f64",
                    CellType::Bool => "yes or no",
                    CellType::Time => "time",
                    CellType::Text => "text",
                },
                column.unit().unwrap_or_default(),
                column.describe(),
                mark(column.is_queryable()),
                mark(column.setting().is_some()),
            );
        }
        assert!(include_str!("../../docs/fields.md").ends_with(&table), "docs/fields.md should end with\n{table}");
    }

    #[test]
    fn fields_have_the_name_of_their_column() {
        for column in Column::ALL {
            match column.condition() {
                Some(Condition::Text(field)) => assert_eq!(format!("{field:?}"), format!("{column:?}")),
                Some(Condition::Int(field) | Condition::Ip(field) | Condition::Stamp(field)) => {
                    assert_eq!(format!("{field:?}"), format!("{column:?}"));
                    assert_eq!(column.cell_type(), CellType::Int);
                }
                _ => {}
            }
        }
    }
}
