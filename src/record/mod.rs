//! Records: the fields that the directory of a file stores, and what they mean.
//!
//! A [`Record`] keeps the sixteen directory words as they are stored and decodes a field when its method is called:
//! listing a file copies 64 bytes a record, and a query decodes only what it compares. The values of a record are not
//! here: [`File::read`](crate::File::read) decodes them.
//!
//! | page | what it has |
//! |---|---|
//! | [`Column`] | all fields: names, types, units; records as rows of a table |
//! | [`date`] | date stamps: origin and validity |
//! | [`ip`] | ip1, ip2, ip3: levels, times and numbers packed into 28 bits |
//! | [`triplet`] | the three ips together: layers and time intervals |
//! | [`Descriptors`] | which records describe the grid and the levels of another one |
//! | [`voir`] | listings in the layout of librmn's `voir` |
//!
//! The words of the format are explained in `docs/format/glossary.md`.

mod cell;
mod container;
pub mod date;
mod descriptors;
mod grtyp;
mod identity;
#[cfg(feature = "serde")]
pub(crate) mod metadata;
mod parts;
pub(crate) mod schema;
mod text;
mod times;
pub mod triplet;
pub mod voir;
pub(crate) mod words;

pub use cell::Cell;
pub use container::Container;
pub use date::{Calendar, CivilTime, DateStamp};
pub(crate) use descriptors::has_tags;
pub use descriptors::{Descriptors, Lacking};
pub use grtyp::GridType;
pub use identity::Identity;
pub use ip::{IpValue, Kind};
pub use parts::EtiketParts;
pub use rpnfst_codecs::DataType;
pub use rpnfst_grids::ip;
pub use schema::{CellType, Column, IntField, Setting, TextField};
pub use text::{Etiket, Nomvar, Text, Typvar};
pub(crate) use words::Words;

use core::fmt;

pub(crate) use rpnfst_codecs::Shape;
use rpnfst_codecs::{BaseType, ElementKind};

/// Bytes before the payload of an XDF record: 18 words of directory entry, 2 auxiliary words.
pub(crate) const XDF_PREFIX: u64 = 80;
/// Bytes of an RSF record before its metadata and after its payload.
pub(crate) const RSF_START: u64 = 16;
pub(crate) const RSF_END: u64 = 12;
/// Words of RSF metadata before the extended metadata.
pub(crate) const RSF_META_WORDS: u16 = 19;

/// A record of a standard file: its directory fields and where it lies. Small, cheap to clone, independent of the file.
///
/// ```
/// use rpnfst::File;
/// let file = File::open("testdata/cases/intervals.std")?;
/// for record in file.records() {
///     println!("{} {} x {} valid {:?}", record.nomvar(), record.ni(), record.nj(), record.valid_time());
/// }
/// # Ok::<(), rpnfst::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Record {
    pub(crate) words: Words,
    pub(crate) offset: u64,
    pub(crate) length: u64,
    pub(crate) file: u32,
    pub(crate) index: u32,
    pub(crate) container: Container,
    /// RSF: words of metadata in the record, and how many of them are extended metadata. XDF: 0.
    pub(crate) meta_words: u16,
    pub(crate) text_words: u16,
    /// How hours are counted from the validity back to the origin.
    pub(crate) reckoning: date::Reckoning,
}

impl Record {
    /// Variable name.
    #[inline]
    pub fn nomvar(&self) -> Nomvar {
        self.words.nomvar()
    }

    /// Kind of field, two letters.
    #[inline]
    pub fn typvar(&self) -> Typvar {
        self.words.typvar()
    }

    /// Label of the run or experiment.
    #[inline]
    pub fn etiket(&self) -> Etiket {
        self.words.etiket()
    }

    /// Grid type.
    pub fn grtyp(&self) -> GridType {
        GridType(self.words.grtyp())
    }

    /// First dimension, the fastest.
    pub fn ni(&self) -> u32 {
        self.shape().ni
    }

    /// Second dimension.
    pub fn nj(&self) -> u32 {
        self.shape().nj
    }

    /// Third dimension, mostly 1.
    pub fn nk(&self) -> u32 {
        self.shape().nk
    }

    /// `(ni, nj, nk)` as the codecs take it.
    #[inline]
    pub fn shape(&self) -> Shape {
        self.words.shape(self.container)
    }

    /// Number of elements, `ni * nj * nk`; `None` when it does not fit in 64 bits.
    pub fn element_count(&self) -> Option<u64> {
        self.shape().len()
    }

