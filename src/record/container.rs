//! The three containers of records.

use rpnfst_codecs::WordOrder;

/// The kind of a file: how it holds its records. Of an open file [`Member::container`](crate::Member::container) says it.
///
/// ```
/// use rpnfst::{Container, File};
/// let file = File::open("testdata/xdf/from19.std")?;
/// assert_eq!(file.records()[0].container(), Container::Xdf);
/// assert_eq!(Container::XdfSequential.name(), "xdf sequential");
/// # Ok::<(), rpnfst::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Container {
    /// Classic random file, librmn up to 19 (and later ones on request).
    Xdf,
    /// Classic sequential file.
    XdfSequential,
    /// RSF, librmn 20 and later.
    Rsf,
}

impl Container {
    /// `"xdf"`, `"xdf sequential"` or `"rsf"`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Xdf => "xdf",
            Self::XdfSequential => "xdf sequential",
            Self::Rsf => "rsf",
        }
    }

    /// Byte order of the payload's 32-bit words.
    pub(crate) const fn word_order(self) -> WordOrder {
        match self {
            Self::Xdf | Self::XdfSequential => WordOrder::Big,
            Self::Rsf => WordOrder::Little,
        }
    }
}
