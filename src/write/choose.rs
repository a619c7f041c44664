//! Which type and how many bits a record gets when the caller does not say.

use rpnfst_codecs::{DataType, ElementKind, EncodeError, Mask, full_width};

use super::attributes::Attributes;
use crate::{field::Writable, record::Container};

/// What to ask the packer for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Choice {
    pub(super) data_type: DataType,
    pub(super) pack_bits: u8,
    /// Whether NaN and default special values are missing ones: the caller asked for the flag and gave no mask.
    pub(super) look_for_special: bool,
}

/// # Errors
/// When the largest number of an integer type is there beside missing values, for which it would be taken.
pub(super) fn choose(
    attributes: &Attributes,
    data: &(impl Writable + ?Sized),
    container: Container,
) -> Result<Choice, EncodeError> {
    let (data_type, pack_bits) = match (attributes.data_type.or(data.natural_type()), attributes.pack_bits) {
        (Some(data_type), Some(bits)) => (data_type, bits),
        (Some(data_type), None) => (data_type, full_width(data_type, data.kind())),
        (None, bits) => data.lossless(bits, container.word_order())?,
    };
    let masked = data.mask().is_some_and(Mask::any);
    let with_flag = DataType::new(data_type.code() | DataType::MISSING_FLAG);
    let automatic = attributes.data_type.is_none() && masked && can_be_missing(data.kind());
    Ok(Choice {
        data_type: if automatic { with_flag } else { data_type },
        pack_bits,
        look_for_special: data_type.has_missing() && data.mask().is_none(),
    })
}

fn can_be_missing(kind: ElementKind) -> bool {
    !matches!(kind, ElementKind::Complex32 | ElementKind::Complex64)
}
