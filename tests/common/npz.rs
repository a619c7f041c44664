//! Arrays that `numpy.savez` kept, by name.

use std::{
    fs,
    io::{self, Read as _},
    path::Path,
};

use flate2::read::DeflateDecoder;
use rpnfst::ndarray::{ArrayD, IxDyn, ShapeBuilder as _};

/// A file of arrays: an archive of `.npy` files.
pub struct Npz(Vec<u8>);

/// Elements that arrays have.
pub trait Number: Sized {
    const DTYPE: &'static str;
    fn numbers(bytes: &[u8]) -> Vec<Self>;
}

macro_rules! numbers {
    ($($type:ident $dtype:literal),*) => {$(
        impl Number for $type {
            const DTYPE: &'static str = $dtype;
            fn numbers(bytes: &[u8]) -> Vec<Self> {
                bytes.as_chunks().0.iter().map(|bytes| Self::from_le_bytes(*bytes)).collect()
            }
        }
    )*};
}
numbers!(u32 "<u4", f32 "<f4", f64 "<f8");

impl Npz {
    pub fn open(path: &Path) -> io::Result<Self> {
        fs::read(path).map(Self)
    }

    /// An array; `None` when it is not there, or has elements of another type.
    pub fn array<T: Number>(&self, name: &str) -> Option<ArrayD<T>> {
        let npy = self.member(&format!("{name}.npy"))?;
        let (header, values) = npy.get(10..)?.split_at(short(&npy, 8));
        let header = std::str::from_utf8(header).ok()?;
        let value = |key: &str| header.split_once(&format!("'{key}': ")).map(|(_, rest)| rest);
        if !value("descr")?.starts_with(&format!("'{}'", T::DTYPE)) {
            return None;
        }
        let axes = value("shape")?.strip_prefix('(')?.split(')').next()?.split(',').map(str::trim);
        let shape: Vec<usize> = axes.filter(|axis| !axis.is_empty()).map(str::parse).collect::<Result<_, _>>().ok()?;
        let shape = IxDyn(&shape).set_f(value("fortran_order")?.starts_with("True"));
        ArrayD::from_shape_vec(shape, T::numbers(values)).ok()
    }

    /// A file of the archive, as its central directory says.
    fn member(&self, name: &str) -> Option<Vec<u8>> {
        let Self(zip) = self;
        let end = zip.len() - 22;
        assert!(zip[end..].starts_with(b"PK\x05\x06"), "an archive without a comment");
        let mut entry = long(zip, end + 16);
        while zip[entry..].starts_with(b"PK\x01\x02") {
            let [method, length, extra, comment] = [10, 28, 30, 32].map(|at| short(zip, entry + at));
            if zip[entry + 46..].starts_with(name.as_bytes()) && length == name.len() {
                let local = long(zip, entry + 42);
                let begin = local + 30 + short(zip, local + 26) + short(zip, local + 28);
                let stored = &zip[begin..begin + long(zip, entry + 20)];
                let mut bytes = Vec::new();
                match method {
                    0 => bytes.extend_from_slice(stored),
                    _ => drop(DeflateDecoder::new(stored).read_to_end(&mut bytes).expect("deflated")),
                }
                return Some(bytes);
            }
            entry += 46 + length + extra + comment;
        }
        None
    }
}

fn short(bytes: &[u8], at: usize) -> usize {
    u16::from_le_bytes([bytes[at], bytes[at + 1]]).into()
}

fn long(bytes: &[u8], at: usize) -> usize {
    short(bytes, at) | short(bytes, at + 2) << 16
}
