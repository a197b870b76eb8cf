//! What each machine's certificate says, and how long all of them hold.

use std::net::IpAddr;

use serde::Serialize;

use super::everywhere;
use crate::deployment::{Origin, Secret};
use crate::environment::Environment;
use crate::targets::Artifact;
use crate::topology::{Machine, Role};
use crate::units::Host;

/// What signs them.
pub(super) const AUTHORITY: Secret = Secret {
    name: "certificate_authority",
    purpose: "private key of the authority that certifies machines to each other",
    origin: Origin::Authority,
};

/// Where machines keep what the authority gave them.
const FOLDER: &str = "/etc/ssl/internal";

/// The values of `certificate.cnf`.
#[derive(Debug, Serialize)]
struct Certificate {
    name: String,
    organisation: String,
    dns: Vec<Numbered>,
    addresses: Vec<Numbered>,
}

/// An entry of a list, as OpenSSL wants them.
#[derive(Debug, Serialize)]
struct Numbered {
    number: usize,
    value: String,
}

/// The values of `certificates.txt`.
#[derive(Debug, Serialize)]
struct Watched {
    paths: Vec<String>,
}

pub(super) fn lower(environment: &Environment<'_>) -> Vec<Artifact> {
    let mut artifacts: Vec<Artifact> = environment
        .topology
        .machines
        .iter()
        .map(|machine| {
            environment
                .artifact(
                    format!("system/{}/certificate.cnf", machine.name),
                    "system/certificate.cnf.tera",
                    &certificate(environment, machine),
                )
                .impact(format!("certifies {} anew", machine.name))
        })
        .collect();
    let watched = Watched {
        paths: watched(environment),
    };
    let what = "changes which certificates' age is measured";
    for (path, template) in [
        ("system/certificates.txt", "system/certificates.txt.tera"),
        (
            "system/certificate-metrics.sh",
            "system/certificate-metrics.sh.tera",
        ),
        (
            "system/certificate-metrics.service",
            "system/certificate-metrics.service.tera",
        ),
        (
            "system/certificate-metrics.timer",
            "system/certificate-metrics.timer.tera",
        ),
    ] {
        let artifact = environment.artifact(path, template, &watched);
        artifacts.push(everywhere(environment, artifact, what));
    }
    artifacts
}

/// The certificate on visitors' side is another's, but its age is measured too.
fn watched(environment: &Environment<'_>) -> Vec<String> {
    let own = ["machine.pem", "ca.pem"].map(|file| format!("{FOLDER}/{file}"));
    let tls = &environment.inventory().load_balancer.tls;
    let public = tls.certificate.as_ref().map(ToString::to_string);
    own.into_iter().chain(public).collect()
}

fn certificate(environment: &Environment<'_>, machine: &Machine) -> Certificate {
    let settings = environment.settings();
    let mut dns = vec![machine.name.clone(), "localhost".to_owned()];
    let mut addresses = vec![machine.address.to_string(), "127.0.0.1".to_owned()];
    let services: [(&Host, Role); 2] = [
        (&settings.cache.host, Role::Cache),
        (&settings.database.host, Role::Database),
    ];
    for (host, role) in services {
        if !machine.roles.contains(&role) {
            continue;
        }
        let names = if host.as_str().parse::<IpAddr>().is_ok() {
            &mut addresses
        } else {
            &mut dns
        };
        if !names.contains(&host.to_string()) {
            names.push(host.to_string());
        }
    }
    Certificate {
        name: machine.name.clone(),
        organisation: format!(
            "{} {}",
            environment.inventory().project.name,
            environment.name()
        ),
        dns: numbered(dns),
        addresses: numbered(addresses),
    }
}

fn numbered(values: Vec<String>) -> Vec<Numbered> {
    (1..)
        .zip(values)
        .map(|(number, value)| Numbered { number, value })
        .collect()
}
