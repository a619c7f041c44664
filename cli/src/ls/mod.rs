//! `rpnfst ls`: the records of files.

mod group;

use std::io::Write as _;

use rpnfst::record::{
    Cell,
    voir::{RECORDS_A_PAGE, Style, WORDS},
};
use serde::{Serialize, Serializer, ser::SerializeMap as _};

use crate::{
    args::{Global, Ls},
    catalog::{Catalog, Key},
    columns::{self, Origin, Row, Shown},
    input,
    output::{self, Out},
    report::{Report, Result, Stop},
    table::Table,
};

/// Runs the command.
pub(crate) fn run(args: &Ls, global: &Global, report: &mut Report) -> Result {
    let mut out = if args.json || args.csv { output::data() } else { output::stdout(global.color) };
    if args.columns.as_deref() == Some("help") {
        out.write_all(Shown::help().as_bytes())?;
        return Ok(out.finish()?);
    }
    let paths = input::paths(&args.files, report)?;
    let query = input::query(args.select.expr.as_deref())?;
    let several = paths.several();
    if let Some(by) = args.group.as_deref().map(group::parse).transpose()? {
        let catalog = Catalog::of(&paths, global, report);
        let rows = catalog.matching(&query);
        if catalog.is_any_open() {
            group::run(args, &by, &catalog, &rows, &mut out, report)?;
        }
        input::none_selected(&args.select, rows.len(), catalog.is_any_open(), report);
        return Ok(out.finish()?);
    }
    let keys = args.sort.as_deref().map(Key::parse).transpose()?;
    let columns = match &args.columns {
        Some(list) => Shown::parse(list, several)?,
        None if args.json || args.csv => Shown::all(several),
        None => Shown::for_people(several),
    };
    let mut writer = Writer::new(args, columns, &mut out, report)?;
    if keys.is_some() || paths.has_index() {
        let keys = keys.unwrap_or_default();
        let catalog = Catalog::of(&paths, global, report);
        let rows = catalog.sort(catalog.matching(&query), &keys);
        let mut file = None;
        for &row in &rows {
            let Some(record) = catalog.table().record(row as usize) else { continue };
            let row = catalog.row(row, &record);
            if several && file.replace(row.file_number) != Some(row.file_number) {
                writer.begin_file(row.path, &mut out)?;
            }
            writer.row(&row, &mut out, report)?;
        }
        if catalog.is_any_open() {
            writer.finish(&mut out)?;
        }
        input::none_selected(&args.select, rows.len(), catalog.is_any_open(), report);
        return Ok(out.finish()?);
    }
    let (mut opened, mut selected) = (false, 0);
    for of in paths.each(&query) {
        let Some(file) = input::open(of.path, global, report) else { continue };
        opened = true;
        let path = of.name();
        if several {
            writer.begin_file(&path, &mut out)?;
        }
        for (index, record) in input::select(&file, &of.query) {
            selected += 1;
            writer.row(&Row { path: &path, file_number: of.number, file: &file, index, record }, &mut out, report)?;
        }
    }
    if opened {
        writer.finish(&mut out)?;
    }
    input::none_selected(&args.select, selected, opened, report);
    Ok(out.finish()?)
}

/// The forms of a listing.
enum Writer {
    Table(Vec<Shown>, Table),
    Json(Vec<Shown>),
    Csv(Vec<Shown>),
    Voir {
        style: Style,
        header: bool,
        /// Lines written since the file began.
        lines: usize,
    },
}

impl Writer {
    fn new(args: &Ls, columns: Vec<Shown>, out: &mut Out, report: &mut Report) -> Result<Self> {
        let header = !args.no_header;
        Ok(if let Some(style) = voir_style(args, report)? {
            Self::Voir { style, header, lines: 0 }
        } else if args.json {
            Self::Json(columns)
        } else if args.csv {
            if header {
                csv_row(out, columns.iter().map(|column| column.name()))?;
            }
            Self::Csv(columns)
        } else {
            let table = Table::new(columns.iter().map(|column| column.head()).collect()).header(header);
            // Whoever says which columns gets them.
            Self::Table(columns, if args.columns.is_some() { table } else { table.for_terminal() })
        })
    }

    /// Only `voir` has no column for the path.
    fn begin_file(&mut self, path: &str, out: &mut Out) -> Result {
        if let Self::Voir { header, lines, .. } = self {
            *lines = 0;
            if *header {
                writeln!(out, "==> {} <==", output::printable(path))?;
            }
        }
        Ok(())
    }

