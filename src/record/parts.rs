//! What the letters of typvar and the parts of etiket mean, by the conventions of the Canadian Meteorological Centre
//! (`docs/format/record.md`, 5.1 and 5.4).

use super::{Etiket, Nomvar, Typvar};

/// The parts of an [`Etiket`].
///
/// ```
/// use rpnfst::record::Etiket;
/// let etiket = Etiket::new("E1_V710_N003");
/// let parts = etiket.parts();
/// assert_eq!((parts.run, parts.label, parts.implementation), (Some("E1"), "_V710_", Some("N")));
/// assert_eq!(parts.member, Some("003"));
/// assert_eq!(Etiket::new("MY RUN").parts().label, "MY RUN");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct EtiketParts<'a> {
    /// System and cycle, two characters, such as `G1`, `R1`, `E1`.
    pub run: Option<&'a str>,
    /// What the programs that wrote the record named it; all of an etiket of another form.
    pub label: &'a str,
    /// `N` operational, `P` parallel, `X` experimental.
    pub implementation: Option<&'a str>,
    /// Number of the ensemble member, three or four characters.
    pub member: Option<&'a str>,
}

impl Etiket {
    /// Run, label, implementation and ensemble member: a run of two letters or digits; a label of five or six letters,
    /// digits and `_`; `N`, `P` or `X`; nothing or a member. An etiket of another form is a label as a whole.
    pub fn parts(&self) -> EtiketParts<'_> {
        let text = self.as_str();
        let whole = EtiketParts { run: None, label: text, implementation: None, member: None };
        let is_word = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        let is_implementation = |at: usize| matches!(text.as_bytes().get(at), Some(b'N' | b'P' | b'X'));
        // The length tells where the implementation stands: 5 or 6 characters of label, 0, 3 or 4 of the member.
        let at = match text.len() {
            9 => 8,
            12 if is_implementation(8) => 8,
            8 | 11 | 12 => 7,
            _ => return whole,
        };
        let split = |range: std::ops::Range<usize>| text.get(range);
        match (split(0..2), split(2..at), split(at..at + 1), split(at + 1..text.len())) {
            (run, Some(label), implementation, member) if is_word && is_implementation(at) => {
                EtiketParts { run, label, implementation, member: member.filter(|member| !member.is_empty()) }
            }
            _ => whole,
        }
    }
}

impl Nomvar {
    /// Whether the ips of records with this name are links, see [`Record::has_special_ips`](super::Record::has_special_ips).
    pub(crate) fn has_special_ips(self) -> bool {
        matches!(self.bytes()[0], b'<' | b'>' | b'!' | b'^')
    }
}

impl Typvar {
    /// What kind of field it is, by the first letter; `None` for letters without a meaning.
    ///
    /// ```
    /// use rpnfst::record::Typvar;
    /// let typvar = Typvar::new("PI");
    /// assert_eq!((typvar.nature(), typvar.treatment()), (Some("forecast"), Some("interpolated")));
    /// assert_eq!(Typvar::new("@@").nature(), Some("mask"));
    /// ```
    pub fn nature(&self) -> Option<&'static str> {
        Some(match self.bytes()[0] {
            b'A' => "analysis",
            b'C' => "climatology",
            b'D' => "raw station data",
            b'E' => "monthly error",
            b'K' => "constants",
            b'M' => "verification matrix",
            b'O' => "observation",
            b'P' => "forecast",
            b'Q' => "diagnostic",
            b'R' => "analysis increment",
            b'S' => "score",
            b'T' => "time series",
            b'X' => "miscellaneous",
            b'@' => "mask",
            b'!' => "ensemble information",
            _ => return None,
        })
    }

    /// What was done to the field, by the second letter; `None` for a blank and for letters without a meaning.
    pub fn treatment(&self) -> Option<&'static str> {
        Some(match self.bytes()[1] {
            b'B' => "clamped",
            b'F' => "filtered",
            b'H' => "missing data",
            b'I' => "interpolated",
            b'M' => "multiple modifications",
            b'U' => "units converted",
            b'Z' => "zapped",
            b'@' => "masked",
            b'!' => "ensemble information",
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn etikets_of_the_centre_have_parts() {
        let parts = |text: &str| {
            let etiket = Etiket::new(text);
            let EtiketParts { run, label, implementation, member } = etiket.parts();
            [run, Some(label), implementation, member].map(|part| part.unwrap_or("-").to_owned())
        };
        assert_eq!(parts("G1580V4N"), ["G1", "580V4", "N", "-"]);
        assert_eq!(parts("R1_V710_N"), ["R1", "_V710_", "N", "-"]);
        assert_eq!(parts("E1580V4X012"), ["E1", "580V4", "X", "012"]);
        assert_eq!(parts("E1580V4X0012"), ["E1", "580V4", "X", "0012"]);
        assert_eq!(parts("E1_V710_P003"), ["E1", "_V710_", "P", "003"]);
        for whole in ["", "G1580V4", "G1580V4Q", "G1580 4N", "G1 580V4N", "A LONG LABEL", "ER______"] {
            assert_eq!(parts(whole), ["-", whole, "-", "-"]);
        }
    }

    #[test]
    fn unknown_letters_mean_nothing() {
        assert_eq!((Typvar::new("").nature(), Typvar::new("P").treatment()), (None, None));
        assert_eq!((Typvar::new("P@").nature(), Typvar::new("P@").treatment()), (Some("forecast"), Some("masked")));
    }
}