    /// Planes whose values are in the file: `nk`, or 1 where librmn 19 lost the others. It stored compressed records of
    /// several planes (`docs/format/codecs.md`, defect D4), and kept the first plane only.
    pub fn planes_in_file(&self) -> u32 {
        if self.data_type().is_turbo() { self.nk().min(1) } else { self.nk() }
    }

    /// How many planes are not in the file: those behind [`Record::planes_in_file`]. Their values are missing when the
    /// whole array is read; see [`LostPlanes`](crate::LostPlanes).
    pub fn lost_planes(&self) -> u32 {
        self.nk() - self.planes_in_file()
    }

    /// Data type with its flags (+64 missing values, +128 second-stage compression).
    pub fn data_type(&self) -> DataType {
        DataType::new(self.words.datyp())
    }

    /// Bits of a stored element (`nbits`).
    pub fn pack_bits(&self) -> u8 {
        self.words.nbits()
    }

    /// Bits of an element in memory as stored in the directory; 0 (not known) in most files of librmn 19.
    pub fn stored_data_bits(&self) -> u8 {
        self.words.data_bits()
    }

    /// Bits of an element in memory: as stored, else 64 when more than 32 bits are packed, else 32.
    pub fn data_bits(&self) -> u8 {
        match self.stored_data_bits() {
            0 if self.pack_bits() > 32 => 64,
            0 => 32,
            bits => bits,
        }
    }

    /// Level, encoded.
    pub fn ip1(&self) -> u32 {
        self.words.ip1()
    }

    /// Time, usually: a number of hours or a code.
    pub fn ip2(&self) -> u32 {
        self.words.ip2()
    }

    /// Third code: a second level, a second time, or any number.
    pub fn ip3(&self) -> u32 {
        self.words.ip3()
    }

    /// Level decoded from ip1; ip1 0, which records without a level have too, is 0 hPa. `None` when ip1 is not a valid
    /// code, or when the record's name says that its ips are not levels ([`Record::has_special_ips`]).
    ///
    /// ```
    /// use rpnfst::record::{IpValue, Kind};
    /// # let file = rpnfst::File::open("testdata/cases/intervals.std")?;
    /// let record = &file.records()[0];
    /// if let Some(IpValue { value, kind: Kind::Pressure }) = record.level() {
    ///     println!("{value} hPa");
    /// }
    /// # Ok::<(), rpnfst::Error>(())
    /// ```
    pub fn level(&self) -> Option<IpValue> {
        if self.has_special_ips() { None } else { ip::decode(self.ip1()).ok() }
    }

    /// Whether the ips of the record are links to other records and not levels: nomvar begins with `<`, `>`, `!` or
    /// `^`.
    pub fn has_special_ips(&self) -> bool {
        self.nomvar().has_special_ips()
    }

    /// Whether the record describes a grid or a vertical coordinate and is not a field (`>>`, `^^`, `!!`, `HY`, ...).
    pub fn is_descriptor(&self) -> bool {
        matches!(
            self.nomvar().as_str(),
            ">>" | "^^" | "^>" | "!!" | "##" | "#>>#" | "#^^#" | "####" | "HY" | "PROJ" | "MTRX"
        )
    }

    /// The element type of raw words (datyp 0), where it is known: `>>`, `^^` and `^>` hold reals, the positions of a
    /// grid. (librmn stores reals as raw words when it is called with npak 0 or 1.) `None` for other records and other
    /// types.
    pub fn words_kind(&self) -> Option<ElementKind> {
        let known = matches!(self.nomvar().as_str(), ">>" | "^^" | "^>");
        let words = self.data_type().base() == BaseType::Raw && self.pack_bits() == 32;
        (known && words).then_some(ElementKind::F32)
    }

    /// First grid parameter.
    pub fn ig1(&self) -> u32 {
        self.words.ig1()
    }

    /// Second grid parameter.
    pub fn ig2(&self) -> u32 {
        self.words.ig2()
    }

    /// Third grid parameter.
    pub fn ig3(&self) -> u32 {
        self.words.ig3()
    }

    /// Fourth grid parameter.
    pub fn ig4(&self) -> u32 {
        self.words.ig4()
    }

    /// What identifies the grid of the record among those of its file: grtyp, dimensions, ig1 to ig4, as in
    /// `Z 12x8 100 200 0 0`.
    pub fn grid_key(&self) -> String {
        let [ig1, ig2, ig3, ig4] = [self.ig1(), self.ig2(), self.ig3(), self.ig4()];
        format!("{} {}x{} {ig1} {ig2} {ig3} {ig4}", self.grtyp().letter(), self.ni(), self.nj())
    }

    /// Container of the file that holds the record.
    pub fn container(&self) -> Container {
        self.container
    }

