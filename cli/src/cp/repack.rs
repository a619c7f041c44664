//! Records that are decoded and encoded again.

use rpnfst::{
    Attributes, BaseType, Container, DataType, Error, Field, File, FillMissing, MemoryFile, Problem, ReadOptions,
    Record, WriteOptions,
};

use super::{Item, Job, Packing};
use crate::{
    interrupt,
    output_file::Output,
    report::{Report, Result},
};

/// How many records, and how many bytes of values, are encoded at a time.
const RECORDS: usize = 512;
const BYTES: u64 = 128 << 20;
/// Arrays of a record that are in memory while it is packed anew: the values, the result, and, where it is compared, the
/// file that holds it and its values.
const COPIES: u64 = 4;

/// Whether a type has a form with and one without the second stage.
pub(super) fn can_be_turbo(data_type: DataType) -> bool {
    matches!(data_type.base(), BaseType::Real | BaseType::Unsigned | BaseType::Ieee | BaseType::Quantized)
}

/// Repacks consecutive records of one file.
pub(super) fn run(job: &mut Job<'_>, rows: &[Item<'_>], output: &mut Output, report: &mut Report) -> Result {
    let Some(file) = rows.first().map(|row| row.file) else { return Ok(()) };
    // Missing values keep their substitutes: their mask says which they are, the others decide nothing.
    let options = job.global.reading().missing(FillMissing::Substitute);
    let most = BYTES.min(job.global.max_memory / (4 * COPIES));
    let mut batch = Vec::new();
    let mut bytes = 0_u64;
    let mut wanted = Vec::with_capacity(rows.len());
    for row in rows {
        match can_be_packed(job, row) {
            Ok(()) => wanted.push(*row),
            Err(error) => job.note(row, Err(error), output, report)?,
        }
    }
    let rows = &wanted;
    let fields = file.read_many(rows.iter().map(|row| row.record), &options);
    for (row, (_, field)) in rows.iter().zip(fields) {
        interrupt::check()?;
        match field {
            Ok(field) => {
                bytes = bytes.saturating_add(row.record.decoded_bytes());
                batch.push((*row, field));
            }
            Err(error) => {
                write(job, std::mem::take(&mut batch), output, report)?;
                job.note(row, Err(error), output, report)?;
            }
        }
        if batch.len() >= RECORDS || bytes >= most {
            write(job, std::mem::take(&mut batch), output, report)?;
            bytes = 0;
        }
    }
    write(job, batch, output, report)
}

/// Whether a record can be packed anew, as far as its attributes say.
fn can_be_packed(job: &Job<'_>, row: &Item<'_>) -> rpnfst::Result<()> {
    let record = row.record;
    if let Packing::Anew { datyp, .. } = job.packing
        && let Some(problem) = Problem::of_lost_planes(record)
    {
        let data_type = datyp.map_or(record.data_type(), |datyp| retyped(record, datyp));
        if !data_type.has_missing() {
            let what = format!(
                "record {}: {}; type {} cannot say that values are missing: --datyp 70 can, and without packing anew the \
                 record is copied as it is",
                row.index,
                problem.what,
                data_type.code()
            );
            return Err(Error::Unsupported { path: row.path.into(), what });
        }
    }
    job.global.allows(COPIES.saturating_mul(record.decoded_bytes()), row.file, record)
}

fn write(job: &mut Job<'_>, batch: Vec<(Item<'_>, Field)>, output: &mut Output, report: &mut Report) -> Result {
    let Packing::Anew { datyp, nbits } = job.packing else { return without_loss(job, &batch, output, report) };
    let with_metadata = output.writer.container() == Container::Rsf;
    let (mut rows, mut records) = (Vec::new(), Vec::new());
    for (row, field) in batch {
        match attributes(job, &row, with_metadata) {
            Ok(attributes) => {
                let data_type = datyp.map_or(row.record.data_type(), |datyp| retyped(row.record, datyp));
                let pack_bits = nbits.unwrap_or(row.record.pack_bits());
                records.push((attributes.data_type(data_type).pack_bits(pack_bits), field));
                rows.push(row);
            }
            Err(error) => job.note(&row, Err(error), output, report)?,
        }
    }
    let written: Vec<_> = output.writer.write_many(records).collect();
    for (row, result) in rows.iter().zip(written) {
        job.note(row, result, output, report)?;
    }
    Ok(())
}

