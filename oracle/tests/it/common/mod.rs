//! A librmn directory entry and an rpnfst record side by side, and their values.

pub mod grids;
pub mod request;

use rpnfst::{Field, Query, Record, Values};
use rpnfst_oracle::cases::{random_ip, random_stamp};
use rpnfst_oracle::rng::Rng;
use rpnfst_oracle::{Criteria, Data, Edit, Entry, Librmn, harness};

/// Complaint when a field of the two directories differs. The origin date is librmn's, error value included.
pub fn compare_fields(record: &Record, entry: &Entry, random: bool) -> Result<(), String> {
    let strings = [
        ("nomvar", record.nomvar().padded().to_owned(), &entry.nomvar),
        ("typvar", record.typvar().padded().to_owned(), &entry.typvar),
        ("etiket", record.etiket().padded().to_owned(), &entry.etiket),
        ("grtyp", char::from(record.grtyp().0).to_string(), &entry.grtyp),
    ];
    for (name, ours, theirs) in strings {
        if ours != *theirs {
            return Err(format!("{name}: rpnfst {ours:?}, librmn {theirs:?}"));
        }
    }
    let integers = [
        ("ni", i64::from(record.ni()), entry.ni),
        ("nj", record.nj().into(), entry.nj),
        ("nk", record.nk().into(), entry.nk),
        ("datyp", record.data_type().code().into(), entry.datyp),
        ("nbits", record.pack_bits().into(), entry.nbits),
        ("deet", record.deet().into(), entry.deet),
        ("npas", record.npas().into(), entry.npas),
        ("datev", record.datev().raw().into(), entry.datev),
        ("dateo", record.dateo_classic().raw().into(), entry.dateo),
        ("ip1", record.ip1().into(), entry.ip1),
        ("ip2", record.ip2().into(), entry.ip2),
        ("ip3", record.ip3().into(), entry.ip3),
        ("ig1", record.ig1().into(), entry.ig1),
        ("ig2", record.ig2().into(), entry.ig2),
        ("ig3", record.ig3().into(), entry.ig3),
        ("ig4", record.ig4().into(), entry.ig4),
    ];
    for (name, ours, theirs) in integers {
        if ours != i64::from(theirs) {
            return Err(format!("{name}: rpnfst {ours}, librmn {theirs}"));
        }
    }
    if !random {
        return Ok(());
    }
    let place = (record.file_offset(), record.total_stored_bytes(), i64::from(record.file_index()));
    let (swa, lng) = (u64::from(entry.swa.cast_unsigned()), u64::from(entry.lng.cast_unsigned()));
    let expected = ((swa - 1) * 8, lng * 4, slot_of(entry.handle));
    if place != expected {
        return Err(format!("offset, length, slot: rpnfst {place:?}, librmn {expected:?}"));
    }
    Ok(())
}

/// Position in the directory of a random file: page and slot of a handle.
pub fn slot_of(handle: i32) -> i64 {
    i64::from(handle >> 19 & 0xFFF) * 256 + i64::from(handle >> 10 & 0x1FF)
}

/// Complaint when two arrays differ in a bit, or in the element type.
pub fn compare_values(ours: &Values, theirs: &Data) -> Result<(), String> {
    let ours = to_data(ours).ok_or_else(|| format!("rpnfst read {:?}", ours.kind()))?;
    match ours.first_difference(theirs) {
        None => Ok(()),
        Some(at) => Err(format!("element {at}: rpnfst {}, librmn {}", element(&ours, at), element(theirs, at))),
    }
}

/// The same array in the oracle's type; `None` for 64-bit integers, which XDF does not have.
pub fn to_data(values: &Values) -> Option<Data> {
    Some(match values.clone() {
        Values::U8(values) => Data::U8(values),
        Values::I8(values) => Data::I8(values),
        Values::U16(values) => Data::U16(values),
        Values::I16(values) => Data::I16(values),
        Values::U32(values) => Data::U32(values),
        Values::I32(values) => Data::I32(values),
        Values::F32(values) => Data::F32(values),
        Values::F64(values) => Data::F64(values),
        Values::Complex32(values) => Data::Complex32(values),
        Values::Complex64(values) => Data::Complex64(values),
        _ => return None,
    })
}

