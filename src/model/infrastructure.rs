//! Section `infrastructure`: where machines come from.

use ipnet::Ipv4Net;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::units::{Interface, Network};

/// Where machines come from and how they are laid out.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
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
    /// The interface of the private network on every machine; what the provider calls it when
    /// absent (`local`: host0). The load balancers' shared address moves on it.
    pub interface: Option<Interface>,
    /// Networks that may reach SSH and the dashboard: people and Ansible. The private ranges when
    /// absent; name yours when you come from elsewhere.
    pub admin_networks: Vec<Network>,
    /// Where MySQL comes from, as Debian 12 has none: `oracle` is its maker's own package archive,
    /// `debian-sid-core` is Debian's unstable suite, which the provider `local` puts among its
    /// machines' packages and no other provider has. By default `local` uses `debian-sid-core` and
    /// every other one `oracle`.
    pub mysql_source: Option<MysqlSource>,
}

impl Default for Infrastructure {
    fn default() -> Self {
        Self {
            provider: Provider::default(),
            topology: Layout::default(),
            network: None,
            interface: None,
            mysql_source: None,
            admin_networks: PRIVATE.map(Network::of).to_vec(),
        }
    }
}

/// The networks no one on the internet comes from (RFC 1918).
const PRIVATE: [&str; 3] = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];

impl Infrastructure {
    /// Returns the network the inventory names, if it names one.
    pub fn network(&self) -> Option<Ipv4Net> {
        self.network.map(Network::get)
    }

    /// Returns the interface of the private network.
    pub fn interface(&self) -> &str {
        match &self.interface {
            Some(interface) => interface.as_str(),
            None => self.provider.facts().interface,
        }
    }

    /// Returns where MySQL comes from, or where the provider's machines usually get it.
    pub fn mysql_source(&self) -> MysqlSource {
        self.mysql_source
            .unwrap_or(self.provider.facts().mysql_source)
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

/// What is true of a provider's machines and networks.
#[derive(Debug, Clone, Copy)]
pub struct Facts {
    /// What machines call the interface of the private network.
    pub interface: &'static str,
    /// Whether machines share an Ethernet, on which an address can move from one to another by
    /// itself. Most clouds route every address to the machine they gave it to.
    pub layer2: bool,
    /// Where MySQL comes from unless the inventory says otherwise.
    pub mysql_source: MysqlSource,
}

impl Provider {
    /// Returns what is true of its machines and networks.
    pub const fn facts(self) -> Facts {
        match self {
            Self::Local => Facts {
                interface: "host0",
                layer2: true,
                mysql_source: MysqlSource::DebianSidCore,
            },
        }
    }
}

/// Where MySQL comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum MysqlSource {
    /// The maker's package archive, with MySQL 8.4 LTS.
    Oracle,
    /// Debian's unstable suite, unpacked with the libraries it needs: no long-term support.
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
