//! Results as Markdown, with charts.

use std::{fmt::Write as _, fs, path::Path};

use crate::{Outcome, chart::Chart, timing};

/// A table with what must be known to read it.
pub struct Section {
    pub title: String,
    pub text: &'static str,
    pub columns: Vec<&'static str>,
    pub rows: Vec<Vec<String>>,
    pub chart: Option<Chart>,
}

impl Section {
    pub fn new(title: impl Into<String>, text: &'static str, columns: &[&'static str]) -> Self {
        Self { title: title.into(), text, columns: columns.to_vec(), rows: Vec::new(), chart: None }
    }

    pub fn markdown(&self) -> String {
        let mut out = format!("\n## {}\n\n{}\n\n", self.title, self.text);
        if let Some(chart) = &self.chart {
            let _ = writeln!(out, "![{}](benchmarks/{}.svg)\n", chart.title, chart.file);
        }
        let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
        out += &line(&self.columns.iter().map(ToString::to_string).collect::<Vec<_>>());
        let rule = self.columns.iter().enumerate().map(|(k, _)| if k == 0 { "|---|" } else { "---:|" });
        out.extend(rule);
        out.push('\n');
        out.extend(self.rows.iter().map(|row| line(row)));
        out
    }
}

/// Times of rpnfst, librmn and `memcpy` for so many bytes: MB/s of both, their ratio, MB/s of `memcpy`, percents of it.
pub fn columns_of_speed(bytes: usize, [ours, theirs, copy]: [std::time::Duration; 3]) -> [String; 5] {
    [
        format!("{:.0}", timing::speed(bytes, ours)),
        format!("{:.0}", timing::speed(bytes, theirs)),
        format!("{:.1}", timing::ratio(ours, theirs)),
        format!("{:.0}", timing::speed(bytes, copy)),
        format!("{:.0} %", 100.0 * timing::ratio(ours, copy)),
    ]
}

/// Names of the columns of [`columns_of_speed`].
pub const SPEED: [&str; 5] = ["rpnfst MB/s", "librmn MB/s", "ratio", "memcpy MB/s", "of memcpy"];

/// The section that `.ci/cdo.py` prints: it stays in `benchmarks.md`.
const OTHER: &str = "\n## Regridding beside CDO\n";

/// Writes `benchmarks.md` and the charts.
pub fn write(folder: &Path, sections: &[Section]) -> Outcome<()> {
    let charts = folder.join("benchmarks");
    fs::create_dir_all(&charts)?;
    let mut text = preamble();
    for section in sections {
        text += &section.markdown();
        if let Some(chart) = &section.chart {
            fs::write(charts.join(format!("{}.svg", chart.file)), chart.svg())?;
        }
    }
    let path = folder.join("benchmarks.md");
    if let Some(section) = fs::read_to_string(&path).ok().and_then(|old| Some(old[old.find(OTHER)?..].to_owned())) {
        text += &section;
    }
    fs::write(path, text)?;
    Ok(())
}

fn preamble() -> String {
    let field = |file: &str, name: &str| {
        let text = fs::read_to_string(file).unwrap_or_default();
        let line = text.lines().find(|line| line.starts_with(name));
        line.and_then(|line| line.split_once(':')).map_or("unknown".to_owned(), |(_, value)| value.trim().to_owned())
    };
    let (cpu, memory) = (field("/proc/cpuinfo", "model name"), field("/proc/meminfo", "MemTotal"));
    let gigabytes = memory.split(' ').next().and_then(|k| k.parse::<f64>().ok()).unwrap_or(0.0) / 1e6;
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split(' ').nth(2).unwrap_or("unknown");
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    format!(
        "# Benchmarks

rpnfst beside librmn 19.5: one process, one thread each unless said otherwise, the same values, the same kind of buffer,
in turns, medians, files in the page cache. Ratio: how many times faster rpnfst is. Times of one thread are processor time,
of several threads and of many files they are time on the wall. The machine is virtual and shared: look at the ratios.

Machine: {cpu}, {processors} processors, {gigabytes:.0} GB of memory. Load average of the last quarter of an hour: {load}. (Above 1
others used the processors as well, and what is said of two threads is too low.)

Made by

```sh
RPNFST_LIBRMN=librmnshared.so cargo bench --bench against_librmn -- --write docs
```

One section alone: `-- --only decode` (or `listing`, `scale`, `encode`, `codec`, `grids`, `levels`, `parallel`, `small`).

What bounds the speed: [performance.md](performance.md).
"
    )
}
