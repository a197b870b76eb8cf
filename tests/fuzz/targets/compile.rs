//! Any text as an inventory: the parser and the compiler answer, and answer twice alike.
//!
//! `cargo fuzz run --fuzz-dir tests/fuzz --sanitizer none compile` needs no nightly toolchain.
#![no_main]

use libfuzzer_sys::fuzz_target;
use precast::compile::{Inventories, render_all};
use precast::diag::{Diagnostics, human};
use precast::environment::Environment;
use precast::load::{Document, Layer, Loaded};
use precast::render::Templates;
use precast::source::Span;
use precast::topology::topology;

fn compile(text: &str) -> String {
    let mut loaded = Loaded::default();
    let source = loaded.sources.add("inventories/any.yml", text);
    loaded.documents.push(Document {
        layer: Layer::Shared,
        span: Span {
            source,
            start: 0,
            end: text.len(),
        },
    });
    let mut diagnostics = Diagnostics::default();
    let inventories = Inventories::new(&loaded, &[], &mut diagnostics);
    inventories.check(&mut diagnostics);
    diagnostics.tidy();
    let mut answer = human::print(&diagnostics, &loaded.sources);
    if diagnostics.has_errors() {
        return answer;
    }
    let templates = Templates::load(std::path::Path::new("/nonexistent"), &mut diagnostics);
    for name in &inventories.wanted {
        let resolved = inventories.resolve(name, &mut diagnostics);
        let environment = Environment {
            topology: topology(&resolved),
            resolved: &resolved,
        };
        for (path, file) in render_all(&templates, &environment, &mut diagnostics) {
            answer += &path;
            answer += &file.text;
        }
    }
    assert!(!diagnostics.has_errors(), "what passes validation renders");
    answer
}

fuzz_target!(|bytes: &[u8]| {
    if let Ok(text) = std::str::from_utf8(bytes) {
        assert_eq!(compile(text), compile(text));
    }
});
