//! Positions and interpolation.

use std::{cell::RefCell, path::Path, time::Duration};

use rpnfst_grids::{
    Grid,
    regrid::{Extrapolation, Method, Options, Regrid},
};
use rpnfst_oracle::{
    Axes, GridSpec, Interpolation, Librmn,
    grids::{Degree, Extrapolation as Outside},
};

use crate::{
    Outcome,
    cases::field,
    report::Section,
    timing::{elapsed, in_turns, ratio, timed},
};

/// Columns and rows of the source, a forecast of 2.5 km, and of the target.
const SOURCE: (u16, u16) = (2540, 1290);
const TARGET: (u16, u16) = (1800, 900);
const ROUNDS: usize = 7;

const TEXT: &str = "From a Z grid on E (0.0225 degrees) to an L grid inside of it (0.02 degrees); one thread, values of 32 bits. ns for a \
                    point of the grid that is\nproduced. librmn computes in single precision, rpnfst positions in double precision. \
                    *First*: the grids are new, positions and weights included.\n*Repeated*: another field between the same grids.";
const THREADS: &str = "The same work on the clock on the wall.";

/// What the source is in a round: the axis is moved by a little, since librmn knows a grid again.
fn source(librmn: Librmn, round: u16) -> GridSpec {
    let axis = |middle: f32, n: u16, moved: f32| {
        let first = middle - 0.0225 * f32::from(n) / 2.0 + moved;
        (0..n).map(|k| first + 0.0225 * f32::from(k)).collect::<Vec<_>>()
    };
    let axes =
        Axes { reference: b'E', x: axis(180.0, SOURCE.0, f32::from(round) / 1024.0), y: axis(0.0, SOURCE.1, 0.0) };
    let ig = librmn.encode_grid(b'E', [45.0, 265.0, 0.0, 355.0]);
    GridSpec { letter: b'Z', ni: SOURCE.0.into(), nj: SOURCE.1.into(), ig, axes: Some(axes) }
}

/// What the target is in a round: a column further east in each.
fn target(librmn: Librmn, round: u16) -> GridSpec {
    let ig = librmn.encode_grid(b'L', [36.0, 246.0 + 0.02 * f32::from(round), 0.02, 0.02]);
    GridSpec { letter: b'L', ni: TARGET.0.into(), nj: TARGET.1.into(), ig, axes: None }
}

fn ours(spec: &GridSpec) -> Outcome<Grid> {
    let ig = spec.ig.map(i32::cast_unsigned);
    let doubles = |values: &[f32]| values.iter().copied().map(f64::from).collect();
    Ok(match &spec.axes {
        Some(axes) => Grid::from_axes(b'Z', axes.reference, ig, doubles(&axes.x), doubles(&axes.y))?,
        None => Grid::new(spec.letter, usize::try_from(spec.ni)?, usize::try_from(spec.nj)?, ig)?,
    })
}

/// Grids of both sides that are new in each round.
struct New {
    librmn: Librmn,
    round: u16,
}

impl New {
    /// The next round's source and target of librmn and ours.
    fn pair(&mut self) -> Outcome<([rpnfst_oracle::Grid; 2], [Grid; 2])> {
        self.round += 1;
        let specs = [source(self.librmn, self.round), target(self.librmn, self.round)];
        let [first, second] = &specs;
        let theirs = [self.librmn.define_grid(first)?, self.librmn.define_grid(second)?];
        Ok((theirs, [ours(first)?, ours(second)?]))
    }
}

const DEGREES: [(&str, Degree, Method); 3] = [
    ("nearest", Degree::Nearest, Method::Nearest),
    ("linear", Degree::Linear, Method::Linear),
    ("cubic", Degree::Cubic, Method::Cubic),
];

/// What is not compared: points at which single precision chooses another one.
fn differ(ours: &[f32], theirs: &[f32]) -> usize {
    ours.iter().zip(theirs).filter(|(ours, theirs)| (**ours - **theirs).abs() > 0.05).count()
}

