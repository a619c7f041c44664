//! The worked example of the format, and the masks spelled out.

use rpnfst_codecs::DataType;

use super::*;

/// Tests elsewhere write words as numbers.
impl From<[u32; 16]> for Words {
    fn from(words: [u32; 16]) -> Self {
        Self(words)
    }
}

/// The worked example of `docs/format/xdf.md`, section 14: words 2 to 17 of its directory entry.
#[allow(clippy::unusual_byte_groupings, reason = "groups are fields")]
pub(crate) const EXAMPLE: Words = Words([
    0x00012C_20,  // deet 300 | nbits 32
    0x000004_4C,  // ni 4 | grtyp 'L'
    0x000003_02,  // nj 3 | datyp 2
    0x00001_000,  // nk 1 | unused
    0x00001200,   // npas 72 in the high 26 bits | unused
    0x000004_12,  // ig4 4 | ig2 0x123456, its first byte
    0x000064_34,  // ig1 100 | its second byte
    0x002328_56,  // ig3 9000 | its third byte
    0xD25CF4B0,   // "TESTL", five characters in the high 30 bits
    0x86296C40,   // "ABEL0"
    0x452_C00_00, // "12" | typvar "P " | XDF: reserved, RSF: high bits of ni
    0xD34000_00,  // nomvar "TT  " | data bits: not known
    0x00001F4_0,  // ip1 500 | kind of level
    0x0000006_0,  // ip2 6 | XDF: reserved, RSF: high bits of nj
    0x0000007_0,  // ip3 7 | the same
    0x14EC59A0,   // stamp 438792200 in its stored form
]);

/// The masks, spelled out.
#[test]
fn masks() {
    let mut layout = [0; 16];
    (layout[0], layout[1], layout[2], layout[3]) = (0xFF, 0xFFFF_FF00, 0xFFFF_FFFF, 0xFFFF_FFFF);
    (layout[10], layout[11], layout[13], layout[14]) = (0xFF, 0xFF, 0xF, 0xF);
    assert_eq!(LAYOUT, layout);
    let mut identity = [u32::MAX; 16];
    (identity[0], identity[2], identity[3], identity[4]) = (!0xFF, !0xFF, !0xFFF, !0x3F);
    (identity[8], identity[9], identity[11], identity[12]) = (!3, !3, !0xFF, !0xF);
    assert_eq!(IDENTITY, identity);
    let mut high = [0; 16];
    (high[10], high[13], high[14]) = (0xFF, 0xF, 0xF);
    assert_eq!(HIGH_BITS, high);
    let mut unused = [0; 16];
    (unused[3], unused[4], unused[8], unused[9]) = (0xFFF, 0x3F, 3, 3);
    assert_eq!(UNUSED, unused);
}

#[test]
fn fields_of_the_worked_example() {
    let words = EXAMPLE;
    assert_eq!((words.deet(), words.npas(), words.nbits(), words.datyp(), words.data_bits()), (300, 72, 32, 2, 0));
    assert_eq!(words.shape(Container::Xdf), Shape { ni: 4, nj: 3, nk: 1 });
    assert_eq!((words.ig1(), words.ig2(), words.ig3(), words.ig4()), (100, 0x12_3456, 9000, 4));
    assert_eq!((words.ip1(), words.ip2(), words.ip3()), (500, 6, 7));
    assert_eq!((words.nomvar(), words.typvar(), words.etiket()), ("TT".into(), "P".into(), "TESTLABEL012".into()));
    assert_eq!((words.grtyp(), words.datev().raw()), (b'L', 438_792_200));
    assert!(words.unused_bits_are_zero());
}

#[test]
fn setters_make_the_worked_example() {
    // Whatever was there before.
    for before in [0, u32::MAX] {
        let mut words = Words([before; 16]).identity(Container::Xdf);
        words.set_deet(300);
        words.set_npas(72);
        words.set_shape(Shape { ni: 4, nj: 3, nk: 1 }, Container::Xdf);
        words.set_stored(Stored { data_type: DataType::UNSIGNED, pack_bits: 32, data_bits: 0 });
        words.set_grtyp(b'L');
        words.set_nomvar("TT".into());
        words.set_typvar("P".into());
        words.set_etiket("TESTLABEL012".into());
        words.set_ig1(100);
        words.set_ig2(0x12_3456);
        words.set_ig3(9000);
        words.set_ig4(4);
        words.set_ip1(500);
        words.set_ip2(6);
        words.set_ip3(7);
        words.set_stored_date(0x14EC_59A0);
        assert_eq!(words, EXAMPLE);
    }
}

#[test]
fn high_bits_are_of_rsf_only() {
    let shape = Shape { ni: 0x1234_5678, nj: 0x7ABC_DEF0, nk: 1 };
    let mut words = EXAMPLE;
    words.set_shape(shape, Container::Rsf);
    assert_eq!((words.0[1] >> 8, words.0[10] & 0xFF), (0x34_5678, 0x12));
    assert_eq!((words.0[2] >> 8, words.0[13] & 0xF, words.0[14] & 0xF), (0xBC_DEF0, 0xA, 0x7));
    assert_eq!(words.shape(Container::Rsf), shape);
    assert_eq!(words.shape(Container::Xdf), Shape { ni: 0x34_5678, nj: 0xBC_DEF0, nk: 1 });
    assert_eq!((words.ip2(), words.ip3(), words.typvar()), (6, 7, "P".into()));
    assert_eq!(words.without_high_bits().shape(Container::Rsf), words.shape(Container::Xdf));
}

#[test]
fn bytes_of_both_containers() {
    let words = EXAMPLE;
    assert_eq!(words.to_be_bytes()[..8], [0, 1, 0x2C, 0x20, 0, 0, 4, 0x4C]);
    assert_eq!(words.to_le_bytes()[..8], [0x20, 0x2C, 1, 0, 0x4C, 4, 0, 0]);
    assert_eq!(words.to_be_bytes().as_chunks().0.first_chunk().map(Words::from_be), Some(words));
    assert_eq!(words.to_le_bytes().as_chunks().0.first_chunk().map(Words::from_le), Some(words));
}

#[test]
fn an_edit_keeps_the_layout() {
    let (old, new) = (Words([u32::MAX; 16]), Words([0; 16]));
    assert_eq!(new.with_layout_of(&old), Words(LAYOUT));
    assert_eq!(old.with_layout_of(&new).shape(Container::Rsf), Shape { ni: 0, nj: 0, nk: 0 });
    assert_eq!(old.count_same(&new), 0);
    assert_eq!(new.count_same(&Words(LAYOUT)), 8);
}
