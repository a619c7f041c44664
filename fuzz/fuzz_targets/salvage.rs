//! Files of any description: what salvage finds, copied, is a sound file.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rpnfst::Container;
use rpnfst_fuzz::{look, recipe::Recipe};

fuzz_target!(|input: (u8, Recipe)| {
    let (container, recipe) = input;
    let container = [Container::Xdf, Container::XdfSequential, Container::Rsf][usize::from(container % 3)];
    look::salvage(recipe.build(container), recipe.is_sound());
});
