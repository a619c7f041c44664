//! Grids, winds, interpolation and vertical coordinates of RPN standard files: pure numbers, no files.
//!
//! A [`Grid`] says where the values of a field are; [`Turns`] turn winds between the grid and true north.
//!
//! ```
//! use rpnfst_grids::Grid;
//! # fn main() -> Result<(), rpnfst_grids::Error> {
//! // A polar stereographic grid, as a record describes it.
//! let grid = Grid::new(b'N', 100, 80, [510, 510, 2100, 600])?;
//! let (lat, lon) = grid.point(1.0, 1.0);
//! assert!((lat - 50.719988453718).abs() < 1e-9 && (lon - 204.0).abs() < 1e-9);
//! # Ok(())
//! # }
//! ```
#![deny(unsafe_code)]
#![allow(clippy::inline_always, reason = "loops vectorise only when all they call is part of them")]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::float_cmp, reason = "a failed test; exact results"))]

mod axis;
mod cloud;
mod crs;
mod cubed;
mod curvilinear;
pub mod descriptor;
mod error;
mod extent;
mod gauss;
mod geometry;
mod grid;
pub mod interp;
pub mod ip;
mod kernels;
mod kinds;
pub mod levels;
mod mesh;
mod nearest;
mod parallel;
mod projection;
mod radar;
mod real;
pub mod regrid;
pub mod sphere;
mod structured;
mod wind;
mod yinyang;

pub use self::{
    axis::{Axis, ListAxis},
    cloud::Cloud,
    crs::{Attribute, Crs, GridMapping},
    cubed::CubedSphere,
    curvilinear::Curvilinear,
    error::{Error, Result},
    gauss::{gauss_legendre, gaussian_latitudes},
    geometry::CellBounds,
    grid::{Extent, Grid},
    kinds::Geometry,
    mesh::{InTriangle, Mesh},
    nearest::{Neighbour, PointIndex},
    projection::{Lambert, LambertEntry, PolarStereographic, Projection, Rotation, Wkt},
    radar::{Radar, Station},
    real::Real,
    structured::{Domain, Structured, Wrap},
    wind::Turns,
    yinyang::YinYang,
};
