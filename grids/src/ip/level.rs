//! Texts of ips, and which codes mean the same value (sections 4.7 and 4.8 of `docs/format/record.md`).

use rpnfst_codecs::Librmn;

use super::{IpValue, LAST_OLD_STYLE, decode, decode_in, old};

/// Longest value text, and width of the whole field.
const VALUE_WIDTH: usize = 12;
const FIELD_WIDTH: usize = 15;

impl IpValue {
    /// The text of this value in new style: value, space, two-character unit, trailing blanks trimmed; at most 15
    /// characters. (Heights have two spaces, `10  m`, because their unit text is ` m`.)
    pub fn to_text(self) -> String {
        format!("{} {}", value_text(self.value), self.kind.unit()).trim_end().to_owned()
    }
}

/// The text of an ip of either style, trailing blanks trimmed, at most 15 characters: `500 mb`, `   500 mb` (old
/// style), `Invalid`, or nothing for ips 32001 to 32767.
pub fn text(ip: u32, librmn: Librmn) -> String {
    match decode_in(ip, librmn) {
        Ok(value) if ip > LAST_OLD_STYLE => value.to_text(),
        Ok(value) => match old::value_text(ip) {
            // Old-style units have no blank of their own.
            Some(number) => format!("{number} {}", value.kind.unit().trim_start()).trim_end().to_owned(),
            None => String::new(),
        },
        Err(_) => "Invalid".to_owned(),
    }
}

/// [`text`] in its field of 15 characters.
pub fn text_field(ip: u32, librmn: Librmn) -> String {
    format!("{:FIELD_WIDTH$}", text(ip, librmn))
}

/// Value text of a new-style ip, without surrounding blanks; at most 12 characters for finite values that an ip can
/// hold.
fn value_text(v: f32) -> String {
    let a = v.abs();
    if !v.is_finite() {
        return v.to_string();
    }
    if a != 0.0 && !(1e-4_f32..1e12).contains(&a) {
        return exponent_text(v);
    }
    if v.fract() == 0.0 && a < 1e9 {
        return format!("{:.0}", if v == 0.0 { 0.0 } else { v });
    }
    // Single-precision products, as in librmn.
    let (before, after) = if a >= 1.0 {
        let before = std::iter::successors(Some(a), |w| Some(w * 0.1)).take_while(|w| *w >= 1.0).count();
        (before, 6_usize.saturating_sub(before))
    } else {
        let zeros = std::iter::successors(Some(a), |w| Some(w * 10.0)).take_while(|w| *w < 1.0).count();
        (0, (5 + zeros).min(10))
    };
    let after = after.min(9);
    let width = before + after + 2;
    if width > VALUE_WIDTH { exponent_text(v) } else { fixed_text(v, after, width) }
}

/// Fixed format with `after` decimals in a right-justified field; zeros that end it beyond its fourth character go.
fn fixed_text(v: f32, after: usize, width: usize) -> String {
    let mut digits = format!("{v:.after$}");
    if after == 0 {
        digits.push('.');
    }
    if digits.len() > width && digits.starts_with("-0.") {
        digits.remove(1);
    }
    let mut field = format!("{digits:>width$}");
    let kept = field.trim_end_matches('0').len().max(4);
    field.truncate(kept);
    field.trim().to_owned()
}

/// `0.dddddde+xx` with six digits; a negative one loses the zero.
fn exponent_text(v: f32) -> String {
    // d.ddddde±x
    let scientific = format!("{:.5e}", v.abs());
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent = exponent.parse::<i32>().unwrap_or(0) + 1;
    let (minus, sign) = (if v < 0.0 { "-." } else { "0." }, if exponent < 0 { '-' } else { '+' });
    format!("{minus}{}E{sign}{:02}", digits.replace('.', ""), exponent.abs())
}

/// Whether two ips are the same level, time or number: equal, or of the same kind with values that differ by at most
/// 1e-6 of the larger one.
pub fn same_level(a: u32, b: u32) -> bool {
    if a == b {
        return true;
    }
    let (Ok(a), Ok(b)) = (decode(a), decode(b)) else { return false };
    let (x, y) = (f64::from(a.value), f64::from(b.value));
    a.kind == b.kind && (x - y).abs() <= 1e-6 * x.abs().max(y.abs())
}

/// All codes of a value, for searches in any encoding (`ip1_all`, `ip2_all`, `ip3_all` of librmn 20.1). A record
/// matches if its ip is the new-style code of the value, the old-style code (kinds 0 to 3), or the given code itself.
/// (In librmn the given code does not match when its exponent is unusual.)
///
/// ```
/// use rpnfst_grids::ip::AnyEncoding;
/// let level = AnyEncoding::new(500); // 500 hPa in the old style
/// assert!(level.matches(500) && level.matches(41_394_464) && !level.matches(850));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AnyEncoding {
    codes: [u32; 3],
}

impl AnyEncoding {
    /// The codes of the value of an ip of either style. A code that does not decode matches itself only.
    pub fn new(criterion: u32) -> Self {
        let value = decode(criterion);
        let or_itself = |code: Option<u32>| code.unwrap_or(criterion);
        let new = or_itself(value.ok().and_then(|v| v.encode().ok()));
        let old = or_itself(value.ok().and_then(|v| v.encode_old().ok()));
        Self { codes: [criterion, new, old] }
    }

