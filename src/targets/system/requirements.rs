//! `group_vars/<role>/system.yml`: what kind of machine this is, and the least it must have.

use serde::Serialize;

use super::kinds;
use crate::environment::Environment;
use crate::targets::Artifact;
use crate::topology::Role;
use crate::units::Size;

/// Roles whose machines get no swap: a service that swaps is down to its clients, but not to those
/// who would take over from it.
const WITHOUT_SWAP: [Role; 3] = [Role::Cache, Role::Database, Role::Storage];

/// The values of the template.
#[derive(Debug, Serialize)]
struct Requirements {
    kind: &'static str,
    swap_bytes: u64,
    /// The memory its services are tuned for; none where `system.memory.minimum` is the measure.
    planned_mb: Option<u64>,
    visible_mb: u64,
}

pub(super) fn lower(environment: &Environment<'_>) -> Vec<Artifact> {
    kinds(environment)
        .iter()
        .map(|kind| {
            let memory = kind.memory;
            let values = Requirements {
                kind: kind.name,
                swap_bytes: swap(environment, kind.role).as_bytes(),
                planned_mb: (kind.role != Role::App).then(|| memory.as_mebibytes()),
                // The kernel keeps up to a tenth for itself.
                visible_mb: memory.scale(9, 10).as_mebibytes(),
            };
            let path = format!(
                "ansible/inventory/group_vars/{}/system.yml",
                kind.role.name()
            );
            environment
                .artifact(path, "system/group_vars/role.yml.tera", &values)
                .impact(environment.impact("changes swap or checks", kind.role))
        })
        .collect()
}

fn swap(environment: &Environment<'_>, role: Role) -> Size {
    if WITHOUT_SWAP.contains(&role) {
        Size::bytes(0)
    } else {
        environment.inventory().system.swap
    }
}
