//! Rendered files that no program reads, and so none judges.

use super::ALL;
use super::files::{Files, fits};

/// Patterns, and why nothing is behind them that could judge.
pub const PLAIN: &[(&str, &str)] = &[
    ("**.md", "people read it"),
    ("ansible/roles/*/files/hosts", "/etc/hosts has no checker"),
];

/// Returns the files that no checker takes and that are not plain either.
pub fn unclaimed(files: &Files) -> Vec<String> {
    let claimed: Vec<String> = ALL
        .iter()
        .flat_map(|checker| (checker.jobs)(files))
        .flat_map(|job| job.judged)
        .collect();
    files
        .keys()
        .filter(|path| {
            !claimed.contains(path) && !PLAIN.iter().any(|(pattern, _)| fits(pattern, path))
        })
        .cloned()
        .collect()
}
