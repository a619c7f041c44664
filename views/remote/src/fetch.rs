//! Requests for ranges of one version of one object.

use std::{ops::Range, sync::Arc, time::Duration};

use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;
use object_store::{GetOptions, GetRange, ObjectMeta, ObjectStore, ObjectStoreExt as _, path::Path};

use crate::{error::Trouble, location::Location, options::Options, runtime};

/// Makes requests.
pub(crate) struct Fetcher {
    store: Arc<dyn ObjectStore>,
    path: Path,
    secrets: Vec<String>,
    deadline: Duration,
    first_pause: Duration,
    retries: usize,
}

impl Fetcher {
    pub(crate) fn new(location: Location, options: &Options) -> Self {
        Self {
            store: location.store,
            path: location.path,
            secrets: location.secrets,
            deadline: options.deadline,
            first_pause: options.first_pause,
            retries: options.retries,
        }
    }

    /// The first bytes of the object, up to `length`, and what it is.
    pub(crate) fn first(&self, length: u64) -> Result<(ObjectMeta, Bytes), Trouble> {
        match self.get(0..length, None) {
            // The answer to ranges of an object that has no bytes.
            Err(Trouble::Request(what)) if what.contains(NOT_SATISFIABLE) => {
                let (store, path) = (Arc::clone(&self.store), self.path.clone());
                let head = async move { store.head(&path).await.map_err(|e| trouble(&e)) };
                let meta = runtime::run(self.deadline, head).map_err(|e| self.without_secrets(e))?;
                if meta.size > 0 { Err(Trouble::NoRanges(what)) } else { Ok((meta, Bytes::new())) }
            }
            other => other,
        }
    }

    /// Bytes of the version that is known. As many as were asked for, which the object must have.
    pub(crate) fn get(&self, range: Range<u64>, known: Option<&ObjectMeta>) -> Result<(ObjectMeta, Bytes), Trouble> {
        let (store, path, known) = (Arc::clone(&self.store), self.path.clone(), known.cloned());
        let (retries, mut pause) = (self.retries, self.first_pause);
        let request = async move {
            let mut attempt = 0;
            loop {
                let answer = once(&*store, &path, &range, known.as_ref()).await;
                // Refusals and lost connections were tried again by the store; answers that break off were not, if they
                // have no ETag.
                match answer {
                    Err((e, true)) if e.is_passing() && attempt < retries => {
                        attempt += 1;
                        tokio::time::sleep(pause).await;
                        pause = pause.saturating_mul(2);
                    }
                    Err((e, _)) => return Err(e),
                    Ok(answer) => return Ok(answer),
                }
            }
        };
        runtime::run(self.deadline, request).map_err(|e| self.without_secrets(e))
    }

    /// Messages of lower layers show the URL.
    fn without_secrets(&self, trouble: Trouble) -> Trouble {
        // Cut afterwards: half a secret would not be found.
        let clean = |text: String| cut(self.secrets.iter().fold(text, |text, secret| text.replace(secret, "...")));
        match trouble {
            Trouble::Url(text) => Trouble::Url(clean(text)),
            Trouble::Denied(text) => Trouble::Denied(clean(text)),
            Trouble::Changed(text) => Trouble::Changed(clean(text)),
            Trouble::NoRanges(text) => Trouble::NoRanges(clean(text)),
            Trouble::Request(text) => Trouble::Request(clean(text)),
            other => other,
        }
    }
}

/// How messages show the status of an answer to a range that lies outside of the object.
const NOT_SATISFIABLE: &str = "416 Range Not Satisfiable";

/// One attempt. With an error, whether the body of the answer broke off.
async fn once(
    store: &dyn ObjectStore,
    path: &Path,
    range: &Range<u64>,
    known: Option<&ObjectMeta>,
) -> Result<(ObjectMeta, Bytes), (Trouble, bool)> {
    let before = |trouble| (trouble, false);
    let if_match = known.and_then(strong_tag).map(str::to_owned);
    let options = GetOptions { range: Some(GetRange::Bounded(range.clone())), if_match, ..GetOptions::default() };
    let answer = store.get_opts(path, options).await.map_err(|e| {
        before(match trouble(&e) {
            Trouble::Request(what) if known.is_some() && what.contains(NOT_SATISFIABLE) => {
                Trouble::Changed(format!("it has no bytes {range:?} any more"))
            }
            trouble => trouble,
        })
    })?;
    let meta = answer.meta.clone();
    if let Some(known) = known {
        same_version(known, &meta).map_err(before)?;
    }
    let end = range.end.min(meta.size);
    let expected = end.saturating_sub(range.start);
    if answer.range != (range.start..end) {
        let what = format!("asked for bytes {range:?}, it sends {:?}", answer.range);
        return Err(before(Trouble::NoRanges(what)));
    }
    let mut bytes = BytesMut::with_capacity(usize::try_from(expected).unwrap_or(0));
    let mut body = answer.into_stream();
    let cut = |found: u64| Trouble::Cut { offset: range.start, expected, found };
    while let Some(piece) = body.next().await {
        // A transport that fails in the middle says less than how far it came.
        let piece = piece.map_err(|e| match trouble(&e) {
            Trouble::Request(_) => (cut(bytes.len() as u64), true),
            other => (other, true),
        })?;
        bytes.extend_from_slice(&piece);
        if bytes.len() as u64 > expected {
            return Err((cut(bytes.len() as u64), true));
        }
    }
    if bytes.len() as u64 != expected {
        return Err((cut(bytes.len() as u64), true));
    }
    Ok((meta, bytes.freeze()))
}

