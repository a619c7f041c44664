//! `ls` shows the bits of an element in memory where the file does not say them; conditions find what it shows.

use crate::common::stdout;

#[test]
fn what_is_shown_is_found() {
    let list = |more: &[&str]| {
        let args = [&["ls", "--csv", "--no-header", "--columns", "data_bits", "xdf/from19.std"], more].concat();
        stdout(&args).lines().map(str::to_owned).collect::<Vec<_>>()
    };
    let all = list(&[]);
    assert_eq!(all.iter().filter(|bits| *bits == "32").count(), 86);
    assert_eq!(list(&["-w", "data_bits=32"]), vec!["32"; 86]);
    assert_eq!(list(&["-w", "data_bits>32"]), vec!["64"; 3]);
    assert_eq!(all.len(), 89);
}
