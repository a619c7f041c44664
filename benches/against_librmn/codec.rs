//! The codecs alone: payload to array and back, on the same memory.

use std::{cell::RefCell, path::Path, time::Duration};

use rpnfst::{DataType, Element, Threads};
use rpnfst_codecs::{Payload, WordOrder};
use rpnfst_oracle::{Buffer, Data, Librmn};

use crate::{
    Outcome,
    cases::{CASES, Case, SIZES, Work, field, with_values},
    chart::Chart,
    report::{SPEED, Section, columns_of_speed},
    timing::{copying, in_turns, ratio, timed},
};

const DECODE: &str = "The payload in native words, as RSF files hold it and librmn has it after reading, into an array that \
                      is there: `Payload::decode_into`, and the\nfunctions that librmn exports. Both give the same bits. Not \
                      there: 64 bits, complex numbers and characters, whose functions are not\nexported or not documented.";
const ENCODE: &str = "The way back: `PackRequest::encode`, into memory that is there. Both give the same payload.";

pub fn codec(librmn: Librmn, _: &Path) -> Outcome<Vec<Section>> {
    let mut sections = Vec::new();
    for &(ni, nj) in SIZES {
        let columns = [&["datyp/bits"][..], &SPEED].concat();
        let mut decoding = Section::new(format!("Decoding alone, {ni} x {nj}"), DECODE, &columns);
        let mut encoding = Section::new(format!("Encoding alone, {ni} x {nj}"), ENCODE, &columns);
        let (mut decoded, mut encoded) = (Vec::new(), Vec::new());
        let values = field((ni, nj));
        for &case in CASES.iter().filter(|case| case.codec((ni, nj)).is_exported()) {
            let data = case.data(&values);
            let [decode, encode] = with_values(&data, Alone { librmn, case, size: (ni, nj), data: &data })?;
            let bytes = values.len() * case.element.size();
            for (times, section, bars) in [(decode, &mut decoding, &mut decoded), (encode, &mut encoding, &mut encoded)]
            {
                section.rows.push([&[case.name()][..], &columns_of_speed(bytes, times)].concat());
                bars.push((case.name(), ratio(times[0], times[1])));
            }
        }
        if SIZES.last() == Some(&(ni, nj)) {
            let title = |what: &str| format!("{what} alone, {ni} x {nj}: how many times faster than librmn 19.5");
            decoding.chart = Some(Chart::ratios("codec-decode", title("Decoding"), decoded));
            encoding.chart = Some(Chart::ratios("codec-encode", title("Encoding"), encoded));
        }
        sections.extend([decoding, encoding]);
    }
    Ok(sections)
}

struct Alone<'a> {
    librmn: Librmn,
    case: Case,
    size: (u16, u16),
    data: &'a Data,
}

impl Work for Alone<'_> {
    type Result = [[Duration; 3]; 2];

    fn on<T: Element>(self, values: &[T]) -> Outcome<Self::Result> {
        let Self { librmn, case, size, data } = self;
        let codec = case.codec(size);
        let packing = case.packing(size, WordOrder::Little);
        let mut payload = Vec::new();
        let stored = packing.encode(values, Threads::One, &mut payload)?;
        assert_eq!((stored.data_type, stored.pack_bits), (DataType::new(case.datyp), case.bits), "stored as asked");
        let bytes = payload.clone();
        let words: Vec<u32> = bytes.as_chunks().0.iter().map(|word| u32::from_le_bytes(*word)).collect();

        // Nothing is timed that does not do the same.
        let mut source = Buffer::from_data(data);
        let mut theirs = vec![0; codec.room()];
        let stream = librmn.pack(codec, &mut source, &mut theirs)?;
        // Compressed payloads begin with their length; what follows the stream means nothing.
        let compared = if stream == 0 { 0..words.len() } else { 1..stream / 4 };
        assert_eq!(words[compared.clone()], theirs[compared], "{} packed", case.name());
        assert_eq!(source.to_data(case.element, values.len()), *data, "values as before");
        let packed = Payload {
            bytes: &bytes,
            order: WordOrder::Little,
            data_type: stored.data_type,
            pack_bits: stored.pack_bits,
            data_bits: stored.data_bits,
            shape: packing.shape,
        };
        let mut out = vec![T::default(); values.len()];
        packed.decode_into(&mut out, Threads::One)?;
        let mut array = Buffer::new(case.element, values.len());
        theirs[..words.len()].copy_from_slice(&words);
        librmn.unpack(codec, &mut theirs, &mut array)?;
        let array_bytes = array.to_data(case.element, values.len()).to_bytes();
        assert_eq!(array_bytes, bytemuck::cast_slice::<T, u8>(&out), "{} unpacked", case.name());

        let theirs = RefCell::new(theirs);
        let decode = in_turns(
            25,
            [
                &mut || timed(|| Ok(packed.decode_into(&mut out, Threads::One)?)),
                &mut || {
                    let mut theirs = theirs.borrow_mut();
                    theirs[..words.len()].copy_from_slice(&words);
                    timed(|| Ok(librmn.unpack(codec, &mut theirs, &mut array)?))
                },
                &mut copying(values),
            ],
        )?;
        let encode = in_turns(
            25,
            [
                &mut || {
                    payload.clear();
                    timed(|| Ok(packing.encode(values, Threads::One, &mut payload)?))
                },
                &mut || timed(|| Ok(librmn.pack(codec, &mut source, &mut theirs.borrow_mut())?)),
                &mut copying(values),
            ],
        )?;
        Ok([decode, encode])
    }
}
