//! wip
pub mod diag;
pub mod graph;
pub mod key;
pub mod load;
pub mod model;
pub mod parse;
pub mod resolve;
pub mod source;
pub mod suggest;
pub mod topology;
pub mod units;
pub mod validate;

use diag::Diagnostics;
use load::Loaded;
use resolve::Input;
use units::Name;

/// Parses, resolves and validates: everything `precast check` does. `wanted` names the
/// environments of interest; all of them when empty.
pub fn check(loaded: &Loaded, wanted: &[Name], diagnostics: &mut Diagnostics) {
    let trees = parse::parse(loaded, diagnostics);
    let input = Input {
        sources: &loaded.sources,
        trees: &trees,
    };
    let names = resolve::environments(input, diagnostics);
    let shared = resolve::share(input, diagnostics);
    for name in names {
        if wanted.is_empty() || wanted.contains(&name) {
            let resolved = resolve::resolve(input, &shared, &name, diagnostics);
            validate::validate(&resolved, diagnostics);
        }
    }
}
