//! Aligned tables for people, written as they come in. On a terminal they take the width that is there.

use std::{
    borrow::Cow,
    io::{self, Write as _},
};

use crate::output::{self, HEADER, Out};

/// Rows that are looked at before a width is settled; later ones widen their columns when they must.
const ROWS: usize = 50_000;
/// Blanks between two columns.
const GAP: &str = "  ";
/// Name of a last column of free text, which goes on in the next line where it must.
const FREE: &str = "what";
/// Characters of it that other columns make room for, and how far the next line goes in if they cannot.
const FREE_ROOM: usize = 24;
const INDENT: usize = 4;

/// The head of a column.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Head {
    name: &'static str,
    right: bool,
}

impl Head {
    /// Text.
    pub(crate) const fn left(name: &'static str) -> Self {
        Self { name, right: false }
    }

    /// Numbers.
    pub(crate) const fn right(name: &'static str) -> Self {
        Self { name, right: true }
    }
}

/// How a table becomes narrower.
enum Step {
    /// No columns that hold nothing, but for those that stay.
    Empty,
    /// One blank between two columns.
    OneBlank,
    /// Heads as `voir` has them.
    ShortHeads,
    /// Times without their `T`, `Z` and seconds that are none.
    ShortTimes,
    /// Cells with at most so many characters: their beginning.
    Begin(&'static str, usize),
    /// Their end: the last parts of a path say more than the first ones.
    End(&'static str, usize),
    /// No such columns.
    Drop(&'static [&'static str]),
}

/// What is given up first when a terminal is too narrow, by the names of columns. `nomvar`, `level` and `valid_time`
/// stay (the last but in `stat` of several files).
const STEPS: &[Step] = &[
    Step::ShortTimes,
    Step::Empty,
    Step::End("path", 40),
    Step::ShortHeads,
    Step::Drop(&["ig1", "ig2", "ig3", "ig4"]),
    Step::Drop(&["grtyp"]),
    Step::Drop(&["nk"]),
    Step::Drop(&["ip3"]),
    Step::End("path", 24),
    Step::Begin("etiket", 8),
    Step::End("path", 16),
    Step::Drop(&["origin_time"]),
    Step::Drop(&["bytes"]),
    Step::Drop(&["type"]),
    Step::Drop(&["nan"]),
    Step::Drop(&["corr"]),
    Step::Drop(&["bias"]),
    Step::Drop(&["rms"]),
    Step::Drop(&["hour"]),
    Step::Drop(&["ni", "nj"]),
    Step::Drop(&["at"]),
    Step::Drop(&["rel"]),
    Step::Drop(&["std"]),
    Step::Drop(&["n"]),
    Step::Drop(&["missing"]),
    Step::Drop(&["ip2"]),
    Step::Drop(&["etiket"]),
    Step::Drop(&["typvar"]),
    Step::OneBlank,
    Step::Drop(&["mean"]),
    Step::Drop(&["valid_time"]),
];
/// What stays although it may hold nothing.
const STAY: [&str; 3] = ["nomvar", "level", "valid_time"];

/// Ends or begins a text that was cut.
const CUT: char = '\u{2026}';

/// How a column is shown.
#[derive(Clone, Copy, Debug)]
struct Column {
    head: Head,
    /// The name that is shown.
    name: &'static str,
    width: usize,
    shown: bool,
    short_time: bool,
    /// Most characters, and whether those at the end are kept.
    cut: Option<(usize, bool)>,
}

/// A table with one header, however long it is.
#[derive(Debug)]
pub(crate) struct Table {
    columns: Vec<Column>,
    /// The text of all waiting cells, and where each ends.
    text: String,
    ends: Vec<usize>,
    /// Nothing was written so far.
    fresh: bool,
    header: bool,
    /// Characters of a line.
    room: Option<usize>,
    gap: &'static str,
}

impl Table {
    /// An empty table.
    pub(crate) fn new(heads: Vec<Head>) -> Self {
        let column = |head: Head| {
            let width = head.name.len();
            Column { head, name: head.name, width, shown: true, short_time: false, cut: None }
        };
        let columns = heads.into_iter().map(column).collect();
        Self { columns, text: String::new(), ends: Vec::new(), fresh: true, header: true, room: None, gap: GAP }
    }

