//! Stage 5: which machines there are, what each does, and who talks to whom.
//!
//! Everything here is computed from the resolved inventory alone, so the same inventory always
//! gives the same machines, and a machine keeps its name and address when others join.

pub mod addresses;
pub mod cache;
pub mod capacity;
pub mod edges;
pub mod kept;
pub mod managed;
pub mod memory;
pub mod pool;
pub mod ports;
pub mod role;
pub mod sizing;
pub mod storage;

use std::net::Ipv4Addr;

use ipnet::Ipv4Net;

pub use addresses::{AddressPlan, TIERS, Tier};
pub use cache::CacheLayout;
pub use capacity::{Capacity, capacity};
pub use edges::{Edge, Party};
pub use managed::Service;
pub use memory::Memory;
pub use pool::Pool;
pub use role::Role;
pub use storage::StorageLayout;

use crate::model::{HighAvailability, Layout};
use crate::provider::Front;
use crate::resolve::Resolved;
use crate::units::{Host, Size};

/// The machines of one environment and the traffic between them.
#[derive(Debug, Clone)]
pub struct Topology {
    /// Whether everything is on one machine.
    pub single: bool,
    /// The private network.
    pub network: Ipv4Net,
    /// The address that moves between the load balancers; `None` with fewer than two, or where
    /// `load_balancer.high_availability` is `none`.
    pub shared_address: Option<Ipv4Addr>,
    /// Whether the provider's balancer is in front of the load balancers.
    pub balanced: bool,
    /// The machines, by role and number.
    pub machines: Vec<Machine>,
    /// What the provider runs in place of machines.
    pub services: Vec<Service>,
    /// The connections that are allowed. Everything else is not.
    pub edges: Vec<Edge>,
    /// How many children, connections, bytes and seconds there is room for.
    pub capacity: Capacity,
}

/// One host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Machine {
    /// Its host name, unique in the environment: `app1`.
    pub name: String,
    /// Its number within its role, from one.
    pub number: u32,
    /// What it does.
    pub roles: Vec<Role>,
    /// Its private address.
    pub address: Ipv4Addr,
    /// The provider's zone it is in, where there are zones.
    pub zone: Option<String>,
    /// The provider's size with that memory, where it sells sizes.
    pub size: Option<&'static str>,
    /// Its memory.
    pub memory: Size,
    /// Its system disk.
    pub disk: Size,
    /// A disk of its own for data that must outlive it.
    pub data_disk: Option<Size>,
}

impl Topology {
    /// Returns whether a host is the name of a service: no address, no machine's name, and not the
    /// machine that asks.
    pub fn is_service(&self, host: &Host) -> bool {
        let is_machine = || {
            self.machines
                .iter()
                .any(|machine| machine.name == host.as_str())
        };
        !host.is_address() && !host.is_local() && !is_machine()
    }

    /// Returns the service in place of the machines of a role, where the provider runs it.
    pub fn service(&self, role: Role) -> Option<&Service> {
        self.services.iter().find(|service| service.role == role)
    }

    /// Returns the machines with this role.
    pub fn with_role(&self, role: Role) -> impl Iterator<Item = &Machine> {
        self.machines
            .iter()
            .filter(move |machine| machine.roles.contains(&role))
    }
}

/// Returns whether everything is on one machine: by `infrastructure.topology`, or because cache
/// and database are both on localhost.
pub fn is_single(resolved: &Resolved<'_>) -> bool {
    match resolved.inventory.infrastructure.topology {
        Layout::Single => true,
        Layout::Ha => false,
        Layout::Auto => {
            let settings = resolved.settings();
            settings.cache.host.is_local() && settings.database.host.is_local()
        }
    }
}

/// Returns whether there are load balancers of which one takes over from another.
fn has_pair(resolved: &Resolved<'_>) -> bool {
    !is_single(resolved)
        && sizing::machine_count(resolved, Role::LoadBalancer) >= 2
        && resolved.inventory.load_balancer.high_availability != HighAvailability::None
}

/// Returns whether the load balancers are told who visits by the provider's balancer.
pub fn has_proxy_in_front(resolved: &Resolved<'_>) -> bool {
    let front = resolved.inventory.infrastructure.provider.facts().front;
    front == Front::ProxyBalancer && has_pair(resolved)
}

/// Lays out one environment. The inventory has passed validation, so every machine has a place in
/// the network.
pub fn topology(resolved: &Resolved<'_>) -> Topology {
    let single = is_single(resolved);
    let plan = AddressPlan::of(resolved);
    let zones = resolved.inventory.infrastructure.zones();
    let zone = |number: u32| {
        let place = AddressPlan::zone(number, zones.len());
        zones.get(place).map(|zone| (*zone).to_owned())
    };
    let zone = &zone;
    let mut machines = if single {
        vec![Machine {
            name: Role::App.machine_name(1),
            number: 1,
            roles: Role::ALL.to_vec(),
            address: plan.address(Role::App, 1),
            zone: zone(1),
            size: None,
            memory: memory::single(resolved).amount,
            disk: sizing::system_disk(resolved),
            data_disk: None,
        }]
    } else {
        Role::ALL
            .iter()
            .flat_map(|role| {
                let memory = memory::machine(resolved, *role).amount;
                (1..=sizing::machine_count(resolved, *role)).map(move |number| Machine {
                    name: role.machine_name(number),
                    number,
                    roles: vec![*role],
                    address: plan.address(*role, number),
                    zone: zone(number),
                    size: None,
                    memory,
                    disk: sizing::role_disk(resolved, *role),
                    data_disk: sizing::data_disk(resolved, *role),
                })
            })
            .collect()
    };
    let facts = resolved.inventory.infrastructure.provider.facts();
    for machine in &mut machines {
        let offer = facts
            .catalogue
            .and_then(|catalogue| catalogue.choose(machine));
        machine.size = offer.map(|offer| offer.name);
    }
    let pair = has_pair(resolved);
    let front = facts.front;
    Topology {
        single,
        network: plan.network(),
        shared_address: (pair && front == Front::SharedAddress).then(|| plan.shared_address()),
        balanced: pair && front != Front::SharedAddress,
        machines,
        services: managed::services(resolved),
        edges: edges::edges(resolved),
        capacity: capacity(resolved),
    }
}
