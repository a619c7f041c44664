//! RPN standard files on web servers and in object stores, read by ranges: the directory with a few requests, then the
//! records that are asked for. No file is ever fetched as a whole.
//!
//! ```no_run
//! let file = rpnfst_remote::open("https://example.com/2026112412_000.std")?;
//! for record in file.records().iter().take(10) {
//!     println!("{} {:?}", record.nomvar(), record.level());
//! }
//! # Ok::<(), rpnfst_remote::Error>(())
//! ```
//!
//! | URL | what reads it | what it is told |
//! |---|---|---|
//! | `https://`, `http://` | any server that answers range requests | nothing; a query (`?token=...`) is sent as it is |
//! | `s3://bucket/key` | Amazon S3 and what speaks its protocol | `AWS_...` in the environment, or [`Options::setting`] |
//! | `gs://bucket/key` | Google Cloud Storage | `GOOGLE_...` |
//! | `az://container/key` | Azure Blob Storage | `AZURE_...` |
//! | `file:///path` | the file on disk | nothing |
//!
//! Names of settings are those of the crate [`object_store`]: `AWS_ENDPOINT` for a server of one's own, `AWS_ALLOW_HTTP=true`
//! for one without TLS, `AWS_SKIP_SIGNATURE=true` for public buckets, `AZURE_STORAGE_ACCOUNT_NAME`,
//! `GOOGLE_SERVICE_ACCOUNT`, and so on.
//!
//! # How it reads
//! - Opening is one request, for the first [`Options::block_size`] bytes. Its answer also says how long the object is and
//!   which version.
//! - What is missing is fetched in blocks. A read that continues or nearly continues an earlier one, forwards or backwards,
//!   doubles the block of that stream, up to [`Options::max_block_size`], unless most of the last block was not read.
//! - Blocks stay in memory up to [`Options::cache_size`]; the one that was used longest ago goes first.
//! - Threads that miss the same bytes wait for one request. Threads that miss others make theirs at the same time.
//! - A request that fails for a passing reason is made again, after growing pauses, until [`Options::deadline`].
//!
//! # What it never does
//! Mix two versions of an object. The version that the first answer names (`ETag`, or `Last-Modified` and length) must be
//! that of all others: otherwise reads fail with [`Trouble::Changed`], and the file has to
//! be opened again; [`File::refresh`] looks at the same version. A server that
//! names no version is refused, unless [`Options::unversioned`] says that the object does not change.
//!
//! # Building
//! TLS and signatures come from `ring`, which needs a C compiler (`cc`), and nothing else. Certificates are those of the
//! system.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod cache;
mod error;
mod fetch;
mod location;
mod options;
mod remote;
mod runtime;
mod stream;

use rpnfst::{File, OpenOptions, Source};

pub use self::{
    error::{Error, Result, Trouble},
    options::Options,
    remote::{Remote, Traffic},
};

/// Opens the file that a URL names; see the [crate's page](crate).
///
/// ```
/// let path = std::fs::canonicalize("../../testdata/xdf/masks.std")?;
/// let file = rpnfst_remote::open(&format!("file://{}", path.display()))?;
/// assert!(!file.records().is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`Error::Remote`] when the object cannot be had, [`Error::Fst`] when it is no FST file.
pub fn open(url: &str) -> Result<File> {
    open_with(url, &Options::new(), &OpenOptions::new())
}

/// Opens the file that a URL names, with options for the transport and for the file.
///
/// # Errors
/// See [`open`].
pub fn open_with(url: &str, options: &Options, opening: &OpenOptions) -> Result<File> {
    if let Some(path) = location::local_path(url)? {
        return Ok(opening.open(path)?);
    }
    let remote = Remote::open(url, options)?;
    let name = remote.name().to_owned();
    let source =
        Source::reader(remote).map_err(|e| Error::Remote { url: name.clone(), trouble: Trouble::of_io(&e) })?;
    Ok(opening.open_source(source.named(name))?)
}

/// Whether a text is a URL that [`open`] knows, and not a path.
///
/// ```
/// assert!(rpnfst_remote::is_url("https://example.com/a.std"));
/// assert!(!rpnfst_remote::is_url("archive/a.std"));
/// assert!(!rpnfst_remote::is_url(r"C:\a.std"));
/// ```
pub fn is_url(text: &str) -> bool {
    location::is_url(text)
}

/// A URL as messages show it: without a user and a password, and `?...` in place of its query, which often is a signature.
///
/// ```
/// let url = "https://me:secret@example.com/a.std?X-Signature=abc";
/// assert_eq!(rpnfst_remote::redacted(url), "https://example.com/a.std?...");
/// ```
pub fn redacted(url: &str) -> String {
    location::redacted(url)
}
