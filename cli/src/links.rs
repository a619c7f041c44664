//! Fields that lose the descriptors of their grid or vertical coordinate.

use rpnfst::{Record, record::Descriptors};

use crate::number::records;

/// A record, what becomes of it, and whether somebody will look for its grid afterwards.
pub(crate) struct Fate<'a> {
    pub(crate) before: &'a Record,
    pub(crate) after: &'a Record,
    pub(crate) stays: bool,
}

/// Says how many fields would not find descriptors that they find now: `fates` are those of all records of a file, or of
/// the files that `place` names.
pub(crate) fn unlinked(fates: &[Fate<'_>], place: &str) -> Option<String> {
    let now = Descriptors::new(fates.iter().map(|fate| fate.before));
    let then = Descriptors::new(fates.iter().map(|fate| fate.after));
    let (mut lost, mut names) = (0, Vec::new());
    for fate in fates.iter().filter(|fate| fate.stays) {
        let lacking = then.lacking_exactly(fate.after);
        if lacking.is_empty() {
            continue;
        }
        let before = now.lacking_exactly(fate.before);
        let missed: Vec<_> = lacking.names().filter(|name| before.names().all(|other| other != *name)).collect();
        lost += usize::from(!missed.is_empty());
        for name in missed {
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    if lost == 0 {
        return None;
    }
    let what = if names == ["!!"] { "vertical coordinate" } else { "grid" };
    let lose = if lost == 1 { format!("loses its {what}") } else { format!("lose their {what}s") };
    let names = names.join(" or ");
    Some(format!("beware: {} {lose}: no {names} of {place} has that ig1, ig2, ig3", records(lost)))
}
