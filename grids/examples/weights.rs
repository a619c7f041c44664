//! Times the weights from one grid of longitudes and latitudes to another: `weights METHOD NI NJ NI NJ`.
//!
//! `METHOD` is `conservative` or `linear`. Grids are global, of type A. Prints one line of JSON: seconds for the weights, seconds to apply them
//! to one field, weights.

use std::time::Instant;

use rpnfst_grids::{
    Error, Grid,
    regrid::{self, Method, Normalize, Options, Regrid, SkipMissing},
};

fn main() -> Result<(), Error> {
    let mut arguments = std::env::args().skip(1);
    let method = arguments.next().unwrap_or_default();
    let mut sizes = arguments.map(|size| size.parse::<usize>().unwrap_or(0));
    let mut grid = || Grid::new(b'A', sizes.next().unwrap_or(0), sizes.next().unwrap_or(0), [0; 4]);
    let (source, target) = (grid()?, grid()?);
    let field = vec![1.5_f32; source.len()];
    let mut out = vec![0.0_f32; target.len()];
    let begin = Instant::now();
    let (made, count) = if method == "conservative" {
        let matrix = regrid::conservative(&source, &target, None, None, Normalize::FracArea)?;
        let made = begin.elapsed();
        matrix.apply(&field, None, SkipMissing::default(), &mut out)?;
        (made, matrix.len())
    } else {
        let regrid = Regrid::new(&source, &target, &Options::new(Method::Linear))?;
        let made = begin.elapsed();
        regrid.apply_into(&field, None, &mut out)?;
        (made, 4 * target.len())
    };
    let applied = begin.elapsed().saturating_sub(made);
    println!("{{\"seconds\":{},\"apply\":{},\"weights\":{count}}}", made.as_secs_f64(), applied.as_secs_f64());
    Ok(())
}
