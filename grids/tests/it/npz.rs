//! Test vectors: arrays that `numpy.savez` kept, and the JSON beside them that lists their cases.
#![allow(dead_code, reason = "each subject uses its part")]

#[path = "../../../tests/common/archive.rs"]
#[allow(clippy::duplicate_mod, reason = "tests of the core read arrays of two forms")]
mod archive;

use std::{fs, path::PathBuf};

use serde_json::Value;

/// A set of test vectors: `NAME.npz` and `NAME.json`.
pub struct Set {
    zip: Vec<u8>,
    /// What the JSON says.
    pub json: Value,
}

/// One array, its values as doubles, the last axis fastest.
#[derive(Debug, Clone)]
pub struct Array {
    pub shape: Vec<usize>,
    pub values: Vec<f64>,
}

/// The folder of a family of vectors, "grids" or "vertical": all of them below `RPNFST_FIXTURES`, else those kept in `testdata`.
pub fn folder(family: &str) -> PathBuf {
    let full = std::env::var_os("RPNFST_FIXTURES").map(|root| PathBuf::from(root).join("fixtures").join(family));
    full.filter(|path| path.is_dir()).unwrap_or_else(|| {
        // Of this crate, or of the one that has the folder itself.
        let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
        let own = root.join("testdata").join(family);
        if own.is_dir() { own } else { root.join("../testdata").join(family) }
    })
}

impl Set {
    /// Reads a set of `fixtures/grids`.
    pub fn open(name: &str) -> Self {
        Self::open_in("grids", name)
    }

    /// Reads a set of a family.
    pub fn open_in(family: &str, name: &str) -> Self {
        let path = |ending| folder(family).join(format!("{name}.{ending}"));
        Self {
            zip: fs::read(path("npz")).unwrap(),
            json: serde_json::from_slice(&fs::read(path("json")).unwrap()).unwrap(),
        }
    }

    /// An archive alone.
    pub fn archive(zip: Vec<u8>) -> Self {
        Self { zip, json: Value::Null }
    }

    /// The cases that the JSON lists.
    pub fn cases(&self) -> &[Value] {
        self.json["cases"].as_array().unwrap()
    }

    /// The array of a case, `KEY_NAME` in the archive.
    pub fn of(&self, case: &Value, name: &str) -> Array {
        self.array(&format!("{}_{name}", case["key"].as_str().unwrap()))
    }

    /// The values of [`of`](Self::of).
    pub fn values(&self, case: &Value, name: &str) -> Vec<f64> {
        self.of(case, name).values
    }

    /// An array by its whole name.
    pub fn array(&self, name: &str) -> Array {
        self.find(name).unwrap_or_else(|| panic!("no array {name}"))
    }

    /// An array by its whole name, if it is there.
    pub fn find(&self, name: &str) -> Option<Array> {
        let npy = archive::member(&self.zip, &format!("{name}.npy"))?;
        let (header, bytes) = npy.get(10..)?.split_at(archive::short(&npy, 8));
        let header = std::str::from_utf8(header).ok()?;
        let value = |key: &str| header.split_once(&format!("'{key}': ")).map(|(_, rest)| rest);
        let first_fastest = value("fortran_order")?.starts_with("True");
        let axes = value("shape")?.strip_prefix('(')?.split(')').next()?.split(',').map(str::trim);
        let shape = axes.filter(|axis| !axis.is_empty()).map(str::parse).collect::<Result<Vec<usize>, _>>().ok()?;
        let values: Vec<f64> = match value("descr")?.get(1..4)? {
            "<f4" => bytes.as_chunks().0.iter().map(|b| f32::from_le_bytes(*b).into()).collect(),
            "<f8" => bytes.as_chunks().0.iter().map(|b| f64::from_le_bytes(*b)).collect(),
            "<i4" => bytes.as_chunks().0.iter().map(|b| i32::from_le_bytes(*b).into()).collect(),
            "<u4" => bytes.as_chunks().0.iter().map(|b| u32::from_le_bytes(*b).into()).collect(),
            "<i8" => bytes.as_chunks().0.iter().map(|b| i64::from_le_bytes(*b) as f64).collect(),
            "|u1" | "|b1" => bytes.iter().map(|b| f64::from(*b)).collect(),
            other => panic!("{name} has elements of type {other}"),
        };
        assert_eq!(values.len(), shape.iter().product::<usize>(), "{name}");
        let values = match shape[..] {
            [rows, columns] if first_fastest => {
                (0..rows * columns).map(|n| values[(n % columns) * rows + n / columns]).collect()
            }
            _ => values,
        };
        assert!(!first_fastest || shape.len() <= 2, "{name} has the order of Fortran");
        Some(Array { shape, values })
    }
}

/// A number of a case.
pub fn number(case: &Value, key: &str) -> f64 {
    case[key].as_f64().unwrap()
}

/// A list of numbers of a case.
pub fn numbers(case: &Value, key: &str) -> Vec<f64> {
    case[key].as_array().unwrap().iter().map(|value| value.as_f64().unwrap()).collect()
}

impl Set {
    /// A set of a family that has no JSON beside it.
    pub fn alone(family: &str, name: &str) -> Self {
        let zip = fs::read(folder(family).join(format!("{name}.npz"))).unwrap();
        Self { zip, json: Value::Null }
    }

    /// The bytes of the elements of an array, and the name of their type.
    fn raw(&self, name: &str) -> Option<(String, Vec<u8>)> {
        let npy = archive::member(&self.zip, &format!("{name}.npy"))?;
        let (header, bytes) = npy.get(10..)?.split_at(archive::short(&npy, 8));
        let header = std::str::from_utf8(header).ok()?;
        Some((header.split('\'').nth(3)?.to_owned(), bytes.to_vec()))
    }

    /// The words of an array of 64-bit integers.
    pub fn words(&self, name: &str) -> Vec<u64> {
        let (kind, bytes) = self.raw(name).unwrap();
        assert_eq!(kind, "<u8", "{name}");
        bytes.as_chunks().0.iter().map(|b| u64::from_le_bytes(*b)).collect()
    }

    /// A text.
    pub fn text(&self, name: &str) -> String {
        let (kind, bytes) = self.raw(name).unwrap();
        assert!(kind.starts_with("<U"), "{name} is {kind}");
        let characters = bytes.as_chunks().0.iter().map(|b| char::from_u32(u32::from_le_bytes(*b)).unwrap());
        characters.filter(|c| *c != '\0').collect()
    }
}
