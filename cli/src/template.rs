//! Names of output files: `out/{nomvar}_{level}_{hour:03}.npy`.

use std::{
    ffi::OsStr,
    path::{Path, PathBuf},
};

use rpnfst::record::Cell;

use crate::{
    columns::{Row, Shown},
    input,
    report::{Report, Result, Stop},
};

/// A file name with holes. What stands outside of them is kept byte for byte, whatever its encoding.
pub(crate) struct Template(Vec<Part>);

enum Part {
    Text(Vec<u8>),
    /// Name of the input without folder and extension.
    Stem,
    /// A column, padded with zeros to a width.
    Column(Shown, usize),
}

impl Template {
    /// Whether a name has holes, or braces that stand for themselves.
    pub(crate) fn is_one(name: &OsStr) -> bool {
        name.as_encoded_bytes().iter().any(|byte| b"{}".contains(byte))
    }

    /// Reads a template; `{{` and `}}` are braces.
    pub(crate) fn parse(text: &OsStr) -> Result<Self> {
        let wrong = |what: &str| Stop::message(format!("template `{}`: {what}", text.display()));
        let mut parts = Vec::new();
        let mut literal = Vec::new();
        let mut rest = text.as_encoded_bytes();
        // Braces are ASCII, which is never a part of another character.
        while let Some(at) = rest.iter().position(|byte| b"{}".contains(byte)) {
            let (before, from) = rest.split_at(at);
            literal.extend(before);
            let (brace, after) = from.split_at(1);
            if let Some(after) = after.strip_prefix(brace) {
                literal.extend(brace);
                rest = after;
                continue;
            }
            let end = if brace == b"{" { after.iter().position(|byte| *byte == b'}') } else { None };
            let Some((inside, after)) = end.and_then(|end| after.split_at_checked(end)) else {
                return Err(wrong("a brace has no partner (a brace itself is {{ or }})"));
            };
            let inside = String::from_utf8_lossy(inside);
            let (name, width) = inside.split_once(':').unwrap_or((&inside, "0"));
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
            rest = after.get(1..).unwrap_or_default();
        }
        literal.extend(rest);
        parts.push(Part::Text(literal));
        Ok(Self(parts))
    }

    /// The names in a folder: `STEM_INDEX_NOMVAR.EXTENSION`.
    pub(crate) fn in_folder(folder: &Path, extension: &str) -> Self {
        let folder = folder.join("").into_os_string().into_encoded_bytes();
        let under = || Part::Text(b"_".to_vec());
        let name = Part::Column(Shown::Of(rpnfst::record::Column::Nomvar), 0);
        let index = Part::Column(Shown::Index, 5);
        let extension = Part::Text(format!(".{extension}").into_bytes());
        Self(vec![Part::Text(folder), Part::Stem, under(), index, under(), name, extension])
    }

    /// The name for a record.
    pub(crate) fn expand(&self, row: &Row<'_>, report: &mut Report) -> PathBuf {
        let mut name = Vec::new();
        for part in &self.0 {
            match part {
                Part::Text(text) => name.extend(text),
                Part::Stem => {
                    let path = row.file.first().and_then(rpnfst::Member::path).unwrap_or_else(|| {
                        // A URL: what stands for its query is no part of the name.
                        Path::new(row.path.strip_suffix("?...").unwrap_or(row.path))
                    });
                    name.extend(safe_bytes(path.file_stem().unwrap_or_default()));
                }
                Part::Column(column, width) => match column.of(row, report) {
                    Cell::Null => name.extend(b"none"),
                    Cell::Text(text) => name.extend(safe(&text).into_bytes()),
                    number => name.extend(zero_padded(&number.to_string(), *width).into_bytes()),
                },
            }
        }
        // Only where names are no bytes, and only for those that are no text either, is the second what remains.
        input::os_string(&name).map_or_else(|_| String::from_utf8_lossy(&name).into_owned().into(), PathBuf::from)
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

/// The same of a name that need not be text: bytes that are none stay.
fn safe_bytes(name: &OsStr) -> Vec<u8> {
    let chunks = name.as_encoded_bytes().utf8_chunks();
    chunks.flat_map(|chunk| [safe(chunk.valid()).as_bytes(), chunk.invalid()].concat()).collect()
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
            assert!(Template::parse(OsStr::new(text)).is_err(), "{text}");
        }
        for text in ["{{}}", "{nomvar}{index:05}", "plain", "{stem}_{valid_time}"] {
            assert!(Template::parse(OsStr::new(text)).is_ok(), "{text}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn bytes_that_are_no_text_stay() {
        use std::os::unix::ffi::OsStrExt as _;
        let template = Template::parse(OsStr::from_bytes(b"d\xE9/{{x}}\xFF{nomvar}\x80")).expect("a template");
        let texts: Vec<_> =
            template.0.iter().filter_map(|part| if let Part::Text(t) = part { Some(t) } else { None }).collect();
        assert_eq!(texts, [&b"d\xE9/{x}\xFF"[..], b"\x80"]);
        assert_eq!(safe_bytes(OsStr::from_bytes(b"a/b\xE9c\xC3\xA9")), b"a_b\xE9c\xC3\xA9");
    }
}
