//! Listings in the layout of librmn's `voir` (`docs/format/record.md`, 7.1).

use std::fmt::Write as _;

use super::{DateStamp, Record, ip, triplet};

/// Which items a listing shows, in librmn's words joined by `+`, such as `NINJNK+DATEO+IP1+IG1234`.
///
/// [`WORDS`] are known; others change nothing. `GRIDINFO` has no columns yet: see [`Style::wants_grids`].
///
/// ```
/// use rpnfst::record::voir::Style;
/// # let file = rpnfst::File::open("testdata/cases/intervals.std")?;
/// let style = Style::default();
/// println!("{}", style.header());
/// for (number, record) in file.records().iter().enumerate() {
///     println!("{}", style.line(number, record));
/// }
/// # Ok::<(), rpnfst::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Style(String);

/// The words of styles. `DASIZ` exists since librmn 20.1.
pub const WORDS: [&str; 17] = [
    "NONOMV",
    "NOTYPV",
    "NOETIQ",
    "NINJNK",
    "DATEO",
    "DATESTAMPO",
    "DATEV",
    "LEVEL",
    "IPALL",
    "IP1",
    "NOIP23",
    "NODEET",
    "NONPAS",
    "NODTY",
    "GRIDINFO",
    "IG1234",
    "DASIZ",
];

impl Default for Style {
    /// What `voir` shows without the option `-style`.
    fn default() -> Self {
        Self::new("NINJNK+DATEO+IP1+IG1234")
    }
}

/// Records between two headers.
pub const RECORDS_A_PAGE: usize = 70;

impl Style {
    /// A style from its words.
    pub fn new(words: &str) -> Self {
        Self(words.to_owned())
    }

    /// What `voir -style` shows, the option without a value.
    pub fn without_value() -> Self {
        Self::new("NINJNK+DATEV+LEVEL+IP1+GRIDINFO")
    }

    /// What `voir -style FULL` shows.
    pub fn full() -> Self {
        Self::new("NINJNK+DATEV+IPALL+NOIP23+GRIDINFO")
    }

    /// Whether the style asks for decoded grid parameters (XG1 to XG4), which are not shown yet.
    pub fn wants_grids(&self) -> bool {
        self.has("GRIDINFO")
    }

    fn has(&self, word: &str) -> bool {
        // DATEO must not be found in DATESTAMPO; librmn's other words contain each other and are looked for as they
        // are.
        self.0.contains(word)
    }

    /// The header line, without the empty lines around it.
    pub fn header(&self) -> String {
        let items = [
            (!self.has("NONOMV"), "NOMV"),
            (!self.has("NOTYPV"), "TV"),
            (!self.has("NOETIQ"), "  ETIQUETTE "),
            (self.has("NINJNK"), "      NI      NJ    NK"),
            (self.has("DATEO"), "(DATE-O  h m s)"),
            (self.has("DATESTAMPO"), "  STAMP-O"),
            (self.has("DATEV"), "(DATE-V  h m s)   STAMP-V"),
            (self.has("LEVEL"), "       LEVEL   "),
            (self.has("IPALL"), "          DECODED IP1/IP2/IP3         "),
            (self.has("IP1"), "      IP1"),
            (!self.has("NOIP23"), "      IP2       IP3"),
            (!self.has("NODEET"), "    DEET"),
            (!self.has("NONPAS"), "    NPAS"),
        ];
        let items = items.map(|(shown, text)| if shown { text } else { "" }).join(" ");
        let dty = if self.has("NODTY") { "" } else { "DTY " };
        let size = if self.has("DASIZ") { " SIZ" } else { "" };
        let grid = if self.has("IG1234") { "G   IG1   IG2   IG3   IG4" } else { "" };
        format!("       {items}  {dty}{size}  {grid}")
    }

