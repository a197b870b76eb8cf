//! Amazon Web Services. A subnet belongs to one availability zone, so a network is cut into a part
//! for each; its first four addresses and its last are the provider's.

use super::{Catalogue, Facts, Front, Offer, Subnets};
use crate::model::{ManagedStorage, MysqlSource};
use crate::units::Repository;

pub(super) const FACTS: Facts = Facts {
    name: "aws",
    title: "Amazon Web Services",
    interface: "ens5",
    mysql_source: MysqlSource::Oracle,
    region: "eu-central-1",
    zones: &["eu-central-1a", "eu-central-1b", "eu-central-1c"],
    subnets: Subnets::PerZone { reserved: 3 },
    front: Front::Balancer,
    spreads: false,
    bastion: true,
    machine: "aws_instance.machine",
    own_bucket: Repository::amazon_bucket,
    storage: Some(ManagedStorage::Efs),
    catalogue: Some(&CATALOGUE),
};

/// Hours of a month.
const MONTH: u64 = 730;

/// On-demand prices of Frankfurt, in hundredths of a US dollar.
const CATALOGUE: Catalogue = Catalogue {
    date: "2026-04",
    currency: "USD",
    region: "eu-central-1",
    sizes: &[
        offer("t3.micro", 1, 120),
        offer("t3.small", 2, 240),
        offer("t3.medium", 4, 480),
        offer("t3.large", 8, 960),
        offer("r6i.large", 16, 1520),
        offer("r6i.xlarge", 32, 3040),
        offer("r6i.2xlarge", 64, 6080),
        offer("r6i.4xlarge", 128, 12_160),
        offer("r6i.8xlarge", 256, 24_320),
        offer("r6i.16xlarge", 512, 48_640),
        offer("r6i.32xlarge", 1024, 97_280),
    ],
    disk: 952,
    balancer: monthly(270),
    address: monthly(50),
    gateway: monthly(520),
    leaves_out: "tax, traffic, what balancer and gateways carry, requests and bytes in the bucket, managed services",
};

/// Turns a price for an hour, in hundredths of a cent, into one for a month, in cents.
const fn monthly(hour: u64) -> u64 {
    (hour * MONTH).div_ceil(100)
}

const fn offer(name: &'static str, memory_gb: u64, hour: u64) -> Offer {
    Offer {
        name,
        memory_mb: memory_gb * 1024,
        disk_gb: None,
        price: monthly(hour),
    }
}
