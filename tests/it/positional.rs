//! Positional records that contradict themselves or the records that refer to them.
#![allow(clippy::float_cmp, reason = "exact values are the point")]

use rpnfst::{
    Array, Attributes, DataType, Error, File, MemoryFile, Result, WriteOptions, Writer,
    geo::{Grid, Tiles},
};

/// A file in memory.
fn made(write: impl FnOnce(&mut Writer)) -> File {
    let memory = MemoryFile::new();
    let mut writer = WriteOptions::new().create_sink(memory.clone()).expect("a file in memory");
    write(&mut writer);
    writer.close().expect("closed");
    File::from_bytes(memory.to_vec()).expect("a file")
}

/// Numbers of the shape ni x nj, in 32 bits.
fn numbers(writer: &mut Writer, attributes: &Attributes, dims: (usize, usize), values: &[f64]) {
    let attributes = attributes.clone().data_type(DataType::IEEE).pack_bits(32);
    writer.write(&attributes, &Array::new(values.to_vec(), (dims.0, dims.1, 1)).expect("values")).expect("written");
}

/// What an axis refers to.
const EVERY_DEGREE: (char, [u32; 4]) = ('L', [100, 100, 9000, 0]);
const ROTATED: (char, [u32; 4]) = ('E', [1250, 600, 56800, 12800]);

fn positional(name: &str, (letter, ig): (char, [u32; 4])) -> Attributes {
    Attributes::new(name).typvar("X").grtyp(letter).ip1(1500).ig(ig[0], ig[1], ig[2], ig[3])
}

/// `>>` and `^^` of a grid with axes.
fn axes(writer: &mut Writer, of: [(char, [u32; 4]); 2], x: &[f64], y: &[f64]) {
    numbers(writer, &positional(">>", of[0]), (x.len(), 1), x);
    numbers(writer, &positional("^^", of[1]), (1, y.len()), y);
}

/// `>>` and `^^` of points.
fn points(writer: &mut Writer, of: (char, [u32; 4]), dims: (usize, usize), lon: &[f64], lat: &[f64]) {
    numbers(writer, &positional(">>", of), dims, lon);
    numbers(writer, &positional("^^", of), dims, lat);
}

fn field(letter: char) -> Attributes {
    Attributes::new("TT").typvar("P").grtyp(letter).ig(1500, 0, 0, 0)
}

fn counted(count: usize) -> Vec<f64> {
    (0..u32::try_from(count).expect("small")).map(f64::from).collect()
}

/// The grid of the first field.
fn grid(file: &File) -> Result<Grid> {
    file.grid(file.records().iter().find(|record| !record.is_descriptor()).expect("a field"))
}

fn refused(file: &File, parts: &[&str]) {
    let error = grid(file).expect_err("no grid");
    assert!(matches!(error, Error::Record { .. }), "{error}");
    for part in parts {
        assert!(error.to_string().contains(part), "{error}");
    }
}

#[test]
fn the_reference_has_the_letter_of_rows_and_the_numbers_of_columns() {
    let made_of = |of| {
        grid(&made(|writer| {
            axes(writer, of, &[1.0, 2.0, 3.0], &[4.0, 5.0, 6.0]);
            numbers(writer, &field('Z'), (3, 3), &counted(9));
        }))
        .expect("a grid")
    };
    let rotated = made_of([ROTATED; 2]);
    for of in [[('L', ROTATED.1), ROTATED], [ROTATED, ('E', [0; 4])], [ROTATED, (' ', [0; 4])]] {
        assert_eq!(made_of(of).points(), rotated.points(), "{of:?}");
    }
}

#[test]
fn rows_beyond_a_pole_are_no_places() {
    for (row, is_place) in [(90.0, true), (90.0001, true), (91.0, false), (528.0, false)] {
        let file = made(|writer| {
            axes(writer, [EVERY_DEGREE; 2], &[1.0, 2.0, 3.0], &[4.0, 5.0, row]);
            numbers(writer, &field('Z'), (3, 3), &counted(9));
        });
        if is_place {
            grid(&file).expect("a grid");
        } else {
            refused(&file, &[&format!("latitude {row}")]);
        }
    }
}

