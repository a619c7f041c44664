//! The standard output: buffered, coloured on terminals only, without control characters of files and paths.

use std::{
    cell::Cell,
    fmt,
    io::{self, BufWriter, IsTerminal as _, Write},
    path::Path,
};

use anstream::{AutoStream, ColorChoice, stream::RawStream};
use anstyle::{AnsiColor, Style};

use crate::args::{Global, When};

impl When {
    /// What that means for a stream.
    pub(crate) fn choice(self, stream: &impl RawStream) -> ColorChoice {
        match self {
            Self::Auto => AutoStream::choice(stream),
            Self::Always => ColorChoice::Always,
            Self::Never => ColorChoice::Never,
        }
    }
}

/// Names in tables.
pub(crate) const HEADER: Style = Style::new().bold();
/// What is sound.
pub(crate) const GOOD: Style = Style::new().fg_color(Some(anstyle::Color::Ansi(AnsiColor::Green)));
/// What is damaged.
pub(crate) const BAD: Style = Style::new().bold().fg_color(Some(anstyle::Color::Ansi(AnsiColor::Red)));
/// Remarks.
pub(crate) const DIM: Style = Style::new().dimmed();

thread_local! {
    /// Whether what is being written is a style of ours.
    static OWN: Cell<bool> = const { Cell::new(false) };
}

/// A style that [`Out`] lets through: `{}` begins it, `{:#}` ends it. It is written into [`Out`] directly, not into a
/// text before, where nothing tells it from what a file holds.
#[derive(Clone, Copy)]
pub(crate) struct Paint(Style);

impl fmt::Display for Paint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        OWN.set(true);
        let done = if f.alternate() { write!(f, "{:#}", self.0) } else { write!(f, "{}", self.0) };
        OWN.set(false);
        done
    }
}

/// The buffered standard output.
pub(crate) struct Out {
    writer: BufWriter<Box<dyn Write>>,
    color: bool,
    /// Bytes go as they are.
    exact: bool,
    /// The beginning of a character whose rest comes with the next bytes.
    cut: Vec<u8>,
}

impl Out {
    /// `style` on a terminal, else plain.
    pub(crate) fn style(&self, style: Style) -> Paint {
        Paint(if self.color { style } else { Style::new() })
    }

    /// Writes out what is buffered. Dropping alone would hide errors.
    pub(crate) fn finish(mut self) -> io::Result<()> {
        if !std::mem::take(&mut self.cut).is_empty() {
            self.writer.write_all("\u{FFFD}".as_bytes())?;
        }
        self.flush()
    }

