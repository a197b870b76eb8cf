//! `haproxy.cfg`: leads the application to whichever Redis is the master.

use serde::Serialize;

use super::{LOCAL, machines};
use crate::environment::Environment;
use crate::targets::Artifact;
use crate::topology::Role;

/// The values of the template.
#[derive(Debug, Serialize)]
struct Proxy {
    bind: String,
    servers: Vec<Server>,
    check_timeout: String,
}

/// A Redis.
#[derive(Debug, Serialize)]
struct Server {
    name: String,
    address: String,
}

pub(super) fn lower(environment: &Environment<'_>) -> Artifact {
    let port = environment.settings().cache.port();
    let check = &environment.inventory().health_checks.cache;
    let values = Proxy {
        bind: format!("{LOCAL}:{port}"),
        servers: machines(environment)
            .into_iter()
            .map(|machine| Server {
                name: machine.name.clone(),
                address: format!("{}:{port}", machine.address),
            })
            .collect(),
        check_timeout: format!("{}s", check.timeout.as_seconds()),
    };
    environment
        .artifact("cache/haproxy.cfg", "cache/haproxy.cfg.tera", &values)
        .impact(environment.impact("reloads haproxy", Role::App))
}
