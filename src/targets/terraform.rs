//! Target `terraform`.

use super::{Artifact, Target};
use crate::environment::Environment;

/// The target.
pub const TARGET: Target = Target {
    name: "terraform",
    lower,
};

fn lower(_environment: &Environment<'_>) -> Vec<Artifact> {
    Vec::new()
}
