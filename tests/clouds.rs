//! What is rendered for clouds, held against the providers' own schemas: the facts in
//! `tests/schemas/`, with their source, version and licence.

#![allow(clippy::unwrap_used, reason = "a test that panics says why")]

mod compiled;

use std::collections::BTreeMap;
use std::path::Path;

use compiled::{compile_bundled, templates};
use serde::Deserialize;

/// What a provider's version knows.
#[derive(Deserialize)]
struct Schema {
    provider: String,
    source: String,
    provider_block: Block,
    resources: BTreeMap<String, Block>,
    data: BTreeMap<String, Block>,
}

/// What may stand in a block.
#[derive(Deserialize)]
struct Block {
    attributes: BTreeMap<String, Use>,
    #[serde(default)]
    blocks: BTreeMap<String, Nested>,
}

/// A block in a block, and how many there may be; no limit is zero.
#[derive(Deserialize)]
struct Nested {
    min: usize,
    max: usize,
    #[serde(flatten)]
    block: Block,
}

/// Whether an attribute is set by people.
#[derive(Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum Use {
    Required,
    Optional,
    Computed,
}

/// What Terraform itself knows in every resource and data source.
const META: &[&str] = &["count", "for_each", "provider", "depends_on"];

impl Schema {
    fn read(provider: &str) -> Self {
        let path = format!(
            "{}/tests/schemas/{provider}.json",
            env!("CARGO_MANIFEST_DIR")
        );
        serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
    }

    /// Returns what is wrong in a file.
    fn judge(&self, text: &str) -> Vec<String> {
        let body: hcl::Body = hcl::from_str(text).expect("HCL");
        let mut wrong = Vec::new();
        for block in body.blocks() {
            let labels: Vec<&str> = block.labels().iter().map(hcl::BlockLabel::as_str).collect();
            let known = match (block.identifier(), labels.as_slice()) {
                ("resource", [kind, _]) => self.resources.get(*kind),
                ("data", [kind, _]) => self.data.get(*kind),
                ("provider", [name]) if *name == self.provider => Some(&self.provider_block),
                ("terraform" | "locals" | "variable" | "output", _) => continue,
                _ => None,
            };
            let place = labels.join(".");
            match known {
                Some(known) => known.judge(&place, block.body(), &mut wrong),
                None => wrong.push(format!("{} {place} is unknown", block.identifier())),
            }
        }
        wrong
    }
}

impl Block {
    fn judge(&self, place: &str, body: &hcl::Body, wrong: &mut Vec<String>) {
        for attribute in body.attributes() {
            let name = attribute.key();
            match self.attributes.get(name) {
                _ if META.contains(&name) => {}
                Some(Use::Computed) => wrong.push(format!("{place}.{name} is not ours to set")),
                Some(Use::Required | Use::Optional) => {}
                None => wrong.push(format!("{place}.{name} is unknown")),
            }
        }
        for (name, how) in &self.attributes {
            if *how == Use::Required && body.attributes().all(|given| given.key() != name) {
                wrong.push(format!("{place}.{name} is missing"));
            }
        }
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for block in body.blocks() {
            // A dynamic block stands for any number of the block it names.
            let (name, inner, single) = match block.identifier() {
                "lifecycle" => continue,
                "dynamic" => {
                    let content = block
                        .body()
                        .blocks()
                        .find(|one| one.identifier() == "content");
                    let content = content.expect("a dynamic block has content");
                    (block.labels()[0].as_str(), content.body(), false)
                }
                name => (name, block.body(), true),
            };
            let Some(nested) = self.blocks.get(name) else {
                wrong.push(format!("{place}.{name} is no block there"));
                continue;
            };
            let count = counts.entry(name).or_default();
            *count += if single { 1 } else { nested.min.max(1) };
            if nested.max > 0 && *count > nested.max {
                wrong.push(format!("{place}.{name} is there {count} times"));
            }
            nested.block.judge(&format!("{place}.{name}"), inner, wrong);
        }
        for (name, nested) in &self.blocks {
            if counts.get(name.as_str()).copied().unwrap_or_default() < nested.min {
                wrong.push(format!("{place}.{name} is missing"));
            }
        }
    }
}

const PROVIDERS: &[&str] = &["hcloud", "aws"];

/// Choices that lead to other resources.
const CHOICES: &[&[&str]] = &[
    &[],
    &["load_balancer.high_availability=none"],
    &["scaling.load_balancer.servers=1"],
    &[
        "infrastructure.dns_zone=example.com",
        "load_balancer.server_names=[example.com, shop.example.com, example.org]",
    ],
    &["backup.repository=s3:https://s3.eu-central-1.amazonaws.com/shop-backup/platform"],
    &["infrastructure.state=s3"],
    &["infrastructure.state=http"],
];

/// Choices that one provider alone offers.
const OWN: &[(&str, &[&str])] = &[("aws", &["infrastructure.managed.storage=efs"])];