    /// Whether there is a header.
    pub(crate) fn header(mut self, yes: bool) -> Self {
        self.header = yes;
        self
    }

    /// Drops and shortens columns where the standard output is a terminal that is too narrow.
    pub(crate) fn for_terminal(self) -> Self {
        self.within(output::width())
    }

    fn within(mut self, room: Option<usize>) -> Self {
        self.room = room;
        self
    }

    /// Adds the next cell of the row.
    pub(crate) fn cell(&mut self, text: &str) {
        let place = self.ends.len() % self.columns.len();
        self.text.extend(text.chars().map(|c| if c.is_control() { '\u{FFFD}' } else { c }));
        self.ends.push(self.text.len());
        if let Some(column) = self.columns.get_mut(place) {
            column.width = column.width.max(length(&column.cell(text)));
        }
    }

    /// Ends a row; long tables are written in pieces.
    pub(crate) fn end_row(&mut self, out: &mut Out) -> io::Result<()> {
        if self.ends.len() >= ROWS * self.columns.len() { self.write(out) } else { Ok(()) }
    }

    /// Writes what is left, and the header if there was no row at all.
    pub(crate) fn finish(mut self, out: &mut Out) -> io::Result<()> {
        self.write(out)
    }

    /// Takes the steps that the room asks for.
    fn fit(&mut self) {
        let Some(room) = self.room else { return };
        for step in STEPS {
            if self.line() <= room {
                return;
            }
            if matches!(step, Step::OneBlank) {
                self.gap = " ";
            }
            for k in 0..self.columns.len() {
                if matches!(step, Step::Empty) {
                    self.columns[k].shown &= STAY.contains(&self.columns[k].head.name) || !self.is_empty(k);
                } else if self.columns[k].take(step) {
                    self.measure(k);
                }
            }
        }
    }

    /// Whether no waiting cell of a column holds anything.
    fn is_empty(&self, k: usize) -> bool {
        (k..self.ends.len()).step_by(self.columns.len()).all(|at| matches!(self.at(at), "-" | ""))
    }

    /// Characters of a line. A last column of free text may go on in the next one.
    fn line(&self) -> usize {
        let width = |column: &Column| match column.head.name {
            FREE => column.width.min(FREE_ROOM),
            _ => column.width,
        };
        let widths = self.columns.iter().filter(|column| column.shown).map(|column| width(column) + self.gap.len());
        widths.sum::<usize>().saturating_sub(self.gap.len())
    }

    /// Where a column begins.
    fn start(&self, k: usize) -> usize {
        let before = self.columns.iter().take(k).filter(|column| column.shown);
        before.map(|column| column.width + self.gap.len()).sum()
    }

    /// The width of a column anew.
    fn measure(&mut self, k: usize) {
        let count = self.columns.len();
        let column = &self.columns[k];
        let cells = (k..self.ends.len()).step_by(count).map(|at| length(&column.cell(self.at(at))));
        let head = if self.header { column.name.len() } else { 0 };
        let width = cells.max().unwrap_or(0).max(head);
        self.columns[k].width = width;
    }

    /// The text of a waiting cell.
    fn at(&self, at: usize) -> &str {
        let start = if at == 0 { 0 } else { self.ends[at - 1] };
        &self.text[start..self.ends[at]]
    }

    fn write(&mut self, out: &mut Out) -> io::Result<()> {
        if std::mem::replace(&mut self.fresh, false) {
            if !self.header {
                (0..self.columns.len()).for_each(|k| self.measure(k));
            }
            self.fit();
            if self.header {
                let style = out.style(HEADER);
                write!(out, "{style}")?;
                self.write_row(out, |_, column| Cow::Borrowed(column.name))?;
                writeln!(out, "{style:#}")?;
            }
        }
        let count = self.columns.len();
        for row in 0..self.ends.len() / count {
            self.write_row(out, |k, column| column.cell(self.at(row * count + k)))?;
            out.write_all(b"\n")?;
        }
        self.text.clear();
        self.ends.clear();
        Ok(())
    }

