//! The attributes of a record to be written.

mod of_record;

use rpnfst_codecs::{DataType, Shape, Stored};

use self::of_record::Metadata;
use super::{
    label::{Label, check_metadata},
    steps::Steps,
};
use crate::{
    error::FieldError,
    record::{
        Calendar, Container, DateStamp, Etiket, GridType, IpValue, Kind, Nomvar, Record, Words, date,
        words::{MAX_24, MAX_28, MAX_NK},
    },
};

/// The attributes of a record to be written: a builder with defaults, checked when it is written ([`Attributes::check`]
/// checks at any time) so that an error names the field.
///
/// ```
/// use rpnfst::{Attributes, DataType, record::{CivilTime, DateStamp, IpValue, Kind}};
/// let attributes = Attributes::new("TT")
///     .typvar("P")
///     .etiket("R1_V710_N")
///     .dateo(DateStamp::from_civil(CivilTime::new(2026, 11, 24, 12, 0, 0)?)?)
///     .deet(300)
///     .npas(72)
///     .level(IpValue::new(500.0, Kind::Pressure))
///     .ip2(6)
///     .grtyp('Z')
///     .ig(1234, 5678, 1, 0)
///     .data_type(DataType::QUANTIZED_TURBO)
///     .pack_bits(16);
/// attributes.check()?;
/// # Ok::<(), rpnfst::Error>(())
/// ```
///
/// Those of a record that exists come [from it](#impl-From%3C%26Record%3E-for-Attributes), which says what becomes of extended
/// metadata, or with their text from [`File::attributes`](crate::File::attributes).
#[derive(Clone, PartialEq, Debug)]
pub struct Attributes {
    nomvar: Label<4>,
    typvar: Label<2>,
    etiket: Label<12>,
    grtyp: GridType,
    date: Date,
    calendar: Calendar,
    deet: u32,
    steps: Steps,
    ips: [Ip; 3],
    igs: [u32; 4],
    pub(super) data_type: Option<DataType>,
    pub(super) pack_bits: Option<u8>,
    metadata: Metadata,
}

/// Only the validity date is stored; the origin is what most callers know.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Date {
    Origin(DateStamp),
    Validity(DateStamp),
}

/// A code, or a value whose code is computed when the record is checked.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Ip {
    Code(u32),
    Value(IpValue),
}

impl Attributes {
    /// A record of this name; the rest is blank or zero, typvar `X`, grtyp `X` (no geometry), without a date, packed
    /// without loss.
    pub fn new(nomvar: impl AsRef<str>) -> Self {
        Self {
            nomvar: Label::new("nomvar", nomvar.as_ref()),
            typvar: Label::new("typvar", "X"),
            etiket: Label::Text(Etiket::BLANK),
            grtyp: GridType(b'X'),
            date: Date::Origin(DateStamp::NONE),
            calendar: Calendar::Gregorian,
            deet: 0,
            steps: Steps::Count(0),
            ips: [Ip::Code(0); 3],
            igs: [0; 4],
            data_type: None,
            pack_bits: None,
            metadata: Metadata::Unsaid,
        }
    }

    /// Variable name, up to 4 characters; lower case becomes upper case, as in all [texts](crate::record::Text).
    #[must_use]
    pub fn nomvar(mut self, nomvar: impl AsRef<str>) -> Self {
        self.nomvar = Label::new("nomvar", nomvar.as_ref());
        self
    }

    /// Kind of field, up to 2 characters.
    #[must_use]
    pub fn typvar(mut self, typvar: impl AsRef<str>) -> Self {
        self.typvar = Label::new("typvar", typvar.as_ref());
        self
    }

    /// Label, up to 12 characters; lower case becomes upper case.
    #[must_use]
    pub fn etiket(mut self, etiket: impl AsRef<str>) -> Self {
        self.etiket = Label::new("etiket", etiket.as_ref());
        self
    }

