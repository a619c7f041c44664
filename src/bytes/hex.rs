//! Bytes in tests, as a commented hexadecimal dump.

/// The bytes of a dump: hexadecimal digits, and from `;` to the end of a line a comment.
pub(crate) fn hex(dump: &str) -> Vec<u8> {
    let digits = dump.lines().filter_map(|line| line.split(';').next()).flat_map(str::chars);
    let digits: Vec<u8> = digits.filter_map(|digit| u8::try_from(digit.to_digit(16)?).ok()).collect();
    digits.chunks(2).map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit)).collect()
}
