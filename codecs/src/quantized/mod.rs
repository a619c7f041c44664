//! Types 1 and 6: reals as integer tokens and a scale. The same scales serve the compressed forms 129 and 134, whose
//! tokens come from [`turbopack`](crate::turbopack).

pub(crate) mod old;
pub(crate) mod sixteen;
