//! The keys behind what a program complains about.

use std::collections::BTreeMap;

use super::finding::Finding;
use super::{Check, Outcome, Subject};
use crate::explain::place::shaping;
use crate::render::Templates;
use crate::resolve::Resolved;

/// A finding with what is known about its line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// What was found.
    pub finding: Finding,
    /// The line itself; empty where the program names none.
    pub text: String,
    /// The keys whose change would move the line.
    pub keys: Vec<String>,
}

/// A check with its failures traced.
#[derive(Debug, Clone)]
pub struct Traced {
    /// The check.
    pub check: Check,
    /// What failed in it.
    pub failures: Vec<Failure>,
}

/// Traces every failure to the keys behind its line.
pub fn trace(
    checks: Vec<Check>,
    subjects: &[Subject],
    resolved: &[Resolved<'_>],
    templates: &Templates,
) -> Vec<Traced> {
    let mut known = BTreeMap::new();
    checks
        .into_iter()
        .map(|check| {
            let findings = match &check.outcome {
                Outcome::Failed(findings) => findings.as_slice(),
                _ => &[],
            };
            let failures = findings
                .iter()
                .map(|finding| {
                    let base = subjects
                        .iter()
                        .find(|subject| subject.environment == check.environment)
                        .and_then(|subject| subject.files.get(&finding.file));
                    let line = finding.line.and_then(|line| base?.lines().nth(line - 1));
                    let place = (&check.environment, &finding.file, finding.line);
                    let keys = known.entry((place.0.clone(), place.1.clone(), place.2));
                    let keys = keys.or_insert_with(|| {
                        line.and(base)
                            .map(|base| keys_behind(base, finding, &check, resolved, templates))
                            .unwrap_or_default()
                    });
                    Failure {
                        finding: finding.clone(),
                        text: line.unwrap_or_default().trim().to_owned(),
                        keys: keys.clone(),
                    }
                })
                .collect();
            Traced { check, failures }
        })
        .collect()
}

fn keys_behind(
    base: &str,
    finding: &Finding,
    check: &Check,
    resolved: &[Resolved<'_>],
    templates: &Templates,
) -> Vec<String> {
    let Some(resolved) = resolved
        .iter()
        .find(|resolved| resolved.name.as_str() == check.environment)
    else {
        return Vec::new();
    };
    let line = finding.line.map(|line| line - 1);
    let name = &resolved.name;
    shaping(templates, resolved, &finding.file, base, name, line)
        .into_keys()
        .map(|key| key.to_string())
        .collect()
}
