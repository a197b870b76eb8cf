//! Target `backup`: what is saved, when, where to, and the drills that prove it.

use super::{Artifact, Target, nothing};
use crate::environment::Environment;

/// The target.
pub const TARGET: Target = Target {
    name: "backup",
    lower,
    deployment: nothing,
};

fn lower(_: &Environment<'_>) -> Vec<Artifact> {
    Vec::new()
}
