//! `ShellCheck` judges shell scripts.

use anyhow::Result;

use super::Checker;
use super::desk::{Desk, PATIENCE};
use super::files::Files;
use super::finding::Finding;
use super::job::Job;
use super::program::Program;

const SHELLCHECK: Program = Program::new(&["shellcheck"], "Debian package shellcheck");

pub(super) const CHECKER: Checker = Checker {
    name: "shellcheck",
    programs: &[SHELLCHECK],
    root: false,
    jobs,
    judge,
};

fn jobs(files: &Files) -> Vec<Job> {
    Job::each(files, &["**.sh"])
}

fn judge(desk: &Desk<'_>) -> Result<Vec<Finding>> {
    let mut command = desk.command(&SHELLCHECK)?;
    // What a script sources is on the machine: SC1091.
    command.args(["--norc", "--format=gcc", "--exclude=SC1091"]);
    let said = desk.finish(command.args(desk.judged()), PATIENCE)?;
    Ok(desk.findings(&said))
}
