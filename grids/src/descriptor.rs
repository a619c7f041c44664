//! The four descriptor words of a record, `ig1` to `ig4`, and the four real parameters that they encode.
//!
//! The codec is that of librmn's `cigaxg` and `cxgaig`. Decoding is exact in double precision; encoding rounds in single precision as
//! librmn does, so that the words equal those of files that exist.
//!
//! | letter | parameters |
//! |---|---|
//! | N, S | column and row of the pole, grid length in metres at 60 degrees, angle of Greenwich in degrees |
//! | L, C | latitude and longitude of the first point, step of latitude, step of longitude |
//! | A, B, G | domain (0 globe, 1 north, 2 south), orientation (0 first row south, 1 north), 0, 0 |
//! | E | latitude and longitude of two points on the rotated equator |
//! | H | packed standard parallels, latitude, grid length in metres, longitude |
//! | + | latitude, longitude, 0, 0 |

use crate::{
    error::{Error, Result},
    projection::PolarStereographic,
};

/// The parameters that the descriptor of a letter holds. R is encoded as L.
///
/// # Errors
/// The letter has no codec ([`Error::NeedsMore`] or [`Error::Letter`]), or a word is outside what it may be.
///
/// ```
/// use rpnfst_grids::descriptor;
/// # fn main() -> Result<(), rpnfst_grids::Error> {
/// assert_eq!(descriptor::decode(b'L', [100, 100, 9000, 0])?, [0.0, 0.0, 1.0, 1.0]);
/// assert_eq!(descriptor::encode(b'L', [0.0, 0.0, 1.0, 1.0])?, [100, 100, 9000, 0]);
/// # Ok(())
/// # }
/// ```
pub fn decode(letter: u8, ig: [u32; 4]) -> Result<[f64; 4]> {
    let [g1, g2, g3, g4] = ig.map(f64::from);
    Ok(match letter {
        b'A' | b'B' | b'G' => [g1, g2, 0.0, 0.0],
        b'L' | b'R' => [g3 / 100.0 - 90.0, g4 / 100.0, g1 / 100.0, g2 / 100.0],
        b'C' => {
            non_zero(letter, "ig1", g1)?;
            non_zero(letter, "ig2", g2)?;
            [g3 / 100.0 - 90.0, g4 / 100.0, 180.0 / g1, 360.0 / g2]
        }
        b'H' => [g3, g4 / 100.0 - 90.0, 500.0 * g2, g1 / 5.0],
        b'E' => rotation(ig),
        b'+' => {
            let fine = |word: f64| if word == 0.0 { 0.0 } else { (word - 1000.0) * 0.00001 };
            [g3 * 0.01 - 100.0 + fine(g1), g4 * 0.01 + fine(g2), 0.0, 0.0]
        }
        b'N' | b'S' if ig[3] < 32768 => [g2 / 10.0, g1 / 10.0, 100.0 * g4, g3 / 100.0],
        b'N' | b'S' => far_pole(letter, ig)?,
        _ => return Err(no_codec(letter)),
    })
}

