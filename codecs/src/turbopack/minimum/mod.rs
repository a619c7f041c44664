//! Method 3: each tile is its minimum and unsigned differences from it.

mod decode;
mod encode;

pub(crate) use decode::Minimum;
pub(crate) use encode::{encode, length};

/// Size of the width code of a tile.
const FIELD: u32 = 4;
