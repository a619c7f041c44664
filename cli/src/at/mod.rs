//! `rpnfst at`: values at points.

mod archive;
mod places;
mod rows;
mod seams;

use std::{
    collections::{HashMap, HashSet},
    path::Path,
};

use rpnfst::{
    File, ReadOptions, Record,
    geo::{Geometry, Points, Winds},
    grids::regrid::{Method, Options},
    record::Descriptors,
};

use self::{
    archive::Archive,
    places::Places,
    rows::{Form, Rows},
    seams::Seams,
};
use crate::{
    args::{At, Global},
    columns::Row,
    input, number, output, progress,
    report::{DAMAGED, Report, Result, Stop},
    same_file::FilesRead,
    sink::{self, Sink},
    threads,
};

/// Values of a record at the points, or why there is none.
type Values = rpnfst::Result<Vec<f64>>;

/// Where rows go.
enum Target<'a> {
    Stdout(Rows<'a>, output::Out),
    Text(Rows<'a>, Sink, &'a Path),
    Archive(Archive<'a>, &'a Path),
}

/// Runs the command.
pub(crate) fn run(args: &At, global: &Global, report: &mut Report) -> Result {
    let places = Places::of(args)?;
    let paths = input::paths(&args.files, report)?;
    let query = input::query(args.select.expr.as_deref())?;
    let inputs = FilesRead::new(paths.files().chain(args.points.as_deref()));
    let mut target = target(args, global, &places, paths.several(), &inputs)?;
    let (files, fewer) = paths.matching(&query, global);
    let (mut opened, mut selected, mut written) = (fewer, 0, 0);
    for of in files {
        let Some(file) = input::open(of.path, global, report) else { continue };
        let records = input::select_readable(&file, &of.query, report);
        (opened, selected) = (true, selected + records.len());
        input::warn_of_lost_planes(of.path, records.iter().map(|(_, record)| *record), report);
        let name = of.name();
        let mut job = Job::new(args, global, &file, &places)?;
        let records = job.placed(&name, records, report);
        let bar = progress::records(records.len(), "at", target.streams(), report);
        // Of each thread a few records, so that memory stays bounded.
        for some in records.chunks(rayon::current_num_threads().max(1) * 4) {
            crate::interrupt::check()?;
            for (&(index, record), values) in some.iter().zip(job.values(some)) {
                bar.inc(1);
                if let Err(error) = &values {
                    report.library_error(error);
                }
                written += usize::from(values.is_ok());
                target.row(
                    &Row { path: &name, file_number: of.number, file: &file, index, record },
                    &values,
                    report,
                )?;
            }
        }
        progress::done(&bar, report);
        job.complain(&name, report);
    }
    if selected > 0 && written == 0 && report.is_clean() {
        report.error(DAMAGED, "no value: no record that was selected has a place");
    }
    input::none_selected(&args.select, selected, opened, report);
    target.finish(opened, written > 0)
}

fn target<'a>(
    args: &'a At,
    global: &Global,
    places: &'a Places,
    several: bool,
    inputs: &FilesRead,
) -> Result<Target<'a>> {
    let Some(path) = args.output.as_deref() else {
        let form = if args.json {
            Form::Json
        } else if args.csv {
            Form::Csv
        } else {
            Form::Table
        };
        let mut out = if form == Form::Table { output::stdout(global.color) } else { output::data() };
        let rows = Rows::new(form, places, several, !args.no_header, &mut out)?;
        return Ok(Target::Stdout(rows, out));
    };
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    let form = match extension.to_ascii_lowercase().as_str() {
        "npz" => None,
        "csv" => Some(Form::Csv),
        "json" | "jsonl" | "ndjson" => Some(Form::Json),
        _ => {
            let what = "no format goes with this name; use .npz, .csv or .json";
            return Err(Stop::message(format!("{}: {what}", path.display())));
        }
    };
    inputs.keep(path)?;
    let mut sink = Sink::create(path, args.force)?;
    Ok(match form {
        None => Target::Archive(Archive::new(sink, places, several, global.max_memory), path),
        Some(form) => {
            let rows = Rows::new(form, places, several, !args.no_header, &mut sink);
            Target::Text(rows.map_err(|stop| sink::named(stop, path))?, sink, path)
        }
    })
}

