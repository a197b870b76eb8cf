//! ansible-lint judges playbooks and roles, by its strictest profile.
//!
//! The inventory is left to yamllint: it holds addresses and values and nothing that runs.

use std::time::Duration;

use anyhow::Result;

use super::Checker;
use super::desk::Desk;
use super::files::{Files, matching};
use super::finding::Finding;
use super::job::Job;
use super::program::Program;

/// It starts an Ansible for every playbook.
const PATIENCE: Duration = Duration::from_mins(10);

const ANSIBLE_LINT: Program = Program::new(&["ansible-lint"], "Python package ansible-lint");

pub(super) const CHECKER: Checker = Checker {
    name: "ansible-lint",
    programs: &[ANSIBLE_LINT],
    root: false,
    jobs,
    judge,
};

fn jobs(files: &Files) -> Vec<Job> {
    let judged: Vec<String> = matching(files, &["ansible/**.yml"])
        .into_iter()
        .filter(|path| !path.starts_with("ansible/inventory/"))
        .collect();
    if judged.is_empty() {
        return Vec::new();
    }
    let read: Vec<String> = matching(files, &["ansible/**"])
        .into_iter()
        .filter(|path| !path.starts_with("ansible/inventory/"))
        .collect();
    vec![Job::new(files, judged, &read)]
}

fn judge(desk: &Desk<'_>) -> Result<Vec<Finding>> {
    let mut command = desk.command(&ANSIBLE_LINT)?;
    command
        .current_dir(desk.path("ansible"))
        .env("ANSIBLE_HOME", desk.aside("home"))
        .env_remove("ANSIBLE_CONFIG")
        .args(["--offline", "--strict", "--nocolor", "--parseable", "-q"])
        .args(["--profile", "production"]);
    let said = desk.finish(&mut command, PATIENCE)?;
    Ok(desk.findings(&said))
}
