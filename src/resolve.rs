//! Stage 3: merges the layers into one typed inventory per environment, and remembers for every
//! key which layer it came from.
//!
//! Default values < shared files < the environment's files < environment variables < `--set`.

mod typed;

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::diag::{Diagnostic, Diagnostics};
use crate::key::KeyPath;
use crate::load::Layer;
use crate::model::Inventory;
use crate::parse::{Place, Tree};
use crate::source::Sources;
use crate::suggest::nearest;
use crate::units::{Name, Scalar, Unit};

/// The parsed documents and the texts they came from.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// The texts.
    pub sources: &'a Sources,
    /// The documents, lowest layer first.
    pub trees: &'a [Tree],
}

/// One environment with every layer merged.
#[derive(Debug, Clone)]
pub struct Resolved<'a> {
    /// The environment's name.
    pub name: Name,
    /// Its typed inventory. The section `environment` holds this environment alone.
    pub inventory: Inventory,
    /// The merged values before they were typed; defaults are not in it.
    pub tree: Value,
    input: Input<'a>,
}

impl<'a> Resolved<'a> {
    /// Returns the environment's own settings.
    pub fn settings(&self) -> &crate::model::Settings {
        &self.inventory.environment[&self.name]
    }

    /// Returns the same environment with one key changed, or `None` when the value does not fit.
    pub fn with(&self, key: &KeyPath, value: &Value) -> Option<Self> {
        let mut changed = self.clone();
        lay_over(&mut changed.tree, &key.wrap(value.clone()));
        let mut findings = Diagnostics::default();
        changed.inventory = typed::read(&changed, &crate::model::defaults(), &mut findings);
        (!findings.has_errors()).then_some(changed)
    }

    /// Returns the value of a key in the typed inventory, its default if nothing sets it.
    pub fn value(&self, key: &KeyPath) -> Option<Value> {
        let typed = serde_json::to_value(&self.inventory).ok()?;
        key.find(&typed).cloned()
    }

    /// Returns the path of a key of `environment.<this environment>`.
    pub fn own_key(&self, rest: &str) -> String {
        format!("environment.{}.{rest}", self.name)
    }

    /// Returns every document that gives this key a value, lowest layer first.
    pub fn origins(&self, key: &KeyPath) -> Vec<(&'a Tree, &'a Value)> {
        self.input
            .trees
            .iter()
            .filter(|tree| applies(tree, &self.name))
            .filter_map(|tree| Some((tree, key.find(&tree.root)?)))
            .collect()
    }

    /// Returns every document of the inventory, lowest layer first.
    pub fn trees(&self) -> &'a [Tree] {
        self.input.trees
    }

    /// Returns whether the inventory itself gives this key a value.
    pub fn is_set(&self, key: &KeyPath) -> bool {
        key.find(&self.tree).is_some()
    }

    /// Returns where the winning value of this key stands; `None` for a default.
    pub fn place(&self, key: &KeyPath) -> Option<Place> {
        let (tree, _) = self.origins(key).pop()?;
        tree.locate(self.input.sources, key)
    }

    /// Returns the texts, for messages.
    pub fn sources(&self) -> &'a Sources {
        self.input.sources
    }
}

fn applies(tree: &Tree, name: &Name) -> bool {
    match &tree.document.layer {
        Layer::Environment(layer) => layer == name,
        Layer::Shared | Layer::Variable | Layer::Argument => true,
    }
}

/// Returns the environments the inventory describes, in name order.
pub fn environments(input: Input<'_>, diagnostics: &mut Diagnostics) -> Vec<Name> {
    let mut names = BTreeSet::new();
    let mut overridden = Vec::new();
    for tree in input.trees {
        if let Layer::Environment(name) = &tree.document.layer {
            names.insert(name.clone());
        }
        let section = match tree.root.get("environment") {
            Some(Value::Object(section)) => section,
            Some(_) => {
                report_section(tree, input, diagnostics);
                continue;
            }
            None => continue,
        };
        for written in section.keys() {
            let key = KeyPath::default().join("environment").join(written);
            let at = tree.locate(input.sources, &key).map(|place| place.key);
            match (Name::read(Scalar::Text(written)), &tree.document.layer) {
                (Err(refusal), _) => diagnostics.push(
                    Diagnostic::error(
                        refusal.code,
                        format!("`{key}`: {}, which an environment needs", refusal.message),
                    )
                    .key(key)
                    .at(at)
                    .hint(refusal.hint),
                ),
                (Ok(name), Layer::Environment(layer)) if name != *layer => diagnostics.push(
                    Diagnostic::error("L01", format!("`{key}` is set in the layer of `{layer}`"))
                        .key(key)
                        .at(at)
                        .hint(format!(
                            "move it to `inventories/{name}/` or to a shared file"
                        )),
                ),
                (Ok(name), Layer::Shared | Layer::Environment(_)) => {
                    names.insert(name);
                }
                (Ok(name), Layer::Variable | Layer::Argument) => overridden.push((name, key, at)),
            }
        }
    }
    for (name, key, at) in overridden {
        if !names.contains(&name) {
            diagnostics.push(
                Diagnostic::error("F06", format!("`{key}`: there is no environment `{name}`"))
                    .key(key)
                    .at(at)
                    .hint(environment_hint(name.as_str(), &names)),
            );
        }
    }
    if names.is_empty() && !diagnostics.has_errors() {
        diagnostics.push(
            Diagnostic::error("F06", "the inventory describes no environment").hint(
                "name one in the section `environment`, such as `environment: {production: {}}`",
            ),
        );
    }
    names.into_iter().collect()
}

