//! The standard output: buffered, coloured on terminals only.

use std::io::{self, BufWriter, IsTerminal as _, Write};

use anstream::{AutoStream, ColorChoice, stream::RawStream};
use anstyle::{AnsiColor, Style};

/// When to colour.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, clap::ValueEnum)]
pub(crate) enum When {
    /// On terminals, unless `NO_COLOR` is set
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

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

/// The buffered standard output.
pub(crate) struct Out {
    writer: BufWriter<Box<dyn Write>>,
    color: bool,
}

impl Out {
    /// `style` on a terminal, else plain.
    pub(crate) fn style(&self, style: Style) -> Style {
        if self.color { style } else { Style::new() }
    }

    /// Writes out what is buffered. Dropping alone would hide errors.
    pub(crate) fn finish(mut self) -> io::Result<()> {
        self.flush()
    }
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.writer.write(bytes)
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.writer.write_all(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

/// The standard output. Styles must come from [`Out::style`].
pub(crate) fn stdout(when: When) -> Out {
    let stdout = io::stdout();
    let color = when.choice(&stdout) != ColorChoice::Never;
    // Without colours nothing has to look for escape sequences in every byte.
    let inner: Box<dyn Write> =
        if color { Box::new(AutoStream::new(stdout.lock(), when.choice(&stdout))) } else { Box::new(stdout.lock()) };
    Out { writer: BufWriter::with_capacity(1 << 16, inner), color }
}

/// Whether a person looks at the standard output.
pub(crate) fn is_terminal() -> bool {
    io::stdout().is_terminal()
}

/// Text that may come from a file, for a terminal: control characters become visible.
pub(crate) fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{FFFD}' } else { c }).collect()
}
