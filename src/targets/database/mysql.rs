//! MySQL with Group Replication.

mod group;

use serde::Serialize;

use super::Engine;
use super::role_agent::{self, Flavour};
use crate::deployment::{Deployment, Origin, Playbook, Secret};
use crate::environment::Environment;
use crate::model::{DatabaseDriver, LogLevel, MysqlSource};
use crate::targets::Artifact;
use crate::topology::{Machine, Role};
use crate::units::{Requirement, Size};

/// The engine.
pub(super) const ENGINE: Engine = Engine {
    driver: DatabaseDriver::Mysql,
    lower,
    deployment,
};

/// The fewest days the binary log is kept.
const BINLOG_DAYS: u64 = 3;

/// The smallest redo log: MySQL's default.
const REDO_LEAST: Size = Size::mebibytes(100);

/// The largest redo log: reading more takes minutes after a crash.
const REDO_MOST: Size = Size::gibibytes(8);

/// Descriptors beside connections: two for each of MySQL's 4000 cached tables, and 2000 for logs and
/// temporary files.
const FILES: u64 = 2 * 4000 + 2000;

/// How members relate to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Replication {
    /// One server.
    Single,
    /// Group Replication.
    Group,
    /// Replicas follow the first machine.
    Source,
}

impl Replication {
    fn of(environment: &Environment<'_>) -> Self {
        if environment.topology.single {
            Self::Single
        } else if environment.inventory().scaling.database.failover.0 {
            Self::Group
        } else {
            Self::Source
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Single => "single",
            Self::Group => "group",
            Self::Source => "source",
        }
    }
}

fn lower(environment: &Environment<'_>) -> Vec<Artifact> {
    let replication = Replication::of(environment);
    let rolling = match replication {
        Replication::Single => "restarts MySQL",
        _ => "restarts MySQL, one machine at a time,",
    };
    let mut artifacts = vec![
        environment
            .artifact(
                "database/mysql.service",
                "database/mysql/mysql.service.tera",
                &service(environment),
            )
            .impact(environment.impact(rolling, Role::Database)),
        environment.artifact(
            "ansible/inventory/group_vars/database/mysql.yml",
            "database/mysql/group_vars.yml.tera",
            &variables(environment, replication),
        ),
    ];
    artifacts.extend(
        environment
            .topology
            .with_role(Role::Database)
            .map(|machine| {
                environment
                    .artifact(
                        format!("database/{}/mysqld.cnf", machine.name),
                        "database/mysql/mysqld.cnf.tera",
                        &configuration(environment, machine, replication),
                    )
                    .impact(format!("restarts MySQL on {}", machine.name))
            }),
    );
    let flavour = match replication {
        Replication::Group | Replication::Single => Flavour::Group,
        Replication::Source => Flavour::Source,
    };
    artifacts.extend(role_agent::lower(environment, flavour, "mysql"));
    artifacts
}

fn deployment(environment: &Environment<'_>) -> Deployment {
    let mut roles = vec!["data_disk", "mysql"];
    roles.extend(source(environment).role);
    let mut by_hand = Vec::new();
    let mut secrets = vec![
        password("database_password", "the application's database user"),
        password("database_monitor_password", "the exporter's database user"),
        password("database_backup_password", "the backup's database user"),
    ];
    if !environment.topology.single {
        roles.push("role_agent");
        secrets.push(password(
            "database_replication_password",
            "the database members among themselves",
        ));
    }
    if Replication::of(environment) == Replication::Group {
        by_hand.push("recover_database.yml");
    }
    Deployment {
        playbooks: vec![Playbook {
            file: "mysql.yml",
            title: "Set up the database",
        }],
        by_hand,
        roles,
        secrets,
    }
}

fn password(name: &'static str, purpose: &'static str) -> Secret {
    Secret {
        name,
        purpose,
        origin: Origin::Password,
    }
}

/// Where MySQL is installed from.
struct Source {
    /// The role that adds it, unless machines come with it: local ones have a folder of packages,
    /// so that no rendered file ever names Debian's unstable suite for a cloud.
    role: Option<&'static str>,
    /// The server's package first.
    packages: &'static [&'static str],
}

fn source(environment: &Environment<'_>) -> Source {
    match environment.inventory().infrastructure.mysql_source() {
        MysqlSource::Oracle => Source {
            role: Some("mysql_from_oracle"),
            packages: &["mysql-community-server", "mysql-community-client"],
        },
        MysqlSource::DebianSidCore => Source {
            role: None,
            packages: &["mysql-core-bundle"],
        },
    }
}

/// The values of `mysql.service`.
#[derive(Debug, Serialize)]
struct Service {
    max_connections: u32,
    files: u64,
}

fn service(environment: &Environment<'_>) -> Service {
    let performance = &environment.inventory().performance.database;
    let max_connections = performance.max_connections.get();
    Service {
        max_connections,
        files: u64::from(max_connections) + FILES,
    }
}

