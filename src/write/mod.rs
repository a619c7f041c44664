//! Writing files: one [`Writer`] for all containers.
//!
//! [`WriteOptions`] opens a file and makes a [`Writer`]. A record is written from its [`Attributes`] and its values
//! ([`Data`], or whatever is [`Encode`]), or copied from another file with its payload as it is.

mod attributes;
mod batch;
mod choose;
mod claim;
mod copy;
mod data;
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

pub use self::{
    attributes::Attributes,
    claim::Claim,
    data::{Data, Encode},
    options::WriteOptions,
    rewrite::Rewrite,
    writer::Writer,
};
