//! What a person sets of the attributes of records, as text.

use std::{borrow::Cow, ops::AddAssign};

use rpnfst::{
    Attributes, Record,
    record::{Calendar, Column, DateStamp, GridType, IpValue, Setting, date::DateText},
};

use crate::{
    number::records,
    relative::{Relative, Value},
    report::{Result, Stop},
};

/// Settings that were named.
#[derive(Clone, Default, Debug)]
pub(crate) struct Settings {
    nomvar: Option<String>,
    typvar: Option<String>,
    etiket: Option<String>,
    grtyp: Option<GridType>,
    dateo: Option<DateStamp>,
    datev: Option<DateStamp>,
    deet: Option<u32>,
    npas: Option<u32>,
    ips: [Option<u32>; 3],
    level: Option<IpValue>,
    igs: [Option<u32>; 4],
    metadata: Option<String>,
    /// In which dates are to exist.
    calendar: Calendar,
    /// Fields whose values follow from those of the record.
    relative: Vec<(String, Relative)>,
    left: Left,
}

/// What stays although it was to follow from the record.
#[derive(Clone, Copy, Default, Debug)]
pub(crate) struct Left {
    undated: usize,
    codeless: usize,
}

impl AddAssign for Left {
    fn add_assign(&mut self, other: Self) {
        self.undated += other.undated;
        self.codeless += other.codeless;
    }
}

impl Left {
    /// A line for each.
    pub(crate) fn lines(self) -> Vec<String> {
        let mut lines = Vec::new();
        if self.undated > 0 {
            lines.push(format!("{} without a date keep none", records(self.undated)));
        }
        if self.codeless > 0 {
            lines.push(format!("{} whose code says no level or time keep it", records(self.codeless)));
        }
        lines
    }
}

/// Extended metadata: no field of the schema, since it is in the file and not in the record.
const METADATA: &str = "metadata";

/// The names of all fields that can be set.
fn settable() -> String {
    let fields = Column::ALL.iter().filter(|column| column.setting().is_some()).map(|column| column.name());
    fields.chain([METADATA]).collect::<Vec<_>>().join(" ")
}

impl Settings {
    /// From `field=value` texts; no field may be named twice.
    pub(crate) fn parse(assignments: &[String], calendar: Calendar) -> Result<Self> {
        let mut settings = Self::of(calendar);
        let mut named = Vec::new();
        for text in assignments {
            let Some((field, value)) = text.split_once('=') else {
                return Err(Stop::message(format!("--set {text}: expected FIELD=VALUE")));
            };
            let field = field.trim().to_ascii_lowercase();
            if named.contains(&field) {
                return Err(Stop::message(format!("--set: {field} is set twice")));
            }
            let unquoted = unquoted(&field, value).map_err(|what| Stop::message(format!("--set {field}: {what}")))?;
            match Relative::parse(&field, value) {
                Some(relative) => settings.relative.push((field.clone(), relative)),
                None => settings.set(&field, unquoted).map_err(|what| Stop::message(format!("--set {what}")))?,
            }
            named.push(field);
        }
        for (one, other) in [("dateo", "datev"), ("ip1", "level")] {
            if [one, other].iter().all(|name| named.iter().any(|field| field == name)) {
                return Err(Stop::message(format!("--set: {one} and {other} say the same thing, set one of them")));
            }
        }
        Ok(settings)
    }

    /// None yet; their dates will be of a calendar.
    pub(crate) fn of(calendar: Calendar) -> Self {
        Self { calendar, ..Self::default() }
    }

