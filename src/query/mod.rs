//! Queries: conditions that select records, made by methods or from a text.
//!
//! ```
//! use rpnfst::{Query, record::Kind};
//! let query = Query::new().nomvar("TT").levels(500.0..=1000.0, Kind::Pressure).hours(..=24.0);
//! let same: Query = "nomvar=TT and level=500..1000 hPa and hour<=24".parse()?;
//! # Ok::<(), rpnfst::Error>(())
//! ```

mod expr;
mod interval;
mod named;
mod parse;
mod rows;
mod test;
mod text;

use std::ops::RangeBounds;

pub(crate) use rows::{Ints, Rows};
pub(crate) use test::Metadata;

use self::{
    expr::Expr,
    interval::Interval,
    test::{MetadataOf, Test},
    text::TextTest,
};
use crate::{
    error::Error,
    record::{CivilTime, DateStamp, GridType, IntField, IpValue, Kind, Record, TextField, ip::AnyEncoding},
};

/// Which records to select: conditions that must all hold. Every record satisfies the empty query.
///
/// Conditions add up: `.nomvar("TT").nomvar("UU")` selects nothing. For one of several values there is
/// [`text_in`](Self::text_in) or [`or_query`](Self::or_query).
///
/// ```
/// use rpnfst::{File, Query};
/// let file = File::open("testdata/cases/intervals.std")?;
/// let query = Query::new().nomvar("PR").hours(6.0..);
/// let selected: Vec<_> = file.select(&query).collect();
/// assert!(selected.iter().all(|record| query.matches(record)));
/// # Ok::<(), rpnfst::Error>(())
/// ```
///
/// # Text language
///
/// A text such as `nomvar=TT and level=500..1000 hPa and hour<=24` is a query too ([`str::parse`]); the program `rpnfst`
/// takes it with `-w`. A condition is a field, an operator and values. [`Column`](crate::record::Column) lists the fields.
///
/// | written | selects |
/// |---|---|
/// | `ni=10`, `ni!=10` | equal, not equal; `==` is `=` |
/// | `hour<24`, `<=`, `>`, `>=` | by order: numbers and dates, no texts |
/// | `nomvar=TT,UU`, `nomvar in (TT, UU)` | one of several values |
/// | `ip2=0..48`, `0..`, `..48` | a range, both ends included |
/// | `hour=0..48/6` | every sixth of a range, counted from its beginning |
/// | `nomvar=T*`, `nomvar=?T` | a pattern: `*` is any run of characters, `?` any one |
/// | `etiket='A*'`, `etiket="A B"` | a quoted text, as it is: no pattern, blanks included |
/// | `etiket=''` | a blank field |
/// | `level=500,700 hPa`, `level=0.5..1 sg` | a level in any encoding; without a unit, of any kind |
/// | `ip1=500`, `ip1=500 hPa`, `ip1_all=500` | the code; the value in any encoding; the value of the code in any encoding |
/// | `hour=6`, `ip2=6 h` | hours since the origin; an encoded time |
/// | `valid_time=2020-06`, `2020-06-15`, `2020-06-15T12:00` | a date as long as it says: the month, the day, the minute |
/// | `datev=2020061512`, `datev=stamp:442372400`, `datev=none` | digits of a date, a stamp, no date |
/// | `not nomvar=TT`, `a and b`, `a or b`, `(a or b) and c` | conditions joined; `and` binds more than `or` |
///
/// Names, texts and the words `and or not in` are in any case.
///
/// ```
/// use rpnfst::Query;
/// let query: Query = "(nomvar=TT,UU or etiket='R1 *') and not level=..0.5 sg and hour=0..48/6".parse()?;
/// # for text in ["ni=10 and ni!=10", "hour<24 and hour>=0", "nomvar in (TT, UU)", "ip2=0..48 and ip2=0.. and ip2=..48",
/// #     "nomvar=T* or nomvar=?T", "etiket='A*' or etiket=\"A B\" or etiket=''", "level=500,700 hPa or level=0.5..1 sg",
/// #     "ip1=500 or ip1=500 hPa or ip1_all=500", "hour=6 or ip2=6 h", "valid_time=2020-06,2020-06-15,2020-06-15T12:00",
/// #     "datev=2020061512 or datev=stamp:442372400 or datev=none"] { text.parse::<Query>()?; }
/// # Ok::<(), rpnfst::Error>(())
/// ```
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Query {
    all: Vec<Expr>,
}

impl Query {
    /// A query without conditions, which every record satisfies.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether a record satisfies all conditions. Extended metadata are in the file and not in the record: a condition
    /// on them is false here, and only [`File::select`](crate::File::select) evaluates it.
    pub fn matches(&self, record: &Record) -> bool {
        self.holds(record, &|_| None)
    }

