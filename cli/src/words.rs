//! What the elements of a record are: numbers, or raw words and characters, which are none.

use rpnfst::{BaseType, ElementKind, Field, Record};

use crate::args::WordsAs;

/// What can be done with the elements of a field.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Meaning {
    Numbers,
    /// Raw words (datyp 0) of which nothing is known: equal to others or not.
    Words,
    /// Types 3 and 7: equal to others or not.
    Characters,
}

impl Meaning {
    /// For messages.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Numbers => "numbers",
            Self::Words => "raw words",
            Self::Characters => "characters",
        }
    }
}

/// Takes raw words for what `--words-as` says, or for what they are known to be.
pub(crate) fn taken(record: &Record, field: Field, said: Option<WordsAs>) -> (Field, Meaning) {
    let kind = match record.data_type().base() {
        BaseType::Characters | BaseType::String => return (field, Meaning::Characters),
        BaseType::Raw => said.map(kind_of).or_else(|| record.words_kind()),
        _ => return (field, Meaning::Numbers),
    };
    let Some(kind) = kind else { return (field, Meaning::Words) };
    match field.bits_as(kind) {
        Ok(field) => (field, Meaning::Numbers),
        Err(field) => (field, Meaning::Words),
    }
}

pub(crate) const fn kind_of(said: WordsAs) -> ElementKind {
    match said {
        WordsAs::F4 => ElementKind::F32,
        WordsAs::I4 => ElementKind::I32,
        WordsAs::U4 => ElementKind::U32,
    }
}
