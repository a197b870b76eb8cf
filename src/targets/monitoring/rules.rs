//! Files of rules, and of their tests for `promtool test rules`.

use serde::Serialize;

use super::alerts::{Alert, Expected, Pair, Scope, Series, pairs};
use crate::targets::Artifact;
use crate::topology::Role;

/// The alerts of one file.
pub(super) struct File {
    pub(super) name: &'static str,
    /// Seconds between two evaluations in its tests.
    pub(super) step: u64,
    pub(super) alerts: Vec<Alert>,
}

/// The values of a file of rules.
#[derive(Debug, Serialize)]
struct Rules<'a> {
    groups: Vec<Group<'a>>,
}

/// Rules that are evaluated together.
#[derive(Debug, Serialize)]
struct Group<'a> {
    name: String,
    /// Empty where it is the measurements' own.
    interval: String,
    rules: Vec<Rule<'a>>,
}

/// A rule.
#[derive(Debug, Serialize)]
struct Rule<'a> {
    alert: &'a str,
    expr: &'a str,
    /// Empty where it fires at once.
    hold: String,
    severity: &'static str,
    subject: &'a str,
    annotations: Vec<Pair>,
}

/// The values of a file of tests.
#[derive(Debug, Serialize)]
struct Tests {
    file: &'static str,
    step: String,
    cases: Vec<Test>,
}

/// One test.
#[derive(Debug, Serialize)]
struct Test {
    name: String,
    alert: &'static str,
    series: Vec<Series>,
    at: String,
    expected: Vec<Expected>,
}

/// Lowers a file of rules. Rules with an interval of their own are a group of their own.
pub(super) fn rules(scope: &Scope<'_>, file: &File) -> Artifact {
    let mut groups: Vec<Group<'_>> = Vec::new();
    for alert in &file.alerts {
        let interval = alert.every.map_or(String::new(), |every| every.to_string());
        let name = match alert.every {
            Some(_) => format!("{}_{}", file.name, alert.subject),
            None => file.name.to_owned(),
        };
        let rule = Rule {
            alert: alert.name,
            expr: &alert.expr,
            hold: match alert.hold.as_seconds() {
                0 => String::new(),
                _ => alert.hold.to_string(),
            },
            severity: alert.severity.name(),
            subject: alert.subject,
            annotations: pairs(alert.annotations()),
        };
        match groups.iter_mut().find(|group| group.name == name) {
            Some(group) => group.rules.push(rule),
            None => groups.push(Group {
                name,
                interval,
                rules: vec![rule],
            }),
        }
    }
    scope
        .environment
        .artifact(
            format!("monitoring/prometheus/rules/{}.yml", file.name),
            "monitoring/prometheus/rules/alerts.yml.tera",
            &Rules { groups },
        )
        .impact(
            scope
                .environment
                .impact("reloads Prometheus", Role::Monitoring),
        )
}

/// Lowers a file of tests: every alert once firing and once silent.
pub(super) fn tests(scope: &Scope<'_>, file: &File) -> Artifact {
    let cases = file.alerts.iter().flat_map(|alert| {
        // As long as it must hold, after every span it looks back is full.
        let steps = alert.hold.as_seconds().div_ceil(file.step)
            + (scope.window.as_seconds() * 2).div_ceil(file.step)
            + 10;
        let at = format!("{}m", steps * file.step / 60);
        let fires = alert.fired(steps).map(|(series, expected)| Test {
            name: format!("{} fires", alert.name),
            alert: alert.name,
            series,
            at: at.clone(),
            expected: vec![expected],
        });
        let silent = alert.quiet(steps).map(|series| Test {
            name: format!("{} is silent", alert.name),
            alert: alert.name,
            series,
            at,
            expected: Vec::new(),
        });
        [fires, silent].into_iter().flatten()
    });
    let tests = Tests {
        file: file.name,
        step: format!("{}m", file.step / 60),
        cases: cases.collect(),
    };
    scope.environment.artifact(
        format!("monitoring/prometheus/tests/{}.yml", file.name),
        "monitoring/prometheus/tests/alerts.yml.tera",
        &tests,
    )
}