    fn row(&mut self, row: &Row<'_, impl Origin>, out: &mut Out, report: &mut Report) -> Result {
        match self {
            Self::Table(columns, table) => {
                for column in columns {
                    table.cell(&column.text(row, report));
                }
                table.end_row(out)?;
            }
            Self::Json(columns) => {
                write_json(row, columns, out, report)?;
            }
            Self::Csv(columns) => csv_row(out, columns.iter().map(|column| column.csv(row, report)))?,
            Self::Voir { style, header, lines } => {
                if *header && lines.is_multiple_of(RECORDS_A_PAGE) {
                    writeln!(out, "\n{}\n", style.header())?;
                }
                writeln!(out, "{}", style.line(row.index, row.record))?;
                *lines += 1;
            }
        }
        Ok(())
    }

    fn finish(self, out: &mut Out) -> Result {
        if let Self::Table(_, table) = self {
            table.finish(out)?;
        }
        Ok(())
    }
}

/// The style that `--style` or `--voir` asks for, with the words of `voir -style`.
fn voir_style(args: &Ls, report: &mut Report) -> Result<Option<Style>> {
    let Some(words) = args.style.as_ref().or(args.voir.as_ref()) else { return Ok(None) };
    let words = words.to_ascii_uppercase();
    for word in words.split('+').map(str::trim).filter(|word| !word.is_empty() && *word != FULL) {
        if !WORDS.contains(&word) {
            let known = WORDS.join(" ");
            return Err(Stop::message(format!("styles have no word `{word}`; known are {FULL} {known}")));
        }
    }
    let style = match (words.as_str(), &args.style) {
        ("", Some(_)) => Style::without_value(),
        ("", None) => Style::default(),
        (FULL, _) => Style::full(),
        (words, _) => Style::new(words),
    };
    if style.wants_grids() {
        report.note("the columns of GRIDINFO (XG1 to XG4) are left out: grid parameters are not decoded yet");
    }
    Ok(Some(style))
}

/// The style that has a name.
const FULL: &str = "FULL";

/// One line of a CSV file. What has a comma, a quote or the end of a line in it stands in quotes.
pub(crate) fn csv_row<T: AsRef<[u8]>>(out: &mut dyn std::io::Write, cells: impl IntoIterator<Item = T>) -> Result {
    Ok(out.write_all(&csv_line(cells))?)
}

fn csv_line<T: AsRef<[u8]>>(cells: impl IntoIterator<Item = T>) -> Vec<u8> {
    let mut line = Vec::new();
    for cell in cells {
        let cell = cell.as_ref();
        if cell.iter().any(|byte| b",\"\r\n".contains(byte)) {
            line.push(b'"');
            line.extend(cell.iter().flat_map(|byte| std::iter::repeat_n(*byte, 1 + usize::from(*byte == b'"'))));
            line.push(b'"');
        } else {
            line.extend_from_slice(cell);
        }
        line.push(b',');
    }
    // An empty line would be no record.
    if line == b"," {
        line = b"\"\",".to_vec();
    }
    line.pop();
    line.push(b'\n');
    line
}

/// One JSON object and the end of the line.
pub(crate) fn write_json(row: &Row<'_, impl Origin>, columns: &[Shown], out: &mut Out, report: &mut Report) -> Result {
    let cells = columns::cells(row, columns, report);
    serde_json::to_writer(&mut *out, &Members(&cells))?;
    Ok(out.write_all(b"\n")?)
}

/// Cells as the members of an object.
pub(crate) struct Members<'a>(pub(crate) &'a [(&'a str, Cell)]);

impl Serialize for Members<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, cell) in self.0 {
            map.serialize_entry(name, cell)?;
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::csv_line;

    #[test]
    fn csv_quotes_what_needs_it() {
        let line = |cells: &[&str]| String::from_utf8(csv_line(cells)).expect("text");
        assert_eq!(line(&["TT", "", "a b"]), "TT,,a b\n");
        assert_eq!(line(&["a,b", "say \"x\"", "1\n2", "1\r"]), "\"a,b\",\"say \"\"x\"\"\",\"1\n2\",\"1\r\"\n");
        assert_eq!((line(&[""]), line(&["", ""])), ("\"\"\n".to_owned(), ",\n".to_owned()));
    }
}
