//! This computer: systemd containers, with no account and no network.

use super::{Facts, Front, Subnets};
use crate::model::MysqlSource;

pub(super) const FACTS: Facts = Facts {
    name: "local",
    title: "This computer",
    interface: "host0",
    mysql_source: MysqlSource::DebianSidCore,
    region: "",
    zones: &[],
    subnets: Subnets::One,
    front: Front::SharedAddress,
    spreads: true,
    bastion: false,
    machine: "terraform_data.machine",
    own_bucket: |_| None,
    storage: None,
    catalogue: None,
};
