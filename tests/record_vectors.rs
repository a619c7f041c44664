//! Date stamps, ips and triplets against vectors of the reference library: every row of every list, bit for bit.
//!
//! The complete vectors are used when the fixtures lie beside the repository, else the excerpt in `testdata/record`
//! (see PROVENANCE.md there). `cargo test --test record_vectors -- --nocapture` prints how many rows were checked.

#![allow(clippy::unwrap_used, reason = "a vector file that is not as expected must stop the test")]

use std::collections::HashMap;
use std::path::Path;

use rpnfst::record::date::{
    Calendar, CivilTime, DateError, DateStamp, origin_of, try_origin_of, try_validity_of, validity_of,
};
use rpnfst::record::ip::{self, Dialect, IpError, IpValue, Kind};
use rpnfst::record::triplet::{self, Interval, Intervals, TripletError};

/// A JSON value; numbers keep their text, so that the standard library rounds them.
#[derive(Debug, Clone, PartialEq)]
enum Json {
    Null,
    Number(String),
    Text(String),
    List(Vec<Json>),
    Map(Vec<(String, Json)>),
}

/// Reads the JSON of vector files: no escapes but `\"` and `\\`, no booleans.
struct Reader<'a>(&'a str);

impl Reader<'_> {
    fn skip(&mut self, token: char) -> bool {
        self.0 = self.0.trim_start();
        let rest = self.0.strip_prefix(token);
        self.0 = rest.unwrap_or(self.0);
        rest.is_some()
    }

    fn series<T>(&mut self, end: char, mut item: impl FnMut(&mut Self) -> T) -> Vec<T> {
        let mut items = Vec::new();
        while !self.skip(end) {
            items.push(item(self));
            self.skip(',');
        }
        items
    }

    fn text(&mut self) -> String {
        let mut text = String::new();
        let mut chars = self.0.char_indices();
        while let Some((at, c)) = chars.next() {
            match c {
                '"' => {
                    self.0 = &self.0[at + 1..];
                    return text;
                }
                '\\' => text.extend(chars.next().map(|(_, c)| c)),
                c => text.push(c),
            }
        }
        panic!("a string does not end");
    }

    fn value(&mut self) -> Json {
        if self.skip('[') {
            Json::List(self.series(']', Self::value))
        } else if self.skip('{') {
            Json::Map(self.series('}', |r| {
                assert!(r.skip('"'));
                let key = r.text();
                assert!(r.skip(':'));
                (key, r.value())
            }))
        } else if self.skip('"') {
            Json::Text(self.text())
        } else {
            let end = self.0.find([',', ']', '}', '\n']).unwrap_or(self.0.len());
            let (word, rest) = self.0.split_at(end);
            self.0 = rest;
            if word.trim() == "null" { Json::Null } else { Json::Number(word.trim().to_owned()) }
        }
    }
}

impl Json {
    fn list(&self) -> &[Self] {
        match self {
            Self::List(items) => items,
            other => panic!("{other:?} is no list"),
        }
    }

    fn number<T: std::str::FromStr>(&self) -> T {
        match self {
            Self::Number(text) => text.parse().unwrap_or_else(|_| panic!("{text} has another type")),
            other => panic!("{other:?} is no number"),
        }
    }

    fn optional<T: std::str::FromStr>(&self) -> Option<T> {
        (*self != Self::Null).then(|| self.number())
    }

    fn triple<T: std::str::FromStr>(&self) -> Option<[T; 3]> {
        match self {
            Self::Null => None,
            _ => Some(three(self.list()).each_ref().map(Self::number)),
        }
    }

    /// A single-precision number, written as double or as single.
    fn single(&self) -> f32 {
        let double = self.number::<f64>();
        #[expect(clippy::cast_possible_truncation, reason = "checked on the next line")]
        let single = double as f32;
        assert_eq!(f64::from(single).to_bits(), double.to_bits());
        single
    }

    fn stamp(&self) -> DateStamp {
        DateStamp::from_raw(self.number())
    }

