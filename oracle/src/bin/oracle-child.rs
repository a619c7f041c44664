//! Child process of the oracle: does with librmn what may end the process. Not meant to be run by hand.
//!
//! - `oracle-child voir PATH STYLE` prints librmn's listing.
//! - `oracle-child survey PATH REPORT` opens a file without looking at its signature first, and writes to REPORT: a line
//!   `opened`, a line `records N`, then for each record `I HANDLE DATYP NBITS NI NJ NK BYTES HASH` (or the error), each
//!   line before the next step so that a crash shows where it happened, and `done`.
//!
//! Exit code 0: done; 3: no library; 4: an error that librmn reported. Others come from librmn.

use std::env;
use std::error::Error;
use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use rpnfst_oracle::{Librmn, Missing, OracleFile};

fn main() -> ExitCode {
    let arguments: Vec<_> = env::args_os().skip(1).collect();
    let [job, path, last] = arguments.as_slice() else {
        eprintln!("usage: oracle-child voir PATH STYLE | survey PATH REPORT");
        return ExitCode::from(2);
    };
    let path = Path::new(path);
    let loaded = if job == "voir" { Librmn::load_loud() } else { Librmn::load() };
    let Ok(Some(librmn)) = loaded else {
        return ExitCode::from(3);
    };
    let done = match job.to_str() {
        Some("voir") => voir(librmn, path, &last.to_string_lossy()),
        Some("survey") => survey(librmn, path, Path::new(last)),
        _ => return ExitCode::from(2),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(4)
        }
    }
}

fn voir(librmn: Librmn, path: &Path, style: &str) -> Result<(), Box<dyn Error>> {
    let file = librmn.open(path)?;
    file.print_listing(style)?;
    Ok(file.close()?)
}

fn survey(librmn: Librmn, path: &Path, report: &Path) -> Result<(), Box<dyn Error>> {
    let mut report = File::create(report)?;
    let file: OracleFile = librmn.open_unchecked(path)?;
    writeln!(report, "opened")?;
    let entries = file.list()?;
    writeln!(report, "records {}", entries.len())?;
    for (index, entry) in entries.iter().enumerate() {
        write!(
            report,
            "{index} {} {} {} {} {} {} ",
            entry.handle, entry.datyp, entry.nbits, entry.ni, entry.nj, entry.nk
        )?;
        // A gigantic record of a damaged directory is not worth the memory.
        if entry.points() > 1 << 26 {
            writeln!(report, "too large")?;
            continue;
        }
        match file.read_natural(entry, Missing::Off) {
            Ok(Some(data)) => {
                let bytes = data.to_bytes();
                writeln!(report, "{} {:016x}", bytes.len(), hash(&bytes))?;
            }
            Ok(None) => writeln!(report, "unknown type")?,
            Err(error) => writeln!(report, "error: {error}")?,
        }
    }
    writeln!(report, "done")?;
    Ok(())
}

/// FNV-1a, 64 bits.
fn hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
