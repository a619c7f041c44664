//! Seconds of processors (where the system tells them, else by the clock) that each command takes on files of 1,000 to
//! 1,000,000 tiny records, and how they grow.
//!
//! `cargo bench -p rpnfst-cli --bench growth [-- LARGEST] [PART]`: up to so many records, those lines only that have the
//! PART. Ten times the records may take 14 times as long, as n log n does; what takes longer is marked, and the exit status
//! is 1. Without `--bench`, as in `cargo test`, a few hundred records show that all commands run, whatever the time.

use std::{
    error::Error,
    fs,
    path::{Path, PathBuf},
    process::{Command, ExitCode, Stdio},
    time::Instant,
};

use rpnfst::{Array, Attributes, Container, DataType, File, WriteOptions, Writer};

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

const PROGRAM: &str = env!("CARGO_BIN_EXE_rpnfst");
/// Most that a factor of ten may cost.
const MOST: f64 = 14.0;
/// Seconds below which growth is that of the clock.
const NOISE: f64 = 0.05;
/// An XDF file holds 262,144 records.
const LARGEST_XDF: usize = 100_000;

/// What is run: IN is a file, OTHER has its records in the opposite order, WORK is a copy to be changed, OUT is not there,
/// LIST describes all records for `mk`. What is behind a `|` runs only where the help of the command knows that option.
const COMMANDS: &[&str] = &[
    "ls IN",
    "ls --json IN",
    "ls --voir IN",
    "info IN",
    "levels IN",
    "get IN -o OUT.json",
    "get IN -o OUT/",
    "stat IN",
    "stat --json IN",
    "digest IN",
    "check IN",
    "check --data IN",
    "cp IN -o OUT",
    "cp IN -o OUT --compress",
    "cp IN -o OUT --datyp 134 --nbits 12",
    "cp OTHER -o WORK --append",
    "cp OTHER -o WORK --append --replace | --replace",
    "cp OTHER -o WORK --append --skip-same | --skip-same",
    "cp IN -o OUT --set ip2=ip2+6 | --set",
    "cp IN -o OUT --with-grid | --with-grid",
    "rm WORK -w ip3=0",
    "rm WORK -w ip3=0 --compact",
    "edit WORK --set ip2=ip2+6 --yes",
    "diff IN OTHER",
    "diff IN OTHER --json --key ip3 --ignore ip1,ip2",
    "salvage IN -o OUT",
    "mk OUT --records LIST",
];

/// The files that commands run on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    Xdf,
    Rsf,
    /// All records have the same attributes.
    Same,
    /// Each record in a segment of its own, as programs leave that append one at a time.
    Segments,
}

impl Kind {
    const ALL: [Self; 4] = [Self::Xdf, Self::Rsf, Self::Same, Self::Segments];