    fn ip(&self) -> u32 {
        self.number::<i32>().cast_unsigned()
    }
}

fn three(items: &[Json]) -> [Json; 3] {
    items.to_vec().try_into().unwrap()
}

/// The lists of a vector file, by name; `checked` takes each once and `finish` demands that none was forgotten.
struct Vectors {
    name: &'static str,
    lists: HashMap<String, Vec<Vec<Json>>>,
}

impl Vectors {
    fn open(name: &'static str) -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let full = root.join("../shared/fixtures/record").join(name);
        let path = if full.exists() { full } else { root.join("testdata/record").join(name) };
        let text = std::fs::read_to_string(&path).unwrap();
        let Json::Map(members) = Reader(&text).value() else { panic!("{name} is no object") };
        let rows = |list: Vec<Json>| list.iter().map(|row| row.list().to_vec()).collect();
        let lists = members.into_iter().filter_map(|(key, value)| match value {
            Json::List(list) => Some((key, rows(list))),
            _ => None,
        });
        Self { name, lists: lists.collect() }
    }

    fn take(&mut self, list: &str) -> Vec<Vec<Json>> {
        let rows = self.lists.remove(list).unwrap();
        println!("{} {list}: {} rows", self.name, rows.len());
        assert!(!rows.is_empty());
        rows
    }

    /// Checks every row with a function that gives what is computed and what is expected.
    fn check<T: PartialEq + std::fmt::Debug>(&mut self, list: &str, row: impl Fn(&[Json]) -> (T, T)) {
        let rows = self.take(list);
        let wrong: Vec<_> = rows.iter().map(|r| (r, row(r))).filter(|(_, (ours, theirs))| ours != theirs).collect();
        assert!(wrong.is_empty(), "{list}: {} of {} rows differ: {:#?}", wrong.len(), rows.len(), wrong.first());
    }

    fn finish(self) {
        assert!(self.lists.is_empty(), "not checked: {:?}", self.lists.keys());
    }
}

fn raw(result: Result<DateStamp, DateError>) -> i32 {
    result.unwrap_or(DateStamp::CLASSIC_ERROR).raw()
}

/// Difference in hours as bits; 2^30 is the error value.
fn hours(result: Result<f64, DateError>) -> u64 {
    result.unwrap_or(1_073_741_824.0).to_bits()
}

/// The civil time of YYYYMMDD and HHMMSShh, whose parts may be no date.
fn civil(date: i32, time: i32) -> CivilTime {
    let part = |n: i32| u8::try_from(n % 100).unwrap();
    CivilTime {
        year: date / 10_000,
        month: part(date / 100),
        day: part(date),
        hour: part(time / 1_000_000),
        minute: part(time / 10_000),
        second: part(time / 100),
    }
}

