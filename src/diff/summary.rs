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
/// order. What was edited by hand is left alone and has none.
pub fn impacts<'a>(changes: &'a [Change<'a>]) -> BTreeMap<&'a str, Vec<&'a str>> {
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
                impact.to_owned()
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
