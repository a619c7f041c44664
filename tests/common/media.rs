//! Media that fail, for writers to be tried on.

use std::{
    collections::BTreeMap,
    io,
    sync::{Arc, Mutex},
};

use rpnfst::{MemoryFile, ReadAt, WriteAt};

/// What goes wrong.
#[derive(Clone, Copy, Debug)]
pub enum Fault {
    None,
    /// After so many bytes nothing happens any more: the process is gone. Aligned words are written whole or not at
    /// all, as processors do it.
    Killed {
        after: u64,
    },
    /// One write fails, after so many bytes.
    Error {
        after: u64,
    },
    /// The medium holds so many bytes.
    Full {
        size: u64,
    },
}

/// A file in memory with a fault. Writes are cut short now and then, as they may be.
#[derive(Clone)]
pub struct Faulty {
    file: MemoryFile,
    state: Arc<Mutex<State>>,
}

struct State {
    fault: Fault,
    dead: bool,
    written: u64,
    ends: Vec<u64>,
    /// What the medium surely has, and what was written since.
    synced: Vec<u8>,
    unsynced: Vec<(u64, Vec<u8>)>,
}

impl Faulty {
    pub fn new(fault: Fault) -> Self {
        let state =
            State { fault, dead: false, written: 0, ends: Vec::new(), synced: Vec::new(), unsynced: Vec::new() };
        Self { file: MemoryFile::new(), state: Arc::new(Mutex::new(state)) }
    }

    pub fn bytes(&self) -> Vec<u8> {
        self.file.to_vec()
    }

    /// What is there after a power failure: of the writes since the last sync, those that `survives` says.
    pub fn after_power_failure(&self, mut survives: impl FnMut() -> bool) -> Vec<u8> {
        let state = self.state.lock().expect("no panic");
        let mut bytes = state.synced.clone();
        for (offset, piece) in state.unsynced.iter().filter(|_| survives()) {
            let start = usize::try_from(*offset).expect("small");
            bytes.resize(bytes.len().max(start + piece.len()), 0);
            bytes[start..start + piece.len()].copy_from_slice(piece);
        }
        bytes
    }

    /// After how many bytes each write ended.
    pub fn ends(&self) -> Vec<u64> {
        self.state.lock().expect("no panic").ends.clone()
    }

    /// Goes on without fault, or with another one.
    pub fn set(&self, fault: Fault) {
        self.state.lock().expect("no panic").fault = fault;
    }

    fn alive(&self) -> io::Result<()> {
        if self.state.lock().expect("no panic").dead { Err(io::Error::other("killed")) } else { Ok(()) }
    }
}

impl ReadAt for Faulty {
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        self.alive()?;
        self.file.read_at(buf, offset)
    }

    fn size(&self) -> io::Result<u64> {
        self.alive()?;
        self.file.size()
    }
}

impl WriteAt for Faulty {
    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<usize> {
        self.alive()?;
        let state = &mut *self.state.lock().expect("no panic");
        // Short writes of anything that is long.
        let most = if bytes.len() > 1000 { 999 + bytes.len() / 2 } else { bytes.len() }.min(bytes.len());
        let left = |after: u64| usize::try_from(after.saturating_sub(state.written)).unwrap_or(usize::MAX);
        let (room, error) = match state.fault {
            Fault::None => (most, None),
            Fault::Killed { after } | Fault::Error { after } => (left(after), Some(io::ErrorKind::Other)),
            Fault::Full { size } => {
                let room = usize::try_from(size.saturating_sub(offset)).unwrap_or(usize::MAX);
                (room, Some(io::ErrorKind::StorageFull))
            }
        };
        let fails = room < most;
        let mut n = room.min(most);
        if let (Fault::Killed { .. }, true) = (state.fault, fails) {
            state.dead = true;
            let end = (offset + n as u64) & !3;
            n = usize::try_from(end.saturating_sub(offset)).unwrap_or(0);
        }
        if n > 0 {
            self.file.write_at(&bytes[..n], offset)?;
            state.unsynced.push((offset, bytes[..n].to_vec()));
            state.written += n as u64;
        }
        match error {
            Some(kind) if state.dead || fails && n == 0 => {
                if let Fault::Error { .. } = state.fault {
                    state.fault = Fault::None;
                }
                Err(kind.into())
            }
            _ => {
                state.ends.push(state.written);
                Ok(n)
            }
        }
    }

    fn set_size(&self, size: u64) -> io::Result<()> {
        self.alive()?;
        self.file.set_size(size)
    }

    fn sync(&self) -> io::Result<()> {
        self.alive()?;
        let mut state = self.state.lock().expect("no panic");
        (state.synced, state.unsynced) = (self.file.to_vec(), Vec::new());
        Ok(())
    }
}

/// A file of any size in memory: what was never written is zero.
#[derive(Clone, Default)]
pub struct Sparse(Arc<Mutex<Blocks>>);

#[derive(Default)]
struct Blocks {
    blocks: BTreeMap<u64, Vec<u8>>,
    size: u64,
}

const BLOCK: u64 = 1 << 16;

impl Sparse {
    /// Calls `each` with the block and the range in it of every part of a range of the file.
    fn parts(offset: u64, length: usize, mut each: impl FnMut(u64, usize, std::ops::Range<usize>)) {
        let mut done = 0;
        while done < length {
            let at = offset + done as u64;
            let within = usize::try_from(at % BLOCK).expect("small");
            let n = (length - done).min(usize::try_from(BLOCK).expect("small") - within);
            each(at / BLOCK, within, done..done + n);
            done += n;
        }
    }
}

impl ReadAt for Sparse {
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        let Blocks { blocks, size } = &*self.0.lock().expect("no panic");
        let n = buf.len().min(usize::try_from(size.saturating_sub(offset)).unwrap_or(usize::MAX));
        Self::parts(offset, n, |block, within, part| match blocks.get(&block) {
            Some(bytes) => buf[part.clone()].copy_from_slice(&bytes[within..within + part.len()]),
            None => buf[part].fill(0),
        });
        Ok(n)
    }

    fn size(&self) -> io::Result<u64> {
        Ok(self.0.lock().expect("no panic").size)
    }
}

impl WriteAt for Sparse {
    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<usize> {
        let Blocks { blocks, size } = &mut *self.0.lock().expect("no panic");
        Self::parts(offset, bytes.len(), |block, within, part| {
            let block = blocks.entry(block).or_insert_with(|| vec![0; usize::try_from(BLOCK).expect("small")]);
            block[within..within + part.len()].copy_from_slice(&bytes[part]);
        });
        *size = (*size).max(offset + bytes.len() as u64);
        Ok(bytes.len())
    }

    fn set_size(&self, new: u64) -> io::Result<()> {
        self.0.lock().expect("no panic").size = new;
        Ok(())
    }

    fn sync(&self) -> io::Result<()> {
        Ok(())
    }
}
