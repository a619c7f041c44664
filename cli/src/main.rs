//! `rpnfst`: lists, extracts, copies, edits and writes the records of RPN standard files (FST). The library does the work.
#![forbid(unsafe_code)]

mod args;
mod at;
mod catalog;
mod check;
mod columns;
mod cp;
mod date;
mod diff;
mod digest;
mod edit;
mod get;
mod grid;
mod holes;
mod index;
mod info;
mod input;
mod interrupt;
mod ip;
mod levels;
mod links;
mod ls;
mod memory;
mod mk;
mod npy;
mod number;
mod output;
mod output_file;
mod progress;
mod regrid;
mod relative;
mod remote;
mod report;
mod rm;
mod said;
mod salvage;
mod same_file;
mod settings;
mod sink;
#[cfg(feature = "sql")]
mod sql;
mod stat;
mod table;
mod template;
mod threads;
mod unfinished;
mod vinterp;
mod words;

use std::process::ExitCode;

use clap::{CommandFactory as _, Parser as _};

use crate::{
    args::{Args, Check, Command, Diff},
    report::{Report, Stop},
};

fn main() -> ExitCode {
    let mut args = match Args::try_parse_from(date::words(std::env::args_os())) {
        Ok(args) => args,
        Err(error) => return report::usage(&error),
    };
    let mut report = Report::new(args.global.color, args.global.quiet);
    args.global.settle_calendar(&mut report);
    match run(&args, &mut report) {
        Ok(()) => report.end(),
        // Whoever read our output has had enough: `rpnfst ls FILE | head -1`. An answer that is the status is not known.
        Err(Stop::BrokenPipe) => {
            if matches!(args.command, Command::Check(_) | Command::Diff(_)) && report.is_clean() {
                report.raise(report::UNKNOWN);
            }
            report.end()
        }
        Err(Stop::Message(message)) => {
            report.error(report::UNUSABLE, message);
            report.end()
        }
    }
}

fn run(args: &Args, report: &mut Report) -> report::Result {
    threads::start(args.global.threads, report)?;
    // The parser sees this itself where both stand behind the command.
    if args.global.quiet
        && matches!(&args.command, Command::Check(Check { json: true, .. }) | Command::Diff(Diff { json: true, .. }))
    {
        return Err(Stop::message("--json cannot be used with --quiet: no report is wanted"));
    }
    match &args.command {
        Command::Ls(command) => ls::run(command, &args.global, report),
        #[cfg(feature = "index")]
        Command::Index(command) => index::run(command, &args.global, report),
        Command::Info(command) => info::run(command, &args.global, report),
        Command::Get(command) => get::run(command, &args.global, report),
        Command::Stat(command) => stat::run(command, &args.global, report),
        Command::Digest(command) => digest::run(command, &args.global, report),
        Command::Grid(command) => grid::run(command, &args.global, report),
        Command::At(command) => at::run(command, &args.global, report),
        Command::Regrid(command) => regrid::run(command, &args.global, report),
        Command::Vinterp(command) => vinterp::run(command, &args.global, report),
        Command::Check(command) => check::run(command, &args.global, report),
        Command::Cp(command) => cp::run(command, &args.global, report),
        Command::Rm(command) => rm::run(command, &args.global, report),
        Command::Edit(command) => edit::run(command, &args.global, report),
        Command::Diff(command) => diff::run(command, &args.global, report),
        Command::Salvage(command) => salvage::run(command, &args.global, report),
        Command::Mk(command) => mk::run(command, &args.global, report),
        Command::Ip(command) => ip::run(command, &args.global, report),
        Command::Date(command) => date::run(command, &args.global, report),
        Command::Levels(command) => levels::run(command, &args.global, report),
        #[cfg(feature = "sql")]
        Command::Sql(command) => sql::run(command, &args.global, report),
        Command::Completions { shell } => {
            // Into memory first: the generator panics on a broken pipe.
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut Args::command(), "rpnfst", &mut script);
            let mut out = output::data();
            std::io::Write::write_all(&mut out, &script)?;
            Ok(out.finish()?)
        }
    }
}
