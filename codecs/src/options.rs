//! Choices of the caller that the record does not store: threads, whose rules, how much effort.

/// How many threads a codec may use.
///
/// The result does not depend on it, with one exception: if a damaged record has several faults, which one is reported may
/// differ. Encoders use several threads to compress and to find extremes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Threads {
    /// The caller's thread only. Best when many records are decoded at once, one on each thread.
    #[default]
    One,
    /// The current rayon pool, for large fields. Without the feature `rayon` the same as [`One`](Self::One).
    Many,
}

/// A generation of librmn, named by the release whose behaviour was measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
#[non_exhaustive]
pub enum Librmn {
    /// librmn 19.5, the last one that writes XDF files only.
    V19,
    /// librmn 20.1, which writes RSF files as well.
    #[default]
    V20,
}

/// Who decides which data type and width are stored for what the caller asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Rules {
    /// The rules of librmn 20.1 for RSF files, in both containers, without the choices that librmn cannot read back:
    /// [`PackRequest`](crate::PackRequest) lists them.
    #[default]
    Recommended,
    /// The rules of one release, for the container that the word order implies. 19.5 also has other tokens for type 6 fields
    /// of tiny values.
    Like(Librmn),
}

/// Effort of the second-stage compression.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Compression {
    /// The method that librmn takes if its option `TURBOCOMP` is `FAST`.
    Fast,
    /// The method that librmn takes by default (its `BEST`).
    #[default]
    Normal,
    /// The shortest of all streams that librmn can read: twelve methods are measured first.
    Best,
}
