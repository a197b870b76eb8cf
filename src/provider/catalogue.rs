//! The sizes a provider sells, with prices of a certain day.

use crate::topology::Machine;

/// Sizes and prices. Prices are hundredths of the currency's unit for a month of 730 hours, without
/// tax.
#[derive(Debug)]
pub struct Catalogue {
    /// The month of the prices: `2026-04`.
    pub date: &'static str,
    /// The currency's code.
    pub currency: &'static str,
    /// Where these prices hold.
    pub region: &'static str,
    /// From the smallest to the largest.
    pub sizes: &'static [Offer],
    /// A hundred gigabytes of disk.
    pub disk: u64,
    /// The balancer in front of load balancers.
    pub balancer: u64,
    /// A public IPv4 address.
    pub address: u64,
    /// What lets the machines of a zone out that have no public address.
    pub gateway: u64,
    /// What the estimate leaves out.
    pub leaves_out: &'static str,
}

/// A size of machine.
#[derive(Debug)]
pub struct Offer {
    /// The provider's name for it.
    pub name: &'static str,
    /// Memory in MiB.
    pub memory_mb: u64,
    /// The disk that belongs to it, in GB; `None` where disks are paid apart.
    pub disk_gb: Option<u64>,
    /// What it costs a month.
    pub price: u64,
}

impl Catalogue {
    /// Returns the smallest size that has a machine's memory and room for its system.
    pub fn choose(&self, machine: &Machine) -> Option<&'static Offer> {
        self.sizes.iter().find(|offer| {
            offer.memory_mb >= machine.memory.as_mebibytes()
                && offer
                    .disk_gb
                    .is_none_or(|disk| disk >= machine.disk.as_gibibytes_up())
        })
    }
}
