//! precast compiles one description of a PHP platform into the files that build it.
//!
//! # The pipeline
//! 1. [`load`] finds the inventory's files and reads them.
//! 2. [`parse`] turns each document into a tree of values.
//! 3. [`resolve`] merges the layers into one typed inventory per environment and remembers where
//!    every value came from.
//! 4. [`validate`] looks for contradictions and traps.
//! 5. [`topology`] lays out machines, addresses and traffic.
//! 6. [`targets`] lower an environment into artifacts: a template and its values each.
//! 7. [`render`] fills the templates.
//! 8. [`plan`] holds the result against `out/`.
//! 9. [`diff`] shows what would change.
//! 10. [`mod@write`] brings `out/` to what was planned.
//!
//! Each stage is a function of the one before. Disk is read in `load`, `render` (a project's own
//! templates) and `plan`, and written in `write` only. Problems are collected in
//! [`diag::Diagnostics`] and reported together.

pub mod artifact;
pub mod cli;
pub mod cmd;
pub mod compare;
pub mod compile;
pub mod deployment;
pub mod derive;
pub mod diag;
pub mod diff;
pub mod environment;
pub mod exit;
pub mod explain;
pub mod graph;
pub mod key;
pub mod load;
pub mod model;
pub mod parse;
pub mod plan;
pub mod provider;
pub mod render;
pub mod resolve;
pub mod source;
pub mod suggest;
pub mod targets;
pub mod topology;
pub mod units;
pub mod validate;
pub mod verify;
pub mod write;
