//! Where shared files are.

use super::is_single;
use crate::model::ManagedStorage;
use crate::resolve::Resolved;

/// Where shared files are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StorageLayout {
    /// In a folder of the machine that does everything.
    Folder,
    /// On storage machines.
    Gluster,
    /// With the provider, who has no machines to show.
    Managed(ManagedStorage),
}

impl StorageLayout {
    /// Returns where shared files are. One machine has nobody to share them with.
    pub fn of(resolved: &Resolved<'_>) -> Self {
        if is_single(resolved) {
            return Self::Folder;
        }
        match resolved.inventory.infrastructure.managed.storage {
            None => Self::Gluster,
            Some(service) => Self::Managed(service),
        }
    }
}
