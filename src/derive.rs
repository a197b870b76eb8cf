//! The layer of a new environment, derived from an existing one.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use ipnet::Ipv4Net;
use serde_json::{Map, Value, json};

use crate::load::Layer;
use crate::resolve::{Resolved, lay_over};
use crate::topology::addresses;
use crate::units::Name;

/// Returns the files of a layer that makes `name` like `source`: a file per section, holding what
/// the source's own layer and its entry in `environment` say.
///
/// Host names that carry the source's name get the new one, and the network is one that none of
/// `taken` overlaps with.
pub fn layer(
    source: &Resolved<'_>,
    name: &Name,
    taken: &[Ipv4Net],
) -> BTreeMap<String, Map<String, Value>> {
    let mut sections = Value::Object(Map::new());
    for tree in source.trees() {
        if matches!(&tree.document.layer, Layer::Environment(layer) if *layer == source.name) {
            lay_over(&mut sections, &tree.root);
        }
    }
    let own = source
        .tree
        .pointer(&format!("/environment/{}", source.name))
        .cloned()
        .unwrap_or_else(|| json!({}));
    let mut own = json!({ name.as_str(): own });
    rename(&mut own, source.name.as_str(), name.as_str());
    let named = source.inventory.infrastructure.network();
    let derived = addresses::derived(name.as_str());
    let free = free_network(named.unwrap_or(derived), taken);
    if let Value::Object(sections) = &mut sections {
        sections.insert("environment".to_owned(), own);
        if free != derived {
            let infrastructure = sections
                .entry("infrastructure")
                .or_insert_with(|| json!({}));
            lay_over(infrastructure, &json!({ "network": free.to_string() }));
        }
    }
    let sections = match sections {
        Value::Object(sections) => sections,
        _ => Map::new(),
    };
    sections
        .into_iter()
        .map(|(section, value)| {
            let file = format!("{section}.yml");
            (file, [(section, value)].into_iter().collect())
        })
        .collect()
}

/// Replaces the old environment's name at the front of host names: `staging-redis`.
fn rename(node: &mut Value, from: &str, to: &str) {
    match node {
        Value::String(text) => {
            if let Some(rest) = text.strip_prefix(from)
                && (rest.is_empty() || rest.starts_with(['-', '.']))
            {
                *text = format!("{to}{rest}");
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| rename(item, from, to)),
        Value::Object(map) => map.values_mut().for_each(|item| rename(item, from, to)),
        _ => {}
    }
}

/// Returns `wanted`, or the next network of its size that overlaps none of `taken`.
fn free_network(wanted: Ipv4Net, taken: &[Ipv4Net]) -> Ipv4Net {
    let size = 1_u32 << (32 - wanted.prefix_len());
    let mut candidate = wanted;
    let overlaps = |network: &Ipv4Net| {
        taken
            .iter()
            .any(|other| other.contains(network) || network.contains(other))
    };
    while overlaps(&candidate) {
        let next = u32::from(candidate.network()).wrapping_add(size);
        candidate = Ipv4Net::new_assert(Ipv4Addr::from(next), wanted.prefix_len());
    }
    candidate
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_free_network_is_found() {
        let net = |text: &str| text.parse::<Ipv4Net>().unwrap();
        let taken = [net("10.0.0.0/20"), net("10.0.16.0/20")];
        assert_eq!(
            free_network(net("10.0.0.0/20"), &taken),
            net("10.0.32.0/20")
        );
        assert_eq!(free_network(net("10.9.0.0/20"), &taken), net("10.9.0.0/20"));
    }

    #[test]
    fn only_whole_names_are_replaced() {
        let mut node = json!(["staging-redis", "stagingx", "db.staging", "staging"]);
        rename(&mut node, "staging", "qa");
        assert_eq!(node, json!(["qa-redis", "stagingx", "db.staging", "qa"]));
    }
}
