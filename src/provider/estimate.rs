//! What an environment costs a month, by a provider's prices of a certain day.

use super::{Catalogue, Facts, Offer, Subnets};
use crate::topology::{AddressPlan, Machine, Topology};
use crate::units::Size;

/// What an environment costs a month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Estimate {
    /// What is paid for, and how much of it.
    pub lines: Vec<Line>,
    /// The currency's code.
    pub currency: &'static str,
    /// The month of the prices.
    pub date: &'static str,
    /// Where these prices hold.
    pub region: &'static str,
    /// What it leaves out.
    pub leaves_out: &'static str,
}

/// One thing that is paid for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// How many.
    pub count: u64,
    /// Of what.
    pub what: String,
    /// What they cost together, in hundredths of the currency's unit.
    pub price: u64,
}

impl Estimate {
    /// Says in a few words how many machines there are and what they cost.
    pub fn headline(&self, machines: usize) -> String {
        format!(
            "{machines} machines, about {} {} a month by prices of {} ({})",
            amount(self.total()),
            self.currency,
            self.date,
            self.region
        )
    }

    /// Returns the sum, in hundredths of the currency's unit.
    pub fn total(&self) -> u64 {
        self.lines.iter().map(|line| line.price).sum()
    }
}

/// Writes hundredths as an amount: `1234.50`.
pub fn amount(hundredths: u64) -> String {
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

/// Adds up what an environment costs; `None` where machines cost nothing.
pub fn estimate(facts: &Facts, topology: &Topology) -> Option<Estimate> {
    let catalogue = facts.catalogue?;
    let mut lines = sizes(catalogue, topology);
    let disks = disks(catalogue, topology);
    lines.push(Line {
        count: disks,
        what: "GB of disk".to_owned(),
        price: (disks * catalogue.disk).div_ceil(100),
    });
    let mut add = |count: usize, what: &str, price: u64| {
        let count = count as u64;
        if count > 0 && price > 0 {
            lines.push(Line {
                count,
                what: what.to_owned(),
                price: count * price,
            });
        }
    };
    add(
        usize::from(topology.balanced),
        "balancer",
        catalogue.balancer,
    );
    let gateways = gateways(facts, topology).len();
    add(gateways, "NAT gateways", catalogue.gateway);
    add(
        addresses(facts, topology) + gateways,
        "public addresses",
        catalogue.address,
    );
    Some(Estimate {
        lines,
        currency: catalogue.currency,
        date: catalogue.date,
        region: catalogue.region,
        leaves_out: catalogue.leaves_out,
    })
}

fn sizes(catalogue: &Catalogue, topology: &Topology) -> Vec<Line> {
    let chosen = |machine: &Machine| catalogue.choose(machine);
    let mut offers: Vec<&'static Offer> = topology.machines.iter().filter_map(chosen).collect();
    offers.sort_by_key(|offer| offer.memory_mb);
    offers
        .chunk_by(|one, other| one.name == other.name)
        .map(|same| {
            let count = same.len() as u64;
            Line {
                count,
                what: format!("{} ({} GB)", same[0].name, same[0].memory_mb / 1024),
                price: count * same[0].price,
            }
        })
        .collect()
}

/// The gigabytes that are paid for: data disks, and system disks where sizes come without.
fn disks(catalogue: &Catalogue, topology: &Topology) -> u64 {
    let system = |machine: &Machine| {
        let included = catalogue
            .choose(machine)
            .is_some_and(|offer| offer.disk_gb.is_some());
        if included {
            0
        } else {
            machine.disk.as_gibibytes_up()
        }
    };
    let data = |machine: &Machine| machine.data_disk.map_or(0, Size::as_gibibytes_up);
    let machines = topology.machines.iter();
    machines
        .map(|machine| system(machine) + data(machine))
        .sum()
}

/// Returns the zones with machines that have no public address and leave through a gateway.
pub fn gateways<'a>(facts: &Facts, topology: &'a Topology) -> Vec<&'a str> {
    let mut zones: Vec<&str> = topology
        .machines
        .iter()
        .filter(|machine| !is_public(facts, topology, machine))
        .filter_map(|machine| machine.zone.as_deref())
        .collect();
    zones.sort_unstable();
    zones.dedup();
    zones
}

fn addresses(facts: &Facts, topology: &Topology) -> usize {
    let machines = topology.machines.iter();
    machines
        .filter(|machine| is_public(facts, topology, machine))
        .count()
}

/// Returns whether a machine has a public address: every one where the network is not divided, for
/// it must reach package archives, and those of the public subnets where it is.
pub fn is_public(facts: &Facts, topology: &Topology, machine: &Machine) -> bool {
    match facts.subnets {
        Subnets::One => true,
        Subnets::PerZone { .. } => topology.single || AddressPlan::is_public(machine.roles[0]),
    }
}
