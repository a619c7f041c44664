//! Files on servers: what is read, what it costs, and what happens when servers misbehave.

mod cost;
mod faults;
mod reading;
mod s3;
mod server;
mod sparse;
