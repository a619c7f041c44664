//! The error of the crate.

/// Its own result.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a grid, a coordinate or a regridding could not be made.
///
/// ```
/// use rpnfst_grids::{Error, Grid};
/// assert!(matches!(Grid::new(b'Z', 3, 3, [1, 2, 3, 0]), Err(Error::NeedsMore { letter: 'Z', .. })));
/// ```
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No grid has this letter.
    #[error("no grid type has the letter {letter:?}")]
    Letter {
        /// The letter found.
        letter: char,
    },
    /// The letter alone does not describe a grid: axes, arrays or a table are part of it.
    #[error("a grid of type {letter} needs {what}")]
    NeedsMore {
        /// The letter found.
        letter: char,
        /// What describes it.
        what: &'static str,
    },
    /// A parameter of the descriptor is outside what it may be.
    #[error("grid type {letter}: {name} is {value}, {reason}")]
    Descriptor {
        /// The letter of the grid.
        letter: char,
        /// The parameter.
        name: &'static str,
        /// Its value.
        value: f64,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The dimensions do not make a grid of this type.
    #[error("a grid of type {letter} and size {ni} x {nj}: {reason}")]
    Size {
        /// The letter of the grid.
        letter: char,
        /// Columns.
        ni: usize,
        /// Rows.
        nj: usize,
        /// What is wrong with them.
        reason: &'static str,
    },
    /// An axis is empty, not finite or does not run one way.
    #[error("axis {name}: {reason} at position {position}")]
    Axis {
        /// Which one.
        name: &'static str,
        /// The first position, from 1, that is wrong.
        position: usize,
        /// What is wrong there.
        reason: &'static str,
    },
    /// A slice has another length than the grid or its companion.
    #[error("{what}: {found} values, expected {expected}")]
    Length {
        /// Which slice.
        what: &'static str,
        /// Its length.
        found: usize,
        /// The length asked for.
        expected: usize,
    },
    /// A grid of this type cannot do what was asked.
    #[error("a grid of type {letter} has no {what}")]
    Unsupported {
        /// The letter of the grid.
        letter: char,
        /// What it lacks.
        what: &'static str,
    },
    /// A record or table that describes something is damaged or contradicts itself.
    #[error("{what}: {reason}")]
    Invalid {
        /// Which one.
        what: &'static str,
        /// What is wrong with it.
        reason: String,
    },
}

impl Error {
    /// A parameter outside what it may be.
    pub(crate) fn descriptor(letter: u8, name: &'static str, value: f64, reason: &'static str) -> Self {
        Self::Descriptor { letter: char::from(letter), name, value, reason }
    }
}
