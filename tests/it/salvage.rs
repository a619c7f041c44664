//! What is saved of damaged files.

use std::collections::HashMap;

use rpnfst::{
    Array, Attributes, Container, File, MemoryFile, OpenOptions, Origin, Salvage, Source, WriteOptions, Writer,
};

type Outcome = Result<(), Box<dyn std::error::Error>>;

const CONTAINERS: [Container; 3] = [Container::Xdf, Container::XdfSequential, Container::Rsf];

fn salvage(bytes: Vec<u8>) -> rpnfst::Result<Salvage> {
    OpenOptions::new().salvage_source(Source::bytes(bytes))
}

/// The values of record number `k`.
fn values(k: u16) -> Vec<f32> {
    (0_u16..20).map(|i| f32::from(k) + f32::from(i) / 32.0).collect()
}

/// Writes records, ip1 says which.
fn write(writer: &mut Writer, numbers: std::ops::Range<u16>) -> rpnfst::Result<()> {
    for k in numbers {
        let record = Attributes::new("TT").ip1(k.into()).etiket("SALVAGE");
        writer.write(&record, &Array::new(values(k), (5, 4, 1))?)?;
    }
    Ok(())
}

fn file(container: Container, n: u16) -> rpnfst::Result<(MemoryFile, Writer)> {
    let memory = MemoryFile::new();
    let mut writer = WriteOptions::new().container(container).create_sink(memory.clone())?;
    write(&mut writer, 0..n)?;
    Ok((memory, writer))
}

/// Number of times that each record reads as it was written, by ip1.
fn sound(salvage: &Salvage, wanted: impl Fn(Origin) -> bool) -> HashMap<u32, usize> {
    let mut found = HashMap::new();
    for (record, _) in salvage.records().filter(|(_, origin)| wanted(*origin)) {
        let Ok(field) = salvage.file().read(record) else { continue };
        let expected = u16::try_from(record.ip1()).map(values).ok();
        if field.as_slice() == expected.as_deref() {
            *found.entry(record.ip1()).or_default() += 1;
        }
    }
    found
}

#[test]
fn sound_files_give_what_their_directory_lists() -> Outcome {
    for path in ["xdf/same_name.std", "xdf/sequential.seq.std", "rsf/flushed.rsf", "rsf/masks.rsf"] {
        let path = format!("testdata/{path}");
        let salvage = File::salvage(&path)?;
        assert_eq!(salvage.file().records(), File::open(&path)?.records(), "{path}");
        assert!(salvage.records().all(|(_, origin)| origin == Origin::Directory), "{path}");
        assert_eq!(salvage.gaps(), [], "{path}");
    }
    Ok(())
}

#[test]
fn a_lost_beginning_loses_no_record() -> Outcome {
    for container in CONTAINERS {
        let (memory, writer) = file(container, 300)?;
        writer.close()?;
        let mut bytes = memory.to_vec();
        bytes[..72].fill(0x41);
        assert!(File::from_bytes(bytes.clone()).is_err());
        let salvage = salvage(bytes)?;
        let found = sound(&salvage, |_| true);
        assert!((0..300).all(|k| found.get(&k) == Some(&1)), "{container:?}");
        assert!(!salvage.gaps().is_empty());
    }
    Ok(())
}

#[test]
fn deleted_records_and_edits() -> Outcome {
    for container in [Container::Xdf, Container::Rsf] {
        let (memory, mut writer) = file(container, 10)?;
        let records: Vec<_> = writer.records().cloned().collect();
        writer.delete(&records[3])?;
        writer.edit(&records[5], &Attributes::from(&records[5]).nomvar("UU"))?;
        writer.close()?;
        let mut bytes = memory.to_vec();
        let whole = salvage(bytes.clone())?;
        assert_eq!(sound(&whole, |origin| origin == Origin::Deleted), HashMap::from([(3, 1)]));
        assert_eq!(sound(&whole, |origin| origin == Origin::Directory).len(), 9);
        // Without the header the pages, or the records, still know.
        bytes[..64].fill(0x41);
        let lost = salvage(bytes)?;
        assert_eq!(sound(&lost, |origin| origin == Origin::Deleted), HashMap::from([(3, 1)]), "{container:?}");
        assert_eq!(sound(&lost, |origin| origin == Origin::Found).len(), 9);
        let edited = lost.records().filter(|(record, _)| record.nomvar() == "UU").count();
        assert_eq!(edited, 1, "{container:?}");
    }
    Ok(())
}