    /// Grid type: a letter, or any byte as a [`GridType`].
    ///
    /// ```
    /// use rpnfst::{Attributes, record::GridType};
    /// assert_eq!(Attributes::new("TT").grtyp('Z'), Attributes::new("TT").grtyp(GridType(b'Z')));
    /// ```
    #[must_use]
    pub fn grtyp(mut self, grtyp: impl Into<GridType>) -> Self {
        self.grtyp = grtyp.into();
        self
    }

    /// Origin date; the validity, which is what files store, is `deet * npas` seconds later.
    ///
    /// Attributes hold one date, the one that was set last, and the other follows from it. From a record they hold the
    /// validity: a new [`hour`](Self::hour) then moves the origin. To keep the origin set it too:
    ///
    /// ```
    /// # let file = rpnfst::File::open("testdata/cases/intervals.std")?;
    /// # let record = &file.records()[0];
    /// let later = rpnfst::Attributes::from(record).dateo(record.dateo()?).hour(12.0);
    /// # assert_eq!(later.preview(record)?.dateo()?, record.dateo()?);
    /// # Ok::<(), rpnfst::Error>(())
    /// ```
    #[must_use]
    pub fn dateo(mut self, dateo: DateStamp) -> Self {
        self.date = Date::Origin(dateo);
        self
    }

    /// Validity date; the origin is `deet * npas` seconds earlier. Takes back [`dateo`](Self::dateo).
    #[must_use]
    pub fn datev(mut self, datev: DateStamp) -> Self {
        self.date = Date::Validity(datev);
        self
    }

    /// The calendar in which the validity follows from the origin: the Gregorian one unless another is named.
    ///
    /// ```
    /// use rpnfst::{Attributes, record::Calendar};
    /// let attributes = Attributes::new("TT").calendar(Calendar::NoLeap).deet(3600).npas(24);
    /// ```
    #[must_use]
    pub fn calendar(mut self, calendar: Calendar) -> Self {
        self.calendar = calendar;
        self
    }

    /// Length of a time step, seconds: 0 to 16777215.
    #[must_use]
    pub fn deet(mut self, deet: u32) -> Self {
        self.deet = deet;
        self
    }

    /// Time step number: 0 to 16777215. Takes back [`Attributes::hour`].
    #[must_use]
    pub fn npas(mut self, npas: u32) -> Self {
        self.steps = Steps::Count(npas);
        self
    }

