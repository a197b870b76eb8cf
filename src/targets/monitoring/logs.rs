//! Every machine's log in one store: rsyslog sends and keeps, a timer compresses and deletes,
//! mtail counts.

mod files;
mod inputs;
mod rotation;

use serde::Serialize;

pub(super) use rotation::days;

use super::{Part, monitoring_machine};
use crate::deployment::{Deployment, Playbook};
use crate::environment::Environment;
use crate::model::LogLevel;
use crate::targets::Artifact;
use crate::topology::{Role, ports};

pub(super) const PART: Part = Part { lower, deployment };

/// Programs that one machine logs from, and some to spare: a Debian machine with one of our roles
/// has twenty to thirty.
const PROGRAMS: usize = 40;

/// Seconds between two marks, which every machine's rsyslog makes as a sign of life.
pub(super) const MARK: u64 = 600;

/// Connections beyond one for each machine: those that a restart leaves half open.
const SPARE_SESSIONS: usize = 20;

fn lower(environment: &Environment<'_>) -> Vec<Artifact> {
    let mut artifacts = vec![server(environment)];
    if !environment.topology.single {
        artifacts.push(client(environment));
    }
    artifacts.extend(inputs::lower(environment));
    artifacts.extend(rotation::lower(environment));
    artifacts.extend(counting(environment));
    artifacts.push(variables(environment));
    artifacts
}

fn deployment(_: &Environment<'_>) -> Deployment {
    Deployment {
        playbooks: vec![Playbook {
            file: "logs.yml",
            title: "Collect every machine's log",
        }],
        roles: vec!["logs_client", "logs_server"],
        ..Deployment::default()
    }
}

/// A level's name in RFC 5424's order, and as rsyslog and journald write it.
#[derive(Debug, Clone, Copy, Serialize)]
pub(super) struct Severity {
    /// 0 is an emergency, 7 is debugging.
    pub(super) number: usize,
    /// `err` for an error.
    pub(super) name: &'static str,
}

/// Returns a level's severity.
pub(super) fn severity(level: LogLevel) -> Severity {
    const LEVELS: [(LogLevel, &str); 8] = [
        (LogLevel::Emergency, "emerg"),
        (LogLevel::Alert, "alert"),
        (LogLevel::Critical, "crit"),
        (LogLevel::Error, "err"),
        (LogLevel::Warning, "warning"),
        (LogLevel::Notice, "notice"),
        (LogLevel::Info, "info"),
        (LogLevel::Debug, "debug"),
    ];
    let number = LEVELS
        .iter()
        .position(|(known, _)| *known == level)
        .expect("every level is listed");
    Severity {
        number,
        name: LEVELS[number].1,
    }
}

/// Where logs go.
#[derive(Debug, Serialize)]
struct Server {
    name: String,
    address: String,
}

/// The values of `rsyslog/client.conf`.
#[derive(Debug, Serialize)]
struct Client {
    programs: Vec<inputs::Spoken>,
    /// Seconds.
    mark: u64,
    level: &'static str,
    severity: usize,
    server: Server,
    port: u16,
}

fn client(environment: &Environment<'_>) -> Artifact {
    let severity = severity(environment.inventory().monitoring.logging.level);
    let machine = monitoring_machine(environment);
    let values = Client {
        programs: inputs::spoken(),
        mark: MARK,
        level: severity.name,
        severity: severity.number,
        server: Server {
            name: machine.name.clone(),
            address: machine.address.to_string(),
        },
        port: ports::SYSLOG,
    };
    environment
        .artifact(
            "monitoring/rsyslog/client.conf",
            "monitoring/rsyslog/client.conf.tera",
            &values,
        )
        .impact("restarts rsyslog on every machine but the monitoring machine")
}

/// The values of `rsyslog/server.conf`.
#[derive(Debug, Serialize)]
struct Store {
    programs: Vec<inputs::Spoken>,
    /// Seconds.
    mark: u64,
    single: bool,
    level: &'static str,
    severity: usize,
    folder_words: String,
    folder: Vec<rotation::FolderPart>,
    clients: Vec<String>,
    sessions: usize,
    port: u16,
    open_files: usize,
    machines: usize,
    per_machine: usize,
}

fn server(environment: &Environment<'_>) -> Artifact {
    let topology = &environment.topology;
    let logging = &environment.inventory().monitoring.logging;
    let severity = severity(logging.level);
    let machines = topology.machines.len();
    let values = Store {
        programs: inputs::spoken(),
        mark: MARK,
        single: topology.single,
        level: severity.name,
        severity: severity.number,
        folder_words: rotation::facts(logging.rotation).folder.concat(),
        folder: rotation::folder(logging.rotation),
        clients: topology
            .machines
            .iter()
            .filter(|machine| !machine.roles.contains(&Role::Monitoring))
            .map(|machine| machine.name.clone())
            .collect(),
        sessions: machines + SPARE_SESSIONS,
        port: ports::SYSLOG,
        open_files: machines * PROGRAMS,
        machines,
        per_machine: PROGRAMS,
    };
    environment
        .artifact(
            "monitoring/rsyslog/server.conf",
            "monitoring/rsyslog/server.conf.tera",
            &values,
        )
        .impact(environment.impact("restarts rsyslog", Role::Monitoring))
}

/// The values of a file that has none.
#[derive(Debug, Serialize)]
struct Nothing {}

/// The values of `mtail/mtail`.
#[derive(Debug, Serialize)]
struct Counting {
    listen: &'static str,
    port: u16,
}

fn counting(environment: &Environment<'_>) -> [Artifact; 3] {
    let restarts = environment.impact("restarts mtail", Role::Monitoring);
    let values = Counting {
        listen: "127.0.0.1",
        port: ports::MTAIL,
    };
    [
        environment
            .artifact(
                "monitoring/mtail/platform.mtail",
                "monitoring/mtail/platform.mtail.tera",
                &Nothing {},
            )
            .impact(restarts.clone()),
        environment
            .artifact(
                "monitoring/mtail/default",
                "monitoring/mtail/default.tera",
                &values,
            )
            .impact(restarts.clone()),
        environment
            .artifact(
                "monitoring/mtail/log-lines.conf",
                "monitoring/mtail/log-lines.conf.tera",
                &Nothing {},
            )
            .impact(restarts),
    ]
}

/// The values of `group_vars/all/logs.yml`.
#[derive(Debug, Serialize)]
struct Variables {
    inputs: Vec<inputs::Placed>,
    rotations: Vec<inputs::Placed>,
}

fn variables(environment: &Environment<'_>) -> Artifact {
    let values = Variables {
        inputs: inputs::inputs(environment),
        rotations: inputs::rotations(environment),
    };
    environment.artifact(
        "ansible/inventory/group_vars/all/logs.yml",
        "monitoring/group_vars/all/logs.yml.tera",
        &values,
    )
}
