//! mtail compiles its programs.

use anyhow::Result;

use super::Checker;
use super::desk::Desk;
use super::files::Files;
use super::finding::Finding;
use super::job::Job;
use super::program::Program;

const MTAIL: Program = Program::new(&["mtail"], "Debian package mtail");

pub(super) const CHECKER: Checker = Checker {
    name: "mtail",
    programs: &[MTAIL],
    root: false,
    jobs,
    judge,
};

fn jobs(files: &Files) -> Vec<Job> {
    Job::each(files, &["**.mtail"])
}

fn judge(desk: &Desk<'_>) -> Result<Vec<Finding>> {
    // With logs to read it would not end.
    let mut said = desk.run(
        &MTAIL,
        ["--compile_only", "--logtostderr", "--progs", desk.main()],
    )?;
    // The first line has a date.
    said.text = said
        .text
        .lines()
        .filter(|line| !line.contains("main.go"))
        .collect::<Vec<_>>()
        .join("\n");
    Ok(desk.findings(&said))
}
