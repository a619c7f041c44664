//! `rpnfst mk`: records made of arrays.

mod array;
mod csv;
mod list;

use std::path::Path;

use rpnfst::{Attributes, BaseType, Container, DataType, ElementKind, Field, Values, record::Calendar};

use crate::{
    args::{Fields, Global, Mk, Order, Reading},
    interrupt,
    npy::{self, Array},
    output_file::Output,
    report::{Report, Result, Stop},
    same_file::FilesRead,
    settings::Settings,
};

/// How many records, and how many bytes of values, are encoded at a time.
const RECORDS: usize = 512;
const BYTES: usize = 128 << 20;

/// What is said of a record beside its attributes.
#[derive(Clone, Default, Debug)]
struct Request {
    settings: Settings,
    datyp: Option<u8>,
    nbits: Option<u8>,
    dims: Option<[usize; 3]>,
    order: Order,
    /// The value that stands for missing ones.
    missing: Option<f64>,
    dtype: Option<String>,
}

/// Runs the command.
pub(crate) fn run(args: &Mk, global: &Global, report: &mut Report) -> Result {
    let options = args.encoding.options().container(args.container.library());
    // What can be wrong with one record is known before a file is touched.
    let single = match &args.data {
        Some(data) => Some(
            Request::from_options(&args.record, &args.reading, global.calendar())?.prepare(data, global.calendar())?,
        ),
        None => None,
    };
    let defaults = Request::reading(&args.reading, global.calendar())?;
    let list = args.records.as_deref().map(list::read).transpose()?;
    FilesRead::new(args.data.iter().chain(&args.records)).keep(&args.output)?;
    interrupt::watch();
    let output = if args.append {
        Output::append(&args.output, &options, args.beside, None, report)?
    } else {
        Output::create(&args.output, &options, args.force, args.beside.unlock)?
    };
    let mut maker = Maker { output, waiting: Vec::new(), bytes: 0 };
    if let Some(record) = single {
        maker.add(record, "")?;
    }
    if let Some(list) = list {
        list.run(&defaults, &args.output, &mut maker, global.calendar(), report)?;
    }
    maker.flush()?;
    maker.output.finish(args.force)
}

/// A record that is ready to be encoded.
struct Prepared {
    record: Attributes,
    values: Values,
    dims: [usize; 3],
    missing: Option<rpnfst::Mask>,
    /// Words without a meaning.
    raw: bool,
}

/// Encodes many records at a time.
struct Maker {
    output: Output,
    /// And where each comes from, for messages.
    waiting: Vec<(String, (Attributes, Field))>,
    bytes: usize,
}

