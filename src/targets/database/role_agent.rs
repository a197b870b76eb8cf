//! The role agent: tells over HTTP which role a MySQL or MariaDB member has, as Patroni does for
//! PostgreSQL, so that one proxy serves all three.

use serde::Serialize;

use crate::environment::Environment;
use crate::targets::Artifact;
use crate::topology::{Machine, Role, ports};

/// The longest the agent waits for its member, in seconds. It asks through a socket on the same
/// machine, so whoever takes longer does not serve anybody.
const LONGEST: u64 = 3;

/// What the agent asks, as its `--flavour` takes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flavour {
    /// MySQL with Group Replication.
    Group,
    /// MySQL with replicas that are never promoted.
    Source,
    /// MariaDB with Galera, whose agents agree on one member for writes.
    Galera,
    /// MariaDB with replicas that are never promoted.
    Replication,
}

impl Flavour {
    /// Its name, and the agent that knows it.
    fn facts(self) -> (&'static str, &'static str) {
        const MYSQL: &str = "database/role_agent.py";
        const MARIADB: &str = "database/mariadb/role_agent.py";
        match self {
            Self::Group => ("group", MYSQL),
            Self::Source => ("source", MYSQL),
            Self::Galera => ("galera", MARIADB),
            Self::Replication => ("replication", MARIADB),
        }
    }

    fn name(self) -> &'static str {
        self.facts().0
    }

    fn template(self) -> &'static str {
        self.facts().1
    }
}

/// The values of `role_agent.service`.
#[derive(Debug, Serialize)]
struct Unit {
    service: &'static str,
    flavour: &'static str,
    address: String,
    port: u16,
    members: usize,
    peers: Vec<String>,
    timeout: u64,
    timeouts: String,
}

/// Lowers the agent and its unit on every machine; `service` is the database's unit. Nothing where
/// everything is on one machine: nobody asks there.
pub(super) fn lower(
    environment: &Environment<'_>,
    flavour: Flavour,
    service: &'static str,
) -> Vec<Artifact> {
    if environment.topology.single {
        return Vec::new();
    }
    let machines = || environment.topology.with_role(Role::Database);
    let members = machines().count();
    let agent = environment
        .artifact("database/role_agent.py", flavour.template(), &Nothing {})
        .impact(environment.impact("restarts the role agent", Role::Database));
    let units = machines().map(|machine| unit(environment, machine, flavour, service, members));
    std::iter::once(agent).chain(units).collect()
}

/// The values of a file that has none.
#[derive(Debug, Serialize)]
struct Nothing {}

fn unit(
    environment: &Environment<'_>,
    machine: &Machine,
    flavour: Flavour,
    service: &'static str,
    members: usize,
) -> Artifact {
    let allowed = environment
        .inventory()
        .health_checks
        .database
        .timeout
        .as_seconds();
    let timeout = (allowed / 2).clamp(1, LONGEST);
    let values = Unit {
        service,
        flavour: flavour.name(),
        address: machine.address.to_string(),
        port: ports::DATABASE_ROLE,
        members,
        peers: if flavour == Flavour::Galera {
            let machines = environment.topology.with_role(Role::Database);
            machines
                .map(|machine| machine.address.to_string())
                .collect()
        } else {
            Vec::new()
        },
        timeout,
        timeouts: format!(
            "An answer takes {timeout}s at most, well below the {allowed}s a check may take."
        ),
    };
    environment
        .artifact(
            format!("database/{}/role_agent.service", machine.name),
            "database/role_agent.service.tera",
            &values,
        )
        .impact(format!("restarts the role agent on {}", machine.name))
}
