//! `rpnfst ip`: codes to values and back, in both styles.

use crate::common::{err, json_lines, out, run, stdout};

#[test]
fn codes_and_values_are_each_others() {
    for (value, new, old) in [
        ("500 hPa", 41_394_464, Some(500)),
        ("0.1 hPa", 44_140_192, Some(1620)),
        ("0.85 sg", 28_112_976, Some(10_500)),
        ("0.995 hy", 95_366_840, None),
        ("10 m", 8_488_608, Some(12_003)),
        ("1.5 m agl", 76_696_048, None),
        ("-2.5 m agl", 76_522_472, None),
        ("300 K", 108_303_328, None),
        ("6 h", 177_809_344, Some(6)),
        ("0.5 h", 178_757_920, None),
        ("42 arbitrary", 59_140_256, Some(1158)),
        ("5 []", 25_122_248, None),
        ("1000 mp", 86_083_232, None),
        ("1234 reserved", 251_659_474, None),
    ] {
        let line = &json_lines(&stdout(&["ip", "--json", "--", value]))[0];
        assert_eq!((line["new"].as_u64(), line["old"].as_u64()), (Some(new), old), "{value}");
        assert_eq!(line["why_not_old"].is_null(), old.is_some(), "{value}");
        assert_eq!(stdout(&["ip", "--new", "--", value]), format!("{new}\n"));
        // A plain number of hours is one in ip2 only.
        let alone = old.filter(|_| !value.ends_with(" h"));
        for code in [Some(new), alone].into_iter().flatten().map(|code| code.to_string()) {
            let back = &json_lines(&stdout(&["ip", "--json", &code]))[0];
            let shown = format!("{} {}", back["value"], back["unit"].as_str().expect("a unit"));
            let plain = |text: &str| text.replace(".0 ", " ").trim_end_matches(" arbitrary").trim_end().to_owned();
            assert_eq!(plain(&shown), plain(value), "{code}");
            assert_eq!((&back["new"], &back["old"]), (&line["new"], &line["old"]), "{code}");
        }
    }
}

#[test]
fn a_table_for_people() {
    let text = stdout(&["ip", "41394464", "500", "6 h", "1013.25 hPa"]);
    let expected = "\
given          value  unit  kind  name      style        new  old
41394464         500  hPa      2  pressure  new     41394464  500
500              500  hPa      2  pressure  old     41394464  500
6 h                6  h       10  time      -      177809344  6
1013.25 hPa  1013.25  hPa      2  pressure  -       39947213  none: the old style has 1013 hPa instead of 1013.25 hPa
";
    assert_eq!(text, expected);
}

#[test]
fn what_has_no_code_is_said() {
    // The others come all the same.
    let output = run(&["ip", "--old", "850 hPa", "6 h", "0.5 h", "0.995 hy", "41394464"]);
    assert_eq!((output.status.code(), out(&output)), (Some(1), "850\n6\n500\n".to_owned()));
    assert_eq!(
        err(&output),
        "rpnfst: 0.5 h: the old style has 1 h instead of 0.5 h\n\
               rpnfst: 0.995 hy: hybrid values have no old-style code\n"
    );
    for (text, status, part) in [
        ("134217729", 1, "does not decode"),
        ("2000 hPa", 1, "out of the range"),
        ("999999999", 2, "a code is 0 to 268435455"),
        ("-5", 2, "a code is 0 to"),
        ("500 parsec", 2, "is not a value with a unit"),
        ("", 2, "is not a value with a unit"),
    ] {
        let output = run(&["ip", "--", text]);
        assert_eq!(output.status.code(), Some(status), "{text}");
        assert!(err(&output).contains(part), "{text}: {}", err(&output));
    }
}