impl Target<'_> {
    /// Whether rows appear on the terminal while the work goes on.
    fn streams(&self) -> bool {
        matches!(self, Self::Stdout(rows, _) if output::is_terminal() && rows.streams())
    }

    fn row(&mut self, row: &Row<'_>, values: &Values, report: &mut Report) -> Result {
        match self {
            Self::Stdout(rows, out) => {
                rows.row(row, values, out, report)?;
                rows.end_row(out)
            }
            Self::Text(rows, sink, path) => rows.row(row, values, sink, report).map_err(|stop| sink::named(stop, path)),
            Self::Archive(archive, path) => archive.row(row, values).map_err(|stop| sink::named(stop, path)),
        }
    }

    /// Ends the output. A file without a row does not appear.
    fn finish(self, opened: bool, any: bool) -> Result {
        match self {
            Self::Stdout(rows, mut out) => {
                if opened {
                    rows.finish(&mut out)?;
                }
                Ok(out.finish()?)
            }
            Self::Text(_, sink, _) if any => sink.finish(),
            Self::Archive(archive, path) if any => archive.finish().map_err(|stop| sink::named(stop, path)),
            _ => Ok(()),
        }
    }
}

/// The records of a file.
struct Job<'a> {
    file: &'a File,
    masks: Descriptors<'a>,
    points: Points,
    /// For sets of points, unless a method is asked for.
    of_sets: Option<Points>,
    reading: ReadOptions,
    /// The pairs of winds that are to be turned, by either of their components.
    winds: HashMap<u32, Winds<'a>>,
    turns: bool,
    /// The other component of winds whose first one was computed, until its turn comes.
    kept: HashMap<u32, Vec<f64>>,
    seams: Seams<'a>,
    without_place: usize,
    planes: usize,
}