#[test]
fn writers_that_died() -> Outcome {
    for container in CONTAINERS {
        let (memory, writer) = file(container, 8)?;
        writer.close()?;
        // What a second session writes before it brings the directory up to date.
        let mut writer = WriteOptions::new().append_sink(memory.clone())?;
        let before = memory.to_vec();
        write(&mut writer, 8..12)?;
        writer.close()?;
        let mut bytes = memory.to_vec();
        if container == Container::Xdf {
            // Header and directory as they were.
            let old = 208 + 18464;
            bytes[..old].copy_from_slice(&before[..old]);
        } else {
            bytes.truncate(bytes.len() - 8);
        }
        let salvage = salvage(bytes)?;
        let found = sound(&salvage, |_| true);
        assert!((0..12).all(|k| found.get(&k) == Some(&1)), "{container:?} {found:?}");
    }
    Ok(())
}

#[test]
fn a_damaged_stretch_costs_what_is_in_it() -> Outcome {
    for container in CONTAINERS {
        let (memory, writer) = file(container, 40)?;
        let records: Vec<_> = writer.records().cloned().collect();
        writer.close()?;
        let mut bytes = memory.to_vec();
        let start = usize::try_from(records[10].file_offset())?;
        let end = usize::try_from(records[12].file_offset() + records[12].total_stored_bytes())?;
        bytes[start..end].fill(0x5A);
        // The directory too: a page, or the one of the segment.
        if container == Container::Xdf {
            bytes[208..240].fill(0x5A);
        } else if container == Container::Rsf {
            let last = records.last().map(|r| r.file_offset() + r.total_stored_bytes()).unwrap_or_default();
            let last = usize::try_from(last)?;
            bytes[last..last + 200].fill(0x5A);
        }
        let salvage = salvage(bytes)?;
        let found = sound(&salvage, |_| true);
        let lost: Vec<_> = (0..40).filter(|k| found.get(k) != Some(&1)).collect();
        assert_eq!(lost, [10, 11, 12], "{container:?}");
        assert!(salvage.gaps().iter().any(|gap| gap.contains(&(start as u64))), "{container:?} {:?}", salvage.gaps());
    }
    Ok(())
}

#[test]
fn no_single_flip_costs_more_than_one_record() -> Outcome {
    for container in CONTAINERS {
        let (memory, writer) = file(container, 4)?;
        let records: Vec<_> = writer.records().cloned().collect();
        writer.close()?;
        let original = memory.to_vec();
        for at in 0..original.len() {
            // Most of a directory page is empty.
            if container == Container::Xdf && (240 + 4 * 72..208 + 18464).contains(&at) {
                continue;
            }
            for bit in [0, 3, 7] {
                let mut bytes = original.clone();
                bytes[at] ^= 1 << bit;
                let salvage = salvage(bytes)?;
                // A record may be given with changed attributes, never with other values unless it was hit itself.
                let hit = records.iter().position(|r| {
                    let offset = usize::try_from(r.file_offset()).unwrap_or(0);
                    (offset..offset + usize::try_from(r.total_stored_bytes()).unwrap_or(0)).contains(&at)
                });
                let whole = salvage
                    .records()
                    .filter(|(record, _)| salvage.file().read(record).is_ok_and(|field| field.values().len() == 20))
                    .count();
                let least = if hit.is_some() { 3 } else { 4 };
                assert!((least..=5).contains(&whole), "{container:?} byte {at} bit {bit}: {whole}");
            }
        }
    }
    Ok(())
}

#[test]
fn every_truncation_keeps_the_records_before_it() -> Outcome {
    for container in CONTAINERS {
        let (memory, writer) = file(container, 4)?;
        let records: Vec<_> = writer.records().cloned().collect();
        writer.close()?;
        let bytes = memory.to_vec();
        let first = usize::try_from(records[0].file_offset() + records[0].total_stored_bytes())?;
        for length in first..bytes.len() {
            let salvage = salvage(bytes[..length].to_vec())?;
            let found = sound(&salvage, |_| true);
            let whole = records.iter().filter(|r| r.file_offset() + r.total_stored_bytes() <= length as u64).count();
            let missing: Vec<_> = (0..u32::try_from(whole)?).filter(|k| found.get(k) != Some(&1)).collect();
            assert_eq!(missing, [0_u32; 0], "{container:?} {length}");
        }
    }
    Ok(())
}

#[test]
fn what_is_no_fst_file_stays_none() {
    for bytes in [Vec::new(), vec![0; 5000], b"Dear reader".to_vec()] {
        assert!(salvage(bytes).is_err());
    }
}
