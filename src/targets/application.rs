//! Target `application`: the application's configuration flow and its releases.

use super::{Artifact, Target, nothing};
use crate::environment::Environment;

/// The target.
pub const TARGET: Target = Target {
    name: "application",
    lower,
    deployment: nothing,
};

fn lower(_: &Environment<'_>) -> Vec<Artifact> {
    Vec::new()
}