    /// Those for a record, where all values are known; [`left`](Self::left) says what stays as it is.
    pub(crate) fn for_record(&self, record: &Record) -> Result<Cow<'_, Self>, String> {
        if self.relative.is_empty() {
            return Ok(Cow::Borrowed(self));
        }
        let mut all = self.clone();
        for (field, relative) in &self.relative {
            match relative.of(record).map_err(|what| format!("{field}: {what}"))? {
                Value::Number(value) => all.set(field, &value)?,
                Value::Code(code) => all.set_code(field, code),
                Value::Stamp(stamp) => all.set_stamp(field, stamp),
                Value::Undated => all.left.undated += 1,
                Value::Codeless => all.left.codeless += 1,
            }
        }
        Ok(Cow::Owned(all))
    }

    /// What of a record does not follow as it was asked.
    pub(crate) fn left(&self) -> Left {
        self.left
    }

    /// A stamp of `dateo` or `datev`, to the letter.
    pub(crate) fn set_stamp(&mut self, field: &str, stamp: DateStamp) {
        if field == "dateo" { self.dateo = Some(stamp) } else { self.datev = Some(stamp) }
    }

    fn set_code(&mut self, field: &str, code: u32) {
        match field {
            "ip2" => self.ips[1] = Some(code),
            "ip3" => self.ips[2] = Some(code),
            _ => self.ips[0] = Some(code),
        }
    }

    /// Sets one field; the error names it.
    pub(crate) fn set(&mut self, field: &str, value: &str) -> Result<(), String> {
        let text = || Some(value.to_owned());
        let wrong = |what: String| format!("{field}: {what}");
        let number = || {
            let number = value.trim().parse().map(Some);
            let hint = match field {
                "ip1" => "; level takes a value with its unit, ip1=new or ip1=old the other code of the same level",
                "ip2" | "ip3" => {
                    "; `rpnfst ip` gives the code of a value, ip2=new or ip2=old the other code of the same hours"
                }
                _ => "",
            };
            number.map_err(|_| wrong(format!("`{value}` is not a number that can be stored{hint}")))
        };
        if field == METADATA {
            self.metadata = text();
            return Ok(());
        }
        match Column::from_name(field) {
            Some(Column::Nomvar) => self.nomvar = text(),
            Some(Column::Typvar) => self.typvar = text(),
            Some(Column::Etiket) => self.etiket = text(),
            Some(Column::Grtyp) => self.grtyp = Some(letter(value).map_err(wrong)?),
            Some(Column::Dateo) => self.dateo = Some(date(value, self.calendar).map_err(wrong)?),
            Some(Column::Datev) => self.datev = Some(date(value, self.calendar).map_err(wrong)?),
            Some(Column::Deet) => self.deet = number()?,
            Some(Column::Npas) => self.npas = number()?,
            Some(Column::Ip1) => self.ips[0] = number()?,
            Some(Column::Ip2) => self.ips[1] = number()?,
            Some(Column::Ip3) => self.ips[2] = number()?,
            Some(Column::Level) => self.level = Some(value.parse().map_err(|e| wrong(format!("{e}")))?),
            Some(Column::Ig1) => self.igs[0] = number()?,
            Some(Column::Ig2) => self.igs[1] = number()?,
            Some(Column::Ig3) => self.igs[2] = number()?,
            Some(Column::Ig4) => self.igs[3] = number()?,
            _ => return Err(format!("{field}: no such field; there are {}", settable())),
        }
        Ok(())
    }

    /// Extended metadata, if they were named.
    pub(crate) fn metadata(&self) -> Option<&str> {
        self.metadata.as_deref()
    }

    /// A level, for which there is no text.
    pub(crate) fn set_level(&mut self, level: IpValue) {
        self.level = Some(level);
    }

    /// The attributes with these settings; what is not named stays. `igs` are those of the record.
    pub(crate) fn apply(&self, mut attributes: Attributes, igs: [u32; 4]) -> Attributes {
        macro_rules! apply {
            ($($field:ident),*) => {
                $(if let Some(value) = &self.$field {
                    attributes = attributes.$field(value.clone());
                })*
            };
        }
        // The dates last: the validity follows from the origin, step and length of step.
        apply!(nomvar, typvar, etiket, grtyp, deet, npas, dateo, datev, level);
        for (k, ip) in self.ips.iter().enumerate() {
            attributes = match (k, *ip) {
                (_, None) => attributes,
                (0, Some(ip)) => attributes.ip1(ip),
                (1, Some(ip)) => attributes.ip2(ip),
                (_, Some(ip)) => attributes.ip3(ip),
            };
        }
        let ig = |k: usize| self.igs.get(k).copied().flatten().or(igs.get(k).copied()).unwrap_or(0);
        attributes = attributes.ig(ig(0), ig(1), ig(2), ig(3));
        match self.metadata.as_deref() {
            None => attributes,
            Some("") => attributes.without_metadata(),
            Some(text) => attributes.metadata(text),
        }
    }
}

fn letter(text: &str) -> Result<GridType, String> {
    match text.as_bytes() {
        [] => Ok(GridType(b' ')),
        [letter] => Ok(GridType(*letter)),
        _ => Err(format!("`{text}` is not a letter")),
    }
}

/// The stamp of a date that exists in a calendar.
pub(crate) fn date(text: &str, calendar: Calendar) -> Result<DateStamp, String> {
    let date: DateText = text.parse().map_err(|e| format!("{e}"))?;
    date.to_stamp().and_then(|stamp| stamp.checked_in(calendar)).map_err(|e| e.to_string())
}

