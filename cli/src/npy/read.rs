//! Arrays that numpy wrote, whatever the version of the file, the element type and its byte order.

use std::{
    fs::{File, Metadata},
    io::{self, BufReader, Read},
    path::Path,
};

use rpnfst::Values;

use super::header::{ByteOrder, ElementType, Header};

/// The longest header that is read. Headers of numbers take about a hundred bytes, those of records are longer.
const LONGEST_HEADER: u32 = 1 << 20;
/// How many bytes of values are converted at a time.
const CHUNK: usize = 1 << 16;

/// Values in the order in which they are in memory.
#[derive(Debug)]
pub(crate) struct Array {
    pub(crate) values: Values,
    pub(crate) shape: Vec<usize>,
    /// Whether the first axis is the fastest, and not the last.
    pub(crate) fortran: bool,
}

/// Reads an `.npy` file.
pub(crate) fn read(path: &Path) -> Result<Array, String> {
    let file = File::open(path).map_err(|e| e.to_string())?;
    // A pipe has no length.
    let length = file.metadata().ok().filter(Metadata::is_file).map(|metadata| metadata.len());
    read_from(BufReader::new(file), length)
}

pub(super) fn read_from(mut file: impl Read, length: Option<u64>) -> Result<Array, String> {
    let (text, begin) = header_text(&mut file).map_err(|e| format!("not a numpy array: {e}"))?;
    let Header { element, fortran, shape } = Header::parse(&text)?;
    let count = shape.iter().try_fold(1_usize, |count, axis| count.checked_mul(*axis));
    let count = count.ok_or_else(|| "an axis is too long".to_owned())?;
    let data = Data { file, order: element.order, count, left: length.map(|length| length.saturating_sub(begin)) };
    let values = data.values(&element)?.map_err(|e| format!("damaged: {e}"))?;
    Ok(Array { values, shape, fortran })
}

/// The text of the header, and where the values begin.
fn header_text(file: &mut impl Read) -> io::Result<(String, u64)> {
    let mut begin = [0; 8];
    file.read_exact(&mut begin).map_err(|e| match e.kind() {
        io::ErrorKind::UnexpectedEof => wrong("magic not found"),
        _ => e,
    })?;
    let [magic @ .., major, minor] = begin;
    if magic != *b"\x93NUMPY" {
        return Err(wrong("magic not found"));
    }
    let (length, width) = match (major, minor) {
        (1, 0) => (u16::from_le_bytes(bytes(file)?).into(), 2),
        (2 | 3, 0) => (u32::from_le_bytes(bytes(file)?), 4),
        _ => return Err(wrong(&format!("unsupported version {major}.{minor}"))),
    };
    if length > LONGEST_HEADER {
        return Err(wrong(&format!("a header of {length} bytes, at most {LONGEST_HEADER} are read")));
    }
    let mut text = Vec::new();
    file.take(length.into()).read_to_end(&mut text)?;
    if text.len() as u64 != u64::from(length) {
        return Err(wrong(&format!("the header of {length} bytes ends after {}", text.len())));
    }
    let text = String::from_utf8(text).map_err(|_| wrong("the header is not UTF-8"))?;
    Ok((text, 8 + width + u64::from(length)))
}

fn bytes<const N: usize>(file: &mut impl Read) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    file.read_exact(&mut bytes)?;
    Ok(bytes)
}

fn wrong(message: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, message)
}

/// What lies behind the header.
struct Data<R> {
    file: R,
    order: ByteOrder,
    /// How many elements.
    count: usize,
    /// How many bytes, where that is known.
    left: Option<u64>,
}

