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
}

impl Default for Infrastructure {
    fn default() -> Self {
        Self {
            provider: Provider::default(),
            topology: Layout::default(),
            network: None,
            interface: None,
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
}

/// Where machines come from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Provider {
    /// This computer: no account, no network.
    #[default]
    Local,
}

/// What is true of a provider's networks.
#[derive(Debug, Clone, Copy)]
pub struct Facts {
    /// What machines call the interface of the private network.
    pub interface: &'static str,
    /// Whether machines share an Ethernet, on which an address can move from one to another by
    /// itself. Most clouds route every address to the machine they gave it to.
    pub layer2: bool,
}

impl Provider {
    /// Returns what is true of its networks.
    pub const fn facts(self) -> Facts {
        match self {
            Self::Local => Facts {
                interface: "host0",
                layer2: true,
            },
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
