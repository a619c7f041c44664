//! How to read remote objects.

use std::time::Duration;

/// How to read remote objects, and what that may cost.
///
/// ```
/// use std::time::Duration;
/// let options = rpnfst_remote::Options::new()
///     .block_size(128 << 10)
///     .cache_size(256 << 20)
///     .deadline(Duration::from_secs(10))
///     .setting("aws_skip_signature", "true");
/// # let _ = options;
/// ```
#[derive(Clone, Debug)]
pub struct Options {
    pub(crate) block_size: u64,
    pub(crate) max_block_size: u64,
    pub(crate) cache_size: u64,
    pub(crate) retries: usize,
    pub(crate) first_pause: Duration,
    pub(crate) idle: Duration,
    pub(crate) deadline: Duration,
    pub(crate) unversioned: bool,
    pub(crate) environment: bool,
    pub(crate) settings: Vec<(String, String)>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            block_size: 64 << 10,
            max_block_size: 4 << 20,
            cache_size: 64 << 20,
            retries: 4,
            first_pause: Duration::from_millis(100),
            idle: Duration::from_secs(15),
            deadline: Duration::from_secs(60),
            unversioned: false,
            environment: true,
            settings: Vec::new(),
        }
    }
}

impl Options {
    /// The defaults.
    pub fn new() -> Self {
        Self::default()
    }

    /// Bytes of a request that continues no other one; 64 KiB by default, at least 1 KiB. A directory page of an XDF file has
    /// 18 kB.
    #[must_use]
    pub fn block_size(mut self, bytes: u64) -> Self {
        self.block_size = bytes.max(1 << 10);
        self
    }

    /// Bytes of the longest request; 4 MiB by default. What is longer is read in pieces, each with its own deadline.
    #[must_use]
    pub fn max_block_size(mut self, bytes: u64) -> Self {
        self.max_block_size = bytes.max(1 << 10);
        self
    }

    /// Bytes that stay in memory for each object; 64 MiB by default. 0 keeps nothing.
    #[must_use]
    pub fn cache_size(mut self, bytes: u64) -> Self {
        self.cache_size = bytes;
        self
    }

    /// How often a request is made again that failed for a passing reason; 4 times by default.
    #[must_use]
    pub fn retries(mut self, times: usize) -> Self {
        self.retries = times;
        self
    }

    /// The pause before the first retry; 100 ms by default. The others are about twice as long as the one before.
    #[must_use]
    pub fn first_pause(mut self, pause: Duration) -> Self {
        self.first_pause = pause;
        self
    }

    /// How long a connection may be silent before the request is made again; 15 s by default.
    #[must_use]
    pub fn idle(mut self, time: Duration) -> Self {
        self.idle = time;
        self
    }

    /// The time that a request may take, with its retries; 60 s by default.
    #[must_use]
    pub fn deadline(mut self, time: Duration) -> Self {
        self.deadline = time;
        self
    }

    /// Whether to read from servers that name no version (`ETag`, `Last-Modified`). Only the length shows then that an
    /// object changed. No by default.
    #[must_use]
    pub fn unversioned(mut self, yes: bool) -> Self {
        self.unversioned = yes;
        self
    }

    /// Whether settings come from the environment also (`AWS_...`, `GOOGLE_...`, `AZURE_...`); yes by default.
    #[must_use]
    pub fn environment(mut self, yes: bool) -> Self {
        self.environment = yes;
        self
    }

    /// A setting of the store by its name in the crate [`object_store`], which counts more than the environment.
    #[must_use]
    pub fn setting(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.settings.push((name.into(), value.into()));
        self
    }
}
