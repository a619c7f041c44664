//! The oracle alone: what librmn writes, librmn lists and reads back as the specification says.

use rpnfst_oracle::cases::{Case, Profile};
use rpnfst_oracle::spec::base_type;
use rpnfst_oracle::{Container, Data, Entry, Librmn, Missing, OracleFile, harness};

type Outcome = Result<(), Box<dyn std::error::Error>>;

/// Records per file.
const BATCH: u64 = 50;

#[test]
fn random_records_come_back() {
    harness::in_child("self_roundtrip::random_records_come_back", |librmn| {
        if let Err(error) = run(librmn) {
            panic!("{error}");
        }
    });
}

fn run(librmn: Librmn) -> Outcome {
    let (seed, count) = (harness::seed(1), harness::cases(1500));
    let folder = tempfile::tempdir()?;
    let profile = Profile::default();
    let mut stored = std::collections::BTreeMap::<i32, u32>::new();
    for first in (0..count).step_by(usize::try_from(BATCH)?) {
        let path = folder.path().join("records.std");
        let cases: Vec<Case> =
            (first..count.min(first + BATCH)).map(|index| Case::generate(seed.wrapping_add(index), &profile)).collect();
        let mut file = librmn.create(&path, Container::Random)?;
        for case in &cases {
            file.write(&case.spec, &case.data)
                .map_err(|error| format!("{error}: {}, {}", case.describe(), harness::rerun_hint(case.seed)))?;
        }
        file.close()?;
        let file = librmn.open(&path)?;
        let entries = file.list()?;
        assert_eq!(entries.len(), cases.len());
        for (case, entry) in cases.iter().zip(&entries) {
            *stored.entry(entry.datyp).or_default() += 1;
            let complaint = attributes(librmn, case, entry).or_else(|| values(&file, case, entry));
            if let Some(complaint) = complaint {
                panic!("{complaint}\n{}\nstored as {entry:?}\n{}", case.describe(), harness::rerun_hint(case.seed));
            }
        }
    }
    println!("stored types: {stored:?}");
    Ok(())
}

/// Every directory field against the request.
fn attributes(librmn: Librmn, case: &Case, entry: &Entry) -> Option<String> {
    let spec = &case.spec;
    let strings =
        [(&spec.nomvar, 4, &entry.nomvar), (&spec.typvar, 2, &entry.typvar), (&spec.etiket, 12, &entry.etiket)];
    for (asked, width, found) in strings {
        let expected = fold(asked, width);
        if expected != *found {
            return Some(format!("name {found:?} instead of {expected:?}"));
        }
    }
    if entry.grtyp != spec.grtyp {
        return Some(format!("grtyp {:?}", entry.grtyp));
    }
    let seconds = i64::from(spec.deet) * i64::from(spec.npas);
    let datev = if seconds > 0 {
        #[allow(clippy::cast_precision_loss, reason = "below 2^31")]
        librmn.add_hours(spec.dateo, seconds as f64 / 3600.0, rpnfst_oracle::dates::Calendar::default())
    } else {
        spec.dateo
    };
    let asked = [
        ("ni", spec.ni, entry.ni),
        ("nj", spec.nj, entry.nj),
        ("nk", spec.nk, entry.nk),
        ("ip1", spec.ip1, entry.ip1),
        ("ip2", spec.ip2, entry.ip2),
        ("ip3", spec.ip3, entry.ip3),
        ("ig1", spec.ig1, entry.ig1),
        ("ig2", spec.ig2, entry.ig2),
        ("ig3", spec.ig3, entry.ig3),
        ("ig4", spec.ig4, entry.ig4),
        ("deet", spec.deet, entry.deet),
        ("npas", spec.npas, entry.npas),
        ("datev", datev, entry.datev),
    ];
    let wrong = asked.iter().find(|(_, asked, found)| asked != found);
    wrong.map(|(name, asked, found)| format!("{name} {found} instead of {asked}"))
}

/// Upper case and padding of the six-bit characters.
fn fold(text: &str, width: usize) -> String {
    let fold = |byte: u8| if byte & 0x40 == 0 { byte } else { byte & !0x20 };
    let folded: String = text.bytes().take(width).map(|byte| char::from(fold(byte))).collect();
    format!("{folded:width$}")
}

