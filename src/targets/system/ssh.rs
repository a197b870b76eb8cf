//! `sshd.conf`: keys only.

use serde::Serialize;

use super::everywhere;
use crate::environment::Environment;
use crate::targets::Artifact;

/// The values of a file that has none.
#[derive(Debug, Serialize)]
struct Nothing {}

pub(super) fn lower(environment: &Environment<'_>) -> Vec<Artifact> {
    let artifact = environment.artifact("system/sshd.conf", "system/sshd.conf.tera", &Nothing {});
    vec![everywhere(environment, artifact, "reloads sshd")]
}
