//! Text queries and builders on real records.

use std::path::Path;

use rpnfst::{File, Query, TextField, record::Kind};

fn file() -> File {
    File::open(Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/xdf/same_name.std")).expect("opens")
}

fn count(text: &str) -> usize {
    let query: Query = text.parse().unwrap_or_else(|e| panic!("{e}"));
    file().select(&query).count()
}

#[test]
fn text_and_builder_agree() {
    let file = file();
    let cases: [(&str, Query); 9] = [
        ("nomvar=TT", Query::new().nomvar("TT")),
        ("nomvar=T*", Query::new().text_like(TextField::Nomvar, "T*")),
        ("nomvar=TT,UU", Query::new().text_in(TextField::Nomvar, ["TT", "UU"])),
        ("level=500 hPa", Query::new().levels(500.0..=500.0, Kind::Pressure)),
        ("level=500..1000 mb and hour<=3", Query::new().levels(500.0..=1000.0, Kind::Pressure).hours(..=3.0)),
        ("ip1_all=850", Query::new().ip1_any_encoding(850)),
        ("not nomvar=TT", Query::new().nomvar("TT").negated()),
        ("nomvar=TT or nomvar=UU", Query::new().nomvar("TT").or_query(Query::new().nomvar("UU"))),
        ("nomvar=tt and typvar=p", Query::new().nomvar("tt").and_query(Query::new().typvar("p"))),
    ];
    for (text, built) in cases {
        let parsed: Query = text.parse().expect("parses");
        let found: Vec<_> = file.select(&parsed).collect();
        assert_eq!(found, file.select(&built).collect::<Vec<_>>(), "{text}");
        assert!(!found.is_empty() && found.len() < file.records().len(), "{text}: {}", found.len());
    }
}

#[test]
fn conditions_find_what_they_should() {
    // From the fixture's own queries: what librmn finds.
    assert_eq!(count("nomvar=TT"), 18);
    assert_eq!(count("nomvar=TT and ip1_all=41394464"), 5);
    assert_eq!(count("nomvar=TT and level=500 hPa"), 5);
    assert_eq!(count("etiket=R1FX03"), 12);
    assert_eq!(count("etiket=R1FX"), 0);
    assert_eq!(count("etiket=R1FX*"), 36);
    assert_eq!(count("typvar=\"P@\""), 1);
    assert_eq!(count("grtyp=E"), 1);
    assert_eq!(
        count("valid_time=2020-06-15T12..2020-06-15T12 and deet!=3600"),
        count("valid_time=2020-06-15T12:00 and deet!=3600")
    );
    assert_eq!(count("valid_time=2020"), count("valid_time=2020-01-01..2020-12-31"));
    assert_eq!(count("valid_time=2020-06"), count("valid_time=2020-06-01..2020-06-30"));
    assert_eq!(count("level_name=pressure"), count("level_kind=2"));
    assert_eq!(count("level_unit=hPa and level=500"), count("level=500 hPa"));
    assert_eq!(count("file_index=0"), 1);
    assert_eq!(count("file_offset>0 and total_stored_bytes>80"), 44);
    assert_eq!(count(""), 44);
}

/// The levels and hours that a query names are those of the records it finds.
#[test]
fn levels_and_hours_are_those_of_the_records() {
    let file = file();
    let query: Query = "level=700..1000 hPa and hour=1..4".parse().expect("parses");
    let expected = file.records().iter().filter(|r| {
        let level = r.level().filter(|l| l.kind == Kind::Pressure).map(|l| l.value);
        level.is_some_and(|v| (700.0..=1000.0).contains(&v)) && (1.0..=4.0).contains(&r.hour())
    });
    assert_eq!(file.select(&query).collect::<Vec<_>>(), expected.collect::<Vec<_>>());
}

#[cfg(feature = "serde")]
#[test]
fn metadata_combine_with_other_conditions() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/rsf/extended_metadata.rsf");
    let file = File::open(path).expect("opens");
    let count = |query: &Query| file.select(query).count();
    let all = file.records().len();
    let described = || Query::new().metadata(serde_json::json!({"data": null}));
    let with = file.records().iter().filter(|record| record.has_metadata()).count();
    assert_eq!(count(&described()), with);
    assert!(with > 1 && with < all, "{with} of {all}");
    assert_eq!(count(&described().negated()), all - with);
    assert_eq!(count(&described().or_query(Query::new())), all);
    let one = || Query::new().nomvar("NO00");
    assert_eq!(count(&described().or_query(one())), with + 1);
    assert_eq!(count(&described().and_query(one())), 0);
    // Two criteria, both of which must hold.
    assert_eq!(count(&described().metadata(serde_json::json!({"version": "9"}))), 0);
    // Without a file there is nothing to look up.
    assert!(!file.records().iter().any(|record| described().matches(record)));
}

/// librmn's "blank is any" belongs to the three methods that say so.
#[test]
fn blank_is_any_in_searches_as_librmn_has_them_only() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/cases/rm_empty_condition/t.std");
    let file = File::open(path).expect("opens");
    let found = |query: &Query| file.select(query).map(|record| record.nomvar().to_string()).collect::<Vec<_>>();
    for query in [Query::new().etiket(""), Query::new().etiket("          XY"), Query::new().nomvar(" ").typvar("")] {
        assert_eq!(found(&query), ["TT", "UU", "VV"], "{query:?}");
    }
    assert_eq!(found(&Query::new().text_in(TextField::Etiket, ["", "KEEP2"])), ["UU", "VV"]);
    assert_eq!(found(&Query::new().text_in(TextField::Etiket, ["          XY"])), [""; 0]);
    assert_eq!(found(&Query::new().text_like(TextField::Etiket, "")), ["VV"]);
    for (text, expected) in [
        ("grtyp=x", &["TT", "UU", "VV"][..]),
        ("grtyp=*", &["TT", "UU", "VV"]),
        ("grtyp='*'", &[]),
        ("grtyp=''", &[]),
        ("nomvar=tt,Vv", &["TT", "VV"]),
        ("level_unit=hPa", &["TT", "UU", "VV"]),
        ("level_unit=''", &[]),
    ] {
        assert_eq!(found(&text.parse().expect("parses")), expected, "{text}");
    }
}
