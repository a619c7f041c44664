//! Options of every command.

use std::num::NonZeroUsize;

/// Options of every command.
#[derive(clap::Args, Debug)]
#[command(next_help_heading = "General options")]
pub(crate) struct Global {
    /// When to use colours
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", hide_possible_values = true)]
    pub(crate) color: When,
    /// Read files with system calls instead of mapping them into memory; the default
    #[arg(long, global = true, overrides_with = "mmap")]
    pub(crate) no_mmap: bool,
    /// Map files into memory: one that another program cuts short meanwhile ends the command (bus error)
    #[arg(long, global = true, overrides_with = "no_mmap")]
    pub(crate) mmap: bool,
    /// Memory for values: decoded arrays, and what is made of them; larger records are refused
    #[arg(long, global = true, value_name = "SIZE", default_value = "2G", value_parser = size)]
    pub(crate) max_memory: u64,
    /// Calendar of the model, by which origin dates follow from validity dates: gregorian, 365_day or 360_day
    /// (that of librmn, see `rpnfst date --help`) [default: that of NEWDATE_OPTIONS, such as year=365_day, else gregorian]
    #[arg(long, global = true, value_name = "CALENDAR")]
    pub(crate) calendar: Option<rpnfst::record::Calendar>,
    /// Threads for decoding, 4 for each processor at most (or 16) [default: one for each processor]
    #[arg(short = 'j', long, global = true, value_name = "N")]
    pub(crate) threads: Option<NonZeroUsize>,
    /// Only errors and what was asked for: no notes, warnings and progress, no report of what was done
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,
}

/// When to colour.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, clap::ValueEnum)]
pub(crate) enum When {
    /// On terminals, unless `NO_COLOR` is set
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// A size, as `--max-memory` takes it: a number, such as 1.5, with `K`, `M`, `G` or `T`, in powers of 1024.
fn size(text: &str) -> Result<u64, String> {
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

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn sizes() {
        assert_eq!(size("2G"), Ok(2 << 30));
        assert_eq!(size("500m"), Ok(500 << 20));
        assert_eq!(size("3GiB"), Ok(3 << 30));
        assert_eq!(size("1048576"), Ok(1 << 20));
        assert_eq!(size("1.5G"), Ok(3 << 29));
        assert_eq!(size("0.3g"), Ok(322_122_547));
        for wrong in
            ["", "G", "2X", "2 G", "-1G", "+1G", "1.G", ".5G", "1.-5G", "1.5.1G", "512K", "0.5M", "99999999999T", "1M1"]
        {
            assert!(size(wrong).is_err(), "{wrong}");
        }
    }
}
