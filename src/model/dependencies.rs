//! Section `dependencies`: versions of the programs the application needs.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::units::{AtLeast, Permissions, Requirement};

/// The versions of other programs the application needs. Each of the three may be written as a
/// mapping or as a list of single keys.
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct Dependencies {
    /// Caches the application can use.
    pub cache: CacheVersions,
    /// Databases the application can use.
    pub database: DatabaseVersions,
    /// What the application expects of shared storage.
    pub filesystem: FilesystemNeeds,
}

/// Caches the application can use; an environment's driver must be among them.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct CacheVersions {
    /// Which Redis will do.
    pub redis: Option<Requirement>,
    /// Which memcached will do.
    pub memcached: Option<Requirement>,
}

impl Default for CacheVersions {
    fn default() -> Self {
        Self {
            redis: Some(Requirement::of(">=6.0")),
            memcached: Some(Requirement::of(">=1.6")),
        }
    }
}

/// Databases the application can use; an environment's driver must be among them.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct DatabaseVersions {
    /// Which MySQL will do.
    pub mysql: Option<Requirement>,
    /// Which MariaDB will do.
    pub mariadb: Option<Requirement>,
    /// Which PostgreSQL will do.
    pub postgresql: Option<Requirement>,
}

impl Default for DatabaseVersions {
    fn default() -> Self {
        Self {
            mysql: Some(Requirement::of(">=8.0")),
            mariadb: Some(Requirement::of(">=10.11")),
            postgresql: Some(Requirement::of(">=13")),
        }
    }
}

/// What the application expects of shared storage.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct FilesystemNeeds {
    /// The mode of shared directories, quoted. Files get the same without the execute bits.
    pub permissions: Permissions,
    /// Free space below which storage is full.
    pub space: AtLeast,
}

impl Default for FilesystemNeeds {
    fn default() -> Self {
        Self {
            permissions: Permissions::of(0o755),
            space: AtLeast(crate::units::Size::gibibytes(1)),
        }
    }
}
