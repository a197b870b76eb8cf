//! Private networks and fixed addresses.
//!
//! The upper half of a network belongs to application machines. The lower half is cut into eight
//! equal blocks: load balancers, monitoring, cache, database and storage take the first five.
//! A machine's number within its role is its place in the block, so nothing moves when another
//! machine joins.

use std::net::Ipv4Addr;

use ipnet::Ipv4Net;

use super::Role;
use crate::provider::Subnets;
use crate::resolve::Resolved;

/// The first load balancer follows ten addresses that are kept free: the network's own, those
/// that clouds reserve, and the shared address.
const RESERVED: u32 = 10;

/// The prefix length of a network that is derived from an environment's name.
const DERIVED_PREFIX: u8 = 20;

/// Which address each machine of a network has.
///
/// Where a subnet belongs to one zone, the network is cut into equal parts, one for each zone and as
/// many as a power of two takes. Each part is laid out like a network of its own, and machines take
/// turns: the first is in the first zone.
#[derive(Debug, Clone, Copy)]
pub struct AddressPlan {
    network: Ipv4Net,
    /// The zones that have a part of the network each.
    zones: u32,
    /// The addresses after a subnet's own that are the provider's.
    reserved: u32,
}

/// A part of a zone's network, as a provider's subnets are cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tier {
    /// What it is called.
    pub name: &'static str,
    /// The roles whose machines are in it.
    pub roles: &'static [Role],
    /// Whether the internet reaches it.
    pub public: bool,
    /// Its prefix is so much longer than the zone's.
    bits: u8,
    /// Where it begins, in its own size.
    place: u32,
}

/// Every tier. Together they are a zone's network but for the last eighth of its lower half.
pub const TIERS: [Tier; 4] = [
    Tier {
        name: "public",
        roles: &[Role::LoadBalancer, Role::Monitoring],
        public: true,
        bits: 3,
        place: 0,
    },
    Tier {
        name: "data",
        roles: &[Role::Cache, Role::Database],
        public: false,
        bits: 3,
        place: 1,
    },
    Tier {
        name: "storage",
        roles: &[Role::Storage],
        public: false,
        bits: 2,
        place: 1,
    },
    Tier {
        name: "app",
        roles: &[Role::App],
        public: false,
        bits: 1,
        place: 1,
    },
];

/// Returns the network the inventory names, or the one derived from the environment's name.
pub fn network(resolved: &Resolved<'_>) -> Ipv4Net {
    resolved
        .inventory
        .infrastructure
        .network()
        .unwrap_or_else(|| derived(resolved.name.as_str()))
}

/// Derives one of the 4,096 /20 networks of 10.0.0.0/8 from a name (FNV-1a, folded to 12 bits).
pub fn derived(name: &str) -> Ipv4Net {
    let hash = name.bytes().fold(0x811c_9dc5_u32, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    });
    let number = (hash ^ (hash >> 12) ^ (hash >> 24)) & 0xfff;
    let base = u32::from(Ipv4Addr::new(10, 0, 0, 0)) | (number << 12);
    Ipv4Net::new_assert(Ipv4Addr::from(base), DERIVED_PREFIX)
}

impl AddressPlan {
    /// Returns the plan of an environment's network.
    pub fn of(resolved: &Resolved<'_>) -> Self {
        let infrastructure = &resolved.inventory.infrastructure;
        let network = network(resolved);
        match infrastructure.provider.facts().subnets {
            Subnets::One => Self::new(network),
            Subnets::PerZone { reserved } => Self {
                network,
                zones: u32::try_from(infrastructure.zones().len().max(1)).unwrap_or(u32::MAX),
                reserved,
            },
        }
    }

    /// Returns the plan of an undivided network.
    pub const fn new(network: Ipv4Net) -> Self {
        Self {
            network,
            zones: 1,
            reserved: 0,
        }
    }

    /// Returns the place of a machine's zone in the list of zones.
    pub fn zone(number: u32, zones: usize) -> usize {
        (number.saturating_sub(1) as usize) % zones.max(1)
    }

    /// Returns whether the machines of a role are in a subnet that the internet reaches.
    pub fn is_public(role: Role) -> bool {
        let mut tiers = TIERS.iter();
        tiers.any(|tier| tier.public && tier.roles.contains(&role))
    }

    /// Returns the longest prefix of a network that can be divided like this: 24 for one zone.
    pub fn longest_prefix(self) -> u8 {
        24_u8.saturating_sub(self.bits())
    }

    /// Returns whether the network can be divided.
    pub fn divides(self) -> bool {
        (16..=self.longest_prefix()).contains(&self.network.prefix_len())
    }