    /// The query for the records of a file that was opened alone, and is the one of this number among several: what it says
    /// of `file` is settled.
    ///
    /// ```
    /// use rpnfst::{File, Query};
    /// let file = File::open("testdata/xdf/same_name.std")?;
    /// let query: Query = "file=1 and nomvar=TT".parse()?;
    /// assert!(file.find(&query).is_none());
    /// assert!(file.find(&query.of_file(1)).is_some());
    /// # Ok::<(), rpnfst::Error>(())
    /// ```
    #[must_use]
    pub fn of_file(&self, number: usize) -> Self {
        let number = u32::try_from(number).unwrap_or(u32::MAX);
        Self { all: self.all.iter().map(|expr| expr.of_file(number)).collect() }
    }

    /// Whether a record satisfies all conditions; `metadata` finds its extended metadata, which are in the file.
    pub(crate) fn holds(&self, record: &Record, metadata: MetadataOf<'_>) -> bool {
        self.all.iter().all(|expr| expr.holds(record, metadata))
    }

    fn and(mut self, test: Test) -> Self {
        self.all.push(Expr::Test(test));
        self
    }

    fn text(self, field: TextField, value: &str) -> Self {
        self.and(Test::Text(field, vec![TextTest::of_librmn(field, value)]))
    }

    /// Records that satisfy this query and another.
    #[must_use]
    pub fn and_query(mut self, other: Self) -> Self {
        self.all.extend(other.all);
        self
    }

    /// Records that satisfy this query or another, or both.
    ///
    /// ```
    /// use rpnfst::Query;
    /// let wind = Query::new().nomvar("UU").or_query(Query::new().nomvar("VV"));
    /// ```
    #[must_use]
    pub fn or_query(mut self, other: Self) -> Self {
        self.all = vec![Expr::Any(vec![Expr::All(self.all), Expr::All(other.all)])];
        self
    }

    /// Records that do not satisfy this query.
    #[must_use]
    pub fn negated(mut self) -> Self {
        self.all = vec![Expr::Not(Box::new(Expr::All(self.all)))];
        self
    }

    /// Variable name, compared as in librmn's search: the whole name, in any case; a blank one matches all records.
    #[must_use]
    pub fn nomvar(self, name: &str) -> Self {
        self.text(TextField::Nomvar, name)
    }

    /// Kind of field, compared as in librmn's search: both letters; a blank one matches all records.
    ///
    /// ```
    /// use rpnfst::Query;
    /// let forecasts = Query::new().typvar("P");
    /// ```
    #[must_use]
    pub fn typvar(self, typvar: &str) -> Self {
        self.text(TextField::Typvar, typvar)
    }

    /// Label, compared as in librmn's search: the whole label; one whose first ten characters are blank matches all
    /// records.
    #[must_use]
    pub fn etiket(self, etiket: &str) -> Self {
        self.text(TextField::Etiket, etiket)
    }