    fn write_row<'a>(&'a self, out: &mut Out, cell: impl Fn(usize, &'a Column) -> Cow<'a, str>) -> io::Result<()> {
        let last = self.columns.iter().rposition(|column| column.shown);
        for (k, column) in self.columns.iter().enumerate().filter(|(_, column)| column.shown) {
            let (text, last) = (cell(k, column), Some(k) == last);
            match self.room.filter(|_| last && column.head.name == FREE) {
                Some(room) => {
                    let start = self.start(k);
                    let lines = free_lines(&text, start, room).join("\n");
                    out.write_all(lines.get(start..).unwrap_or_default().as_bytes())?;
                }
                None => write_cell(out, &text, column.width, column.head.right, last)?,
            }
            if !last {
                out.write_all(self.gap.as_bytes())?;
            }
        }
        Ok(())
    }
}

impl Column {
    /// Takes a step if it is this column's. Whether its width may change.
    fn take(&mut self, step: &Step) -> bool {
        let name = self.head.name;
        match *step {
            Step::ShortHeads => {
                self.name = match name {
                    "nomvar" => "nomv",
                    "typvar" => "tv",
                    "grtyp" => "g",
                    other => other,
                };
                self.name != name
            }
            Step::ShortTimes => {
                self.short_time = matches!(name, "origin_time" | "valid_time" | "valid_from" | "valid_to");
                self.short_time
            }
            Step::Begin(column, most) | Step::End(column, most) if column == name => {
                self.cut = Some((most, matches!(step, Step::End(..))));
                true
            }
            Step::Drop(columns) if columns.contains(&name) => {
                self.shown = false;
                false
            }
            _ => false,
        }
    }

    /// A cell as it is shown.
    fn cell<'a>(&self, text: &'a str) -> Cow<'a, str> {
        if self.short_time {
            return short_time(text, self.head.name == "origin_time").into();
        }
        let Some((most, end)) = self.cut else { return text.into() };
        let length = length(text);
        if length <= most {
            return text.into();
        }
        if end {
            std::iter::once(CUT).chain(text.chars().skip(length + 1 - most)).collect()
        } else {
            text.chars().take(most - 1).chain([CUT]).collect()
        }
    }
}

/// `2020-06-15 06:00`, or `2020-06-15 06Z` of the origin, where runs begin on the hour.
fn short_time(text: &str, origin: bool) -> String {
    let shorter = match text.strip_suffix(":00:00Z") {
        Some(hour) if origin => format!("{hour}Z"),
        _ => {
            let text = text.strip_suffix('Z').unwrap_or(text);
            text.strip_suffix(":00").unwrap_or(text).to_owned()
        }
    };
    shorter.replace('T', " ")
}

fn length(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.chars().count() }
}

/// No blanks at the ends of lines.
fn write_cell(out: &mut Out, text: &str, width: usize, right: bool, last: bool) -> io::Result<()> {
    const BLANKS: &[u8] = &[b' '; 64];
    let mut blanks = width.saturating_sub(length(text));
    if !right {
        out.write_all(text.as_bytes())?;
        if last {
            return Ok(());
        }
    }
    while blanks > 0 {
        let n = blanks.min(BLANKS.len());
        out.write_all(&BLANKS[..n])?;
        blanks -= n;
    }
    if right { out.write_all(text.as_bytes()) } else { Ok(()) }
}

/// The lines of a text that begins at a column and goes on below itself, or below the line where that is too narrow. The
/// first line has its `start` blanks too.
fn free_lines(text: &str, start: usize, room: usize) -> Vec<String> {
    let indent = if room.saturating_sub(start) < FREE_ROOM { INDENT } else { start };
    let (mut lines, mut line, mut width) = (Vec::new(), " ".repeat(start), start);
    for (k, word) in text.split(' ').enumerate() {
        let blank = usize::from(k > 0);
        if width > indent && width + blank + length(word) > room {
            lines.push(std::mem::replace(&mut line, " ".repeat(indent)));
            width = indent;
        } else if blank > 0 {
            line.push(' ');
            width += 1;
        }
        line.push_str(word);
        width += length(word);
    }
    lines.push(line);
    lines
}

#[cfg(test)]
mod tests;
