//! Any record that can be written comes back, in every container.

use std::fmt::Debug;

use proptest::{collection::vec, prelude::*};
use rpnfst::{
    Array, Attributes, Compression, Container, DataType, Element, Error, File, FillMissing, Mask, MemoryFile,
    ReadOptions, Record, Rewrite, Rules, WriteOptions, Writer,
    record::{DateStamp, GridType},
};

const CONTAINERS: [Container; 3] = [Container::Xdf, Container::XdfSequential, Container::Rsf];

/// Containers, compression, and the rules that serve the data. (librmn's lose some missing values.)
fn options() -> impl Strategy<Value = WriteOptions> {
    let compression = prop_oneof![Just(Compression::Fast), Just(Compression::Normal), Just(Compression::Best)];
    (0..3_usize, compression).prop_map(|(container, compression)| {
        WriteOptions::new().container(CONTAINERS[container]).compression(compression)
    })
}

/// librmn's rules too.
fn any_options() -> impl Strategy<Value = WriteOptions> {
    let rules = prop_oneof![
        Just(Rules::Recommended),
        Just(Rules::Like(rpnfst::Librmn::V19)),
        Just(Rules::Like(rpnfst::Librmn::V20))
    ];
    (options(), rules).prop_map(|(options, rules)| options.rules(rules))
}

fn text(most: usize) -> impl Strategy<Value = String> {
    // Blanks at the end are padding.
    vec(b' '..=b'_', 0..=most).prop_map(|bytes| String::from_utf8_lossy(&bytes).trim_end().to_owned())
}

/// Attributes of any kind; the dates are such that the origin can be computed.
fn record() -> impl Strategy<Value = Attributes> {
    let igs = [(); 4].map(|()| 0..=0xFF_FFFF_u32);
    let ips = [(); 3].map(|()| 0..=0xFFF_FFFF_u32);
    let dates = (123_200_000..=1_000_000_000_i32, 0..=0xFF_FFFF_u32, 0..=0xFF_FFFF_u32);
    (text(4), text(2), text(12), any::<u8>(), igs, ips, dates).prop_map(
        |(nomvar, typvar, etiket, grtyp, [ig1, ig2, ig3, ig4], [ip1, ip2, ip3], (stamp, deet, npas))| {
            Attributes::new(nomvar)
                .typvar(typvar)
                .etiket(etiket)
                .grtyp(GridType(grtyp))
                .datev(DateStamp::from_raw(stamp / 10 * 10 + stamp % 8))
                .deet(deet)
                .npas(npas)
                .ip1(ip1)
                .ip2(ip2)
                .ip3(ip3)
                .ig(ig1, ig2, ig3, ig4)
        },
    )
}

fn open(memory: &MemoryFile) -> File {
    let file = File::from_bytes(memory.to_vec()).expect("sound");
    assert_eq!(file.check().expect("in memory"), []);
    file
}

/// The only record of a file, after a turn through memory; `None` when it is refused.
fn turn<T: Element>(
    options: &WriteOptions,
    record: &Attributes,
    data: &Array<'_, T>,
) -> Result<Option<(File, Record)>, TestCaseError> {
    let memory = MemoryFile::new();
    let mut writer = options.create_sink(memory.clone()).expect("in memory");
    let written = match writer.write(record, data) {
        Ok(written) => written,
        Err(Error::Encode { .. }) => return Ok(None),
        Err(e) => return Err(TestCaseError::fail(e.to_string())),
    };
    writer.close().expect("in memory");
    let file = open(&memory);
    prop_assert_eq!(file.records(), [written]);
    let record = file.records()[0].clone();
    Ok(Some((file, record)))
}

fn dims(n: usize, split: usize) -> (usize, usize, usize) {
    let nj = (1..=split).rev().find(|nj| n.is_multiple_of(*nj)).unwrap_or(1);
    (n / nj, nj, 1)
}

/// Bit patterns that the values of an element type are made from: anything, or small numbers.
fn patterns() -> impl Strategy<Value = Vec<u64>> {
    prop_oneof![vec(any::<u64>(), 1..300), vec(0..1000_u64, 1..600), vec(Just(7), 1..300)]
}

