//! Files of `numpy.save` and `numpy.savez`.

mod archive;
mod header;
mod npz;
mod read;
mod write;

pub(crate) use self::{
    archive::Archive,
    npz::{Npz, Numbers},
    read::{Array, read},
    write::write,
};
