//! Packing values into the payload of a record.

use rpnfst_codecs::{BaseType, DataType, PackRequest, Stored, Threads};

use super::{attributes::Attributes, choose::choose, options::WriteOptions};
use crate::{
    error::{Error, FieldError, Result},
    field::Writable,
    record::Container,
};

/// Appends the payload of a record.
pub(super) fn encode(
    attributes: &Attributes,
    data: &(impl Writable + ?Sized),
    container: Container,
    options: &WriteOptions,
    threads: Threads,
    out: &mut Vec<u8>,
) -> Result<Stored> {
    let failed = |source| Error::Encode { nomvar: attributes.name().to_string(), source };
    let choice = choose(attributes, data, container).map_err(failed)?;
    check_missing(data, choice.data_type)?;
    let special = if choice.look_for_special { data.special() } else { None };
    let packing = PackRequest {
        data_type: choice.data_type,
        pack_bits: choice.pack_bits,
        shape: data.shape(),
        order: container.word_order(),
        rules: options.rules,
        compression: options.compression,
        missing: data.mask().or(special.as_ref()),
    };
    data.encode(&packing, threads, out).map_err(failed)
}

/// Refuses a mask that the data type cannot store: it would be lost silently.
fn check_missing(data: &(impl Writable + ?Sized), data_type: DataType) -> Result<(), FieldError> {
    use BaseType::{Ieee, Quantized, Real, Signed, Unsigned};
    let possible = matches!(data_type.base(), Real | Unsigned | Signed | Ieee | Quantized);
    if possible && data_type.has_missing() || !data.mask().is_some_and(rpnfst_codecs::Mask::any) {
        return Ok(());
    }
    let what = if possible {
        let (code, flag) = (data_type.code(), DataType::MISSING_FLAG);
        let with = code | flag;
        format!(
            "values are missing, but type {data_type} has no flag for them: ask for type {with} ({code} + {flag}), or for none"
        )
    } else {
        format!("values are missing, but type {data_type} cannot have a flag for them; 1, 2, 4, 5 and 6 can")
    };
    Err(FieldError { field: "data_type", what })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Array, field::Mask};

    #[test]
    fn a_mask_needs_a_type_that_can_store_it() -> Result<()> {
        let mask: Mask = [false, true].into_iter().collect();
        let data = Array::new(&[1.0_f32, 2.0], (2, 1, 1))?.with_missing(mask)?;
        let refused = check_missing(&data, DataType::new(5)).expect_err("no flag 64");
        assert!(refused.to_string().starts_with("data_type: "), "{refused}");
        assert!(refused.to_string().contains("ask for type 69 (5 + 64), or for none"), "{refused}");
        for code in [0, 3, 7, 8] {
            let refused = check_missing(&data, DataType::new(code)).expect_err("cannot be missing");
            assert!(refused.to_string().contains("cannot have a flag"), "{refused}");
        }
        assert_eq!(check_missing(&data, DataType::new(5 | 64)), Ok(()));
        let none = Array::new(&[1.0_f32, 2.0], (2, 1, 1))?.with_missing([false, false].into_iter().collect())?;
        assert_eq!(check_missing(&none, DataType::new(5)), Ok(()));
        Ok(())
    }
}