/// What is written without a type comes back bit for bit where it is not missing, and the mask with it.
fn automatic<T: Element + Debug + PartialEq>(
    options: &WriteOptions,
    values: &[T],
    missing: &[bool],
    may_refuse: bool,
) -> Result<(), TestCaseError> {
    let mask: Mask = (0..values.len()).map(|k| missing[k % missing.len()]).collect();
    for mask in [None, Some(mask)] {
        let mut data = Array::new(values, dims(values.len(), 20)).expect("as many as points");
        if let Some(mask) = &mask {
            data = data.with_missing(mask.clone()).expect("a bit each");
        }
        let masked = mask.as_ref().is_some_and(rpnfst::Mask::any);
        let Some((file, record)) = turn(options, &Attributes::new("AUTO"), &data)? else {
            prop_assert!(may_refuse || masked, "refused");
            continue;
        };
        let read = ReadOptions::new().missing(FillMissing::Substitute);
        let field = file.read_with(&record, &read).expect("decodes");
        let found = field.as_slice::<T>();
        prop_assert!(found.is_some(), "{:?} read as {:?}", T::KIND, field.values().kind());
        let found = found.unwrap_or_default();
        prop_assert_eq!(field.missing().is_some(), masked, "{:?}", record);
        if masked {
            prop_assert_eq!(field.missing(), mask.as_ref(), "{:?} {:?}", record, values);
        }
        for (k, (a, b)) in values.iter().zip(found).enumerate() {
            let hidden = masked && mask.as_ref().is_some_and(|mask| mask[k]);
            prop_assert!(hidden || bytemuck::bytes_of(a) == bytemuck::bytes_of(b), "element {k}: {a:?}, read {b:?}");
        }
    }
    Ok(())
}

