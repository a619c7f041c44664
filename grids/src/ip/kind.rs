//! Kinds of ips: what a value is (a level of some kind, a time, a number), its unit, names and range.

use rpnfst_codecs::Librmn;

/// How values of a kind change upwards in the atmosphere, as librmn orders layers.
///
/// ```
/// use rpnfst_grids::ip::{Kind, Order};
/// assert_eq!((Kind::Height.order(), Kind::Pressure.order()), (Some(Order::Ascending), Some(Order::Descending)));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Order {
    /// Values grow upwards.
    Ascending,
    /// Values shrink upwards.
    Descending,
}

/// The kind of an ip: what its value is (section 4.1).
///
/// ```
/// use rpnfst_grids::ip::Kind;
/// let kind = Kind::from_code(2);
/// assert_eq!((kind, kind.name(), kind.modern_unit()), (Kind::Pressure, "pressure", "hPa"));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// 0: height above sea level, m.
    Height,
    /// 1: sigma.
    Sigma,
    /// 2: pressure, hPa.
    Pressure,
    /// 3: arbitrary code.
    Arbitrary,
    /// 4: height above ground, m.
    HeightAboveGround,
    /// 5: hybrid coordinate.
    Hybrid,
    /// 6: potential temperature, K.
    Theta,
    /// 7: depth below the surface, m (librmn 20.1 only).
    Depth,
    /// 10: time, hours.
    Hours,
    /// 15: reserved integers.
    Reserved,
    /// 17: index into a table (shares code 1).
    Index,
    /// 21: metre-pressure (shares code 5).
    MetrePressure,
    /// Any other code; never decoded. Codes up to 30 have a generic range when encoding.
    Unknown(u8),
}

impl Kind {
    /// The kind of this number; numbers without a name give [`Kind::Unknown`].
    pub const fn from_code(code: u8) -> Self {
        match code {
            0 => Self::Height,
            1 => Self::Sigma,
            2 => Self::Pressure,
            3 => Self::Arbitrary,
            4 => Self::HeightAboveGround,
            5 => Self::Hybrid,
            6 => Self::Theta,
            7 => Self::Depth,
            10 => Self::Hours,
            15 => Self::Reserved,
            17 => Self::Index,
            21 => Self::MetrePressure,
            other => Self::Unknown(other),
        }
    }

    /// The number of the kind.
    pub const fn code(self) -> u8 {
        match self {
            Self::Height => 0,
            Self::Sigma => 1,
            Self::Pressure => 2,
            Self::Arbitrary => 3,
            Self::HeightAboveGround => 4,
            Self::Hybrid => 5,
            Self::Theta => 6,
            Self::Depth => 7,
            Self::Hours => 10,
            Self::Reserved => 15,
            Self::Index => 17,
            Self::MetrePressure => 21,
            Self::Unknown(code) => code,
        }
    }

