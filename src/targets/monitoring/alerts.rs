//! Alertmanager, and everything there is to be alerted about.

use super::Part;
use crate::deployment::Deployment;
use crate::environment::Environment;
use crate::targets::Artifact;

pub(super) const PART: Part = Part { lower, deployment };

fn lower(_: &Environment<'_>) -> Vec<Artifact> {
    Vec::new()
}

fn deployment(_: &Environment<'_>) -> Deployment {
    Deployment::default()
}
