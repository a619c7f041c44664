//! A remote object as something that reads at an offset.

use std::{
    fmt, io,
    ops::Range,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
};

use bytes::Bytes;
use object_store::ObjectMeta;
use rpnfst::ReadAt;

use crate::{
    cache::Cache,
    error::{Error, Result, Trouble},
    fetch::{Fetcher, is_versioned},
    location::Location,
    options::Options,
    stream::Streams,
};

/// One version of a remote object. Any number of threads may read it.
///
/// ```
/// use rpnfst::{OpenOptions, ReadAt as _, Source};
/// use rpnfst_remote::{Options, Remote};
/// let path = std::fs::canonicalize("../../testdata/xdf/masks.std")?;
/// let remote = Remote::open(&format!("file://{}", path.display()), &Options::new())?;
/// let mut signature = [0; 4];
/// remote.read_at(&mut signature, 8)?;
/// assert_eq!(&signature, b"XDF0");
/// let name = remote.name().to_owned();
/// let file = OpenOptions::new().open_source(Source::reader(remote)?.named(name))?;
/// # assert!(!file.records().is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Remote {
    name: String,
    meta: ObjectMeta,
    fetcher: Fetcher,
    state: Mutex<State>,
    /// Wakes those who wait for a request of another thread.
    arrived: Condvar,
}

struct State {
    cache: Cache,
    streams: Streams,
    in_flight: Vec<(Range<u64>, Slot)>,
    traffic: Traffic,
}

type Answer = Result<Bytes, Trouble>;

/// Where the thread that makes a request leaves the answer for others that wait for it.
type Slot = Arc<Mutex<Option<Answer>>>;

/// What reading an object has cost.
///
/// ```
/// let path = std::fs::canonicalize("../../testdata/xdf/masks.std")?;
/// let remote = rpnfst_remote::Remote::open(&format!("file://{}", path.display()), &rpnfst_remote::Options::new())?;
/// assert_eq!(remote.traffic().requests, 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[non_exhaustive]
pub struct Traffic {
    /// Requests for ranges, retries not counted.
    pub requests: u64,
    /// Bytes that came, headers not counted.
    pub bytes: u64,
}

impl Remote {
    /// Asks for the first bytes of an object, and thereby which version of it there is: all reads are of that version.
    ///
    /// # Errors
    /// [`Error::Remote`].
    pub fn open(url: &str, options: &Options) -> Result<Self> {
        let location = Location::new(url, options)?;
        let name = location.name.clone();
        let failed = |trouble| Error::Remote { url: name.clone(), trouble };
        let fetcher = Fetcher::new(location, options);
        // A cache keeps no piece that is larger than itself.
        let kept = if options.cache_size == 0 { u64::MAX } else { options.cache_size };
        let [block, largest] = [options.block_size, options.max_block_size].map(|size| size.min(kept));
        let length = block.min(largest);
        let (meta, bytes) = fetcher.first(length).map_err(failed)?;
        if !options.unversioned && !is_versioned(&meta) {
            return Err(failed(Trouble::Unversioned));
        }
        let mut state = State {
            cache: Cache::new(options.cache_size),
            streams: Streams::new(block, largest),
            in_flight: Vec::new(),
            traffic: Traffic { requests: 1, bytes: bytes.len() as u64 },
        };
        if meta.size > 0 {
            state.streams.plan(0, 1, &(0..meta.size));
        }
        state.cache.insert(0, bytes);
        Ok(Self { name, meta, fetcher, state: Mutex::new(state), arrived: Condvar::new() })
    }

    /// The URL as messages show it, see [`redacted`](crate::redacted): the name of the source.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What was fetched so far.
    pub fn traffic(&self) -> Traffic {
        self.state().traffic
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // What it protects is whole between any two statements that could panic.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The bytes from `offset`, which is inside of the object, on: at least one.
    fn bytes_at(&self, offset: u64, wanted: u64) -> Answer {
        let mut state = self.state();
        if let Some(bytes) = state.cache.get(offset) {
            state.streams.note(offset, wanted.min(bytes.len() as u64));
            return Ok(bytes);
        }
        let under_way = state.in_flight.iter().find(|(range, _)| range.contains(&offset));
        if let Some((range, slot)) = under_way.map(|(range, slot)| (range.clone(), Arc::clone(slot))) {
            return self.wait(state, &slot, offset, &range);
        }
        let mut free = state.cache.hole(offset, self.meta.size);
        for (range, _) in &state.in_flight {
            if range.end <= offset {
                free.start = free.start.max(range.end);
            } else {
                free.end = free.end.min(range.start);
            }
        }
        let mut range = state.streams.plan(offset, wanted, &free);
        range.end = state.cache.end_before(range.end);
        let slot = Arc::new(Mutex::new(None));
        state.in_flight.push((range.clone(), Arc::clone(&slot)));
        state.traffic.requests += 1;
        drop(state);
        let answer = self.fetcher.get(range.clone(), Some(&self.meta)).map(|(_, bytes)| bytes);
        let mut state = self.state();
        state.in_flight.retain(|(_, other)| !Arc::ptr_eq(other, &slot));
        if let Ok(bytes) = &answer {
            state.traffic.bytes += bytes.len() as u64;
            state.cache.insert(range.start, bytes.clone());
        }
        *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(answer.clone());
        drop(state);
        self.arrived.notify_all();
        answer.and_then(|bytes| part(&bytes, offset, &range))
    }

    /// Waits for what another thread fetches.
    fn wait(
        &self,
        mut state: MutexGuard<'_, State>,
        slot: &Mutex<Option<Answer>>,
        offset: u64,
        range: &Range<u64>,
    ) -> Answer {
        loop {
            if let Some(answer) = &*slot.lock().unwrap_or_else(PoisonError::into_inner) {
                return answer.clone().and_then(|bytes| part(&bytes, offset, range));
            }
            state = self.arrived.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// The bytes of an answer to `range` from `offset` on.
fn part(bytes: &Bytes, offset: u64, range: &Range<u64>) -> Answer {
    let skip = usize::try_from(offset - range.start).ok().filter(|&skip| skip < bytes.len());
    let cut = || Trouble::Cut { offset: range.start, expected: range.end - range.start, found: bytes.len() as u64 };
    skip.map(|skip| bytes.slice(skip..)).ok_or_else(cut)
}

impl ReadAt for Remote {
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        if buf.is_empty() || offset >= self.meta.size {
            return Ok(0);
        }
        let bytes = self.bytes_at(offset, buf.len() as u64)?;
        let length = bytes.len().min(buf.len());
        buf[..length].copy_from_slice(&bytes[..length]);
        Ok(length)
    }

    /// That of the version that was opened; no request is made.
    fn size(&self) -> io::Result<u64> {
        Ok(self.meta.size)
    }
}

/// The name, the size, and what was fetched.
impl fmt::Debug for Remote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Remote({}, {} bytes, {:?})", self.name, self.meta.size, self.traffic())
    }
}
