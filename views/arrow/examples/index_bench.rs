//! Times of the table and the saved index of many files:
//! `cargo run --release -p rpnfst-arrow --example index_bench [FILES [RECORDS_OF_A_FILE]]`.

use std::{
    error::Error,
    fs,
    path::PathBuf,
    time::{Duration, Instant, SystemTime},
};

use rpnfst::{
    Array, Attributes, RecordTable, Writer,
    record::{CivilTime, Column, DateStamp, IpValue},
};

fn main() -> Result<(), Box<dyn Error>> {
    let mut numbers = std::env::args().skip(1).map(|text| text.parse());
    let files: usize = numbers.next().transpose()?.unwrap_or(10_000);
    let records: usize = numbers.next().transpose()?.unwrap_or(100);
    let folder = tempfile::tempdir()?;
    let index = folder.path().join("index.parquet");
    let paths = timed("files made", || make(folder.path(), files, records))?;

    let table = timed("table", || RecordTable::of_files(&paths))?;
    println!("{} records of {} files", table.len(), table.files().len());
    let groups = timed("group by nomvar and level_kind", || {
        Ok::<_, rpnfst::Error>(table.group(&[Column::Nomvar, Column::LevelKind]))
    })?;
    println!("{} groups", groups.len());
    let batch = timed("record batch, all columns", || rpnfst_arrow::record_batch(&table))?;
    println!("{} columns", batch.num_columns());
    drop(batch);
    timed("index written", || rpnfst_arrow::write_index(&table, &index))?;
    let bytes = fs::metadata(&index)?.len();
    println!("{bytes} bytes, {:.1} a record", bytes as f64 / table.len().max(1) as f64);
    for _ in 0..3 {
        let again = timed("index read", || rpnfst_arrow::read_index(&index))?;
        assert_eq!(again.columns(), table.columns());
    }
    for _ in 0..2 {
        let (_, changes) = timed("index updated", || rpnfst_arrow::update_index(&index, &paths, |_| ()))?;
        println!("{} kept, {} read, {} removed", changes.kept, changes.read, changes.removed);
    }
    Ok(())
}

fn timed<T, E: Error + 'static>(what: &str, run: impl FnOnce() -> Result<T, E>) -> Result<T, Box<dyn Error>> {
    let begin = Instant::now();
    let result = run()?;
    println!("{:8.3} s  {what}", begin.elapsed().as_secs_f64());
    Ok(result)
}

/// Files of an ensemble: a run and a lead time each, many names and levels.
fn make(folder: &std::path::Path, files: usize, records: usize) -> rpnfst::Result<Vec<PathBuf>> {
    let names = ["TT", "UU", "VV", "HU", "GZ", "ES", "WW", "QC", "P0", "PR"];
    let start: CivilTime = "2026-11-24T00:00".parse()?;
    let start = DateStamp::from_civil(start)?;
    (0..files)
        .map(|number| {
            let path = folder.join(format!("{:03}/{number:06}.std", number % 100));
            let _ = fs::create_dir_all(folder.join(format!("{:03}", number % 100)));
            let mut writer = Writer::create(&path)?;
            let hour = u32::try_from(number % 240).unwrap_or(0);
            let datev = start.add_hours(f64::from(hour) + 12.0 * (number / 240) as f64)?;
            for record in 0..records {
                let level: IpValue = format!("{} hPa", 1000 - 10 * (record / names.len() % 100)).parse()?;
                let attributes = Attributes::new(names[record % names.len()])
                    .typvar("P")
                    .etiket(format!("G1_9_0_0N{:03}", number % 20))
                    .datev(datev)
                    .deet(300)
                    .npas(hour * 12)
                    .ip2(hour)
                    .level(level);
                // Records have different lengths, as compressed ones do in life.
                let ni = 1 + (record * 7919 + number * 104_729) % 61;
                writer.write(&attributes, &Array::new(vec![1.0_f32; ni], (ni, 1, 1))?)?;
            }
            writer.close()?;
            // Old enough that the time proves that nothing changed since.
            if let Ok(file) = fs::OpenOptions::new().append(true).open(&path) {
                let _ = file.set_modified(SystemTime::now() - Duration::from_secs(3600));
            }
            Ok(path)
        })
        .collect()
}
