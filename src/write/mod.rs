//! Writing files: one [`Writer`] for all containers.
//!
//! [`WriteOptions`] opens a file and makes a [`Writer`]. A record is written from its [`Attributes`] and its values
//! (an [`Array`](crate::Array) or a [`Field`](crate::Field)), or copied from another file with its payload as it is.

mod attributes;
mod batch;
mod choose;
mod claim;
mod copy;
mod encode;
mod identities;
mod label;
mod open;
mod options;
mod records;
mod rewrite;
mod same;
mod steps;
mod writer;

pub use self::{attributes::Attributes, claim::Claim, options::WriteOptions, rewrite::Rewrite, writer::Writer};
