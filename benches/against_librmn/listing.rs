//! Many small records, listed and written.

use std::{hint::black_box, path::Path};

use rpnfst::{Attributes, DataType, File, Record, WriteOptions};
use rpnfst_oracle::{Buffer, Container, Data, Element, Librmn, Spec};

use crate::{
    Outcome,
    encode::fresh,
    report::Section,
    timing::{in_turns, milliseconds, ratio, timed},
};

const LISTED: i32 = 100_000;

pub fn listing(librmn: Librmn, folder: &Path) -> Outcome<Vec<Section>> {
    let (path, rsf) = (folder.join("many.std"), folder.join("many.rsf"));
    let mut writer = librmn.create(&path, Container::Random)?;
    let data = Data::F32(vec![1.0; 4]);
    for k in 0..LISTED {
        let spec = Spec { ni: 2, nj: 2, deet: 300, npas: k % 1000, ip1: k, datyp: 5, ..Spec::default() };
        writer.write(&spec, &data)?;
    }
    writer.close()?;
    let file = File::open(&path)?;
    assert_eq!((file.records().len(), librmn.open(&path)?.scan()?), (100_000, 100_000));
    let mut writer = fresh(&rsf, &WriteOptions::new().container(rpnfst::Container::Rsf))?;
    for record in file.records() {
        writer.copy(&file, record)?;
    }
    writer.close()?;

    let list = |path: &Path| {
        File::open(path)?.records().iter().for_each(all_fields);
        Ok(())
    };
    let [opened, listed, theirs, opened_rsf, listed_rsf] = in_turns(
        15,
        [
            &mut || timed(|| Ok(File::open(&path)?)),
            &mut || timed(|| list(&path)),
            &mut || timed(|| Ok(librmn.open(&path)?.scan()?)),
            &mut || timed(|| Ok(File::open(&rsf)?)),
            &mut || timed(|| list(&rsf)),
        ],
    )?;
    let text = "Opening a file, and giving every field of every record, dates computed. librmn: `fstinl` and `fstprm`; \
                version 19.5 knows no RSF.";
    let columns = ["what", "rpnfst ms", "million records/s", "librmn ms", "ratio"];
    let mut section = Section::new(format!("Listing {LISTED} records"), text, &columns);
    for (what, ours, theirs) in [
        ("XDF, opened", opened, None),
        ("XDF, opened and listed", listed, Some(theirs)),
        ("RSF, opened", opened_rsf, None),
        ("RSF, opened and listed", listed_rsf, None),
    ] {
        section.rows.push(vec![
            what.to_owned(),
            milliseconds(ours),
            format!("{:.0}", f64::from(LISTED) / ours.as_secs_f64() / 1e6),
            theirs.map(milliseconds).unwrap_or_default(),
            theirs.map(|theirs| format!("{:.1}", ratio(ours, theirs))).unwrap_or_default(),
        ]);
    }
    Ok(vec![section])
}

/// Decodes what fstprm gives, and puts it in memory as fstprm does.
pub fn all_fields(r: &Record) {
    black_box((
        (r.nomvar(), r.typvar(), r.etiket(), r.grtyp()),
        (r.ni(), r.nj(), r.nk(), r.data_type(), r.pack_bits()),
        (r.datev(), r.dateo().unwrap_or_default(), r.deet(), r.npas()),
        (r.ip1(), r.ip2(), r.ip3(), r.ig1(), r.ig2(), r.ig3(), r.ig4()),
    ));
}

const SMALL: u32 = 10_000;

pub fn small_records(librmn: Librmn, folder: &Path) -> Outcome<Vec<Section>> {
    let (mine, yours) = (folder.join("ours.std"), folder.join("theirs.std"));
    let values = [1.0_f32, 2.0, 3.0, 4.0];
    let mut buffer = Buffer::from_data(&Data::F32(values.to_vec()));
    let [ours, theirs] = in_turns(
        9,
        [
            &mut || {
                timed(|| {
                    let mut writer = fresh(&mine, &WriteOptions::new())?;
                    for k in 0..SMALL {
                        let record = Attributes::new("TT").typvar("P").etiket("SMALL").ip1(k).data_type(DataType::IEEE);
                        writer.write(&record, &rpnfst::Array::new(&values[..], (2, 2, 1))?)?;
                    }
                    Ok(writer.close()?)
                })
            },
            &mut || {
                timed(|| {
                    let mut writer = librmn.create(&yours, Container::Random)?;
                    for k in 0..SMALL {
                        let spec =
                            Spec { ni: 2, nj: 2, ip1: k.cast_signed(), etiket: "SMALL".into(), ..Spec::default() };
                        writer.write_buffer(&spec, Element::F32, &mut buffer)?;
                    }
                    Ok(writer.close()?)
                })
            },
        ],
    )?;
    let text = "To one file, created and closed.";
    let title = format!("Writing {SMALL} records of 2 x 2 values");
    let mut section = Section::new(title, text, &["rpnfst ms", "librmn ms", "ratio"]);
    section.rows.push(vec![milliseconds(ours), milliseconds(theirs), format!("{:.1}", ratio(ours, theirs))]);
    Ok(vec![section])
}
