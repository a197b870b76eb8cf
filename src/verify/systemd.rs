//! systemd verifies units, their calendars among them. The programs they start, and units of
//! packages, need not be on this computer.

use anyhow::Result;

use super::Checker;
use super::desk::{Desk, PATIENCE};
use super::files::Files;
use super::finding::Finding;
use super::job::Job;
use super::program::Program;

const SYSTEMD_ANALYZE: Program = Program::new(&["systemd-analyze"], "Debian package systemd");

pub(super) const CHECKER: Checker = Checker {
    name: "systemd-analyze",
    programs: &[SYSTEMD_ANALYZE],
    root: false,
    jobs,
    judge,
};

/// Units are judged together, because they name each other.
fn jobs(files: &Files) -> Vec<Job> {
    Job::together(
        files,
        &[
            "**.service",
            "**.timer",
            "**.mount",
            "**.path",
            "**.socket",
            "**.target",
        ],
    )
}

/// What is no fault of a unit: what it names is on the machine.
const ELSEWHERE: &[&str] = &[
    "is not executable: No such file or directory",
    "not found",
    "Failed to load environment files",
    "Failed to create",
];

fn judge(desk: &Desk<'_>) -> Result<Vec<Finding>> {
    let mut command = desk.command(&SYSTEMD_ANALYZE)?;
    command.args(["verify", "--man=no", "--recursive-errors=no"]);
    for path in desk.judged() {
        command.arg(desk.path(path));
    }
    let mut said = desk.finish(&mut command, PATIENCE)?;
    let complaints: Vec<&str> = said
        .text
        .lines()
        .filter(|line| !ELSEWHERE.iter().any(|words| line.contains(words)))
        // Units of this computer are no concern of ours.
        .filter(|line| {
            desk.judged()
                .iter()
                .any(|path| line.contains(super::files::name(path)))
        })
        .collect();
    said.ok = complaints.is_empty();
    said.text = complaints.join("\n");
    Ok(desk.findings(&said))
}
