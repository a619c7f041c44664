//! Names, levels, dates: everything of a record but its values.

use crate::rng::Rng;
use crate::spec::Spec;

/// A request with random attributes; type, width and dimensions are the caller's.
pub(crate) fn random_labels(rng: &mut Rng) -> Spec {
    let (deet, npas) = random_step(rng);
    Spec {
        nomvar: random_name(rng, &["TT", "UU", "HU", "P0", "GZ", "^^", ">>", "!!"], 4),
        typvar: random_name(rng, &["P", "A", "P@", "X"], 2),
        etiket: random_name(rng, &["ETIKET", "R1_V710_N", "G133K80_N", "TESTLABEL012"], 12),
        grtyp: char::from(*rng.pick(b"XZYLNSGABEU#!o+ ")).to_string(),
        dateo: random_stamp(rng),
        deet,
        npas,
        ip1: random_ip(rng),
        ip2: random_ip(rng),
        ip3: random_ip(rng),
        ig1: rng.int(0, 0xFF_FFFF),
        ig2: rng.int(0, 0xFF_FFFF),
        ig3: rng.int(0, 0xFF_FFFF),
        ig4: rng.int(0, 0xFF_FFFF),
        ..Spec::default()
    }
}

/// One of a few usual names, so that searches find several records, or anything printable.
fn random_name(rng: &mut Rng, usual: &[&str], most: usize) -> String {
    if rng.chance(70) {
        return (*rng.pick(usual)).to_owned();
    }
    let length = rng.size(0, most);
    (0..length).map(|_| char::from(rng.bits().to_be_bytes()[0] % 95 + b' ')).collect()
}

/// Time step and number: their product stays below 2^31, beyond which librmn 19.5 overflows when reading.
fn random_step(rng: &mut Rng) -> (i32, i32) {
    match rng.int(0, 4) {
        0 => (0, rng.int(0, 100)),
        1 => (rng.int(0, 0xFF_FFFF), rng.int(0, 100)),
        2 => (rng.int(0, 100), rng.int(0, 0xFF_FFFF)),
        _ => (*rng.pick(&[60, 300, 450, 900, 3600]), rng.int(0, 5000)),
    }
}

/// A level or time code: usual, small (old style), or any of 28 bits.
pub fn random_ip(rng: &mut Rng) -> i32 {
    match rng.int(0, 4) {
        0 => *rng.pick(&[0, 500, 850, 1000, 12, 24, 93_423_264, 41_744_464]),
        1 => rng.int(0, 32767),
        2 => {
            let [kind, exponent] = [rng.int(0, 15), rng.int(0, 15)];
            kind << 24 | exponent << 20 | rng.int(0, 0xF_FFFF)
        }
        _ => rng.int(0, 0xFFF_FFFF),
    }
}

/// A stamp of one of the three encodings, or none at all. Mostly valid; the last digit is 0 to 7.
pub fn random_stamp(rng: &mut Rng) -> i32 {
    match rng.int(0, 19) {
        0 => 0,
        1..=3 => {
            let (month, day, year) = (rng.int(1, 12), rng.int(1, 28), rng.int(0, 99));
            (((month * 100 + day) * 100 + year) * 100 + rng.int(0, 23)) * 10 + rng.int(0, 7)
        }
        4 | 5 => {
            // Hours since year 0, as an unsigned number beyond the signed range.
            let hours = rng.between(0, 87_658_199);
            let stamp = 3_000_000_000 + hours / 8 * 10 + hours % 8;
            u32::try_from(stamp).unwrap_or(0).cast_signed()
        }
        kind => {
            // Five-second intervals since 1980, on the hour most of the time.
            let hours = rng.int(175_320, 420_000);
            let intervals = hours * 720 + if kind > 14 { rng.int(0, 719) } else { 0 };
            123_200_000 + intervals / 8 * 10 + intervals % 8
        }
    }
}
