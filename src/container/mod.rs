//! The two containers of standard files, XDF and RSF, and what they have in common.

pub(crate) mod contents;
pub(crate) mod detect;
pub(crate) mod extents;
mod parse;
pub(crate) mod problem;
pub(crate) mod rsf;
pub(crate) mod scan;
pub(crate) mod xdf;
