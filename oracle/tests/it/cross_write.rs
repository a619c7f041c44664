//! The same calls made with librmn 19.5 and with rpnfst: whole files are equal, byte for byte, outside of the bytes that no
//! decoder looks at. What librmn is known to store wrongly is not asked of it.

use crate::common::{random_edit, records_of_seeds, request};
use std::collections::BTreeMap;
use std::error::Error;
use std::path::{Path, PathBuf};

use crate::payload::{meaningful, used_bits};
use rpnfst::record::{DateStamp, GridType};
use rpnfst::{Attributes, Compression, Record, Rewrite, Rules, WriteOptions, Writer};
use rpnfst_codecs::Stored;
use rpnfst_oracle::cases::{Case, Profile};
use rpnfst_oracle::rng::Rng;
use rpnfst_oracle::{Container, Edit, Librmn, OracleFile, Turbo};

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

/// A file of librmn and one of rpnfst.
struct Pair {
    librmn: Librmn,
    theirs: PathBuf,
    ours: PathBuf,
    options: WriteOptions,
    turbo: Turbo,
    profile: Profile,
    /// The last record that was written at each place.
    written: BTreeMap<u64, Record>,
}

/// Both open.
struct Session<'a> {
    pair: &'a mut Pair,
    theirs: OracleFile,
    ours: Writer,
    /// The requests of live records, in directory order.
    cases: Vec<Case>,
}

impl Pair {
    fn new(librmn: Librmn, folder: &Path, container: Container, rng: &mut Rng, max_points: usize) -> Outcome<Self> {
        let (theirs, ours) = (folder.join("librmn.std"), folder.join("rpnfst.std"));
        let turbo = *rng.pick(&[Turbo::Fast, Turbo::Best]);
        let ours_container = match container {
            Container::Random => rpnfst::Container::Xdf,
            Container::Sequential => rpnfst::Container::XdfSequential,
        };
        let options = WriteOptions::new().container(ours_container).rules(Rules::Like(rpnfst::Librmn::V19));
        let options = options.compression(if turbo == Turbo::Fast { Compression::Fast } else { Compression::Normal });
        librmn.create(&theirs, container)?.close()?;
        options.create(&ours)?.close()?;
        let profile = Profile { max_points, ..Profile::default() };
        let pair = Self { librmn, theirs, ours, options, turbo, profile, written: BTreeMap::new() };
        pair.compare()?;
        Ok(pair)
    }

    fn open(&mut self, cases: Vec<Case>) -> Outcome<Session<'_>> {
        let (theirs, ours) = (self.librmn.update(&self.theirs)?, self.options.append(&self.ours)?);
        Ok(Session { pair: self, theirs, ours, cases })
    }

    /// Complaint about the first byte that differs.
    fn compare(&self) -> Outcome {
        let (theirs, ours) = (std::fs::read(&self.theirs)?, std::fs::read(&self.ours)?);
        if theirs.len() != ours.len() {
            return Err(format!("librmn {} bytes, rpnfst {}", theirs.len(), ours.len()).into());
        }
        let mut at = 0;
        for record in self.written.values() {
            let (start, length) = record.payload_extent();
            let (start, length) = (usize::try_from(start)?, usize::try_from(length)?);
            compare_bytes(&theirs[at..start], &ours[at..start], at)?;
            at = start + length;
            let stored = Stored { data_type: record.data_type(), pack_bits: record.pack_bits(), data_bits: 0 };
            let used = used_bits(stored, record.shape(), &ours[start..at]);
            let [a, b] = [&theirs, &ours].map(|file| meaningful(&file[start..at], used, stored));
            if a != b {
                return Err(format!("payload of {record:?}").into());
            }
        }
        compare_bytes(&theirs[at..], &ours[at..], at)
    }
}

fn compare_bytes(theirs: &[u8], ours: &[u8], at: usize) -> Outcome {
    match theirs.iter().zip(ours).position(|(a, b)| a != b) {
        None => Ok(()),
        Some(k) => Err(format!("byte {}: librmn {:#x}, rpnfst {:#x}", at + k, theirs[k], ours[k]).into()),
    }
}

