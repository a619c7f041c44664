//! Values of fields that follow from those of the record: `ip2+6`, `datev-12`.

use rpnfst::{
    Record,
    record::{Cell, Column, DateStamp},
};

/// A field of the record, plus a number: of hours for dates.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Relative {
    column: Column,
    plus: f64,
}

const NUMBERS: [&str; 9] = ["deet", "npas", "ip1", "ip2", "ip3", "ig1", "ig2", "ig3", "ig4"];
const DATES: [&str; 2] = ["dateo", "datev"];

impl Relative {
    /// `FIELD`, `FIELD+N` or `FIELD-N`, where the field is of the kind of the one to be set; nothing for other texts.
    pub(crate) fn parse(field: &str, text: &str) -> Option<Self> {
        let kin = [&NUMBERS[..], &DATES].into_iter().find(|kin| kin.contains(&field))?;
        let text = text.trim().to_ascii_lowercase();
        let (name, rest) = text.split_at(text.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(text.len()));
        let column = Column::from_name(name).filter(|_| kin.contains(&name))?;
        let rest: String = rest.split_whitespace().collect();
        let plus = match rest.as_str() {
            "" => 0.0,
            signed if signed.starts_with(['+', '-']) => signed.parse().ok().filter(|plus: &f64| plus.is_finite())?,
            _ => return None,
        };
        (kin.contains(&"datev") || plus.fract() == 0.0).then_some(Self { column, plus })
    }

    /// The value for a record, as a text; negative numbers are for others to refuse.
    pub(crate) fn of(&self, record: &Record) -> Result<String, String> {
        let Cell::Int(value) = self.column.of(record) else {
            return Err(format!("the record has no {}", self.column.name()));
        };
        if !DATES.contains(&self.column.name()) {
            #[expect(clippy::cast_precision_loss, reason = "fields have 28 bits at most")]
            return Ok((value as f64 + self.plus).to_string());
        }
        let stamp = DateStamp::from_raw(i32::try_from(value).map_err(|e| e.to_string())?);
        let moved = stamp.add_hours(self.plus).map_err(|e| e.to_string())?;
        Ok(moved.raw().to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts() {
        for (field, text, expected) in [
            ("ip2", "ip2 + 6", Some(("ip2", 6.0))),
            ("ip2", "IP3-1", Some(("ip3", -1.0))),
            ("ig1", "ig2", Some(("ig2", 0.0))),
            ("datev", "datev-1.5", Some(("datev", -1.5))),
            ("datev", "dateo", Some(("dateo", 0.0))),
            ("ip2", "6", None),
            ("ip2", "ip2+", None),
            ("ip2", "ip2+0.5", None),
            ("ip2", "ip2*6", None),
            ("ip2", "ip2+inf", None),
            ("ip2", "datev", None),
            ("datev", "ip2+6", None),
            ("datev", "2026-11-24", None),
            ("etiket", "ip2+6", None),
        ] {
            let found = Relative::parse(field, text);
            assert_eq!(found.as_ref().map(|r| (r.column.name(), r.plus)), expected, "{field}={text}");
        }
    }
}
