//! `sites/load_balancer.conf`: takes visitors' requests and spreads them over the application
//! machines.

use serde::Serialize;

use super::{Peer, peers};
use crate::environment::Environment;
use crate::model::LoadBalancer;
use crate::targets::Artifact;
use crate::topology::{AddressPlan, Role, has_proxy_in_front, ports};

/// Debian's self-signed certificate, from the package `ssl-cert`.
const SNAKEOIL: (&str, &str) = (
    "/etc/ssl/certs/ssl-cert-snakeoil.pem",
    "/etc/ssl/private/ssl-cert-snakeoil.key",
);

/// Machines one request is tried on at most; more would only make a bad request harm more of them.
const TRIES: usize = 3;

/// Seconds after which a request is not tried again: it may be what the machine fails on.
const TRIES_TIMEOUT: u64 = 10;

/// The values of the template.
#[derive(Debug, Serialize)]
struct Site {
    single: bool,
    zone: String,
    servers: Vec<Peer>,
    max_fails: u32,
    fail_timeout: String,
    keepalive: u32,
    server_names: Vec<String>,
    certificate: String,
    certificate_key: String,
    own_certificate: bool,
    client_max_body_size: String,
    bodies: String,
    timeouts: String,
    trusted_proxies: Vec<String>,
    headers: Vec<Header>,
    has_dollar: bool,
    connect_timeout: String,
    read_timeout: String,
    tries: usize,
    tries_timeout: String,
    status_port: u16,
    network: String,
    proxied: Option<Proxied>,
}

/// How the provider's balancer comes in.
#[derive(Debug, Serialize)]
struct Proxied {
    http: u16,
    https: u16,
    from: String,
}

/// A response header.
#[derive(Debug, Serialize)]
struct Header {
    name: String,
    value: String,
}

pub(super) fn lower(environment: &Environment<'_>) -> Artifact {
    environment
        .artifact(
            "nginx/sites/load_balancer.conf",
            "nginx/sites/load_balancer.conf.tera",
            &values(environment),
        )
        .impact(environment.impact("reloads nginx", Role::LoadBalancer))
}

fn values(environment: &Environment<'_>) -> Site {
    let settings = &environment.inventory().load_balancer;
    let topology = &environment.topology;
    let capacity = &topology.capacity;
    let servers = servers(environment);
    let tries = servers.len().min(TRIES);
    let connect_timeout = settings.connect_timeout.as_seconds();
    let (certificate, certificate_key) = certificate(settings);
    let headers = headers(settings);
    Site {
        single: topology.single,
        // A server takes well below 4k of the zone its counters share.
        zone: format!("{}k", 64 + 4 * servers.len()),
        tries,
        // Machines that do not answer at all must leave time for one that does.
        tries_timeout: seconds(TRIES_TIMEOUT.max(connect_timeout * tries as u64)),
        servers,
        max_fails: settings.max_fails.get(),
        fail_timeout: seconds(settings.fail_timeout.as_seconds()),
        keepalive: settings.keepalive.get(),
        server_names: server_names(settings),
        own_certificate: certificate != SNAKEOIL.0,
        certificate: certificate.to_owned(),
        certificate_key: certificate_key.to_owned(),
        client_max_body_size: capacity.bodies.client.to_string(),
        bodies: capacity.bodies.order(),
        timeouts: capacity.timeouts.order(),
        trusted_proxies: settings
            .trusted_proxies
            .iter()
            .map(ToString::to_string)
            .collect(),
        has_dollar: headers.iter().any(|header| header.value.contains('$')),
        headers,
        connect_timeout: seconds(connect_timeout),
        read_timeout: seconds(capacity.timeouts.proxy),
        status_port: ports::APP,
        network: topology.network.to_string(),
        proxied: has_proxy_in_front(environment.resolved).then(|| Proxied {
            http: ports::PROXIED[0],
            https: ports::PROXIED[1],
            from: AddressPlan::of(environment.resolved)
                .shared_address()
                .to_string(),
        }),
    }
}

fn seconds(count: u64) -> String {
    format!("{count}s")
}

/// The application machines, with their port. A machine that does everything talks to itself.
fn servers(environment: &Environment<'_>) -> Vec<Peer> {
    let single = environment.topology.single;
    peers(environment, Role::App)
        .into_iter()
        .map(|Peer { name, address }| Peer {
            name,
            address: if single {
                format!("127.0.0.1:{}", ports::APP)
            } else {
                format!("{address}:{}", ports::APP)
            },
        })
        .collect()
}

/// The names served, in their order. nginx warns of a name that comes twice, in whatever case.
fn server_names(settings: &LoadBalancer) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for name in &settings.server_names {
        let name = name.as_str().to_ascii_lowercase();
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// The certificate and its key: one without the other is of no use.
fn certificate(settings: &LoadBalancer) -> (&str, &str) {
    match (&settings.tls.certificate, &settings.tls.key) {
        (Some(certificate), Some(key)) => (certificate.as_str(), key.as_str()),
        _ => SNAKEOIL,
    }
}

/// The response headers, strict transport security among them.
fn headers(settings: &LoadBalancer) -> Vec<Header> {
    const STRICT: &str = "Strict-Transport-Security";
    let own = settings.headers.iter().map(|(name, value)| Header {
        name: name.to_string(),
        value: value.to_string(),
    });
    let is_own = |name: &str| {
        let mut names = settings.headers.keys();
        names.any(|own| own.as_str().eq_ignore_ascii_case(name))
    };
    settings
        .tls
        .strict_transport
        .filter(|_| !is_own(STRICT))
        .map(|time| Header {
            name: STRICT.to_owned(),
            value: format!("max-age={}", time.as_seconds()),
        })
        .into_iter()
        .chain(own)
        .collect()
}
