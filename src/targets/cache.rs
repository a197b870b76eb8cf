//! Target `cache`: Redis Cluster, Redis with Sentinel, a single Redis, or memcached.

use super::{Artifact, Target, nothing};
use crate::environment::Environment;

/// The target.
pub const TARGET: Target = Target {
    name: "cache",
    lower,
    deployment: nothing,
};

fn lower(_: &Environment<'_>) -> Vec<Artifact> {
    Vec::new()
}
