//! The same files read and written by rpnfst and by librmn 19.5, in one process, one thread each, in turns.
//!
//! `RPNFST_LIBRMN=... cargo bench --bench against_librmn` prints tables in Markdown; `-- --write docs/benchmarks.md`
//! also writes them there; `-- --listing` and `-- --small` stop after the listing and after the small records. Times are
//! medians; a timing alone says little on a shared machine, the ratio more.

use std::{
    error::Error,
    fmt::Write as _,
    hint::black_box,
    io::Write as _,
    path::Path,
    time::{Duration, Instant},
};

use bytemuck::Pod;
use rpnfst::codecs::{Packing, Shape, WordOrder};
use rpnfst::{
    Compression, DataType, Element, File, Missing, NewRecord, ReadOptions, Record, Rules, Threads, WriteOptions, Writer,
};
use rpnfst_oracle::{Buffer, Container, Data, Element as Oracle, Librmn, Missing as OracleMissing, Spec};

type Outcome<T> = Result<T, Box<dyn Error>>;

/// Requested datyp, bits, and the element type in memory.
const CASES: &[(i32, i32, Oracle)] = &[
    (1, 12, Oracle::F32),
    (1, 16, Oracle::F32),
    (1, 24, Oracle::F32),
    (2, 8, Oracle::U32),
    (2, 12, Oracle::U32),
    (2, 16, Oracle::U32),
    (2, 32, Oracle::U32),
    (4, 12, Oracle::I32),
    (4, 16, Oracle::I32),
    (4, 32, Oracle::I32),
    (5, 24, Oracle::F32),
    (5, 32, Oracle::F32),
    (5, 64, Oracle::F64),
    (6, 12, Oracle::F32),
    (6, 16, Oracle::F32),
    (7, 8, Oracle::U8),
    (8, 32, Oracle::Complex32),
    (129, 16, Oracle::F32),
    (130, 8, Oracle::U32),
    (130, 16, Oracle::U32),
    (133, 24, Oracle::F32),
    (133, 32, Oracle::F32),
    (134, 12, Oracle::F32),
    (134, 16, Oracle::F32),
];

const SIZES: &[(u16, u16)] = &[(1000, 1000), (2540, 1290)];

const LISTED: i32 = 100_000;

fn main() -> Outcome<()> {
    let Some(librmn) = Librmn::load()? else {
        println!("skipped: RPNFST_LIBRMN not set");
        return Ok(());
    };
    let arguments: Vec<String> = std::env::args().collect();
    let folder = tempfile::tempdir()?;
    let mut report = String::new();
    listing(librmn, folder.path(), &mut report)?;
    if arguments.iter().any(|a| a == "--listing") {
        print!("{report}");
        return Ok(());
    }
    small_records(librmn, folder.path(), &mut report)?;
    if arguments.iter().any(|a| a == "--small") {
        print!("{report}");
        return Ok(());
    }
    for &(ni, nj) in SIZES {
        decoding(librmn, folder.path(), ni, nj, &mut report)?;
    }
    for &(ni, nj) in SIZES {
        encoding(librmn, folder.path(), ni, nj, &mut report)?;
    }
    print!("{report}");
    if let Some(at) = arguments.iter().position(|a| a == "--write") {
        let path = arguments.get(at + 1).ok_or("--write needs a path")?;
        std::fs::write(path, format!("{}{report}", preamble()))?;
    }
    Ok(())
}

fn preamble() -> String {
    let cpu = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let cpu = cpu.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or(" : unknown");
    format!(
        "# Benchmarks\n\nrpnfst against librmn 19.5, each through its own call for a whole record (`File::read_into`, `fstluk`) on a \
         file in the page cache,\ninto the same kind of buffer, in one process, one thread, in turns; medians. MB/s of decoded \
         output.\nWriting: a new file of several records, created and closed (`Writer::write`, `fstecr`); MB/s of \
         input; then the same bytes written by\n`write(2)` alone, which bounds both, our packing alone, and librmn's time without \
         `write(2)`. The machine is shared:\nlook at the ratios.\n\nProcessor: {}.\n\nMade by\n\n```sh\nRPNFST_LIBRMN=librmnshared.so cargo bench --bench \
         against_librmn -- --write docs/benchmarks.md\n```\n",
        cpu.trim_start_matches([' ', '\t', ':']),
    )
}

