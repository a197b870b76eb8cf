//! chronyd reads its settings and prints them.

use anyhow::Result;

use super::Checker;
use super::desk::Desk;
use super::files::Files;
use super::finding::Finding;
use super::job::Job;
use super::program::Program;

const CHRONYD: Program = Program::new(&["chronyd"], "Debian package chrony");

pub(super) const CHECKER: Checker = Checker {
    name: "chronyd",
    programs: &[CHRONYD],
    root: false,
    jobs,
    judge,
};

fn jobs(files: &Files) -> Vec<Job> {
    Job::each(
        files,
        &["system/**chrony*.conf", "system/**chrony*.sources"],
    )
}

fn judge(desk: &Desk<'_>) -> Result<Vec<Finding>> {
    let file = desk.path(desk.main()).display().to_string();
    let mut said = desk.run(&CHRONYD, ["-p", "-f", &file])?;
    said.text = said
        .text
        .lines()
        .filter(|line| line.contains(" : "))
        .map(|line| line.split_once(" : ").map_or(line, |(_, rest)| rest))
        .collect::<Vec<_>>()
        .join("\n");
    Ok(desk.findings(&said))
}
