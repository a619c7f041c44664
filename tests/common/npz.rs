//! Arrays that `numpy.savez` kept, by name.

#[path = "archive.rs"]
mod archive;

use std::{fs, io, path::Path};

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
        let npy = archive::member(&self.0, &format!("{name}.npy"))?;
        let (header, values) = npy.get(10..)?.split_at(archive::short(&npy, 8));
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
}
