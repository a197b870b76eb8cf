//! The dashboard: a page of our own in front of Prometheus, Alertmanager, the store of logs and
//! the error store, served by an nginx of its own.

mod facts;
pub(super) mod panels;

use serde::Serialize;

use super::{Part, errors, grafana};
use crate::deployment::{Deployment, Origin, Playbook, Secret};
use crate::environment::Environment;
use crate::model::{ErrorStore, LogLevel};
use crate::targets::Artifact;
use crate::topology::{Role, ports};

pub(super) const PART: Part = Part { lower, deployment };

/// What people log in with, as `admin`, here and in the error store.
pub(super) const PASSWORD: Secret = Secret {
    name: "dashboard_password",
    purpose: "the dashboard's user `admin`",
    origin: Origin::Password,
};

/// The page's files, which are the same everywhere.
const PAGE: &[(&str, &str)] = &[
    (
        "monitoring/portal/page/index.html",
        "monitoring/portal/index.html",
    ),
    (
        "monitoring/portal/page/style.css",
        "monitoring/portal/style.css",
    ),
    (
        "monitoring/portal/page/icon.svg",
        "monitoring/portal/icon.svg",
    ),
    (
        "monitoring/portal/page/main.js",
        "monitoring/portal/main.js",
    ),
    ("monitoring/portal/page/api.js", "monitoring/portal/api.js"),
    ("monitoring/portal/page/dom.js", "monitoring/portal/dom.js"),
    (
        "monitoring/portal/page/chart.js",
        "monitoring/portal/chart.js",
    ),
    (
        "monitoring/portal/page/overview.js",
        "monitoring/portal/overview.js",
    ),
    (
        "monitoring/portal/page/metrics.js",
        "monitoring/portal/metrics.js",
    ),
    (
        "monitoring/portal/page/alerts.js",
        "monitoring/portal/alerts.js",
    ),
    (
        "monitoring/portal/page/logs.js",
        "monitoring/portal/logs.js",
    ),
    (
        "monitoring/portal/page/lines.js",
        "monitoring/portal/lines.js",
    ),
    (
        "monitoring/portal/page/errors.js",
        "monitoring/portal/errors.js",
    ),
    (
        "monitoring/portal/page/runbook.js",
        "monitoring/portal/runbook.js",
    ),
];

fn deployment(_: &Environment<'_>) -> Deployment {
    Deployment {
        playbooks: vec![Playbook {
            file: "dashboard.yml",
            title: "Set up the dashboard",
        }],
        roles: vec!["dashboard"],
        secrets: vec![PASSWORD],
        ..Deployment::default()
    }
}

fn lower(environment: &Environment<'_>) -> Vec<Artifact> {
    let mut artifacts: Vec<Artifact> = PAGE
        .iter()
        .map(|(path, template)| environment.artifact(*path, template, &Nothing {}))
        .collect();
    artifacts.push(environment.artifact(
        "monitoring/portal/page/facts.json",
        "monitoring/portal/facts.json.tera",
        &Page {
            facts: facts::facts(environment),
        },
    ));
    artifacts.push(
        environment
            .artifact(
                "monitoring/portal/nginx.conf",
                "monitoring/portal/nginx.conf.tera",
                &portal(environment),
            )
            .impact(environment.impact("reloads the dashboard", Role::Monitoring)),
    );
    artifacts.push(
        environment
            .artifact(
                "monitoring/portal/portal.service",
                "monitoring/portal/portal.service.tera",
                &Nothing {},
            )
            .impact(environment.impact("restarts the dashboard", Role::Monitoring)),
    );
    artifacts
}

/// The values of a file that has none.
#[derive(Debug, Serialize)]
struct Nothing {}

/// The values of `page/facts.json`.
#[derive(Debug, Serialize)]
struct Page {
    facts: facts::Facts,
}

/// The values of `portal/nginx.conf`.
#[derive(Debug, Serialize)]
struct Portal {
    error_log_level: &'static str,
    realm: String,
    port: u16,
    network: String,
    people: Vec<String>,
    prometheus: u16,
    alertmanager: u16,
    /// Zero where there is none.
    errors: u16,
    grafana: u16,
}

fn portal(environment: &Environment<'_>) -> Portal {
    let monitoring = &environment.inventory().monitoring;
    let bugsink = monitoring.errors.store == ErrorStore::Bugsink;
    Portal {
        // nginx has a line for every visitor who hangs up at its lower levels.
        error_log_level: if monitoring.logging.level < LogLevel::Error {
            "warn"
        } else {
            "error"
        },
        realm: format!(
            "{}-{}",
            environment.inventory().project.name,
            environment.name()
        ),
        port: ports::PORTAL,
        network: environment.topology.network.to_string(),
        people: people(environment),
        prometheus: ports::PROMETHEUS,
        alertmanager: ports::ALERTMANAGER,
        errors: if bugsink { ports::ERRORS } else { 0 },
        grafana: if grafana::wanted(environment) {
            grafana::PORT
        } else {
            0
        },
    }
}

/// Networks that people come from.
fn people(environment: &Environment<'_>) -> Vec<String> {
    let networks = &environment.inventory().infrastructure.admin_networks;
    networks.iter().map(ToString::to_string).collect()
}

/// Returns where the error store is, as seen from the page; nothing where there is none here.
fn error_store(environment: &Environment<'_>) -> Option<String> {
    let store = environment.inventory().monitoring.errors.store;
    (store == ErrorStore::Bugsink).then(|| format!("{}/", errors::PATH.trim_start_matches('/')))
}