impl Session<'_> {
    /// A request that librmn stores well.
    fn case(&self, rng: &mut Rng) -> Case {
        loop {
            let mut case = Case::generate(rng.bits(), &self.pair.profile);
            case.spec.turbo = self.pair.turbo;
            if request::stored_well(&case) {
                return case;
            }
        }
    }

    fn append(&mut self, rng: &mut Rng) -> Outcome {
        let case = self.case(rng);
        self.theirs.write(&case.spec, &case.data)?;
        let written = self.ours.write(&request::new_record(&case.spec), &*request::values(&case))?;
        self.note(written);
        self.cases.push(case);
        Ok(())
    }

    fn note(&mut self, record: Record) {
        self.pair.written.insert(record.file_offset(), record);
    }

    /// Another request with the key of a record, often with its layout too: in place if the length is the same.
    fn rewrite(&mut self, rng: &mut Rng) -> Outcome {
        let old = rng.pick(&self.cases).spec.clone();
        let mut case = self.case(rng);
        let mut tries = if rng.chance(50) { 200 } else { 0 };
        while tries > 0 && (case.spec.datyp, case.data.len()) != (old.datyp, case.data.len()) {
            case = self.case(rng);
            tries -= 1;
        }
        case.spec.rewrite = true;
        (case.spec.nomvar, case.spec.typvar, case.spec.etiket) = (old.nomvar, old.typvar, old.etiket);
        (case.spec.ip1, case.spec.ip2, case.spec.ip3) = (old.ip1, old.ip2, old.ip3);
        self.write_over(case)
    }

    fn write_over(&mut self, case: Case) -> Outcome {
        let before: Vec<Record> = self.ours.records().cloned().collect();
        self.theirs.write(&case.spec, &case.data)?;
        let record = request::new_record(&case.spec);
        let written = self.ours.rewrite(&record, &*request::values(&case), Rewrite::Classic)?.ok_or("written")?;
        self.note(written);
        // Which one it was shows in our list: it is gone, or has another content.
        let after: Vec<Record> = self.ours.records().cloned().collect();
        let gone = before.iter().zip(&after).position(|(a, b)| a != b).unwrap_or(after.len().min(before.len()));
        match before.len() == after.len() {
            true if before[gone].file_offset() == after[gone].file_offset() => self.cases[gone] = case,
            true => {
                self.cases.remove(gone);
                self.cases.push(case);
            }
            false => self.cases.push(case), // it did not exist
        }
        Ok(())
    }

    fn delete(&mut self, rng: &mut Rng) -> Outcome {
        let at = rng.size(0, self.cases.len() - 1);
        self.cases.remove(at);
        self.theirs.delete(self.theirs.list()?[at].handle)?;
        let record = self.ours.records().nth(at).cloned().ok_or("as many records")?;
        Ok(self.ours.delete(&record)?)
    }

    fn edit(&mut self, rng: &mut Rng) -> Outcome {
        let at = rng.size(0, self.cases.len() - 1);
        let edit = random_edit(rng);
        self.theirs.edit(self.theirs.list()?[at].handle, &edit)?;
        let record = self.ours.records().nth(at).cloned().ok_or("as many records")?;
        let edited = self.ours.edit(&record, &edited(&record, &edit))?;
        let spec = &mut self.cases[at].spec;
        spec.nomvar = edited.nomvar().to_string();
        spec.etiket = edited.etiket().to_string();
        [spec.ip1, spec.ip2, spec.ip3] = [edited.ip1(), edited.ip2(), edited.ip3()].map(u32::cast_signed);
        Ok(())
    }

    fn close(self) -> Outcome<Vec<Case>> {
        self.theirs.close()?;
        self.ours.close()?;
        self.pair.compare()?;
        Ok(self.cases)
    }
}

fn edited(record: &Record, edit: &Edit) -> Attributes {
    let or = |new: Option<i32>, old: u32| new.map_or(old, i32::cast_unsigned);
    let mut new = Attributes::from(record)
        .deet(or(edit.deet, record.deet()))
        .npas(or(edit.npas, record.npas()))
        .ip1(or(edit.ip1, record.ip1()))
        .ip2(or(edit.ip2, record.ip2()))
        .ip3(or(edit.ip3, record.ip3()))
        .ig(
            or(edit.ig1, record.ig1()),
            or(edit.ig2, record.ig2()),
            or(edit.ig3, record.ig3()),
            or(edit.ig4, record.ig4()),
        );
    if let Some(datev) = edit.datev {
        new = new.datev(DateStamp::from_raw(datev));
    }
    if let Some(nomvar) = &edit.nomvar {
        new = new.nomvar(nomvar);
    }
    if let Some(etiket) = &edit.etiket {
        new = new.etiket(etiket);
    }
    if let Some(grtyp) = &edit.grtyp {
        new = new.grtyp(GridType(grtyp.as_bytes()[0]));
    }
    new
}

