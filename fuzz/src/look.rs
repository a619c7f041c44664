//! What one does with a file that nobody vouches for.

use rpnfst::{
    Error, File, Limits, MemoryFile, OpenOptions, Origin, Problem, ReadOptions, Record, Salvage, Source, Threads,
    WriteOptions,
    geo::{Points, Tiles},
    grids::regrid::Options,
    record::Column,
};

/// Records that are read of a file.
const RECORDS: usize = 64;
/// Points of the grids whose places are asked for.
const POINTS: usize = 1 << 16;

fn options() -> OpenOptions {
    let mut limits = Limits::default();
    limits.max_decoded_bytes = 1 << 24;
    OpenOptions::new().limits(limits)
}

fn read(file: &File, record: &Record) -> Result<Vec<u8>, Error> {
    let field = file.read_with(record, &ReadOptions::new().threads(Threads::One))?;
    Ok(field.values().to_le_bytes().into_owned())
}

/// Opens, lists, checks, and reads every record; `sound` files must not have a fault.
pub fn look(bytes: Vec<u8>, sound: bool) {
    let file = match options().open_source(Source::bytes(bytes)) {
        Ok(file) => file,
        Err(error) => {
            assert!(!sound, "{error}");
            return;
        }
    };
    let (_, check) = (file.first().map(rpnfst::Member::info), file.check());
    assert!(!sound || check.as_ref().is_ok_and(Vec::is_empty), "{check:?}");
    for record in file.records().iter().take(RECORDS) {
        for column in Column::ALL {
            let _ = column.of(record);
        }
        let _ = (file.metadata(record), file.payload(record), file.view::<f32>(record));
        place(&file, record);
        let _ = file.levels(record).map(|levels| levels.header());
        let read = read(&file, record);
        assert!(!sound || read.is_ok(), "{read:?}");
    }
    for tiles in Tiles::of(file.records()).iter().take(RECORDS) {
        let _ = (file.tiled_grid(tiles), file.join_tiles(tiles));
        let options = ReadOptions::new().threads(Threads::One);
        let _ = (few().joined_values(&file, tiles, &|_| None, &options), few().in_tile(&file, tiles.records()[0]));
    }
}

/// A few places of the sphere.
fn few() -> Points {
    Points::new(vec![45.0, -90.0, 0.0], vec![-73.0, 0.0, 359.9], Options::default()).expect("places")
}

/// Asks where a record lies, and its values at places.
fn place(file: &File, record: &Record) {
    let Ok(grid) = file.grid(record) else { return };
    // The values of the record prove that so many points are there, but for a million; an extent may take no more.
    let _ = (grid.extent(), grid.resolution_km(1.5, 1.5), grid.contains_pole(), grid.point(1.0, 1.0));
    if grid.len() <= POINTS {
        let (lat, lon) = grid.points();
        let _ = lat.first().zip(lon.first()).map(|(lat, lon)| grid.locate(*lat, *lon));
        let _ = few().values(file, record, None, &ReadOptions::new().threads(Threads::One));
    }
}

/// Salvages, and copies what is readable into a new file: that one is sound, and holds the same values.
pub fn salvage(bytes: Vec<u8>, sound: bool) {
    let live = if sound { File::from_bytes(bytes.clone()).map_or(0, |file| file.records().len()) } else { 0 };
    let Ok(salvage) = options().salvage_source(Source::bytes(bytes)) else {
        assert!(!sound);
        return;
    };
    let listed = salvage.records().filter(|(_, origin)| *origin == Origin::Directory).count();
    assert!(!sound || listed == live, "{listed} of {live} records");
    copied(&salvage);
}

fn copied(salvage: &Salvage) {
    let file = salvage.file();
    let container = file.first().map(rpnfst::Member::container).expect("one file");
    let memory = MemoryFile::new();
    let writer = WriteOptions::new().container(container).create_sink(memory.clone());
    let mut writer = writer.expect("a file in memory");
    let mut values = Vec::new();
    for (record, _) in salvage.records().take(RECORDS) {
        if let Ok(read) = read(file, record)
            && writer.copy(file, record).is_ok()
        {
            values.push(read);
        }
    }
    writer.close().expect("a file in memory");
    let copy = options().open_source(Source::bytes(memory.to_vec())).expect("what was written opens");
    // Planes that a file lost are lost in its copy.
    let lost: Vec<_> = copy.records().iter().filter_map(Problem::of_lost_planes).collect();
    assert_eq!(copy.check().expect("memory reads"), lost);
    assert_eq!(copy.records().len(), values.len());
    for (record, values) in copy.records().iter().zip(&values) {
        assert!(read(&copy, record).is_ok_and(|read| read == *values), "{record:?}");
    }
}

/// A record and its values.
#[derive(PartialEq)]
pub struct Readable {
    pub name: String,
    pub offset: u64,
    values: Vec<u8>,
}

/// What can be read of a file.
pub fn readable(bytes: Vec<u8>) -> Vec<Readable> {
    let Ok(file) = options().open_source(Source::bytes(bytes)) else { return Vec::new() };
    let found = |record: &Record| {
        let values = read(&file, record).ok()?;
        Some(Readable { name: format!("{:?}", record.nomvar()), offset: record.file_offset(), values })
    };
    file.records().iter().take(RECORDS).filter_map(found).collect()
}