/// The ETag, if it vouches for every byte: others must not stand in conditions.
fn strong_tag(meta: &ObjectMeta) -> Option<&str> {
    meta.e_tag.as_deref().filter(|tag| !tag.starts_with("W/"))
}

/// Whether the server names a version at all.
pub(crate) fn is_versioned(meta: &ObjectMeta) -> bool {
    // An absent date is given as that of 1970.
    meta.e_tag.is_some() || meta.version.is_some() || meta.last_modified.timestamp() != 0
}

/// Whether two answers are of one version of an object.
fn same_version(known: &ObjectMeta, now: &ObjectMeta) -> Result<(), Trouble> {
    let changed = |what: &str, before: &dyn std::fmt::Display, after: &dyn std::fmt::Display| {
        Err(Trouble::Changed(format!("{what} was {before}, is {after}")))
    };
    if known.size != now.size {
        return changed("its length", &known.size, &now.size);
    }
    let tag = |meta: &ObjectMeta| meta.e_tag.clone().unwrap_or_else(|| "absent".to_owned());
    if tag(known) != tag(now) {
        return changed("its ETag", &tag(known), &tag(now));
    }
    // The copies of an object on several servers may have several dates; one strong tag says enough.
    if strong_tag(known).is_none() && known.last_modified != now.last_modified {
        return changed("its date", &known.last_modified, &now.last_modified);
    }
    Ok(())
}

/// What an error of the store says.
fn trouble(error: &object_store::Error) -> Trouble {
    use object_store::Error as E;
    let text = text(error);
    match error {
        E::NotFound { .. } => Trouble::NotFound,
        E::Precondition { .. } => Trouble::Changed("the server refuses the ETag of the version that was opened".into()),
        E::PermissionDenied { source, .. } | E::Unauthenticated { source, .. } => Trouble::Denied(chain(&**source)),
        E::NotSupported { .. } => Trouble::NoRanges("it answers with the whole file".into()),
        _ if text.contains("Received non-partial response") => {
            Trouble::NoRanges("it answers with the whole file".into())
        }
        _ if text.contains("Content-Range") || text.contains("CONTENT_RANGE") || text.contains("Requested ") => {
            Trouble::NoRanges(text)
        }
        _ => Trouble::Request(text),
    }
}

/// What an error of the store says, without what is known anyway: that it is generic.
fn text(error: &object_store::Error) -> String {
    match error {
        object_store::Error::Generic { source, .. } => chain(&**source),
        error => chain(error),
    }
}

/// The text of an error and those of its causes that it does not contain, in one line.
fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let said = cause.to_string();
        if !text.contains(&said) {
            text = format!("{text}: {said}");
        }
        next = cause.source();
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A line that is not too long: servers send whole pages with an error.
fn cut(mut line: String) -> String {
    const LONGEST: usize = 500;
    if let Some((end, _)) = line.char_indices().nth(LONGEST) {
        line.truncate(end);
        line += " ...";
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meta(tag: Option<&str>, seconds: u64) -> ObjectMeta {
        let last_modified = (std::time::UNIX_EPOCH + Duration::from_secs(seconds)).into();
        ObjectMeta { location: Path::default(), last_modified, size: 9, e_tag: tag.map(str::to_owned), version: None }
    }

    #[test]
    fn versions() {
        let same =
            |a: (Option<&str>, u64), b: (Option<&str>, u64)| same_version(&meta(a.0, a.1), &meta(b.0, b.1)).is_ok();
        assert!(same((Some("1"), 5), (Some("1"), 6)), "copies of an object");
        assert!(!same((Some("1"), 5), (Some("2"), 5)) && !same((Some("1"), 5), (None, 5)));
        assert!(!same((Some("W/1"), 5), (Some("W/1"), 6)) && same((None, 5), (None, 5)));
        assert!(is_versioned(&meta(None, 5)) && is_versioned(&meta(Some("1"), 0)) && !is_versioned(&meta(None, 0)));
    }

    #[test]
    fn causes_are_said_once_and_in_one_line() {
        let cause = std::io::Error::other("the certificate\n  expired");
        let error = object_store::Error::Generic { store: "S", source: Box::new(cause) };
        assert_eq!(text(&error), "the certificate expired");
        let long = std::io::Error::other("x".repeat(9000));
        assert!(cut(chain(&long)).len() < 600);
    }
}