    /// Whether a record's ip matches.
    pub fn matches(&self, record_ip: u32) -> bool {
        self.codes.contains(&record_ip)
    }
}

/// The codes that the classic search with all encodings (`ip1_all` of librmn 19.5) remembers for a value, and its
/// comparison, which allows mantissas to differ by one unit. (Written from the text alone: no vector covers it.)
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SearchCodes {
    codes: [Option<u32>; 2],
}

impl SearchCodes {
    /// The codes of a value: new style, and old style for kinds 0 to 3. Those that do not encode are left out.
    pub fn new(value: IpValue) -> Self {
        Self { codes: [value.encode().ok(), value.encode_old().ok()] }
    }

    /// The new-style code, which the caller of the classic search gets and searches with.
    pub fn code(&self) -> Option<u32> {
        self.codes[0]
    }

    /// Whether a record's ip is accepted.
    pub fn matches(&self, record_ip: u32) -> bool {
        self.codes.iter().flatten().any(|&code| accepts(code, record_ip))
    }
}

fn accepts(a: u32, b: u32) -> bool {
    if a == b || ((1..=9).contains(&b) && a == 1800 + 20 * b) {
        return true;
    }
    if a.min(b) <= LAST_OLD_STYLE || (a ^ b) >> 24 & 0xF != 0 {
        return false;
    }
    let parts = |ip: u32| match (ip >> 20 & 0xF, i128::from(ip & 0xF_FFFF)) {
        (exponent, m) if m > 1_000_000 => (exponent, 1_000_000 - m),
        other => other,
    };
    let ((ea, ma), (eb, mb)) = (parts(a), parts(b));
    let ma_scaled = ma * 10_i128.pow(eb.saturating_sub(ea));
    let mb_scaled = mb * 10_i128.pow(ea.saturating_sub(eb));
    (ma < 0) == (mb < 0) && (ma_scaled - mb_scaled).abs() <= 1
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "in a test a surprise must stop it")]
mod tests {
    use super::super::Kind;
    use super::*;

    #[test]
    fn texts_of_any_single_precision_number_are_short() {
        let mut state = 3_u64;
        for _ in 0..300_000 {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            let v = f32::from_bits((state >> 32) as u32);
            let text = value_text(v);
            assert!(text.len() <= VALUE_WIDTH, "{v:e} {text}");
            if v.is_finite() {
                let back: f64 = text.parse().unwrap();
                assert!((back - f64::from(v)).abs() <= 5.1e-6 * f64::from(v).abs(), "{v:e} {text}");
            }
        }
        for (v, text) in [
            (0.0, "0"),
            (-0.0, "0"),
            (0.1, "0.10"),
            (1e12, "0.100000E+13"),
            (1.234565e12, "0.123456E+13"),
            (-2.3e-8, "-.230000E-07"),
            (-0.18481, "-.18481"),
            (123456.5, "123456."),
            (f32::MAX, "0.340282E+39"),
            (f32::from_bits(1), "0.140130E-44"),
            (f32::NAN, "NaN"),
        ] {
            assert_eq!(value_text(v), text);
        }
        assert_eq!(text_field(500, Librmn::default()), "   500 mb      ");
    }

    #[test]
    fn equality() {
        // 500 mb in new style, in old style, and with another exponent; 850 mb.
        let (new, old, other) = (41394464, 500, (2 << 24) + (4 << 20) + 500);
        let far = IpValue::new(850.0, Kind::Pressure).encode().unwrap();
        for a in [new, old, other] {
            for b in [new, old, other] {
                assert!(same_level(a, b), "{a} {b}");
            }
            assert!(!same_level(a, far));
        }
        assert!(!same_level(500, IpValue::new(500.0, Kind::Theta).encode().unwrap()));
        let undecodable = (8 << 24) + 1;
        assert!(same_level(undecodable, undecodable) && !same_level(undecodable, undecodable + 1));

        assert!(
            AnyEncoding::new(new).matches(old)
                && AnyEncoding::new(old).matches(new)
                && AnyEncoding::new(other).matches(new)
        );
        assert!(
            !AnyEncoding::new(new).matches(other)
                && AnyEncoding::new(other).matches(other)
                && !AnyEncoding::new(new).matches(far)
        );
        assert!(AnyEncoding::new(undecodable).matches(undecodable) && !AnyEncoding::new(undecodable).matches(0));
        // Hours have no old style.
        assert!(!AnyEncoding::new(177809344).matches(6));
    }

    #[test]
    fn classic_search() {
        let codes = SearchCodes::new(IpValue::new(500.0, Kind::Pressure));
        assert_eq!(codes.code(), Some(41394464));
        for (ip, want) in [
            (41394464, true),
            (41394465, true),
            (41394466, false),
            (500, true),
            (501, false),
            ((2 << 24) + (4 << 20) + 500, true),
        ] {
            assert_eq!(codes.matches(ip), want, "{ip}");
        }
        // 5 mb is 1900 in old style; a record that says 5 is accepted.
        assert!(SearchCodes::new(IpValue::new(5.0, Kind::Pressure)).matches(5));
        assert!(!SearchCodes::new(IpValue::new(f32::NAN, Kind::Unknown(255))).matches(u32::MAX));
    }
}
