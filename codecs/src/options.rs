//! Choices of the caller that the record does not store: threads, whose rules, how much effort.

/// How many threads a codec may use.
///
/// The result does not depend on it, with one exception: if a damaged record has several faults, which one is reported may
/// differ. Encoders use several threads to compress and to find extremes.
///
/// ```
/// use rpnfst_codecs::{DataType, PackRequest, Shape, Threads, WordOrder};
/// let request = PackRequest::new(DataType::REAL, 12, Shape { ni: 700, nj: 500, nk: 1 }, WordOrder::Big);
/// let values: Vec<f32> = (0..350_000).map(|k| k as f32).collect();
/// let (mut one, mut many) = (Vec::new(), Vec::new());
/// request.encode(&values, Threads::One, &mut one)?;
/// request.encode(&values, Threads::Many, &mut many)?;
/// assert!(one == many);
/// # Ok::<(), rpnfst_codecs::EncodeError>(())
/// ```
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
///
/// ```
/// use rpnfst_codecs::{DataType, Librmn, PackRequest, Rules, Shape, Threads, WordOrder};
/// let shape = Shape { ni: 64, nj: 64, nk: 1 };
/// let asked = PackRequest::new(DataType::REAL_TURBO, 12, shape, WordOrder::Big);
/// let values: Vec<f32> = (0..4096).map(|k| (k / 64) as f32).collect();
/// let stored = |rules| PackRequest { rules, ..asked }.encode(&values, Threads::One, &mut Vec::new());
/// assert_eq!(stored(Rules::Like(Librmn::V19))?.data_type, DataType::REAL_TURBO);
/// // librmn cannot read back type 129 of 12 bits.
/// assert_eq!(stored(Rules::Recommended)?.data_type, DataType::REAL);
/// # Ok::<(), rpnfst_codecs::EncodeError>(())
/// ```
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
///
/// ```
/// use rpnfst_codecs::{Compression, DataType, PackRequest, Shape, Threads, WordOrder};
/// let shape = Shape { ni: 64, nj: 64, nk: 1 };
/// let asked = PackRequest::new(DataType::QUANTIZED_TURBO, 12, shape, WordOrder::Big);
/// let values: Vec<f32> = (0..4096).map(|k| ((k % 64) * (k / 64)) as f32).collect();
/// let length = |compression| {
///     let mut payload = Vec::new();
///     PackRequest { compression, ..asked }.encode(&values, Threads::One, &mut payload)?;
///     Ok::<_, rpnfst_codecs::EncodeError>(payload.len())
/// };
/// assert!(length(Compression::Best)? <= length(Compression::Normal)?);
/// # Ok::<(), rpnfst_codecs::EncodeError>(())
/// ```
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
