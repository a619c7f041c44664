//! The unit of lengths and positions, and how large they can be.

use crate::error::{Error, FileName, Result};

/// The reference library keeps positions in signed 32-bit words of 4 bytes: 8 GiB, in units of 8 bytes.
pub(super) const MAX_UNITS: u64 = 1 << 30;
/// Longest record in units of 8 bytes.
pub(super) const MAX_RECORD: u64 = 0xFF_FFFF;

/// A position or length in units of 8 bytes; all of a file fit in 32 bits because of [`MAX_UNITS`].
pub(super) fn units(bytes: u64) -> u32 {
    u32::try_from(bytes / 8).unwrap_or(u32::MAX)
}

/// Whether a record of `length` bytes can be at byte `offset`.
pub(super) fn check_limits(name: &FileName, offset: u64, length: u64) -> Result<()> {
    if length / 8 > MAX_RECORD {
        return Err(full(name, "an XDF record has at most 128 MiB; use RSF"));
    }
    if (offset + length) / 8 > MAX_UNITS {
        return Err(full(name, "an XDF file has at most 8 GiB; use RSF"));
    }
    Ok(())
}

pub(super) fn full(name: &FileName, what: &str) -> Error {
    Error::Full { path: name.to_owned(), what: what.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_of_128_mib_in_files_of_8_gib() {
        let longest = 8 * MAX_RECORD;
        assert!(check_limits(&FileName::MEMORY, 208, longest).is_ok());
        assert!(check_limits(&FileName::MEMORY, 208, longest + 8).is_err_and(|e| e.to_string().contains("128 MiB")));
        assert!(check_limits(&FileName::MEMORY, 8 * MAX_UNITS - 80, 80).is_ok());
        assert!(
            check_limits(&FileName::MEMORY, 8 * MAX_UNITS - 72, 80).is_err_and(|e| e.to_string().contains("8 GiB"))
        );
    }
}