impl Maker {
    fn add(&mut self, prepared: Prepared, place: &str) -> Result {
        interrupt::check()?;
        let Prepared { record, values, dims: [ni, nj, nk], missing, raw } = prepared;
        let wrong = |e: rpnfst::FieldError| Stop::message(format!("{place}{e}"));
        let wide = self.output.writer.container() == Container::Rsf;
        let values = if wide { values } else { array::narrowed(values) };
        if raw {
            self.flush()?;
            // Reals and signed integers of 32 bits are words by their bits, as `get --words-as` reads them back.
            let words = values.bits_as(ElementKind::U32).and_then(Values::into_vec::<u32>);
            let words = words.map_err(|_| Stop::message(format!("{place}datyp 0 takes words: u4, i4 or f4")))?;
            let data = rpnfst::Array::words(&words, (ni, nj, nk)).map_err(wrong)?;
            let written = self.output.writer.write(&record, &data);
            return written.map(drop).map_err(|e| Stop::message(format!("{place}{}", self.output.message(&e))));
        }
        self.bytes += values.len().saturating_mul(values.kind().size());
        let field = Field::new(values, (ni, nj, nk), missing).map_err(wrong)?;
        self.waiting.push((place.to_owned(), (record, field)));
        if self.waiting.len() >= RECORDS || self.bytes >= BYTES { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result {
        self.bytes = 0;
        let (places, records): (Vec<_>, Vec<_>) = std::mem::take(&mut self.waiting).into_iter().unzip();
        let written: Vec<_> = self.output.writer.write_many(records).collect();
        for (place, result) in places.iter().zip(written) {
            result.map_err(|e| Stop::message(format!("{place}{}", self.output.message(&e))))?;
        }
        Ok(())
    }
}

impl Request {
    /// What is said of the arrays of all records.
    fn reading(reading: &Reading, calendar: Calendar) -> Result<Self> {
        let missing = reading.missing.as_deref().map(|text| {
            text.trim().parse().map_err(|_| Stop::message(format!("--missing {text}: expected a number or nan")))
        });
        Ok(Self {
            settings: Settings::of(calendar),
            order: reading.order,
            missing: missing.transpose()?,
            dtype: reading.dtype.clone(),
            ..Self::default()
        })
    }

    fn from_options(fields: &Fields, reading: &Reading, calendar: Calendar) -> Result<Self> {
        let mut settings = Settings::of(calendar);
        let igs = igs(fields.ig.as_deref())?;
        let named = [
            ("nomvar", &fields.nomvar),
            ("typvar", &fields.typvar),
            ("etiket", &fields.etiket),
            ("grtyp", &fields.grtyp),
            ("dateo", &fields.dateo),
            ("datev", &fields.datev),
            ("deet", &fields.deet),
            ("npas", &fields.npas),
            ("ip1", &fields.ip1),
            ("level", &fields.level),
            ("ip2", &fields.ip2),
            ("ip3", &fields.ip3),
            ("metadata", &fields.metadata),
        ];
        let named = named.into_iter().filter_map(|(name, value)| Some((name, value.as_deref()?)));
        for (name, value) in named.chain(igs) {
            settings.set(name, value).map_err(|what| Stop::message(format!("--{what}")))?;
        }
        Ok(Self {
            settings,
            datyp: fields.datyp,
            nbits: fields.nbits,
            dims: fields.dims.as_deref().map(dims).transpose()?,
            ..Self::reading(reading, calendar)?
        })
    }

    /// Reads the array and puts the record together.
    fn prepare(&self, data: &Path, calendar: Calendar) -> Result<Prepared> {
        let array = self.read(data).map_err(|what| Stop::message(format!("{}: {what}", data.display())))?;
        let raw = self.datyp.is_some_and(|datyp| DataType::new(datyp).base() == BaseType::Raw);
        let arranged = array.arrange(self.order, self.dims, raw);
        let (values, dims) = arranged.map_err(|what| Stop::message(format!("{}: {what}", data.display())))?;
        if self.missing.is_some() && matches!(values, Values::Complex32(_) | Values::Complex64(_)) {
            return Err(Stop::message("missing: complex numbers are never missing"));
        }
        let missing = self.missing.map(|value| array::mask(&values, value)).filter(rpnfst::Mask::any);
        let mut record = self.settings.apply(Attributes::new("").calendar(calendar), [0; 4]);
        if let Some(datyp) = self.datyp {
            let flag = if missing.is_some() { DataType::MISSING_FLAG } else { 0 };
            record = record.data_type(DataType::new(datyp | flag));
        }
        if let Some(nbits) = self.nbits {
            if !(1..=64).contains(&nbits) {
                return Err(Stop::message(format!("nbits: {nbits} is not within 1 to 64")));
            }
            record = record.pack_bits(nbits);
        }
        record.check().map_err(|e| Stop::message(e.to_string()))?;
        Ok(Prepared { record, values, dims, missing, raw })
    }

    fn read(&self, data: &Path) -> Result<Array, String> {
        let extension = data.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        match extension.to_ascii_lowercase().as_str() {
            "npy" => npy::read(data),
            "csv" => csv::read(data, self.dtype.as_deref().unwrap_or_else(|| self.natural_dtype())),
            _ => Err("only .npy and .csv can be read".to_owned()),
        }
    }

    /// The element type that goes with a data type.
    fn natural_dtype(&self) -> &'static str {
        match self.datyp.map(|datyp| DataType::new(datyp).base()) {
            Some(BaseType::Raw | BaseType::Unsigned) => "u4",
            Some(BaseType::Signed) => "i4",
            Some(BaseType::Characters | BaseType::String) => "u1",
            Some(BaseType::Complex) => "c8",
            _ => "f4",
        }
    }
}

/// `ig1,ig2,ig3,ig4`.
fn igs(text: Option<&str>) -> Result<Vec<(&'static str, &str)>> {
    let Some(text) = text else { return Ok(Vec::new()) };
    let values: Vec<_> = text.split(',').map(str::trim).collect();
    if values.len() != 4 {
        return Err(Stop::message(format!("--ig {text}: expected four numbers")));
    }
    Ok(["ig1", "ig2", "ig3", "ig4"].into_iter().zip(values).collect())
}

/// `ni,nj,nk`.
fn dims(text: &str) -> Result<[usize; 3]> {
    let wrong = || Stop::message(format!("--dims {text}: expected one to three numbers, such as 12,8,1"));
    let mut dims = [1; 3];
    for (k, part) in text.split(',').enumerate() {
        *dims.get_mut(k).ok_or_else(wrong)? = part.trim().parse().map_err(|_| wrong())?;
    }
    Ok(dims)
}
