//! The vertical coordinates that there are, and what each of them has.

use super::{LevelError, Result};

/// A vertical coordinate: 1000 times the kind of its levels, plus a version.
///
/// ```
/// use rpnfst_grids::levels::Vcode;
/// let vcode = Vcode::from_number(5005)?;
/// assert_eq!((vcode, vcode.kind(), vcode.version()), (Vcode::Hybrid5005, 5, 5));
/// assert!(vcode.is_pressure() && vcode.is_logarithmic() && vcode.is_staggered());
/// # Ok::<(), rpnfst_grids::levels::LevelError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Vcode {
    /// 1: heights of an ocean model.
    Ocean1,
    /// 1001: sigma, p = sigma ps.
    Sigma1001,
    /// 1002: eta, p = ptop (1 - eta) + eta ps.
    Eta1002,
    /// 1003: normalised hybrid.
    Hybrid1003,
    /// 1004: eta of the spectral model, whose top is not at 0. It has no table.
    Eta1004,
    /// 2001: pressure.
    Pressure2001,
    /// 4001: height above the ground.
    Height4001,
    /// 5001: hybrid, p = A + B ps.
    Hybrid5001,
    /// 5002: staggered hybrid, ln p = A + B ln(ps / pref), first thermodynamic level at the top.
    Hybrid5002,
    /// 5003: as 5002; the last thermodynamic level but one is the last momentum level.
    Hybrid5003,
    /// 5004: staggered hybrid, without a thermodynamic level above the first momentum level.
    Hybrid5004,
    /// 5005: as 5004, with diagnostic levels near the surface.
    Hybrid5005,
    /// 5100: as 5005, with a part that follows large-scale orography only.
    Sleve5100,
    /// 5999: coefficients of another model, p = A + B ps.
    Unstaggered5999,
    /// 21001: heights that follow the orography, staggered as 5005 (Charney-Phillips).
    Height21001,
    /// 21002: heights that follow the orography, with levels of vertical velocity (Lorenz).
    Height21002,
}

/// What a word of a table's header is, after `kind`, `version` and the number of header rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Word {
    Top,
    Reference,
    Coefficient(usize),
    Field,
    LargeScaleField,
}

/// How the rows of a table are shared among the lists of levels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rows {
    /// One list.
    One,
    /// m, then as many w.
    Ocean,
    /// m, then t, which has one more.
    OneMore,
    /// m, then as many t.
    Two,
    /// m, then as many w, then the diagnostic level of t.
    Lorenz,
}

const ALL: [Vcode; 16] = [
    Vcode::Ocean1,
    Vcode::Sigma1001,
    Vcode::Eta1002,
    Vcode::Hybrid1003,
    Vcode::Eta1004,
    Vcode::Pressure2001,
    Vcode::Height4001,
    Vcode::Hybrid5001,
    Vcode::Hybrid5002,
    Vcode::Hybrid5003,
    Vcode::Hybrid5004,
    Vcode::Hybrid5005,
    Vcode::Sleve5100,
    Vcode::Unstaggered5999,
    Vcode::Height21001,
    Vcode::Height21002,
];

impl Vcode {
    /// The coordinate of this number.
    ///
    /// # Errors
    /// [`LevelError::UnknownVcode`].
    pub fn from_number(number: i64) -> Result<Self> {
        let found = ALL.into_iter().find(|vcode| i64::from(vcode.number()) == number);
        found.ok_or(LevelError::UnknownVcode(number))
    }

    /// The number: 1000 times the kind, plus the version.
    pub const fn number(self) -> u32 {
        match self {
            Self::Ocean1 => 1,
            Self::Sigma1001 => 1001,
            Self::Eta1002 => 1002,
            Self::Hybrid1003 => 1003,
            Self::Eta1004 => 1004,
            Self::Pressure2001 => 2001,
            Self::Height4001 => 4001,
            Self::Hybrid5001 => 5001,
            Self::Hybrid5002 => 5002,
            Self::Hybrid5003 => 5003,
            Self::Hybrid5004 => 5004,
            Self::Hybrid5005 => 5005,
            Self::Sleve5100 => 5100,
            Self::Unstaggered5999 => 5999,
            Self::Height21001 => 21001,
            Self::Height21002 => 21002,
        }
    }

    /// The number of the kind of its levels, as in [`Kind`](crate::ip::Kind).
    pub const fn kind(self) -> u32 {
        self.number() / 1000
    }

    /// The version within the kind.
    pub const fn version(self) -> u32 {
        self.number() % 1000
    }

