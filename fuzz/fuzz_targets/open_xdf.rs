//! XDF files, random and sequential, of any description: open, list, check, and read every record.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rpnfst::Container;
use rpnfst_fuzz::{look, recipe::Recipe};

fuzz_target!(|input: (bool, Recipe)| {
    let (sequential, recipe) = input;
    let container = if sequential { Container::XdfSequential } else { Container::Xdf };
    look::look(recipe.build(container), recipe.is_sound());
});
