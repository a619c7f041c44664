//! The arrays that were given to librmn, where the values in its files are not those any more.

use std::{collections::BTreeMap, fs, path::Path};

use rpnfst::{Array, Element, Record, Writable, ndarray::ArrayD};
use rpnfst_codecs::missing;
use serde_json::Value;

use super::{Fixture, npz::Npz};

/// Arrays by the name of their pattern and their dimensions.
#[derive(Default)]
pub struct Inputs(BTreeMap<(String, [usize; 3]), Vec<Input>>);

enum Input {
    F32(ArrayD<f32>),
    F64(ArrayD<f64>),
}

impl Inputs {
    /// Those beside the XDF file of the same name.
    pub fn of(fixture: &Fixture) -> Self {
        let mut inputs = Self::default();
        let name = fixture.path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let sibling = fixture.path.with_file_name("../xdf").join(name);
        let sibling = if sibling.parent().is_some_and(Path::is_dir) { sibling } else { fixture.path.clone() };
        let Ok(npz) = Npz::open(&sibling.with_extension("npz")) else { return inputs };
        let json: Value = json(&sibling.with_extension("json"));
        for record in json["records"].as_array().into_iter().flatten() {
            let Some(name) = record["input_npz"].as_str() else { continue };
            let dims = ["ni", "nj", "nk"]
                .map(|dim| record[dim].as_u64().and_then(|n| usize::try_from(n).ok()).expect("small"));
            let input = npz.array(name).map(Input::F32).or_else(|| npz.array(name).map(Input::F64));
            let Some(input) = input else { continue }; // integers: the file holds them
            let etiket = record["etiket"].as_str().expect("text").to_owned();
            inputs.0.entry((etiket, dims)).or_default().push(input);
        }
        inputs
    }

    /// What a record may have been made from.
    pub fn candidates(&self, record: &Record) -> Vec<Box<dyn Writable>> {
        let dims = [record.ni(), record.nj(), record.nk()].map(|n| usize::try_from(n).expect("small"));
        let found = self.0.get(&(record.etiket().as_str().to_owned(), dims));
        found
            .into_iter()
            .flatten()
            .map(|input| match input {
                Input::F32(array) => data(array, dims),
                Input::F64(array) => data(array, dims),
            })
            .collect()
    }
}

/// With librmn's special values as missing ones, as it was asked to take them.
fn data<T: Element>(array: &ArrayD<T>, dims: [usize; 3]) -> Box<dyn Writable> {
    let values: Vec<T> = array.t().iter().copied().collect(); // Fortran order
    let mask = missing::flagged(&values);
    let data = Array::new(values, dims.into()).expect("as many as points");
    Box::new(match mask {
        Some(mask) => data.with_missing(mask).expect("a bit each"),
        None => data,
    })
}

fn json(path: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(path).expect("json")).expect("json")
}