    /// Lead time: hours from the origin to the validity, which [`Record::hour`] and
    /// [`Query::hours`](crate::Query::hours) have. They are stored as `deet * npas` seconds: npas is the number of
    /// steps of [`Attributes::deet`]. Without a deet the longest step of 3600/n seconds that fits is taken: 6 h are 6 steps
    /// of 3600 s, 7.5 h are 15 of 1800 s. Takes back [`Attributes::npas`]; leaves ip2 alone. Which date it moves:
    /// [`Attributes::dateo`].
    ///
    /// ```
    /// use rpnfst::{Attributes, Array, Query, Writer};
    /// # let folder = tempfile::tempdir()?;
    /// # let mut writer = Writer::create(folder.path().join("pr.std"))?;
    /// let written = writer.write(&Attributes::new("PR").hour(7.5), &Array::new(&[0.5_f32], (1, 1, 1))?)?;
    /// assert_eq!((written.hour(), written.deet(), written.npas()), (7.5, 1800, 15));
    /// assert!(Query::new().hours(6.0..=12.0).matches(&written));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn hour(mut self, hours: f64) -> Self {
        self.steps = Steps::Hours(hours);
        self
    }

    /// The code of ip1: 0 to 268435455.
    #[must_use]
    pub fn ip1(mut self, ip1: u32) -> Self {
        self.ips[0] = Ip::Code(ip1);
        self
    }

    /// The code of ip2: 0 to 268435455.
    #[must_use]
    pub fn ip2(mut self, ip2: u32) -> Self {
        self.ips[1] = Ip::Code(ip2);
        self
    }

    /// The code of ip3: 0 to 268435455.
    #[must_use]
    pub fn ip3(mut self, ip3: u32) -> Self {
        self.ips[2] = Ip::Code(ip3);
        self
    }

    /// A value and its kind, mostly a level, which goes to ip1 as a new-style code.
    ///
    /// ```
    /// use rpnfst::{Attributes, record::IpValue};
    /// let level: IpValue = "0.995 sg".parse()?;
    /// Attributes::new("TT").level(level).check()?;
    /// # Ok::<(), rpnfst::Error>(())
    /// ```
    #[must_use]
    pub fn level(mut self, level: IpValue) -> Self {
        self.ips[0] = Ip::Value(level);
        self
    }

    /// A time in hours, which goes to ip2 as a new-style code. (Most files have the plain number of hours there:
    /// [`Attributes::ip2`].) It says nothing of the lead time, which is [`Attributes::hour`].
    #[must_use]
    pub fn ip2_hours(mut self, hours: f32) -> Self {
        self.ips[1] = Ip::Value(IpValue::new(hours, Kind::Hours));
        self
    }

    /// The four grid parameters, each 0 to 16777215.
    #[must_use]
    pub fn ig(mut self, ig1: u32, ig2: u32, ig3: u32, ig4: u32) -> Self {
        self.igs = [ig1, ig2, ig3, ig4];
        self
    }

    /// How to pack the values, flags included. Without it, and without [`pack_bits`](Self::pack_bits): without loss,
    /// compressed where that can be (IEEE reals as 133, or 5 where that is not shorter, integers as 130 or 4 with the bits
    /// that they need), with the flag 64 when a mask marks missing values.
    ///
    /// ```
    /// use rpnfst::{Attributes, DataType};
    /// let packed = Attributes::new("TT").data_type(DataType::QUANTIZED_TURBO).pack_bits(12); // 134, as most models write
    /// let missing = DataType::QUANTIZED.with_missing(); // 6 + 64
    /// ```
    #[must_use]
    pub fn data_type(mut self, data_type: DataType) -> Self {
        self.data_type = Some(data_type);
        self
    }

    /// Bits per element. Without a data type, reals of up to 16 bits become type 134, which rounds, and those of 17 to 31 bits
    /// type 5, which cuts off low bits. Integers that do not fit keep their low bits only, as in librmn: no error.
    #[must_use]
    pub fn pack_bits(mut self, pack_bits: u8) -> Self {
        self.pack_bits = Some(pack_bits);
        self
    }

    /// Extended metadata: JSON text, stored as it is and not checked; an empty text is none. RSF files only.
    ///
    /// ```
    /// use rpnfst::{Attributes, Container, Array, MemoryFile, WriteOptions};
    /// let mut writer = WriteOptions::new().container(Container::Rsf).create_sink(MemoryFile::new())?;
    /// let attributes = Attributes::new("TT").metadata(r#"{"unit": "K"}"#);
    /// assert!(writer.write(&attributes, &Array::new(&[273.15_f32], (1, 1, 1))?)?.has_metadata());
    /// # Ok::<(), rpnfst::Error>(())
    /// ```
    #[must_use]
    pub fn metadata(mut self, json: impl Into<String>) -> Self {
        self.metadata = Metadata::Text(json.into());
        self
    }

    /// Without extended metadata, also when the record that is edited or copied, or that the attributes come from, has some.
    #[must_use]
    pub fn without_metadata(mut self) -> Self {
        self.metadata = Metadata::Without;
        self
    }

    pub(super) fn name(&self) -> Nomvar {
        self.nomvar.text().unwrap_or(Nomvar::BLANK)
    }

    /// Whether all attributes can be stored.
    ///
    /// # Errors
    /// The first field that cannot, and why.
    pub fn check(&self) -> Result<(), FieldError> {
        self.words_without_data().map(drop)
    }

    /// What an [edit](crate::Writer::edit) of a record with these attributes makes of it.
    ///
    /// # Errors
    /// As [`Attributes::check`], and when extended metadata are longer than those that the record has.
    pub fn preview(&self, record: &Record) -> Result<Record, FieldError> {
        let room = record.metadata_extent().map_or(0, |(_, room)| room);
        if let Some(json) = self.metadata_text().filter(|json| !json.is_empty())
            && json.len() as u64 + 1 > room
        {
            let what = match room.checked_sub(1) {
                Some(room) => format!("{} bytes, the record has room for {room}", json.len()),
                None => "the record has none, and no room for some".to_owned(),
            };
            return Err(FieldError { field: "metadata", what });
        }
        let words = self.words_without_data()?.with_layout_of(&record.words);
        Ok(Record { words, ..record.clone() })
    }

    /// The directory words, with those of the values zero.
    pub(super) fn words_without_data(&self) -> Result<Words, FieldError> {
        let (nomvar, typvar, etiket) = (self.nomvar.text()?, self.typvar.text()?, self.etiket.text()?);
        let [ip1, ip2, ip3] = self.ips;
        let [ip1, ip2, ip3] = [ip("ip1", ip1)?, ip("ip2", ip2)?, ip("ip3", ip3)?];
        let [ig1, ig2, ig3, ig4] = self.igs;
        let (deet, npas) = self.steps.resolve(self.deet)?;
        let fields = [("deet", deet), ("npas", npas), ("ig1", ig1), ("ig2", ig2), ("ig3", ig3), ("ig4", ig4)];
        for (field, value) in fields {
            range(field, value, 0, MAX_24)?;
        }
        if let Some(json) = self.metadata_text() {
            check_metadata(json)?;
        }
        let mut words = Words::default();
        words.set_nomvar(nomvar);
        words.set_typvar(typvar);
        words.set_etiket(etiket);
        words.set_grtyp(self.grtyp.0);
        words.set_deet(deet);
        words.set_npas(npas);
        words.set_ip1(ip1);
        words.set_ip2(ip2);
        words.set_ip3(ip3);
        words.set_ig1(ig1);
        words.set_ig2(ig2);
        words.set_ig3(ig3);
        words.set_ig4(ig4);
        words.set_stored_date(self.stored_date(deet, npas)?);
        Ok(words)
    }

    /// All directory words.
    pub(super) fn words(&self, shape: Shape, stored: Stored, container: Container) -> Result<Words, FieldError> {
        add_data(self.words_without_data()?, shape, stored, container)
    }

    fn stored_date(&self, deet: u32, npas: u32) -> Result<u32, FieldError> {
        let error = |field, what: String| FieldError { field, what };
        let (field, given, validity) = match self.date {
            Date::Validity(datev) => ("datev", datev, datev),
            // librmn makes stamps of 1910 of a step from no date; "no date" is what is meant.
            Date::Origin(dateo) if dateo.is_none() || dateo.is_dummy() => ("dateo", dateo, dateo),
            Date::Origin(dateo) => {
                let datev = date::validity_in(dateo, deet, npas, self.calendar);
                ("dateo", dateo, datev.map_err(|e| error("dateo", e.to_string()))?)
            }
        };
        let word = validity.to_stored();
        if DateStamp::from_stored(word) != validity {
            return Err(error(field, format!("{given}: a last digit of 8 or 9 cannot be stored")));
        }
        Ok(word)
    }
}

/// Puts what the values decide into directory words.
pub(super) fn add_data(
    mut words: Words,
    shape: Shape,
    stored: Stored,
    container: Container,
) -> Result<Words, FieldError> {
    let largest = if container == Container::Rsf { i32::MAX.cast_unsigned() } else { MAX_24 };
    range("ni", shape.ni, 1, largest)?;
    range("nj", shape.nj, 1, largest)?;
    range("nk", shape.nk, 1, MAX_NK)?;
    words.set_shape(shape, container);
    words.set_stored(stored);
    Ok(words)
}

fn ip(field: &'static str, ip: Ip) -> Result<u32, FieldError> {
    match ip {
        Ip::Code(code) => range(field, code, 0, MAX_28).map(|()| code),
        Ip::Value(value) => value.encode().map_err(|e| FieldError { field, what: e.to_string() }),
    }
}

fn range(field: &'static str, value: u32, least: u32, most: u32) -> Result<(), FieldError> {
    if (least..=most).contains(&value) {
        return Ok(());
    }
    Err(FieldError { field, what: format!("{value} is not within {least} to {most}") })
}

#[cfg(test)]
mod tests;
