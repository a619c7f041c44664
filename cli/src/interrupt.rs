//! Ctrl-C: what is being written ends properly, temporary files go away.

use std::{
    process,
    sync::atomic::{AtomicBool, Ordering},
};

use crate::report::{Result, Stop};

static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// From now on Ctrl-C (and the like) is noticed by [`check`]; a second one ends the program at once.
pub(crate) fn watch() {
    // Without a handler the signal ends the program, as ever.
    let _ = ctrlc::set_handler(|| {
        if INTERRUPTED.swap(true, Ordering::Relaxed) {
            process::exit(130);
        }
    });
}

/// Ends the work between two records after Ctrl-C.
pub(crate) fn check() -> Result {
    if INTERRUPTED.load(Ordering::Relaxed) { Err(Stop::message("interrupted")) } else { Ok(()) }
}
