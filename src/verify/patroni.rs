//! Patroni validates its settings.

use anyhow::Result;

use super::Checker;
use super::desk::Desk;
use super::files::Files;
use super::finding::Finding;
use super::job::Job;
use super::program::Program;

const PATRONI: Program = Program::new(&["patroni"], "Debian package patroni");

pub(super) const CHECKER: Checker = Checker {
    name: "patroni",
    programs: &[PATRONI],
    root: false,
    jobs,
    judge,
};

fn jobs(files: &Files) -> Vec<Job> {
    Job::each(files, &["database/**patroni.yml"])
}

fn judge(desk: &Desk<'_>) -> Result<Vec<Finding>> {
    let said = desk.run(&PATRONI, ["--validate-config", desk.main()])?;
    Ok(desk.findings(&said))
}