    /// What it is, in few English words.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ocean1 => "ocean heights",
            Self::Sigma1001 => "sigma",
            Self::Eta1002 => "eta",
            Self::Hybrid1003 => "normalised hybrid",
            Self::Eta1004 => "eta of the spectral model",
            Self::Pressure2001 => "pressure",
            Self::Height4001 => "height above ground",
            Self::Hybrid5001 => "hybrid",
            Self::Hybrid5002 | Self::Hybrid5003 | Self::Hybrid5004 => "staggered hybrid",
            Self::Hybrid5005 => "staggered hybrid with diagnostic levels",
            Self::Sleve5100 => "staggered hybrid with large-scale orography",
            Self::Unstaggered5999 => "unstaggered hybrid",
            Self::Height21001 => "hybrid height, Charney-Phillips",
            Self::Height21002 => "hybrid height, Lorenz",
        }
    }

    /// Whether its levels are pressures (Pa).
    pub const fn is_pressure(self) -> bool {
        !self.is_height()
    }

    /// Whether its levels are heights (m).
    pub const fn is_height(self) -> bool {
        matches!(self, Self::Ocean1 | Self::Height4001 | Self::Height21001 | Self::Height21002)
    }

    /// Whether its formula gives the logarithm of pressure.
    pub const fn is_logarithmic(self) -> bool {
        matches!(self, Self::Hybrid5002 | Self::Hybrid5003 | Self::Hybrid5004 | Self::Hybrid5005 | Self::Sleve5100)
    }

    /// Whether momentum and other variables have different levels.
    pub const fn is_staggered(self) -> bool {
        !matches!(self.rows(), Rows::One)
    }

    /// Whether the last level of each list is a diagnostic one: some metres above the ground.
    pub const fn has_diagnostic_levels(self) -> bool {
        matches!(self, Self::Hybrid5005 | Self::Sleve5100 | Self::Height21001 | Self::Height21002)
    }

    /// Whether the pressure at the top is a parameter. (Some tables have a word for it that says nothing.)
    pub(super) const fn has_top(self) -> bool {
        matches!(
            self,
            Self::Eta1002
                | Self::Hybrid1003
                | Self::Hybrid5001
                | Self::Hybrid5002
                | Self::Hybrid5003
                | Self::Hybrid5004
        )
    }

    /// Words of a row of the table: the code of the level and two or three coefficients.
    pub(super) const fn width(self) -> usize {
        if matches!(self, Self::Sleve5100 | Self::Height21001 | Self::Height21002) { 4 } else { 3 }
    }

    /// Header rows of the table.
    pub(super) const fn header_rows(self) -> usize {
        match self {
            Self::Ocean1 | Self::Pressure2001 | Self::Height4001 => 1,
            Self::Sigma1001 | Self::Eta1002 | Self::Eta1004 | Self::Unstaggered5999 => 2,
            _ => 3,
        }
    }

    /// What the header's words from the fourth on are; the rest is 0.
    pub(super) const fn header(self) -> &'static [Word] {
        use Word::{Coefficient as R, Field, LargeScaleField, Reference, Top};
        match self {
            Self::Ocean1 | Self::Pressure2001 | Self::Height4001 => &[],
            Self::Sigma1001 | Self::Unstaggered5999 => &[Field],
            Self::Eta1002 | Self::Eta1004 => &[Top, Field],
            Self::Hybrid1003 | Self::Hybrid5001 => &[Top, Reference, R(0), Field],
            Self::Hybrid5002 | Self::Hybrid5003 | Self::Hybrid5004 | Self::Hybrid5005 => {
                &[Top, Reference, R(0), R(1), Field]
            }
            Self::Sleve5100 => &[Top, Reference, R(0), R(1), R(2), R(3), Field, LargeScaleField],
            Self::Height21001 | Self::Height21002 => &[R(0), R(1), R(2), R(3), Field, LargeScaleField],
        }
    }

    pub(super) const fn rows(self) -> Rows {
        match self {
            Self::Ocean1 => Rows::Ocean,
            Self::Hybrid5002 | Self::Hybrid5003 => Rows::OneMore,
            Self::Hybrid5004 | Self::Hybrid5005 | Self::Sleve5100 | Self::Height21001 => Rows::Two,
            Self::Height21002 => Rows::Lorenz,
            _ => Rows::One,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back() {
        for vcode in ALL {
            assert_eq!(Vcode::from_number(i64::from(vcode.number())), Ok(vcode));
            assert!(vcode.header().len() + 3 <= vcode.width() * vcode.header_rows());
        }
        for number in [-1, 0, 2, 5000, i64::MAX] {
            assert!(Vcode::from_number(number).is_err());
        }
    }
}