#[allow(clippy::cast_possible_truncation, reason = "rounding to single precision is meant")]
pub fn grids(librmn: Librmn, _: &Path) -> Outcome<Vec<Section>> {
    let mut section = Section::new("Grids", TEXT, &["what", "rpnfst ns", "librmn ns", "ratio"]);
    let points = [SOURCE, TARGET].map(|(ni, nj)| usize::from(ni) * usize::from(nj));
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build()?;
    one.install(|| measure(&mut section, librmn, points))?;
    Ok(vec![section, threads(librmn, points[1])?])
}

/// A row of times for each of so many points.
fn add(section: &mut Section, what: &str, points: usize, [ours, theirs]: [Duration; 2]) {
    let ns = |time: Duration| format!("{:.1}", 1e9 * time.as_secs_f64() / points as f64);
    section.rows.push(vec![what.to_owned(), ns(ours), ns(theirs), format!("{:.1}", ratio(ours, theirs))]);
}

#[allow(clippy::cast_possible_truncation, reason = "rounding to single precision is meant")]
fn measure(section: &mut Section, librmn: Librmn, [in_source, in_target]: [usize; 2]) -> Outcome<()> {
    let new = RefCell::new(New { librmn, round: 0 });
    let mut out = [vec![0.0; in_source], vec![0.0; in_source]];
    // Both write where memory is there already.
    let (mut lat, mut lon) = (vec![0.0; in_source], vec![0.0; in_source]);
    let positions = in_turns(
        ROUNDS,
        [
            &mut || {
                let (_, [grid, _]) = new.borrow_mut().pair()?;
                timed(|| Ok(grid.points_into(&mut lat, &mut lon)?))
            },
            &mut || {
                let ([grid, _], _) = new.borrow_mut().pair()?;
                timed(|| Ok(grid.positions_into(&mut out)?))
            },
        ],
    )?;
    add(section, "positions", in_source, positions);

    let ([theirs, _], [grid, target]) = new.borrow_mut().pair()?;
    theirs.positions_into(&mut out)?;
    let lats = grid.points().0;
    let off = lats.iter().zip(&out[0]).map(|(ours, theirs)| (ours - f64::from(*theirs)).abs()).fold(0.0, f64::max);
    assert!(off < 0.001, "latitudes differ by {off}");
    let (lat, lon) = target.points();
    let given = [&lat, &lon].map(|values| values.iter().map(|v| *v as f32).collect::<Vec<_>>());
    let (mut x, mut y) = (vec![0.0; in_target], vec![0.0; in_target]);
    let mut found = [vec![0.0; in_target], vec![0.0; in_target]];
    let located = in_turns(
        ROUNDS,
        [&mut || timed(|| Ok(grid.locate_all(&lat, &lon, &mut x, &mut y)?)), &mut || {
            timed(|| Ok(theirs.locate_into(&given, &mut found)?))
        }],
    )?;
    let off = x.iter().zip(&found[0]).map(|(ours, theirs)| (ours - f64::from(*theirs)).abs()).fold(0.0, f64::max);
    assert!(off < 0.1, "columns differ by {off}");
    add(section, "columns and rows of positions", in_target, located);

    for (name, degree, method) in DEGREES {
        let how = Interpolation { degree, extrapolation: Outside::Value(0.0) };
        let options = Options::new(method).extrapolate(Extrapolation::Value(0.0));
        let field: Vec<f32> = field(SOURCE).into_iter().map(|v| v as f32).collect();
        let (mut given, mut theirs) = (field.clone(), vec![0.0; in_target]);
        let mut mine = vec![0.0_f32; in_target];
        let first = in_turns(
            ROUNDS,
            [
                &mut || {
                    let (_, [from, to]) = new.borrow_mut().pair()?;
                    timed(|| Ok(Regrid::new(&from, &to, &options)?.apply_into(&field, None, &mut mine)?))
                },
                &mut || {
                    let ([from, to], _) = new.borrow_mut().pair()?;
                    timed(|| Ok(from.interpolate_into(&to, how, &mut given, &mut theirs)?))
                },
            ],
        )?;
        add(section, &format!("{name}, first"), in_target, first);

        let ([from, to], grids) = new.borrow_mut().pair()?;
        let regrid = Regrid::new(&grids[0], &grids[1], &options)?;
        from.interpolate_into(&to, how, &mut given, &mut theirs)?;
        let again = in_turns(
            3 * ROUNDS,
            [&mut || timed(|| Ok(regrid.apply_into(&field, None, &mut mine)?)), &mut || {
                timed(|| Ok(from.interpolate_into(&to, how, &mut given, &mut theirs)?))
            }],
        )?;
        // Nothing is timed that does not do the same, but for the nearest of two points at the same distance.
        theirs.fill(0.0);
        from.interpolate_into(&to, how, &mut given, &mut theirs)?;
        let different = differ(&mine, &theirs);
        assert!(different * 100 <= in_target, "{name}: {different} values differ");
        add(section, &format!("{name}, repeated"), in_target, again);
    }
    Ok(())
}

