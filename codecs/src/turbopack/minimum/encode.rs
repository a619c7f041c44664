//! Minima, their differences, and the stream.

use alloc::vec;
use alloc::vec::Vec;

use super::FIELD;
use crate::bits::{Counter, Order, Sink, Writer};
use crate::turbopack::{Incompressible, Plane};

/// Append the stream of a plane of tokens of `width` bits, in tiles of `step` rows and columns; give up beyond a number
/// of words.
pub(crate) fn encode<O: Order, T: Copy>(
    plane: Plane,
    step: usize,
    width: u32,
    values: &[T],
    token: impl Fn(T) -> u32 + Copy,
    words: u64,
    out: &mut Vec<u8>,
) -> Result<(), Incompressible> {
    // Tokens and minima have 16 bits at most; a tile has one cell at least.
    let mut writer = Writer::<O>::new(out, plane.ni * step * 36);
    write(&mut writer, plane, step, width, values, token, words)?;
    writer.finish();
    Ok(())
}

/// How many bits that stream would have.
pub(crate) fn length<T: Copy>(
    plane: Plane,
    step: usize,
    width: u32,
    values: &[T],
    token: impl Fn(T) -> u32 + Copy,
    words: u64,
) -> Result<u64, Incompressible> {
    let mut counter = Counter::default();
    write(&mut counter, plane, step, width, values, token, words)?;
    Ok(counter.len())
}

fn write<T: Copy>(
    writer: &mut impl Sink,
    plane: Plane,
    step: usize,
    width: u32,
    values: &[T],
    token: impl Fn(T) -> u32 + Copy,
    words: u64,
) -> Result<(), Incompressible> {
    let Plane { ni, nj } = plane;
    let mut band = vec![0; ni * step.min(nj)];
    let (mut low, mut high) = (vec![0_u32; ni], vec![0_u32; ni]);
    for rows in values.chunks(ni * step) {
        let band = &mut band[..rows.len()];
        low.fill(u32::MAX);
        high.fill(0);
        for (row, values) in band.chunks_exact_mut(ni).zip(rows.chunks_exact(ni)) {
            for (((here, &value), low), high) in row.iter_mut().zip(values).zip(&mut low).zip(&mut high) {
                let value = token(value);
                *here = value;
                *low = value.min(*low);
                *high = value.max(*high);
            }
        }
        for i in (0..ni).step_by(step) {
            let columns = i..ni.min(i + step);
            let minimum = low[columns.clone()].iter().fold(u32::MAX, |a, &b| a.min(b));
            let maximum = high[columns.clone()].iter().fold(0, |a, &b| a.max(b));
            let code = (32 - (maximum - minimum).leading_zeros()).min(15);
            if code == 15 {
                writer.put(15, FIELD);
            } else {
                writer.put(u64::from(code) << width | u64::from(minimum), FIELD + width);
            }
            if code == 0 {
                continue;
            }
            let (bits, base) = if code == 15 { (16, 0) } else { (code, minimum) };
            // Four tokens at a time: 64 bits at most.
            for row in band.chunks_exact(ni) {
                let (groups, rest) = row[columns.clone()].as_chunks::<4>();
                for &[a, b, c, d] in groups {
                    let [a, b, c, d] = [a, b, c, d].map(|value| u64::from(value - base));
                    writer.put(((a << bits | b) << bits | c) << bits | d, 4 * bits);
                }
                for value in rest {
                    writer.put(u64::from(value - base), bits);
                }
            }
        }
        writer.flush();
        if writer.len() > words.saturating_mul(32) {
            return Err(Incompressible::TooLong);
        }
    }
    Ok(())
}
