//! Opening files, finding records in them and reading their values.
//!
//! [`OpenOptions`] reads the directories and makes a [`File`], which has the records of one or more files. Everything after
//! that takes `&File`: reading values, checking the structure, describing the file. [`Salvage`] is for damaged files.

mod check;
mod derived;
mod info;
mod member;
#[cfg(feature = "serde")]
mod metadata;
mod open;
mod opened;
mod options;
mod read;
mod refresh;
mod salvage;
mod settle;

pub use self::{
    info::Info,
    member::Member,
    opened::File,
    options::{Limits, OpenOptions},
    read::{FillMissing, LostPlanes, ReadOptions},
    refresh::Changes,
    salvage::{Origin, Salvage},
};

pub(crate) use self::settle::read_settled;