#[test]
fn dates() {
    let mut vectors = Vectors::open("dates.json");
    vectors.check("stamp_to_date", |r| {
        let time = r[0].stamp().to_civil().ok();
        let expected = r[1].optional().zip(r[2].optional::<i32>());
        (time.map(|t| (t.yyyymmdd(), t.hhmmss() * 100)), expected)
    });
    vectors.check("date_to_stamp", |r| {
        let stamp = DateStamp::from_civil(civil(r[0].number(), r[1].number()));
        (stamp.ok().map(DateStamp::raw), r[2].optional())
    });
    vectors.check("add_hours", |r| (raw(r[0].stamp().add_hours(r[1].number())), r[2].number()));
    vectors.check("add_hours_rounded", |r| (raw(r[0].stamp().add_hours_rounded(r[1].number())), r[2].number()));
    vectors.check("diff_hours", |r| (hours(r[0].stamp().hours_since(r[1].stamp())), r[2].number::<f64>().to_bits()));
    vectors.check("diff_hours_rounded", |r| {
        let difference = r[0].stamp().hours_since_rounded(r[1].stamp());
        (hours(difference.map(|h| h as f64)), r[2].number::<f64>().to_bits())
    });
    vectors.check("stored_date", |r| {
        let (dateo, deet, npas) = (r[0].stamp(), r[1].number(), r[2].number());
        let datev = try_validity_of(dateo, deet, npas);
        assert_eq!(validity_of(dateo, deet, npas), datev.unwrap_or(DateStamp::NONE));
        let stored = DateStamp::from_raw(raw(datev)).to_stored();
        let decoded = DateStamp::from_stored(stored);
        let origin = try_origin_of(decoded, deet, npas);
        assert_eq!(origin_of(decoded, deet, npas), origin.unwrap_or(DateStamp::NONE));
        let expected = (r[3].number(), r[4].number(), r[5].number(), r[6].number());
        ((raw(datev), stored, decoded.raw(), raw(origin)), expected)
    });
    for (list, calendar) in [("calendar_365_day", Calendar::NoLeap), ("calendar_360_day", Calendar::Days360)] {
        vectors.check(list, |r| {
            let start = r[0].stamp();
            let end = start.add_hours_in(r[1].number(), calendar);
            let back = end.and_then(|end| end.hours_since_in(start, calendar));
            ((raw(end), hours(back)), (r[2].number(), r[3].number::<f64>().to_bits()))
        });
    }
    vectors.finish();
}

fn kind(json: &Json) -> Kind {
    Kind::from_code(json.number())
}

fn classic(result: Result<u32, IpError>) -> i32 {
    result.map_or_else(IpError::classic_code, u32::cast_signed)
}

fn value(number: &Json, code: &Json) -> IpValue {
    IpValue::new(number.single(), kind(code))
}

#[test]
fn ips() {
    let mut vectors = Vectors::open("ip.json");
    // Answers of 19.5 that differ, by the text of their inputs; all other rows hold for both releases.
    let old_decode: HashMap<_, _> = vectors.take("decode_19_5").into_iter().map(|r| (r[0].ip(), r)).collect();
    let old_encode: HashMap<_, _> =
        vectors.take("encode_new_19_5").into_iter().map(|r| ((r[1].number::<u32>(), r[2].number::<u8>()), r)).collect();
    let decoded = |r: &[Json], dialect| {
        // Rows of invalid ips have kind -1.
        let expected = (r[3].number::<i32>() >= 0).then(|| (r[2].number::<u32>(), r[3].number::<u8>()));
        let ours = ip::decode_in(r[0].ip(), dialect).ok();
        let text = Json::Text(ip::text(r[0].ip(), dialect));
        ((ours.map(|v| (v.value.to_bits(), v.kind.code())), text), (expected, r[4].clone()))
    };
    let encoded = |r: &[Json], dialect| {
        let value = IpValue::new(f32::from_bits(r[1].number()), kind(&r[2]));
        assert_eq!(value.value.to_bits(), r[0].single().to_bits());
        (classic(value.encode_in(dialect)), r[3].number())
    };
    vectors.check("decode", |r| {
        let (new, new_expected) = decoded(r, Dialect::Release20);
        let old_row = old_decode.get(&r[0].ip()).map_or(r, Vec::as_slice);
        let (old, old_expected) = decoded(old_row, Dialect::Release19);
        // Without the answer of 19.5 (excerpts), kind 7 says nothing about it.
        let old = if r[0].ip() >> 24 == 7 && std::ptr::eq(old_row, r) { old_expected.clone() } else { old };
        ((new, old), (new_expected, old_expected))
    });
    for row in old_decode.values() {
        let (ours, theirs) = decoded(row, Dialect::Release19);
        assert_eq!(ours, theirs);
    }
    vectors.check("encode_new", |r| {
        let (new, new_expected) = encoded(r, Dialect::Release20);
        let key = (r[1].number(), r[2].number());
        let old_row = old_encode.get(&key).map_or(r, Vec::as_slice);
        let (old, old_expected) = encoded(old_row, Dialect::Release19);
        let old = if key.1 == 7 && std::ptr::eq(old_row, r) && new < 0 { old_expected } else { old };
        ((new, old), (new_expected, old_expected))
    });
    for row in old_encode.values() {
        let (ours, theirs) = encoded(row, Dialect::Release19);
        assert_eq!(ours, theirs);
    }
    vectors.check("encode_old", |r| {
        let value = IpValue::new(f32::from_bits(r[1].number()), kind(&r[2]));
        (classic(value.encode_old()), r[3].number())
    });
    triplets(&mut vectors);
    vectors.finish();
}

