//! The sixteen words of the worked example of the format.

use super::*;

#[test]
fn attributes_become_sixteen_words() -> Result<(), crate::error::Error> {
    // docs/format/xdf.md, section 14.
    let record = Attributes::new("TT")
        .typvar("P")
        .etiket("TESTLABEL012")
        .grtyp('L')
        .dateo(DateStamp::from_raw(438_786_800))
        .deet(300)
        .npas(72)
        .ip1(500)
        .ip2(6)
        .ip3(7)
        .ig(100, 0x12_3456, 9000, 4);
    let stored = Stored { data_type: DataType::UNSIGNED, pack_bits: 32, data_bits: 0 };
    let words = record.words(Shape { ni: 4, nj: 3, nk: 1 }, stored, Container::Xdf)?;
    let expected = [
        0x0001_2C20, // deet 300, nbits 32
        0x0000_044C, // ni 4, grtyp 'L'
        0x0000_0302, // nj 3, datyp 2
        0x0000_1000, // nk 1
        0x0000_1200, // npas 72
        0x0000_0412, // ig4 4, ig2 0x12....
        0x0000_6434, // ig1 100, ig2 0x..34..
        0x0023_2856, // ig3 9000, ig2 0x....56
        0xD25C_F4B0, // etiket "TESTL"
        0x8629_6C40, //        "ABEL0"
        0x452C_0000, //        "12", typvar "P "
        0xD340_0000, // nomvar "TT  "
        0x0000_1F40, // ip1 500
        0x0000_0060, // ip2 6
        0x0000_0070, // ip3 7
        0x14EC_59A0, // validity date: 72 * 300 seconds after the origin
    ];
    assert_eq!(words, Words::from(expected));
    Ok(())
}
