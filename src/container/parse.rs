//! Running the parsers of headers, markers and directory entries.

use nom::{IResult, Parser};

/// Runs a nom parser on the beginning of `input`; `None` when it does not fit.
pub(crate) fn parse<'a, T, P>(mut parser: P, input: &'a [u8]) -> Option<T>
where
    P: Parser<&'a [u8], Output = T, Error = nom::error::Error<&'a [u8]>>,
{
    let result: IResult<&[u8], T> = parser.parse(input);
    result.ok().map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use nom::number::complete::be_u32;

    use super::parse;

    #[test]
    fn a_word_and_what_follows_it() {
        assert_eq!(parse(be_u32, &[0, 0, 1, 2, 3]), Some(0x102));
        assert_eq!(parse(be_u32, &[0, 0, 1]), None);
    }
}
