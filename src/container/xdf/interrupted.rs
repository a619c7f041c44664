//! Files whose creation was interrupted: all bytes of them are the beginning of a new file.

use std::{io, sync::Arc};

use super::{
    header::{Header, PAGE_BYTES},
    write::XdfWriter,
    write_sequential::SequentialWriter,
};
use crate::{
    bytes::{MemoryFile, Source, WriteAt},
    error::FileName,
    record::Container,
};

/// Whether these are the first bytes of a new file, and nothing else.
pub(crate) fn is_interrupted_create(source: &Source, container: Container) -> io::Result<bool> {
    let length = source.len();
    if length >= 8 * u64::from(Header::fresh(true).length) + PAGE_BYTES {
        return Ok(false);
    }
    let file = MemoryFile::new();
    let sink: Arc<dyn WriteAt> = Arc::new(file.clone());
    let created = match container {
        Container::Xdf => XdfWriter::create(sink, FileName::MEMORY, false).is_ok(),
        Container::XdfSequential => SequentialWriter::create(sink, FileName::MEMORY, false).is_ok(),
        Container::Rsf => false,
    };
    let fresh = file.to_vec();
    Ok(created && length < fresh.len() as u64 && fresh.starts_with(&source.get(0, length)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_beginning_of_a_new_file() {
        let file = MemoryFile::new();
        assert!(XdfWriter::create(Arc::new(file.clone()), FileName::MEMORY, false).is_ok());
        let whole = file.to_vec();
        let is = |bytes: &[u8]| is_interrupted_create(&Source::bytes(bytes.to_vec()), Container::Xdf).expect("read");
        assert!(is(&whole[..0]) && is(&whole[..100]) && is(&whole[..1000]));
        assert!(!is(&whole), "a sound, empty file");
        assert!(!is(b"another file"));
    }
}