/// Two threads against one.
#[allow(clippy::cast_possible_truncation, reason = "rounding to single precision is meant")]
fn threads(librmn: Librmn, in_target: usize) -> Outcome<Section> {
    let columns = ["what", "one thread ms", "two threads ms", "ratio"];
    let mut section = Section::new("Grids: two threads", THREADS, &columns);
    let specs = [source(librmn, 0), target(librmn, 0)];
    let [from, to] = [ours(&specs[0])?, ours(&specs[1])?];
    let (lat, lon) = to.points();
    let field: Vec<f32> = field(SOURCE).into_iter().map(|v| v as f32).collect();
    let options = [Method::Linear, Method::Cubic].map(Options::new);
    let regrids = [Regrid::new(&from, &to, &options[0])?, Regrid::new(&from, &to, &options[1])?];
    let pools = [1, 2].map(|threads| rayon::ThreadPoolBuilder::new().num_threads(threads).build());
    let [Ok(one), Ok(two)] = pools else { return Err("no threads".into()) };
    let memory = std::sync::Mutex::new([vec![0.0; from.len()], vec![0.0; from.len()]]);
    let positions = || {
        let [lat, lon] = &mut *memory.lock().map_err(|_| "a thread has died")?;
        Ok(from.points_into(lat, lon)?)
    };
    let places = || {
        let (mut x, mut y) = (vec![0.0; in_target], vec![0.0; in_target]);
        Ok(from.locate_all(&lat, &lon, &mut x, &mut y)?)
    };
    let apply = |k: usize| regrids[k].apply(&field, None).map(drop);
    let work: [(&str, &(dyn Fn() -> Outcome<()> + Sync)); 6] = [
        ("positions", &positions),
        ("columns and rows of positions", &places),
        ("linear, first", &|| Ok(Regrid::new(&from, &to, &options[0])?.apply(&field, None).map(drop)?)),
        ("cubic, first", &|| Ok(Regrid::new(&from, &to, &options[1])?.apply(&field, None).map(drop)?)),
        ("linear, repeated", &|| Ok(apply(0)?)),
        ("cubic, repeated", &|| Ok(apply(1)?)),
    ];
    for (what, work) in work {
        let [alone, both] =
            in_turns(ROUNDS, [&mut || one.install(|| elapsed(work)), &mut || two.install(|| elapsed(work))])?;
        let cell = |time: Duration| format!("{:.1}", 1e3 * time.as_secs_f64());
        section.rows.push(vec![what.to_owned(), cell(alone), cell(both), format!("{:.2}", ratio(both, alone))]);
    }
    Ok(section)
}
