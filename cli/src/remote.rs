//! Files that are opened by path, or, in a build with the feature `remote`, by URL.

use std::path::Path;

use rpnfst::{File, OpenOptions, Result};

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

#[cfg(feature = "remote")]
fn open_url(url: &str, opening: &OpenOptions) -> Result<File> {
    rpnfst_remote::open_with(url, &rpnfst_remote::Options::new(), opening).map_err(|error| match error {
        rpnfst_remote::Error::Fst(error) => error,
        rpnfst_remote::Error::Remote { url, trouble } => {
            rpnfst::Error::Io { path: url.as_str().into(), source: trouble.into() }
        }
        other => rpnfst::Error::Io { path: url.into(), source: std::io::Error::other(other.to_string()) },
    })
}

#[cfg(not(feature = "remote"))]
fn open_url(url: &str, _: &OpenOptions) -> Result<File> {
    let what = "this program reads no URLs; build it with the feature `remote`, or download the file first";
    let source = std::io::Error::new(std::io::ErrorKind::Unsupported, what);
    Err(rpnfst::Error::Io { path: url.split('?').next().unwrap_or_default().into(), source })
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
