//! Section `environment`: what differs between environments.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::units::{ErrorReporting, Host, Name, Port, Switch, Variable, VariableName};

/// The environments by name.
pub type Environments = BTreeMap<Name, Settings>;

/// One environment: what differs between development, staging and production.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct Settings {
    /// Shows errors to visitors, checks scripts for changes on every request and compiles
    /// assertions in. Never in production.
    pub debug: Switch,
    /// Which errors PHP logs, as php.ini writes it.
    pub error_reporting: ErrorReporting,
    /// The shared cache and session store.
    pub cache: Service<CacheDriver>,
    /// The database.
    pub database: Service<DatabaseDriver>,
    /// Further environment variables of the application. Not for secrets: they are rendered.
    pub variables: BTreeMap<VariableName, Variable>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            debug: Switch(false),
            error_reporting: ErrorReporting::of("E_ALL & ~E_DEPRECATED"),
            cache: Service::default(),
            database: Service::default(),
            variables: BTreeMap::new(),
        }
    }
}

/// A service the application connects to.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(default, bound(deserialize = "D: Default + Deserialize<'de>"))]
#[schemars(bound = "D: Default + Serialize + JsonSchema")]
pub struct Service<D> {
    /// The program behind it.
    pub driver: D,
    /// The name or address the application connects to.
    pub host: Host,
    /// The port; the driver's usual one by default.
    pub port: Option<Port>,
}

impl<D: Default> Default for Service<D> {
    fn default() -> Self {
        Self {
            driver: D::default(),
            host: Host::localhost(),
            port: None,
        }
    }
}

impl Service<CacheDriver> {
    /// Returns the port, or the driver's usual one.
    pub fn port(&self) -> Port {
        self.port.unwrap_or(self.driver.usual_port())
    }
}

impl Service<DatabaseDriver> {
    /// Returns the port, or the driver's usual one.
    pub fn port(&self) -> Port {
        self.port.unwrap_or(self.driver.usual_port())
    }

    /// Returns the port on which the proxy beside the application takes reads: the one after.
    pub fn read_port(&self) -> u16 {
        self.port().get().saturating_add(1)
    }
}

/// A cache program.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum CacheDriver {
    /// Redis: shards, replicates and fails over.
    #[default]
    Redis,
    /// memcached: shards only.
    Memcached,
}

impl CacheDriver {
    /// Every cache program.
    pub const ALL: [Self; 2] = [Self::Redis, Self::Memcached];

    /// Returns the port it listens on unless it is told otherwise.
    pub fn usual_port(self) -> Port {
        match self {
            Self::Redis => Port::of(6379),
            Self::Memcached => Port::of(11_211),
        }
    }

    /// Returns the name used in inventories, and of the PHP extension.
    pub fn name(self) -> &'static str {
        match self {
            Self::Redis => "redis",
            Self::Memcached => "memcached",
        }
    }
}

/// A database program.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum DatabaseDriver {
    /// MySQL 8 or newer with Group Replication.
    #[default]
    Mysql,
    /// MariaDB with Galera.
    Mariadb,
    /// PostgreSQL with Patroni.
    Postgresql,
}

impl DatabaseDriver {
    /// Every database program.
    pub const ALL: [Self; 3] = [Self::Mysql, Self::Mariadb, Self::Postgresql];

    /// Returns the port it listens on unless it is told otherwise.
    pub fn usual_port(self) -> Port {
        match self {
            Self::Mysql | Self::Mariadb => Port::of(3306),
            Self::Postgresql => Port::of(5432),
        }
    }

    /// Returns the name used in inventories.
    pub fn name(self) -> &'static str {
        match self {
            Self::Mysql => "mysql",
            Self::Mariadb => "mariadb",
            Self::Postgresql => "postgresql",
        }
    }

    /// Returns the PDO extension an application needs for it.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Mysql | Self::Mariadb => "pdo_mysql",
            Self::Postgresql => "pdo_pgsql",
        }
    }
}
