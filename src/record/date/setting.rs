//! Names of calendars, which are the values of librmn's environment variable `NEWDATE_OPTIONS`.

use std::{fmt, str::FromStr};

use thiserror::Error;

use super::Calendar;

impl Calendar {
    /// All calendars.
    pub const ALL: [Self; 3] = [Self::Gregorian, Self::NoLeap, Self::Days360];

    /// `gregorian`, `365_day` or `360_day`, as librmn's option `year=` has them.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Gregorian => "gregorian",
            Self::NoLeap => "365_day",
            Self::Days360 => "360_day",
        }
    }

    /// The calendar in a value of librmn's environment variable `NEWDATE_OPTIONS`, such as `year=365_day` (section
    /// 3.6);
    /// `None` when it names none. The first `year=` counts; other options are ignored.
    ///
    /// ```
    /// use rpnfst::record::Calendar;
    /// assert_eq!(Calendar::from_newdate_options("year=365_day")?, Some(Calendar::NoLeap));
    /// # Ok::<(), rpnfst::record::date::UnknownCalendar>(())
    /// ```
    ///
    /// # Errors
    /// When there is no such calendar. librmn ignores it.
    pub fn from_newdate_options(options: &str) -> Result<Option<Self>, UnknownCalendar> {
        let year = options.split([',', ';', ' ', '\t', '\n']).find_map(|option| {
            let (name, value) = option.split_once('=')?;
            name.eq_ignore_ascii_case("year").then_some(value)
        });
        year.map(str::parse).transpose()
    }
}

impl fmt::Display for Calendar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// The error of a calendar's name that is not known.
///
/// ```
/// use rpnfst::record::Calendar;
/// assert_eq!("julian".parse::<Calendar>().unwrap_err().name, "julian");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{name:?} is not a calendar: there are gregorian, 365_day and 360_day")]
pub struct UnknownCalendar {
    /// The name that was given.
    pub name: String,
}

impl FromStr for Calendar {
    type Err = UnknownCalendar;

    /// The [name](Self::name), in any case.
    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|calendar| calendar.name().eq_ignore_ascii_case(name));
        found.ok_or_else(|| UnknownCalendar { name: name.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for calendar in Calendar::ALL {
            assert_eq!(calendar.to_string().parse(), Ok(calendar));
        }
        assert_eq!("365_DAY".parse(), Ok(Calendar::NoLeap));
        assert!("365".parse::<Calendar>().is_err());
    }

    /// What librmn 19.5 takes of these was observed; `year=xyz` it passes over.
    #[test]
    fn newdate_options() {
        for (options, expected) in [
            ("", None),
            ("debug", None),
            ("365_day", None),
            ("year = 365_day", None),
            ("year=365_day", Some(Calendar::NoLeap)),
            ("YEAR=365_DAY", Some(Calendar::NoLeap)),
            ("year=gregorian", Some(Calendar::Gregorian)),
            ("debug,year=360_day", Some(Calendar::Days360)),
            ("debug;year=360_day", Some(Calendar::Days360)),
            (" debug year=360_day ", Some(Calendar::Days360)),
        ] {
            assert_eq!(Calendar::from_newdate_options(options), Ok(expected), "{options}");
        }
        assert_eq!(Calendar::from_newdate_options("year=xyz"), Err(UnknownCalendar { name: "xyz".to_owned() }));
    }
}
