//! Sequential XDF files: records one after the other, each with a postfix (`docs/format/xdf.md`, section 9).

use std::io;

use nom::number::complete::be_u32;

use super::{
    entry::{ENTRY_BYTES, entry},
    header::type_and_length,
};
use crate::{
    bytes::Source,
    container::{contents::Contents, parse::parse, problem::Problem},
    record::Container,
};

/// Walks from `offset` to the end mark and collects the records.
pub(super) fn walk(source: &Source, file: u32, mut offset: u64, contents: &mut Contents) -> io::Result<()> {
    let mut index: u32 = 0;
    while offset < source.len() {
        // One read of the most that a step needs: the entry of a record.
        let bytes = source.get_up_to(offset, ENTRY_BYTES)?;
        let Some(first) = parse(be_u32, &bytes) else {
            contents.problems.push(Problem::damage(offset, "less than a word before the end of the file"));
            return Ok(());
        };
        let (idtyp, length) = type_and_length(first);
        let mut step = 8 * u64::from(length);
        match idtyp {
            0 => {}
            1..=111 => {
                let Some(entry) = parse(entry, &bytes) else {
                    contents.problems.push(Problem::damage(offset, "a record begins at the end of the file"));
                    return Ok(());
                };
                if entry.address == 0 || entry.offset() != offset {
                    let what = format!("a record whose address is {}, expected {}", entry.address, offset / 8 + 1);
                    if contents.container == Container::Xdf {
                        contents.problems.push(Problem::damage(offset, what));
                        return Ok(()); // a search for records must not take garbage for one
                    }
                    contents.problems.push(Problem::note(offset, what));
                }
                if !entry.is_sound(offset, source.len()) {
                    let what = format!("record {index}: {}", entry.trouble(offset, source.len()));
                    contents.problems.push(Problem::damage(offset, what));
                    return Ok(());
                }
                let record = entry.record(offset, index, file, contents.container);
                contents.note_truncated(&record, source.len());
                contents.records.push(record);
                index = index.wrapping_add(1);
            }
            112..=126 => step = 8, // logical end of file, the next one follows
            127 => return Ok(()),
            254 | 255 => {
                contents.delete(step);
                index = index.wrapping_add(1);
            }
            128..=253 => {
                contents.problems.push(Problem::damage(offset, format!("type {idtyp} was never written")));
                return Ok(());
            }
        }
        if step == 0 {
            contents.problems.push(Problem::damage(offset, format!("a header of type {idtyp} and length 0")));
            return Ok(());
        }
        offset += step; // 24 bits of units: no overflow below the size of the file
    }
    if offset == source.len() && index > 0 && contents.container == Container::XdfSequential {
        contents.problems.push(Problem::damage(offset, "truncated: no mark at the end of the file"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::hex::hex;

    #[test]
    fn records_marks_and_deleted_ones() {
        // A record is 18 words of entry, 2 auxiliary words and the payload; here from byte 8 on, with 1 word of payload.
        let rest = "00000020 00000158 00000102 00001000 00000000 00000000 00000000 00000000
            00000000 00000000 00000000 D3400000 00000000 00000000 00000000 00000000
            00000000 00000000
            3F800000 00000000";
        let bytes = hex(&format!(
            "
            00000000 00000000  ; in front of the records
            0100000B 00000002  ; record: live, length 11, address 2
            {rest}
            00000002 FFFFFFFF  ; postfix of 2 units: no record
            0100000B 00000002  ; length and address of the record in front of it
            FF00000B 0000000F  ; deleted record
            {rest}
            00000002 FFFFFFFF FF00000B 0000000F
            73000001 00000000  ; logical end of file, of level 3
            7F000001 00000000  ; end mark"
        ));
        let mut contents = Contents::new(Container::XdfSequential);
        walk(&Source::bytes(bytes), 0, 8, &mut contents).expect("read");
        let found: Vec<_> = contents.records.iter().map(|r| (r.index, r.offset, r.length)).collect();
        assert_eq!((found, contents.deleted), (vec![(0, 8, 88)], 1));
        assert!(contents.problems.list.is_empty(), "{:?}", contents.problems.list);
    }
}
