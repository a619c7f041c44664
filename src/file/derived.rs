//! What higher floors found out about a file, kept with it and shared by its clones.

use std::{
    any::Any,
    fmt,
    sync::{Arc, OnceLock},
};

/// A place for one value, whose type is the business of who puts it there.
#[derive(Clone, Default)]
pub(crate) struct Derived(Arc<OnceLock<Box<dyn Any + Send + Sync>>>);

impl Derived {
    /// The value, made when it is asked for first. `None` when one of another type is there.
    pub(crate) fn get_or_init<T: Any + Send + Sync>(&self, make: impl FnOnce() -> T) -> Option<&T> {
        self.0.get_or_init(|| Box::new(make())).downcast_ref()
    }
}

impl fmt::Debug for Derived {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Derived")
    }
}
