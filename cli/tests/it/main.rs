//! The program's tests: it runs on files, and what it says and does is looked at.

mod cases;
mod change;
mod common;
mod compare;
mod copy;
mod damage;
mod date;
mod docs;
mod list;
mod make;
mod rescue;
mod values;
