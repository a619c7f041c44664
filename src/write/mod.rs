//! Writing files: one [`Writer`] for all containers.

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
mod writer;

pub use self::{
    attributes::NewRecord,
    claim::Claim,
    data::{Data, Encode},
    options::WriteOptions,
    rewrite::Rewrite,
    writer::Writer,
};
