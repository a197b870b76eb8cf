//! The playbook, and the variables of its roles.

use serde::Serialize;

use crate::environment::Environment;
use crate::model::CacheDriver;
use crate::targets::Artifact;
use crate::topology::edges::cache_ports;
use crate::topology::{CacheLayout, Role};
use crate::units::Requirement;

/// The playbook's file.
pub(super) const PLAYBOOK: &str = "cache.yml";

/// The values of the playbook.
#[derive(Debug, Serialize)]
struct Plays {
    layout: &'static str,
}

/// A version the play demands, as Ansible's `version` test takes it.
#[derive(Debug, Serialize)]
struct Bound {
    operator: &'static str,
    version: String,
}

/// The values of `group_vars/cache/cache.yml`.
#[derive(Debug, Serialize)]
struct Variables {
    package: &'static str,
    program: &'static str,
    key: String,
    requirement: String,
    bounds: Vec<Bound>,
    redis: bool,
    layout: &'static str,
    port: u16,
    ports: Vec<u16>,
}

pub(super) fn lower(environment: &Environment<'_>, layout: CacheLayout) -> Vec<Artifact> {
    let versions = &environment.inventory().dependencies.cache;
    let driver = environment.settings().cache.driver;
    let (package, program, requirement) = match driver {
        CacheDriver::Redis => ("redis-server", "Redis", &versions.redis),
        CacheDriver::Memcached => ("memcached", "memcached", &versions.memcached),
    };
    let values = Variables {
        package,
        program,
        key: format!("dependencies.cache.{}", driver.name()),
        requirement: requirement
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default(),
        bounds: requirement
            .iter()
            .flat_map(Requirement::bounds)
            .map(|bound| Bound {
                operator: bound.operator,
                version: bound.version,
            })
            .collect(),
        redis: driver == CacheDriver::Redis,
        layout: name(layout),
        port: environment.settings().cache.port().get(),
        ports: cache_ports(environment.resolved),
    };
    vec![
        environment.artifact(
            format!("ansible/{PLAYBOOK}"),
            "ansible/cache.yml.tera",
            &Plays {
                layout: name(layout),
            },
        ),
        environment
            .artifact(
                "ansible/inventory/group_vars/cache/cache.yml",
                "cache/group_vars/cache.yml.tera",
                &values,
            )
            .impact(environment.impact("changes versions or instances", Role::Cache)),
    ]
}

/// The layout's name in Ansible.
fn name(layout: CacheLayout) -> &'static str {
    match layout {
        CacheLayout::Cluster => "cluster",
        CacheLayout::Sentinel => "sentinel",
        CacheLayout::Replicas => "replicas",
        CacheLayout::Single => "single",
        CacheLayout::Memcached => "memcached",
    }
}
