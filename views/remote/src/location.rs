//! From a URL to a store and a place in it.

use std::{path::PathBuf, sync::Arc, time::Duration};

use object_store::{
    BackoffConfig, ClientOptions, ObjectStore, ObjectStoreScheme, RetryConfig, aws::AmazonS3Builder,
    azure::MicrosoftAzureBuilder, gcp::GoogleCloudStorageBuilder, http::HttpBuilder, local::LocalFileSystem,
    path::Path,
};
use url::Url;

use crate::{
    error::{Error, Result, Trouble},
    options::Options,
};

/// An object.
pub(crate) struct Location {
    pub(crate) store: Arc<dyn ObjectStore>,
    pub(crate) path: Path,
    /// The URL without what is secret.
    pub(crate) name: String,
    /// What is secret in it, so that it can be taken out of messages.
    pub(crate) secrets: Vec<String>,
}

/// The schemes that are known.
const SCHEMES: &[&str] = &["http", "https", "s3", "s3a", "gs", "az", "azure", "adl", "abfs", "abfss", "file"];

pub(crate) fn is_url(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    rest.starts_with("//") && SCHEMES.iter().any(|known| scheme.eq_ignore_ascii_case(known))
}

/// The path that a `file:` URL names; `None` for other URLs.
pub(crate) fn local_path(url: &str) -> Result<Option<PathBuf>> {
    let parsed = parse(url)?;
    if parsed.scheme() != "file" {
        return Ok(None);
    }
    let failed = || wrong(shown(&parsed), "it names no file of this machine".to_owned());
    parsed.to_file_path().map(Some).map_err(|()| failed())
}

impl Location {
    /// Finds the store. No request is made.
    pub(crate) fn new(url: &str, options: &Options) -> Result<Self> {
        let parsed = parse(url)?;
        let name = shown(&parsed);
        let made = store(&parsed, options).map_err(|e| wrong(name.clone(), e.to_string()))?;
        let secrets = [parsed.query(), parsed.password()].into_iter().flatten();
        let secrets = secrets.filter(|text| !text.is_empty()).map(str::to_owned);
        // A user may be a token. Short ones are in many words: with what stands behind them.
        let users = [format!("{}:...@", parsed.username()), format!("{}@", parsed.username())];
        let users = users.into_iter().filter(|_| !parsed.username().is_empty());
        let secrets = secrets.chain(users).collect();
        Ok(Self { store: made.0, path: made.1, name, secrets })
    }
}

fn parse(url: &str) -> Result<Url> {
    let parsed = Url::parse(url).map_err(|e| wrong(redacted(url), e.to_string()))?;
    if !SCHEMES.contains(&parsed.scheme()) {
        let what = format!("scheme `{}`; http, https, s3, gs, az and file are known", parsed.scheme());
        return Err(wrong(shown(&parsed), what));
    }
    Ok(parsed)
}

fn wrong(url: String, what: String) -> Error {
    Error::Remote { url, trouble: Trouble::Url(what) }
}

/// A URL as messages show it: without a user and a password, and `?...` in place of its query, which often is a signature.
pub(crate) fn redacted(url: &str) -> String {
    if let Ok(url) = Url::parse(url) {
        return shown(&url);
    }
    // Where its parts are is not known: all that might be a password goes.
    let (scheme, rest) = url.split_once("://").map_or(("", url), |(scheme, rest)| (scheme, rest));
    let rest = rest.rsplit('@').next().unwrap_or_default();
    let (rest, query) = rest.split_once(['?', '#']).map_or((rest, ""), |(rest, _)| (rest, "?..."));
    format!("{scheme}{}{rest}{query}", if scheme.is_empty() { "" } else { "://" })
}

fn shown(url: &Url) -> String {
    let mut url = url.clone();
    if url.query().is_some() {
        url.set_query(Some("..."));
    }
    url.set_fragment(None);
    // Refused by URLs that have no host, which have no user either.
    let _ = url.set_password(None);
    let _ = url.set_username("");
    url.into()
}