/// Runs one job per seed; a failure names the seed.
fn for_each_seed(name: &str, default: u64, job: impl Fn(Librmn, u64) -> Outcome<usize>) {
    records_of_seeds(&format!("cross_write::{name}"), 70, default, job);
}

#[test]
fn random_files() {
    for_each_seed("random_files", 40, |librmn, seed| {
        let folder = tempfile::tempdir()?;
        let mut rng = Rng::new(seed);
        let mut pair = Pair::new(librmn, folder.path(), Container::Random, &mut rng, 60)?;
        let mut cases = Vec::new();
        for _ in 0..rng.size(1, 4) {
            let mut session = pair.open(cases)?;
            for _ in 0..rng.size(0, 350) {
                match rng.int(0, 19) {
                    0 if !session.cases.is_empty() => session.delete(&mut rng)?,
                    1 | 2 if !session.cases.is_empty() => session.edit(&mut rng)?,
                    3 | 4 if !session.cases.is_empty() => session.rewrite(&mut rng)?,
                    5 if rng.chance(20) => {
                        session.theirs.checkpoint()?;
                        session.ours.commit()?;
                    }
                    _ => session.append(&mut rng)?,
                }
            }
            cases = session.close()?;
        }
        Ok(pair.written.len())
    });
}

#[test]
fn sequential_files() {
    for_each_seed("sequential_files", 20, |librmn, seed| {
        let folder = tempfile::tempdir()?;
        let mut rng = Rng::new(seed);
        let mut pair = Pair::new(librmn, folder.path(), Container::Sequential, &mut rng, 600)?;
        for _ in 0..rng.size(1, 4) {
            let mut session = pair.open(Vec::new())?;
            for _ in 0..rng.size(0, 60) {
                session.append(&mut rng)?;
            }
            session.close()?;
        }
        Ok(pair.written.len())
    });
}

/// librmn lists a sequential file up to the first deleted record only, its own ones too: it is asked before.
#[test]
fn deletes_in_sequential_files() {
    for_each_seed("deletes_in_sequential_files", 10, |librmn, seed| {
        let folder = tempfile::tempdir()?;
        let mut rng = Rng::new(seed);
        let mut pair = Pair::new(librmn, folder.path(), Container::Sequential, &mut rng, 60)?;
        let mut session = pair.open(Vec::new())?;
        for _ in 0..40 {
            session.append(&mut rng)?;
        }
        let mut session = {
            let cases = session.close()?;
            pair.open(cases)?
        };
        let entries = session.theirs.list()?;
        let records: Vec<Record> = session.ours.records().cloned().collect();
        for (entry, record) in entries.iter().zip(&records) {
            if rng.chance(20) {
                session.theirs.delete(entry.handle)?;
                session.ours.delete(record)?;
            }
        }
        session.close()?;
        Ok(pair.written.len())
    });
}

/// Beyond 32 and 128 MiB records of sequential files end on larger units.
#[test]
fn long_sequential_files() {
    for_each_seed("long_sequential_files", 1, |librmn, seed| {
        let folder = tempfile::tempdir()?;
        let mut rng = Rng::new(seed);
        let mut pair = Pair::new(librmn, folder.path(), Container::Sequential, &mut rng, 60)?;
        let mut session = pair.open(Vec::new())?;
        for k in 0..135 {
            let mut long = session.case(&mut rng);
            let points = 260_000 + rng.int(0, 500);
            (long.spec.ni, long.spec.nj, long.spec.nk) = (points, 1, 1);
            (long.spec.datyp, long.spec.npak) = (5, -32);
            long.data = rpnfst_oracle::Data::F32(vec![1.0; usize::try_from(points)?]);
            session.theirs.write(&long.spec, &long.data)?;
            let written = session.ours.write(&request::new_record(&long.spec), &*request::values(&long))?;
            session.note(written);
            if k % 10 == 0 {
                session.append(&mut rng)?;
            }
        }
        session.close()?;
        Ok(pair.written.len())
    });
}