    /// The two-character unit text of classic listings (` m`, `sg`, `mb`, ...; two spaces for arbitrary codes, `??`
    /// for unknown kinds).
    pub const fn unit(self) -> &'static str {
        match self {
            Self::Height => " m",
            Self::Sigma => "sg",
            Self::Pressure => "mb",
            Self::Arbitrary => "  ",
            Self::HeightAboveGround => " M",
            Self::Hybrid => "hy",
            Self::Theta => "th",
            Self::Depth => "m-",
            Self::Hours => " H",
            Self::Reserved => "_0",
            Self::Index => "[]",
            Self::MetrePressure => "mp",
            Self::Unknown(31) => "_1",
            Self::Unknown(_) => "??",
        }
    }

    /// The unit as udunits writes it (`m`, `1`, `hPa`, `K`, `h`); empty when there is none or it is not known.
    pub const fn modern_unit(self) -> &'static str {
        match self {
            Self::Height | Self::HeightAboveGround | Self::Depth => "m",
            Self::Sigma | Self::Hybrid | Self::Index => "1",
            Self::Pressure => "hPa",
            Self::Theta => "K",
            Self::Hours => "h",
            Self::Arbitrary | Self::Reserved | Self::MetrePressure | Self::Unknown(_) => "",
        }
    }

    /// The unit that tells the kind in few characters, as listings show it: `hPa`, `sg`, `m agl`; empty for arbitrary
    /// codes and unknown kinds. [`Kind::from_name`] knows it.
    pub const fn short_unit(self) -> &'static str {
        match self {
            Self::Height => "m",
            Self::Sigma => "sg",
            Self::Pressure => "hPa",
            Self::HeightAboveGround => "m agl",
            Self::Hybrid => "hy",
            Self::Theta => "K",
            Self::Depth => "m deep",
            Self::Hours => "h",
            Self::Reserved => "reserved",
            Self::Index => "[]",
            Self::MetrePressure => "mp",
            Self::Arbitrary | Self::Unknown(_) => "",
        }
    }

    /// The values that an ip of this kind can have.
    ///
    /// ```
    /// use rpnfst_grids::ip::Kind;
    /// assert_eq!(Kind::Pressure.range(), (0.0, 1100.0));
    /// ```
    pub fn range(self) -> (f64, f64) {
        if self == Self::Reserved {
            return (0.0, super::LAST_RESERVED.into());
        }
        let scale = self.scale(Librmn::default());
        (scale.lo.into(), scale.hi.into())
    }

    /// A name in English.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Height => "height above sea level",
            Self::Sigma => "sigma",
            Self::Pressure => "pressure",
            Self::Arbitrary => "arbitrary code",
            Self::HeightAboveGround => "height above ground",
            Self::Hybrid => "hybrid",
            Self::Theta => "potential temperature",
            Self::Depth => "depth",
            Self::Hours => "time",
            Self::Reserved => "reserved integer",
            Self::Index => "index",
            Self::MetrePressure => "metre-pressure",
            Self::Unknown(_) => "unknown",
        }
    }

    /// Whether the kind is a level for librmn 20.1: 0 to 7 and 21.
    pub const fn is_level(self) -> bool {
        matches!(self.code(), 0..=7 | 21)
    }

    /// Whether the kind is a level for a release of librmn: depths (7) are since 20.
    pub const fn is_level_in(self, librmn: Librmn) -> bool {
        self.is_level() && (self.code() != 7 || matches!(librmn, Librmn::V20))
    }

    /// Whether the value is a time in hours.
    pub const fn is_time(self) -> bool {
        self.code() == 10
    }

    /// How layers of this kind are ordered by librmn: kinds 1, 2, 7 descend, 0, 4, 21 ascend, others
    /// have no order.
    pub const fn order(self) -> Option<Order> {
        match self.code() {
            0 | 4 | 21 => Some(Order::Ascending),
            1 | 2 | 7 => Some(Order::Descending),
            _ => None,
        }
    }

    /// The `positive` attribute of the CF conventions, for kinds that are vertical coordinates: `up` or `down`. (Hybrid
    /// is `down` and theta `up` by their nature; they have no [`order`](Self::order).)
    pub const fn positive(self) -> Option<&'static str> {
        match self.code() {
            0 | 4 | 6 | 21 => Some("up"),
            1 | 2 | 5 | 7 => Some("down"),
            _ => None,
        }
    }

    /// Whether librmn refuses the kind, whatever the value.
    pub const fn is_bad(self) -> bool {
        self.code() > 31 && self.code() % 16 != 15
    }

    pub(super) fn scale(self, librmn: Librmn) -> Scale {
        let zero = (0.0, 0.0);
        let (lo, hi, (least, replaced), factor) = match self.code() {
            0 | 4 => (-20_000.0, 100_000.0, zero, 1.0),
            1 | 5 => (0.0, 1.0, zero, 1.0),
            2 => (0.0, 1100.0, zero, 1.0),
            6 => (1.0, 200_000.0, (1.0, 1.0), 1.0),
            7 if librmn == Librmn::V20 => (0.0, 20_000.0, zero, 1.0),
            10 => (0.0, 1e10, zero, 1.0),
            17 => (1.0, 1e10, (1.0, 1.0), -1.0),
            21 => (0.0, 1e6, (1.001e-4, 0.0), 10_000.0),
            _ => (-4.8e8, 1e10, zero, 1.0),
        };
        Scale { lo, hi, least, replaced, factor }
    }
}

/// Range of a kind, its least magnitude, what decodes instead of values below that, and the factor of stored values.
pub(super) struct Scale {
    pub(super) lo: f32,
    pub(super) hi: f32,
    pub(super) least: f32,
    pub(super) replaced: f32,
    pub(super) factor: f32,
}