#[test]
fn points_on_a_projection_are_refused() {
    for (letter, dims) in [('Y', (2, 2)), ('Z', (2, 2)), ('X', (2, 2)), ('+', (2, 2))] {
        for reference in ['E', 'N', 'S', 'W', 'L', 'O', ' '] {
            let file = made(|writer| {
                points(writer, (reference, ROTATED.1), dims, &[10.0, 20.0, 10.0, 20.0], &[1.0, 1.0, 2.0, 2.0]);
                numbers(writer, &field(letter), dims, &counted(4));
            });
            match reference {
                'L' | 'O' | ' ' => {
                    let (lat, lon) = grid(&file).expect("a grid").points();
                    assert_eq!((lat, lon), (vec![1.0, 1.0, 2.0, 2.0], vec![10.0, 20.0, 10.0, 20.0]), "as they stand");
                }
                _ => refused(&file, &[&format!("a grid of type {reference}")]),
            }
        }
    }
}

#[test]
fn a_station_of_a_series_is_the_one_that_ip3_counts() {
    let file = made(|writer| {
        points(writer, EVERY_DEGREE, (3, 1), &[10.0, 20.0, -30.0], &[1.0, 2.0, 3.0]);
        for letter in ['Y', '+'] {
            for station in [2, 3, 7, 0] {
                numbers(writer, &field(letter).ip3(station), (1, 5), &counted(5));
            }
            numbers(writer, &field(letter).ip3(2), (3, 1), &counted(3));
        }
    });
    for (n, record) in file.records().iter().filter(|record| !record.is_descriptor()).enumerate() {
        let grid = file.grid(record);
        let expected = match n % 5 {
            0 => (vec![2.0; 5], vec![20.0; 5]),
            1 => (vec![3.0; 5], vec![330.0; 5]),
            4 => (vec![1.0, 2.0, 3.0], vec![10.0, 20.0, 330.0]),
            _ => {
                let error = grid.expect_err("no such station").to_string();
                assert!(error.contains(&format!("station {} of 3", record.ip3())), "{error}");
                continue;
            }
        };
        let grid = grid.expect("a station");
        assert_eq!(grid.points(), expected, "{record:?}");
        assert_eq!((grid.ni(), grid.nj()), (record.ni() as usize, record.nj() as usize));
    }
}

#[test]
fn the_only_station_of_a_series_needs_no_number() {
    let file = made(|writer| {
        points(writer, EVERY_DEGREE, (1, 1), &[10.0], &[1.0]);
        numbers(writer, &field('Y'), (1, 4), &counted(4));
    });
    assert_eq!(grid(&file).expect("a grid").points(), (vec![1.0; 4], vec![10.0; 4]));
}

#[test]
fn records_have_as_many_values_as_their_grid() {
    // A file of a few kB promises thousands of millions of points; outlines and positions take memory for each.
    let file = made(|writer| {
        let mut all = vec![70.0, 1.0, 2.0, 1.0, 1.0];
        for rotation in [[10.0, 200.0, 20.0, 290.0], [-10.0, 20.0, 67.975, 84.15]] {
            all.extend([2000.0, 2000.0, 45.0, 315.0, -45.0, 45.0]);
            all.extend(rotation);
            for (from, step) in [(45.0, 0.135), (-45.0, 0.045)] {
                all.extend(counted(2000).into_iter().map(|at| from + step * at));
            }
        }
        numbers(writer, &positional("^>", ('F', [1, 0, 0, 0])), (all.len(), 1), &all);
        numbers(writer, &field('U'), (4, 4), &counted(16));
    });
    refused(&file, &["16 values, expected 8000000"]);
}