/// The substitute of the missing values has the next exponent, so the valid one loses the last bit of its mantissa.
#[test]
fn a_lone_value_beside_missing_ones() {
    let mask: Mask = [true, true, true, false].into_iter().collect();
    let values = [0.0, 0.0, 0.0, 46053.707_f32];
    let data = Array::new(&values[..], (4, 1, 1)).expect("points").with_missing(mask).expect("bits");
    let new = Attributes::new("TT").data_type(DataType::new(6 | DataType::MISSING_FLAG)).pack_bits(8);
    let (file, record) = turn(&WriteOptions::new(), &new, &data).expect("written").expect("taken");
    let field = file.read(&record).expect("decodes");
    let read = field.as_slice::<f32>().expect("reals");
    assert_eq!(read[3].to_bits(), values[3].to_bits() - 1);
    assert!(read[..3].iter().all(|value| value.is_nan()));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn attributes_come_back(new in record(), options in any_options()) {
        let (_, found) = turn(&options, &new, &Array::new(&[1.0_f32][..], (1, 1, 1)).expect("one"))?.expect("taken");
        prop_assert_eq!(Attributes::from(&found), new.data_type(found.data_type()).pack_bits(found.pack_bits()));
    }

    #[test]
    #[allow(clippy::cast_possible_truncation, clippy::cast_possible_wrap, reason = "any pattern will do")]
    fn automatic_packing_is_without_loss(bits in patterns(), missing in vec(any::<bool>(), 1..40), options in options()) {
        let all = |f: fn(u64) -> u64| bits.iter().map(move |&b| f(b));
        automatic::<u8>(&options, &all(|b| b).map(|b| b as u8).collect::<Vec<_>>(), &missing, false)?;
        automatic::<i8>(&options, &all(|b| b).map(|b| b as i8).collect::<Vec<_>>(), &missing, false)?;
        automatic::<u16>(&options, &all(|b| b).map(|b| b as u16).collect::<Vec<_>>(), &missing, false)?;
        automatic::<i16>(&options, &all(|b| b).map(|b| b as i16).collect::<Vec<_>>(), &missing, false)?;
        automatic::<u32>(&options, &all(|b| b).map(|b| b as u32).collect::<Vec<_>>(), &missing, false)?;
        automatic::<i32>(&options, &all(|b| b).map(|b| b as i32).collect::<Vec<_>>(), &missing, false)?;
        automatic::<f32>(&options, &all(|b| b).map(|b| f32::from_bits(b as u32)).collect::<Vec<_>>(), &missing, false)?;
        automatic::<f32>(&options, &all(|b| b).map(|b| (b % 4096) as f32 * 0.25).collect::<Vec<_>>(), &missing, false)?;
        automatic::<f64>(&options, &all(|b| b).map(f64::from_bits).collect::<Vec<_>>(), &missing, false)?;
        let complex = |b| [f32::from_bits(b as u32), f32::from_bits((b >> 32) as u32)];
        automatic::<[f32; 2]>(&options, &all(|b| b).map(complex).collect::<Vec<_>>(), &[false], false)?;
        let complex = |b| [f64::from_bits(b), f64::from_bits(!b)];
        automatic::<[f64; 2]>(&options, &all(|b| b).map(complex).collect::<Vec<_>>(), &[false], false)?;
        // XDF has no integers of 64 bits.
        automatic::<u64>(&options, &bits, &missing, true)?;
        automatic::<i64>(&options, &all(|b| b).map(|b| b as i64).collect::<Vec<_>>(), &missing, true)?;
    }

    /// Values of a quantified type differ by at most two steps of the scale.
    #[test]
    fn quantified_reals_come_back(
        values in vec(-1e6_f32..1e6, 1..600),
        code in prop_oneof![Just(1_u8), Just(6), Just(129), Just(134)],
        bits in 8..=16_u8,
        missing in vec(any::<bool>(), 1..40),
        options in options(),
    ) {
        let mask: Mask = (0..values.len()).map(|k| missing[k % missing.len()]).collect();
        prop_assume!(mask.count() < mask.len());
        let flag = if mask.any() { DataType::MISSING_FLAG } else { 0 };
        let new = Attributes::new("TT").data_type(DataType::new(code | flag)).pack_bits(bits);
        let data = Array::new(&values, dims(values.len(), 20)).expect("points").with_missing(mask.clone()).expect("bits");
        let (file, record) = turn(&options, &new, &data)?.expect("taken");
        let field = file.read(&record).expect("decodes");
        let present = |k: usize| !mask[k];
        let kept: Vec<f32> = values.iter().enumerate().filter(|(k, _)| present(*k)).map(|(_, v)| *v).collect();
        let (low, high) = kept.iter().fold((f32::MAX, f32::MIN), |(a, b), &v| (a.min(v), b.max(v)));
        // Substitutes of missing values lie above the largest one.
        let span = f64::from(high - low).max(f64::from(high.abs().max(low.abs())) * 1e-6) * if flag == 0 { 1.0 } else { 1.1 };
        // In constant fields they are twice as large, and mantissas of 24 bits share the exponent of the largest value.
        let rounding = f64::from(high.abs().max(low.abs())) * 2.0 * f64::from(f32::EPSILON);
        let step = 2.0 * span / f64::from(1_u32 << bits) * 2.0 + rounding;
        for (k, (a, b)) in values.iter().zip(field.as_slice::<f32>().expect("reals")).enumerate() {
            if present(k) {
                prop_assert!((f64::from(*a) - f64::from(*b)).abs() <= step, "{k}: {a} {b}, step {step}");
            } else {
                prop_assert!(b.is_nan());
            }
        }
        prop_assert_eq!(field.missing().is_some(), mask.any());
    }

    /// `write_many` makes the very file that one write after the other makes, and so do copies of its records.
    #[test]
    fn many_at_once_and_copies(
        records in vec((record(), vec(-1000..1000_i32, 1..60)), 1..40),
        options in any_options(),
        other in 0..3_usize,
    ) {
        let data = |values: &[i32]| Array::new(values.to_vec(), dims(values.len(), 5)).expect("points");
        let [one, many, copied] = [(); 3].map(|()| MemoryFile::new());
        let mut writer = options.create_sink(one.clone()).expect("in memory");
        for (record, values) in &records {
            writer.write(record, &data(values)).expect("taken");
        }
        writer.close().expect("in memory");
        let mut writer = options.create_sink(many.clone()).expect("in memory");
        let new = records.iter().map(|(record, values)| (record.clone(), data(values)));
        prop_assert!(writer.write_many(new).all(|result| result.is_ok()), "taken");
        writer.close().expect("in memory");
        prop_assert!(one.to_vec() == many.to_vec());

        let original = open(&one);
        let mut writer = WriteOptions::new().container(CONTAINERS[other]).create_sink(copied.clone()).expect("in memory");
        for record in original.records() {
            writer.copy(&original, record).expect("taken");
        }
        writer.close().expect("in memory");
        let copy = open(&copied);
        for (a, b) in original.records().iter().zip(copy.records()) {
            prop_assert_eq!(Attributes::from(a), Attributes::from(b));
            prop_assert_eq!(original.read(a).expect("decodes"), copy.read(b).expect("decodes"));
        }
        prop_assert_eq!(original.records().len(), copy.records().len());
    }

    /// Of records that are replaced only the last version is there, and skipped ones change nothing.
    #[test]
    fn rewritten_records(keys in vec((0..6_u32, 0..3_u8, 1..5_usize), 1..60), options in any_options()) {
        let memory = MemoryFile::new();
        let mut writer: Writer = options.create_sink(memory.clone()).expect("in memory");
        let mut expected: Vec<(u32, usize, f32)> = Vec::new();
        for (k, &(ip1, mode, n)) in keys.iter().enumerate() {
            let value = k as f32;
            let mode = [Rewrite::Replace, Rewrite::Skip, Rewrite::Replace][usize::from(mode)];
            let there = expected.iter().position(|&(ip, m, _)| (ip, m) == (ip1, n));
            let written = writer.rewrite(&Attributes::new("TT").ip1(ip1), &Array::new(vec![value; n], (n, 1, 1)).expect("n"), mode);
            prop_assert_eq!(written.expect("taken").is_none(), there.is_some() && mode == Rewrite::Skip);
            if mode == Rewrite::Replace && let Some(at) = there {
                expected.remove(at);
            }
            if there.is_none() || mode == Rewrite::Replace {
                expected.push((ip1, n, value));
            }
            if k % 17 == 16 {
                writer.commit().expect("in memory");
            }
        }
        writer.close().expect("in memory");
        let file = open(&memory);
        let found: Vec<_> = file.records().iter().map(|r| {
            let field = file.read(r).expect("decodes");
            (r.ip1(), field.values().len(), field.as_slice::<f32>().map_or(f32::NAN, |v| v[0]))
        }).collect();
        prop_assert_eq!(found, expected);
    }
}
