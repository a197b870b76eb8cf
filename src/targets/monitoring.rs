//! Target `monitoring`: metrics, logs, errors, alerts and the dashboard.

use super::{Artifact, Target, nothing};
use crate::environment::Environment;

/// The target.
pub const TARGET: Target = Target {
    name: "monitoring",
    lower,
    deployment: nothing,
};

fn lower(_: &Environment<'_>) -> Vec<Artifact> {
    Vec::new()
}
