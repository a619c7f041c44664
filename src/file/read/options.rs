//! How to read.

use rpnfst_codecs::{Plan, Threads};

/// What stands in the array where a value is missing. The mask is the same in all cases.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Hash)]
#[non_exhaustive]
pub enum FillMissing {
    /// NaN in arrays of reals; in integers as [`FillMissing::Classic`].
    #[default]
    Nan,
    /// librmn's default special values: -1e38 in reals, the smallest signed and the largest unsigned integer.
    Classic,
    /// What the file holds: a value slightly above the largest valid one.
    Substitute,
}

/// What becomes of planes that an old library lost ([`Record::lost_planes`](crate::Record::lost_planes)).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Hash)]
#[non_exhaustive]
pub enum LostPlanes {
    /// The array has all planes of the record; the values of the lost ones are missing.
    #[default]
    Missing,
    /// The array has the planes that are in the file only ([`Record::planes_in_file`](crate::Record::planes_in_file)): the others cost nothing.
    Omit,
}

/// How to read.
///
/// ```
/// use rpnfst::{File, FillMissing, ReadOptions, Threads};
/// let file = File::open("testdata/xdf/miss198_f4.std")?;
/// let options = ReadOptions::new().missing(FillMissing::Classic).threads(Threads::One);
/// let array = file.read_as::<f32>(&file.records()[0], &options)?;
/// let missing = array.missing().expect("a record with the flag 64");
/// assert!(missing.positions().all(|number| array.values()[number] == -1e38));
/// # Ok::<(), rpnfst::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct ReadOptions {
    pub(super) missing: FillMissing,
    pub(super) lost: LostPlanes,
    pub(super) threads: Threads,
    pub(super) batch_bytes: u64,
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self { missing: FillMissing::Nan, lost: LostPlanes::Missing, threads: Threads::Many, batch_bytes: 256 << 20 }
    }
}

impl ReadOptions {
    /// The defaults: NaN where values are missing, large fields decoded on all threads of the current rayon pool.
    pub fn new() -> Self {
        Self::default()
    }

    /// What stands for missing values.
    #[must_use]
    pub fn missing(mut self, missing: FillMissing) -> Self {
        self.missing = missing;
        self
    }

    /// What becomes of lost planes.
    #[must_use]
    pub fn lost_planes(mut self, lost: LostPlanes) -> Self {
        self.lost = lost;
        self
    }

    /// Whether to use other threads (of the current rayon pool): inside of large fields, and for [`File::read_many`](crate::File::read_many).
    /// The values are the same. A thread of the pool may take up other work of it while it waits: hold no lock that this work
    /// wants, or use [`Threads::One`].
    #[must_use]
    pub fn threads(mut self, threads: Threads) -> Self {
        self.threads = threads;
        self
    }

    /// How many bytes [`File::read_many`](crate::File::read_many) and [`File::map_many`](crate::File::map_many) hold at a time (256 MiB by default), on all threads
    /// together: decoded values, masks of missing ones, and payloads where the file is not mapped. One record is always
    /// allowed; [`Limits`](crate::Limits) caps it.
    #[must_use]
    pub fn batch_bytes(mut self, bytes: u64) -> Self {
        self.batch_bytes = bytes;
        self
    }

    /// Elements of the array.
    pub(super) fn count(&self, plan: &Plan<'_>) -> usize {
        match self.lost {
            LostPlanes::Missing => plan.element_count(),
            LostPlanes::Omit => plan.stored_count(),
        }
    }
}
