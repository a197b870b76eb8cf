//! How lints are tested: an inventory of a few lines, and what is found in it.

use crate::diag::Diagnostics;
use crate::load::{Document, Layer, Loaded};
use crate::source::Span;

/// Returns everything found in an inventory given as YAML.
pub(crate) fn check(yaml: &str) -> Diagnostics {
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
}

/// Returns the messages a code leads to, without the key they begin with, for an inventory given
/// as YAML.
pub(crate) fn findings(code: &str, yaml: &str) -> Vec<String> {
    check(yaml)
        .iter()
        .filter(|finding| finding.code == code)
        .map(|finding| {
            let key = finding.key.as_ref().map(|key| format!("`{key}`: "));
            let prefix = key.as_deref().unwrap_or_default();
            finding.message.trim_start_matches(prefix).to_owned()
        })
        .collect()
}

/// The same for an inventory whose one environment, `staging`, has machines for each role.
pub(crate) fn ha(code: &str, rest: &str) -> Vec<String> {
    let environment = "environment: {staging: {cache: {host: redis}, database: {host: db}}}";
    findings(code, &format!("{environment}\n{rest}"))
}
