//! rpnfst beside librmn (`cross_`), and the oracle alone (`self_`).

mod common;
#[allow(dead_code, reason = "media for the other tests")]
#[path = "../../../tests/common/media.rs"]
mod media;
#[path = "../../../tests/common/payload.rs"]
mod payload;

mod cross_decode;
mod cross_encode;
mod cross_files;
mod cross_read;
mod cross_values;
mod cross_write;
mod grids_codec;
mod grids_geometry;
mod grids_interpolation;
mod grids_winds;
mod levels;
mod self_child;
mod self_files;
mod self_grids;
mod self_roundtrip;
mod self_values;
