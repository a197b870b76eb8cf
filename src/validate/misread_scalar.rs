use super::{Findings, Lint};
use crate::diag::Severity;
use crate::key::KeyPath;
use crate::resolve::Resolved;
use crate::units::Switch;
use serde_json::Value;

pub(super) const LINT: Lint = Lint {
    code: "L03",
    severity: Severity::Warning,
    title: "a value that YAML readers disagree about",
    explanation: "\
YAML 1.1 and 1.2 read some unquoted words differently. `0755` is the number 493 to one and the
text 0755 to the other; `yes`, `no`, `on` and `off` are truth values to one and words to the other.
The next tool that reads the same file may see other permissions or the opposite of a switch.

Put file modes in quotes, and write `true` or `false` for a switch.",
    check,
};

fn check(resolved: &Resolved<'_>, findings: &mut Findings<'_, '_>) {
    check_permissions(resolved, findings);
    if !holds_word(&resolved.tree) {
        return;
    }
    // Only the types say which of these words stands for a truth value.
    let typed = serde_json::to_value(&resolved.inventory).unwrap_or_default();
    let mut words = Vec::new();
    collect_words(&resolved.tree, &typed, &KeyPath::default(), &mut words);
    for (key, word, flag) in words {
        findings.report(
            &key.to_string(),
            format!("`{word}` is a truth value in YAML 1.1 and a word in YAML 1.2"),
            format!("write `{flag}`"),
        );
    }
}

fn check_permissions(resolved: &Resolved<'_>, findings: &mut Findings<'_, '_>) {
    const KEY: &str = "dependencies.filesystem.permissions";
    let key = KeyPath::default()
        .join("dependencies")
        .join("filesystem")
        .join("permissions");
    // Locating is the slow part, so it is left out for what can only have been quoted.
    let suspicious = match key.find(&resolved.tree) {
        Some(Value::Number(_)) => true,
        Some(Value::String(text)) => text.starts_with('0'),
        _ => false,
    };
    if !suspicious {
        return;
    }
    if let Some(place) = resolved.place(&key).filter(|place| place.plain) {
        let text = &resolved.sources().get(place.value.source).text;
        let written = &text[place.value.start..place.value.end];
        let mode = resolved.inventory.dependencies.filesystem.permissions;
        findings.report(
            KEY,
            format!("`{written}` without quotes is a number to some YAML readers"),
            format!("write it in quotes; here it means \"{mode}\""),
        );
    }
}

fn holds_word(value: &Value) -> bool {
    match value {
        Value::Object(map) => map.values().any(holds_word),
        Value::Array(items) => items.iter().any(holds_word),
        // Most texts are longer, which is quicker to see.
        Value::String(text) => text.len() <= 3 && Switch::from_word(text).is_some(),
        _ => false,
    }
}

/// Lists the words that were read as truth values.
fn collect_words<'a>(
    written: &'a Value,
    typed: &Value,
    key: &KeyPath,
    words: &mut Vec<(KeyPath, &'a str, bool)>,
) {
    match (written, typed) {
        (Value::Object(written), Value::Object(typed)) => {
            for (name, value) in written {
                if let Some(typed) = typed.get(name) {
                    collect_words(value, typed, &key.join(name), words);
                }
            }
        }
        (Value::String(word), Value::Bool(flag)) if Switch::from_word(word).is_some() => {
            words.push((key.clone(), word, *flag));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::findings;

    #[test]
    fn file_modes_are_quoted() {
        let inventory = |mode: &str| {
            format!(
                "environment: {{staging: {{}}}}\n\
                 dependencies:\n  filesystem:\n    - permissions: {mode}\n"
            )
        };
        for mode in ["0755", "755"] {
            assert_eq!(
                findings("L03", &inventory(mode)),
                [format!(
                    "`{mode}` without quotes is a number to some YAML readers"
                )]
            );
        }
        assert!(findings("L03", &inventory("\"0755\"")).is_empty());
    }

    #[test]
    fn truth_values_are_true_or_false() {
        let inventory = |word: &str| {
            format!("environment: {{staging: {{debug: {word}, variables: {{A: {word}}}}}}}")
        };
        assert_eq!(
            findings("L03", &inventory("yes")),
            ["`yes` is a truth value in YAML 1.1 and a word in YAML 1.2"]
        );
        assert!(findings("L03", &inventory("true")).is_empty());
    }
}
