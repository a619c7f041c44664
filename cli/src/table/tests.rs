use super::*;

/// A table of `ls` with two rows, within so many characters.
fn fitted(room: Option<usize>) -> Table {
    let names = ["path", "index", "nomvar", "typvar", "etiket", "ni", "nj", "nk", "valid_time", "level", "ip2", "ip3"];
    let more = ["hour", "type", "grtyp", "ig1", "ig2", "ig3", "ig4", "origin_time"];
    let mut table = Table::new(names.into_iter().chain(more).map(Head::left).collect()).within(room);
    for path in ["archive/2026/11/2026112400_006.std", "archive/2026/11/2026112400_012.std"] {
        let cells =
            [path, "12", "TT", "P@", "G133K80P   N", "1108", "1082", "1", "2026-11-24T12:00:00Z", "1000 hPa", "0-6 h"];
        let more = ["0 h", "6", "fm16", "Z", "12345", "23456", "1", "0", "2026-11-24T06:00:00Z"];
        cells.into_iter().chain(more).for_each(|cell| table.cell(cell));
    }
    table.fit();
    table
}

fn shown(table: &Table) -> Vec<&str> {
    table.columns.iter().filter(|column| column.shown).map(|column| column.name).collect()
}

#[test]
fn fits_any_width_that_holds_what_stays() {
    for room in 57..300 {
        let table = fitted(Some(room));
        assert!(table.line() <= room, "{room}: {}", table.line());
        assert!(["nomv", "nomvar"].iter().any(|name| shown(&table).contains(name)), "{room}");
        assert!(["level", "valid_time"].iter().all(|name| shown(&table).contains(name)), "{room}");
    }
    assert_eq!(shown(&fitted(Some(300))), shown(&fitted(None)));
    assert_eq!(shown(&fitted(None)).len(), 20);
}

#[test]
fn what_80_and_120_columns_show() {
    let table = fitted(Some(120));
    assert_eq!(
        shown(&table),
        [
            "path",
            "index",
            "nomv",
            "tv",
            "etiket",
            "ni",
            "nj",
            "valid_time",
            "level",
            "ip2",
            "hour",
            "type",
            "origin_time"
        ]
    );
    let cells = |place: usize| table.columns[place].cell(table.at(place)).into_owned();
    assert_eq!(cells(0), "\u{2026}6112400_006.std");
    assert_eq!(cells(4), "G133K80\u{2026}");
    assert_eq!((cells(8).as_str(), cells(19).as_str()), ("2026-11-24 12:00", "2026-11-24 06Z"));
    assert_eq!(shown(&fitted(Some(80))), ["path", "index", "nomv", "tv", "etiket", "valid_time", "level", "ip2"]);
}

/// A table with these heads and one row, within so many characters.
fn one_row(heads: &[&'static str], cells: &[&str], room: usize) -> Table {
    let mut table = Table::new(heads.iter().copied().map(Head::right).collect()).within(Some(room));
    for cell in cells {
        table.cell(cell);
    }
    table.fit();
    table
}

#[test]
fn statistics_fit() {
    let heads = ["path", "index", "nomvar", "typvar", "etiket", "level", "ip2", "valid_time", "n", "missing", "nan"];
    let heads = [&heads[..], &["min", "at", "max", "at", "mean", "std"]].concat();
    let path = "archive/2026/11/2026112400_006.std";
    let cells = [path, "120", "TT", "P@", "STG_CP_GEMV4", "0.000569943 hy", "12", "2009-04-27T00:00:00Z", "2764800"];
    let cells = [&cells[..], &["0", "0", "-38.04938", "12,1080", "-0.06799316", "7,8"]].concat();
    let cells = [&cells[..], &["-2.169421e-12", "1.0002e-14"]].concat();
    let one = |room| one_row(&heads[1..], &cells[1..], room);
    let stay = ["index", "nomv", "level", "valid_time", "min", "max", "mean"];
    assert_eq!((shown(&one(80)).as_slice(), one(80).line() <= 80), (&stay[..], true));
    let several = one_row(&heads, &cells, 80);
    assert_eq!(shown(&several), ["path", "index", "nomv", "level", "min", "max"]);
    assert!((79..300).all(|room| one_row(&heads, &cells, room).line() <= room));
}

#[test]
fn what_holds_nothing_goes_first() {
    let heads = ["a", "b", "nomvar", "typvar", "etiket", "level", "hour", "differ", "abs", "rel", "what"];
    let cells = ["1", "-", "TT", "P", "G133K80P   N", "-", "6", "-", "-", "-", "only in A"];
    let table = one_row(&heads, &cells, 60);
    assert_eq!(shown(&table), ["a", "nomvar", "typvar", "etiket", "level", "hour", "what"]);
    assert_eq!(shown(&one_row(&heads, &cells, 100)), heads, "where there is room");
}

#[test]
fn free_text_goes_on_below() {
    let text = "etiket STG_CP_GEMV4 / ANOTHERLABEL, typvar P / Z";
    for (start, room) in [(20, 60), (20, 44), (50, 60)] {
        let lines = free_lines(text, start, room);
        let indent = if room - start < FREE_ROOM { INDENT } else { start };
        assert!(lines.len() > 1 && lines.iter().map(String::len).max() <= Some(room), "{lines:?}");
        assert!(lines[1..].iter().all(|line| line.starts_with(&" ".repeat(indent))), "{lines:?}");
        let words = lines.iter().flat_map(|line| line.split_whitespace()).collect::<Vec<_>>();
        assert_eq!(words.join(" "), text);
    }
    assert_eq!(free_lines(text, 20, 200).len(), 1);
}

#[test]
fn short_times_lose_nothing() {
    assert_eq!(short_time("2026-11-24T12:30:00Z", true), "2026-11-24 12:30");
    assert_eq!(short_time("2026-11-24T12:00:30Z", false), "2026-11-24 12:00:30");
    assert_eq!(short_time("-", true), "-");
}
