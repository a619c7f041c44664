//! RSF files of any description: open, list, check, and read every record.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rpnfst::Container;
use rpnfst_fuzz::{look, recipe::Recipe};

fuzz_target!(|recipe: Recipe| look::look(recipe.build(Container::Rsf), recipe.is_sound()));
