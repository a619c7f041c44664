//! What librmn writes, rpnfst reads: every directory field, every value, bit for bit.

use std::collections::BTreeMap;
use std::error::Error;

use crate::common::{compare_fields, compare_nan, compare_values, to_data};
use rpnfst::{File, ReadOptions, Record};
use rpnfst_oracle::cases::{Case, Profile};
use rpnfst_oracle::spec::base_type;
use rpnfst_oracle::{Container, Data, Element, Entry, Librmn, Missing, OracleFile, harness};

/// Records per file: several directory pages now and then.
const BATCH: usize = 300;

/// What has been compared.
#[derive(Default)]
struct Tally {
    /// Records of each stored type.
    types: BTreeMap<i32, u32>,
    /// Records of type 130 that librmn stored wrongly (defect D1) and rpnfst repaired.
    repaired: u32,
}

#[test]
fn random_records() {
    harness::in_child("cross_decode::random_records", |librmn| {
        let tally = run(librmn, harness::seed(10_000), harness::cases(4000), &Profile::default());
        println!("records by stored type: {:?}", tally.types);
        println!("defect D1 repaired: {} records", tally.repaired);
    });
}

/// Fields of zeros and subnormals of type 134 may have negative tokens (`docs/format/codecs.md`, 5.3), which damages the
/// stream; all their values are zero all the same.
#[test]
fn damaged_streams_of_zeros() {
    harness::in_child("cross_decode::damaged_streams_of_zeros", |librmn| {
        let tally = run(librmn, 935_976, 1, &Profile::default());
        assert!(tally.types.keys().any(|datyp| datyp & 0xBF == 134), "{:?}", tally.types);
    });
}

#[test]
fn large_records() {
    harness::in_child("cross_decode::large_records", |librmn| {
        let profile = Profile { max_points: 400_000, special: false, ..Profile::default() };
        let tally = run(librmn, harness::seed(77), harness::cases(4000).div_ceil(100), &profile);
        println!("records by stored type: {:?}", tally.types);
    });
}

fn run(librmn: Librmn, seed: u64, count: u64, profile: &Profile) -> Tally {
    let mut tally = Tally::default();
    for (batch, first) in (0..count).step_by(BATCH).enumerate() {
        let seeds = (first..count.min(first + BATCH as u64)).map(|index| seed.wrapping_add(index));
        let cases: Vec<Case> = seeds.map(|seed| Case::generate(seed, profile)).collect();
        // Every fourth file is sequential.
        let container = if batch % 4 == 3 { Container::Sequential } else { Container::Random };
        if let Err(error) = compare_file(librmn, &cases, container, &mut tally) {
            panic!("{error}");
        }
    }
    tally
}

fn compare_file(librmn: Librmn, cases: &[Case], container: Container, tally: &mut Tally) -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("random.std");
    let mut file = librmn.create(&path, container)?;
    for case in cases {
        file.write(&case.spec, &case.data).map_err(|error| format!("{error}: {}", case.describe()))?;
    }
    file.close()?;

    let oracle = librmn.open(&path)?;
    let entries = oracle.list()?;
    let ours = File::open(&path)?;
    assert_eq!((entries.len(), ours.records().len()), (cases.len(), cases.len()));
    assert_eq!(ours.problems().count(), 0, "{:?}", ours.problems().collect::<Vec<_>>());
    assert_eq!(ours.check()?, [], "check of {container:?}");
    for ((case, entry), record) in cases.iter().zip(&entries).zip(ours.records()) {
        *tally.types.entry(entry.datyp).or_default() += 1;
        let same = compare_fields(record, entry, container == Container::Random)
            .and_then(|()| compare_record(&ours, record, &oracle, entry, case, tally));
        same.map_err(|complaint| {
            format!("{complaint}\n{}\nstored as {entry:?}\n{}", case.describe(), harness::rerun_hint(case.seed))
        })?;
    }
    Ok(())
}

fn compare_record(
    ours: &File,
    record: &Record,
    oracle: &OracleFile,
    entry: &Entry,
    case: &Case,
    tally: &mut Tally,
) -> Result<(), String> {
    let read =
        |missing| ours.read_with(record, &ReadOptions::new().missing(missing)).map_err(|error| format!("{error:?}"));
    let theirs = |missing| -> Result<Data, String> {
        let data = oracle.read_natural(entry, missing).map_err(|error| error.to_string())?;
        data.ok_or_else(|| "unknown type".to_owned())
    };
    let off = read(rpnfst::FillMissing::Substitute)?;
    if is_misplaced(case, entry) {
        // Of 16-bit arrays librmn stored garbage: nothing to compare.
        tally.repaired += u32::from(matches!(case.data, Data::U32(_)));
        return compare_repaired(&off, case);
    }
    compare_values(off.values(), &theirs(Missing::Off)?).map_err(|e| format!("missing off: {e}"))?;
    let on = read(rpnfst::FillMissing::Classic)?;
    compare_values(on.values(), &theirs(Missing::Flags)?).map_err(|e| format!("missing on: {e}"))?;
    compare_nan(&read(rpnfst::FillMissing::Nan)?, &on)?;

    // The one type that librmn decodes in double precision.
    if base_type(entry.datyp) == 1 {
        for (policy, missing) in
            [(rpnfst::FillMissing::Substitute, Missing::Off), (rpnfst::FillMissing::Classic, Missing::Flags)]
        {
            let options = ReadOptions::new().missing(policy);
            let wide = ours.read_as::<f64>(record, &options).map_err(|error| format!("{error:?}"))?.into_vec();
            let theirs = oracle.read(entry, Element::F64, missing).map_err(|error| error.to_string())?;
            if let Some(at) = Data::F64(wide).first_difference(&theirs) {
                return Err(format!("as f64, {policy:?}: element {at} differs"));
            }
        }
    }
    Ok(())
}

/// Defect D1: type 130 whose compression failed, in a record whose length shows it. librmn itself reads it wrongly.
/// (Of equal lengths nothing can be known; then both sides read the same wrong values.)
fn is_misplaced(case: &Case, entry: &Entry) -> bool {
    let n = i64::try_from(entry.points()).unwrap_or(i64::MAX);
    let length = |bits: i64| 2 * ((bits + 63) / 64);
    case.spec.datyp & 0xBF == 130
        && entry.datyp == 2
        && entry.nbits <= 16
        && length(16 * n + 32) != length(i64::from(entry.nbits) * n + 120)
}

/// The written values, but for substitutes of missing ones.
fn compare_repaired(field: &rpnfst::Field, case: &Case) -> Result<(), String> {
    let Data::U32(written) = &case.data else { return Ok(()) };
    let Some(Data::U32(read)) = to_data(field.values()) else { return Err("not unsigned integers".into()) };
    let mask = (1_u64 << case.spec.nbits()) - 1;
    let hidden = |value: u32| case.spec.datyp & 64 != 0 && value == u32::MAX;
    let wrong = written.iter().zip(&read).position(|(&a, &b)| !hidden(a) && u64::from(a) & mask != u64::from(b));
    wrong.map_or(Ok(()), |at| Err(format!("defect D1: element {at} is {}, not {}", read[at], written[at])))
}
