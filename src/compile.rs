//! The stages in their order, for one run over any number of environments.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use rayon::prelude::*;

use crate::diag::{Diagnostic, Diagnostics};
use crate::environment::Environment;
use crate::load::Loaded;
use crate::parse::{Tree, parse};
use crate::plan::tree::OutputTree;
use crate::plan::{Plan, Rendered, plan};
use crate::render::Templates;
use crate::resolve::{Input, Resolved, Shared, environment_hint, environments, resolve, share};
use crate::targets::lower;
use crate::topology::topology;
use crate::units::Name;
use crate::validate::{validate, validate_across};

/// From so many environments on, they are worked on in parallel. Below, starting the threads
/// costs more than they save: the reference document takes a few milliseconds.
const PARALLEL_FROM: usize = 8;

/// An inventory whose layers are ready to be resolved, environment by environment.
#[derive(Debug)]
pub struct Inventories<'a> {
    loaded: &'a Loaded,
    trees: Vec<Tree>,
    shared: Shared,
    /// Whether every document could be read. Lints would judge defaults in place of what could not.
    readable: bool,
    /// Whether no environment was named, so that those gone from the inventory are dealt with too.
    all: bool,
    /// Every environment there is, in name order.
    pub names: Vec<Name>,
    /// The environments asked for, in name order.
    pub wanted: Vec<Name>,
}

impl<'a> Inventories<'a> {
    /// Parses what was loaded and merges the shared layer. `wanted_names` are the
    /// environments asked for; none means all.
    pub fn new(loaded: &'a Loaded, wanted_names: &[String], diagnostics: &mut Diagnostics) -> Self {
        let trees = parse(loaded, diagnostics);
        let readable = !diagnostics.has_errors();
        let input = Input {
            sources: &loaded.sources,
            trees: &trees,
        };
        let names = environments(input, diagnostics);
        let shared = share(input, diagnostics);
        let known: BTreeSet<Name> = names.iter().cloned().collect();
        for name in wanted_names {
            if !known.contains(name.as_str()) && !known.is_empty() {
                diagnostics.push(
                    Diagnostic::error("F06", format!("there is no environment `{name}`"))
                        .hint(environment_hint(name, &known)),
                );
            }
        }
        let wanted = names
            .iter()
            .filter(|name| {
                wanted_names.is_empty() || wanted_names.iter().any(|wanted| wanted == name.as_str())
            })
            .cloned()
            .collect();
        Self {
            loaded,
            trees,
            shared,
            readable,
            all: wanted_names.is_empty(),
            names,
            wanted,
        }
    }

    /// Returns the parsed documents with their texts.
    pub fn input(&self) -> Input<'_> {
        Input {
            sources: &self.loaded.sources,
            trees: &self.trees,
        }
    }

    /// Merges and types one environment.
    pub fn resolve(&self, name: &Name, diagnostics: &mut Diagnostics) -> Resolved<'_> {
        resolve(self.input(), &self.shared, name, diagnostics)
    }

    /// Resolves and validates the environments asked for, and holds them against each other.
    pub fn check(&self, diagnostics: &mut Diagnostics) -> Vec<Resolved<'_>> {
        let resolved = each(&self.wanted, diagnostics, |name, findings| {
            let resolved = self.resolve(name, findings);
            if self.readable {
                let mut lints = Diagnostics::default();
                validate(&resolved, &mut lints);
                findings.append(lints.without_keys_of(findings));
            }
            resolved
        });
        if self.readable {
            validate_across(&resolved, diagnostics);
        }
        resolved
    }

    /// Takes the environments asked for through every stage up to the plan.
    ///
    /// Without errors the result has one plan per environment asked for, and one for each that is
    /// in `out/` but no longer in the inventory, when none was named.
    pub fn plan(&self, project: &Path, diagnostics: &mut Diagnostics) -> Vec<Plan> {
        let resolved = self.check(diagnostics);
        if diagnostics.has_errors() {
            return Vec::new();
        }
        let templates = Templates::load(project, diagnostics);
        let mut plans = each(&resolved, diagnostics, |resolved, findings| {
            let environment = Environment {
                topology: topology(resolved),
                resolved,
            };
            let rendered = render_all(&templates, &environment, findings);
            // One each: what it remembers of folders is of use to one environment only.
            let output = OutputTree::new(project);
            plan(&output, environment.name(), rendered, findings)
        });
        if self.all {
            let output = OutputTree::new(project);
            for gone in output.environments() {
                if !self.names.iter().any(|name| name.as_str() == gone) {
                    plans.push(plan(&output, &gone, BTreeMap::new(), diagnostics));
                }
            }
        }
        plans
    }
}

/// Does something for each item, in parallel where that pays, and keeps their order.
fn each<I: Sync, T: Send>(
    items: &[I],
    diagnostics: &mut Diagnostics,
    work: impl Fn(&I, &mut Diagnostics) -> T + Sync,
) -> Vec<T> {
    let one = |item: &I| {
        let mut findings = Diagnostics::default();
        let result = work(item, &mut findings);
        (result, findings)
    };
    let results: Vec<(T, Diagnostics)> = if items.len() < PARALLEL_FROM {
        items.iter().map(one).collect()
    } else {
        items.par_iter().map(one).collect()
    };
    results
        .into_iter()
        .map(|(result, findings)| {
            diagnostics.append(findings);
            result
        })
        .collect()
}

/// Lowers an environment and fills its templates.
pub fn render_all(
    templates: &Templates,
    environment: &Environment<'_>,
    diagnostics: &mut Diagnostics,
) -> BTreeMap<String, Rendered> {
    let mut rendered = BTreeMap::new();
    for artifact in lower(environment) {
        match templates.render(&artifact) {
            Ok(text) => {
                let file = Rendered {
                    text,
                    impacts: artifact.impacts,
                    consequences: artifact.consequences,
                };
                rendered.insert(artifact.path, file);
            }
            Err(error) => diagnostics.push(
                Diagnostic::error("F07", format!("{error:#}"))
                    .hint("mend the project's own template, or remove it to use the built-in one"),
            ),
        }
    }
    rendered
}