/// A weather-like field: large waves, small waves, and noise in the last digits.
fn field(ni: u16, nj: u16) -> Vec<f64> {
    let mut noise = 1u32;
    let mut values = Vec::new();
    for j in 0..nj {
        for i in 0..ni {
            noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let (x, y) = (f64::from(i), f64::from(j));
            let waves = 20.0 * (x / 170.0).sin() * (y / 110.0).cos() + 3.0 * (x / 23.0 + y / 31.0).sin();
            values.push(270.0 + waves + f64::from(noise >> 16) / 65536.0 * 0.05);
        }
    }
    values
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "values chosen to fit")]
fn data(element: Oracle, nbits: i32, values: &[f64]) -> Data {
    // Integers fill the bits that they have.
    let scale = (f64::from(nbits.min(20))).exp2() / 400.0;
    match element {
        Oracle::U8 => Data::U8(values.iter().map(|v| *v as u8).collect()),
        Oracle::U32 => Data::U32(values.iter().map(|v| (v * scale) as u32).collect()),
        Oracle::I32 => Data::I32(values.iter().map(|v| ((v - 270.0) * scale) as i32).collect()),
        Oracle::F64 => Data::F64(values.to_vec()),
        Oracle::Complex32 => Data::Complex32(values.iter().map(|v| [*v as f32, -*v as f32]).collect()),
        _ => Data::F32(values.iter().map(|v| *v as f32).collect()),
    }
}

fn decoding(librmn: Librmn, folder: &Path, ni: u16, nj: u16, report: &mut String) -> Outcome<()> {
    let path = folder.join(format!("{ni}x{nj}.std"));
    let values = field(ni, nj);
    let mut writer = librmn.create(&path, Container::Random)?;
    for &(datyp, nbits, element) in CASES {
        let spec = Spec { ni: ni.into(), nj: nj.into(), datyp, npak: -nbits, ..Spec::default() };
        writer.write(&spec, &data(element, nbits, &values))?;
    }
    writer.close()?;

    writeln!(
        report,
        "\n## Decode, {ni} x {nj}\n\n| datyp | bits | compressed to | rpnfst MB/s | librmn MB/s | ratio |\n|---:|---:|---:|---:|---:|---:|"
    )?;
    let ours = File::open(&path)?;
    let theirs = librmn.open(&path)?;
    let entries = theirs.list()?;
    for ((record, entry), &(datyp, nbits, element)) in ours.records().iter().zip(&entries).zip(CASES) {
        assert_eq!(i32::from(record.data_type().code()), datyp, "stored as asked");
        let mut buffer = Buffer::new(element, values.len());
        let mut read = || theirs.read_into(entry, element, OracleMissing::Off, &mut buffer);
        let (fast, slow) = match element {
            Oracle::U8 => race(&ours, record, &mut vec![0u8; values.len()], &mut read)?,
            Oracle::U32 => race(&ours, record, &mut vec![0u32; values.len()], &mut read)?,
            Oracle::I32 => race(&ours, record, &mut vec![0i32; values.len()], &mut read)?,
            Oracle::F64 => race(&ours, record, &mut vec![0f64; values.len()], &mut read)?,
            Oracle::Complex32 => race(&ours, record, &mut vec![[0f32; 2]; values.len()], &mut read)?,
            _ => race(&ours, record, &mut vec![0f32; values.len()], &mut read)?,
        };
        let bytes = values.len() * element.size();
        let speed = |time: Duration| bytes as f64 / time.as_secs_f64() / 1e6;
        writeln!(
            report,
            "| {datyp} | {nbits} | {:.0} % | {:.0} | {:.0} | {:.1} |",
            100.0 * record.payload_extent().1 as f64 / bytes as f64,
            speed(fast),
            speed(slow),
            slow.as_secs_f64() / fast.as_secs_f64()
        )?;
    }
    Ok(())
}

