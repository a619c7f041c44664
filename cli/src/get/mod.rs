//! `rpnfst get`: values out of files.

mod summary;
mod text;

use std::{
    collections::HashMap,
    io::{self, IsTerminal as _, Write},
    path::{Path, PathBuf},
};

use rpnfst::{BaseType, Field, File, FillMissing, ReadOptions};

use crate::{
    args::{self, Format, Get, Global},
    columns::Row,
    input::{self, Inputs},
    npy, output, progress,
    report::{DAMAGED, Report, Result, Stop},
    same_file::FilesRead,
    sink::{self, Sink},
    template::Template,
    words,
};

/// A file, and the positions of the records wanted of it.
struct Source {
    path: String,
    number: usize,
    file: File,
    wanted: Vec<usize>,
}

impl Source {
    fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.wanted.iter().filter_map(|&index| {
            let record = self.file.records().get(index)?;
            Some(Row { path: &self.path, file_number: self.number, file: &self.file, index, record })
        })
    }
}

/// Where values go.
enum Target {
    /// One stream for all: the standard output, or a file.
    One(Option<PathBuf>),
    /// A file for each record.
    Each(Template),
}

/// Runs the command.
pub(crate) fn run(args: &Get, global: &Global, report: &mut Report) -> Result {
    let paths = input::paths(&args.files, report)?;
    let sources = sources(&paths, args, global, report)?;
    let count: usize = sources.iter().map(|source| source.wanted.len()).sum();
    if count == 0 {
        if !sources.is_empty() || report.is_clean() {
            report.error(DAMAGED, "no record selected"); // files that do not open are named already
        }
        return Ok(());
    }
    if args.output.is_none() && args.format.is_none() && !args.matrix {
        return summary::run(&sources, args, global, report);
    }
    let (target, format) = plan(args)?;
    let inputs = FilesRead::new(paths.files());
    let job = Job { args, global, format, inputs, several: count > 1, complex: is_any_complex(&sources) };
    match target {
        Target::One(path) => job.one(&sources, path, report),
        Target::Each(template) => job.each(&sources, &template, report),
    }
}

fn is_any_complex(sources: &[Source]) -> bool {
    let mut rows = sources.iter().flat_map(Source::rows);
    rows.any(|row| row.record.data_type().base() == BaseType::Complex)
}

/// Opens the files and finds the records.
fn sources(paths: &Inputs, args: &Get, global: &Global, report: &mut Report) -> Result<Vec<Source>> {
    let query = input::query(args.select.expr.as_deref())?;
    let ranges = args.index.iter().map(|text| range(text)).collect::<Result<Vec<_>>>()?;
    let asked = joined(ranges.clone());
    let mut sources = Vec::new();
    // A position that is asked for is one of each file.
    let (files, _) = if ranges.is_empty() { paths.matching(&query, global) } else { (paths.each(&query), false) };
    for of in files {
        let Some(file) = input::open(of.path, global, report) else { continue };
        let is_asked = |k: &usize| {
            let after = asked.partition_point(|(low, _)| low <= k);
            asked.is_empty() || after.checked_sub(1).and_then(|at| asked.get(at)).is_some_and(|(_, high)| k <= high)
        };
        let wanted: Vec<_> =
            input::select_readable(&file, &of.query, report).into_iter().map(|(k, _)| k).filter(is_asked).collect();
        if !args.payload {
            input::warn_of_lost_planes(of.path, wanted.iter().filter_map(|&k| file.records().get(k)), report);
        }
        let path = of.name();
        let count = file.records().len();
        for (_, high) in ranges.iter().filter(|(_, high)| *high >= count) {
            report.error(DAMAGED, format_args!("{path}: no record {high}, there are {count} (counted from 0)"));
        }
        sources.push(Source { path, number: of.number, file, wanted });
    }
    Ok(sources)
}

/// Ranges in order, without overlaps.
fn joined(mut ranges: Vec<(usize, usize)>) -> Vec<(usize, usize)> {
    ranges.sort_unstable();
    ranges.dedup_by(|next, last| {
        let overlaps = next.0 <= last.1;
        if overlaps {
            last.1 = last.1.max(next.1);
        }
        overlaps
    });
    ranges
}