fn report_section(tree: &Tree, input: Input<'_>, diagnostics: &mut Diagnostics) {
    let key = KeyPath::default().join("environment");
    let at = tree.locate(input.sources, &key).map(|place| place.key);
    diagnostics.push(
        Diagnostic::error("L01", "`environment` is not a mapping of environments")
            .key(key)
            .at(at)
            .hint("write each environment's name as a key below it"),
    );
}

/// Returns what to say about an environment that does not exist.
pub fn environment_hint(name: &str, known: &BTreeSet<Name>) -> String {
    match nearest(name, known.iter().map(Name::as_str)) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!(
            "choose one of {}",
            known
                .iter()
                .map(|name| format!("`{name}`"))
                .collect::<Vec<_>>()
                .join(", ")
        ),
    }
}

/// What all environments have in common, merged once.
#[derive(Debug)]
pub struct Shared {
    /// Every key's default.
    defaults: Value,
    /// Everything the shared files say but the section `environment`.
    common: Value,
    /// The shared entries of that section by name.
    environments: Map<String, Value>,
}

/// Merges the shared files and reports what they contradict each other in.
pub fn share(input: Input<'_>, diagnostics: &mut Diagnostics) -> Shared {
    let mut common = Value::Object(Map::new());
    let mut layers: BTreeSet<&Layer> = BTreeSet::new();
    for tree in input.trees {
        if tree.document.layer == Layer::Shared {
            lay_over(&mut common, &tree.root);
        }
        layers.insert(&tree.document.layer);
    }
    for layer in layers {
        if matches!(layer, Layer::Shared | Layer::Environment(_)) {
            report_clashes(input, layer, diagnostics);
        }
    }
    let environments = match common
        .as_object_mut()
        .and_then(|map| map.remove("environment"))
    {
        Some(Value::Object(map)) => map,
        _ => Map::new(),
    };
    Shared {
        defaults: crate::model::defaults(),
        common,
        environments,
    }
}

/// Merges one environment's layers and reads them into types.
///
/// Keys that cannot be read are reported and count as not given, so that everything wrong is
/// found in one run.
pub fn resolve<'a>(
    input: Input<'a>,
    shared: &Shared,
    name: &Name,
    diagnostics: &mut Diagnostics,
) -> Resolved<'a> {
    let mut tree = shared.common.clone();
    let own = |value: Value| Value::Object([(name.to_string(), value)].into_iter().collect());
    let settings = shared
        .environments
        .get(name.as_str())
        .filter(|settings| !settings.is_null())
        .cloned()
        .unwrap_or_else(|| Value::Object(Map::new()));
    lay_over(
        &mut tree,
        &Value::Object(
            [("environment".to_owned(), own(settings))]
                .into_iter()
                .collect(),
        ),
    );
    for layer in input.trees {
        if layer.document.layer == Layer::Shared || !applies(layer, name) {
            continue;
        }
        lay_over(&mut tree, &layer.root);
        // Overrides may name other environments too.
        if let Some(Value::Object(section)) = tree.get_mut("environment") {
            section.retain(|key, _| key == name.as_str());
        }
    }
    let mut resolved = Resolved {
        name: name.clone(),
        inventory: Inventory::default(),
        tree,
        input,
    };
    resolved.inventory = typed::read(&resolved, &shared.defaults, diagnostics);
    resolved
}

/// Lays `upper` over `lower`: mappings are merged key by key, anything else replaces.
pub fn lay_over(lower: &mut Value, upper: &Value) {
    match (lower, upper) {
        (Value::Object(lower), Value::Object(upper)) => {
            for (key, value) in upper {
                match lower.get_mut(key) {
                    Some(below) => lay_over(below, value),
                    None => {
                        lower.insert(key.clone(), value.clone());
                    }
                }
            }
        }
        (lower, upper) => *lower = upper.clone(),
    }
}

/// Reports every leaf that two documents of one layer both set.
fn report_clashes(input: Input<'_>, layer: &Layer, diagnostics: &mut Diagnostics) {
    let trees: Vec<&Tree> = input
        .trees
        .iter()
        .filter(|tree| tree.document.layer == *layer)
        .collect();
    if trees.len() < 2 {
        return;
    }
    let mut seen = Value::Object(Map::new());
    for (position, tree) in trees.iter().enumerate() {
        let mut clashes = Vec::new();
        find_clashes(&seen, &tree.root, &KeyPath::default(), &mut clashes);
        for key in clashes {
            let first = trees[..position]
                .iter()
                .rev()
                .find(|earlier| key.find(&earlier.root).is_some())
                .and_then(|earlier| earlier.locate(input.sources, &key));
            let second = tree.locate(input.sources, &key);
            let mut diagnostic = Diagnostic::error(
                "L01",
                format!("`{key}` is set twice in one layer"),
            )
            .key(key)
            .at(second.map(|place| place.key))
            .label("again here")
            .hint("keep one of the two; an environment's own folder may override a shared key");
            if let Some(first) = first {
                diagnostic = diagnostic.related(first.key, "first here");
            }
            diagnostics.push(diagnostic);
        }
        lay_over(&mut seen, &tree.root);
    }
}

fn find_clashes(seen: &Value, new: &Value, path: &KeyPath, clashes: &mut Vec<KeyPath>) {
    match (seen, new) {
        (Value::Object(seen), Value::Object(new)) => {
            for (key, value) in new {
                if let Some(before) = seen.get(key) {
                    find_clashes(before, value, &path.join(key), clashes);
                }
            }
        }
        _ => clashes.push(path.clone()),
    }
}