/// A record, or a wind of which it is the first component that is wanted.
enum Task<'a> {
    Kept(Vec<f64>),
    Scalar(&'a Record),
    /// The wind, and whether its component along y is meant.
    Wind(Winds<'a>, bool),
}

impl<'a> Job<'a> {
    fn new(args: &At, global: &Global, file: &'a File, places: &Places) -> Result<Self> {
        let options = |method| Options::new(method).extrapolate(args.extrapolate);
        let points = |method| -> Result<Points> {
            let points = Points::new(places.lat.clone(), places.lon.clone(), options(method));
            let points = points.map_err(|error| Stop::message(error.to_string()))?;
            Ok(points.words_as(args.words.words_as.map(crate::words::kind_of)))
        };
        let method = args.method.map_or(Method::Linear, crate::args::Method::library);
        let mut winds = HashMap::new();
        if args.wind {
            for wind in Winds::of(file.records()) {
                winds.insert(wind.u.file_index(), wind);
                winds.insert(wind.v.file_index(), wind);
            }
        }
        Ok(Self {
            file,
            masks: Descriptors::new(file.records()),
            points: points(method)?,
            of_sets: if args.method.is_none() { Some(points(Method::Nearest)?) } else { None },
            reading: global.reading(),
            winds,
            turns: args.wind,
            kept: HashMap::new(),
            seams: Seams::of(file),
            without_place: 0,
            planes: 0,
        })
    }

    /// The records that have a grid; of the others is said why they have none. Where the points lie in each grid is found here,
    /// on all threads.
    fn placed(
        &mut self,
        name: &str,
        records: Vec<(usize, &'a Record)>,
        report: &mut Report,
    ) -> Vec<(usize, &'a Record)> {
        let mut known = HashSet::new();
        let mut placed = Vec::new();
        for (index, record) in records {
            if record.is_descriptor() {
                self.without_place += 1;
                continue;
            }
            // Errors come again, and are said, when the values are computed.
            if let Ok(grid) = self.file.grid(record) {
                if !grid.has_positions() {
                    self.without_place += 1;
                    continue;
                }
                let key = (
                    record.grtyp(),
                    record.ni(),
                    record.nj(),
                    [record.ig1(), record.ig2(), record.ig3(), record.ig4()],
                );
                if known.insert(key) {
                    let _ = self.points_of(record).plan(&grid);
                }
            }
            self.planes += usize::from(record.nk() > 1);
            if self.turns && Winds::has(record) && !self.winds.contains_key(&record.file_index()) {
                let what = "no other component of this wind has its time, level and grid; it cannot be turned";
                report.error(DAMAGED, format_args!("{name}: record {index} ({}): {what}", record.nomvar()));
                continue;
            }
            placed.push((index, record));
        }
        placed
    }

    fn points_of(&self, record: &Record) -> &Points {
        let is_set = |grid: &rpnfst::geo::Grid| matches!(grid.geometry(), Geometry::Cloud(_) | Geometry::Station(_));
        match &self.of_sets {
            Some(of_sets) if self.file.grid(record).is_ok_and(|grid| is_set(&grid)) => of_sets,
            _ => &self.points,
        }
    }

    /// The values of some records, computed on all threads.
    fn values(&mut self, records: &[(usize, &'a Record)]) -> Vec<Values> {
        let tasks: Vec<_> = records
            .iter()
            .map(|(_, record)| {
                if let Some(values) = self.kept.remove(&record.file_index()) {
                    return Task::Kept(values);
                }
                match self.winds.get(&record.file_index()) {
                    None => Task::Scalar(record),
                    Some(wind) => Task::Wind(*wind, wind.v.file_index() == record.file_index()),
                }
            })
            .collect();
        let needed = records.iter().map(|(_, record)| (*record, self.winds.get(&record.file_index())));
        self.seams.prepare(needed, (self.file, &self.points, &self.masks, &self.reading));
        let job = &*self;
        let computed = threads::map(tasks.len(), |at| job.compute(&tasks[at]));
        let mut values = Vec::with_capacity(records.len());
        let mut others = HashMap::new();
        for ((_, record), computed) in records.iter().zip(computed) {
            values.push(computed.map(|(own, other)| {
                if let (Some(other), Some(wind)) = (other, self.winds.get(&record.file_index())) {
                    let of = if wind.u.file_index() == record.file_index() { wind.v } else { wind.u };
                    others.insert(of.file_index(), other);
                }
                own
            }));
        }
        // Where both components are among these records, both were computed.
        for (_, record) in records {
            others.remove(&record.file_index());
        }
        self.kept.extend(others);
        values
    }

    /// The values of a record, and those of the other component of its wind.
    fn compute(&self, task: &Task<'_>) -> rpnfst::Result<(Vec<f64>, Option<Vec<f64>>)> {
        match task {
            Task::Kept(values) => Ok((values.clone(), None)),
            Task::Scalar(record) => {
                let (mask, points) = (self.masks.mask_of(record), self.points_of(record));
                let mut values = points.values(self.file, record, mask, &self.reading)?;
                self.seams.mend((record, None, false), (self.file, points), (&mut values, None));
                Ok((values, None))
            }
            Task::Wind(wind, along_y) => {
                let masks = (self.masks.mask_of(wind.u), self.masks.mask_of(wind.v));
                let points = self.points_of(wind.u);
                let (u, v) = points.winds(self.file, (wind.u, wind.v), masks, &self.reading)?;
                let (record, mut own, mut other) = if *along_y { (wind.v, v, u) } else { (wind.u, u, v) };
                let whole = (record, Some(wind), *along_y);
                self.seams.mend(whole, (self.file, points), (&mut own, Some(&mut other)));
                Ok((own, Some(other)))
            }
        }
    }

    /// Says what was passed over.
    fn complain(&self, name: &str, report: &mut Report) {
        if self.without_place > 0 {
            let records = number::records(self.without_place);
            report.note(format_args!("{name}: {records} without a place passed over"));
        }
        if self.planes > 0 {
            let records = number::records(self.planes);
            report.note(format_args!("{name}: {records} of several planes: values are those of the first"));
        }
    }
}