/// Decoded values against the array that was written.
fn values(file: &OracleFile, case: &Case, entry: &Entry) -> Option<String> {
    let nbits = u32::try_from(entry.nbits).ok()?;
    let base = base_type(entry.datyp);
    // Defect D1: the library cannot read what it wrote.
    if base_type(case.spec.datyp) == 2 && case.spec.datyp & 128 != 0 && entry.datyp == 2 && nbits <= 16 {
        return None;
    }
    let missing = if entry.datyp & 64 == 0 { Missing::Off } else { Missing::Flags };
    let read = match &case.data {
        Data::F64(_) if base == 1 => file.read(entry, case.data.element(), missing),
        _ => file.read_natural(entry, missing).map(|data| data.unwrap_or(Data::U8(Vec::new()))),
    };
    let read = match read {
        Ok(read) => read,
        Err(error) => return Some(error.to_string()),
    };
    // Substitutes of missing values that stayed in the data (flag dropped) are not looked at.
    let may_hide = case.spec.datyp & 64 != 0;
    match (&case.data, &read) {
        (Data::F32(_) | Data::F64(_), _) if matches!(base, 1 | 6) => quantized(case, entry, &read),
        (Data::F32(written), Data::F32(read)) => {
            let mask = u32::MAX << (32 - nbits);
            let same =
                |(a, b): (&f32, &f32)| a.to_bits() & mask == b.to_bits() || may_hide && (is_flag(*a) || is_flag(*b));
            position(written.iter().zip(read), same)
        }
        (Data::Complex32(written), Data::Complex32(read)) => {
            let mask = u32::MAX << (32 - nbits);
            let same = |(a, b): (&f32, &f32)| a.to_bits() & mask == b.to_bits();
            position(written.iter().flatten().zip(read.iter().flatten()), same)
        }
        (Data::F64(written), Data::F64(read)) => {
            let same = |(a, b): (&f64, &f64)| a.to_bits() == b.to_bits() || may_hide;
            position(written.iter().zip(read), same)
        }
        _ if matches!(base, 2 | 4) => may_hide.then_some(()).map_or_else(|| integers(case, nbits, &read), |()| None),
        (written, read) => written.first_difference(read).map(|at| format!("element {at} differs")),
    }
}

/// Low `nbits` bits of the written integers against what was read in 32 bits.
fn integers(case: &Case, nbits: u32, read: &Data) -> Option<String> {
    let written: Vec<i64> = match &case.data {
        Data::U8(values) => values.iter().map(|&value| value.into()).collect(),
        Data::I8(values) => values.iter().map(|&value| value.into()).collect(),
        Data::U16(values) => values.iter().map(|&value| value.into()).collect(),
        Data::I16(values) => values.iter().map(|&value| value.into()).collect(),
        Data::U32(values) => values.iter().map(|&value| value.into()).collect(),
        Data::I32(values) => values.iter().map(|&value| value.into()).collect(),
        _ => return Some("not integers".into()),
    };
    let read: Vec<i64> = match read {
        Data::U32(values) => values.iter().map(|&value| value.into()).collect(),
        Data::I32(values) => values.iter().map(|&value| value.into()).collect(),
        _ => return Some("not integers".into()),
    };
    let modulus = 1_i64 << nbits;
    position(written.iter().zip(&read), |(a, b)| (a - b) % modulus == 0)
}

/// Types 1 and 6: within two quanta, plus the precision of a float.
fn quantized(case: &Case, entry: &Entry, read: &Data) -> Option<String> {
    let wide = |data: &Data| -> Vec<f64> {
        match data {
            Data::F32(values) => values.iter().map(|&value| value.into()).collect(),
            Data::F64(values) => values.clone(),
            _ => Vec::new(),
        }
    };
    let (written, read) = (wide(&case.data), wide(read));
    let masked = entry.datyp & 64 != 0;
    let with_missing = case.spec.datyp & 64 != 0;
    let present = |value: &f64| !(with_missing && *value < -9.99e37);
    let kept = || written.iter().filter(|value| present(value));
    let (low, high) = (kept().fold(f64::MAX, |a, b| a.min(*b)), kept().fold(f64::MIN, |a, b| a.max(*b)));
    // Nearly constant negative fields: the substitute is twice the maximum, which is the minimum then, and librmn reads
    // the field inverted.
    if masked && high < 0.0 && high - low < high.abs() * 1.0e-4 {
        return None;
    }
    // The feature off: the missing value is an ordinary number and widens the range.
    let low = if with_missing && case.spec.missing == Missing::Off { low.min(-1.0e38) } else { low };
    let margin = if with_missing { 2.2 } else { 1.0 };
    let quantum = 2.0 * margin * (high - low) / 2_f64.powi(entry.nbits);
    // A plug of twice the maximum (9.1) widens the range too.
    let plug = if with_missing { high.abs().max(1.0) * 2.0 / 2_f64.powi(entry.nbits) * 2.0 } else { 0.0 };
    let tolerance = quantum + plug + low.abs().max(high.abs()) * 2.0e-6 + 1.0e-36;
    position(written.iter().zip(&read), |(a, b)| {
        if present(a) { (a - b).abs() <= tolerance || masked && *b < -9.99e37 } else { !masked || *b < -9.99e37 }
    })
}

fn is_flag(value: f32) -> bool {
    value.to_bits() == 0xFE96_7699
}

fn position<T: std::fmt::Debug + Copy>(
    mut pairs: impl Iterator<Item = T> + Clone,
    same: impl Fn(T) -> bool,
) -> Option<String> {
    let all = pairs.clone();
    let at = pairs.position(|pair| !same(pair))?;
    Some(format!("element {at}: {:?}", all.clone().nth(at)))
}
