//! The numbers of positional records.

use rpnfst_codecs::BaseType;

use crate::{
    error::Result,
    file::{File, ReadOptions},
    record::Record,
};

impl File {
    /// The values of a positional record, ni fastest. Some programs store reals as raw words of 32 bits: the words are read as
    /// reals then.
    ///
    /// # Errors
    /// See [`File::read`].
    pub(super) fn axis(&self, record: &Record) -> Result<Vec<f64>> {
        let options = ReadOptions::new();
        if record.data_type().base() == BaseType::Raw {
            let words = self.read_as::<u32>(record, &options)?;
            return Ok(words.values().iter().map(|word| f64::from(f32::from_bits(*word))).collect());
        }
        Ok(self.read_as::<f64>(record, &options)?.values().to_vec())
    }
}
