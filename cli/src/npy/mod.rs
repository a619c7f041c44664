//! Files of `numpy.save`.

mod header;
mod read;
mod write;

pub(crate) use self::{
    read::{Array, read},
    write::write,
};
