//! visudo checks who may do what.

use anyhow::Result;

use super::Checker;
use super::desk::Desk;
use super::files::Files;
use super::finding::Finding;
use super::job::Job;
use super::program::Program;

const VISUDO: Program = Program::new(&["visudo"], "Debian package sudo");

pub(super) const CHECKER: Checker = Checker {
    name: "visudo",
    programs: &[VISUDO],
    root: false,
    jobs,
    judge,
};

fn jobs(files: &Files) -> Vec<Job> {
    Job::each(files, &["**sudoers*"])
}

fn judge(desk: &Desk<'_>) -> Result<Vec<Finding>> {
    let said = desk.run(&VISUDO, ["-c", "-s", "-f", desk.main()])?;
    Ok(desk.findings(&said))
}
