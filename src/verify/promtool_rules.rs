//! promtool checks rules.

use anyhow::Result;

use super::Checker;
use super::desk::Desk;
use super::files::Files;
use super::finding::Finding;
use super::job::Job;
use super::program::Program;

const PROMTOOL: Program = Program::new(&["promtool"], "Debian package prometheus");

pub(super) const CHECKER: Checker = Checker {
    name: "promtool-rules",
    programs: &[PROMTOOL],
    root: false,
    jobs,
    judge,
};

fn jobs(files: &Files) -> Vec<Job> {
    Job::each(files, &["monitoring/prometheus/rules/*.yml"])
}

fn judge(desk: &Desk<'_>) -> Result<Vec<Finding>> {
    let said = desk.run(&PROMTOOL, ["check", "rules", desk.main()])?;
    Ok(desk.findings(&said))
}
