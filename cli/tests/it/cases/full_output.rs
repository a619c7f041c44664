//! 137,856 lines said that an XDF file has at most 262144 records, one for each record that came after.

use rpnfst::{Array, Attributes, Writer};

use crate::common::{err, path_in, run, stdout};

#[test]
fn the_first_error_that_all_others_share_ends_the_work() {
    let folder = tempfile::tempdir().expect("a folder");
    let [half, out] = ["half.std", "out.std"].map(|name| path_in(&folder, name));
    let mut writer = Writer::create(&half).expect("a file");
    for ip3 in 0..131_100 {
        let record = Attributes::new("TT").ip3(ip3);
        writer.write(&record, &Array::new(&[1_u32], (1, 1, 1)).expect("a value")).expect("written");
    }
    writer.close().expect("closed");
    let output = run(&["cp", &half, &half, "-o", &out]);
    let said = err(&output);
    assert_eq!((output.status.code(), said.lines().count()), (Some(2), 1), "{said}");
    assert!(said.contains("out.std: an XDF file has at most 262144 records"), "{said}");
    assert!(said.contains("--container rsf; 262144 records copied before"), "{said}");
    assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 1, "no output");
    // What is appended to keeps what it had, and takes what it can.
    stdout(&["cp", &half, "-o", &out]);
    let output = run(&["cp", &half, "-o", &out, "--append"]);
    assert_eq!((output.status.code(), err(&output).lines().count()), (Some(2), 1), "{}", err(&output));
    assert!(err(&output).contains("copy to a new file with --container rsf; 131044 records copied before"));
}
