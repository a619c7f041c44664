//! RPN standard files (FST, FSTD) of Environment and Climate Change Canada's weather and climate models, in pure Rust:
//! no librmn, no Fortran.
#![doc = include_str!("../docs/guide.md")]

#[cfg(feature = "ndarray")]
mod array;
mod container;
mod detect;
mod directory;
mod error;
mod extents;
mod field;
mod file;
#[cfg(feature = "serde")]
mod metadata;
mod on_disk;
mod problem;
mod query;
mod read;
pub mod record;
mod rsf;
mod salvage;
mod sink;
mod source;
mod view;
mod write;
mod xdf;

#[cfg(feature = "ndarray")]
pub use ndarray;
pub use rpnfst_codecs as codecs;
pub use rpnfst_codecs::{Compression, DataType, Element, ElementKind, Rules, Threads};

pub use crate::{
    detect::Foreign,
    error::{Error, FieldError, RecordError, RecordId, Result},
    field::{Field, Values},
    file::{File, Info, Limits, OpenOptions},
    problem::{Problem, Severity},
    query::{Query, QueryError},
    read::{LostPlanes, Mask, Missing, ReadOptions},
    record::{Container, IntField, Record, TextField},
    salvage::{Origin, Salvage},
    sink::{MemoryFile, WriteAt},
    source::{ReadAt, Source},
    write::{Claim, Data, Encode, NewRecord, Rewrite, WriteOptions, Writer},
};

/// Details of the containers, as [`File::info`] gives them.
pub mod info {
    pub use crate::{
        container::Details,
        rsf::{Segment, SegmentKind},
        xdf::{Header, Page},
    };
}

/// The examples of the pages that readers see first compile.
#[cfg(all(doctest, feature = "ndarray", feature = "serde"))]
#[doc = include_str!("../README.md")]
#[doc = include_str!("../docs/from-rmn-tools.md")]
pub struct Pages;
