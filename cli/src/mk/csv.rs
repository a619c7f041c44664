//! Arrays from CSV, as `get` writes them.

use std::{fs, path::Path, str::FromStr};

use rpnfst::Values;

use crate::npy::Array;

/// Reads a list `i,j,k,value`, or a matrix.
pub(super) fn read(path: &Path, dtype: &str) -> Result<Array, String> {
    let text = fs::read_to_string(path).map_err(|e| e.to_string())?;
    let first = text.lines().next().unwrap_or_default().trim();
    let (cells, dims) = match first {
        "i,j,k,value" => list(&text, 1)?,
        "i,j,k,real,imag" => list(&text, 2)?,
        _ if first.contains(|c: char| c.is_ascii_alphabetic() && !"nNaAiIfFeE".contains(c)) => {
            return Err(format!("header `{first}`, expected i,j,k,value or i,j,k,real,imag, or no header"));
        }
        _ => matrix(&text)?,
    };
    let values = match dtype.trim_start_matches(['<', '|', '=']) {
        "u1" => Values::U8(parse(&cells, None)?),
        "i1" => Values::I8(parse(&cells, None)?),
        "u2" => Values::U16(parse(&cells, None)?),
        "i2" => Values::I16(parse(&cells, None)?),
        "u4" => Values::U32(parse(&cells, None)?),
        "i4" => Values::I32(parse(&cells, None)?),
        "u8" => Values::U64(parse(&cells, None)?),
        "i8" => Values::I64(parse(&cells, None)?),
        "f4" => Values::F32(parse(&cells, Some(f32::NAN))?),
        "f8" => Values::F64(parse(&cells, Some(f64::NAN))?),
        "c8" => Values::Complex32(pairs(&parse(&cells, Some(f32::NAN))?)),
        "c16" => Values::Complex64(pairs(&parse(&cells, Some(f64::NAN))?)),
        other => return Err(format!("no element type `{other}`")),
    };
    if values.len() != dims.iter().product::<usize>() {
        return Err("complex numbers need a list i,j,k,real,imag, other types i,j,k,value".to_owned());
    }
    Ok(Array { values, shape: dims.to_vec(), fortran: true })
}

/// Texts of the values with `i` fastest, and dimensions.
type Cells<'a> = (Vec<&'a str>, [usize; 3]);

/// Rows `i,j,k` and `parts` of a value, each point once, in any order.
fn list(text: &str, parts: usize) -> Result<Cells<'_>, String> {
    let mut rows = Vec::new();
    let mut dims = [0_usize; 3];
    for (number, line) in text.lines().enumerate().skip(1).filter(|(_, line)| !line.trim().is_empty()) {
        let cells: Vec<_> = line.split(',').map(str::trim).collect();
        let wrong = |what: &str| format!("line {}: {what}", number + 1);
        let ([i, j, k], values) = match cells.split_first_chunk::<3>() {
            Some((place, values)) if values.len() == parts => (*place, values.to_vec()),
            _ => return Err(wrong(&format!("{} cells, expected {}", cells.len(), 3 + parts))),
        };
        let mut place = [0; 3];
        for ((slot, dim), text) in place.iter_mut().zip(&mut dims).zip([i, j, k]) {
            *slot = text.parse().ok().filter(|n| *n > 0).ok_or_else(|| wrong("i, j, k are numbers from 1 on"))?;
            *dim = (*dim).max(*slot);
        }
        rows.push((place, values));
    }
    let [ni, nj, nk] = dims;
    let points = ni.checked_mul(nj).and_then(|n| n.checked_mul(nk));
    if points != Some(rows.len()) {
        return Err(format!("{} rows for {ni} x {nj} x {nk} points", rows.len()));
    }
    let mut cells = vec![None; rows.len() * parts];
    for ([i, j, k], values) in rows {
        let at = (i - 1 + ni * (j - 1 + nj * (k - 1))) * parts;
        for (slot, value) in cells.iter_mut().skip(at).zip(values) {
            if slot.replace(value).is_some() {
                return Err(format!("point {i},{j},{k} comes twice"));
            }
        }
    }
    Ok((cells.into_iter().flatten().collect(), [ni, nj, nk]))
}

/// A row for each `j`, planes separated by empty lines.
fn matrix(text: &str) -> Result<Cells<'_>, String> {
    let mut cells = Vec::new();
    let (mut ni, mut nj, mut nk) = (None, None, 0);
    let lines: Vec<_> = text.trim_end().lines().map(str::trim).collect();
    for plane in lines.split(|line| line.is_empty()) {
        if *nj.get_or_insert(plane.len()) != plane.len() {
            return Err(format!("plane {} has {} rows, the first has {}", nk + 1, plane.len(), nj.unwrap_or(0)));
        }
        for row in plane {
            let before = cells.len();
            cells.extend(row.split(',').map(str::trim));
            let found = cells.len() - before;
            if *ni.get_or_insert(found) != found {
                return Err(format!("a row has {found} values, the first has {}", ni.unwrap_or(0)));
            }
        }
        nk += 1;
    }
    Ok((cells, [ni.unwrap_or(0), nj.unwrap_or(0), nk]))
}

/// Numbers; `hole` where nothing stands.
fn parse<T: FromStr + Copy>(cells: &[&str], hole: Option<T>) -> Result<Vec<T>, String> {
    let one = |(at, text): (usize, &&str)| match (text.parse(), hole) {
        (Ok(value), _) => Ok(value),
        (Err(_), Some(hole)) if text.is_empty() => Ok(hole),
        (Err(_), _) => Err(format!("value {}: `{text}` is not one of this type", at + 1)),
    };
    cells.iter().enumerate().map(one).collect()
}

fn pairs<T: Copy>(parts: &[T]) -> Vec<[T; 2]> {
    parts.as_chunks().0.to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_and_matrices() {
        let expected = Ok((vec!["1", "2", "3", "", "5", "6"], [3, 2, 1]));
        assert_eq!(list("i,j,k,value\n1,1,1,1\n2,1,1,2\n3,2,1,6\n3,1,1,3\n1,2,1,\n2,2,1,5\n", 1), expected);
        assert_eq!(matrix("1,2,3\n,5,6\n"), expected);
        assert_eq!(matrix("1,2\n\n3,4\n"), Ok((vec!["1", "2", "3", "4"], [2, 1, 2])));
        for text in ["i,j,k,value\n1,1,1\n", "h\n0,1,1,5\n", "h\n1,1,1,5\n1,1,1,5\n", "h\n2,1,1,5\n"] {
            assert!(list(text, 1).is_err(), "{text}");
        }
        for text in ["1,2\n3\n", "1\n\n2\n3\n"] {
            assert!(matrix(text).is_err(), "{text}");
        }
    }

    #[test]
    fn numbers() {
        assert_eq!(parse::<u8>(&["1", "255"], None), Ok(vec![1, 255]));
        assert!(parse::<u8>(&["256"], None).is_err() && parse::<u8>(&[""], None).is_err());
        assert!(parse(&[""], Some(f32::NAN)).is_ok_and(|v| v[0].is_nan()));
    }
}
