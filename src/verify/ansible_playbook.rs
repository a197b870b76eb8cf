//! `ansible-playbook --syntax-check` reads every playbook with its roles and the inventory.

use anyhow::Result;

use super::Checker;
use super::desk::{Desk, PATIENCE};
use super::files::{Files, matching, name};
use super::finding::Finding;
use super::job::Job;
use super::program::Program;

const ANSIBLE_PLAYBOOK: Program =
    Program::new(&["ansible-playbook"], "Debian package ansible-core");

pub(super) const CHECKER: Checker = Checker {
    name: "ansible-playbook",
    programs: &[ANSIBLE_PLAYBOOK],
    root: false,
    jobs,
    judge,
};

fn jobs(files: &Files) -> Vec<Job> {
    if !files.contains_key("ansible/site.yml") {
        return Vec::new();
    }
    let judged = matching(files, &["ansible/**.yml", "ansible/ansible.cfg"]);
    let read = matching(files, &["ansible/**"]);
    vec![Job::new(files, judged, &read)]
}

fn judge(desk: &Desk<'_>) -> Result<Vec<Finding>> {
    let mut command = desk.command(&ANSIBLE_PLAYBOOK)?;
    command
        .current_dir(desk.path("ansible"))
        .env("ANSIBLE_HOME", desk.aside("home"))
        .env("ANSIBLE_NOCOLOR", "1")
        .env_remove("ANSIBLE_CONFIG")
        .arg("--syntax-check");
    for playbook in matching(desk.files(), &["ansible/*.yml"]) {
        command.arg(name(&playbook));
    }
    let said = desk.finish(&mut command, PATIENCE)?;
    let mut findings = desk.findings_about(&said, "ansible/site.yml");
    // The place comes lines after what is wrong there.
    let wrong = said.text.lines().find_map(|line| {
        let line = line.trim_start_matches('[');
        let rest = line
            .strip_prefix("ERROR! ")
            .or(line.strip_prefix("ERROR]: "));
        rest.map(str::to_owned)
    });
    if let (Some(wrong), Some(finding)) = (wrong, findings.first_mut()) {
        finding.message = wrong;
    }
    Ok(findings)
}
