//! Terraform builds what is rendered for it, and takes it down again.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that panics says why, and one that is skipped says so"
)]

mod common;

use std::path::Path;
use std::process::Command;

use common::{Project, can_use, run_apart};

fn terraform(folder: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new("terraform");
    command.env("TF_IN_AUTOMATION", "1").current_dir(folder);
    run_apart(command.args(arguments)).0
}

#[test]
fn terraform_applies_once_and_destroys() {
    if !can_use(&["terraform"]) {
        return;
    }
    let project = Project::bundled();
    project.render(&["production"]);
    let folder = project.path("out/production/terraform");
    terraform(&folder, &["init", "-input=false"]);
    terraform(&folder, &["apply", "-input=false", "-auto-approve"]);
    // Exit code 2 would be a change.
    let plan = ["plan", "-input=false", "-detailed-exitcode"];
    terraform(&folder, &plan);
    let outputs = terraform(&folder, &["output", "-json"]);
    let outputs: serde_json::Value = serde_json::from_str(&outputs).unwrap();
    assert_eq!(outputs["machines"]["value"]["app1"]["roles"][0], "app");
    let destroyed = terraform(&folder, &["destroy", "-auto-approve"]);
    assert!(destroyed.contains("Destroy complete!"), "{destroyed}");
}
