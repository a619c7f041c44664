//! How to open files.

use std::{io, path::Path};

#[cfg(doc)]
use crate::record::Record;
use crate::{
    bytes::Source,
    error::{Error, Result},
    record::Calendar,
};

/// How to open files, and how much a hostile one may cost.
///
/// ```
/// use rpnfst::{Limits, OpenOptions, record::Calendar};
/// let mut limits = Limits::default();
/// limits.max_decoded_bytes = 1 << 30;
/// let options = OpenOptions::new().mmap(false).limits(limits).calendar(Calendar::NoLeap);
/// let file = options.open("testdata/xdf/same_name.std")?;
/// # Ok::<(), rpnfst::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct OpenOptions {
    /// Read with `pread`, although files could be mapped.
    pub(super) pread: bool,
    pub(super) limits: Limits,
    pub(super) calendar: Calendar,
}

/// Caps on what reading may cost, beyond what the bytes of the file justify.
///
/// ```
/// use rpnfst::{Error, Limits, OpenOptions, RecordError};
/// let mut limits = Limits::default();
/// limits.max_decoded_bytes = 100;
/// let file = OpenOptions::new().limits(limits).open("testdata/xdf/same_name.std")?;
/// let Err(Error::Record { source, .. }) = file.read(&file.records()[0]) else { panic!("12 x 8 values in 100 bytes") };
/// assert!(matches!(*source, RecordError::Limit { limit: 100, .. }));
/// # Ok::<(), rpnfst::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Limits {
    /// Bytes of one decoded array; 16 GiB by default.
    pub max_decoded_bytes: u64,
    /// Bytes of planes in it that are not in the file ([`Record::lost_planes`]); 1 GiB by default. No payload vouches for
    /// them: 250 kB of file can claim 16 GB.
    pub max_lost_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { max_decoded_bytes: 16 << 30, max_lost_bytes: 1 << 30 }
    }
}

impl OpenOptions {
    /// The defaults: memory maps where the build has them, default limits.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether to map files into memory (fastest) or to read them with `pread` (for network disks and for files that
    /// others cut short while we read).
    #[must_use]
    pub fn mmap(mut self, yes: bool) -> Self {
        self.pread = !yes;
        self
    }

    /// Limits for hostile files.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// The calendar of the model that wrote the files, which they do not say: in it the origin dates of records follow
    /// from the validity dates, which are what is stored. The Gregorian one by default.
    ///
    /// ```
    /// use rpnfst::{OpenOptions, record::Calendar};
    /// let file = OpenOptions::new().calendar(Calendar::NoLeap).open("testdata/xdf/dates.std")?;
    /// assert_eq!(file.records()[0].calendar(), Calendar::NoLeap);
    /// # Ok::<(), rpnfst::Error>(())
    /// ```
    #[must_use]
    pub fn calendar(mut self, calendar: Calendar) -> Self {
        self.calendar = calendar;
        self
    }

    /// The calendar that records get.
    pub(crate) fn calendar_of_records(&self) -> Calendar {
        self.calendar
    }

    /// A source as it is now, if it may be another than the one that is known.
    pub(super) fn again(&self, path: Option<&Path>, known: &Source) -> Result<Option<Source>> {
        let Some(path) = path else {
            let now = known.refreshed().map_err(|source| Error::Io { path: known.name(), source })?;
            return Ok(Some(now).filter(|now| now.len() != known.len()));
        };
        self.source(path).map(Some)
    }

    pub(super) fn source(&self, path: &Path) -> Result<Source> {
        let mapped = cfg!(feature = "mmap") && !self.pread;
        let opened = if mapped { Source::mapped(path) } else { Source::file(path) };
        opened.map_err(|source| Error::Io { path: path.into(), source: without_network(path, source) })
    }
}

/// The same error; of a URL it says who opens those.
fn without_network(path: &Path, error: io::Error) -> io::Error {
    let text = path.to_str().unwrap_or_default();
    if error.kind() == io::ErrorKind::NotFound && text.split_once("://").is_some_and(|(scheme, _)| scheme.len() > 1) {
        return io::Error::new(
            error.kind(),
            "no file has this name; URLs are opened by `open` of the crate rpnfst-remote",
        );
    }
    error
}

#[cfg(test)]
mod tests {
    use crate::File;

    #[test]
    fn the_error_of_a_url_says_who_opens_it() {
        let error = File::open("https://example.com/a.std").expect_err("no file").to_string();
        assert!(error.contains("rpnfst-remote"), "{error}");
        let error = File::open("no/such/file").expect_err("no file").to_string();
        assert!(!error.contains("rpnfst-remote"), "{error}");
    }
}