/// One element, in a form that shows every bit.
fn element(data: &Data, at: usize) -> String {
    let size = data.element().size();
    let bytes = data.to_bytes();
    let bytes = bytes.get(at * size..(at + 1) * size).unwrap_or_default();
    format!("{:?} ({:?})", Data::from_bytes(data.element(), bytes), bytes)
}

/// With NaN where values are missing, everything else is as with librmn's missing value, and the mask says where.
pub fn compare_nan(nan: &Field, classic: &Field) -> Result<(), String> {
    let (Some(ours), Some(theirs)) = (nan.values().to_f64(), classic.values().to_f64()) else {
        return Ok(());
    };
    if nan.missing() != classic.missing() {
        return Err("the mask depends on the fill policy".into());
    }
    let missing = |at: usize| nan.missing().is_some_and(|mask| mask[at]);
    let reals = matches!(nan.values(), Values::F32(_) | Values::F64(_));
    for (at, (ours, theirs)) in ours.iter().zip(&theirs).enumerate() {
        let right = if missing(at) && reals { ours.is_nan() } else { ours.to_bits() == theirs.to_bits() };
        if !right {
            return Err(format!("element {at}: {ours} with NaN, {theirs} without"));
        }
    }
    Ok(())
}

/// The same search in rpnfst.
pub fn query_of(criteria: &Criteria) -> Query {
    let mut query = Query::new()
        .nomvar(&criteria.nomvar)
        .typvar(&criteria.typvar)
        .etiket(&criteria.etiket)
        .datev(rpnfst::record::DateStamp::from_raw(criteria.datev));
    for (ip, add) in
        [(criteria.ip1, Query::ip1 as fn(Query, u32) -> Query), (criteria.ip2, Query::ip2), (criteria.ip3, Query::ip3)]
    {
        if ip >= 0 {
            query = add(query, ip.cast_unsigned());
        }
    }
    query
}

/// Other values for some fields of a record.
pub fn random_edit(rng: &mut Rng) -> Edit {
    let mut maybe = |value: i32| rng.chance(30).then_some(value);
    let mut edit = Edit { deet: maybe(450), npas: maybe(17), ig1: maybe(0xFF_FFFF), ig3: maybe(0), ..Edit::default() };
    edit.datev = rng.chance(30).then(|| random_stamp(rng)).filter(|&stamp| stamp > 0);
    edit.ip1 = rng.chance(30).then(|| random_ip(rng));
    edit.ip2 = rng.chance(30).then(|| random_ip(rng));
    edit.ip3 = rng.chance(30).then(|| random_ip(rng));
    edit.ig2 = rng.chance(30).then(|| rng.int(0, 0xFF_FFFF));
    edit.nomvar = rng.chance(30).then(|| "NEW".to_owned());
    edit.etiket = rng.chance(30).then(|| "new label 12".to_owned());
    edit.grtyp = rng.chance(30).then(|| "Z".to_owned());
    edit
}

/// Runs one job per seed in a child, from a seed of the test's own on; a failure names the seed. Jobs count records.
pub fn records_of_seeds(
    name: &str,
    first: u64,
    default: u64,
    job: impl Fn(Librmn, u64) -> Result<usize, Box<dyn std::error::Error>>,
) {
    harness::in_child(name, |librmn| {
        let (seed, count) = (harness::seed(first), harness::cases(default * 20).div_ceil(20));
        let mut records = 0;
        for seed in (0..count).map(|index| seed.wrapping_add(index)) {
            match job(librmn, seed) {
                Ok(more) => records += more,
                Err(error) => panic!("{error}\n{}", harness::rerun_hint(seed)),
            }
        }
        println!("{count} files, {records} records");
    });
}
