//! Steps in ranges, and what encoded ip2 and ip3 say in hours.

use crate::common::{json_lines, listed, stdout};

const INTERVALS: &str = "cases/intervals.std";

fn found(condition: &str) -> Vec<u64> {
    let lines = json_lines(&listed(&["ls", "--json", "--columns", "index", INTERVALS, "-w", condition]));
    lines.iter().filter_map(|line| line["index"].as_u64()).collect()
}

#[test]
fn steps_in_ranges() {
    for (condition, expected) in [
        ("hour=0..48/6", &[0, 1, 2, 3, 4, 5][..]),
        ("hour=0..48/12", &[1, 3, 5]),
        ("hour=6../12 h", &[0, 2, 4]),
        ("npas=0..100/4", &[1, 3, 5]),
        ("hour=0..48/12,6", &[0, 1, 2, 3, 4, 5]),
        ("ip2=0..48/6", &[2]),
        ("ip2=0..48/5", &[]),
        ("level=500..1000/500 hPa and nomvar!=PR", &[2, 3, 4]),
        ("level=100..1000/100 hPa and nomvar!=PR", &[2, 3, 4]),
        ("level=100..1000/150 hPa and nomvar!=PR", &[4]),
    ] {
        assert_eq!(found(condition), expected, "{condition}");
    }
}

#[test]
fn ips_as_hours_and_levels() {
    for (condition, expected) in [
        ("interval_begin=0", &[0][..]),
        ("interval_begin=0..48/6", &[0, 1]),
        ("interval_end=12 h", &[1]),
        ("interval_end>6", &[1]),
        ("not interval_end>=0", &[2, 3, 4, 5]),
        // Plain numbers and codes are the same hours.
        ("ip2=6 h", &[0, 2, 4]),
        ("ip2=6..12/6 h", &[0, 1, 2, 3, 4]),
        ("ip2=6", &[2]),
        ("ip2=177809344", &[0, 4, 5]),
        ("ip3=0 h", &[0]),
        ("ip3=500 hPa", &[4]),
        ("ip1=500,1000 hPa", &[2, 3, 4]),
        ("ip1=500", &[]),
    ] {
        assert_eq!(found(condition), expected, "{condition}");
    }
    let columns = ["ls", "--csv", "--columns", "interval_begin,interval_end", INTERVALS];
    assert_eq!(stdout(&columns), "interval_begin,interval_end\n0,6\n6,12\n,\n,\n,\n,\n");
}
