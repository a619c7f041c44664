//! The format of `numpy.save`, version 1.0: a header in Python's notation, then the values.

use std::io::{self, Write};

use rpnfst::Field;

use crate::number::dims;

/// Writes a field: Fortran order, shape `(ni, nj, nk)`, or `(ni, nj)` when nk is 1; `(n,)` for binary records that do
/// not hold one word a point.
pub(crate) fn write(field: &Field, out: &mut impl Write) -> io::Result<()> {
    let (ni, nj, nk) = dims(field);
    let shape = if (ni, nj, nk) != field.dims() {
        format!("({ni},)")
    } else if nk == 1 {
        format!("({ni}, {nj})")
    } else {
        format!("({ni}, {nj}, {nk})")
    };
    out.write_all(&header(field.values().kind().dtype(), true, &shape)?)?;
    out.write_all(&field.values().to_le_bytes())
}

/// Magic, version, length and text, padded so that the values begin at a multiple of 64 bytes.
pub(super) fn header(dtype: &str, fortran: bool, shape: &str) -> io::Result<Vec<u8>> {
    let order = if fortran { "True" } else { "False" };
    let text = format!("{{'descr': '{dtype}', 'fortran_order': {order}, 'shape': {shape}, }}");
    let length = (10 + text.len() + 1).next_multiple_of(64) - 10;
    let length = u16::try_from(length).map_err(io::Error::other)?;
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    bytes.extend(length.to_le_bytes());
    bytes.extend(text.bytes());
    bytes.resize(10 + usize::from(length) - 1, b' ');
    bytes.push(b'\n');
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    #[test]
    fn header_is_aligned() {
        let header = super::header("<f4", true, "(12, 8)").expect("short");
        assert_eq!(header.len() % 64, 0);
        assert!(
            header
                .starts_with(b"\x93NUMPY\x01\x00\x76\x00{'descr': '<f4', 'fortran_order': True, 'shape': (12, 8), }  ")
        );
        assert!(header.ends_with(b" \n"));
    }
}
