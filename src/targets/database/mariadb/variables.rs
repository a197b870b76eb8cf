//! What Ansible must know of MariaDB.

use serde::Serialize;

use super::{Form, form};
use crate::environment::Environment;
use crate::targets::database::requirement::Needed;
use crate::targets::{Artifact, database};
use crate::topology::{Role, sizing};

/// The values of `group_vars/database/mariadb.yml`.
#[derive(Debug, Serialize)]
struct Variables {
    needed: Needed,
    form: Form,
    votes: usize,
    application: String,
    clients: String,
    port: u16,
    primary: Option<Primary>,
}

/// Whom replicas follow.
#[derive(Debug, Serialize)]
struct Primary {
    name: String,
    address: String,
}

pub(super) fn lower(environment: &Environment<'_>) -> Artifact {
    let form = form(environment);
    let topology = &environment.topology;
    let network = topology.network;
    let first = topology.with_role(Role::Database).next();
    let values = Variables {
        needed: Needed::new(
            "mariadb-server",
            "dependencies.database.mariadb",
            environment
                .inventory()
                .dependencies
                .database
                .mariadb
                .as_ref(),
        ),
        form,
        votes: topology.with_role(Role::Database).count()
            + usize::from(sizing::has_arbitrator(environment.resolved)),
        application: database::name(environment),
        // MariaDB knows networks only with a netmask.
        clients: match form {
            Form::Single => "127.0.0.1".to_owned(),
            Form::Replication | Form::Galera => {
                format!("{}/{}", network.network(), network.netmask())
            }
        },
        port: environment.settings().database.port().get(),
        primary: first
            .filter(|_| form == Form::Replication)
            .map(|machine| Primary {
                name: machine.name.clone(),
                address: machine.address.to_string(),
            }),
    };
    environment
        .artifact(
            "ansible/inventory/group_vars/database/mariadb.yml",
            "database/mariadb/group_vars.yml.tera",
            &values,
        )
        .impact(environment.impact("changes checks or database users", Role::Database))
}
