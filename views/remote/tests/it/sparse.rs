//! Large files of which only what is not zero takes memory.

use std::{
    collections::BTreeMap,
    io,
    sync::{Arc, Mutex},
};

use rpnfst::{Array, Attributes, Container, ReadAt, WriteAt, WriteOptions};

const PAGE: usize = 4096;
const ZEROS: [u8; PAGE] = [0; PAGE];

/// A file in memory.
#[derive(Clone, Default)]
pub(crate) struct Sparse(Arc<Mutex<Inner>>);

#[derive(Default)]
struct Inner {
    pages: BTreeMap<u64, Box<[u8; PAGE]>>,
    size: u64,
}

impl ReadAt for Sparse {
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        let inner = self.0.lock().expect("no panic");
        let at = usize::try_from(offset % PAGE as u64).expect("small");
        let there = usize::try_from(inner.size.saturating_sub(offset)).expect("64 bits");
        let n = buf.len().min(PAGE - at).min(there);
        match inner.pages.get(&(offset / PAGE as u64)) {
            Some(page) => buf[..n].copy_from_slice(&page[at..at + n]),
            None => buf[..n].fill(0),
        }
        Ok(n)
    }

    fn size(&self) -> io::Result<u64> {
        Ok(self.0.lock().expect("no panic").size)
    }
}

impl WriteAt for Sparse {
    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<usize> {
        let mut inner = self.0.lock().expect("no panic");
        let at = usize::try_from(offset % PAGE as u64).expect("small");
        let n = bytes.len().min(PAGE - at);
        let (bytes, number) = (&bytes[..n], offset / PAGE as u64);
        if bytes != &ZEROS[..n] || inner.pages.contains_key(&number) {
            inner.pages.entry(number).or_insert_with(|| Box::new(ZEROS))[at..at + n].copy_from_slice(bytes);
        }
        inner.size = inner.size.max(offset + n as u64);
        Ok(n)
    }

    fn set_size(&self, size: u64) -> io::Result<()> {
        self.0.lock().expect("no panic").size = size;
        Ok(())
    }

    fn sync(&self) -> io::Result<()> {
        Ok(())
    }
}

/// A file of `count` records of `values` reals each.
pub(crate) fn file(container: Container, count: usize, values: usize) -> Sparse {
    let sparse = Sparse::default();
    let mut data = vec![0.0_f32; values];
    let mut writer = WriteOptions::new().container(container).create_sink(sparse.clone()).expect("a writer");
    for number in 0..count {
        data[0] = number as f32;
        let array = Array::new(&data, (values, 1, 1)).expect("an array");
        let ip2 = u32::try_from(number).expect("few");
        writer.write(&Attributes::new("TT").ip2(ip2), &array).expect("written");
    }
    writer.close().expect("closed");
    sparse
}
