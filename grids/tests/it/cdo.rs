//! Conservative weights against those of CDO, where it is installed.

use std::{
    fmt::Write as _,
    fs,
    path::Path,
    process::{Command, Stdio},
};

use rpnfst_grids::{
    Grid, descriptor,
    regrid::{self, Method, Normalize, Options, Regrid, SkipMissing},
};

/// Whether there is a `cdo` to compare with.
fn installed() -> bool {
    let found = Command::new("cdo").arg("--version").stderr(Stdio::null()).stdout(Stdio::null()).status();
    let found = found.is_ok_and(|status| status.success());
    if !found {
        println!("skipped: cdo is not installed");
        // The list that counts skipped tests.
        if let Some(list) = std::env::var_os("RPNFST_SKIPPED") {
            let file = fs::OpenOptions::new().create(true).append(true).open(list);
            let _ = file.map(|mut file| std::io::Write::write_all(&mut file, b"cdo is not installed\n"));
        }
    }
    found
}

/// A description of a grid as CDO reads it: points, and corners of cells.
fn description(grid: &Grid, arcs: bool) -> String {
    let (lat, lon) = grid.points();
    let mut bounds = grid.cell_bounds().unwrap();
    for (lat, lon) in bounds.lat.iter_mut().zip(&bounds.lon) {
        if grid.letter() == b'G' && lat.abs() > 85.0 {
            // Cells of Gaussian rows reach the poles.
            *lat = 90.0_f64.copysign(*lat);
        } else if arcs && lat.abs() < 89.0 {
            // Between corners of one latitude CDO takes the parallel, which is right between two such grids. A little off, it takes the arc of
            // the great circle.
            *lat += 1e-8 * (3.0 * lon.to_radians()).sin();
        }
    }
    let mut text =
        format!("gridtype = curvilinear\ngridsize = {}\nxsize = {}\nysize = {}\n", grid.len(), grid.ni(), grid.nj());
    for (name, values) in [("xvals", &lon), ("yvals", &lat), ("xbounds", &bounds.lon), ("ybounds", &bounds.lat)] {
        write!(text, "{name} =").unwrap();
        for line in values.chunks(8) {
            for value in line {
                write!(text, " {value:.15}").unwrap();
            }
            text.push('\n');
        }
    }
    text
}