/// `5` or `10-12`.
fn range(text: &str) -> Result<(usize, usize)> {
    let text = text.trim();
    let (low, high) = text.split_once('-').unwrap_or((text, text));
    match (low.parse(), high.parse()) {
        (Ok(low), Ok(high)) if low <= high => Ok((low, high)),
        _ => Err(Stop::message(format!("--index: expected a position such as 5 or 10-12, not `{text}`"))),
    }
}

/// Decides on the target and the format.
fn plan(args: &Get) -> Result<(Target, Format)> {
    let stdout = Path::new("-");
    let output = args.output.as_deref().unwrap_or(stdout);
    let asked = if args.payload { Some(Format::Raw) } else { args.format };
    let asked = if args.matrix { asked.or(Some(Format::Csv)) } else { asked };
    if args.matrix && asked != Some(Format::Csv) {
        return Err(Stop::message("--matrix is a form of CSV"));
    }
    if output == stdout {
        return Ok((Target::One(None), asked.unwrap_or(Format::Csv)));
    }
    let text = output.to_string_lossy();
    let is_folder = output.is_dir() || text.ends_with(std::path::is_separator);
    let extension = output.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    let format = match (asked, extension.to_ascii_lowercase().as_str()) {
        (Some(format), _) => format,
        (None, _) if is_folder => Format::Npy,
        (None, "npy") => Format::Npy,
        (None, "csv") => Format::Csv,
        (None, "json" | "jsonl" | "ndjson") => Format::Json,
        (None, "raw" | "bin" | "dat") => Format::Raw,
        (None, _) => {
            let message =
                format!("{text}: no format goes with this name; use .npy, .csv, .json or .raw, or say --format");
            return Err(Stop::message(message));
        }
    };
    Ok((
        if is_folder {
            let extension = match format {
                Format::Npy => "npy",
                Format::Csv => "csv",
                Format::Json => "json",
                Format::Raw => "raw",
            };
            Target::Each(Template::in_folder(output, extension))
        } else if Template::is_one(output.as_os_str()) {
            Target::Each(Template::parse(output.as_os_str())?)
        } else {
            Target::One(Some(output.to_owned()))
        },
        format,
    ))
}

/// What to write, and how.
struct Job<'a> {
    args: &'a Get,
    global: &'a Global,
    format: Format,
    inputs: FilesRead,
    several: bool,
    complex: bool,
}

