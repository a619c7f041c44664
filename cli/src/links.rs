//! Fields that lose the descriptors of their grid or vertical coordinate, or their mask.

use rpnfst::{Record, record::Descriptors};

use crate::number::records;

/// A record and what becomes of it.
pub(crate) struct Fate<'a> {
    pub(crate) before: &'a Record,
    /// None when it is deleted.
    pub(crate) after: Option<&'a Record>,
    /// Whether somebody will look for its grid afterwards.
    pub(crate) stays: bool,
}

/// Says how many fields would not find descriptors and masks that they find now: `fates` are those of all records of a
/// file, or of the files that `place` names.
pub(crate) fn unlinked(fates: &[Fate<'_>], place: &str) -> Vec<String> {
    let now = Descriptors::new(fates.iter().map(|fate| fate.before));
    let then = Descriptors::new(fates.iter().filter_map(|fate| fate.after));
    let (mut lost, mut unmasked, mut names) = (0, 0, Vec::new());
    for fate in fates.iter().filter(|fate| fate.stays) {
        let Some(after) = fate.after else { continue };
        let (before, lacking) = (now.lacking_exactly(fate.before), then.lacking_exactly(after));
        let has_mask = now.has_mask(fate.before);
        unmasked += usize::from(has_mask && !then.has_mask(after));
        let missed: Vec<_> = lacking.names().filter(|name| before.names().all(|other| other != *name)).collect();
        lost += usize::from(!missed.is_empty());
        for name in missed {
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    let mut said = Vec::new();
    if lost > 0 {
        let what = if names == ["!!"] { "vertical coordinate" } else { "grid" };
        let lose = if lost == 1 { format!("loses its {what}") } else { format!("lose their {what}s") };
        let names = names.join(" or ");
        said.push(format!("beware: {} {lose}: no {names} of {place} has that ig1, ig2, ig3", records(lost)));
    }
    if unmasked > 0 {
        let lose = if unmasked == 1 { "loses its mask" } else { "lose their masks" };
        said.push(format!("beware: {} {lose} (@@): points without a value read as values", records(unmasked)));
    }
    said
}