/// The words of a descriptor with these parameters.
///
/// # Errors
/// The letter has no codec, or a parameter is not finite or outside what the words can say.
///
/// ```
/// use rpnfst_grids::descriptor::encode;
/// # fn main() -> Result<(), rpnfst_grids::Error> {
/// assert_eq!(encode(b'E', [35.0, 265.0, 60.0, 80.0])?, [1250, 600, 56800, 12800]);
/// assert_eq!(encode(b'N', [51.0, 51.0, 60000.0, 21.0])?, [510, 510, 2100, 600]);
/// # Ok(())
/// # }
/// ```
pub fn encode(letter: u8, xg: [f64; 4]) -> Result<[u32; 4]> {
    #[expect(clippy::cast_possible_truncation, reason = "librmn takes single precision")]
    let single = xg.map(|value| value as f32);
    for (name, value) in ["xg1", "xg2", "xg3", "xg4"].into_iter().zip(single) {
        if !value.is_finite() || value.abs() > 1e9 {
            return Err(Error::descriptor(letter, name, value.into(), "not a number that the descriptor can hold"));
        }
    }
    let [x1, x2, x3, x4] = single;
    let words = match letter {
        b'A' | b'B' | b'G' => [trunc(x1), trunc(x2), 0, 0],
        b'L' | b'R' => {
            latitude(letter, x1)?;
            [nint(x3 * 100.0), nint(x4 * 100.0), nint((90.0 + x1) * 100.0), turns(nint(x2 * 100.0), 36000)]
        }
        b'C' => {
            latitude(letter, x1)?;
            non_zero(letter, "dlat", x3.into())?;
            non_zero(letter, "dlon", x4.into())?;
            [nint(180.0 / x3), nint(360.0 / x4), nint((90.0 + x1) * 100.0), turns(nint(x2 * 100.0), 36000)]
        }
        b'H' => [turns(nint(5.0 * x4), 1800), nint(0.002 * x3), nint(x1), nint(100.0 * (90.0 + x2))],
        b'E' => {
            latitude(letter, x1)?;
            latitude(letter, x3)?;
            rotation_words(single)
        }
        b'+' => {
            latitude(letter, x1)?;
            let (lat, lon) = (f64::from(x1) + 100.0, east(f64::from(x2)));
            let (g3, g4) = (nint64(lat * 100.0), nint64(lon * 100.0));
            [nint64(lat * 100_000.0) - 1000 * g3 + 1000, nint64(lon * 100_000.0) - 1000 * g4 + 1000, g3, g4]
        }
        b'N' | b'S' => polar_words(letter, single)?,
        _ => return Err(no_codec(letter)),
    };
    let mut ig = [0; 4];
    for ((out, word), name) in ig.iter_mut().zip(words).zip(["ig1", "ig2", "ig3", "ig4"]) {
        *out = u32::try_from(word)
            .ok()
            .filter(|word| *word < 1 << 24)
            .ok_or_else(|| Error::descriptor(letter, name, word as f64, "not a word of 24 bits"))?;
    }
    Ok(ig)
}

/// The rotation of an E grid: counts of 1/40 degree, whose two low bits lie in other words.
fn rotation(ig: [u32; 4]) -> [f64; 4] {
    let [g1, g2, g3, g4] = ig.map(i64::from);
    let l1 = g1 * 4 + g3 % 4;
    let l2 = g2 * 4 + g4 % 4;
    let l3 = g3 / 4;
    let l3 = if l3 < 3559 { l3 + 16384 } else { l3 };
    let l2 = if l2 > 3600 { l2 - 7201 } else { l2 };
    [(l1 - 3600) as f64 / 40.0, (l3 - 3600) as f64 / 40.0, l2 as f64 / 40.0, (g4 / 4) as f64 / 40.0]
}

fn rotation_words([lat1, lon1, lat2, lon2]: [f32; 4]) -> [i64; 4] {
    let wrap = |lon: f32| if lon < 0.0 { lon + 360.0 } else { lon };
    let l1 = nint((lat1 + 90.0) * 40.0);
    let l2 = nint(lat2 * 40.0);
    let l2 = if l2 < 0 { l2 + 7201 } else { l2 };
    let l3 = nint((wrap(lon1) + 90.0) * 40.0);
    let l3 = if l3 >= 16384 { l3 - 16384 } else { l3 };
    let l4 = nint(wrap(lon2) * 40.0);
    [l1 >> 2, l2 >> 2, (l3 << 2) | (l1 & 3), (l4 << 2) | (l2 & 3)]
}

