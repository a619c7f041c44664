//! A file that another program cuts short while it is mapped ended the work on all others (`SIGBUS`).

use std::{
    fs,
    process::{Command, Stdio},
    time::Duration,
};

use rpnfst::{Container, Data, NewRecord, WriteOptions};

use crate::common::{copied, json_lines, out, path_in};

#[test]
fn the_other_files_are_still_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let (large, small) = (path_in(&folder, "large.rsf"), copied(&folder, "xdf/same_name.std"));
    let mut writer = WriteOptions::new().container(Container::Rsf).create(&large).expect("a new file");
    let values = vec![1.0_f32; 1 << 20];
    for ip1 in 0..32 {
        let record = NewRecord::new("TT").ip1(ip1).data_type(rpnfst::DataType::new(5)).pack_bits(32);
        writer.write(&record, &Data::new(&values, (1 << 10, 1 << 10, 1)).expect("dims")).expect("written");
    }
    writer.close().expect("closed");
    let child = Command::new(env!("CARGO_BIN_EXE_rpnfst"))
        .args(["digest", "--json", "-j", "1", &large, &small])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it runs");
    // It has opened the file, and works on 128 MiB of values.
    std::thread::sleep(Duration::from_millis(300));
    fs::OpenOptions::new().write(true).open(&large).expect("there").set_len(1 << 20).expect("cut");
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let lines = json_lines(&out(&output));
    assert_eq!(lines.iter().filter(|line| line["path"] == small.as_str()).count(), 44);
}