/// The attributes of a record, with its extended metadata, or those that were set, where the output can have some.
fn attributes(job: &Job<'_>, row: &Item<'_>, with_metadata: bool) -> rpnfst::Result<Attributes> {
    let attributes = row.attributes();
    if row.changed().is_some() && job.plan.set.metadata().is_some() {
        return Ok(attributes);
    }
    Ok(match row.file.metadata_text(row.record)? {
        Some(text) if with_metadata => attributes.metadata(text),
        _ => attributes.without_metadata(),
    })
}

/// Another type, which has the flag of missing values when the record has it.
fn retyped(record: &Record, datyp: u8) -> DataType {
    let flag = if record.data_type().has_missing() { DataType::MISSING_FLAG } else { 0 };
    DataType::new(datyp | flag)
}

/// Adds or drops the second stage in memory, and takes the result where the values are the same to the bit.
fn without_loss(job: &mut Job<'_>, batch: &[(Item<'_>, Field)], output: &mut Output, report: &mut Report) -> Result {
    let packed = scratch(job, batch, output.writer.container());
    let better = crate::threads::map(batch.len(), |at| {
        let (file, records) = packed.as_ref()?;
        let (record, (_, field)) = (records.get(at)?.as_ref()?, batch.get(at)?);
        is_same(file, record, field).then_some((file, record))
    });
    for ((row, _), better) in batch.iter().zip(better) {
        let Some((file, record)) = better else {
            job.copy(row, output, report)?;
            continue;
        };
        // Payload and type are the new ones, all else the record's own, or what was set.
        let attributes = attributes(job, row, output.writer.container() == Container::Rsf);
        let copied = attributes.and_then(|attributes| output.writer.copy_as(file, record, &attributes));
        job.note(row, copied, output, report)?;
    }
    Ok(())
}

/// A file in memory with the records of a batch as they would be, and which record each of them became.
fn scratch(job: &Job<'_>, batch: &[(Item<'_>, Field)], container: Container) -> Option<(File, Vec<Option<Record>>)> {
    let options: WriteOptions = job.options.clone().container(container);
    let memory = MemoryFile::new();
    let mut writer = options.create_sink(memory.clone()).ok()?;
    let turbo = matches!(job.packing, Packing::Turbo(true));
    let records = batch.iter().map(|(row, field)| {
        let code = row.record.data_type().code();
        let code = if turbo { code | DataType::TURBO_FLAG } else { code & !DataType::TURBO_FLAG };
        (Attributes::from(row.record).without_metadata().data_type(DataType::new(code)), field)
    });
    let stored = writer.write_many(records).zip(batch).map(|(result, (row, _))| {
        let same = |record: &Record| {
            // Where the second stage gains nothing, the type comes back without it.
            record.data_type().is_turbo() == turbo
                && record.data_type().base() == row.record.data_type().base()
                && record.pack_bits() == row.record.pack_bits()
        };
        result.ok().filter(same)
    });
    let stored = stored.collect();
    writer.close().ok()?;
    Some((File::from_bytes(memory.to_vec()).ok()?, stored))
}

/// Whether a record gives these values, to the bit, and the same missing ones.
fn is_same(file: &File, record: &Record, field: &Field) -> bool {
    let options = ReadOptions::new().missing(FillMissing::Substitute);
    file.read_with(record, &options).is_ok_and(|again| {
        again.values().kind() == field.values().kind()
            && again.missing() == field.missing()
            && masked_bytes(&again) == masked_bytes(field)
    })
}

/// The bytes of the values; those of missing ones, for which anything may stand, are zero.
fn masked_bytes(field: &Field) -> Vec<u8> {
    let mut bytes = field.values().to_le_bytes().into_owned();
    if let Some(mask) = field.missing() {
        let size = field.values().kind().size();
        for at in mask.positions() {
            bytes.get_mut(at * size..(at + 1) * size).unwrap_or_default().fill(0);
        }
    }
    bytes
}