impl Job<'_> {
    fn options(&self) -> ReadOptions {
        self.global.reading().missing(match self.args.missing {
            args::Missing::Nan => FillMissing::Nan,
            args::Missing::Classic => FillMissing::Classic,
            args::Missing::Substitute => FillMissing::Substitute,
        })
    }

    fn text_options(&self, several: bool, complex: bool) -> text::Options {
        let hole = self.args.missing == args::Missing::Nan;
        text::Options { index: several, matrix: self.args.matrix, complex, hole }
    }

    /// All records into one stream.
    fn one(&self, sources: &[Source], path: Option<PathBuf>, report: &mut Report) -> Result {
        let joins = matches!(self.format, Format::Json | Format::Csv) && !self.args.matrix;
        if self.several && !joins {
            let what = if self.args.payload { "payload" } else { "npy, raw and --matrix" };
            let count: usize = sources.iter().map(|source| source.wanted.len()).sum();
            return Err(Stop::message(format!(
                "{count} records are selected and {what} output holds one; write to a folder or to a template such as \
                 -o '{{nomvar}}_{{index}}.npy'"
            )));
        }
        let Some(path) = path else {
            let binary = matches!(self.format, Format::Npy | Format::Raw);
            if binary && io::stdout().is_terminal() {
                return Err(Stop::message("binary values are not for a terminal; use -o FILE or a pipe"));
            }
            let mut out = output::data();
            self.stream(sources, &mut out, report)?;
            return Ok(out.finish()?);
        };
        self.inputs.keep(&path)?;
        let mut sink = Sink::create(&path, self.args.force)?;
        if self.stream(sources, &mut sink, report).map_err(|stop| sink::named(stop, &path))? {
            sink.finish()?;
        }
        Ok(())
    }

    /// Says whether anything was written.
    fn stream(&self, sources: &[Source], out: &mut dyn Write, report: &mut Report) -> Result<bool> {
        let mut any = false;
        let text = self.text_options(self.several, self.complex);
        if self.format == Format::Csv && !self.args.no_header {
            text.header(out)?;
        }
        for source in sources {
            self.fields(source, report, |row, data, report| match data {
                Ok(data) => {
                    any = true;
                    self.write(row, &data, &text, out, report)
                }
                Err(error) => {
                    report.library_error(&error);
                    if self.format == Format::Json {
                        any |= self.several;
                        text::write_error(row, &error, out, report)?;
                    }
                    Ok(())
                }
            })?;
        }
        Ok(any)
    }

    /// A file for each record.
    fn each(&self, sources: &[Source], template: &Template, report: &mut Report) -> Result {
        // All names are known before the first value is read.
        let mut names = HashMap::new();
        for row in sources.iter().flat_map(Source::rows) {
            let name = template.expand(&row, report);
            self.inputs.keep(&name)?;
            if !self.args.force && name.exists() {
                return Err(Stop::message(format!("{}: exists already; -f overwrites it", name.display())));
            }
            if let Some(other) = names.insert(name, (row.file_number, row.index)) {
                let name = template.expand(&row, report);
                let message = format!(
                    "records {} and {} would both go to {}; put {{index}} into the template ({{stem}} for several files)",
                    other.1,
                    row.index,
                    name.display()
                );
                return Err(Stop::message(message));
            }
        }
        let total: usize = sources.iter().map(|source| source.wanted.len()).sum();
        let bar = progress::records(total, "get", false, report);
        for source in sources {
            self.fields(source, report, |row, data, report| {
                bar.inc(1);
                let data = match data {
                    Ok(data) => data,
                    Err(error) => {
                        report.library_error(&error);
                        return Ok(());
                    }
                };
                let path = template.expand(row, report);
                if let Some(parent) = path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
                    let made = std::fs::create_dir_all(parent);
                    made.map_err(|e| Stop::message(format!("{}: {e}", parent.display())))?;
                }
                let mut sink = Sink::create(&path, self.args.force)?;
                let complex = row.record.data_type().base() == BaseType::Complex;
                let text = self.text_options(false, complex);
                let write = |sink: &mut Sink, report: &mut Report| {
                    if self.format == Format::Csv && !self.args.no_header {
                        text.header(sink)?;
                    }
                    self.write(row, &data, &text, sink, report)
                };
                write(&mut sink, report).map_err(|stop| sink::named(stop, &path))?;
                sink.finish()
            })?;
        }
        progress::done(&bar, report);
        Ok(())
    }

    /// Reads the records of a file in their order, decoding on all threads.
    fn fields(
        &self,
        source: &Source,
        report: &mut Report,
        mut each: impl FnMut(&Row<'_>, rpnfst::Result<Data<'_>>, &mut Report) -> Result,
    ) -> Result {
        if self.args.payload {
            for row in source.rows() {
                each(&row, source.file.payload(row.record).map(Data::Payload), report)?;
            }
            return Ok(());
        }
        let records = source.rows().map(|row| row.record);
        let options = self.options();
        let said = self.args.words.words_as;
        let fields = source
            .file
            .map_many(records, &options, |record, field| field.map(|field| words::taken(record, field, said).0));
        for (row, (_, field)) in source.rows().zip(fields) {
            each(&row, field.map(Data::Field), report)?;
        }
        Ok(())
    }

    fn write(
        &self,
        row: &Row<'_>,
        data: &Data<'_>,
        text: &text::Options,
        mut out: &mut dyn Write,
        report: &mut Report,
    ) -> Result {
        let field = match data {
            Data::Payload(bytes) => return Ok(out.write_all(bytes)?),
            Data::Field(field) => field,
        };
        match self.format {
            Format::Npy => Ok(npy::write(field, &mut out)?),
            Format::Raw => Ok(out.write_all(&field.values().to_le_bytes())?),
            Format::Csv => Ok(text.csv(row.index, field, out)?),
            Format::Json => text.json(row, field, out, report),
        }
    }
}

/// What a record gives.
enum Data<'a> {
    Field(Field),
    Payload(std::borrow::Cow<'a, [u8]>),
}

#[cfg(test)]
mod tests {
    #[test]
    fn ranges_are_joined() {
        let ranges = vec![(7, 9), (0, 0), (3, 5), (4, 4), (5, 6), (20, 20)];
        assert_eq!(super::joined(ranges), [(0, 0), (3, 6), (7, 9), (20, 20)]);
    }
}
