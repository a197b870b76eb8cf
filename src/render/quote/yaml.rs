//! YAML, and YAML that Ansible reads.

use tera::Value;

use super::{Quoted, Scalar, push_code, scalar};

/// YAML 1.1 and 1.2 alike: plain where no reader could take it for anything but this text.
pub(super) fn yaml(value: &Value) -> Quoted {
    let text = match scalar(value)? {
        Scalar::Text(text) => text,
        Scalar::Flag(flag) => return Ok(flag.to_string()),
        Scalar::Number(number) => return Ok(number),
    };
    if is_plain_yaml(text) {
        return Ok(text.to_owned());
    }
    if is_literal_yaml(text) {
        return Ok(format!("'{text}'"));
    }
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            // Line separators fold like line breaks; a byte order mark may be dropped.
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}') => {
                push_code(&mut quoted, c);
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    Ok(quoted)
}

fn is_plain_yaml(text: &str) -> bool {
    const WORDS: [&str; 9] = ["true", "false", "yes", "no", "on", "off", "null", "y", "n"];
    let safe = |c: char| c.is_ascii_alphanumeric() || "_-./ ".contains(c);
    let lower = text.to_ascii_lowercase();
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/')
        && text.chars().all(safe)
        && !text.ends_with(' ')
        && !WORDS.contains(&lower.as_str())
}

/// Single quotes keep expressions and patterns readable: nothing inside them has a meaning.
fn is_literal_yaml(text: &str) -> bool {
    text.contains(['"', '\\'])
        && !text.contains('\'')
        && text.bytes().all(|b| (32..127).contains(&b))
}

/// YAML that Ansible reads: text with Jinja in it is marked, or Ansible would evaluate it.
pub(super) fn ansible(value: &Value) -> Quoted {
    let quoted = yaml(value)?;
    let jinja = ["{{", "{%", "{#"];
    Ok(if jinja.iter().any(|mark| quoted.contains(mark)) {
        format!("!unsafe {quoted}")
    } else {
        quoted
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::all;
    use super::*;

    #[test]
    fn yaml_text_stays_text() {
        assert_eq!(
            all(
                yaml,
                &[
                    "app1",
                    "two words",
                    "a ",
                    "yes",
                    "10.0",
                    "a: b",
                    "- x",
                    "",
                    "#",
                    "up{a=\"b\"}",
                    "\"it's\""
                ]
            ),
            [
                "app1",
                "two words",
                "\"a \"",
                "\"yes\"",
                "\"10.0\"",
                "\"a: b\"",
                "\"- x\"",
                "\"\"",
                "\"#\"",
                "'up{a=\"b\"}'",
                "\"\\\"it's\\\"\""
            ]
        );
        assert_eq!(yaml(&Value::from(5)).unwrap(), "5");
    }

    #[test]
    fn jinja_is_marked() {
        assert_eq!(
            all(ansible, &["a", "{{ x }}", "{% x %}"]),
            ["a", "!unsafe \"{{ x }}\"", "!unsafe \"{% x %}\""]
        );
    }
}
