//! wip

use super::Diagnostics;
use crate::source::Sources;

/// Prints findings.
pub fn print(diagnostics: &Diagnostics, sources: &Sources) -> String {
    let line = |d: &super::Diagnostic| {
        format!(
            "{}: {}[{}]: {}\n",
            d.at.map(|s| sources.place(s)).unwrap_or_default(),
            d.severity.name(),
            d.code,
            d.message
        )
    };
    diagnostics.iter().map(line).collect()
}
