//! Section `infrastructure`: where machines come from.

use ipnet::Ipv4Net;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::units::{Host, Interface, Name, Network};

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
    /// The provider's region; eu-central (`hcloud`, its network zone) or eu-central-1 (`aws`) when
    /// absent.
    pub region: Option<Name>,
    /// The zones that the machines of each role are spread over, the first machine in the first
    /// zone: locations (`hcloud`: nbg1 when absent) or availability zones (`aws`: the first three of
    /// eu-central-1). A machine's zone does not change when others join, but moves with this list.
    pub zones: Option<Vec<Name>>,
    /// The DNS zone that is the provider's and holds `load_balancer.server_names`. Without one, you
    /// point names at the platform yourself.
    pub dns_zone: Option<Host>,
    /// Where Terraform keeps what it knows: `local` in a file beside the configuration, `s3` in a
    /// bucket, `http` on a server such as GitLab's. The place and who may write there are not part
    /// of the inventory: they are given to `terraform init -backend-config=FILE`.
    pub state: State,
    /// Services that the provider runs in place of machines of yours. Without a key you run the
    /// service.
    pub managed: Managed,
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
            region: None,
            zones: None,
            dns_zone: None,
            state: State::default(),
            managed: Managed::default(),
            mysql_source: None,
            admin_networks: PRIVATE.map(Network::of).to_vec(),
        }
    }
}

/// The networks no one on the internet comes from (RFC 1918).
pub(crate) const PRIVATE: [&str; 3] = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];

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

    /// Returns the region the inventory names, or the provider's usual one.
    pub fn region(&self) -> &str {
        match &self.region {
            Some(region) => region.as_str(),
            None => self.provider.facts().region,
        }
    }

    /// Returns the zones that machines are spread over; none where there are no zones.
    pub fn zones(&self) -> Vec<&str> {
        match &self.zones {
            Some(zones) => zones.iter().map(Name::as_str).collect(),
            None => self.provider.facts().zones.to_vec(),
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
    /// Hetzner Cloud.
    Hcloud,
    /// Amazon Web Services.
    Aws,
}

/// Services that the provider runs in place of machines of yours.
#[derive(Debug, Clone, Copy, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct Managed {
    /// Shared files. Storage machines disappear, and with them what `performance.filesystem` and
    /// most of `scaling.filesystem` set. Files that are there already are not moved.
    pub storage: Option<ManagedStorage>,
}

/// Shared storage that a provider runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ManagedStorage {
    /// Amazon's Elastic File System (`aws`).
    Efs,
}

impl ManagedStorage {
    /// Returns the name used in inventories.
    pub fn name(self) -> &'static str {
        match self {
            Self::Efs => "efs",
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

    /// Returns a version it is known to have had; a newer one of the same series may have come since.
    pub fn version(self) -> &'static str {
        match self {
            Self::Oracle => "8.4.7",
            Self::DebianSidCore => "9.7.4",
        }
    }
}

/// Where Terraform keeps what it knows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// In a file beside the configuration.
    #[default]
    Local,
    /// In an object store that speaks S3.
    S3,
    /// On a server.
    Http,
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
