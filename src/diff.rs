//! Stage 9: shows what would change. Unchanged files are never diffed.

pub mod html;
pub mod human;
pub mod hunks;
pub mod json;
pub mod markdown;
pub mod style;
pub mod summary;
pub mod unified;
pub mod visible;

use crate::plan::Plan;

/// How to show changes.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// Whether colours may be used.
    pub styled: bool,
    /// Whether to show numbers of changed lines only.
    pub stat: bool,
}

/// A way to print plans.
pub type Format = fn(&[Plan], Options) -> String;
