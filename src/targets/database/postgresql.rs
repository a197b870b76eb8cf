//! PostgreSQL: a cluster led by Patroni, which keeps its agreement in etcd, or a single server.

mod etcd;
mod parameters;
mod patroni;
mod variables;

use super::Engine;
use crate::deployment::{Deployment, Origin, Playbook, Secret};
use crate::environment::Environment;
use crate::model::DatabaseDriver;
use crate::targets::Artifact;
use crate::topology::Role;

use parameters::Parameters;

/// The engine.
pub(super) const ENGINE: Engine = Engine {
    driver: DatabaseDriver::Postgresql,
    lower,
    deployment,
};

fn lower(environment: &Environment<'_>) -> Vec<Artifact> {
    let mut artifacts = if environment.topology.single {
        single(environment)
    } else {
        let mut artifacts = patroni::lower(environment);
        artifacts.extend(etcd::lower(environment));
        artifacts
    };
    artifacts.push(variables::lower(environment));
    artifacts
}

/// One server, for this machine alone.
fn single(environment: &Environment<'_>) -> Vec<Artifact> {
    environment
        .topology
        .with_role(Role::Database)
        .map(|machine| {
            environment
                .artifact(
                    format!("database/{}/postgresql.conf", machine.name),
                    "database/postgresql/postgresql.conf.tera",
                    &Parameters::new(environment, machine),
                )
                .impact(format!("restarts PostgreSQL on {}", machine.name))
        })
        .collect()
}

fn deployment(environment: &Environment<'_>) -> Deployment {
    let secret = |name, purpose| Secret {
        name,
        purpose,
        origin: Origin::Password,
    };
    let mut secrets = vec![
        secret("database_password", "the application at the database"),
        secret("database_monitor_password", "monitoring at the database"),
        secret("database_backup_password", "backups at the database"),
    ];
    if environment.topology.single {
        return Deployment {
            playbooks: vec![Playbook {
                file: "postgresql.yml",
                title: "Set up the database",
            }],
            roles: vec!["data_disk", "postgresql"],
            secrets,
            ..Deployment::default()
        };
    }
    secrets.extend([
        secret(
            "database_admin_password",
            "members that rewind to another's history",
        ),
        secret("database_replication_password", "replicas at their primary"),
    ]);
    Deployment {
        playbooks: vec![
            Playbook {
                file: "etcd.yml",
                title: "Set up what the database's members agree by",
            },
            Playbook {
                file: "patroni.yml",
                title: "Set up the database",
            },
        ],
        by_hand: vec!["recover_database.yml"],
        roles: vec!["data_disk", "etcd", "patroni", "postgresql"],
        secrets,
    }
}
