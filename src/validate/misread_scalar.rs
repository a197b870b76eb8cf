use super::{Findings, Lint};
use crate::diag::Severity;
use crate::key::KeyPath;
use crate::resolve::Resolved;
use crate::units::Switch;
use serde_json::{Number, Value};

pub(super) const LINT: Lint = Lint {
    code: "L03",
    severity: Severity::Warning,
    title: "a value that YAML readers disagree about",
    explanation: "\
YAML 1.1 and 1.2 read some unquoted words differently. `0755` is the number 493 to one and the
text 0755 to the other; `yes`, `no`, `on` and `off` are truth values to one and words to the other.
The next tool that reads the same file may see other permissions or the opposite of a switch. And to
all of them `8.10` is the number 8.1, so a version loses its last digit.

Put file modes and versions in quotes, and write `true` or `false` for a switch.",
    check,
};

const PERMISSIONS: &str = "dependencies.filesystem.permissions";

fn check(resolved: &Resolved<'_>, findings: &mut Findings<'_, '_>) {
    check_permissions(resolved, findings);
    if !holds_trap(&resolved.tree) {
        return;
    }
    // Only the types say which of these words stands for a truth value.
    let typed = serde_json::to_value(&resolved.inventory).unwrap_or_default();
    let mut traps = Vec::new();
    collect_traps(&resolved.tree, &typed, &KeyPath::default(), &mut traps);
    for (key, trap) in traps {
        report(resolved, findings, &key, &trap);
    }
}

/// What readers disagree about.
enum Trap<'a> {
    /// A word that was read as a truth value.
    Switch(&'a str, bool),
    /// Digits that are octal to YAML 1.1.
    Octal,
    /// A number where a text was meant.
    Fraction(&'a Number),
}

fn report(
    resolved: &Resolved<'_>,
    findings: &mut Findings<'_, '_>,
    key: &KeyPath,
    trap: &Trap<'_>,
) {
    let (message, hint) = match trap {
        Trap::Switch(word, flag) => (
            format!("`{word}` is a truth value in YAML 1.1 and a word in YAML 1.2"),
            format!("write `{flag}`"),
        ),
        Trap::Octal | Trap::Fraction(_) => {
            // In quotes there is no disagreement.
            let Some(place) = resolved.place(key).filter(|place| place.plain) else {
                return;
            };
            let text = &resolved.sources().get(place.value.source).text;
            let written = &text[place.value.start..place.value.end];
            match trap {
                Trap::Fraction(number) if written == number.to_string() => return,
                Trap::Fraction(number) => (
                    format!("`{written}` without quotes is the number `{number}`"),
                    "write it in quotes".to_owned(),
                ),
                _ => (
                    format!("`{written}` without quotes is an octal number to some YAML readers"),
                    "write it in quotes, or without the leading `0`".to_owned(),
                ),
            }
        }
    };
    findings.report(&key.to_string(), message, hint);
}

fn check_permissions(resolved: &Resolved<'_>, findings: &mut Findings<'_, '_>) {
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
            PERMISSIONS,
            format!("`{written}` without quotes is a number to some YAML readers"),
            format!("write it in quotes; here it means \"{mode}\""),
        );
    }
}

fn holds_trap(value: &Value) -> bool {
    match value {
        Value::Object(map) => map.values().any(holds_trap),
        Value::Array(items) => items.iter().any(holds_trap),
        // Most texts are longer, which is quicker to see.
        Value::String(text) => {
            text.len() <= 3 && Switch::from_word(text).is_some() || is_octal(text)
        }
        Value::Number(number) => number.is_f64(),
        _ => false,
    }
}

fn is_octal(text: &str) -> bool {
    let digits = |rest: &str| !rest.is_empty() && rest.bytes().all(|b| (b'0'..=b'7').contains(&b));
    text.strip_prefix('0').is_some_and(digits)
}

fn collect_traps<'a>(
    written: &'a Value,
    typed: &Value,
    key: &KeyPath,
    traps: &mut Vec<(KeyPath, Trap<'a>)>,
) {
    match (written, typed) {
        (Value::Object(written), Value::Object(typed)) => {
            for (name, value) in written {
                if let Some(typed) = typed.get(name) {
                    collect_traps(value, typed, &key.join(name), traps);
                }
            }
        }
        (Value::String(word), Value::Bool(flag)) if Switch::from_word(word).is_some() => {
            traps.push((key.clone(), Trap::Switch(word, *flag)));
        }
        // File modes are looked at above.
        (Value::String(text), _) if is_octal(text) && key.to_string() != PERMISSIONS => {
            traps.push((key.clone(), Trap::Octal));
        }
        (Value::Number(number), Value::String(_)) if number.is_f64() => {
            traps.push((key.clone(), Trap::Fraction(number)));
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

    #[test]
    fn versions_keep_their_last_digit() {
        let inventory = |version: &str| {
            format!("environment: {{dev: {{}}}}\nsystem: {{php: {{version: {version}}}}}")
        };
        assert_eq!(
            findings("L03", &inventory("8.10")),
            ["`8.10` without quotes is the number `8.1`"]
        );
        for version in ["8.2", "\"8.10\""] {
            assert!(findings("L03", &inventory(version)).is_empty(), "{version}");
        }
    }

    #[test]
    fn octal_numbers_are_told() {
        let inventory =
            |value: &str| format!("environment: {{dev: {{variables: {{A: {value}}}}}}}");
        assert_eq!(
            findings("L03", &inventory("0640")),
            ["`0640` without quotes is an octal number to some YAML readers"]
        );
        for value in ["\"0640\"", "0890", "0"] {
            assert!(findings("L03", &inventory(value)).is_empty(), "{value}");
        }
    }
}