    /// The line of a record; `number` counts the live records from 0.
    pub fn line(&self, number: usize, record: &Record) -> String {
        let shown = |yes: bool, text: &dyn Fn() -> String| if yes { text() } else { String::new() };
        let items = [
            shown(!self.has("NONOMV"), &|| record.nomvar().padded().to_owned()),
            shown(!self.has("NOTYPV"), &|| record.typvar().padded().to_owned()),
            shown(!self.has("NOETIQ"), &|| record.etiket().padded().to_owned()),
            shown(self.has("NINJNK"), &|| cut(format!(" {:7} {:7} {:5}", record.ni(), record.nj(), record.nk()), 22)),
            shown(self.has("DATEO"), &|| date_and_time(record.dateo_classic())),
            shown(self.has("DATESTAMPO"), &|| cut(format!("{:09}", record.dateo_classic().raw()), 9)),
            shown(self.has("DATEV"), &|| {
                let raw = record.datev().raw();
                let stamp = if raw < -1 { format!("{raw:10}") } else { format!("{raw:09}") };
                cut(format!("{} {stamp}", date_and_time(record.datev())), 25)
            }),
            shown(self.has("LEVEL"), &|| level_item(record)),
            shown(self.has("IPALL"), &|| cut(all_ips(record), 38)),
            shown(self.has("IP1"), &|| format!("{:9}", record.ip1())),
            shown(!self.has("NOIP23"), &|| format!("{:9} {:9}", record.ip2(), record.ip3())),
            shown(!self.has("NODEET"), &|| format!("{:8}", record.deet())),
            shown(!self.has("NONPAS"), &|| format!("{:8}", record.npas())),
        ];
        let data_type = record.data_type();
        let flag = if data_type.has_missing() { 'm' } else { ' ' };
        let dty =
            shown(!self.has("NODTY"), &|| cut(format!("{}{flag}{:2}", data_type.letter(), record.pack_bits()), 4));
        let size = shown(self.has("DASIZ"), &|| format!(" {:3}", record.data_bits()));
        let grid = shown(self.has("IG1234"), &|| {
            let [g1, g2, g3, g4] = [record.ig1(), record.ig2(), record.ig3(), record.ig4()];
            cut(format!("{} {g1:5} {g2:5} {g3:5} {g4:5}", record.grtyp()), 31)
        });
        format!("{number:5}- {}  {dty}{size}  {grid}", items.join(" "))
    }
}

fn cut(mut text: String, width: usize) -> String {
    if let Some((end, _)) = text.char_indices().nth(width) {
        text.truncate(end);
    }
    text
}

fn date_and_time(stamp: DateStamp) -> String {
    let (date, time) = stamp.to_civil_by_digits().map_or((0, 0), |time| (time.yyyymmdd(), time.hhmmss()));
    format!("{date:08} {time:06}")
}

/// Right-justified to column 15, or to column 12 without a unit.
fn level_item(record: &Record) -> String {
    if record.has_special_ips() {
        return "     -----     ".to_owned();
    }
    let text = ip::text_field(record.ip1(), rpnfst_codecs::Librmn::default());
    let text = cut(text, 15);
    let text = text.trim_end();
    let width = if text.ends_with(|c: char| c.is_ascii_digit()) { 12 } else { 15 };
    format!("{:15}", format!("{text:>width$}"))
}

fn all_ips(record: &Record) -> String {
    let ips = [record.ip1(), record.ip2(), record.ip3()];
    if record.has_special_ips() {
        return ips.map(|ip| format!("[{ip:10}]")).join(" ");
    }
    match triplet::decode(ips) {
        Ok(decoded) => decoded.values.map(|v| format!("{:>10}{}", general(v.value), v.kind.unit())).join(" "),
        Err(_) => ips.map(|ip| format!("{:>10}_0", general(ip as f32))).join(" "),
    }
}

/// The `%g` of C: six significant digits, without trailing zeros, exponents when that is shorter.
fn general(value: f32) -> String {
    if !value.is_finite() {
        return value.to_string().to_lowercase();
    }
    let scientific = format!("{:.5e}", f64::from(value));
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let strip = |text: &str| {
        if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text.to_owned() }
    };
    if (-4..6).contains(&exponent) {
        let decimals = usize::try_from(5 - exponent).unwrap_or(0);
        return strip(&format!("{:.decimals$}", f64::from(value)));
    }
    let mut text = strip(mantissa);
    let sign = if exponent < 0 { '-' } else { '+' };
    let _ = write!(text, "e{sign}{:02}", exponent.abs());
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn general_is_that_of_c() {
        for (value, text) in [
            (0.0, "0"),
            (500.0, "500"),
            (0.995, "0.995"),
            (1e6, "1e+06"),
            (999_999.0, "999999"),
            (123_456.7, "123457"),
            (1e-5, "1e-05"),
            (0.0001, "0.0001"),
            (-2.5, "-2.5"),
            (1.5e10, "1.5e+10"),
        ] {
            assert_eq!(general(value), text);
        }
    }

    #[test]
    fn header_of_the_default_style() {
        let header = Style::default().header();
        assert!(header.starts_with("       NOMV TV   ETIQUETTE        NI      NJ    NK (DATE-O  h m s)"));
        assert!(header.ends_with("IP2       IP3     DEET     NPAS  DTY   G   IG1   IG2   IG3   IG4"), "{header}");
    }

    #[test]
    fn every_word_changes_the_header() {
        let plain = Style::new("").header();
        for word in WORDS {
            assert_eq!(Style::new(word).header() == plain, word == "GRIDINFO", "{word}");
        }
        assert!(Style::new("DASIZ").header().ends_with("DTY  SIZ  "));
        assert!(Style::without_value().wants_grids() && Style::full().wants_grids() && !Style::default().wants_grids());
    }
}
