//! RPN standard files (FST, FSTD) of Environment and Climate Change Canada's weather and climate models, in pure Rust:
//! no librmn, no Fortran.
#![doc = include_str!("../docs/guide.md")]

mod bytes;
mod container;
mod error;
mod field;
mod file;
pub mod geo;
mod parallel;
mod query;
pub mod record;
pub mod table;
mod write;

// Of other crates only these have types in the signatures of this one.
#[cfg(feature = "jiff")]
pub use jiff;
#[cfg(feature = "ndarray")]
pub use ndarray;
pub use rpnfst_codecs::{
    BaseType, Compression, DataType, DecodeError, Element, ElementKind, EncodeError, Librmn, Rules, Shape, Threads,
};
pub use rpnfst_grids as grids;
#[cfg(feature = "serde")]
pub use serde_json;

pub use crate::{
    bytes::{MemoryFile, ReadAt, Source, WriteAt},
    container::{Problem, Severity},
    error::{Error, FieldError, FileName, NotFst, QueryError, RecordError, RecordId, Result},
    field::{Array, Field, Mask, Values, Writable},
    file::{Changes, File, FillMissing, Info, Limits, LostPlanes, Member, OpenOptions, Origin, ReadOptions, Salvage},
    query::Query,
    record::{Container, IntField, Record, TextField},
    table::RecordTable,
    write::{Attributes, Claim, Rewrite, WriteOptions, Writer},
};

/// What [`Member::info`] tells of the containers: their structure as it is in the file, for tools that show or check it.
pub mod info {
    pub use crate::container::{
        Details,
        rsf::{Segment, SegmentKind},
        xdf::{Header, Page},
    };
}

/// The examples of the pages that readers see first compile.
#[cfg(all(doctest, feature = "ndarray", feature = "serde"))]
#[doc = include_str!("../README.md")]
#[doc = include_str!("../docs/from-rmn-tools.md")]
#[doc = include_str!("../docs/regrid.md")]
#[doc = include_str!("../docs/levels.md")]
#[doc = include_str!("../docs/grids.md")]
pub struct Pages;
