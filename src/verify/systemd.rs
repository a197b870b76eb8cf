//! systemd verifies units, their calendars among them. The programs they start, and units of
//! packages, need not be on this computer.

use std::path::PathBuf;

use anyhow::Result;

use super::Checker;
use super::desk::{Desk, PATIENCE};
use super::files::{Files, fits, name};
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

/// Units are judged together, because they name each other; what is added to a unit of a package,
/// by itself.
fn jobs(files: &Files) -> Vec<Job> {
    let mut jobs = Job::together(files, UNITS);
    let additions = Job::each(files, &["**.conf"]).into_iter().filter(|job| {
        let text = &job.files[&job.judged[0]];
        SECTIONS
            .iter()
            .any(|section| text.lines().any(|line| line == *section))
    });
    jobs.extend(additions);
    jobs
}

const UNITS: &[&str] = &[
    "**.service",
    "**.timer",
    "**.mount",
    "**.path",
    "**.socket",
    "**.target",
];

/// What a unit's file has and no other.
const SECTIONS: &[&str] = &["[Unit]", "[Service]", "[Timer]", "[Mount]", "[Socket]"];

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
    if fits("**.conf", desk.main()) {
        command.arg(extended(desk)?);
    } else {
        command.args(desk.judged().iter().map(|path| desk.path(path)));
    }
    let mut said = desk.finish(&mut command, PATIENCE)?;
    let complaints: Vec<&str> = said
        .text
        .lines()
        .filter(|line| !ELSEWHERE.iter().any(|words| line.contains(words)))
        // Units of this computer are no concern of ours.
        .filter(|line| desk.judged().iter().any(|path| line.contains(name(path))))
        .collect();
    said.ok = complaints.is_empty();
    said.text = complaints.join("\n");
    Ok(desk.findings(&said))
}

/// Makes a unit for a file that adds to one: the least that systemd takes for a unit.
fn extended(desk: &Desk<'_>) -> Result<PathBuf> {
    let text = &desk.files()[desk.main()];
    let (unit, least) = if text.lines().any(|line| line == "[Timer]") {
        (
            "extended.timer",
            "[Timer]\nUnit=none.service\nOnCalendar=daily\n",
        )
    } else {
        ("extended.service", "[Service]\nExecStart=/bin/true\n")
    };
    let place = desk.write_aside(unit, least)?;
    desk.write_aside(&format!("{unit}.d/{}", name(desk.main())), text)?;
    Ok(place)
}
