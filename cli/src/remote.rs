//! Files that are opened by path, or, in a build with the feature `remote`, by URL.

use std::{borrow::Cow, path::Path};

use rpnfst::{File, OpenOptions, Result};

use crate::report::Stop;

/// Opens a file.
pub(crate) fn open(path: &Path, opening: &OpenOptions) -> Result<File> {
    match url(path) {
        Some(url) => open_url(url, opening),
        None => opening.open(path),
    }
}

/// The URL that an argument is: a scheme, `://`, and more. A file that is there counts more.
pub(crate) fn url(path: &Path) -> Option<&str> {
    const SCHEMES: &[&str] = &["http", "https", "s3", "s3a", "gs", "az", "azure", "adl", "abfs", "abfss", "file"];
    let text = path.to_str()?;
    let (scheme, rest) = text.split_once("://")?;
    let known = SCHEMES.iter().any(|known| scheme.eq_ignore_ascii_case(known));
    (known && !rest.is_empty() && !path.exists()).then_some(text)
}

/// The name of an input in all that is written: a URL without user, password and query.
pub(crate) fn name(path: &Path) -> Cow<'_, Path> {
    url(path).map_or(Cow::Borrowed(path), |url| Cow::Owned(redacted(url).into()))
}

/// For commands that need the file itself.
pub(crate) fn refuse(path: &Path) -> Result<(), Stop> {
    let what = "a URL; this command needs the file itself: download it first";
    url(path).map_or(Ok(()), |url| Err(Stop::message(format!("{}: {what}", redacted(url)))))
}

#[cfg(feature = "remote")]
use rpnfst_remote::redacted;

/// Without the crate that knows URLs, all that might be a password goes.
#[cfg(not(feature = "remote"))]
fn redacted(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
    let rest = rest.rsplit('@').next().unwrap_or_default();
    let (rest, query) = rest.split_once(['?', '#']).map_or((rest, ""), |(rest, _)| (rest, "?..."));
    format!("{scheme}://{rest}{query}")
}

#[cfg(feature = "remote")]
fn open_url(url: &str, opening: &OpenOptions) -> Result<File> {
    rpnfst_remote::open_with(url, &rpnfst_remote::Options::new(), opening).map_err(|error| match error {
        rpnfst_remote::Error::Fst(error) => error,
        rpnfst_remote::Error::Remote { url, trouble } => {
            rpnfst::Error::Io { path: url.as_str().into(), source: trouble.into() }
        }
        other => {
            rpnfst::Error::Io { path: redacted(url).as_str().into(), source: std::io::Error::other(other.to_string()) }
        }
    })
}

#[cfg(not(feature = "remote"))]
fn open_url(url: &str, _: &OpenOptions) -> Result<File> {
    let what = "this program reads no URLs; build it with the feature `remote`, or download the file first";
    let source = std::io::Error::new(std::io::ErrorKind::Unsupported, what);
    Err(rpnfst::Error::Io { path: redacted(url).as_str().into(), source })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_told_from_paths() {
        for text in ["https://example.com/a.std", "S3://bucket/key", "file:///a.std"] {
            assert_eq!(url(Path::new(text)), Some(text));
        }
        for text in ["a.std", "/a/https:/b", "c:\\a.std", "c://a.std", "https://", "x/https://y"] {
            assert_eq!(url(Path::new(text)), None, "{text}");
        }
    }
}
