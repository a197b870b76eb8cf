//! yamllint judges everything that is YAML, by the rules that are rendered for it.

use anyhow::Result;

use super::Checker;
use super::desk::{Desk, PATIENCE};
use super::files::{Files, matching};
use super::finding::Finding;
use super::job::Job;
use super::program::Program;

const YAMLLINT: Program = Program::new(&["yamllint"], "Debian package yamllint");

/// Its rules, rendered for Ansible's files and good for all.
const RULES: &str = "ansible/.yamllint";

pub(super) const CHECKER: Checker = Checker {
    name: "yamllint",
    programs: &[YAMLLINT],
    root: false,
    jobs,
    judge,
};

fn jobs(files: &Files) -> Vec<Job> {
    let mut judged = matching(files, &["**.yml", "**.yaml"]);
    if judged.is_empty() {
        return Vec::new();
    }
    let rules = files.contains_key(RULES).then(|| RULES.to_owned());
    judged.extend(rules);
    vec![Job::new(files, judged, &[])]
}

fn judge(desk: &Desk<'_>) -> Result<Vec<Finding>> {
    let mut command = desk.command(&YAMLLINT)?;
    command.args(["--strict", "--format", "parsable"]);
    if desk.files().contains_key(RULES) {
        command.arg("--config-file").arg(desk.path(RULES));
    }
    let files = desk.judged().iter().filter(|path| *path != RULES);
    let said = desk.finish(command.args(files), PATIENCE)?;
    Ok(desk.findings(&said))
}
