//! Names of output files: `out/{nomvar}_{level}_{hour:03}.npy`.

use std::path::{Path, PathBuf};

use rpnfst::record::Cell;

use crate::{
    columns::{Row, Shown},
    report::{Report, Result, Stop},
};

/// A file name with holes.
pub(crate) struct Template(Vec<Part>);

enum Part {
    Text(String),
    /// Name of the input without folder and extension.
    Stem,
    /// A column, padded with zeros to a width.
    Column(Shown, usize),
}

impl Template {
    /// Reads a template; `{{` and `}}` are braces.
    pub(crate) fn parse(text: &str) -> Result<Self> {
        let wrong = |what: &str| Stop::message(format!("template `{text}`: {what}"));
        let mut parts = Vec::new();
        let mut literal = String::new();
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            literal.push_str(&rest[..at]);
            let (brace, after) = rest[at..].split_at(1);
            if let Some(after) = after.strip_prefix(brace) {
                literal.push_str(brace);
                rest = after;
                continue;
            }
            let inside = if brace == "{" { after.split_once('}') } else { None };
            let Some((inside, after)) = inside else {
                return Err(wrong("a brace has no partner (a brace itself is {{ or }})"));
            };
            let (name, width) = inside.split_once(':').unwrap_or((inside, "0"));
            let width = width.parse().ok().filter(|&width| width <= MAX_WIDTH);
            let width = width.ok_or_else(|| wrong("after `:` goes a width such as 03"))?;
            let part = match name {
                "stem" => Part::Stem,
                name => match Shown::from_name(name) {
                    Some(Shown::Metadata) | None => {
                        return Err(wrong(&format!("no column `{name}`; `rpnfst ls --columns help` lists them")));
                    }
                    Some(column) => Part::Column(column, width),
                },
            };
            parts.push(Part::Text(std::mem::take(&mut literal)));
            parts.push(part);
            rest = after;
        }
        literal.push_str(rest);
        parts.push(Part::Text(literal));
        Ok(Self(parts))
    }

    /// The names in a folder: `STEM_INDEX_NOMVAR.EXTENSION`.
    pub(crate) fn in_folder(folder: &Path, extension: &str) -> Self {
        let folder = folder.join("").to_string_lossy().into_owned();
        let under = || Part::Text("_".to_owned());
        let name = Part::Column(Shown::Of(rpnfst::record::Column::Nomvar), 0);
        let index = Part::Column(Shown::Index, 5);
        Self(vec![Part::Text(folder), Part::Stem, under(), index, under(), name, Part::Text(format!(".{extension}"))])
    }

    /// The name for a record.
    pub(crate) fn expand(&self, row: &Row<'_>, report: &mut Report) -> PathBuf {
        let mut name = String::new();
        for part in &self.0 {
            match part {
                Part::Text(text) => name.push_str(text),
                Part::Stem => {
                    let stem = Path::new(row.path).file_stem().unwrap_or_default();
                    name.push_str(&safe(&stem.to_string_lossy()));
                }
                Part::Column(column, width) => match column.of(row, report) {
                    Cell::Null => name.push_str("none"),
                    Cell::Text(text) => name.push_str(&safe(&text)),
                    number => name.push_str(&zero_padded(&number.to_string(), *width)),
                },
            }
        }
        name.into()
    }
}

/// Widest zero padding.
const MAX_WIDTH: usize = 32;

fn zero_padded(number: &str, width: usize) -> String {
    let (sign, digits) = number.strip_prefix('-').map_or(("", number), |digits| ("-", digits));
    format!("{sign}{digits:0>width$}", width = width.saturating_sub(sign.len()))
}

/// A value from a file as a part of a file name: it can neither name another folder nor upset a shell or Windows.
fn safe(text: &str) -> String {
    let replace = |c: char| if c.is_alphanumeric() || "-_+=@,^!#~%".contains(c) { c } else { '_' };
    text.chars().map(replace).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stay_in_their_folder() {
        for (text, expected) in [
            ("../X", "___X"),
            ("..", "__"),
            ("/ETC", "_ETC"),
            ("A\\B:C", "A_B_C"),
            ("^^", "^^"),
            ("WITH META", "WITH_META"),
        ] {
            assert_eq!(safe(text), expected);
        }
    }

    #[test]
    fn padding() {
        assert_eq!(zero_padded("7", 3), "007");
        assert_eq!(zero_padded("-7", 3), "-07");
        assert_eq!(zero_padded("1234", 3), "1234");
        assert_eq!(zero_padded("5", 0), "5");
    }

    #[test]
    fn wrong_templates() {
        for text in ["{", "}", "{nomvar", "{none}", "{index:x}", "{index:99}", "a}b", "{metadata}"] {
            assert!(Template::parse(text).is_err(), "{text}");
        }
        for text in ["{{}}", "{nomvar}{index:05}", "plain", "{stem}_{valid_time}"] {
            assert!(Template::parse(text).is_ok(), "{text}");
        }
    }
}
