//! What librmn 20.1 reads as other values is not written unless it is asked for: type 130 with 16 bits.

use crate::common::{path_in, stdout};

/// librmn 19.5 misreads bytes of less than 8 bits into bytes.
#[test]
fn bytes_have_8_bits_in_xdf() {
    let folder = tempfile::tempdir().expect("a folder");
    let csv = path_in(&folder, "a.csv");
    std::fs::write(&csv, "0,1\n1,0\n").expect("written");
    for (container, expected) in [("xdf", "2,8\n"), ("xdf-seq", "2,8\n"), ("rsf", "2,1\n")] {
        let path = path_in(&folder, container);
        stdout(&["mk", &path, "--container", container, "--data", &csv, "--dtype", "u1", "--nomvar", "MK"]);
        assert_eq!(types(&path), expected, "{container}");
    }
}

fn types(path: &str) -> String {
    stdout(&["ls", "--csv", "--no-header", "--columns", "datyp,nbits", path])
}

#[test]
fn values_of_16_bits_are_not_compressed() {
    let folder = tempfile::tempdir().expect("a folder");
    let u4 = "cases/interop/u4.npy";
    for container in ["xdf", "rsf"] {
        let path = path_in(&folder, container);
        stdout(&["mk", &path, "--container", container, "--data", u4, "--nomvar", "TT"]);
        assert_eq!(types(&path), "2,16\n", "{container}");
        let explicit = path_in(&folder, &format!("{container}.explicit"));
        stdout(&[
            "mk",
            &explicit,
            "--container",
            container,
            "--data",
            u4,
            "--nomvar",
            "TT",
            "--datyp",
            "130",
            "--nbits",
            "16",
        ]);
        assert_eq!(types(&explicit), "2,16\n", "{container}");
        for more in [&["--compress"][..], &["--compress", "--best"], &["--datyp", "130"]] {
            let copy = path_in(&folder, &format!("{container}.copy"));
            stdout(&[&["cp", &path, "-f", "-o", &copy], more].concat());
            assert_eq!(types(&copy), "2,16\n", "{container} {more:?}");
        }
        // As librmn itself does when it is asked to.
        let asked = path_in(&folder, &format!("{container}.asked"));
        stdout(&["cp", &path, "-o", &asked, "--datyp", "130", "--rules", "librmn20"]);
        assert_eq!(types(&asked), "130,16\n", "{container}");
        assert_eq!(stdout(&["diff", &path, &asked, "--ignore", "datyp"]), "1 identical\n");
    }
    // A copy keeps its bits.
    let copy = path_in(&folder, "copy.rsf");
    stdout(&["cp", "cases/interop/compressed.rsf", "-o", &copy]);
    assert_eq!(types(&copy), "130,16\n");
    let plain = path_in(&folder, "plain.rsf");
    stdout(&["cp", "cases/interop/compressed.rsf", "-o", &plain, "--uncompress"]);
    assert_eq!(types(&plain), "2,16\n");
}
