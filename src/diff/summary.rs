//! Numbers and consequences of all changes, for the end of a diff.

use std::collections::BTreeMap;

use super::hunks::Change;
use crate::plan::{Plan, Status};

/// What happens in one target of one environment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Files that appear.
    pub created: usize,
    /// Files that change.
    pub updated: usize,
    /// Files that go.
    pub deleted: usize,
    /// Files that were changed by hand.
    pub edited: usize,
    /// Lines that come.
    pub added: usize,
    /// Lines that go.
    pub removed: usize,
}

impl Counts {
    /// Adds a file.
    pub fn add(&mut self, change: &Change<'_>) {
        match change.file.status {
            Status::Create => self.created += 1,
            Status::Update => self.updated += 1,
            Status::Delete => self.deleted += 1,
            Status::Edited => self.edited += 1,
            Status::Unchanged => {}
        }
        self.added += change.added;
        self.removed += change.removed;
    }

    /// Returns the number of files.
    pub fn files(&self) -> usize {
        self.created + self.updated + self.deleted + self.edited
    }
}

/// Counts by environment and target. Environments stand in the order of the plans.
pub fn by_target<'a>(changes: &'a [Change<'a>]) -> Vec<(&'a str, &'a str, Counts)> {
    let mut rows: Vec<(&str, &str, Counts)> = Vec::new();
    for change in changes {
        let (environment, target) = (change.environment, change.target());
        let same = |row: &&mut (&str, &str, Counts)| (row.0, row.1) == (environment, target);
        if let Some(row) = rows.last_mut().filter(same) {
            row.2.add(change);
        } else {
            let mut counts = Counts::default();
            counts.add(change);
            rows.push((environment, target, counts));
        }
    }
    rows
}

/// Counts everything.
pub fn total(changes: &[Change<'_>]) -> Counts {
    let mut counts = Counts::default();
    for change in changes {
        counts.add(change);
    }
    counts
}

/// Returns what deploying does, each consequence once, with the environments it has in their
/// order. What was edited by hand is left alone and has none. What several files do to a machine each
/// is said once for all these machines.
pub fn impacts<'a>(changes: &'a [Change<'a>]) -> BTreeMap<String, Vec<&'a str>> {
    let mut joined: Vec<(&str, Vec<&str>, Vec<&str>)> = Vec::new();
    for (impact, environments) in each(changes) {
        let (what, machines) = parted(impact);
        let same = |one: &&mut (&str, Vec<&str>, Vec<&str>)| {
            one.0 == what && one.2 == environments && !machines.is_empty() && !one.1.is_empty()
        };
        if let Some((_, known, _)) = joined.iter_mut().find(same) {
            known.extend(
                machines
                    .iter()
                    .filter(|machine| !known.contains(machine))
                    .copied()
                    .collect::<Vec<_>>(),
            );
        } else {
            joined.push((what, machines, environments));
        }
    }
    joined
        .into_iter()
        .map(|(what, machines, environments)| {
            let impact = if machines.is_empty() {
                what.to_owned()
            } else {
                format!("{what} on {}", machines.join(", "))
            };
            (impact, environments)
        })
        .collect()
}

/// Parts a consequence into what happens and the machines it names one by one, in the words of
/// [`Environment::impact`](crate::environment::Environment::impact); none where it counts them.
fn parted(impact: &str) -> (&str, Vec<&str>) {
    match impact.rsplit_once(" on ") {
        Some((what, machines)) if machines.split(", ").all(|name| !name.contains(' ')) => {
            (what, machines.split(", ").collect())
        }
        _ => (impact, Vec::new()),
    }
}

/// Returns each consequence as files have it.
fn each<'a>(changes: &'a [Change<'a>]) -> BTreeMap<&'a str, Vec<&'a str>> {
    let mut impacts: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for change in changes {
        if change.file.status == Status::Edited {
            continue;
        }
        for impact in &change.file.impacts {
            let environments = impacts.entry(impact).or_default();
            if !environments.contains(&change.environment) {
                environments.push(change.environment);
            }
        }
    }
    impacts
}

/// Writes the consequences as clauses. When several environments change, each clause names its own.
pub fn clauses(changes: &[Change<'_>]) -> Vec<String> {
    let several = changes
        .windows(2)
        .any(|pair| pair[0].environment != pair[1].environment);
    impacts(changes)
        .into_iter()
        .map(|(impact, environments)| {
            if several {
                format!("{impact} ({})", environments.join(", "))
            } else {
                impact
            }
        })
        .collect()
}

/// Returns the environments in which no file changes but MANIFEST does.
pub fn stale_manifests(plans: &[Plan]) -> impl Iterator<Item = &str> {
    plans
        .iter()
        .filter(|plan| plan.changes().next().is_none() && !plan.is_clean())
        .map(|plan| plan.environment.as_str())
}
