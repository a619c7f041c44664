//! Data codecs of RPN standard files (FST): payload bytes to numbers.
//!
//! This crate knows nothing of files. It takes the payload of one record ([`Packed`]) and decodes it into the caller's
//! buffer. It is `no_std` + `alloc`, has no `unsafe` code, and treats every byte as hostile: any input gives values or a
//! [`DecodeError`], never a panic, and nothing is allocated that the payload does not justify.
#![cfg_attr(not(any(feature = "std", test)), no_std)]
#![forbid(unsafe_code)]
