//! Horizontal bars as SVG, readable on light and on dark pages.

use std::fmt::Write as _;

/// Bars with their values; longer is better.
pub struct Chart {
    /// Name of the file, without extension.
    pub file: &'static str,
    pub title: String,
    /// Where "as fast as" lies.
    pub reference: (f64, &'static str),
    pub bars: Vec<(String, f64)>,
}

const WIDTH: f64 = 760.0;
const LEFT: f64 = 90.0;
const RIGHT: f64 = 60.0;
const TOP: f64 = 60.0;
const ROW: f64 = 22.0;

/// The page decides; the panel has its own ground, so that nothing is lost where it cannot.
const STYLE: &str = "\
text{font:13px system-ui,sans-serif;fill:#1f2328}.title{font-size:15px;font-weight:600}.end{text-anchor:end}
.panel{fill:#fff;stroke:#d1d9e0}.bar{fill:#2f6fbd}.rule{stroke:#59636e;stroke-dasharray:4 3}.small{font-size:11px}
@media(prefers-color-scheme:dark){text{fill:#e6edf3}.panel{fill:#161b22;stroke:#3d444d}.bar{fill:#5a9be8}
.rule{stroke:#9198a1}}";

impl Chart {
    pub fn svg(&self) -> String {
        let height = TOP + ROW * self.bars.len() as f64 + 14.0;
        let longest = self.bars.iter().map(|(_, value)| *value).fold(self.reference.0, f64::max);
        let scale = (WIDTH - LEFT - RIGHT) / longest;
        let mut out = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" role=\"img\" \
             aria-label=\"{0}\">\n<style>{STYLE}</style>\n\
             <rect class=\"panel\" x=\"0.5\" y=\"0.5\" width=\"{1}\" height=\"{2}\" rx=\"6\"/>\n\
             <text class=\"title\" x=\"16\" y=\"26\">{0}</text>\n\
             <text class=\"small end\" x=\"{3}\" y=\"{4}\">datyp/bits</text>\n",
            self.title,
            WIDTH - 1.0,
            height - 1.0,
            LEFT - 8.0,
            TOP - 6.0
        );
        for (k, (name, value)) in self.bars.iter().enumerate() {
            let (y, length) = (TOP + ROW * k as f64, value * scale);
            let text = y + ROW - 7.0;
            let _ = writeln!(
                out,
                "<text class=\"end\" x=\"{:.1}\" y=\"{text:.1}\">{name}</text>\
                 <rect class=\"bar\" x=\"{LEFT}\" y=\"{:.1}\" width=\"{length:.1}\" height=\"{:.1}\"/>\
                 <text x=\"{:.1}\" y=\"{text:.1}\">{value:.1}</text>",
                LEFT - 8.0,
                y + 3.0,
                ROW - 6.0,
                LEFT + length + 6.0
            );
        }
        let x = LEFT + self.reference.0 * scale;
        let _ = writeln!(
            out,
            "<line class=\"rule\" x1=\"{x:.1}\" x2=\"{x:.1}\" y1=\"{:.1}\" y2=\"{:.1}\"/>\
             <text class=\"small\" x=\"{:.1}\" y=\"{:.1}\">{}</text>\n</svg>",
            TOP - 6.0,
            height - 10.0,
            x + 4.0,
            TOP - 6.0,
            self.reference.1
        );
        out
    }

    /// Ratios against librmn.
    pub fn ratios(file: &'static str, title: String, bars: Vec<(String, f64)>) -> Self {
        Self { file, title, reference: (1.0, "1 = librmn 19.5"), bars }
    }
}
