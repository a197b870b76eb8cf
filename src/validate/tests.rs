use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use super::testing::check;
use super::{ACROSS, LINTS, explanation};
use crate::diag::{Diagnostics, Severity};
use crate::load::{Overrides, load};

/// The bundled inventory's shared layer: the reference document and a project's name.
fn reference() -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("inventories");
    let mut yaml = String::new();
    let mut paths: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "yml"))
        .collect();
    paths.sort();
    for path in paths {
        writeln!(yaml, "{}", fs::read_to_string(path).unwrap()).unwrap();
    }
    yaml
}

#[test]
fn the_reference_document_has_traps_but_no_errors() {
    let mut found = check(&reference());
    found.tidy();
    let mut codes: Vec<String> = found
        .iter()
        .map(|finding| format!("{} {}", finding.code, finding.severity.name()))
        .collect();
    codes.sort();
    assert_eq!(
        codes,
        [
            "L06 warning",
            "L06 warning",
            "L08 warning",
            "L12 info",
            "L15 warning",
            "L16 info",
            "L16 info",
            "L16 info",
            "L16 info",
            "L19 warning",
            "L20 warning",
            "L25 warning",
            "L27 warning",
            "L28 warning",
            "L29 warning",
            "L31 warning",
            "L35 info",
            "L38 warning",
            "L38 warning",
            "L38 warning",
            "L39 warning",
            "L40 info",
            "L41 warning",
            "L43 info",
            "L44 warning",
            "L47 warning",
            "L48 warning",
            "L51 info",
            "L51 info",
            "L54 info",
            "L54 info",
        ]
    );
}

#[test]
fn the_bundled_inventory_has_no_errors() {
    let mut found = Diagnostics::default();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let loaded = load(root, &Overrides::default(), &mut found);
    crate::compile::Inventories::new(&loaded, &[], &mut found).check(&mut found);
    let errors: Vec<_> = found
        .iter()
        .filter(|finding| finding.severity == Severity::Error)
        .collect();
    assert!(errors.is_empty(), "{errors:?}");
}

#[test]
fn findings_quote_and_help() {
    for finding in check(&reference()).iter() {
        assert!(!finding.message.ends_with('.'), "{}", finding.message);
        let hint = finding.hint.as_deref().unwrap();
        assert!(!hint.ends_with('.') && !hint.is_empty(), "{hint}");
        assert!(finding.key.is_some() && finding.environment.is_some());
    }
}

#[test]
fn lints_stand_in_the_order_of_their_codes() {
    assert!(LINTS.is_sorted_by_key(|lint| lint.code));
    assert!(ACROSS.is_sorted_by_key(|lint| lint.code));
    let codes: BTreeSet<&str> = LINTS.iter().map(|lint| lint.code).collect();
    assert_eq!(codes.len(), LINTS.len(), "a code is used twice");
}

#[test]
fn every_code_is_explained() {
    let mut codes = BTreeSet::new();
    collect_codes(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
        &mut codes,
    );
    assert!(codes.len() > 50);
    for code in codes {
        let (title, text) = explanation(&code).unwrap_or_else(|| panic!("{code} is not explained"));
        assert!(!title.is_empty() && !title.ends_with('.'), "{code}");
        assert!(text.lines().count() >= 3 && text.ends_with('.'), "{code}");
        assert!(text.lines().all(|line| line.len() <= 104), "{code}");
    }
    assert_eq!(explanation("X00"), None);
}

/// Collects every quoted code of the sources.
fn collect_codes(folder: &Path, codes: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect_codes(&path, codes);
            continue;
        }
        let text = fs::read_to_string(path).unwrap();
        codes.extend(
            text.split('"')
                .filter(|word| {
                    let mut bytes = word.bytes();
                    word.len() == 3
                        && matches!(bytes.next(), Some(b'L' | b'F'))
                        && bytes.all(|byte| byte.is_ascii_digit())
                })
                .map(str::to_owned),
        );
    }
}

/// Values at the ends of their ranges, for every key that holds a number.
#[test]
fn no_value_makes_validation_panic() {
    let amounts = |count: u32, size: &str, time: &str| {
        format!(
            "environment: {{a: {{cache: {{host: c, port: 65535}}, database: {{host: d}}}}, b: {{}}}}\n\
             system: {{memory: {{minimum: {size}, recommended: {size}}}, storage: {{recommended: {size}}}}}\n\
             dependencies: {{filesystem: {{space: {size}}}}}\n\
             scaling: {{load_balancer: {{servers: {count}, memory: {size}}}, app: {{servers: {count}}}, \
             cache: {{servers: {count}}}, database: {{read_replicas: {count}, write_master: {count}}}, \
             filesystem: {{servers: {count}, memory: {size}}}}}\n\
             performance: {{cache: {{max_connections: {count}, max_memory: {size}}}, \
             database: {{max_connections: {count}, buffer_pool: {size}, query_cache: {size}}}, \
             filesystem: {{cache_size: {size}}}}}\n\
             php: {{memory_limit: {size}, child_memory: {size}, max_execution_time: {time}}}\n\
             monitoring: {{metrics: {{interval: {time}, retention: {time}, aggregation: {time}}}}}\n\
             health_checks: {{database: {{interval: {time}, timeout: {time}, retries: {count}}}}}\n\
             backup: {{database: {{schedule: \"0 0 29 2 *\", retention: {time}}}}}"
        )
    };
    for (count, size, time) in [
        (0, "0", "0"),
        (1, "1", "1s"),
        (1_000_000, "18446744073709551615", "36500d"),
        (1_000_000, "0", "36500d"),
    ] {
        let found = check(&amounts(count, size, time));
        assert!(found.count(Severity::Error) > 0);
    }
}

#[test]
fn defaults_are_shown_where_they_would_be_written() {
    let yaml = "environment: {dev: {}}\nbackup:\n  database:\n    retention: 30d\n";
    let found = check(yaml);
    let finding = found.iter().find(|finding| finding.code == "L38").unwrap();
    let at = finding.at.unwrap();
    assert_eq!(&yaml[at.start..at.end], "database");
    assert_eq!(
        finding.notes,
        ["`backup.database.encryption` has its default value"]
    );
}