/// Both in turns; medians.
fn race<T: Element, E: Error + 'static>(
    file: &File,
    record: &Record,
    out: &mut [T],
    other: &mut impl FnMut() -> Result<(), E>,
) -> Outcome<(Duration, Duration)> {
    let options = ReadOptions::new().missing(Missing::Substitute).threads(Threads::One);
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..25 {
        let start = Instant::now();
        file.read_into(record, out, &options)?;
        ours.push(start.elapsed());
        black_box(&out);
        let start = Instant::now();
        other()?;
        theirs.push(start.elapsed());
    }
    Ok((median(ours), median(theirs)))
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn listing(librmn: Librmn, folder: &Path, report: &mut String) -> Outcome<()> {
    let path = folder.join("many.std");
    let mut writer = librmn.create(&path, Container::Random)?;
    let data = Data::F32(vec![1.0; 4]);
    for k in 0..LISTED {
        let spec = Spec { ni: 2, nj: 2, deet: 300, npas: k % 1000, ip1: k, datyp: 5, ..Spec::default() };
        writer.write(&spec, &data)?;
    }
    writer.close()?;

    let (mut opened, mut listed, mut theirs) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..5 {
        let start = Instant::now();
        let file = File::open(&path)?;
        opened.push(start.elapsed());
        file.records().iter().for_each(all_fields);
        listed.push(start.elapsed());
        let start = Instant::now();
        let file = librmn.open(&path)?;
        let count = file.scan()?;
        theirs.push(start.elapsed());
        assert_eq!(count, file_length(&path)?);
    }
    let (opened, listed, theirs) = (median(opened), median(listed), median(theirs));
    writeln!(
        report,
        "\n## Listing {LISTED} records\n\n| what | rpnfst ms | librmn ms | ratio |\n|---|---:|---:|---:|\n\
         | open, all records there | {:.2} | | |\n| open, and every field of every record, dates computed (librmn: fstinl, fstprm) | {:.2} | {:.1} | {:.0} |",
        1e3 * opened.as_secs_f64(),
        1e3 * listed.as_secs_f64(),
        1e3 * theirs.as_secs_f64(),
        theirs.as_secs_f64() / listed.as_secs_f64()
    )?;
    Ok(())
}

fn file_length(path: &Path) -> Outcome<usize> {
    Ok(File::open(path)?.records().len())
}

/// Decodes what fstprm gives, and puts it in memory as fstprm does.
fn all_fields(r: &Record) {
    black_box((
        (r.nomvar(), r.typvar(), r.etiket(), r.grtyp()),
        (r.ni(), r.nj(), r.nk(), r.data_type(), r.pack_bits()),
        (r.datev(), r.dateo(), r.deet(), r.npas()),
        (r.ip1(), r.ip2(), r.ip3(), r.ig1(), r.ig2(), r.ig3(), r.ig4()),
    ));
}

/// Records in a file that is timed.
const WRITTEN: u32 = 6;

fn encoding(librmn: Librmn, folder: &Path, ni: u16, nj: u16, report: &mut String) -> Outcome<()> {
    writeln!(
        report,
        "\n## Encode and write, {ni} x {nj}\n\n| datyp | bits | rpnfst MB/s | librmn MB/s | ratio | write(2) alone \
         MB/s | rpnfst packing MB/s | librmn less write(2) MB/s | ratio |\n|---:|---:|---:|---:|---:|---:|---:|---:|---:|"
    )?;
    let values = field(ni, nj);
    for &(datyp, nbits, element) in CASES {
        let spec = Spec { ni: ni.into(), nj: nj.into(), datyp, npak: -nbits, ..Spec::default() };
        let data = data(element, nbits, &values);
        let [fast, slow, floor, packing] = match &data {
            Data::U8(v) => duel(librmn, folder, &spec, &data, v)?,
            Data::U32(v) => duel(librmn, folder, &spec, &data, v)?,
            Data::I32(v) => duel(librmn, folder, &spec, &data, v)?,
            Data::F64(v) => duel(librmn, folder, &spec, &data, v)?,
            Data::Complex32(v) => duel(librmn, folder, &spec, &data, v)?,
            Data::F32(v) => duel(librmn, folder, &spec, &data, v)?,
            _ => continue,
        };
        let bytes = f64::from(WRITTEN) * (values.len() * element.size()) as f64;
        let speed = |time: Duration| bytes / time.as_secs_f64() / 1e6;
        writeln!(
            report,
            "| {datyp} | {nbits} | {:.0} | {:.0} | {:.1} | {:.0} | {:.0} | {:.0} | {:.1} |",
            speed(fast),
            speed(slow),
            slow.as_secs_f64() / fast.as_secs_f64(),
            speed(floor),
            speed(packing),
            speed(slow.saturating_sub(floor)),
            slow.saturating_sub(floor).as_secs_f64() / packing.as_secs_f64()
        )?;
    }
    Ok(())
}

/// The same records written by both in turns, the bytes of our file by nobody but the system, and our packing without a
/// file; medians.
fn duel<T: Element + Pod>(
    librmn: Librmn,
    folder: &Path,
    spec: &Spec,
    data: &Data,
    values: &[T],
) -> Outcome<[Duration; 4]> {
    let (mine, yours, copy) = (folder.join("ours.std"), folder.join("theirs.std"), folder.join("copy.std"));
    let mut buffer = Buffer::from_data(data);
    let dims = (usize::try_from(spec.ni)?, usize::try_from(spec.nj)?, 1);
    let record =
        NewRecord::new("TT").data_type(DataType::new(u8::try_from(spec.datyp)?)).pack_bits(u8::try_from(spec.nbits())?);
    let packing = Packing {
        data_type: DataType::new(u8::try_from(spec.datyp)?),
        pack_bits: u8::try_from(spec.nbits())?,
        shape: Shape { ni: u32::try_from(spec.ni)?, nj: u32::try_from(spec.nj)?, nk: 1 },
        order: WordOrder::Big,
        rules: Rules::Librmn19,
        compression: Compression::Normal,
        missing: None,
    };
    let mut payload = Vec::new();
    let [mut ours, mut theirs, mut floor, mut packed] = [const { Vec::new() }; 4];
    for _ in 0..9 {
        let start = Instant::now();
        let mut writer = fresh(&mine, &WriteOptions::new().rules(Rules::Librmn19))?;
        for _ in 0..WRITTEN {
            writer.write(&record, &rpnfst::Data::new(values, dims)?)?;
        }
        writer.close()?;
        ours.push(start.elapsed());
        let start = Instant::now();
        let mut writer = librmn.create(&yours, Container::Random)?;
        for _ in 0..WRITTEN {
            writer.write_buffer(spec, data.element(), &mut buffer)?;
        }
        writer.close()?;
        theirs.push(start.elapsed());
        let bytes = std::fs::read(&mine)?;
        let start = Instant::now();
        if copy.exists() {
            std::fs::remove_file(&copy)?;
        }
        let mut file = std::fs::File::create(&copy)?;
        for piece in bytes.chunks(bytes.len().div_ceil(WRITTEN as usize)) {
            file.write_all(piece)?;
        }
        floor.push(start.elapsed());
        let start = Instant::now();
        for _ in 0..WRITTEN {
            payload.clear();
            packing.encode(values, Threads::One, &mut payload)?;
            black_box(&payload);
        }
        packed.push(start.elapsed());
    }
    Ok([ours, theirs, floor, packed].map(median))
}

/// A new file in place of one that may be there, as the oracle makes it.
fn fresh(path: &Path, options: &WriteOptions) -> Outcome<Writer> {
    if path.exists() {
        std::fs::remove_file(path)?;
    }
    Ok(options.create(path)?)
}

const SMALL: u32 = 10_000;

fn small_records(librmn: Librmn, folder: &Path, report: &mut String) -> Outcome<()> {
    let (mine, yours) = (folder.join("ours.std"), folder.join("theirs.std"));
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    let data = Data::F32(vec![1.0, 2.0, 3.0, 4.0]);
    for _ in 0..9 {
        let start = Instant::now();
        let mut writer = fresh(&mine, &WriteOptions::new())?;
        for k in 0..SMALL {
            let record = NewRecord::new("TT").typvar("P").etiket("SMALL").ip1(k).data_type(DataType::IEEE);
            writer.write(&record, &rpnfst::Data::new(&[1.0_f32, 2.0, 3.0, 4.0][..], (2, 2, 1))?)?;
        }
        writer.close()?;
        ours.push(start.elapsed());
        let start = Instant::now();
        let mut writer = librmn.create(&yours, Container::Random)?;
        let mut buffer = Buffer::from_data(&data);
        for k in 0..SMALL {
            let spec = Spec { ni: 2, nj: 2, ip1: k.cast_signed(), etiket: "SMALL".into(), ..Spec::default() };
            writer.write_buffer(&spec, Oracle::F32, &mut buffer)?;
        }
        writer.close()?;
        theirs.push(start.elapsed());
    }
    let (ours, theirs) = (median(ours), median(theirs));
    writeln!(
        report,
        "\n## Writing {SMALL} records of 2 x 2 values to one file\n\n| rpnfst ms | librmn ms | ratio |\n|---:|---:|---:|\n\
         | {:.2} | {:.1} | {:.1} |",
        1e3 * ours.as_secs_f64(),
        1e3 * theirs.as_secs_f64(),
        theirs.as_secs_f64() / ours.as_secs_f64()
    )?;
    Ok(())
}
