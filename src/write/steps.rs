//! Time steps of a record to be written: given, or as many as a lead time takes.

use crate::{error::FieldError, record::words::MAX_24};

/// The number of time steps (npas), or the lead time that they make.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Steps {
    Count(u32),
    Hours(f64),
}

impl Steps {
    /// deet and npas; for a lead time with `deet` 0, the longest step that an hour and the lead time are multiples of.
    pub(super) fn resolve(self, deet: u32) -> Result<(u32, u32), FieldError> {
        let hours = match self {
            Self::Count(npas) => return Ok((deet, npas)),
            Self::Hours(hours) => hours,
        };
        let error = |what: String| FieldError { field: "hour", what };
        let exact = hours * 3600.0;
        let seconds = exact.round();
        let most = f64::from(MAX_24) * f64::from(MAX_24);
        if !seconds.is_finite() {
            return Err(error(format!("{hours} h is no number of seconds")));
        }
        if !(0.0..=most).contains(&seconds) {
            let why = if seconds < 0.0 { "before the origin".to_owned() } else { format!("above {most} s") };
            return Err(error(format!("{hours} h is no number of seconds that can be stored: it is {why}")));
        }
        if (exact - seconds).abs() > 1e-6 * seconds.max(1.0) {
            return Err(error(format!("{hours} h is no number of whole seconds: it is {exact} s")));
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a whole number below 2^48")]
        let seconds = seconds as u64;
        let deet = if deet == 0 { greatest_common_divisor(3600, seconds) } else { deet.into() };
        let npas = seconds / deet;
        if npas * deet != seconds {
            return Err(error(format!("{hours} h is no whole number of steps of {deet} s")));
        }
        // What does not fit is refused with the name of its field.
        let [deet, npas] = [deet, npas].map(|value| u32::try_from(value).unwrap_or(u32::MAX));
        Ok((deet, npas))
    }
}

fn greatest_common_divisor(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { greatest_common_divisor(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::write::Attributes;

    #[test]
    fn lead_times_become_whole_steps() {
        for (hours, deet, expected) in [
            (0.0, 0, (3600, 0)),
            (6.0, 0, (3600, 6)),
            (7.5, 0, (1800, 15)),
            (0.1, 0, (360, 1)),
            (6.0, 300, (300, 72)),
            (1.0 / 3.0, 0, (1200, 1)),
            (240.0, 7200, (7200, 120)),
        ] {
            assert_eq!(Steps::Hours(hours).resolve(deet), Ok(expected), "{hours}");
        }
        assert_eq!(Steps::Count(5).resolve(7), Ok((7, 5)));
    }

    #[test]
    fn a_lead_time_is_found_and_ip2_is_not_one() {
        let found = |record: &Attributes| {
            let memory = crate::MemoryFile::new();
            let mut writer = crate::WriteOptions::new().create_sink(memory).expect("a file");
            let values = crate::Array::new(&[0_u8], (1, 1, 1)).expect("values");
            let written = writer.write(record, &values).expect("written");
            crate::Query::new().hours(6.0..=6.0).matches(&written)
        };
        assert!(found(&Attributes::new("TT").hour(6.0)));
        assert!(found(&Attributes::new("TT").deet(300).hour(6.0)));
        assert!(!found(&Attributes::new("TT").ip2_hours(6.0)));
        assert!(!found(&Attributes::new("TT").hour(6.0).npas(0)));
    }

    #[test]
    fn what_is_no_lead_time_is_refused() {
        for (hours, deet, part) in [
            (-1.0, 0, "-1 h is no number"),
            (f64::NAN, 0, "NaN h is no number"),
            (f64::INFINITY, 300, "inf h is no number"),
            (-1.0, 0, "before the origin"),
            (1e12, 0, "above 281474943156225 s"),
            (1e-4, 0, "0.0001 h is no number"),
            (1.0 / 7.0, 0, "it is 514.28"),
            (6.1, 300, "6.1 h is no whole number of steps of 300 s"),
        ] {
            let error = Attributes::new("TT").deet(deet).hour(hours).check().expect_err(part);
            assert!(error.to_string().contains(part), "{error}");
        }
        let error = Attributes::new("TT").deet(1).hour(1e5).check().expect_err("too many steps");
        assert_eq!(error.field, "npas");
    }
}
