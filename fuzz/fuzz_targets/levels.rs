//! Any words as a table of a vertical coordinate: an error, or a coordinate that can be used and comes back.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rpnfst::grids::levels::{Columns, Levels, Quantity, Table};

fuzz_target!(|input: (bool, Vec<u64>, f32)| {
    let (wide, words, surface) = input;
    let Ok(table) = Table::new(if wide { 4 } else { 3 }, words) else { return };
    let Ok(levels) = Levels::from_table(table.clone()) else { return };
    assert_eq!(levels.table(), Some(&table));
    let _ = levels.header();
    let ip1 = [levels.momentum_ip1(), levels.thermodynamic_ip1(), levels.vertical_velocity_ip1()].concat();
    let surface = [surface, 95_000.0];
    for quantity in [Quantity::Level, Quantity::Logarithm, Quantity::PerSurface] {
        let Ok(values) = levels.compute(&ip1, &surface, Some(&surface), quantity) else { continue };
        assert_eq!(values.len(), 2 * ip1.len());
        let plan = Columns::pressures(&values, ip1.len()).at(&[50_000.0, f64::from(surface[0])]).expect("whole levels");
        assert_eq!(plan.apply(&values).expect("a field of the size").len(), 4);
    }
});
