//! Terraform plans what is rendered for it.

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

/// Building what is planned takes minutes: `tests/lab/run` does it.
#[test]
fn terraform_plans_every_machine() {
    if !can_use(&["terraform"]) {
        return;
    }
    let project = Project::bundled();
    project.render(&["production"]);
    let folder = project.path("out/production/terraform");
    terraform(&folder, &["init", "-input=false"]);
    terraform(&folder, &["plan", "-input=false", "-out=plan"]);
    let plan = terraform(&folder, &["show", "-json", "plan"]);
    let plan: serde_json::Value = serde_json::from_str(&plan).unwrap();
    let planned = &plan["planned_values"]["root_module"]["resources"];
    let mut machines: Vec<&str> = planned
        .as_array()
        .unwrap()
        .iter()
        .filter(|resource| resource["name"] == "machine")
        .map(|resource| resource["index"].as_str().unwrap())
        .collect();
    machines.sort_unstable();
    assert_eq!(
        machines,
        [
            "app1", "app2", "app3", "cache1", "cache2", "cache3", "db1", "db2", "db3", "db4",
            "db5", "fs1", "fs2", "fs3", "lb1", "lb2", "mon1"
        ]
    );
}
