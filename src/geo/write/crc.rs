//! Tags of positional records, which follow from their values.

/// CRC-32 (that of zlib) of values in thousandths, as two tags above the old codes of levels.
pub(super) fn tags(values: impl Iterator<Item = f64>) -> [u32; 2] {
    #[expect(clippy::cast_possible_truncation, reason = "integers of 32 bits that wrap")]
    let words = values.map(|value| (value * 1000.0) as i64 as i32);
    let crc = crc32(words.flat_map(i32::to_le_bytes));
    [32768 + (crc & 0xFFFF), 32768 + (crc >> 16)]
}

fn crc32(bytes: impl Iterator<Item = u8>) -> u32 {
    let step = |crc: u32, _| (crc >> 1) ^ (0xEDB8_8320 & 0_u32.wrapping_sub(crc & 1));
    !bytes.fold(!0, |crc, byte| (0..8).fold(crc ^ u32::from(byte), step))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksum_of_nine_digits() {
        assert_eq!(crc32(b"123456789".iter().copied()), 0xCBF4_3926);
    }
}
