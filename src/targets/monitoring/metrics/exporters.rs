//! Exporters: which program speaks for which role, and what it is told on each machine.

use serde::Serialize;

use super::{cache_ports, reach};
use crate::environment::Environment;
use crate::model::{CacheDriver, DatabaseDriver};
use crate::targets::Artifact;
use crate::topology::{Machine, Role, ports};

/// A program that speaks for another.
struct Exporter {
    /// Its package, its unit and its file in `/etc/default`.
    unit: &'static str,
    /// What it is called in Ansible and in templates.
    name: &'static str,
    template: &'static str,
    port: u16,
    /// The roles it speaks for; none for every machine.
    roles: &'static [Role],
    /// Whether the environment has what it speaks for.
    needed: fn(&Environment<'_>) -> bool,
}

/// Every exporter beside the services of a machine.
const EXPORTERS: &[Exporter] = &[
    Exporter {
        unit: "prometheus-node-exporter",
        name: "node",
        template: "monitoring/exporters/prometheus-node-exporter.tera",
        port: ports::NODE_EXPORTER,
        roles: &[],
        needed: |_| true,
    },
    Exporter {
        unit: "prometheus-nginx-exporter",
        name: "nginx",
        template: "monitoring/exporters/prometheus-nginx-exporter.tera",
        port: ports::NGINX_EXPORTER,
        roles: &[Role::LoadBalancer, Role::App],
        needed: |_| true,
    },
    Exporter {
        unit: "prometheus-redis-exporter",
        name: "redis",
        template: "monitoring/exporters/prometheus-redis-exporter.tera",
        port: ports::REDIS_EXPORTER,
        roles: &[Role::Cache],
        needed: |environment| environment.settings().cache.driver == CacheDriver::Redis,
    },
    Exporter {
        unit: "prometheus-mysqld-exporter",
        name: "mysqld",
        template: "monitoring/exporters/prometheus-mysqld-exporter.tera",
        port: ports::MYSQL_EXPORTER,
        roles: &[Role::Database],
        needed: |environment| !is_postgresql(environment),
    },
    Exporter {
        unit: "prometheus-postgres-exporter",
        name: "postgres",
        template: "monitoring/exporters/prometheus-postgres-exporter.tera",
        port: ports::POSTGRES_EXPORTER,
        roles: &[Role::Database],
        needed: is_postgresql,
    },
];

fn is_postgresql(environment: &Environment<'_>) -> bool {
    environment.settings().database.driver == DatabaseDriver::Postgresql
}

impl Exporter {
    fn runs_on(&self, machine: &Machine) -> bool {
        self.roles.is_empty() || self.roles.iter().any(|role| machine.roles.contains(role))
    }
}

/// The values of an exporter's file in `/etc/default`.
#[derive(Debug, Serialize)]
struct Arguments {
    address: String,
    port: u16,
    status_port: u16,
    database_port: u16,
    group_replication: bool,
}

/// The values of `group_vars/all/metrics.yml`.
#[derive(Debug, Serialize)]
struct Variables {
    single: bool,
    exporters: Vec<Described>,
    redis_ports: Vec<u16>,
}

/// An exporter as the role takes it.
#[derive(Debug, Serialize)]
struct Described {
    name: &'static str,
    unit: &'static str,
    port: u16,
    groups: Vec<&'static str>,
}

pub(super) fn lower(environment: &Environment<'_>) -> Vec<Artifact> {
    let mut artifacts = vec![variables(environment), service(environment)];
    for machine in &environment.topology.machines {
        for exporter in needed(environment).filter(|exporter| exporter.runs_on(machine)) {
            artifacts.push(arguments(environment, machine, exporter));
        }
    }
    artifacts
}

fn needed(environment: &Environment<'_>) -> impl Iterator<Item = &'static Exporter> {
    EXPORTERS
        .iter()
        .filter(move |exporter| (exporter.needed)(environment))
}

fn arguments(environment: &Environment<'_>, machine: &Machine, exporter: &Exporter) -> Artifact {
    let settings = environment.settings();
    let failover = environment.inventory().scaling.database.failover.0;
    let values = Arguments {
        address: reach(environment, machine),
        port: exporter.port,
        status_port: ports::APP,
        database_port: settings.database.port().get(),
        group_replication: settings.database.driver == DatabaseDriver::Mysql
            && failover
            && !environment.topology.single,
    };
    environment
        .artifact(
            format!("monitoring/{}/{}", machine.name, exporter.unit),
            exporter.template,
            &values,
        )
        .impact(format!("restarts {} on {}", exporter.unit, machine.name))
}

/// The values of a file that has none.
#[derive(Debug, Serialize)]
struct Nothing {}

fn service(environment: &Environment<'_>) -> Artifact {
    environment
        .artifact(
            "monitoring/exporters/service.conf",
            "monitoring/exporters/service.conf.tera",
            &Nothing {},
        )
        .impact("restarts the exporters of every machine")
}

fn variables(environment: &Environment<'_>) -> Artifact {
    let values = Variables {
        single: environment.topology.single,
        exporters: needed(environment)
            .map(|exporter| Described {
                name: exporter.name,
                unit: exporter.unit,
                port: exporter.port,
                groups: if exporter.roles.is_empty() {
                    vec!["all"]
                } else {
                    exporter.roles.iter().map(|role| role.name()).collect()
                },
            })
            .collect(),
        redis_ports: cache_ports(environment),
    };
    environment.artifact(
        "ansible/inventory/group_vars/all/metrics.yml",
        "monitoring/group_vars/all.yml.tera",
        &values,
    )
}
