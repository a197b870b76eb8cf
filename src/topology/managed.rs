//! Services that the provider runs in place of machines.

use super::{Role, StorageLayout};
use crate::model::ManagedStorage;
use crate::resolve::Resolved;

/// A service that the provider runs in place of a role's machines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    /// The role it takes the place of.
    pub role: Role,
    /// Its name in inventories, and of its folder in `templates/terraform/managed/`.
    pub kind: &'static str,
    /// What people call it.
    pub title: &'static str,
    /// The host name that machines know it by.
    pub host: String,
}

/// Returns the private DNS zone that managed services have their names in. `internal` is set aside
/// for private use: <https://www.icann.org/en/board-activities-and-meetings/materials/approved-resolutions-special-meeting-of-the-icann-board-29-07-2024-en>.
pub fn zone(resolved: &Resolved<'_>) -> String {
    format!(
        "{}-{}.internal",
        resolved.inventory.project.name, resolved.name
    )
}

/// Returns the services of an environment.
pub fn services(resolved: &Resolved<'_>) -> Vec<Service> {
    match StorageLayout::of(resolved) {
        StorageLayout::Folder | StorageLayout::Gluster => Vec::new(),
        StorageLayout::Managed(service) => vec![Service {
            role: Role::Storage,
            kind: service.name(),
            title: match service {
                ManagedStorage::Efs => "Amazon EFS",
            },
            host: format!("storage.{}", zone(resolved)),
        }],
    }
}
