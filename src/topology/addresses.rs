//! Private networks and fixed addresses.
//!
//! The upper half of a network belongs to application machines. The lower half is cut into eight
//! equal blocks: load balancers, monitoring, cache, database and storage take the first five.
//! A machine's number within its role is its place in the block, so nothing moves when another
//! machine joins.

use std::net::Ipv4Addr;

use ipnet::Ipv4Net;

use super::Role;
use crate::resolve::Resolved;

/// The first load balancer follows ten addresses that are kept free: the network's own, those
/// that clouds reserve, and the shared address.
const RESERVED: u32 = 10;

/// The prefix length of a network that is derived from an environment's name.
const DERIVED_PREFIX: u8 = 20;

/// Which address each machine of a network has.
#[derive(Debug, Clone, Copy)]
pub struct AddressPlan {
    network: Ipv4Net,
}

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
    /// Returns the plan of a network of /16 to /24.
    pub const fn new(network: Ipv4Net) -> Self {
        Self { network }
    }

    /// Returns the network.
    pub const fn network(self) -> Ipv4Net {
        self.network
    }

    /// Returns the address that moves between load balancers.
    pub fn shared_address(self) -> Ipv4Addr {
        self.nth(RESERVED)
    }

    /// Returns the address of a machine, counted from one.
    pub fn address(self, role: Role, number: u32) -> Ipv4Addr {
        let (start, _) = self.block(role);
        self.nth(start + number)
    }

    /// Returns how many machines of a role the network has addresses for.
    pub fn room(self, role: Role) -> u32 {
        self.block(role).1
    }

    /// Returns a role's block as the offset before its first machine, and its number of machines.
    fn block(self, role: Role) -> (u32, u32) {
        let half = 1_u32 << (31 - u32::from(self.network.prefix_len()));
        let eighth = half / 8;
        let infrastructure = |position: u32| (position * eighth, eighth - 1);
        match role {
            // The last address of a network is for broadcasts.
            Role::App => (half, half - 2),
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
    fn derived_networks_are_fixed_for_all_time() {
        assert_eq!(
            derived("production").to_string(),
            derived("production").to_string()
        );
        assert_ne!(derived("staging"), derived("production"));
        assert_eq!(derived("production").prefix_len(), 20);
    }
}
