//! Target `system`: what every machine has whatever it does: names, time, firewall, SSH, logs.

use super::{Artifact, Target};
use crate::deployment::{Deployment, Playbook};
use crate::environment::Environment;

/// The target.
pub const TARGET: Target = Target {
    name: "system",
    lower,
    deployment,
};

fn lower(_: &Environment<'_>) -> Vec<Artifact> {
    Vec::new()
}

fn deployment(_: &Environment<'_>) -> Deployment {
    Deployment {
        playbooks: vec![
            Playbook {
                file: "preflight.yml",
                title: "Check every machine before anything changes",
            },
            Playbook {
                file: "base.yml",
                title: "Prepare every machine",
            },
        ],
        roles: vec!["preflight", "base"],
        ..Deployment::default()
    }
}