    /// Number of the file, when several are opened as one, in the order given; 0 for a single file.
    pub fn file_number(&self) -> usize {
        self.file as usize
    }

    /// Position in the directory of its file, deleted records included.
    pub fn file_index(&self) -> u32 {
        self.index
    }

    /// Where the record begins in its file, bytes.
    pub fn file_offset(&self) -> u64 {
        self.offset
    }

    /// Bytes of the whole record in the file, markers and metadata included.
    pub fn total_stored_bytes(&self) -> u64 {
        self.length
    }

    /// Where the payload begins in the file, and its length, in bytes.
    pub fn payload_extent(&self) -> (u64, u64) {
        payload_extent(self.container, self.offset, self.length, self.meta_words)
    }

    /// Where the text of the extended metadata begins and its room in bytes; `None` when the record has none.
    pub(crate) fn metadata_extent(&self) -> Option<(u64, u64)> {
        let before = RSF_START + 4 * u64::from(RSF_META_WORDS);
        (self.text_words > 0).then(|| (self.offset.saturating_add(before), 4 * u64::from(self.text_words)))
    }

    /// Whether extended metadata (JSON) is stored with the record.
    pub fn has_metadata(&self) -> bool {
        self.text_words > 0
    }
}

/// The fields that identify the record, and where it lies.
impl fmt::Debug for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Record")
            .field("nomvar", &self.nomvar())
            .field("typvar", &self.typvar())
            .field("etiket", &self.etiket())
            .field("grtyp", &self.grtyp())
            .field("dims", &(self.ni(), self.nj(), self.nk()))
            .field("data_type", &self.data_type().code())
            .field("pack_bits", &self.pack_bits())
            .field("ips", &[self.ip1(), self.ip2(), self.ip3()])
            .field("igs", &[self.ig1(), self.ig2(), self.ig3(), self.ig4()])
            .field("datev", &self.datev().raw())
            .field("deet", &self.deet())
            .field("npas", &self.npas())
            .field("container", &self.container)
            .field("file", &self.file)
            .field("index", &self.index)
            .field("offset", &self.offset)
            .field("length", &self.length)
            .finish_non_exhaustive()
    }
}

/// Where the payload of a record begins in its file, and its length.
pub(crate) fn payload_extent(container: Container, offset: u64, length: u64, meta_words: u16) -> (u64, u64) {
    let (before, after) = match container {
        Container::Xdf | Container::XdfSequential => (XDF_PREFIX, 0),
        Container::Rsf => (RSF_START + 4 * u64::from(meta_words), RSF_END),
    };
    (offset.saturating_add(before), length.saturating_sub(before + after))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// The worked example of docs/format/xdf.md, section 14, with some words changed.
    pub(crate) fn record_with(change: impl FnOnce(&mut Words)) -> Record {
        let mut record = example();
        change(&mut record.words);
        record
    }

    /// The worked example of docs/format/xdf.md, section 14.
    fn example() -> Record {
        Record {
            words: words::tests::EXAMPLE,
            offset: 0x48F0,
            length: 144,
            file: 0,
            index: 0,
            container: Container::Xdf,
            meta_words: 0,
            text_words: 0,
            reckoning: date::Reckoning::default(),
        }
    }

    #[test]
    fn worked_example() {
        let r = example();
        assert_eq!(r.nomvar(), "TT");
        assert_eq!(r.typvar(), "P");
        assert_eq!(r.etiket(), "TESTLABEL012");
        assert_eq!((r.ip1(), r.ip2(), r.ip3()), (500, 6, 7));
        assert_eq!((r.ig1(), r.ig2(), r.ig3(), r.ig4()), (100, 0x123456, 9000, 4));
        assert_eq!((r.ni(), r.nj(), r.nk()), (4, 3, 1));
        assert_eq!((r.deet(), r.npas()), (300, 72));
        assert_eq!(r.grtyp(), GridType(b'L'));
        assert_eq!((r.data_type().code(), r.pack_bits(), r.data_bits()), (2, 32, 32));
        assert_eq!(r.datev().raw(), 438792200);
        assert_eq!(r.dateo().map(DateStamp::raw), Ok(438786800));
        assert_eq!(r.payload_extent(), (0x4940, 64));
    }

    #[test]
    fn debug_shows_decoded_fields() {
        let text = format!("{:?}", example());
        assert!(
            text.starts_with("Record { nomvar: \"TT\", typvar: \"P\", etiket: \"TESTLABEL012\", grtyp: 'L'"),
            "{text}"
        );
    }

    #[test]
    fn a_record_is_small() {
        assert!(size_of::<Record>() <= 96, "{} bytes", size_of::<Record>());
    }
}
