//! `<machine>/sentinel.conf`: who watches the master, and promotes a copy.

use serde::Serialize;

use super::redis::{log_level, milliseconds};
use super::{addresses, machines};
use crate::environment::Environment;
use crate::plan::manifest;
use crate::targets::Artifact;
use crate::topology::{Machine, ports};

/// How often the time in which a master counts as lost fits into the time after which a failover
/// that got stuck is tried again. Redis's own defaults are 30 s and 180 s; electing and promoting
/// takes a second or two.
const STUCK: u64 = 10;

/// Digits of a Sentinel's name.
const ID_LENGTH: usize = 40;

/// The values of the template.
#[derive(Debug, Serialize)]
struct Sentinel {
    port: u16,
    addresses: Vec<String>,
    own_address: String,
    id: String,
    log_level: &'static str,
    master: String,
    master_port: u16,
    quorum: usize,
    sentinels: usize,
    down_after: u64,
    failover_timeout: u64,
}

pub(super) fn lower(environment: &Environment<'_>) -> Vec<Artifact> {
    machines(environment)
        .into_iter()
        .map(|machine| {
            environment
                .artifact(
                    format!("cache/{}/sentinel.conf", machine.name),
                    "cache/sentinel.conf.tera",
                    &sentinel(environment, machine),
                )
                .impact(format!("restarts Sentinel on {}", machine.name))
        })
        .collect()
}

fn sentinel(environment: &Environment<'_>, machine: &Machine) -> Sentinel {
    let all = machines(environment);
    let down_after = milliseconds(environment);
    Sentinel {
        port: ports::SENTINEL,
        addresses: addresses(environment, machine),
        own_address: machine.address.to_string(),
        id: id(environment, machine),
        log_level: log_level(environment.inventory().monitoring.logging.level),
        master: all[0].address.to_string(),
        master_port: environment.settings().cache.port().get(),
        quorum: all.len() / 2 + 1,
        sentinels: all.len(),
        down_after,
        failover_timeout: down_after.saturating_mul(STUCK),
    }
}

/// Each Sentinel's name among the others, the same for as long as the machine has its own. One
/// that came back under a new name would be counted twice, until no majority is possible.
fn id(environment: &Environment<'_>, machine: &Machine) -> String {
    let project = &environment.inventory().project.name;
    let mut id = manifest::hash(&format!(
        "sentinel of {project} {} {}",
        environment.name(),
        machine.name
    ));
    id.truncate(ID_LENGTH);
    id
}