/// Returns the Terraform files of every environment for a provider and a choice.
fn rendered(provider: &str, choice: &[&str]) -> Vec<(String, String)> {
    let provider = format!("infrastructure.provider={provider}");
    let arguments: Vec<&str> = [provider.as_str()]
        .into_iter()
        .chain(choice.iter().copied())
        .collect();
    let compiled = compile_bundled(&templates(), &arguments);
    assert!(compiled.errors.is_empty(), "{:?}", compiled.diagnostics);
    compiled
        .files
        .into_iter()
        .flat_map(|(environment, files)| {
            files
                .into_iter()
                .filter(|(path, _)| path.starts_with("terraform/") && is_terraform(path))
                .map(move |(path, text)| (format!("{environment}/{path}"), text))
        })
        .collect()
}

fn is_terraform(path: &str) -> bool {
    Path::new(path).extension().is_some_and(|end| end == "tf")
}

#[test]
fn providers_know_everything_that_is_rendered() {
    for provider in PROVIDERS {
        let schema = Schema::read(provider);
        let own = OWN.iter().filter(|(whose, _)| whose == provider);
        for choice in CHOICES.iter().chain(own.map(|(_, choice)| choice)) {
            let files = rendered(provider, choice);
            for (path, text) in &files {
                let wrong = schema.judge(text);
                assert!(wrong.is_empty(), "{provider} {choice:?} {path}: {wrong:#?}");
            }
            let source = format!("\"{}\"", schema.source);
            assert!(files.iter().any(|(_, text)| text.contains(&source)));
        }
    }
}

#[test]
fn what_a_provider_does_not_know_is_caught() {
    let schema = Schema::read("hcloud");
    let network =
        "resource \"hcloud_network\" \"a\" {\n name = \"a\"\n ip_range = \"10.0.0.0/8\"\n";
    assert!(schema.judge(&format!("{network}}}")).is_empty());
    for (text, wrong) in [
        (format!("{network} ip_rang = 1\n}}"), "hcloud_network.a.ip_rang is unknown"),
        (format!("{network} rule {{}}\n}}"), "hcloud_network.a.rule is no block there"),
        (network.replace("ip_range", "# ") + "}", "hcloud_network.a.ip_range is missing"),
        (network.replace("k\"", "ks\"") + "}", "resource hcloud_networks.a is unknown"),
        (
            "resource \"hcloud_server\" \"a\" {\n name = \"a\"\n server_type = \"b\"\n status = \"on\"\n}".to_owned(),
            "hcloud_server.a.status is not ours to set",
        ),
        (
            "resource \"hcloud_load_balancer\" \"a\" {\n name = \"a\"\n load_balancer_type = \"b\"\n algorithm {}\n algorithm {}\n}".to_owned(),
            "hcloud_load_balancer.a.algorithm is there 2 times",
        ),
        (
            "resource \"hcloud_firewall\" \"a\" {\n name = \"a\"\n dynamic \"rule\" {\n for_each = []\n content {\n direction = \"in\"\n }\n }\n}".to_owned(),
            "hcloud_firewall.a.rule.protocol is missing",
        ),
    ] {
        assert_eq!(schema.judge(&text), [wrong]);
    }
}

#[test]
fn nothing_but_the_entrances_is_open_to_the_internet() {
    for (provider, choice, open) in [
        ("hcloud", &[][..], vec![]),
        (
            "hcloud",
            &["scaling.load_balancer.servers=1"][..],
            vec!["lb1"],
        ),
        ("aws", &[][..], vec![]),
        (
            "aws",
            &["load_balancer.high_availability=none"][..],
            vec!["lb1", "lb2"],
        ),
    ] {
        let files: BTreeMap<String, String> = rendered(provider, choice).into_iter().collect();
        let locals: serde_json::Value =
            hcl::from_str(&files["production/terraform/locals.tf"]).unwrap();
        let machines = locals["locals"]["machines"].as_object().unwrap();
        let entrances: Vec<&str> = machines
            .iter()
            .filter(|(_, machine)| machine["entrance"] == true)
            .map(|(name, _)| name.as_str())
            .collect();
        // People come through the monitoring machine.
        assert_eq!(
            entrances,
            [open, vec!["mon1"]].concat(),
            "{provider} {choice:?}"
        );
        for (group, rules) in locals["locals"]["admissions"].as_object().unwrap() {
            for rule in rules.as_array().unwrap() {
                let from = rule["from"].as_str().unwrap();
                let port = rule["first"].as_i64().unwrap();
                let expected = match from {
                    "internet" => group == "load_balancer",
                    "admin" => group == "monitoring",
                    _ => true,
                };
                assert!(
                    expected,
                    "{provider}: {from} may reach port {port} of {group}"
                );
                assert!(port != 22 || matches!(from, "admin" | "monitoring" | "network"));
            }
        }
    }
}