fn store(url: &Url, options: &Options) -> object_store::Result<(Arc<dyn ObjectStore>, Path)> {
    if matches!(url.scheme(), "http" | "https") {
        // With the whole URL as the root of the store, its query and the spelling of its path go to the server unchanged.
        // Hosts of Amazon and Azure too: who wants requests signed says `s3:` or `az:`.
        let mut url = url.clone();
        url.set_fragment(None);
        let client = client(options).with_allow_http(url.scheme() == "http");
        let builder = HttpBuilder::new().with_url(url).with_retry(retry(options)).with_client_options(client);
        let builder = settings(options).into_iter().fold(builder, |builder, (name, value)| match name.parse() {
            Ok(name) => builder.with_config(name, value),
            Err(_) => builder,
        });
        return Ok((Arc::new(builder.build()?), Path::default()));
    }
    let (scheme, path) = ObjectStoreScheme::parse(url)?;
    /// Gives a builder the URL and the settings that it knows.
    macro_rules! build {
        ($builder:ty) => {{
            let builder = <$builder>::new().with_url(url.as_str()).with_retry(retry(options));
            let builder = builder.with_client_options(client(options));
            let builder = settings(options).into_iter().fold(builder, |builder, (name, value)| match name.parse() {
                Ok(name) => builder.with_config(name, value),
                Err(_) => builder,
            });
            Arc::new(builder.build()?) as Arc<dyn ObjectStore>
        }};
    }
    let store = match scheme {
        ObjectStoreScheme::AmazonS3 => build!(AmazonS3Builder),
        ObjectStoreScheme::GoogleCloudStorage => build!(GoogleCloudStorageBuilder),
        ObjectStoreScheme::MicrosoftAzure => build!(MicrosoftAzureBuilder),
        ObjectStoreScheme::Local => Arc::new(LocalFileSystem::new()),
        other => {
            let source = format!("{other:?} is no store for files").into();
            return Err(object_store::Error::NotSupported { source });
        }
    };
    Ok((store, path))
}

fn client(options: &Options) -> ClientOptions {
    install_tls();
    // The deadline is kept elsewhere, where it ends retries too.
    let late = options.deadline.saturating_add(Duration::from_secs(1));
    ClientOptions::new().with_timeout(late).with_connect_timeout(options.idle).with_read_timeout(options.idle)
}

fn retry(options: &Options) -> RetryConfig {
    let max_backoff = options.first_pause.saturating_mul(64);
    let backoff = BackoffConfig { init_backoff: options.first_pause, max_backoff, base: 2.0 };
    RetryConfig { backoff, max_retries: options.retries, retry_timeout: options.deadline }
}

/// TLS of the process, unless the program chose one.
fn install_tls() {
    if rustls::crypto::CryptoProvider::get_default().is_none() {
        // An error says that another thread was faster.
        let _ = rustls::crypto::ring::default_provider().install_default();
    }
}

/// Settings of stores, the last ones counting most.
fn settings(options: &Options) -> Vec<(String, String)> {
    const PREFIXES: [&str; 3] = ["AWS_", "GOOGLE_", "AZURE_"];
    let environment = std::env::vars_os().filter(|_| options.environment);
    let environment =
        environment.filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    let known = environment.filter(|(name, _)| PREFIXES.iter().any(|prefix| name.starts_with(prefix)));
    let all = known.chain(options.settings.iter().cloned());
    all.map(|(name, value)| (name.to_ascii_lowercase(), value)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_hide_what_is_secret() {
        let url = "https://me:secret@example.com/a%20b//c.std?X-Signature=abc#part";
        let location = Location::new(url, &Options::new().environment(false)).expect("a location");
        assert_eq!(location.name, "https://example.com/a%20b//c.std?...");
        assert_eq!(location.secrets, ["X-Signature=abc", "secret", "me:...@", "me@"]);
        for (url, shown) in [
            ("S3://bucket/a@b.std", "s3://bucket/a@b.std"),
            ("https://token@example.com/?a=b@c", "https://example.com/?..."),
            ("https://me:se/cr?et@example.com/a.std?b", "https://example.com/a.std?..."),
            ("https://?secret", "https://?..."),
            ("a.std?x", "a.std?..."),
        ] {
            assert_eq!(redacted(url), shown);
        }
    }

    #[test]
    fn stores_of_all_kinds() {
        let options = Options::new().environment(false).setting("AZURE_STORAGE_ACCOUNT_NAME", "me");
        for url in ["s3://bucket/a/b.std", "gs://bucket/a/b.std", "az://container/a/b.std"] {
            let location = Location::new(url, &options).expect(url);
            assert_eq!((location.path.as_ref(), location.name.as_str()), ("a/b.std", url));
        }
        for url in ["", "a.std", "https://", "ftp://example.com/a", "mailto:me", "file://host/share"] {
            assert!(Location::new(url, &options).is_err() || local_path(url).is_err(), "{url}");
        }
        assert_eq!(local_path("file:///a%20b/c.std").expect("a path"), Some(PathBuf::from("/a b/c.std")));
    }

    #[test]
    fn urls_are_not_paths() {
        for (text, yes) in [("HTTPS://x/y", true), ("s3://b/k", true), ("c:/x", false), ("a/http://b", false)] {
            assert_eq!(is_url(text), yes, "{text}");
        }
    }
}
