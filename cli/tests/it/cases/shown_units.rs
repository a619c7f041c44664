//! What `ls` shows as a level could not be given back.

use crate::common::{copied, json_lines, listed, path_in, stdout};

const FILE: &str = "cases/shown_units/t.std";

fn found(file: &str, condition: &str) -> usize {
    json_lines(&listed(&["ls", "--json", file, "-w", condition])).len()
}

#[test]
fn levels_as_shown_are_found_and_set() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = copied(&folder, FILE);
    assert_eq!(found(&file, "level=1.5 m agl"), 1);
    assert_eq!(found(&file, "level=1.5 m agl, 10 m agl"), 2);
    assert_eq!(found(&file, "level = 1.5 M or level=10 magl"), 2);
    assert_eq!(found(&file, "level_kind=m_agl"), 2);
    // Above the sea.
    assert_eq!(found(&file, "level=1.5 m"), 0);
    stdout(&["edit", &file, "-w", "nomvar=TJ", "--set", "level=2 m agl", "--yes"]);
    assert_eq!(stdout(&["ls", "--columns", "level", &file, "-w", "level=2 m agl"]), "  level\n2 m agl\n");
}

/// Every kind of level there is: made, shown, found and set by what is shown.
#[test]
fn levels_of_all_kinds_come_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let (file, values) = (path_in(&folder, "levels.std"), path_in(&folder, "a.csv"));
    std::fs::write(&values, "1,2\n3,4\n").expect("written");
    let levels = [
        ("500 hPa", "500 hPa"),
        ("0.1 mb", "0.1 hPa"),
        ("0.995 sg", "0.995 sg"),
        ("0.85 hy", "0.85 hy"),
        ("1013 m", "1013 m"),
        ("12 m asl", "12 m"),
        ("1.5 M", "1.5 m agl"),
        ("4.94 m-", "4.94 m deep"),
        ("300 th", "300 K"),
        ("5 index", "5 []"),
        ("7 []", "7 []"),
        ("1000 mp", "1000 mp"),
        ("1234 _0", "1234 reserved"),
        ("6 H", "6 h"),
        ("12 arbitrary", "12"),
    ];
    for (level, shown) in levels {
        stdout(&["mk", "-f", &file, "--data", &values, "--nomvar", "XX", "--level", level]);
        let text = stdout(&["ls", "--columns", "level", &file]);
        let text = text.lines().nth(1).expect("a record").trim();
        assert_eq!(text, shown, "{level}");
        for same in [level, shown] {
            assert_eq!(found(&file, &format!("level={same}")), 1, "{level} as {same}");
        }
        assert_eq!(found(&file, &format!("level={shown} and nomvar=XX")), 1, "{shown}");
        if shown != "12" {
            let edit = stdout(&["edit", &file, "--set", &format!("level={shown}")]);
            assert_eq!(edit, "dry run: 0 records would change, 1 as wanted already; --yes does it\n", "{shown}");
        }
    }
}
