//! Section `scaling`: how many machines, and what survives a loss.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::units::{Count, Size, Switch};

/// How many machines there are and what survives the loss of one. Environments that keep
/// everything on one machine ignore it.
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct Scaling {
    /// The pair visitors reach.
    pub load_balancer: LoadBalancers,
    /// Machines that run the application.
    pub app: AppServers,
    /// The shared cache.
    pub cache: CacheScaling,
    /// The database cluster.
    pub database: DatabaseScaling,
    /// Shared storage.
    pub filesystem: FilesystemScaling,
    /// The monitoring machine.
    pub monitoring: MonitoringMachine,
}

/// The pair visitors reach.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct LoadBalancers {
    /// Machines; two survive the loss of one.
    pub servers: Count,
    /// Memory of each; computed when absent.
    pub memory: Option<Size>,
}

impl Default for LoadBalancers {
    fn default() -> Self {
        Self {
            servers: Count::of(2),
            memory: None,
        }
    }
}

/// Machines that run the application.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct AppServers {
    /// Machines; two survive the loss of one.
    pub servers: Count,
    /// Memory of each; computed when absent.
    pub memory: Option<Size>,
}

impl Default for AppServers {
    fn default() -> Self {
        Self {
            servers: Count::of(2),
            memory: None,
        }
    }
}

/// The shared cache.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct CacheScaling {
    /// Machines. Sharding needs three, so that a majority remains when one fails.
    pub servers: Count,
    /// Spreads keys over several masters.
    pub sharding: Switch,
    /// Keeps a copy of every master on another machine.
    pub replication: Switch,
    /// Promotes a copy when its master is lost.
    pub failover: Switch,
    /// Memory of each machine; computed when absent.
    pub memory: Option<Size>,
}

impl Default for CacheScaling {
    fn default() -> Self {
        Self {
            servers: Count::of(3),
            sharding: Switch(true),
            replication: Switch(true),
            failover: Switch(true),
            memory: None,
        }
    }
}

/// The database cluster.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct DatabaseScaling {
    /// Members that answer reads and take over when the primary is lost.
    pub read_replicas: Count,
    /// Members that accept writes. One is what every supported engine does well.
    pub write_master: Count,
    /// Promotes a replica when the primary is lost.
    pub failover: Switch,
    /// Memory of each machine; computed when absent.
    pub memory: Option<Size>,
}

impl Default for DatabaseScaling {
    fn default() -> Self {
        Self {
            read_replicas: Count::of(3),
            write_master: Count::of(1),
            failover: Switch(true),
            memory: None,
        }
    }
}

/// Shared storage.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct FilesystemScaling {
    /// Machines. Replication needs three, so that a majority remains when one fails.
    pub servers: Count,
    /// Spreads files over several sets of bricks.
    pub distributed: Switch,
    /// Keeps three copies of every file on different machines.
    pub replication: Switch,
    /// Saves shared files by the schedule in `backup.filesystem`.
    pub backup: Switch,
    /// Memory of each machine; computed when absent.
    pub memory: Option<Size>,
}

impl Default for FilesystemScaling {
    fn default() -> Self {
        Self {
            servers: Count::of(3),
            distributed: Switch(true),
            replication: Switch(true),
            backup: Switch(true),
            memory: None,
        }
    }
}

/// The monitoring machine.
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct MonitoringMachine {
    /// Its memory; computed when absent.
    pub memory: Option<Size>,
}