/// What CDO makes of a field; `None` where it is missing.
fn cdo(operator: &str, source: &Grid, target: &Grid, field: &[f64]) -> Vec<Option<f64>> {
    static RUNS: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);
    let run = RUNS.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    let folder = std::env::temp_dir().join(format!("rpnfst-cdo-{}-{run}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let path = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    let plain = |grid: &Grid| matches!(grid.letter(), b'A' | b'G');
    let arcs = !(plain(source) && plain(target));
    fs::write(path("source"), description(source, arcs)).unwrap();
    fs::write(path("target"), description(target, arcs)).unwrap();
    fs::write(path("field"), field.iter().map(|v| format!("{v:.15e}")).collect::<Vec<_>>().join("\n") + "\n").unwrap();
    let call = |arguments: &[&str], input: Option<&str>| {
        let input = input.map_or_else(Stdio::null, |name| fs::File::open(Path::new(name)).unwrap().into());
        let out = Command::new("cdo")
            .args(["-s", "-P", "1", "-b", "F64", "-f", "nc"])
            .args(arguments)
            .stdin(input)
            .output()
            .unwrap();
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        String::from_utf8(out.stdout).unwrap()
    };
    call(&[&format!("input,{}", path("source")), &path("source.nc")], Some(&path("field")));
    call(&[&format!("{operator},{}", path("target")), &path("source.nc"), &path("target.nc")], None);
    let text = call(&["outputf,%.15g,1", &path("target.nc")], None);
    fs::remove_dir_all(folder).unwrap();
    let values = text.split_whitespace().map(|word| word.parse::<f64>().unwrap());
    values.map(|v| (v.abs() < 1e30).then_some(v)).collect()
}

fn grids() -> Vec<(&'static str, Grid)> {
    let axis = |n: u32, from: f64, step: f64| (0..n).map(|k| from + step * f64::from(k)).collect::<Vec<_>>();
    let rotated = descriptor::encode(b'E', [35.0, 250.0, -10.0, 345.0]).unwrap();
    let other = descriptor::encode(b'E', [30.0, 245.0, 10.0, 340.0]).unwrap();
    vec![
        ("Z/E 2", Grid::from_axes(b'Z', b'E', other, axis(25, 160.0, 1.5), axis(20, -12.0, 1.3)).unwrap()),
        ("E", Grid::new(b'E', 31, 15, descriptor::encode(b'E', [20.0, 200.0, 15.0, 300.0]).unwrap()).unwrap()),
        ("A", Grid::new(b'A', 36, 18, [0; 4]).unwrap()),
        ("G", Grid::new(b'G', 50, 26, [0; 4]).unwrap()),
        ("Z/E", Grid::from_axes(b'Z', b'E', rotated, axis(31, 165.0, 1.0), axis(21, -10.0, 1.0)).unwrap()),
        ("N", Grid::new(b'N', 30, 25, [150, 130, 5000, 2000]).unwrap()),
    ]
}

/// A number for each point, the same for both ends of a row that ends where it begins.
fn noise(grid: &Grid) -> Vec<f64> {
    let columns = grid.ni() - usize::from(grid.letter() == b'E');
    (0..grid.len())
        .map(|k| ((k / grid.ni() * columns + k % grid.ni() % columns) * 7919 % 1000) as f64 / 1000.0)
        .collect()
}

fn vector(lat: f64, lon: f64) -> [f64; 3] {
    let ((sin, cos), (sin_l, cos_l)) = (lat.to_radians().sin_cos(), lon.to_radians().sin_cos());
    [cos * cos_l, cos * sin_l, sin]
}

/// The point nearest to a place of all, and how much farther the next one is: chords of a sphere of radius 1.
fn nearest(points: &[[f64; 3]], place: [f64; 3]) -> (usize, f64) {
    let (mut best, mut first, mut second) = (0, f64::INFINITY, f64::INFINITY);
    for (k, point) in points.iter().enumerate() {
        let chord = point.iter().zip(place).map(|(a, b)| (a - b) * (a - b)).sum::<f64>().sqrt();
        if chord < first {
            (best, first, second) = (k, chord, first);
        } else {
            second = second.min(chord);
        }
    }
    (best, second - first)
}

/// The row or column nearest to a place, from 0.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count of rows")]
fn position(place: f64, n: usize) -> usize {
    place.round().clamp(1.0, n as f64) as usize - 1
}

/// CDO takes the nearest point, we take the nearest column and row. Away from ties CDO must have the point that a search of all has, and we
/// must have it too wherever it lies in the nearest column and row: everywhere but near rows' middles, where meridians converge.
#[test]
fn nearest_points() {
    if !installed() {
        return;
    }
    for (source_name, source) in grids() {
        let (lat, lon) = source.points();
        let last = source.ni() - 1;
        // The column that is there twice is farther away than anything.
        let twice = |k: usize| source.letter() == b'E' && k % source.ni() == last;
        let points: Vec<[f64; 3]> =
            (0..source.len()).map(|k| if twice(k) { [9.0; 3] } else { vector(lat[k], lon[k]) }).collect();
        let field = noise(&source);
        for (target_name, target) in grids() {
            let expected = cdo("remapnn", &source, &target, &field);
            let found =
                Regrid::new(&source, &target, &Options::new(Method::Nearest)).unwrap().apply(&field, None).unwrap();
            let (lat, lon) = target.points();
            let (mut compared, mut other) = (0, 0);
            for k in 0..target.len() {
                let (point, margin) = nearest(&points, vector(lat[k], lon[k]));
                if margin < 1e-6 {
                    continue;
                }
                let what = format!("{source_name} to {target_name}, point {k} at {} {}", lat[k], lon[k]);
                assert_eq!(
                    expected[k].map(|v| (v * 1000.0).round()),
                    Some((field[point] * 1000.0).round()),
                    "{what}: CDO"
                );
                if found[k].is_nan() {
                    continue;
                }
                let (x, y) = source.locate(lat[k], lon[k]).unwrap();
                // Half a row beyond the last one begins the pole's own value.
                if !(0.5..source.nj() as f64 + 0.5).contains(&y) {
                    continue;
                }
                let columns = source.ni() - usize::from(source.letter() == b'E');
                let column = if source.wraps() { (x.round() - 1.0).rem_euclid(columns as f64) + 1.0 } else { x };
                let ours = position(y, source.nj()) * source.ni() + position(column, source.ni());
                compared += 1;
                other += usize::from(ours != point);
                // Ties of columns and rows are rounded one way or the other.
                let tie = |v: f64| ((v - v.floor()) - 0.5).abs() < 1e-6;
                if !tie(x) && !tie(y) {
                    assert!((found[k] - field[ours]).abs() < 1e-12, "{what}: {}", found[k]);
                }
            }
            println!("{source_name} to {target_name}: {other} of {compared} are not in the nearest column and row");
            assert!(other <= compared / 50, "{source_name} to {target_name}: {other} of {compared} are other points");
        }
    }
}

/// Bilinear values, from grids of longitudes and latitudes: elsewhere CDO interpolates in another plane.
#[test]
fn bilinear_values() {
    if !installed() {
        return;
    }
    for (source_name, source) in grids().into_iter().filter(|(name, _)| matches!(*name, "A" | "G")) {
        for (target_name, target) in grids() {
            let field = noise(&source);
            let (lat, lon) = target.points();
            let expected = cdo("remapbil", &source, &target, &field);
            let found =
                Regrid::new(&source, &target, &Options::new(Method::Linear)).unwrap().apply(&field, None).unwrap();
            let (mut compared, rows) = (0, 1.0..=source.nj() as f64);
            for k in 0..target.len() {
                // Beyond the last row the rule of the poles is another one.
                let (_, y) = source.locate(lat[k], lon[k]).unwrap();
                let Some(theirs) = expected[k].filter(|_| rows.contains(&y)) else { continue };
                compared += 1;
                assert!(
                    (found[k] - theirs).abs() <= 1e-12,
                    "{source_name} to {target_name} at {} {}: {}, CDO {theirs}",
                    lat[k],
                    lon[k],
                    found[k]
                );
            }
            println!("{source_name} to {target_name}: {compared} of {}", target.len());
            assert!(
                compared >= target.len() * 8 / 10,
                "{source_name} to {target_name}: {compared} of {}",
                target.len()
            );
        }
    }
}

#[test]
fn conservative_values() {
    if !installed() {
        return;
    }
    // A repeated column counts twice for CDO.
    for (source_name, source) in grids().into_iter().filter(|(name, _)| *name != "E") {
        for (target_name, target) in grids() {
            let field: Vec<f64> = (0..source.len()).map(|k| ((k * 7919) % 1000) as f64 / 1000.0).collect();
            let expected = cdo("remapcon", &source, &target, &field);
            let matrix = regrid::conservative(&source, &target, None, None, Normalize::FracArea).unwrap();
            let mut found = vec![0.0; target.len()];
            matrix.apply(&field, None, SkipMissing::default(), &mut found).unwrap();
            let (mut worst, mut lone) = (0.0_f64, 0);
            for (a, b) in found.iter().zip(&expected) {
                match b {
                    Some(b) if !a.is_nan() => worst = worst.max((a - b).abs()),
                    None if a.is_nan() => {}
                    _ => lone += 1,
                }
            }
            assert!(worst < 1e-6 && lone == 0, "{source_name} to {target_name}: {worst:e}, {lone} covered in one only");
        }
    }
}
