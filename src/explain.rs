//! Answers: where a value came from, which keys shape a rendered line.

pub mod key;
pub mod place;
