//! `chrony.conf`: the right time, which logs, certificates, quorum and replication rest on.

use serde::Serialize;

use super::everywhere;
use crate::environment::Environment;
use crate::targets::Artifact;

/// The values of the template.
#[derive(Debug, Serialize)]
struct Time {
    servers: Vec<Server>,
}

/// Somebody who knows what time it is.
#[derive(Debug, Serialize)]
struct Server {
    /// A name may stand for several servers, an address is one.
    directive: &'static str,
    host: String,
}

pub(super) fn lower(environment: &Environment<'_>) -> Vec<Artifact> {
    let servers = &environment.inventory().system.time_servers;
    let values = Time {
        servers: servers
            .iter()
            .map(|host| Server {
                directive: if host.is_address() { "server" } else { "pool" },
                host: host.to_string(),
            })
            .collect(),
    };
    let artifact = environment.artifact("system/chrony.conf", "system/chrony.conf.tera", &values);
    vec![everywhere(environment, artifact, "restarts chrony")]
}
