//! promtool runs the tests of the rules.

use anyhow::Result;

use super::Checker;
use super::desk::Desk;
use super::files::{Files, matching};
use super::finding::Finding;
use super::job::Job;
use super::program::Program;

const PROMTOOL: Program = Program::new(&["promtool"], "Debian package prometheus");

pub(super) const CHECKER: Checker = Checker {
    name: "promtool-tests",
    programs: &[PROMTOOL],
    root: false,
    jobs,
    judge,
};

fn jobs(files: &Files) -> Vec<Job> {
    let rules = matching(files, &["monitoring/prometheus/rules/*.yml"]);
    matching(files, &["monitoring/prometheus/tests/*.yml"])
        .into_iter()
        .map(|test| Job::new(files, vec![test], &rules))
        .collect()
}

fn judge(desk: &Desk<'_>) -> Result<Vec<Finding>> {
    let said = desk.run(&PROMTOOL, ["test", "rules", desk.main()])?;
    Ok(desk.findings(&said))
}
