//! Rendered files that no program reads, and so none judges.

use super::ALL;
use super::files::{Files, fits};

/// Patterns, and why nothing is behind them that could judge.
pub const PLAIN: &[(&str, &str)] = &[
    ("**.md", "people read it"),
    ("**.txt", "lists of names, which scripts and pip read"),
    ("**.html", "browsers read it"),
    ("**.css", "browsers read it"),
    ("**.js", "browsers read it"),
    ("**.svg", "browsers draw it"),
    ("ansible/roles/*/files/hosts*", "/etc/hosts has no checker"),
    (
        "ansible/roles/*/files/*.sql",
        "the server that is asked is the only one to read it",
    ),
    (
        "ansible/roles/*/templates/*",
        "Ansible fills it on the machine, and validates it there",
    ),
    (
        "monitoring/journald/*.conf",
        "systemd-journald cannot be asked about its settings",
    ),
    (
        "system/systemd.conf",
        "systemd cannot be asked about its own settings",
    ),
    (
        "system/modprobe.conf",
        "modprobe passes over what it does not understand",
    ),
    (
        "storage/glusterd.vol",
        "glusterd reads it only to serve by it",
    ),
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
