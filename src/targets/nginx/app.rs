//! `sites/app.conf`: hands requests to php-fpm on every application machine.

use serde::Serialize;

use super::{Peer, peers};
use crate::environment::Environment;
use crate::targets::Artifact;
use crate::topology::Role;
use crate::topology::ports;

/// The values of the template.
#[derive(Debug, Serialize)]
struct Site {
    single: bool,
    listen: String,
    candidate_port: u16,
    load_balancers: Vec<Peer>,
    monitoring: Vec<Peer>,
    client_max_body_size: String,
    fastcgi_read_timeout: String,
    order: String,
}

pub(super) fn lower(environment: &Environment<'_>) -> Artifact {
    let single = environment.topology.single;
    let capacity = &environment.topology.capacity;
    let values = Site {
        single,
        listen: if single {
            format!("127.0.0.1:{}", ports::APP)
        } else {
            ports::APP.to_string()
        },
        candidate_port: ports::CANDIDATE,
        load_balancers: if single {
            Vec::new()
        } else {
            peers(environment, Role::LoadBalancer)
        },
        monitoring: peers(environment, Role::Monitoring),
        client_max_body_size: capacity.bodies.client.to_string(),
        fastcgi_read_timeout: format!("{}s", capacity.timeouts.fastcgi),
        order: capacity.timeouts.order(),
    };
    environment
        .artifact("nginx/sites/app.conf", "nginx/sites/app.conf.tera", &values)
        .impact(environment.impact("reloads nginx", Role::App))
}
