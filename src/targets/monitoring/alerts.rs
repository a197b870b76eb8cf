//! Everything there is to be alerted about: one list, from which rules, their tests and the
//! runbook are rendered.
//!
//! A family of alerts is a module here and a line in `FILES`. Numbers in expressions are the very
//! limits that other targets render, so a rule cannot disagree with the machine it watches.

mod availability;
mod backups;
mod cache;
mod case;
mod certificates;
mod database;
mod health_checks;
mod limits;
pub(super) mod logs;
mod monitoring;
mod scope;
mod settings;
mod storage;
mod thresholds;

use super::Part;
use super::rules::{self, File};
use crate::deployment::Deployment;
use crate::environment::Environment;
use crate::targets::Artifact;
use crate::units::Duration;

use case::Case;
pub(super) use case::{Expected, Pair, Series, pairs, repeated};
pub(super) use scope::Scope;
pub(super) use thresholds::DISKS;

pub(super) const PART: Part = Part { lower, deployment };

/// How soon somebody must look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// Now, at any hour: visitors are affected, or will be at the next failure.
    Critical,
    /// This working day.
    Warning,
    /// Never: a sign of life.
    None,
}

impl Severity {
    /// Returns the value of the label `severity`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Critical => "critical",
            Self::Warning => "warning",
            Self::None => "none",
        }
    }
}

/// Something to be alerted about.
#[derive(Debug, Clone)]
pub struct Alert {
    /// Its name, unique in the environment: `PhpFpmQueue`.
    pub name: &'static str,
    /// How soon somebody must look.
    pub severity: Severity,
    /// What it is about; a critical alert silences warnings about the same thing.
    pub subject: &'static str,
    /// When it holds, in `PromQL`.
    pub expr: String,
    /// How long it must hold before it fires.
    pub hold: Duration,
    /// Time between two evaluations, where it is not the measurements' own.
    pub every: Option<Duration>,
    /// One line with the numbers of the moment, as Prometheus fills it in.
    pub summary: String,
    /// What it means, with the numbers of this environment.
    pub meaning: String,
    /// What to do about it.
    pub action: String,
    firing: Option<Case>,
    silent: Option<Case>,
}

impl Alert {
    /// Returns an alert that fires at once, and that no series has made fire yet.
    fn new(
        name: &'static str,
        severity: Severity,
        subject: &'static str,
        expr: impl Into<String>,
    ) -> Self {
        Self {
            name,
            severity,
            subject,
            expr: expr.into(),
            hold: Duration::seconds(0),
            every: None,
            summary: String::new(),
            meaning: String::new(),
            action: String::new(),
            firing: None,
            silent: None,
        }
    }

    /// Lets it hold for so many minutes before it fires.
    fn hold(mut self, minutes: u64) -> Self {
        self.hold = Duration::seconds(minutes * 60);
        self
    }

    fn summary(mut self, summary: impl Into<String>) -> Self {
        self.summary = summary.into();
        self
    }

    fn meaning(mut self, meaning: impl Into<String>) -> Self {
        self.meaning = meaning.into();
        self
    }

    fn action(mut self, action: impl Into<String>) -> Self {
        self.action = action.into();
        self
    }

    /// Gives series that make it fire, with the labels and the value it then shows.
    fn fires(mut self, series: &[(&str, &str)], labels: &[(&str, &str)], value: &str) -> Self {
        self.firing = Some(Case::new(series, labels, value));
        self
    }

    /// Gives series that leave it silent.
    fn silent(mut self, series: &[(&str, &str)]) -> Self {
        self.silent = Some(Case::new(series, &[], ""));
        self
    }

    /// Gives it no series that make it fire, since nothing is above a limit of this many percent.
    fn unless_whole(mut self, percent: u8) -> Self {
        if percent >= 100 {
            self.firing = None;
        }
        self
    }

    /// Returns where the runbook explains it, from the environment's folder.
    pub fn runbook(&self) -> String {
        format!("runbook/RUNBOOK.md#{}", self.name.to_lowercase())
    }
}

/// A file of rules.
struct Family {
    /// Its name in `rules/` and in `tests/`.
    file: &'static str,
    alerts: fn(&Scope<'_>) -> Vec<Alert>,
    /// Seconds between two evaluations in its tests. Backups are waited for in days.
    step: u64,
}

/// Every file of alerts, in the order in which the runbook explains them.
const FILES: &[Family] = &[
    family("availability", availability::alerts),
    family("health_checks", health_checks::alerts),
    family("thresholds", thresholds::alerts),
    family("limits", limits::alerts),
    family("settings", settings::alerts),
    family("cache", cache::alerts),
    family("database", database::alerts),
    family("storage", storage::alerts),
    Family {
        step: 3600,
        ..family("backups", backups::alerts)
    },
    family("logs", logs::alerts),
    family("monitoring", monitoring::alerts),
];

const fn family(file: &'static str, alerts: fn(&Scope<'_>) -> Vec<Alert>) -> Family {
    Family {
        file,
        alerts,
        step: 60,
    }
}

/// Returns everything an environment is alerted about, in the order of the runbook.
pub fn alerts(environment: &Environment<'_>) -> Vec<Alert> {
    let scope = Scope::new(environment);
    FILES
        .iter()
        .flat_map(|family| (family.alerts)(&scope))
        .collect()
}

fn lower(environment: &Environment<'_>) -> Vec<Artifact> {
    let scope = Scope::new(environment);
    FILES
        .iter()
        .map(|family| File {
            name: family.file,
            step: family.step,
            alerts: (family.alerts)(&scope),
        })
        .filter(|file| !file.alerts.is_empty())
        .flat_map(|file| [rules::rules(&scope, &file), rules::tests(&scope, &file)])
        .collect()
}

/// Rules are copied with Prometheus's other files.
fn deployment(_: &Environment<'_>) -> Deployment {
    Deployment::default()
}