/// A version the play demands, as Ansible's `version` test takes it.
#[derive(Debug, Serialize)]
struct Bound {
    operator: &'static str,
    version: String,
}

/// The values of the group's variables.
#[derive(Debug, Serialize)]
struct Variables {
    source_role: Option<&'static str>,
    packages: &'static [&'static str],
    port: u16,
    database: String,
    first: String,
    replication: &'static str,
    source_address: String,
    requirement: String,
    bounds: Vec<Bound>,
}

fn variables(environment: &Environment<'_>, replication: Replication) -> Variables {
    let requirement = &environment.inventory().dependencies.database.mysql;
    let first = environment.topology.with_role(Role::Database).next();
    let source = source(environment);
    Variables {
        source_role: source.role,
        packages: source.packages,
        port: environment.settings().database.port().get(),
        database: super::name(environment),
        first: first.map_or_else(String::new, |machine| machine.name.clone()),
        replication: replication.name(),
        source_address: first.map_or_else(String::new, |machine| machine.address.to_string()),
        requirement: requirement
            .as_ref()
            .map_or_else(|| "any".to_owned(), ToString::to_string),
        bounds: requirement
            .iter()
            .flat_map(Requirement::bounds)
            .map(|bound| Bound {
                operator: bound.operator,
                version: bound.version,
            })
            .collect(),
    }
}

/// The values of `mysqld.cnf`.
#[derive(Debug, Serialize)]
struct Configuration {
    cluster: bool,
    group: Option<group::Group>,
    replica: bool,
    source: String,
    address: String,
    port: u16,
    server_id: u32,
    max_connections: u32,
    buffer_pool: String,
    buffer_pool_arithmetic: Option<String>,
    redo_log: String,
    level: String,
    verbosity: u8,
    binlog_seconds: u64,
    binlog_arithmetic: String,
}

fn configuration(
    environment: &Environment<'_>,
    machine: &Machine,
    replication: Replication,
) -> Configuration {
    let inventory = environment.inventory();
    let performance = &inventory.performance.database;
    let pool = performance.buffer_pool_of(DatabaseDriver::Mysql);
    let level = inventory.monitoring.logging.level;
    let (days, binlog_arithmetic) = binlog(environment);
    let source = environment.topology.with_role(Role::Database).next();
    Configuration {
        cluster: replication != Replication::Single,
        group: (replication == Replication::Group).then(|| group::group(environment)),
        replica: replication == Replication::Source && machine.number > 1,
        source: source.map_or_else(String::new, |machine| machine.name.clone()),
        address: machine.address.to_string(),
        port: environment.settings().database.port().get(),
        server_id: machine.number,
        max_connections: performance.max_connections.get(),
        buffer_pool: pool.exact(),
        buffer_pool_arithmetic: (pool != performance.buffer_pool).then(|| {
            format!(
                "{} buffer_pool + {} query_cache, which MySQL does not have = {pool}",
                performance.buffer_pool,
                performance.query_cache.unwrap_or(Size::bytes(0))
            )
        }),
        redo_log: pool
            .scale(1, 2)
            .clamp(REDO_LEAST, REDO_MOST)
            .as_mebibytes()
            .to_string()
            + "M",
        level: level_of(level),
        verbosity: verbosity(level),
        binlog_seconds: days * 86_400,
        binlog_arithmetic,
    }
}

/// Days the binary log is kept: over three backups, so that a point in time can still be restored
/// when two of them turn out to be unusable.
fn binlog(environment: &Environment<'_>) -> (u64, String) {
    let Some(backup) = &environment.inventory().backup.database else {
        return (
            BINLOG_DAYS,
            format!("Kept for {BINLOG_DAYS} days; there are no backups to roll forward."),
        );
    };
    let gap = backup.schedule.longest_gap_days().max(1);
    let days = (gap * 3).max(BINLOG_DAYS);
    (
        days,
        format!(
            "Kept for {days} days, for backups are {gap} apart at most: any of the last three can be \
             rolled forward.",
            gap = if gap == 1 {
                "a day".to_owned()
            } else {
                format!("{gap} days")
            },
        ),
    )
}

/// `log_error_verbosity`: 1 errors, 2 also warnings, 3 also notes.
fn verbosity(level: LogLevel) -> u8 {
    match level {
        LogLevel::Debug | LogLevel::Info | LogLevel::Notice => 3,
        LogLevel::Warning => 2,
        LogLevel::Error | LogLevel::Critical | LogLevel::Alert | LogLevel::Emergency => 1,
    }
}

fn level_of(level: LogLevel) -> String {
    let kept = match verbosity(level) {
        3 => "notes, warnings and errors",
        2 => "warnings and errors",
        _ => "errors",
    };
    format!("monitoring.logging.level keeps {kept}.")
}