/// A table of Lambert grids is found through the environment, which belongs to a process: this test runs itself in another.
#[test]
fn records_on_one_lambert_grid_share_it() {
    const TABLE: &str = "# a comment\n77 54 0 3 H 20 -125 25 25 -100 45 60 12 10 45 -75 'x'\n";
    if std::env::var_os("RPNFST_TEST_TABLE").is_none() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("gribtable"), TABLE).expect("written");
        let mut again = std::process::Command::new(std::env::current_exe().expect("this program"));
        again.args(["--exact", "positional::records_on_one_lambert_grid_share_it"]);
        let output = again.env("CMCCONST", folder.path()).env("RPNFST_TEST_TABLE", "1").output().expect("it runs");
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success() && said.contains("1 passed"), "{said}");
        return;
    }
    let file = made(|writer| {
        for (level, dims) in [(100, (12, 10)), (200, (12, 10)), (300, (6, 20))] {
            let attributes = Attributes::new("TT").grtyp('!').ip1(level).ig(77, 0, 0, 0);
            numbers(writer, &attributes, dims, &counted(120));
        }
    });
    let [one, other, of_another_size] = [0, 1, 2].map(|n| file.grid(&file.records()[n]));
    let one = one.expect("a grid");
    assert!(one.same(&other.expect("a grid")));
    let (lat, lon) = one.point(1.0, 1.0);
    assert!((lat - 20.0).abs() < 1e-9 && (lon - 235.0).abs() < 1e-9, "{lat} {lon}");
    let error = of_another_size.expect_err("the table has another size").to_string();
    assert!(error.contains("6 x 20, of a grid of 12 x 10"), "{error}");
}

/// A field of 10 x 10 in tiles; `first` is where the last one begins.
fn tiled(first: (u32, u32)) -> File {
    made(|writer| {
        axes(writer, [EVERY_DEGREE; 2], &counted(10), &counted(10));
        for (n, (i, j)) in (1..).zip([(1, 1), (6, 1), (1, 6), first]) {
            let values: Vec<_> =
                (0..25).map(|at| f64::from(i + at % 5) + 10.0 * f64::from(j + at / 5) - 11.0).collect();
            numbers(writer, &field('#').ig(1500, 0, i, j).ip3(n), (5, 5), &values);
        }
    })
}

#[test]
fn tiles_beyond_their_axes_are_not_joined() {
    let of = |file: &File| file.join_tiles(&Tiles::of(file.records())[0]).map(|(_, array)| array.into_vec());
    assert_eq!(of(&tiled((6, 6))).expect("a whole"), counted(100));
    for first in [(0, 6), (6, 0), (7, 6), (6, 7), (11, 6), (150, 10), (u32::MAX >> 8, u32::MAX >> 8)] {
        let error = of(&tiled(first)).expect_err("a tile elsewhere").to_string();
        assert!(error.contains("does not lie on its axes"), "{first:?}: {error}");
    }
    let file = tiled((6, 6));
    let tiles = Tiles::of(file.records());
    let whole = file.tiled_grid(&tiles[0]).expect("a grid");
    assert!(whole.same(&file.tiled_grid(&tiles[0]).expect("a grid")), "it is kept");
}

#[test]
fn copies_of_a_tile_do_not_stand_for_others() {
    // As many values as the grid has points, all of its first row.
    let file = made(|writer| {
        axes(writer, [EVERY_DEGREE; 2], &counted(90), &counted(90));
        for n in 0..90 {
            numbers(writer, &field('#').ig(1500, 0, 1, 1).ip3(n), (90, 1), &counted(90));
        }
    });
    let mut limits = rpnfst::Limits::default();
    limits.max_lost_bytes = 80;
    let strict = rpnfst::OpenOptions::new().limits(limits);
    let memory = MemoryFile::new();
    let mut writer = WriteOptions::new().create_sink(memory.clone()).expect("a file in memory");
    for record in file.records() {
        writer.copy(&file, record).expect("copied");
    }
    writer.close().expect("closed");
    let file = strict.open_source(rpnfst::Source::bytes(memory.to_vec())).expect("a file");
    let error = file.join_tiles(&Tiles::of(file.records())[0]).expect_err("89 rows are not there").to_string();
    assert!(error.contains("90 tiles with 90 points"), "{error}");
}
