//! How much memory values may take: `--max-memory`.

use rpnfst::{Error, File, Limits, ReadOptions, Record, RecordError};

use crate::args::Global;

/// Bytes of values that are decoded before they are used, at most.
const BATCH: u64 = 256 << 20;

/// What `--max-memory` takes: a number, such as 1.5, with `K`, `M`, `G` or `T`, in powers of 1024.
pub(crate) fn parse(text: &str) -> Result<u64, String> {
    let number = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let shift = match text[number.len()..].to_ascii_uppercase().trim_end_matches("IB").trim_end_matches('B') {
        "" => Some(0),
        "K" => Some(10),
        "M" => Some(20),
        "G" => Some(30),
        "T" => Some(40),
        _ => None,
    };
    let size = shift.and_then(|shift| scaled(number, 1 << shift));
    size.filter(|size| *size >= 1 << 20).ok_or_else(|| "expected a size such as 500M or 2G, 1M at least".to_owned())
}

/// A decimal number times a unit, rounded down.
fn scaled(number: &str, unit: u64) -> Option<u64> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    let digits = |text: &str| text.parse::<u64>().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()));
    let (whole, part) = (digits(whole)?.checked_mul(unit)?, u128::from(digits(fraction)?));
    let parts = 10_u128.checked_pow(u32::try_from(fraction.len()).ok()?)?;
    whole.checked_add(u64::try_from(part * u128::from(unit) / parts).ok()?)
}

impl Global {
    /// Caps on one decoded array; the rest is for its mask, and for what is made of it.
    pub(crate) fn limits(&self) -> Limits {
        let mut limits = Limits::default();
        limits.max_decoded_bytes = self.max_memory / 4 * 3;
        limits.max_lost_bytes = self.max_memory / 2;
        limits
    }

    /// How records are read, one after the other or many at a time.
    pub(crate) fn reading(&self) -> ReadOptions {
        ReadOptions::new().batch_bytes(BATCH.min(self.max_memory / 8))
    }

    /// An error when work on a record needs more than there may be.
    pub(crate) fn allows(&self, needed: u64, file: &File, record: &Record) -> rpnfst::Result<()> {
        if needed <= self.max_memory {
            return Ok(());
        }
        let source = Box::new(RecordError::Limit { needed, limit: self.max_memory });
        Err(Error::Record { path: file.file_name(record.file_number()), record: record.into(), source })
    }
}

/// Whether the limits refused, and not the file.
pub(crate) fn is_limit(error: &Error) -> bool {
    let Error::Record { source, .. } = error else { return false };
    matches!(**source, RecordError::Limit { .. } | RecordError::LostPlanes { .. })
}

/// What an error says, with the option that helps.
pub(crate) fn explained(error: &Error) -> String {
    if is_limit(error) { with_advice(&error.to_string()) } else { error.to_string() }
}

/// A refusal of the limits, with the option that sets them.
pub(crate) fn with_advice(what: &str) -> String {
    format!("{what}; --max-memory allows more")
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn sizes() {
        assert_eq!(parse("2G"), Ok(2 << 30));
        assert_eq!(parse("500m"), Ok(500 << 20));
        assert_eq!(parse("3GiB"), Ok(3 << 30));
        assert_eq!(parse("1048576"), Ok(1 << 20));
        assert_eq!(parse("1.5G"), Ok(3 << 29));
        assert_eq!(parse("0.3g"), Ok(322_122_547));
        for wrong in
            ["", "G", "2X", "2 G", "-1G", "+1G", "1.G", ".5G", "1.-5G", "1.5.1G", "512K", "0.5M", "99999999999T", "1M1"]
        {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}
