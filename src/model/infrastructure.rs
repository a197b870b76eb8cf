//! Section `infrastructure`: where machines come from.

use ipnet::Ipv4Net;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::units::Network;

/// Where machines come from and how they are laid out.
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct Infrastructure {
    /// Where machines come from.
    pub provider: Provider,
    /// How roles are spread over machines: `auto` puts everything on one machine when cache and
    /// database are both on localhost, and gives each role its own machines otherwise.
    pub topology: Layout,
    /// The private network, from /16 to /24, such as 10.20.0.0/20. Without it a /20 inside
    /// 10.0.0.0/8 is derived from the environment's name.
    pub network: Option<Network>,
    /// Where MySQL comes from, as Debian 12 has none: `oracle` is its maker's own package archive,
    /// `debian-sid-core` is Debian's unstable suite, for machines on this computer only. By
    /// default the provider `local` uses `debian-sid-core` and every other one `oracle`.
    pub mysql_source: Option<MysqlSource>,
}

impl Infrastructure {
    /// Returns the network the inventory names, if it names one.
    pub fn network(&self) -> Option<Ipv4Net> {
        self.network.map(Network::get)
    }

    /// Returns where MySQL comes from, or where the provider's machines usually get it.
    pub fn mysql_source(&self) -> MysqlSource {
        self.mysql_source.unwrap_or(match self.provider {
            Provider::Local => MysqlSource::DebianSidCore,
        })
    }
}

/// Where machines come from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Provider {
    /// This computer: no account, no network.
    #[default]
    Local,
}

/// Where MySQL comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum MysqlSource {
    /// The maker's package archive, with MySQL 8.4 LTS.
    Oracle,
    /// Debian's unstable suite: no long-term support, and a newer C library comes with it.
    DebianSidCore,
}

impl MysqlSource {
    /// Returns the name used in inventories.
    pub fn name(self) -> &'static str {
        match self {
            Self::Oracle => "oracle",
            Self::DebianSidCore => "debian-sid-core",
        }
    }
}

/// How roles are spread over machines.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Layout {
    /// One machine when cache and database are on localhost, else highly available.
    #[default]
    Auto,
    /// Everything on one machine.
    Single,
    /// Each role on machines of its own.
    Ha,
}
