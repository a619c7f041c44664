//! Type 1 of values that had 64 bits in memory: librmn 20.1 gives all bits of the double, in both containers.

use crate::common::stdout;

#[test]
fn all_bits_of_the_double_are_given() {
    let [rsf, xdf] =
        ["r1.rsf", "r1copy.std"].map(|name| stdout(&["get", &format!("cases/interop/{name}"), "-i", "0", "-o", "-"]));
    assert!(rsf.contains("1,1,1,0.34547829628021276\n"), "{rsf}");
    assert_eq!(rsf, xdf);
}
