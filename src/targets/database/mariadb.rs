//! MariaDB: a Galera cluster behind one writer, one primary with asynchronous replicas where
//! failover is off, or a single server.

mod arbitrator;
mod galera;
mod variables;

use serde::Serialize;

use super::Engine;
use super::role_agent::{self, Flavour};
use crate::deployment::{Deployment, Origin, Playbook, Secret};
use crate::environment::Environment;
use crate::model::{DatabaseDriver, LogLevel};
use crate::targets::Artifact;
use crate::topology::{Machine, Role};
use crate::units::Size;

use galera::Galera;

/// The engine.
pub(super) const ENGINE: Engine = Engine {
    driver: DatabaseDriver::Mariadb,
    lower,
    deployment,
};

/// Seconds after which a query is slow.
const SLOW: u32 = 1;

/// Days a binary log is kept: a replica that was away for a week catches up by itself.
const BINARY_LOG_DAYS: u32 = 7;

/// What a member's number is added to for the MariaDB GTID domain of its own writes; the cluster's
/// are in 1, a primary's in 0.
const OWN_DOMAIN: u32 = 100;

/// The smallest and the largest redo log: MariaDB's own default, and what keeps a restart after a
/// crash within minutes.
const REDO_LOG: [Size; 2] = [Size::mebibytes(96), Size::gibibytes(4)];

/// How the members stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Form {
    /// One server, for this machine alone.
    Single,
    /// One primary; replicas follow, and none is promoted.
    Replication,
    /// Every member has every transaction before it is acknowledged.
    Galera,
}

fn form(environment: &Environment<'_>) -> Form {
    if environment.topology.single {
        Form::Single
    } else if environment.inventory().scaling.database.failover.0 {
        Form::Galera
    } else {
        Form::Replication
    }
}

fn lower(environment: &Environment<'_>) -> Vec<Artifact> {
    let mut artifacts: Vec<Artifact> = environment
        .topology
        .with_role(Role::Database)
        .map(|machine| server(environment, machine))
        .collect();
    artifacts.extend(arbitrator::lower(environment));
    artifacts.push(variables::lower(environment));
    let flavour = match form(environment) {
        Form::Single | Form::Galera => Flavour::Galera,
        Form::Replication => Flavour::Replication,
    };
    artifacts.extend(role_agent::lower(environment, flavour, "mariadb"));
    artifacts
}

fn deployment(environment: &Environment<'_>) -> Deployment {
    let form = form(environment);
    let arbitrated = arbitrator::machine(environment).is_some();
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
    if form == Form::Replication {
        secrets.push(secret(
            "database_replication_password",
            "replicas at their primary",
        ));
    }
    let mut playbooks = vec![Playbook {
        file: "mariadb.yml",
        title: "Set up the database",
    }];
    if arbitrated {
        playbooks.push(Playbook {
            file: "arbitrator.yml",
            title: "Set up the database cluster's arbitrator",
        });
    }
    let mut roles = vec!["data_disk", "mariadb"];
    if form != Form::Single {
        roles.push("role_agent");
    }
    if arbitrated {
        roles.push("arbitrator");
    }
    Deployment {
        playbooks,
        by_hand: if form == Form::Galera {
            vec!["recover_database.yml"]
        } else {
            Vec::new()
        },
        roles,
        secrets,
    }
}

/// The values of `mariadb.cnf`.
#[derive(Debug, Serialize)]
struct Server {
    form: Form,
    address: String,
    port: u16,
    first: String,
    primary: bool,
    number: u32,
    own_domain: u32,
    max_connections: u32,
    buffer_pool: String,
    redo_log: String,
    redo_log_arithmetic: String,
    query_cache: Option<u64>,
    query_cache_size: String,
    log_warnings: u32,
    log_level: LogLevel,
    slow: u32,
    binary_log_days: u32,
    binary_log_seconds: u32,
    galera: Option<Galera>,
}

fn server(environment: &Environment<'_>, machine: &Machine) -> Artifact {
    let inventory = environment.inventory();
    let performance = &inventory.performance.database;
    let form = form(environment);
    let quarter = performance.buffer_pool.scale(1, 4);
    let redo_log = quarter.clamp(REDO_LOG[0], REDO_LOG[1]);
    let level = inventory.monitoring.logging.level;
    let values = Server {
        form,
        address: if form == Form::Single {
            "127.0.0.1".to_owned()
        } else {
            machine.address.to_string()
        },
        port: environment.settings().database.port().get(),
        first: Role::Database.machine_name(1),
        primary: machine.number == 1,
        number: machine.number,
        own_domain: OWN_DOMAIN + machine.number,
        max_connections: performance.max_connections.get(),
        buffer_pool: performance.buffer_pool.exact(),
        redo_log: redo_log.exact(),
        redo_log_arithmetic: format!(
            "{} buffer pool / 4 = {quarter}, kept within {} to {}",
            performance.buffer_pool, REDO_LOG[0], REDO_LOG[1]
        ),
        query_cache: performance.query_cache.map(Size::as_bytes),
        query_cache_size: performance
            .query_cache
            .map_or_else(String::new, Size::exact),
        log_warnings: log_warnings(level),
        log_level: level,
        slow: SLOW,
        binary_log_days: BINARY_LOG_DAYS,
        binary_log_seconds: BINARY_LOG_DAYS * 86_400,
        galera: (form == Form::Galera).then(|| galera::values(environment, machine)),
    };
    environment
        .artifact(
            format!("database/{}/mariadb.cnf", machine.name),
            "database/mariadb/mariadb.cnf.tera",
            &values,
        )
        .impact(format!("restarts MariaDB on {}", machine.name))
}

/// How much MariaDB writes besides errors: 2 is its default, 1 leaves out refused and broken
/// connections, 4 notes every one of them.
fn log_warnings(level: LogLevel) -> u32 {
    match level {
        LogLevel::Debug => 4,
        LogLevel::Info | LogLevel::Notice => 2,
        LogLevel::Warning => 1,
        LogLevel::Error | LogLevel::Critical | LogLevel::Alert | LogLevel::Emergency => 0,
    }
}
