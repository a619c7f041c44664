//! Decoding of signs.

use super::{LITERAL_LENGTH, REPEAT, REPEAT_LENGTH, SIGN};
use crate::bits::Words;
use crate::cast::{index, low32};
use crate::error::DecodeError;
use crate::order::Order;

/// The signs of a plane, decoded in order, some rows at a time.
pub(in crate::ieee_turbo) enum Signs<'a, O> {
    /// All signs are equal: 0 or [`SIGN`].
    Constant(u32),
    /// The signs are a stream.
    Runs(Runs<'a, O>),
}

/// A run-length stream and the position in it.
pub(in crate::ieee_turbo) struct Runs<'a, O> {
    words: Words<'a, O>,
    /// Where the next code starts.
    bit: u64,
    /// Signs whose codes are not yet read.
    left: u64,
    /// Signs of the current code that are not yet taken.
    pending: u64,
    /// The next of these signs in bit 31. In a literal the others follow below it.
    pattern: u32,
    /// How far left the pattern is shifted after each sign: 1 in a literal, 0 in a run.
    shift: u32,
    /// Sign of the last run that was not a repetition.
    last: Option<u32>,
}

impl<'a, O: Order> Runs<'a, O> {
    /// A stream of `n` signs that starts at word 0 of `words` and ends within them.
    pub(in crate::ieee_turbo) fn new(words: Words<'a, O>, n: u64) -> Self {
        Self { words, bit: 0, left: n, pending: 0, pattern: 0, shift: 0, last: None }
    }

    /// Read a code and set the pending signs. Codes that cannot be are errors.
    fn next_code(&mut self) -> Result<(), DecodeError> {
        let start = self.bit;
        let code = low32(self.words.window(start) >> 56);
        let error =
            |reason, found| DecodeError::SignRun { bit: self.words.absolute(start), reason, found, left: self.left };
        if code & 0x80 == 0 {
            self.pending = self.left.min(LITERAL_LENGTH);
            self.bit += 1 + self.pending;
            self.pattern = code << 25;
            self.shift = 1;
        } else {
            let length = code & 63;
            let sign = code << 25 & SIGN;
            self.bit += 8;
            (self.pending, self.pattern) = match (length, self.last) {
                (0, _) => return Err(error("empty run", 0)),
                (REPEAT, None) => return Err(error("repetition before any run", REPEAT_LENGTH)),
                (REPEAT, Some(sign)) => (REPEAT_LENGTH, sign),
                (length, _) => {
                    self.last = Some(sign);
                    (u64::from(length), sign)
                }
            };
            self.shift = 0;
            if self.pending > self.left {
                return Err(error("run beyond the last element", self.pending));
            }
        }
        self.left -= self.pending;
        self.words.check_end("sign", self.bit)
    }
}

impl<O: Order> Signs<'_, O> {
    /// Fill `out` with the next signs, each 0 or [`SIGN`].
    pub(in crate::ieee_turbo) fn take(&mut self, mut out: &mut [u32]) -> Result<(), DecodeError> {
        let runs = match self {
            Self::Constant(sign) => {
                out.fill(*sign);
                return Ok(());
            }
            Self::Runs(runs) => runs,
        };
        while !out.is_empty() {
            if runs.pending == 0 {
                runs.next_code()?;
            }
            let n = out.len().min(index(runs.pending));
            let (now, later) = out.split_at_mut(n);
            if runs.shift == 0 {
                now.fill(runs.pattern);
            } else {
                for sign in now {
                    *sign = runs.pattern & SIGN;
                    runs.pattern <<= 1;
                }
            }
            runs.pending -= n as u64;
            out = later;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::examples;
    use super::*;
    use crate::example::rsf;
    use crate::order::{Big, Little};

    fn read<O: Order>(stream: &[u8], n: usize) -> Result<String, DecodeError> {
        let mut signs = Signs::Runs(Runs::new(Words::<O>::new(stream), n as u64));
        let mut out = vec![0; n];
        // In two parts: runs go on from one to the next.
        let (now, later) = out.split_at_mut(n / 3);
        signs.take(now)?;
        signs.take(later)?;
        Ok(out.into_iter().map(|sign| if sign == SIGN { '-' } else { '+' }).collect())
    }

    #[test]
    fn codes_are_runs_literals_and_repetitions() {
        for (stream, signs) in examples() {
            assert_eq!(read::<Big>(stream, signs.len()).as_ref(), Ok(&signs));
            assert_eq!(read::<Little>(&rsf(stream), signs.len()).as_ref(), Ok(&signs));
        }
    }

    #[test]
    fn runs_that_cannot_be_are_errors() {
        // An empty run; a repetition of nothing; nine signs where there are eight.
        for (code, n) in [(0x80, 8), (0xff, 255), (0xc9, 8)] {
            assert!(matches!(read::<Big>(&[code, 0, 0, 0], n), Err(DecodeError::SignRun { bit: 0, .. })));
        }
    }
}
