//! Aligned tables for people, written as they come in.

use std::io::{self, Write as _};

use crate::output::{HEADER, Out};

/// Rows that are looked at before a width is settled; later ones widen their columns when they must.
const ROWS: usize = 50_000;

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

/// A table with one header, however long it is.
#[derive(Debug)]
pub(crate) struct Table {
    heads: Vec<Head>,
    widths: Vec<usize>,
    /// The text of all waiting cells, and where each ends.
    text: String,
    ends: Vec<usize>,
    header_done: bool,
}

impl Table {
    /// An empty table.
    pub(crate) fn new(heads: Vec<Head>) -> Self {
        let widths = heads.iter().map(|head| head.name.len()).collect();
        Self { heads, widths, text: String::new(), ends: Vec::new(), header_done: false }
    }

    /// Adds the next cell of the row.
    pub(crate) fn cell(&mut self, text: &str) {
        let column = self.ends.len() % self.heads.len();
        self.text.extend(text.chars().map(|c| if c.is_control() { '\u{FFFD}' } else { c }));
        self.ends.push(self.text.len());
        let width = if text.is_ascii() { text.len() } else { text.chars().count() };
        self.widths[column] = self.widths[column].max(width);
    }

    /// Ends a row; long tables are written in pieces.
    pub(crate) fn end_row(&mut self, out: &mut Out) -> io::Result<()> {
        if self.ends.len() >= ROWS * self.heads.len() { self.write(out) } else { Ok(()) }
    }

    /// Writes what is left, and the header if there was no row at all.
    pub(crate) fn finish(mut self, out: &mut Out) -> io::Result<()> {
        self.write(out)
    }

    fn write(&mut self, out: &mut Out) -> io::Result<()> {
        if !std::mem::replace(&mut self.header_done, true) {
            let style = out.style(HEADER);
            write!(out, "{style}")?;
            let last = self.heads.len() - 1;
            for (k, (head, &width)) in self.heads.iter().zip(&self.widths).enumerate() {
                write_cell(out, head.name, width, head.right, k == last)?;
            }
            writeln!(out, "{style:#}")?;
        }
        let mut start = 0;
        for row in self.ends.chunks(self.heads.len()) {
            for (k, &end) in row.iter().enumerate() {
                let last = k + 1 == row.len();
                write_cell(out, &self.text[start..end], self.widths[k], self.heads[k].right, last)?;
                start = end;
            }
            out.write_all(b"\n")?;
        }
        self.text.clear();
        self.ends.clear();
        Ok(())
    }
}

/// No blanks at the ends of lines.
fn write_cell(out: &mut Out, text: &str, width: usize, right: bool, last: bool) -> io::Result<()> {
    const BLANKS: &[u8] = &[b' '; 64];
    let length = if text.is_ascii() { text.len() } else { text.chars().count() };
    let mut blanks = width.saturating_sub(length);
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
    if right {
        out.write_all(text.as_bytes())?;
    }
    if last { Ok(()) } else { out.write_all(b"  ") }
}
