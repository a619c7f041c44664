//! What can be wrong with a vertical coordinate.

use super::Vcode;
use crate::ip::IpError;

/// Why a vertical coordinate cannot be read, made or computed.
///
/// ```
/// use rpnfst_grids::levels::{LevelError, Vcode};
/// assert_eq!(Vcode::from_number(5017), Err(LevelError::UnknownVcode(5017)));
/// ```
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum LevelError {
    /// A table of a coordinate that is not known.
    #[error("vertical coordinate {0} is not known")]
    UnknownVcode(i64),
    /// A table whose words contradict each other.
    #[error("table of a vertical coordinate: {0}")]
    Table(String),
    /// A parameter that is missing or has a value that it cannot have.
    #[error("vertical coordinate {}: {what}", .vcode.number())]
    Parameter {
        /// The coordinate.
        vcode: Vcode,
        /// What was found and what can be.
        what: String,
    },
    /// No list of the coordinate has the level.
    #[error("vertical coordinate {} has no level with ip1 {ip1}", .vcode.number())]
    NoLevel {
        /// The coordinate.
        vcode: Vcode,
        /// The code that was sought.
        ip1: u32,
    },
    /// A surface field that the formula needs was not given.
    #[error("vertical coordinate {} needs the field {field}", .vcode.number())]
    MissingField {
        /// The coordinate.
        vcode: Vcode,
        /// The name of the field.
        field: String,
    },
    /// Slices whose lengths do not fit.
    #[error("{what} has {found} values, not {expected}")]
    Length {
        /// Which slice.
        what: &'static str,
        /// Its length.
        found: usize,
        /// What fits.
        expected: usize,
    },
    /// A quantity that the coordinate does not define, such as the logarithm of a height.
    #[error("vertical coordinate {} has no {quantity}", .vcode.number())]
    Undefined {
        /// The coordinate.
        vcode: Vcode,
        /// What was asked for.
        quantity: &'static str,
    },
    /// Records of a file without a table that do not make one coordinate.
    #[error("levels without a table: {0}")]
    Old(String),
    /// A height or pressure outside of the standard atmosphere.
    #[error("{value} {unit} is outside of the standard atmosphere")]
    OutsideAtmosphere {
        /// The value.
        value: f64,
        /// Its unit.
        unit: &'static str,
    },
    /// A level that has no code, or a code that is no level.
    #[error(transparent)]
    Ip(#[from] IpError),
}

/// Result of this module.
pub type Result<T, E = LevelError> = core::result::Result<T, E>;
