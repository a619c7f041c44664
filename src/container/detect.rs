//! The format of a file, by its first bytes. Its name does not matter.

use crate::{bytes::Source, error::NotFst, record::Container};

/// Magic numbers: offset, bytes, name.
const KNOWN: &[(usize, &[u8], &str)] = &[
    (0, b"GRIB", "a GRIB file"),
    (0, b"BUFR", "a BUFR file"),
    (0, b"CDF\x01", "a netCDF file (classic)"),
    (0, b"CDF\x02", "a netCDF file (64-bit offset)"),
    (0, b"CDF\x05", "a netCDF file (64-bit data)"),
    (0, b"\x89HDF\r\n\x1a\n", "an HDF5 or netCDF-4 file"),
    (0, b"\x0e\x03\x13\x01", "an HDF4 file"),
    (0, b"\x1f\x8b", "a gzip file; decompress it first"),
    (0, b"\x28\xb5\x2f\xfd", "a zstd file; decompress it first"),
    (0, b"\xfd7zXZ\0", "an xz file; decompress it first"),
    (0, b"BZh", "a bzip2 file; decompress it first"),
    (0, b"PK\x03\x04", "a zip file"),
    (0, b"\x7fELF", "an ELF program"),
    (0, b"\x89PNG", "a PNG picture"),
    (0, b"%PDF", "a PDF document"),
    (0, b"II*\0", "a TIFF picture"),
    (0, b"MM\0*", "a TIFF picture"),
    // Behind two words, of 32 or of 64 bits, and a byte.
    (9, b"CMCARCHS", "a CMC archive; extract its members first"),
    (17, b"CMCARCH5", "a CMC archive; extract its members first"),
    (257, b"ustar", "a tar archive; extract its members first"),
];

/// Bytes that detection looks at.
const HEAD: usize = 512;

/// The container, or what the content looks like instead.
pub(crate) fn detect(source: &Source) -> std::io::Result<Result<Container, NotFst>> {
    Ok(classify(source.peek(0, &mut [0; HEAD])?))
}

fn classify(head: &[u8]) -> Result<Container, NotFst> {
    let at = |offset: usize, magic: &[u8]| head.get(offset..offset + magic.len()) == Some(magic);
    let word = |k: usize| head.get(4 * k..4 * k + 4);
    if head.is_empty() {
        return Err(NotFst::Empty);
    }
    // The order of docs/format/xdf.md, section 2: the 1989 tests come first.
    let fives: &[u8] = &[0x55; 8];
    let tens: &[u8] = &[0xAA; 8];
    let framed = || {
        let length = word(0).and_then(|w| w.try_into().ok()).map(|w| u32::from_be_bytes(w) as usize);
        length.is_some_and(|n| n >= 120 && head.get(n + 4..n + 8).is_some_and(|end| Some(end) == word(0)))
    };
    if at(0, fives) || at(4 * 28, tens) || (at(4 * 29, tens) && framed()) {
        return Err(NotFst::Fst89);
    }
    if at(8, b"XDF0") || at(8, b"xdf0") {
        return match word(3) {
            Some(b"STDR") => Ok(Container::Xdf),
            Some(b"STDS") => Ok(Container::XdfSequential),
            Some(b"BRP0" | b"bRp0") => Err(NotFst::Burp),
            _ => Err(NotFst::OtherXdf),
        };
    }
    if at(16, b"RSF0") {
        return match (word(5), word(6)) {
            (Some(b"STDF"), Some(b"\xDE\xAD\xBE\xEF")) => Err(NotFst::BigEndianRsf),
            (Some(b"STDF"), _) => Ok(Container::Rsf),
            _ => Err(NotFst::OtherRsf),
        };
    }
    if head.starts_with(b"version https://git-lfs") {
        return Err(NotFst::GitLfsPointer);
    }
    if let Some((_, _, name)) = KNOWN.iter().find(|(offset, magic, _)| at(*offset, magic)) {
        return Err(NotFst::Known(name));
    }
    let text = |b: &u8| matches!(b, b'\t' | b'\n' | b'\r' | 0x20..=0x7E | 0x80..);
    if head.iter().all(text) && std::str::from_utf8(head).map_or_else(|e| e.valid_up_to() + 4 > head.len(), |_| true) {
        return Err(NotFst::Text);
    }
    Err(NotFst::Unknown)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn xdf(signature: &[u8]) -> Vec<u8> {
        [b"\0\0\0\x1a\0\0\0\0XDF0", signature].concat()
    }

    #[test]
    fn containers() {
        assert_eq!(classify(&xdf(b"STDR")), Ok(Container::Xdf));
        assert_eq!(classify(&xdf(b"STDS")), Ok(Container::XdfSequential));
        assert_eq!(classify(b"\0\0\0\x1a\0\0\0\0xdf0STDR"), Ok(Container::Xdf));
        assert_eq!(classify(b"\x03\0\0\xfe\0\0\0\0\x48\0\0\0\x13\0\0\0RSF0STDF\xEF\xBE\xAD\xDE"), Ok(Container::Rsf));
    }

    #[test]
    fn other_formats() {
        assert_eq!(classify(b""), Err(NotFst::Empty));
        assert_eq!(classify(&[0x55; 40]), Err(NotFst::Fst89));
        let mut sequential = vec![0; 112];
        sequential.extend([0xAA; 8]);
        assert_eq!(classify(&sequential), Err(NotFst::Fst89));
        let mut framed = vec![0; 132];
        framed[3] = 124;
        framed[116..124].fill(0xAA);
        framed[131] = 124;
        assert_eq!(classify(&framed), Err(NotFst::Fst89));
        assert_eq!(classify(&xdf(b"BRP0")), Err(NotFst::Burp));
        assert_eq!(classify(&xdf(b"WHAT")), Err(NotFst::OtherXdf));
        assert_eq!(classify(b"XDF0"), Err(NotFst::Text));
        assert_eq!(classify(b"________________RSF0ABCD"), Err(NotFst::OtherRsf));
        assert_eq!(classify(b"________________RSF0STDF\xDE\xAD\xBE\xEF"), Err(NotFst::BigEndianRsf));
        assert_eq!(classify(b"version https://git-lfs.github.com/spec/v1\n"), Err(NotFst::GitLfsPointer));
        assert_eq!(classify(b"GRIB\0\0\0\x02"), Err(NotFst::Known("a GRIB file")));
        let archive = Err(NotFst::Known("a CMC archive; extract its members first"));
        assert_eq!(classify(b"\0\0\0\x05\0\0\0\0\0CMCARCHS\0"), archive);
        assert_eq!(classify(b"\0\0\0\0\0\0\0\x06\0\0\0\0\0\0\0\0\0CMCARCH5\0"), archive);
        assert_eq!(classify(b"hello, w\xC3\xB6rld"), Err(NotFst::Text));
        assert_eq!(classify(b"\0\x01\x02"), Err(NotFst::Unknown));
    }

    #[test]
    fn any_prefix_of_a_head_is_classified() {
        let head = [xdf(b"STDR"), vec![0; 600]].concat();
        for n in 0..head.len() {
            let _ = classify(&head[..n]);
        }
        assert_eq!(classify(&head[..15]), Err(NotFst::OtherXdf));
    }
}
