//! The threads that requests run on.

use std::{
    future::Future,
    sync::{OnceLock, mpsc},
    time::Duration,
};

use tokio::runtime::{Builder, Runtime};

use crate::error::Trouble;

/// One runtime for the process, of one thread: requests wait much and compute little. It is never dropped, because a program
/// may drop its files where blocking is forbidden.
fn runtime() -> Result<&'static Runtime, Trouble> {
    static RUNTIME: OnceLock<Result<Runtime, String>> = OnceLock::new();
    let build = || Builder::new_multi_thread().worker_threads(1).thread_name("rpnfst-remote").enable_all().build();
    let runtime = RUNTIME.get_or_init(|| build().map_err(|e| e.to_string()));
    runtime.as_ref().map_err(|e| Trouble::Request(format!("no thread for requests: {e}")))
}

/// Runs a request to its end, and waits for it: also inside of another runtime, where `block_on` would panic.
pub(crate) fn run<T: Send + 'static>(
    deadline: Duration,
    request: impl Future<Output = Result<T, Trouble>> + Send + 'static,
) -> Result<T, Trouble> {
    let (sender, receiver) = mpsc::sync_channel(1);
    let late = move |last: String| Trouble::Deadline { after: deadline, last };
    runtime()?.spawn(async move {
        let answer = tokio::time::timeout(deadline, request).await;
        // Nobody waits any more if this fails.
        let _ = sender.send(answer.unwrap_or_else(|_| Err(late(String::new()))));
    });
    // The thread is missing in a process that was forked; then its own clock never ends the wait.
    match receiver.recv_timeout(deadline.saturating_add(Duration::from_secs(5))) {
        Ok(answer) => answer,
        Err(mpsc::RecvTimeoutError::Timeout) => Err(late(", and no thread that could say why".to_owned())),
        Err(mpsc::RecvTimeoutError::Disconnected) => {
            Err(Trouble::Request("the request ended without an answer".into()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_panics_and_delays() {
        let second = Duration::from_secs(1);
        assert_eq!(run(second, async { Ok(7) }), Ok(7));
        let slow = run::<()>(Duration::from_millis(20), std::future::pending());
        assert!(matches!(slow, Err(Trouble::Deadline { .. })), "{slow:?}");
        // A request from inside of a runtime.
        let other = Builder::new_current_thread().build().expect("a runtime");
        assert_eq!(other.block_on(async { run(second, async { Ok(7) }) }), Ok(7));
    }
}