/// A value without the quotation marks around it, as in conditions; JSON has its own.
fn unquoted<'a>(field: &str, value: &'a str) -> Result<&'a str, String> {
    let text = value.trim();
    // A blank name or label may be a variable of the shell that is not set.
    let setting = Column::from_name(field).and_then(Column::setting);
    if text.is_empty() && matches!(setting, Some(Setting::Text | Setting::Letter)) {
        return Err("a blank text is written ''".to_owned());
    }
    let Some(mark) = text.chars().next().filter(|c| matches!(c, '"' | '\'') && field != METADATA) else {
        return Ok(value);
    };
    let inner = &text[1..];
    match inner.find(mark) {
        Some(end) if end + 1 == inner.len() => Ok(&inner[..end]),
        Some(_) => Err(format!("`{value}`: there is text after the quotation")),
        None => Err(format!("`{value}`: the quotation does not end")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(assignments: &[&str]) -> String {
        let list: Vec<_> = assignments.iter().map(|text| (*text).to_owned()).collect();
        match Settings::parse(&list, Calendar::Gregorian) {
            Err(Stop::Message(message)) => message,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (assignments, part) in [
            (&["etiket"][..], "expected FIELD=VALUE"),
            (&["nothing=1"], "no such field; there are nomvar typvar"),
            (&["ip1=x"], "ip1: `x` is not a number"),
            (&["ip1=-1"], "ip1: `-1` is not a number"),
            (&["level=500"], "level: \"500\" is not a value with a unit"),
            (&["datev=yesterday"], "datev: \"yesterday\" is not a date"),
            (&["grtyp=ZZ"], "grtyp: `ZZ` is not a letter"),
            (&["ip1=1", "IP1=2"], "ip1 is set twice"),
            (&["etiket=\"A"], "etiket: `\"A`: the quotation does not end"),
            (&["etiket='A'B"], "there is text after the quotation"),
            (&["nomvar= "], "nomvar: a blank text is written ''"),
            (&["ip2='ip2+6'"], "ip2: `ip2+6` is not a number"),
            (&["datev=2020063112"], "2020063112 is neither a date"),
            (&["datev=stamp:20200615"], "date stamp 20200615 does not decode"),
            (&["ip3=new"], "ip3: `new` is not a number"),
            (&["ip1=1", "level=1 m"], "ip1 and level"),
            (&["dateo=0", "datev=none"], "dateo and datev"),
        ] {
            let message = message(assignments);
            assert!(message.contains(part), "{assignments:?}: {message}");
        }
    }

    #[test]
    fn every_settable_field_can_be_set() {
        for column in Column::ALL {
            let value = match column.setting() {
                Some(Setting::Level) => "500 hPa",
                Some(Setting::Date) => "2026112412",
                _ => "1",
            };
            let set = Settings::default().set(column.name(), value);
            assert_eq!(set.is_ok(), column.setting().is_some(), "{}: {set:?}", column.name());
        }
        assert!(Settings::default().set(METADATA, "{}").is_ok());
    }

    /// The help texts name the fields that there are.
    #[test]
    fn helps_list_the_fields() {
        let help = |name: &str| {
            let mut command = <crate::args::Args as clap::CommandFactory>::command();
            let command = if name.is_empty() { &mut command } else { command.find_subcommand_mut(name).expect(name) };
            command.render_help().to_string()
        };
        let words = |help: &str| -> Vec<String> {
            let (_, list) = help.split_once("Fields:").expect("a list of fields");
            let is_name = |word: &&str| word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
            list.split_whitespace().take_while(is_name).map(str::to_owned).collect()
        };
        let settable = settable();
        let mut fields: Vec<_> = settable.split(' ').collect();
        let edit = words(&help("edit"));
        let mut listed: Vec<_> = edit.iter().take(fields.len()).map(String::as_str).collect();
        fields.sort_unstable();
        listed.sort_unstable();
        assert_eq!(listed, fields);
        let named: Vec<_> = words(&help("")).iter().filter_map(|name| Column::from_name(name)).collect();
        for column in Column::ALL {
            assert_eq!(named.contains(column), column.is_queryable(), "{}", column.name());
        }
    }

    #[test]
    fn dates() {
        let date = |text: &str| date(text, Calendar::Gregorian);
        assert_eq!(date("438786800"), Ok(DateStamp::from_raw(438_786_800)));
        assert_eq!(date("none"), Ok(DateStamp::NONE));
        assert_eq!(date("2020061512"), Ok(DateStamp::from_raw(442_372_400)));
        assert!(date("now").is_ok_and(|now| now.raw() > 438_786_800));
        // Stamps count 5 seconds.
        assert!(date("2026-11-24T12:00:05").is_ok());
        let wrong = "2026-11-24T12:00:07Z cannot be stored, 2026-11-24T12:00:05Z can";
        assert_eq!(date("2026-11-24T12:00:07"), Err(wrong.to_owned()));
        assert_eq!(
            date("2026-11-24T12:00").map(|stamp| stamp.to_civil().map(|time| time.to_string())),
            Ok(Ok("2026-11-24T12:00:00Z".to_owned()))
        );
    }
}
