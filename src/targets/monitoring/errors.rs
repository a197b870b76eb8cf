//! Errors of the application: what reports them, and what collects them.

use serde::Serialize;

use super::logs::days;
use super::{Part, monitoring_machine};
use crate::deployment::{Deployment, Origin, Playbook, Secret};
use crate::environment::Environment;
use crate::model::ErrorStore;
use crate::targets::Artifact;
use crate::topology::{Role, ports};

pub(super) const PART: Part = Part { lower, deployment };

/// Where the portal shows Bugsink.
pub(super) const PATH: &str = "/errors";

/// Signs sessions and the like.
const SECRET_KEY: Secret = Secret {
    name: "errors_secret_key",
    purpose: "the error store's signatures",
    origin: Origin::Key,
};

/// Where errors go when the store is elsewhere.
const DSN: Secret = Secret {
    name: "errors_dsn",
    purpose: "the address (DSN) that errors are reported to",
    origin: Origin::Given,
};

fn store(environment: &Environment<'_>) -> ErrorStore {
    environment.inventory().monitoring.errors.store
}

fn lower(environment: &Environment<'_>) -> Vec<Artifact> {
    let mut artifacts = vec![variables(environment)];
    if store(environment) != ErrorStore::Logs {
        artifacts.extend(reporter(environment));
    }
    if store(environment) == ErrorStore::Bugsink {
        artifacts.extend(bugsink(environment));
    }
    artifacts
}

fn deployment(environment: &Environment<'_>) -> Deployment {
    let reporter = Playbook {
        file: "errors.yml",
        title: "Report the application's errors",
    };
    match store(environment) {
        ErrorStore::Bugsink => Deployment {
            playbooks: vec![
                Playbook {
                    file: "error_store.yml",
                    title: "Set up the error store",
                },
                reporter,
            ],
            roles: vec!["error_store", "errors"],
            secrets: vec![SECRET_KEY, super::dashboard::PASSWORD],
            ..Deployment::default()
        },
        ErrorStore::Logs => Deployment {
            playbooks: vec![reporter],
            roles: vec!["errors"],
            ..Deployment::default()
        },
        ErrorStore::External => Deployment {
            playbooks: vec![reporter],
            roles: vec!["errors"],
            secrets: vec![DSN],
            ..Deployment::default()
        },
    }
}

/// The values of a file that has none.
#[derive(Debug, Serialize)]
struct Nothing {}

fn reporter(environment: &Environment<'_>) -> [Artifact; 2] {
    let reloads = environment.impact("reloads php-fpm", Role::App);
    [
        environment
            .artifact(
                "monitoring/errors/reporter.php",
                "monitoring/errors/reporter.php",
                &Nothing {},
            )
            .impact(reloads.clone()),
        environment
            .artifact(
                "monitoring/errors/80-errors.ini",
                "monitoring/errors/80-errors.ini.tera",
                &Nothing {},
            )
            .impact(reloads),
    ]
}

/// The values of `group_vars/all/errors.yml`.
#[derive(Debug, Serialize)]
struct Variables {
    store: &'static str,
}

fn variables(environment: &Environment<'_>) -> Artifact {
    let values = Variables {
        store: match store(environment) {
            ErrorStore::Bugsink => "bugsink",
            ErrorStore::Logs => "logs",
            ErrorStore::External => "external",
        },
    };
    environment
        .artifact(
            "ansible/inventory/group_vars/all/errors.yml",
            "monitoring/group_vars/all/errors.yml.tera",
            &values,
        )
        .impact(environment.impact("changes where errors are reported", Role::App))
}

/// The values of Bugsink's files.
#[derive(Debug, Serialize)]
struct Bugsink {
    base_url: String,
    machine: String,
    title: String,
    project: String,
    days: u64,
    reason: String,
    port: u16,
    interval: String,
}

/// Bugsink's files: where each is, its template, and whether a change restarts it.
const FILES: &[(&str, &str, bool)] = &[
    (
        "monitoring/errors/requirements.txt",
        "monitoring/errors/requirements.txt",
        true,
    ),
    (
        "monitoring/errors/bugsink_conf.py",
        "monitoring/errors/bugsink_conf.py.tera",
        true,
    ),
    (
        "monitoring/errors/bugsink.service",
        "monitoring/errors/bugsink.service.tera",
        true,
    ),
    (
        "monitoring/errors/bugsink-tasks.service",
        "monitoring/errors/bugsink-tasks.service.tera",
        true,
    ),
    (
        "monitoring/errors/bugsink-clean.service",
        "monitoring/errors/bugsink-clean.service.tera",
        false,
    ),
    (
        "monitoring/errors/bugsink-clean.timer",
        "monitoring/errors/bugsink-clean.timer.tera",
        false,
    ),
    (
        "monitoring/errors/bugsink-setup.py",
        "monitoring/errors/bugsink-setup.py.tera",
        false,
    ),
    (
        "monitoring/errors/error-metrics.py",
        "monitoring/errors/error-metrics.py.tera",
        false,
    ),
    (
        "monitoring/errors/error-metrics.service",
        "monitoring/errors/error-metrics.service.tera",
        false,
    ),
    (
        "monitoring/errors/error-metrics.timer",
        "monitoring/errors/error-metrics.timer.tera",
        false,
    ),
];

fn bugsink(environment: &Environment<'_>) -> Vec<Artifact> {
    let inventory = environment.inventory();
    let monitoring = &inventory.monitoring;
    let machine = monitoring_machine(environment);
    let project = inventory.project.name.to_string();
    let (key, retention) = match monitoring.errors.retention {
        Some(own) => ("monitoring.errors.retention", own),
        None => ("monitoring.logging.retention", monitoring.logging.retention),
    };
    let values = Bugsink {
        // By its address, which its certificate names and every application machine knows.
        base_url: format!("https://{}:{}{PATH}", machine.address, ports::PORTAL),
        machine: machine.name.clone(),
        title: format!("Errors of {project}, {}", environment.name()),
        project,
        days: days(retention),
        reason: format!("{key} is {retention}."),
        port: ports::ERRORS,
        interval: format!("{}s", monitoring.metrics.interval.as_seconds()),
    };
    FILES
        .iter()
        .map(|(path, template, restarts)| {
            let artifact = environment.artifact(*path, template, &values);
            if *restarts {
                artifact.impact(environment.impact("restarts Bugsink", Role::Monitoring))
            } else {
                artifact
            }
        })
        .collect()
}
