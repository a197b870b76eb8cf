//! Target `runbook`: what people do by hand, with this environment's names and numbers.

use super::{Artifact, Target, nothing};
use crate::environment::Environment;

/// The target.
pub const TARGET: Target = Target {
    name: "runbook",
    lower,
    deployment: nothing,
};

fn lower(_: &Environment<'_>) -> Vec<Artifact> {
    Vec::new()
}
