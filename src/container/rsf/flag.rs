//! The write flag of an RSF file: who has it open for writing (`docs/format/rsf.md`, section 8).

use std::sync::Arc;

use crate::{
    bytes::{Tail, WriteAt},
    error::{Error, FileName, Result},
};

/// Who else may write.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Sharing {
    /// Nobody.
    Exclusive,
    /// Others that also open the file as shared; each takes segments of about so many bytes.
    Parallel { segment_bytes: u64 },
}

/// Write flag of an exclusive writer.
pub(super) const EXCLUSIVE: u16 = 0xFFFF;

/// Makes the write flag count one more writer.
///
/// # Errors
/// [`Error::InUse`] when those who are there do not allow it (`force` takes the flag over).
pub(crate) fn enter(sink: &Arc<dyn WriteAt>, name: &FileName, sharing: Sharing, force: bool) -> Result<()> {
    let tail = Tail::new(Arc::clone(sink), name.to_owned(), 0);
    let mut refused = None;
    sink.lock_turn().map_err(|e| tail.error(e))?;
    let entered = change_flag(&tail, |flag| {
        let welcome = match sharing {
            Sharing::Exclusive => flag == 0,
            Sharing::Parallel { .. } => flag < EXCLUSIVE - 1,
        };
        match sharing {
            Sharing::Exclusive if welcome || force => EXCLUSIVE,
            // Those that the flag counts are dead: who forces it vouches for that.
            Sharing::Parallel { .. } if force => 1,
            Sharing::Parallel { .. } if welcome => flag + 1,
            _ => {
                refused = Some(flag);
                flag
            }
        }
    });
    sink.unlock_turn().map_err(|e| tail.error(e))?;
    entered?;
    match refused {
        Some(flag) => Err(Error::InUse { path: name.to_owned(), flag: flag.into() }),
        None => Ok(()),
    }
}

/// Takes a writer out of the write flag that could not open the file after all.
pub(crate) fn leave(sink: &Arc<dyn WriteAt>, name: &FileName, sharing: Sharing) -> Result<()> {
    let tail = Tail::new(Arc::clone(sink), name.to_owned(), 0);
    sink.lock_turn().map_err(|e| tail.error(e))?;
    let left = change_flag(&tail, |flag| without(flag, sharing));
    sink.unlock_turn().map_err(|e| tail.error(e))?;
    left
}

/// The write flag with one writer less.
pub(super) fn without(flag: u16, sharing: Sharing) -> u16 {
    match sharing {
        Sharing::Exclusive => 0,
        Sharing::Parallel { .. } => flag.saturating_sub(1),
    }
}

pub(super) fn change_flag(tail: &Tail, change: impl FnOnce(u16) -> u16) -> Result<()> {
    let mut bytes = [0; 2];
    tail.read(&mut bytes, 1)?;
    let flag = change(u16::from_le_bytes(bytes));
    tail.write_all(&flag.to_le_bytes(), 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{bytes::MemoryFile, container::rsf::segment::fresh_file};

    #[test]
    fn writers_count_themselves_in_bytes_1_and_2() -> Result<()> {
        let file = MemoryFile::from(fresh_file(0));
        let sink: Arc<dyn WriteAt> = Arc::new(file.clone());
        let shared = Sharing::Parallel { segment_bytes: 1 << 20 };
        enter(&sink, &FileName::MEMORY, shared, false)?;
        enter(&sink, &FileName::MEMORY, shared, false)?;
        assert_eq!(file.to_vec()[..4], [3, 2, 0, 0xFE]);
        let refused = enter(&sink, &FileName::MEMORY, Sharing::Exclusive, false);
        assert!(matches!(refused, Err(Error::InUse { flag: 2, .. })));
        leave(&sink, &FileName::MEMORY, shared)?;
        leave(&sink, &FileName::MEMORY, shared)?;
        enter(&sink, &FileName::MEMORY, Sharing::Exclusive, false)?;
        assert_eq!(file.to_vec()[..4], [3, 0xFF, 0xFF, 0xFE]);
        assert!(matches!(enter(&sink, &FileName::MEMORY, shared, false), Err(Error::InUse { flag: 0xFFFF, .. })));
        Ok(())
    }
}
