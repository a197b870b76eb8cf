//! Hetzner Cloud. One network reaches all locations of its network zone; machines of a role are kept
//! on different hosts by placement groups.

use super::{Catalogue, Facts, Front, Offer, Subnets};
use crate::model::MysqlSource;

pub(super) const FACTS: Facts = Facts {
    name: "hcloud",
    title: "Hetzner Cloud",
    interface: "enp7s0",
    mysql_source: MysqlSource::Oracle,
    region: "eu-central",
    // One location: storage and database write synchronously, and others are milliseconds away.
    zones: &["nbg1"],
    subnets: Subnets::One,
    front: Front::ProxyBalancer,
    spreads: true,
    bastion: true,
    machine: "hcloud_server.machine",
    own_bucket: |_| None,
    storage: None,
    catalogue: Some(&CATALOGUE),
};

/// List prices of Nuremberg.
const CATALOGUE: Catalogue = Catalogue {
    date: "2026-04",
    currency: "EUR",
    region: "eu-central",
    sizes: &[
        offer("cx23", 4, 40, 399),
        offer("cx33", 8, 80, 649),
        offer("cx43", 16, 160, 1199),
        offer("cx53", 32, 320, 2249),
        offer("ccx43", 64, 360, 12_499),
        offer("ccx53", 128, 600, 24_999),
        offer("ccx63", 192, 960, 37_499),
    ],
    disk: 572,
    balancer: 749,
    address: 60,
    gateway: 0,
    leaves_out: "tax, traffic beyond what is included, snapshots and backups outside the platform",
};

const fn offer(name: &'static str, memory_gb: u64, disk_gb: u64, price: u64) -> Offer {
    Offer {
        name,
        memory_mb: memory_gb * 1024,
        disk_gb: Some(disk_gb),
        price,
    }
}
