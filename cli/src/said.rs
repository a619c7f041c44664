//! Messages that were said already: those that are alike are counted instead of repeated.

use std::collections::{BTreeMap, HashMap};

/// Messages alike that are said one by one.
const EACH: usize = 10;
/// Kinds of messages that are told apart for a file; a hostile one could make any number.
const KINDS: usize = 20;

/// What was said so far.
#[derive(Debug, Default)]
pub(crate) struct Said {
    kinds: Vec<Kind>,
    /// The place of each kind.
    places: HashMap<String, usize>,
    /// What there is of each file, errors and warnings apart.
    files: BTreeMap<String, OfFile>,
}

#[derive(Debug, Default)]
struct OfFile {
    kinds: usize,
    /// Messages of kinds beyond [`KINDS`].
    others: usize,
}

/// Messages alike.
#[derive(Debug, Default)]
struct Kind {
    said: Vec<String>,
    more: usize,
    /// The first that was not said.
    next: String,
}

impl Said {
    /// Takes a message in. Whether it is to be said.
    pub(crate) fn is_news(&mut self, text: &str) -> bool {
        let (file, what) = parts(text);
        let shape = format!("{file}\n{}", shape(what));
        let place = if let Some(&place) = self.places.get(&shape) {
            place
        } else {
            let of_file = self.files.entry(file.to_owned()).or_default();
            if of_file.kinds >= KINDS {
                of_file.others += 1;
                return false;
            }
            of_file.kinds += 1;
            self.places.insert(shape, self.kinds.len());
            self.kinds.push(Kind::default());
            self.kinds.len() - 1
        };
        let Some(kind) = self.kinds.get_mut(place) else { return true };
        let news = kind.said.len() < EACH && !kind.said.iter().any(|said| said == text);
        if news {
            kind.said.push(text.to_owned());
        } else {
            kind.more += 1;
            if kind.more == 1 {
                text.clone_into(&mut kind.next);
            }
        }
        news
    }

    /// What was not said, a line for each kind (the message itself instead of the number one; one that was said before, to the
    /// letter, is not said again), and one for the further kinds of a file.
    pub(crate) fn counts(self) -> impl Iterator<Item = String> {
        let more = self.kinds.into_iter().filter_map(|kind| match kind.more {
            0 => None,
            1 => Some(kind.next).filter(|next| !kind.said.contains(next)),
            more => {
                let like = kind.said.first().and_then(|text| text.lines().next()).unwrap_or_default();
                Some(format!("{more} more like `{like}`"))
            }
        });
        let others = self.files.into_iter().filter(|(_, of_file)| of_file.others > 0).map(|(file, of_file)| {
            let colon = if file.is_empty() { "" } else { ": " };
            format!("{file}{colon}{} more messages of other kinds", of_file.others)
        });
        more.chain(others)
    }
}

/// The file that a message begins with, and what is said of it: a trouble of every file is told file by file.
fn parts(text: &str) -> (&str, &str) {
    let skip =
        ["warning: ", "note: ", "lost: "].iter().find(|kind| text.starts_with(**kind)).map_or(0, |kind| kind.len());
    let (_, message) = text.split_at(skip);
    match message.split_once(": ") {
        Some((file, what)) if !file.starts_with("record ") => (text.get(..skip + file.len()).unwrap_or_default(), what),
        _ => ("", text),
    }
}

/// What messages alike have in common: their words. Numbers and the name of a record do not count, so that a trouble of
/// every record is one kind.
fn shape(what: &str) -> String {
    let mut shape = String::with_capacity(what.len());
    let mut digits = false;
    for c in what.chars() {
        if !c.is_ascii_digit() {
            shape.push(c);
        } else if !digits {
            shape.push('#');
        }
        digits = c.is_ascii_digit();
    }
    // `record 3 (TT at byte 18672)`
    while let Some(at) = shape.find(" at byte #)") {
        let start = shape[..at].rfind('(').unwrap_or(at);
        shape.replace_range(start..at + " at byte #)".len(), "#");
    }
    shape
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_alike_are_counted() {
        let mut said = Said::default();
        let news = (0..137_856).filter(|k| said.is_news(&format!("a.std: record {k}: at most 262144 records"))).count();
        assert_eq!(news, EACH);
        assert!(said.is_news("a.std: something else"));
        assert!(!said.is_news("a.std: something else"));
        let counts: Vec<_> = said.counts().collect();
        assert_eq!(counts, ["137846 more like `a.std: record 0: at most 262144 records`"]);
        // One more is as short as its number.
        let mut said = Said::default();
        (0..=EACH).for_each(|k| assert_eq!(said.is_news(&format!("a.std: record {k}: bad")), k < EACH));
        let news = (0..3).filter(|_| said.is_news("a.std: not there")).count();
        assert_eq!(news, 1);
        let counts: Vec<_> = said.counts().collect();
        assert_eq!(counts, ["a.std: record 10: bad", "2 more like `a.std: not there`"]);
    }

    #[test]
    fn what_is_alike() {
        let whole = |text: &str| {
            let (file, what) = parts(text);
            (file.to_owned(), shape(what))
        };
        for (a, b) in [
            ("a.std: record 3 (TT at byte 18672): bad", "a.std: record 17 (UU at byte 2): bad"),
            ("warning: a.std: damage: byte 3: x", "warning: a.std: damage: byte 41: x"),
            ("record 1: no", "record 2: no"),
        ] {
            assert_eq!(whole(a), whole(b));
        }
        for (a, b) in [
            ("a1.std: not an FST file", "a2.std: not an FST file"),
            ("warning: a1.std: damage: byte 3: x", "warning: a2.std: damage: byte 3: x"),
            ("a.std: x", "warning: a.std: x"),
        ] {
            assert_ne!(whole(a), whole(b));
        }
    }

    #[test]
    fn a_flood_of_kinds_ends() {
        let mut said = Said::default();
        let letters = |mut k: usize| {
            let mut text = String::new();
            while k > 0 {
                text.push(char::from(b'a' + u8::try_from(k % 26).expect("small")));
                k /= 26;
            }
            text
        };
        let news = (0..10_000).filter(|k| said.is_news(&format!("a.std: bad {}", letters(*k)))).count();
        assert_eq!(news, KINDS);
        assert!((0..100).all(|k| said.is_news(&format!("{k}.std: bad"))), "other files are told");
        // Errors and warnings have each their share, and are counted apart.
        let warnings = (0..10_000).filter(|k| said.is_news(&format!("warning: a.std: odd {}", letters(*k)))).count();
        assert_eq!(warnings, KINDS);
        let counts = ["9980 more messages of other kinds"; 2];
        let counts =
            ["a.std", "warning: a.std"].into_iter().zip(counts).map(|(file, count)| format!("{file}: {count}"));
        assert_eq!(said.counts().collect::<Vec<_>>(), counts.collect::<Vec<_>>());
    }
}
