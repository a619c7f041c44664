//! What callers may choose.

/// How many threads a codec may use. Values and payloads are the same, bit for bit; of several faults in a damaged record
/// another one may be reported. Encoders use several to compress and to find extremes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Threads {
    /// The caller's only: best when many records are decoded at once.
    #[default]
    One,
    /// The current rayon pool, for large fields (with feature `rayon`; as [`One`](Self::One) without).
    Many,
}

/// Whose decisions on types and widths are followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Rules {
    /// Those of librmn 20.1 for RSF files, in both containers, without type 129 of less than 16 bits.
    #[default]
    Recommended,
    /// Those of librmn 19.5, its type 6 tokens included.
    Librmn19,
    /// Those of librmn 20.1 for the container that the word order says.
    Librmn20,
}

/// How much is done for a short second-stage compressed stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Compression {
    /// What librmn does with its option `TURBOCOMP` at `FAST`.
    Fast,
    /// What librmn does by default (`BEST`).
    #[default]
    Normal,
    /// The shortest stream of those that librmn can read.
    Best,
}
