//! What callers may choose.

/// How many threads a codec may use. Values and payloads are the same, bit for bit; of several faults in a damaged record
/// another one may be reported. Encoders use several to compress and to find extremes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Threads {
    /// The caller's only: best when many records are decoded at once.
    #[default]
    One,
    /// The current rayon pool, for large fields (with feature `rayon`; as [`One`](Self::One) without).
    Many,
}

/// A release line of librmn, where they differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
#[non_exhaustive]
pub enum Librmn {
    /// librmn 19.5, the last one that writes XDF files only.
    V19,
    /// librmn 20.1, which writes RSF files as well.
    #[default]
    V20,
}

/// Whose decisions on types and widths are followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Rules {
    /// Those of librmn 20.1 for RSF files, in both containers, but for what it cannot read back itself: see
    /// [`PackRequest`](crate::PackRequest).
    #[default]
    Recommended,
    /// Those of a release for the container that the word order says. 19.5 has type 6 tokens of its own.
    Like(Librmn),
}

/// How much is done for a short second-stage compressed stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Compression {
    /// What librmn does with its option `TURBOCOMP` at `FAST`.
    Fast,
    /// What librmn does by default (`BEST`).
    #[default]
    Normal,
    /// The shortest stream of those that librmn can read.
    Best,
}