impl<R: Read> Data<R> {
    fn values(self, element: &ElementType) -> Result<io::Result<Values>, String> {
        macro_rules! numbers {
            ($variant:ident, $type:ty) => {
                self.elements(<$type>::from_le_bytes, <$type>::from_be_bytes).map(Values::$variant)
            };
        }
        macro_rules! pairs {
            ($variant:ident, $type:ty, $size:literal) => {
                self.elements(
                    |bytes: [u8; $size]| halves(&bytes).map(<$type>::from_le_bytes),
                    |bytes| halves(&bytes).map(<$type>::from_be_bytes),
                )
                .map(Values::$variant)
            };
        }
        Ok(match (element.kind, element.size) {
            ('b', 1) => numbers!(U8, u8).and_then(booleans),
            ('u', 1) => numbers!(U8, u8),
            ('i', 1) => numbers!(I8, i8),
            ('u', 2) => numbers!(U16, u16),
            ('i', 2) => numbers!(I16, i16),
            ('u', 4) => numbers!(U32, u32),
            ('i', 4) => numbers!(I32, i32),
            ('u', 8) => numbers!(U64, u64),
            ('i', 8) => numbers!(I64, i64),
            ('f', 4) => numbers!(F32, f32),
            ('f', 8) => numbers!(F64, f64),
            ('c', 8) => pairs!(Complex32, f32, 8),
            ('c', 16) => pairs!(Complex64, f64, 16),
            _ => {
                let advice = "cannot be stored; convert them, to float32 for instance";
                return Err(format!("elements of type {element} {advice}"));
            }
        })
    }

    /// Converts elements of `N` bytes. Nothing is allocated for bytes that are not there.
    fn elements<const N: usize, T>(mut self, little: fn([u8; N]) -> T, big: fn([u8; N]) -> T) -> io::Result<Vec<T>> {
        let convert = if self.order == ByteOrder::Big { big } else { little };
        let mut values = Vec::new();
        if let Some(left) = self.left {
            let needed = (self.count as u64).checked_mul(N as u64).filter(|needed| *needed <= left);
            if needed.is_none() {
                let count = self.count;
                return Err(wrong(&format!("{count} elements of {N} bytes, but {left} bytes behind the header")));
            }
            values.try_reserve_exact(self.count)?;
        }
        let mut chunk = vec![0; CHUNK];
        while values.len() < self.count {
            let elements = (self.count - values.len()).min(CHUNK / N);
            let bytes = &mut chunk[..elements * N];
            self.file.read_exact(bytes)?;
            values.extend(bytes.as_chunks().0.iter().copied().map(convert));
        }
        Ok(values)
    }
}

/// Real and imaginary part.
fn halves<const N: usize>(bytes: &[u8]) -> [[u8; N]; 2] {
    let (halves, _) = bytes.as_chunks();
    [halves[0], halves[1]]
}