    /// Control characters become visible, bytes that are no text too.
    fn write_clean(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.cut.is_empty() && bytes.iter().all(|byte| matches!(byte, b'\n' | b'\t' | b' '..=b'~')) {
            return self.writer.write_all(bytes);
        }
        let mut all = std::mem::take(&mut self.cut);
        all.extend_from_slice(bytes);
        let mut text = String::with_capacity(all.len());
        let mut chunks = all.utf8_chunks().peekable();
        while let Some(chunk) = chunks.next() {
            text.extend(chunk.valid().chars().map(|c| if matches!(c, '\n' | '\t') { c } else { visible(c) }));
            let bad = chunk.invalid();
            if chunks.peek().is_none() && std::str::from_utf8(bad).is_err_and(|e| e.error_len().is_none()) {
                self.cut = bad.to_vec();
            } else if !bad.is_empty() {
                text.push('\u{FFFD}');
            }
        }
        self.writer.write_all(text.as_bytes())
    }
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.write_all(bytes).map(|()| bytes.len())
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.exact || OWN.get() { self.writer.write_all(bytes) } else { self.write_clean(bytes) }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

/// The standard output for text. Styles must come from [`Out::style`]; other control characters do not get through.
pub(crate) fn stdout(when: When) -> Out {
    let stdout = io::stdout();
    let color = when.choice(&stdout) != ColorChoice::Never;
    // Without colours nothing has to look for escape sequences in every byte.
    let inner: Box<dyn Write> =
        if color { Box::new(AutoStream::new(stdout.lock(), when.choice(&stdout))) } else { Box::new(stdout.lock()) };
    Out { writer: BufWriter::with_capacity(1 << 16, inner), color, exact: false, cut: Vec::new() }
}

/// The standard output for CSV, JSON and bytes: exact, but on a terminal, which obeys control characters.
pub(crate) fn data() -> Out {
    let inner = Box::new(io::stdout().lock());
    Out { writer: BufWriter::with_capacity(1 << 16, inner), color: false, exact: !is_terminal(), cut: Vec::new() }
}

/// The standard output for what a command says of its work: nothing if `quiet`.
pub(crate) fn remarks(global: &Global) -> Out {
    if !global.quiet {
        return stdout(global.color);
    }
    Out { writer: BufWriter::new(Box::new(io::sink())), color: false, exact: true, cut: Vec::new() }
}

/// Whether a person looks at the standard output.
pub(crate) fn is_terminal() -> bool {
    io::stdout().is_terminal()
}

/// Columns of the terminal that the standard output is; `COLUMNS` says otherwise.
pub(crate) fn width() -> Option<usize> {
    if !is_terminal() {
        return None;
    }
    let asked = std::env::var("COLUMNS").ok().and_then(|text| text.trim().parse().ok()).filter(|&columns| columns > 0);
    asked.or_else(|| terminal_size::terminal_size_of(io::stdout()).map(|(width, _)| width.0.into()))
}

/// Text that may come from a file, for one line on a terminal: control characters become visible.
pub(crate) fn printable(text: &str) -> String {
    text.chars().map(visible).collect()
}

/// The name of a file, for one line on a terminal.
pub(crate) fn name(path: &Path) -> String {
    printable(&path.display().to_string())
}

fn visible(c: char) -> char {
    if c.is_control() { '\u{FFFD}' } else { c }
}

#[cfg(test)]
mod tests {
    use std::{cell::RefCell, rc::Rc};

    use super::*;

    #[derive(Clone, Default)]
    struct Kept(Rc<RefCell<Vec<u8>>>);

    impl Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.borrow_mut().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// What comes of some writes.
    fn written(color: bool, exact: bool, write: impl FnOnce(&mut Out) -> io::Result<()>) -> Vec<u8> {
        let kept = Kept::default();
        let mut out = Out { writer: BufWriter::new(Box::new(kept.clone())), color, exact, cut: Vec::new() };
        write(&mut out).and_then(|()| out.finish()).expect("written");
        kept.0.take()
    }

    #[test]
    fn only_styles_of_ours_get_through() {
        let show = |out: &mut Out| {
            let style = out.style(BAD);
            writeln!(out, "{style}a\x1b[31m\u{9b}1m\x07\tb{style:#}")
        };
        let text = "a\u{FFFD}[31m\u{FFFD}1m\u{FFFD}\tb";
        assert_eq!(written(false, false, show), format!("{text}\n").into_bytes());
        assert_eq!(written(true, false, show), format!("{BAD}{text}{BAD:#}\n").into_bytes());
        assert_eq!(written(false, true, |out| out.write_all(b"\x1b[31m\xff")), b"\x1b[31m\xff");
    }

    #[test]
    fn characters_in_pieces_stay_whole() {
        let text = "\u{e9}\u{1f30a}";
        let pieces = |out: &mut Out| text.as_bytes().iter().try_for_each(|byte| out.write_all(&[*byte]));
        assert_eq!(written(false, false, pieces), text.as_bytes());
        let bad =
            |out: &mut Out| [&b"d\xe9"[..], b"/x", b"\xc2", b"\x9b2J\xc3"].iter().try_for_each(|b| out.write_all(b));
        assert_eq!(written(false, false, bad), "d\u{FFFD}/x\u{FFFD}2J\u{FFFD}".as_bytes());
    }
}