/// Status, three values as bits and their kinds.
type Three = (u8, Option<([u32; 3], [u8; 3])>);

fn triplets(vectors: &mut Vectors) {
    vectors.check("pk_to_ip", |r| {
        let (values, kinds) = (three(r[0].list()), three(r[1].list()));
        let ours = triplet::encode([0, 1, 2].map(|n| value(&values[n], &kinds[n])));
        (ours.map(|e| (e.status.bits(), e.classic())).map_err(bits), outcome(&r[2], r[3].triple()))
    });
    let decoded = |r: &[Json], dialect| -> (Three, Three) {
        let ours = triplet::decode_with(three(r[0].list()).map(|ip| ip.ip()), dialect);
        let ours = match ours {
            Ok(d) => (d.status.bits(), Some((d.values.map(|v| v.value.to_bits()), d.values.map(|v| v.kind.code())))),
            Err(e) => (bits(e), None),
        };
        let values = (r[2] != Json::Null).then(|| three(r[2].list()).map(|v| v.single().to_bits()));
        (ours, (r[1].number(), values.zip(r[3].triple())))
    };
    let old: HashMap<_, _> =
        vectors.take("ip_to_pk_19_5").into_iter().map(|r| (r[0].triple::<i32>().unwrap(), r)).collect();
    for row in old.values() {
        let (ours, theirs) = decoded(row, Dialect::Release19);
        assert_eq!(ours, theirs);
    }
    vectors.check("ip_to_pk", |r| {
        let (new, new_expected) = decoded(r, Dialect::Release20);
        let ips: [i32; 3] = r[0].triple().unwrap();
        let old_row = old.get(&ips).map_or(r, Vec::as_slice);
        let (ours, theirs) = decoded(old_row, Dialect::Release19);
        let unsaid = ips.iter().any(|ip| ip >> 24 == 7) && std::ptr::eq(old_row, r);
        ((new, if unsaid { theirs } else { ours }), (new_expected, theirs))
    });
    vectors.check("interval", |r| {
        let given = [0, 1, 2].map(|n| interval(&r[n]).unwrap());
        let asked = Intervals { level: given[0], time: given[1], third: Some(given[2]) };
        let encoded = triplet::encode_intervals(&asked);
        let ours = encoded.map(|e| (e.status.bits(), e.classic())).map_err(bits);
        let back = encoded.ok().and_then(|e| triplet::decode_intervals(e.classic().map(i32::cast_unsigned)).ok());
        let back = back.map(|(i, status)| (status.bits(), [Some(i.level), Some(i.time), i.third]));
        let theirs = r[5].optional().map(|status| (status, three(r[6].list()).each_ref().map(interval)));
        ((ours, back), (outcome(&r[3], r[4].triple()), theirs))
    });
}

fn bits(error: TripletError) -> u8 {
    error.status.bits()
}

/// Status and ips, or the status of an error.
fn outcome(status: &Json, ips: Option<[i32; 3]>) -> Result<(u8, [i32; 3]), u8> {
    ips.map(|ips| (status.number(), ips)).ok_or_else(|| status.number())
}

/// `[lo, hi, kind]`; `[0, 0, -1]` is none.
fn interval(json: &Json) -> Option<Interval> {
    let [lo, hi, code] = three(json.list());
    (code.number::<i32>() >= 0).then(|| Interval::new(lo.single(), hi.single(), kind(&code)))
}