    /// Returns the network of a tier in the zone at a place.
    pub fn subnet(self, tier: Tier, zone: u32) -> Ipv4Net {
        let part = self.part();
        let prefix = part.prefix_len() + tier.bits;
        let offset = (zone << (32 - part.prefix_len())) + (tier.place << (32 - prefix));
        Ipv4Net::new_assert(self.nth(offset), prefix)
    }

    /// The bits by which a zone's prefix is longer than the network's.
    fn bits(self) -> u8 {
        u8::try_from(self.zones.next_power_of_two().trailing_zeros()).unwrap_or(u8::MAX)
    }

    /// The first zone's part.
    fn part(self) -> Ipv4Net {
        let prefix = self.network.prefix_len() + self.bits();
        Ipv4Net::new_assert(self.network.network(), prefix)
    }

    /// Returns the network.
    pub const fn network(self) -> Ipv4Net {
        self.network
    }

    /// Returns the address that moves between load balancers, or that of the provider's balancer in
    /// front of them.
    pub fn shared_address(self) -> Ipv4Addr {
        self.nth(RESERVED)
    }

    /// Returns the address of a machine, counted from one.
    pub fn address(self, role: Role, number: u32) -> Ipv4Addr {
        let (start, _) = self.block(role);
        let before = number.saturating_sub(1);
        let part = (before % self.zones) << (32 - self.part().prefix_len());
        self.nth(part + start + before / self.zones + 1)
    }

    /// Returns how many machines of a role the network has addresses for.
    pub fn room(self, role: Role) -> u32 {
        self.block(role).1.saturating_mul(self.zones)
    }

    /// Returns a role's block in a zone's part as the offset before its first machine, and its number
    /// of machines.
    fn block(self, role: Role) -> (u32, u32) {
        let half = 1_u32 << (31 - u32::from(self.part().prefix_len()));
        let eighth = half / 8;
        // A block may begin or end a subnet: the provider keeps its first addresses and its last.
        let kept = self.reserved + u32::from(self.reserved > 0);
        let infrastructure = |position: u32| (position * eighth + self.reserved, eighth - 1 - kept);
        match role {
            // The last address of a network is for broadcasts.
            Role::App => (half + self.reserved, half - 2 - kept),
            Role::LoadBalancer => (RESERVED, eighth.saturating_sub(RESERVED + 1)),
            Role::Monitoring => infrastructure(1),
            Role::Cache => infrastructure(2),
            Role::Database => infrastructure(3),
            Role::Storage => infrastructure(4),
        }
    }

    fn nth(self, offset: u32) -> Ipv4Addr {
        Ipv4Addr::from(u32::from(self.network.network()).saturating_add(offset))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_two_machines_share_an_address() {
        for prefix in 16..=24 {
            let network = Ipv4Net::new_assert(Ipv4Addr::new(10, 0, 0, 0), prefix);
            let plan = AddressPlan::new(network);
            let mut seen = BTreeSet::from([plan.shared_address()]);
            for role in Role::ALL {
                assert!(plan.room(role) >= 5, "{prefix} {role:?}");
                for number in [1, 2, plan.room(role)] {
                    let address = plan.address(role, number);
                    assert!(network.contains(&address));
                    assert_ne!(address, network.broadcast());
                    assert!(number == 2 && plan.room(role) == 2 || seen.insert(address));
                }
            }
        }
    }

    #[test]
    fn every_machine_is_in_the_subnet_of_its_tier_and_zone() {
        for (zones, longest) in [(1_u32, 24_u8), (2, 23), (3, 22)] {
            for prefix in 16..=longest {
                let network = Ipv4Net::new_assert(Ipv4Addr::new(10, 0, 0, 0), prefix);
                let plan = AddressPlan {
                    network,
                    zones,
                    reserved: 3,
                };
                assert_eq!(plan.longest_prefix(), longest);
                for tier in TIERS {
                    for role in tier.roles {
                        for number in 1..=plan.room(*role) {
                            let zone = AddressPlan::zone(number, zones as usize);
                            let subnet = plan.subnet(tier, u32::try_from(zone).unwrap());
                            let address = u32::from(plan.address(*role, number));
                            let first = u32::from(subnet.network());
                            let last = u32::from(subnet.broadcast());
                            assert!(first + 3 < address && address < last, "{role:?} {number}");
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn derived_networks_are_fixed_for_all_time() {
        assert_eq!(
            derived("production").to_string(),
            derived("production").to_string()
        );
        assert_ne!(derived("staging"), derived("production"));
        assert_eq!(derived("production").prefix_len(), 20);
    }
}
