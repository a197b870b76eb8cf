//! Stage 4: contradictions and traps in a resolved inventory.
//!
//! A lint is a file in this folder: its explanation, its check and its tests. [`LINTS`] lists
//! them.

mod cache_evicts_sessions;
mod debug_in_production;

use crate::diag::{Diagnostic, Diagnostics, Severity};
use crate::key::KeyPath;
use crate::resolve::Resolved;
use crate::topology::{AddressPlan, Role, addresses, sizing};

/// One rule about inventories.
#[derive(Debug)]
pub struct Lint {
    /// Its stable code.
    pub code: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// What it finds, in a few words.
    pub title: &'static str,
    /// What `precast explain` says: what it means, why it matters, what to do.
    pub explanation: &'static str,
    /// Looks at one environment.
    pub check: fn(&Resolved<'_>, &mut Findings<'_, '_>),
}

/// Every lint, by code.
pub const LINTS: &[&Lint] = &[&debug_in_production::LINT, &cache_evicts_sessions::LINT];

/// Collects what one lint finds in one environment.
#[derive(Debug)]
pub struct Findings<'a, 'r> {
    lint: &'static Lint,
    resolved: &'r Resolved<'r>,
    diagnostics: &'a mut Diagnostics,
}

impl Findings<'_, '_> {
    /// Reports a finding about a key, with the way out.
    pub fn report(&mut self, key: &str, message: impl Into<String>, hint: impl Into<String>) {
        self.report_with(self.lint.severity, key, &[], message, hint);
    }

    /// The same, with a severity of its own and further keys that take part: each is shown where
    /// it stands, or named as a default.
    pub fn report_with(
        &mut self,
        severity: Severity,
        key: &str,
        others: &[&str],
        message: impl Into<String>,
        hint: impl Into<String>,
    ) {
        let key = path(key);
        let mut finding = Diagnostic::new(self.lint.code, severity, message)
            .at(self.resolved.place(&key).map(|place| place.value))
            .hint(hint);
        if finding.at.is_none() {
            finding = finding.note(format!("`{key}` has its default value"));
        }
        for other in others {
            let other = path(other);
            finding = match self.resolved.place(&other) {
                Some(place) => finding.related(place.value, format!("`{other}` is set here")),
                None => finding.note(format!("`{other}` has its default value")),
            };
        }
        finding.key = Some(key);
        finding.environment = Some(self.resolved.name.to_string());
        self.diagnostics.push(finding);
    }
}

/// Parses a key that stands in the code or was built from valid names.
fn path(key: &str) -> KeyPath {
    key.parse().expect("a valid key path")
}

/// Runs every lint over one environment.
pub fn validate(resolved: &Resolved<'_>, diagnostics: &mut Diagnostics) {
    for lint in LINTS {
        let mut findings = Findings {
            lint,
            resolved,
            diagnostics,
        };
        (lint.check)(resolved, &mut findings);
    }
}

/// Returns whether the machines of an environment fit its network, so that it can be laid out.
pub fn fits(resolved: &Resolved<'_>) -> bool {
    let network = addresses::network(resolved);
    if !(16..=24).contains(&network.prefix_len()) {
        return false;
    }
    let plan = AddressPlan::new(network);
    Role::ALL
        .iter()
        .all(|role| sizing::machine_count(resolved, *role) <= plan.room(*role))
}

/// Returns whether an environment's name says that visitors rely on it.
pub fn is_production(resolved: &Resolved<'_>) -> bool {
    ["production", "prod", "live"].contains(&resolved.name.as_str())
}

#[cfg(test)]
pub(crate) mod testing {
    //! How lints are tested: an inventory of a few lines, and what is found in it.

    use crate::diag::Diagnostics;
    use crate::load::{Document, Layer, Loaded};
    use crate::source::Span;

    /// Returns the messages a code leads to, one a line, for an inventory given as YAML.
    pub(crate) fn findings(code: &str, yaml: &str) -> Vec<String> {
        let mut loaded = Loaded::default();
        let source = loaded.sources.add("inventories/test.yml", yaml);
        loaded.documents.push(Document {
            layer: Layer::Shared,
            span: Span {
                source,
                start: 0,
                end: yaml.len(),
            },
        });
        let mut diagnostics = Diagnostics::default();
        crate::compile::Inventories::new(&loaded, &[], &mut diagnostics).check(&mut diagnostics);
        diagnostics
            .iter()
            .filter(|finding| finding.code == code)
            .map(|finding| finding.message.clone())
            .collect()
    }
}
