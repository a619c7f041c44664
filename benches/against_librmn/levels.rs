//! Pressures of model levels.

use std::path::Path;

use rpnfst_grids::levels::{Levels, Quantity, Recipe, Vcode};
use rpnfst_oracle::Librmn;

use crate::{
    Outcome,
    report::Section,
    timing::{elapsed, in_turns, ratio},
};

const POINTS: usize = 2540 * 1290;
const LEVELS: u16 = 80;
const ROUNDS: usize = 5;

const TEXT: &str = "Pressures of 80 hybrid levels (5005) over 2,540 x 1,290 points, values of 32 bits, beside the exponential alone of as many \
                    values (the C library's, in single\nand in double precision: formulas are in double), each into the same memory; time on \
                    the wall. Ratio: how many times faster the pressures are there.";

pub fn levels(_: Librmn, _: &Path) -> Outcome<Vec<Section>> {
    let columns = ["threads", "pressures ms", "exp f32 ms", "ratio", "exp f64 ms", "ratio"];
    let mut section = Section::new("Pressures of levels", TEXT, &columns);
    let hybrid: Vec<f32> = (1..=LEVELS).map(|k| 0.001 + 0.994 * (f32::from(k) / f32::from(LEVELS)).powi(2)).collect();
    let recipe = Recipe::new(Vcode::Hybrid5005, &hybrid).reference(100_000.0).coefficients(&[3.0, 15.0]);
    let levels = Levels::generate(&recipe.diagnostic(10.0, 1.5, 10.0))?;
    // Without the surface and the diagnostic level.
    let ip1: Vec<u32> = levels.momentum_ip1().into_iter().take(LEVELS.into()).collect();
    let surface: Vec<f32> = (0_u16..).cycle().take(POINTS).map(|k| 60_000.0 + 0.7 * f32::from(k)).collect();
    // Logarithms of pressures: the exponential gives the pressures again.
    let logarithms = levels.compute(&ip1, &surface, None, Quantity::Logarithm)?;
    let mut out = [(); 3].map(|()| vec![0.0_f32; logarithms.len()]);
    for threads in [1, std::thread::available_parallelism()?.get()] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build()?;
        let [ours, singles, doubles] = &mut out;
        let [pressures, single, double] = in_turns(
            ROUNDS,
            [
                &mut || {
                    elapsed(|| Ok(pool.install(|| levels.compute_into(&ip1, &surface, None, Quantity::Level, ours))?))
                },
                &mut || pool.install(|| elapsed(|| Ok(each(&logarithms, singles, f32::exp)))),
                #[allow(clippy::cast_possible_truncation, reason = "rounding to single precision is meant")]
                &mut || pool.install(|| elapsed(|| Ok(each(&logarithms, doubles, |x| f64::from(x).exp() as f32)))),
            ],
        )?;
        let ms = |time: std::time::Duration| format!("{:.0}", 1e3 * time.as_secs_f64());
        let [of_single, of_double] = [single, double].map(|time| format!("{:.2}", ratio(pressures, time)));
        section.rows.push(vec![threads.to_string(), ms(pressures), ms(single), of_single, ms(double), of_double]);
    }
    let apart = |(ours, theirs): (&f32, &f32)| (ours - theirs).abs() / theirs;
    let apart = out[0].iter().zip(&out[2]).map(apart).fold(0.0, f32::max);
    assert!(apart < 1e-5, "pressures differ by {apart}");
    Ok(vec![section])
}

/// A function of each value, in pieces for the threads that there are; how many values.
fn each(from: &[f32], to: &mut [f32], function: impl Fn(f32) -> f32 + Sync) -> usize {
    use rayon::prelude::*;
    const PIECE: usize = 1 << 16;
    to.par_chunks_mut(PIECE).zip(from.par_chunks(PIECE)).for_each(|(to, from)| {
        to.iter_mut().zip(from).for_each(|(to, from)| *to = function(*from));
    });
    to.len()
}
