//! What is true of each provider: its networks, how visitors reach a pair of load balancers, the
//! sizes it sells and what they cost.
//!
//! A provider is a module here and a line in [`ALL`], a variant of [`Provider`] and a folder in
//! `templates/terraform/`.

mod aws;
pub mod catalogue;
pub mod estimate;
mod hcloud;
mod local;

pub use catalogue::{Catalogue, Offer};
pub use estimate::{Estimate, estimate};

use crate::model::{ManagedStorage, MysqlSource, Provider};
use crate::units::Repository;

/// What is true of a provider's machines and networks.
#[derive(Debug)]
pub struct Facts {
    /// The name used in inventories, and of the folder in `templates/terraform/`.
    pub name: &'static str,
    /// What people call it.
    pub title: &'static str,
    /// What machines call the interface of the private network.
    pub interface: &'static str,
    /// Where MySQL comes from unless the inventory says otherwise.
    pub mysql_source: MysqlSource,
    /// The region unless the inventory names one; empty where there are none.
    pub region: &'static str,
    /// The zones that machines are spread over unless the inventory names some.
    pub zones: &'static [&'static str],
    /// How a private network is divided.
    pub subnets: Subnets,
    /// How visitors reach several load balancers.
    pub front: Front,
    /// Whether machines of a role can be kept on different hosts within a zone.
    pub spreads: bool,
    /// Whether people and Ansible reach machines through one of them, the bastion.
    pub bastion: bool,
    /// The resource that is a machine, as Terraform addresses it.
    pub machine: &'static str,
    /// Returns the bucket a repository names, where it is one of the provider's, which Terraform then
    /// makes and opens to the machines.
    pub own_bucket: fn(&Repository) -> Option<&str>,
    /// The shared storage it runs in place of machines.
    pub storage: Option<ManagedStorage>,
    /// What machines cost; `None` where they cost nothing.
    pub catalogue: Option<&'static Catalogue>,
}

/// How a private network is divided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subnets {
    /// It is not: every zone shares it.
    One,
    /// A part for each zone, and in it a subnet for each tier, of which the provider keeps the
    /// first addresses.
    PerZone {
        /// How many addresses after a subnet's own are the provider's.
        reserved: u32,
    },
}

/// How visitors reach several load balancers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Front {
    /// By an address that moves between them by itself, which takes a shared Ethernet (layer 2).
    SharedAddress,
    /// By the provider's balancer, which hands on connections with the visitors' own addresses.
    Balancer,
    /// By the provider's balancer, which names the visitor in the PROXY protocol.
    ProxyBalancer,
}

/// Every provider, in the order of [`Provider`].
pub const ALL: [&Facts; 3] = [&local::FACTS, &hcloud::FACTS, &aws::FACTS];

impl Provider {
    /// Returns what is true of its machines and networks.
    pub const fn facts(self) -> &'static Facts {
        ALL[self as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn providers_stand_in_the_order_of_their_names() {
        for (number, facts) in ALL.into_iter().enumerate() {
            let provider: Provider =
                serde_json::from_value(facts.name.into()).expect("a provider of this name");
            assert_eq!(provider as usize, number);
        }
    }

    #[test]
    fn sizes_are_sorted_by_memory_and_price() {
        for catalogue in ALL.iter().filter_map(|facts| facts.catalogue) {
            assert!(catalogue.sizes.is_sorted_by_key(|offer| offer.memory_mb));
            assert!(catalogue.sizes.is_sorted_by_key(|offer| offer.price));
        }
    }
}
