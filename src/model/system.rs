//! Section `system`: what the application needs of its machine.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::units::{Extension, Host, Requirement, Size, Switch};

/// What the application needs of its machine.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct System {
    /// The PHP the application runs on.
    pub php: PhpRequirement,
    /// Systems the application runs on. Servers are Linux; the others are for developers' machines.
    pub os: Vec<OperatingSystem>,
    /// Memory of an application machine.
    pub memory: Amounts,
    /// Disk of an application machine.
    pub storage: Amounts,
    /// Who is asked for the time: names that stand for several servers, or addresses of one. None
    /// where the provider keeps the clock.
    pub time_servers: Vec<Host>,
    /// Whether a machine reboots by itself after a security upgrade that asks for it; machines of
    /// a role take turns at night. Without it, a new kernel waits for you.
    pub automatic_reboot: Switch,
    /// Swap on load balancers, application and monitoring machines; 0 for none. Cache, database
    /// and storage machines have none: a service that swaps is slow, and nobody takes over.
    pub swap: Size,
}

impl Default for System {
    fn default() -> Self {
        Self {
            php: PhpRequirement::default(),
            os: vec![OperatingSystem::Linux],
            memory: Amounts {
                minimum: Size::mebibytes(512),
                recommended: Size::gibibytes(1),
            },
            storage: Amounts::default(),
            time_servers: vec![Host::of("2.debian.pool.ntp.org")],
            automatic_reboot: Switch(false),
            swap: Size::bytes(0),
        }
    }
}

/// The PHP the application runs on.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct PhpRequirement {
    /// Which versions will do. Debian 12 installs 8.2; the play stops where that does not fit.
    pub version: Requirement,
    /// Extensions the application loads; each is installed and checked on the machine.
    pub extensions: Vec<Extension>,
}

impl Default for PhpRequirement {
    fn default() -> Self {
        Self {
            version: Requirement::of(">=8.1"),
            extensions: ["pdo", "pdo_mysql", "redis", "json", "mbstring", "openssl"]
                .map(Extension::of)
                .to_vec(),
        }
    }
}

/// A system the application runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum OperatingSystem {
    /// What servers run.
    Linux,
    /// Developers' machines only.
    Windows,
    /// Developers' machines only.
    Macos,
}

/// A floor and a comfortable amount.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct Amounts {
    /// The play stops on a machine that has less.
    pub minimum: Size,
    /// What Terraform asks for.
    pub recommended: Size,
}

impl Default for Amounts {
    fn default() -> Self {
        Self {
            minimum: Size::mebibytes(100),
            recommended: Size::gibibytes(1),
        }
    }
}
