//! The inventory's types, one file per section. Their doc comments are the manual: `precast
//! schema` and the reference page are made from them.

pub mod application;
pub mod backup;
pub mod dependencies;
pub mod environment;
pub mod health_checks;
pub mod infrastructure;
pub mod load_balancer;
pub mod manual;
pub mod monitoring;
pub mod performance;
pub mod php;
pub mod project;
pub mod scaling;
pub mod schema;
pub mod system;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use application::Application;
pub use backup::{Backup, BackupJob};
pub use dependencies::Dependencies;
pub use environment::{CacheDriver, DatabaseDriver, Environments, Service, Settings};
pub use health_checks::{DatabaseHealthCheck, HealthCheck, HealthChecks};
pub(crate) use infrastructure::PRIVATE;
pub use infrastructure::{
    Infrastructure, Layout, Managed, ManagedStorage, MysqlSource, Provider, State,
};
pub use load_balancer::{HighAvailability, LoadBalancer, Tls};
pub use monitoring::{Channel, ErrorStore, LogLevel, Monitoring, Rotation};
pub use performance::{EvictionPolicy, Performance, QueryCachePolicy};
pub use php::Php;
pub use project::Project;
pub use scaling::Scaling;
pub use system::{OperatingSystem, System};

/// The description of one PHP platform. Every section and key is optional but `environment`,
/// which names at least one environment.
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct Inventory {
    /// What is built, for people and labels.
    pub project: Project,
    /// Where machines come from and how they are laid out.
    pub infrastructure: Infrastructure,
    /// What the application needs of its machine.
    pub system: System,
    /// The versions of other programs the application needs.
    pub dependencies: Dependencies,
    /// The environments by name, each with its debugging, cache and database settings.
    pub environment: Environments,
    /// How many machines there are and what survives the loss of one.
    pub scaling: Scaling,
    /// Limits and memory of the shared services.
    pub performance: Performance,
    /// PHP itself and its process manager.
    pub php: Php,
    /// How releases of the application reach the machines.
    pub application: Application,
    /// What visitors meet first.
    pub load_balancer: LoadBalancer,
    /// Metrics, logs and alerts.
    pub monitoring: Monitoring,
    /// How often services are probed, and when they count as down.
    pub health_checks: HealthChecks,
    /// What is saved, when, and for how long.
    pub backup: Backup,
}

/// Returns every key's default value, as an inventory would give it. Environments have theirs in
/// [`Settings`].
pub fn defaults() -> serde_json::Value {
    serde_json::to_value(Inventory::default()).expect("the model serialises to JSON")
}
