//! A machine without the memory that an array needs: an error, the process goes on.
#![cfg(target_os = "linux")]

use std::process::Command;

use rpnfst::{Array, Attributes, Error, File, MemoryFile, WriteOptions, Writer};

/// Set in the process that has little memory.
const LITTLE: &str = "RPNFST_TEST_LITTLE_MEMORY";
/// Its address space, in units of 1024 bytes.
const ROOM: u32 = 1_500_000;
/// First slot of the directory.
const ENTRY: usize = 208 + 32;

#[test]
fn arrays_beyond_memory() -> Result<(), Box<dyn std::error::Error>> {
    if std::env::var_os(LITTLE).is_none() {
        let script = format!("ulimit -v {ROOM}; exec \"$0\" --exact memory::arrays_beyond_memory");
        let child = Command::new("sh").arg("-c").arg(script).arg(std::env::current_exe()?).env(LITTLE, "1").output()?;
        assert!(child.status.success(), "{:?} {}", child.status, String::from_utf8_lossy(&child.stderr));
        return Ok(());
    }
    // Six million bytes that can be, as a compressed field, two thousand million.
    let memory = MemoryFile::new();
    let mut writer: Writer = WriteOptions::new().create_sink(memory.clone())?;
    let record = writer.write(&Attributes::new("BIG"), &Array::words(&vec![0; 1_500_000], (1_500_000, 1, 1))?)?;
    writer.close()?;
    let mut bytes = memory.to_vec();
    for header in [ENTRY, usize::try_from(record.file_offset())?] {
        bytes[header + 11] = 16;
        bytes[header + 12..header + 16].copy_from_slice(&(23_000_u32 << 8 | u32::from(b'X')).to_be_bytes());
        bytes[header + 16..header + 20].copy_from_slice(&(23_000_u32 << 8 | 0x82).to_be_bytes());
    }
    let file = File::from_bytes(bytes)?;
    let error = file.read(&file.records()[0]).expect_err("there is no such memory");
    assert!(matches!(error, Error::Record { .. }) && error.to_string().contains("out of memory"), "{error}");
    Ok(())
}
