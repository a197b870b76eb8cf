//! Ansible and its linters read what is rendered for them.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that panics says why, and one that is skipped says so"
)]

mod common;

use std::process::Command;

use common::{Project, can_use, run};

const ENVIRONMENTS: [&str; 3] = ["development", "production", "staging"];

fn in_every_environment(program: &str, arguments: &[&str]) {
    if !can_use(&[program]) {
        return;
    }
    let project = Project::bundled();
    project.render(&[]);
    for environment in ENVIRONMENTS {
        run(Command::new(program)
            .current_dir(project.path(&format!("out/{environment}/ansible")))
            .env("ANSIBLE_HOME", project.path("home"))
            .args(arguments));
    }
}

#[test]
fn the_play_is_well_formed() {
    in_every_environment("ansible-playbook", &["--syntax-check", "site.yml"]);
}

#[test]
fn the_play_passes_the_production_profile() {
    let arguments = ["--offline", "--strict", "--profile", "production"];
    in_every_environment("ansible-lint", &arguments);
}

#[test]
fn yaml_is_well_styled() {
    in_every_environment("yamllint", &["--strict", "."]);
}
