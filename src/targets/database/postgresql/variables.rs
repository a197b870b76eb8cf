//! What Ansible must know of PostgreSQL.

use serde::Serialize;

use crate::environment::Environment;
use crate::targets::database::requirement::Needed;
use crate::targets::{Artifact, database};
use crate::topology::{Role, ports};

/// The values of `group_vars/database/postgresql.yml`.
#[derive(Debug, Serialize)]
struct Variables {
    needed: Needed,
    application: String,
    scope: String,
    settle: u64,
    port: u16,
    rest_port: u16,
    single: bool,
}

pub(super) fn lower(environment: &Environment<'_>) -> Artifact {
    let inventory = environment.inventory();
    let values = Variables {
        needed: Needed::new(
            "postgresql-15",
            "dependencies.database.postgresql",
            inventory.dependencies.database.postgresql.as_ref(),
        ),
        application: database::name(environment),
        scope: inventory.project.name.to_string(),
        settle: inventory.health_checks.database.timeout.as_seconds().max(1),
        port: environment.settings().database.port().get(),
        rest_port: ports::DATABASE_ROLE,
        single: environment.topology.single,
    };
    environment
        .artifact(
            "ansible/inventory/group_vars/database/postgresql.yml",
            "database/postgresql/group_vars.yml.tera",
            &values,
        )
        .impact(environment.impact("changes checks or database users", Role::Database))
}
