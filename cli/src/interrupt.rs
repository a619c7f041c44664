//! Ctrl-C and SIGTERM: what is being written ends properly, temporary files go away.

use std::sync::{
    Arc, LazyLock,
    atomic::{AtomicBool, Ordering},
};

use signal_hook::{
    consts::{SIGINT, SIGTERM},
    flag,
};

use crate::report::{Result, Stop};

static INTERRUPTED: LazyLock<Arc<AtomicBool>> = LazyLock::new(Arc::default);

/// From now on Ctrl-C and SIGTERM are noticed by [`check`]; a second one ends the program at once. (Not SIGHUP, which
/// `nohup` wants to be ignored.)
pub(crate) fn watch() {
    for signal in [SIGINT, SIGTERM] {
        // Without a handler the signal ends the program, as ever. This one comes first: it sees the flag of an earlier signal.
        let _ = flag::register_conditional_shutdown(signal, 128 + signal, Arc::clone(&INTERRUPTED));
        let _ = flag::register(signal, Arc::clone(&INTERRUPTED));
    }
    // A limit on the size of files is an error that can be told, as a full disk is.
    #[cfg(unix)]
    let _ = flag::register(signal_hook::consts::SIGXFSZ, Arc::default());
}

/// Ends the work between two records after such a signal.
pub(crate) fn check() -> Result {
    if INTERRUPTED.load(Ordering::Relaxed) { Err(Stop::message("interrupted")) } else { Ok(()) }
}