    fn name(self) -> &'static str {
        match self {
            Self::Xdf => "xdf",
            Self::Rsf => "rsf",
            Self::Same => "rsf, all the same",
            Self::Segments => "rsf, a segment each",
        }
    }

    fn title(self, command: &str) -> String {
        format!("{}: {command}", self.name())
    }

    fn container(self) -> Container {
        if self == Self::Xdf { Container::Xdf } else { Container::Rsf }
    }

    fn largest(self) -> usize {
        match self {
            Self::Rsf => usize::MAX,
            Self::Xdf | Self::Same | Self::Segments => LARGEST_XDF,
        }
    }
}

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let measures = arguments.iter().any(|argument| argument == "--bench");
    let largest = arguments.iter().find_map(|argument| argument.replace([',', '_'], "").parse().ok());
    let sizes: Vec<usize> = match (measures, largest) {
        (false, None) => vec![30, 300],
        (_, largest) => {
            let largest = largest.unwrap_or(1_000_000);
            [1_000, 10_000, 100_000, 1_000_000].into_iter().filter(|&n| n <= largest.max(1_000)).collect()
        }
    };
    let part = arguments.iter().find(|argument| !argument.starts_with(|c: char| c == '-' || c.is_ascii_digit()));
    match run(&sizes, part.map_or("", |part| part)) {
        // No test depends on the time that something takes.
        Ok(marked) if marked == 0 || !measures => ExitCode::SUCCESS,
        Ok(marked) => {
            println!("{marked} marked: ten times the records took more than {MOST} times as long");
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("growth: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Says how many measurements grow too much.
fn run(sizes: &[usize], part: &str) -> Outcome<usize> {
    let head = joined(sizes.iter().map(|n| format!("{n:>11}")));
    println!("seconds {:62}{head}   growth", "");
    let mut marked = 0;
    for kind in Kind::ALL {
        let commands: Vec<_> = COMMANDS.iter().filter_map(|text| known(text)).collect();
        let commands: Vec<_> = commands.into_iter().filter(|command| kind.title(command).contains(part)).collect();
        if commands.is_empty() {
            continue;
        }
        let folder = tempfile::tempdir()?;
        let sizes: Vec<_> = sizes.iter().copied().filter(|&n| n <= kind.largest()).collect();
        let inputs = sizes.iter().map(|&n| Input::make(folder.path(), kind, n)).collect::<Outcome<Vec<_>>>()?;
        for command in commands {
            let mut seconds = Vec::new();
            for input in inputs.iter().filter(|input| input.suits(command)) {
                let mut least = input.seconds(command)?;
                // What seems too much may be what the machine did besides.
                for _ in 0..2 {
                    if seconds.last().is_some_and(|before| least > NOISE && least > MOST * before) {
                        least = least.min(input.seconds(command)?);
                    }
                }
                seconds.push(least);
            }
            marked += show(kind, command, &seconds);
        }
    }
    Ok(marked)
}

/// The command, unless it has an option that the program does not know.
fn known(text: &'static str) -> Option<&'static str> {
    let Some((command, option)) = text.split_once(" | ") else { return Some(text) };
    let name = command.split(' ').next()?;
    let help = Command::new(PROGRAM).args([name, "--help"]).output().ok()?;
    let help = String::from_utf8_lossy(&help.stdout).into_owned();
    help.split_whitespace().any(|word| word.trim_end_matches(',') == option).then_some(command)
}

fn joined(cells: impl Iterator<Item = String>) -> String {
    cells.collect::<Vec<_>>().concat()
}

fn show(kind: Kind, command: &str, seconds: &[f64]) -> usize {
    let line = joined(seconds.iter().map(|seconds| format!("{seconds:>11.3}")));
    let growth: Vec<_> = seconds.windows(2).map(|pair| (pair[1] / pair[0], pair[1] > NOISE)).collect();
    let marked = growth.iter().filter(|(factor, counts)| *counts && *factor > MOST).count();
    let growth = joined(growth.iter().map(|(factor, _)| format!("{factor:>7.1}")));
    println!("{:70}{line}{growth}{}", kind.title(command), if marked > 0 { "  <-- too much" } else { "" });
    marked
}

/// Files with the same number of records.
struct Input {
    file: PathBuf,
    other: PathBuf,
    list: PathBuf,
    count: usize,
    container: Container,
}

impl Input {
    fn make(folder: &Path, kind: Kind, count: usize) -> Outcome<Self> {
        let path = |name: &str| folder.join(format!("{name}{count}"));
        let (file, other, list) = (path("in"), path("other"), path("list"));
        let options = WriteOptions::new().container(kind.container());
        let mut writer = options.create(&file)?;
        let values = [1.0_f32, 2.0, 3.0, 4.0];
        let mut lines = Vec::new();
        for k in 0..count {
            let number = u32::try_from(if kind == Kind::Same { 0 } else { k })?;
            let (ip1, ip2, ip3) = (number % 1000, number / 1000, number % 2);
            let ips = Attributes::new("TT").typvar("P").etiket("GROWTH").ip1(ip1).ip2(ip2).ip3(ip3);
            writer.write(&ips.data_type(DataType::IEEE).pack_bits(32), &Array::new(&values, (2, 2, 1))?)?;
            if kind == Kind::Segments {
                writer.commit()?;
            }
            lines.push(format!(r#"{{"nomvar":"TT","ip1":{ip1},"ip2":{ip2},"ip3":{ip3},"data":"values.csv"}}"#));
        }
        writer.close()?;
        fs::write(folder.join("values.csv"), "1,2\n3,4\n")?;
        fs::write(&list, lines.join("\n"))?;
        let opened = File::open(&file)?;
        let mut writer = options.create(&other)?;
        for record in opened.records().iter().rev() {
            writer.copy(&opened, record)?;
        }
        Writer::close(writer)?;
        Ok(Self { file, other, list, count, container: kind.container() })
    }

    /// More files in a folder measure the file system.
    fn suits(&self, command: &str) -> bool {
        self.count <= 10_000 || !command.contains("OUT/")
    }

    /// The least of some runs.
    fn seconds(&self, command: &str) -> Outcome<f64> {
        let runs = if self.count <= 10_000 { 3 } else { 1 };
        let mut least = f64::INFINITY;
        for _ in 0..runs {
            least = least.min(self.once(command)?);
        }
        Ok(least)
    }

    fn once(&self, command: &str) -> Outcome<f64> {
        // A folder that goes away with what was made.
        let folder = tempfile::tempdir_in(self.file.parent().unwrap_or(Path::new(".")))?;
        let work = folder.path().join("work");
        let mut arguments: Vec<_> = command.split(' ').map(|word| self.argument(word, folder.path())).collect();
        if command.contains("WORK") {
            fs::copy(&self.file, &work)?;
        }
        if command.starts_with("mk ") && self.container == Container::Rsf {
            arguments.extend(["--container".into(), "rsf".into()]);
        }
        let (start, spent_before) = (Instant::now(), spent());
        let output = Command::new(PROGRAM)
            .args(&arguments)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()?
            .wait_with_output()?;
        let seconds = match (spent_before, spent()) {
            (Some(before), Some(after)) => after - before,
            _ => start.elapsed().as_secs_f64(),
        };
        if output.status.success() {
            return Ok(seconds);
        }
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        Err(format!("{arguments:?}: {}: {}", output.status, said.lines().next().unwrap_or_default()).into())
    }

    fn argument(&self, word: &str, folder: &Path) -> PathBuf {
        let work = || folder.join("work");
        match word {
            "IN" => self.file.clone(),
            "OTHER" => self.other.clone(),
            "LIST" => self.list.clone(),
            "WORK" => work(),
            "OUT/" => folder.join("out").join(""),
            out if out.starts_with("OUT") => folder.join(out.replace("OUT", "out")),
            word => word.into(),
        }
    }
}

/// Seconds that processors have worked for programs that ended: what else the machine does counts little.
#[cfg(unix)]
fn spent() -> Option<f64> {
    use nix::sys::resource::{UsageWho, getrusage};
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).ok()?;
    let seconds = |time: nix::sys::time::TimeVal| time.tv_sec() as f64 + time.tv_usec() as f64 / 1e6;
    Some(seconds(usage.user_time()) + seconds(usage.system_time()))
}

#[cfg(not(unix))]
fn spent() -> Option<f64> {
    None
}