/// The newer encoding of N and S, for poles far from the grid: the first point's latitude and longitude stand for them.
fn far_pole(letter: u8, ig: [u32; 4]) -> Result<[f64; 4]> {
    let [g1, g2, g3, g4] = ig;
    let (unit, lon) = if g3 > 32767 { (1000.0, g3 - 32768) } else { (100.0, g3) };
    let angle = f64::from(g2) / 10.0;
    let j4 = g4 - 32768;
    let (angle, lat) = if j4 > 16383 { (360.0 - angle, j4 - 16384) } else { (angle, j4) };
    let d60 = unit * f64::from(g1);
    non_zero(letter, "d60", d60)?;
    let plane = PolarStereographic::new(letter == b'N', 0.0, 0.0, d60, angle)?;
    let lat = 90.0 - f64::from(lat) * 180.0 / 16383.0;
    let (x, y) = plane.forward(lat, f64::from(lon) * 360.0 / 32767.0);
    if !x.is_finite() || !y.is_finite() {
        return Err(Error::descriptor(
            letter,
            "ig4",
            g4.into(),
            "the first point is the pole that has no place on the plane",
        ));
    }
    Ok([1.0 - x, 1.0 - y, d60, angle])
}

fn polar_words(letter: u8, [pi, pj, d60, dgrw]: [f32; 4]) -> Result<[i64; 4]> {
    if d60 <= 0.0 {
        return Err(Error::descriptor(letter, "d60", d60.into(), "a length is positive"));
    }
    let near = [nint(10.0 * pj), nint(10.0 * pi), turns(nint(100.0 * dgrw), 36000), nint(d60 * 0.01)];
    if (0..=2047).contains(&near[0]) && (0..=2047).contains(&near[1]) && near[3] <= 32000 {
        return Ok(near);
    }
    let (mut base3, mut base4) = (0, 32768);
    let g1 = if d60 > 204_700.0 {
        base3 = 32768;
        nint(d60 * 0.001)
    } else {
        nint(d60 * 0.01)
    };
    let mut g2 = nint(10.0 * dgrw);
    if g2 < 0 {
        g2 = -g2;
        base4 += 16384;
    }
    if g2 > 1800 {
        g2 = (g2 - 3600).abs();
        base4 += 16384;
    }
    if base4 > 49152 {
        return Err(Error::descriptor(letter, "dgrw", dgrw.into(), "not between -180 and 360 degrees"));
    }
    let plane = PolarStereographic::new(letter == b'N', 0.0, 0.0, d60.into(), dgrw.into())?;
    let (lat, lon) = plane.inverse(1.0 - f64::from(pi), 1.0 - f64::from(pj));
    let g3 = base3 + nint64(lon * 32767.0 / 360.0);
    Ok([g1, g2, g3, base4 + nint64((90.0 - lat) * 16383.0 / 180.0)])
}

/// Adds turns until a word is not negative.
fn turns(word: i64, turn: i64) -> i64 {
    if word < 0 { word.rem_euclid(turn) } else { word }
}

fn east(lon: f64) -> f64 {
    if lon < 0.0 { lon + 360.0 } else { lon }
}

#[expect(clippy::cast_possible_truncation, reason = "bounded by the caller")]
fn nint(value: f32) -> i64 {
    value.round() as i64
}

#[expect(clippy::cast_possible_truncation, reason = "bounded by the caller")]
fn nint64(value: f64) -> i64 {
    value.round() as i64
}

#[expect(clippy::cast_possible_truncation, reason = "bounded by the caller")]
fn trunc(value: f32) -> i64 {
    value as i64
}

fn latitude(letter: u8, value: f32) -> Result<()> {
    if value.abs() <= 90.0 {
        return Ok(());
    }
    Err(Error::descriptor(letter, "latitude", value.into(), "not between -90 and 90 degrees"))
}

fn non_zero(letter: u8, name: &'static str, value: f64) -> Result<()> {
    if value == 0.0 { Err(Error::descriptor(letter, name, value, "no length or step")) } else { Ok(()) }
}

/// Why a letter has no descriptor of its own.
fn no_codec(letter: u8) -> Error {
    let what = match letter {
        b'Z' | b'#' => "axes",
        b'Y' | b'O' | b'M' => "arrays of positions",
        b'U' => "sub-grids",
        b'W' => "a projection as text",
        b'!' => "an entry of a table of projections",
        b'Q' => "no decoding: its words are angles and a resolution",
        b'X' | b'V' | b'T' | b'F' | b' ' => "no place on the sphere",
        _ => return Error::Letter { letter: char::from(letter) },
    };
    Error::NeedsMore { letter: char::from(letter), what }
}