/// Bytes that are 0 or 1.
fn booleans(values: Values) -> io::Result<Values> {
    match values.as_slice::<u8>().and_then(|bytes| bytes.iter().find(|byte| **byte > 1)) {
        Some(byte) => Err(wrong(&format!("{byte} for a boolean"))),
        None => Ok(values),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file of that version.
    fn npy(version: u8, descr: &str, shape: &str, data: &[u8]) -> Vec<u8> {
        let text = format!("{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}, }}\n");
        let length = u32::try_from(text.len()).expect("short").to_le_bytes();
        let length = if version == 1 { &length[..2] } else { &length };
        [b"\x93NUMPY", &[version, 0][..], length, text.as_bytes(), data].concat()
    }

    /// What is read, where the length of the file is known and where it is not.
    fn both(bytes: &[u8]) -> Result<Array, String> {
        let [piped, stored] = [None, Some(bytes.len() as u64)].map(|length| read_from(bytes, length));
        assert_eq!(piped.as_ref().map(|a| &a.values).ok(), stored.as_ref().map(|a| &a.values).ok());
        stored
    }

    #[test]
    fn a_file_of_numpy_is_read() {
        let bytes = b"\x93NUMPY\x01\x00\x76\x00{'descr': '<f4', 'fortran_order': True, 'shape': (2, 1), }\
            \x20                                                          \n\0\0\x80\x3f\0\0\0\xc0";
        let array = both(bytes).expect("sound");
        assert_eq!(array.values, Values::F32(vec![1.0, -2.0]));
        assert_eq!((array.shape, array.fortran), (vec![2, 1], true));
    }

    #[test]
    fn each_type_is_read_in_each_version_and_byte_order() {
        let data: Vec<u8> = (0..32).collect();
        for version in 1..=3 {
            let of = |element: &str| {
                let bytes = npy(version, &format!("'{element}'"), "(2,)", &data);
                both(&bytes).unwrap_or_else(|e| panic!("{element}: {e}")).values
            };
            assert_eq!(of("|b1"), Values::U8(vec![0, 1]));
            assert_eq!(of("|u1"), Values::U8(vec![0, 1]));
            assert_eq!(of("<i1"), Values::I8(vec![0, 1]));
            assert_eq!((of("<u2"), of(">u2")), (Values::U16(vec![0x0100, 0x0302]), Values::U16(vec![0x0001, 0x0203])));
            assert_eq!((of("<i2"), of(">i2")), (Values::I16(vec![0x0100, 0x0302]), Values::I16(vec![0x0001, 0x0203])));
            assert_eq!(of("<u4"), Values::U32(vec![0x0302_0100, 0x0706_0504]));
            assert_eq!(of(">u4"), Values::U32(vec![0x0001_0203, 0x0405_0607]));
            assert_eq!(of(">i4"), Values::I32(vec![0x0001_0203, 0x0405_0607]));
            assert_eq!(of("<u8"), Values::U64(vec![0x0706_0504_0302_0100, 0x0f0e_0d0c_0b0a_0908]));
            assert_eq!(of(">i8"), Values::I64(vec![0x0001_0203_0405_0607, 0x0809_0a0b_0c0d_0e0f]));
            let singles = [0x0001_0203, 0x0405_0607, 0x0809_0a0b, 0x0c0d_0e0f].map(f32::from_bits);
            assert_eq!(of(">f4"), Values::F32(singles[..2].to_vec()));
            assert_eq!(of(">c8"), Values::Complex32(vec![[singles[0], singles[1]], [singles[2], singles[3]]]));
            let doubles = [0x0706_0504_0302_0100, 0x0f0e_0d0c_0b0a_0908].map(f64::from_bits);
            assert_eq!(of("<f8"), Values::F64(doubles.to_vec()));
            let more = [0x1716_1514_1312_1110, 0x1f1e_1d1c_1b1a_1918].map(f64::from_bits);
            assert_eq!(of("<c16"), Values::Complex64(vec![doubles, more]));
        }
    }

    #[test]
    fn a_long_array_is_read_in_pieces() {
        let values: Vec<u16> = (0..40_000).collect();
        let data: Vec<u8> = values.iter().flat_map(|value| value.to_be_bytes()).collect();
        assert_eq!(both(&npy(1, "'>u2'", "(200, 200)", &data)).expect("sound").values, Values::U16(values));
    }

    #[test]
    fn damaged_files_are_named() {
        let sound = npy(2, "'<f4'", "(3,)", &[0; 12]);
        for length in 0..sound.len() {
            assert!(both(&sound[..length]).is_err(), "{length} bytes");
        }
        assert!(both(&[&sound[..], b"more"].concat()).is_ok());
        let check = |bytes: &[u8], message: &str| {
            let error = both(bytes).expect_err("damaged");
            assert!(error.starts_with(message), "{message}: {error}");
        };
        check(b"\x93NUMPX\x01\x00", "not a numpy array: magic not found");
        check(b"\x93NUMPY\x04\x00", "not a numpy array: unsupported version 4.0");
        check(b"\x93NUMPY\x02\x00\xff\xff\xff\xff", "not a numpy array: a header of 4294967295 bytes");
        check(b"\x93NUMPY\x01\x00\x05\x00{", "not a numpy array: the header of 5 bytes ends after 1");
        check(b"\x93NUMPY\x01\x00\x01\x00\xff", "not a numpy array: the header is not UTF-8");
        check(
            &npy(1, "'<f4'", "(1000, 1000, 1000)", &[0; 16]),
            "damaged: 1000000000 elements of 4 bytes, but 16 bytes",
        );
        check(&npy(1, "'<f8'", "(4294967296, 4294967296)", &[0; 16]), "an axis is too long");
        check(&npy(1, "'<f8'", "(4294967296, 2147483648)", &[0; 16]), "damaged: ");
        check(&npy(1, "'|b1'", "(2,)", &[1, 2]), "damaged: 2 for a boolean");
        check(&npy(1, "'<f2'", "(1,)", &[0; 2]), "elements of type <f2 cannot be stored; convert them");
        check(&npy(1, "'<U3'", "(1,)", &[0; 12]), "elements of type <U3 cannot be stored");
        check(&npy(1, "[('a', '<f4')]", "(1,)", &[0; 4]), "elements are records ([('a', '<f4')])");
    }
}