    /// A text field equal to one of several values, in any case. A blank value is no wildcard here: it matches records
    /// whose field is blank, as in the text language.
    ///
    /// ```
    /// use rpnfst::{Query, TextField};
    /// let wind = Query::new().text_in(TextField::Nomvar, ["UU", "VV"]);
    /// ```
    #[must_use]
    pub fn text_in<'a>(self, field: TextField, values: impl IntoIterator<Item = &'a str>) -> Self {
        self.and(Test::Text(field, values.into_iter().map(|value| TextTest::exact(field, value)).collect()))
    }

    /// A text field that matches a pattern: `*` is any run of characters, `?` any one. Padding is not part of the text.
    #[must_use]
    pub fn text_like(self, field: TextField, pattern: &str) -> Self {
        self.and(Test::Text(field, vec![TextTest::pattern(pattern)]))
    }

    /// Grid type: this byte.
    ///
    /// ```
    /// use rpnfst::{Query, record::GridType};
    /// let rotated = Query::new().grtyp(GridType::from('Z'));
    /// ```
    #[must_use]
    pub fn grtyp(self, grtyp: GridType) -> Self {
        self.int_in(IntField::Grtyp, [i64::from(grtyp.0)])
    }

    /// An integer field equal to a value.
    #[must_use]
    pub fn int(self, field: IntField, value: i64) -> Self {
        self.int_in(field, [value])
    }

    /// An integer field equal to one of several values.
    #[must_use]
    pub fn int_in(self, field: IntField, values: impl IntoIterator<Item = i64>) -> Self {
        self.and(Test::Int(field, values.into_iter().map(Interval::point).collect()))
    }

    /// An integer field in a range.
    #[must_use]
    pub fn int_range(self, field: IntField, range: impl RangeBounds<i64>) -> Self {
        self.and(Test::Int(field, vec![Interval::from_range(&range)]))
    }

    /// The code of ip1; the same level in another encoding does not match.
    #[must_use]
    pub fn ip1(self, ip: u32) -> Self {
        self.int(IntField::Ip1, i64::from(ip))
    }

    /// The code of ip2; the same time in another encoding does not match.
    #[must_use]
    pub fn ip2(self, ip: u32) -> Self {
        self.int(IntField::Ip2, i64::from(ip))
    }

    /// The code of ip3; the same value in another encoding does not match.
    #[must_use]
    pub fn ip3(self, ip: u32) -> Self {
        self.int(IntField::Ip3, i64::from(ip))
    }

    /// ip1 in any encoding: the same value in the old or the new style (`ip1_all` of librmn).
    #[must_use]
    pub fn ip1_any_encoding(self, ip: u32) -> Self {
        self.and(Test::AnyEncoding(IntField::Ip1, AnyEncoding::new(ip)))
    }

    /// ip2 in any encoding (`ip2_all` of librmn).
    #[must_use]
    pub fn ip2_any_encoding(self, ip: u32) -> Self {
        self.and(Test::AnyEncoding(IntField::Ip2, AnyEncoding::new(ip)))
    }

    /// ip3 in any encoding (`ip3_all` of librmn).
    #[must_use]
    pub fn ip3_any_encoding(self, ip: u32) -> Self {
        self.and(Test::AnyEncoding(IntField::Ip3, AnyEncoding::new(ip)))
    }

    /// A level in any encoding, within 1e-6 of its value.
    #[must_use]
    pub fn level(self, level: IpValue) -> Self {
        self.and(Test::Level(Some(level.kind), vec![Interval::point(f64::from(level.value))]))
    }

    /// Levels of one kind in a range, in any encoding (the ends within 1e-6).
    ///
    /// ```
    /// use rpnfst::{Query, record::Kind};
    /// let low = Query::new().levels(850.0..=1000.0, Kind::Pressure);
    /// ```
    #[must_use]
    pub fn levels(self, range: impl RangeBounds<f64>, kind: Kind) -> Self {
        self.and(Test::Level(Some(kind), vec![Interval::from_range(&range)]))
    }

    /// Validity date as librmn's search compares it: without the run number, which means within the same 40 seconds (8
    /// hours for extended stamps). [`DateStamp::ANY`] matches all records.
    #[must_use]
    pub fn datev(self, stamp: DateStamp) -> Self {
        if stamp == DateStamp::ANY { self } else { self.and(Test::StampNoRun(stamp.to_stored())) }
    }

    /// Validity date, all bits of the stamp (`stamp_norun` of librmn).
    #[must_use]
    pub fn datev_exact(self, stamp: DateStamp) -> Self {
        if stamp == DateStamp::ANY { self } else { self.and(Test::Stamp(stamp.to_stored())) }
    }

    /// Validity dates in a range.
    ///
    /// ```
    /// use rpnfst::{Query, record::CivilTime};
    /// let june = CivilTime::new(2020, 6, 1, 0, 0, 0)?..CivilTime::new(2020, 7, 1, 0, 0, 0)?;
    /// let query = Query::new().valid_times(june);
    /// # Ok::<(), rpnfst::record::date::DateError>(())
    /// ```
    #[must_use]
    pub fn valid_times(self, range: impl RangeBounds<CivilTime>) -> Self {
        self.and(Test::ValidTime(vec![Interval::from_range(&range)]))
    }

    /// Origin dates in a range.
    #[must_use]
    pub fn origin_times(self, range: impl RangeBounds<CivilTime>) -> Self {
        self.and(Test::OriginTime(vec![Interval::from_range(&range)]))
    }

    /// Hours since the origin (`deet * npas / 3600`), within 1e-6 of this number.
    ///
    /// ```
    /// use rpnfst::{Attributes, Array, MemoryFile, Query, WriteOptions};
    /// # let mut writer = WriteOptions::new().create_sink(MemoryFile::new())?;
    /// let written = writer.write(&Attributes::new("PR").hour(1.0 / 3.0), &Array::new(&[0.5_f32], (1, 1, 1))?)?;
    /// assert!(Query::new().hour(1.0 / 3.0).matches(&written));
    /// assert!(!Query::new().hour(0.0).matches(&written));
    /// # Ok::<(), rpnfst::Error>(())
    /// ```
    #[must_use]
    pub fn hour(self, hours: f64) -> Self {
        self.hours(hours..=hours)
    }

    /// Hours since the origin (`deet * npas / 3600`) in a range.
    #[must_use]
    pub fn hours(self, range: impl RangeBounds<f64>) -> Self {
        self.and(Test::Hour(vec![Interval::from_range(&range)]))
    }

    /// Leaves out the records that describe grids and vertical coordinates (`>>`, `^^`, `!!`, `HY`, ...).
    #[must_use]
    pub fn skip_descriptors(self) -> Self {
        self.and(Test::Descriptor(false))
    }

    /// Extended metadata of RSF records that contain what `criterion` has, by librmn's rules
    /// (`docs/format/record.md`, 6.2). Records without metadata do not match. Needs the feature `serde`.
    #[cfg(feature = "serde")]
    #[must_use]
    pub fn metadata(self, criterion: serde_json::Value) -> Self {
        self.and(Test::Metadata(criterion))
    }
}

/// The text language. A blank text is a query without conditions, which every record satisfies: refuse it where a query
/// says what is deleted.
impl std::str::FromStr for Query {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let expr = parse::parse(text)?;
        let mut query = Self::new();
        query.all.extend(expr);
        Ok(query)
    }
}
