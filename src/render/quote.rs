//! One quoting filter per format. Every value a template places passes through one, so that no
//! inventory value can leave its place.

mod nft;

use std::fmt::Write as _;

use tera::{Kwargs, State, Tera, Value};

/// What a filter returns.
type Quoted = Result<String, tera::Error>;

/// The filters' names; a test demands one of them after every interpolated value.
pub const FILTERS: &[&str] = &[
    "ansible",
    "comment",
    "hcl",
    "ini",
    "ini_expression",
    "nft",
    "nginx",
    "word",
    "yaml",
];

/// Registers the filters.
pub fn register(tera: &mut Tera) {
    tera.register_filter("ansible", |v: Value, _: Kwargs, _: &State| ansible(&v));
    tera.register_filter("comment", |v: Value, _: Kwargs, _: &State| comment(&v));
    tera.register_filter("hcl", |v: Value, _: Kwargs, _: &State| hcl(&v));
    tera.register_filter("ini", |v: Value, _: Kwargs, _: &State| ini(&v));
    tera.register_filter("ini_expression", |v: Value, _: Kwargs, _: &State| {
        ini_expression(&v)
    });
    tera.register_filter("nft", |v: Value, _: Kwargs, _: &State| nft::nft(&v));
    tera.register_filter("nginx", |v: Value, _: Kwargs, _: &State| nginx(&v));
    tera.register_filter("word", |v: Value, _: Kwargs, _: &State| word(&v));
    tera.register_filter("yaml", |v: Value, _: Kwargs, _: &State| yaml(&v));
}

/// A scalar as the template engine sees it.
enum Scalar<'a> {
    Text(&'a str),
    Flag(bool),
    Number(String),
}

fn scalar(value: &Value) -> Result<Scalar<'_>, tera::Error> {
    if let Some(text) = value.as_str() {
        return Ok(Scalar::Text(text));
    }
    if let Some(flag) = value.as_bool() {
        return Ok(Scalar::Flag(flag));
    }
    if value.is_number() {
        return Ok(Scalar::Number(value.to_string()));
    }
    Err(tera::Error::message(format!(
        "a {} cannot be written as one value",
        value.name()
    )))
}

/// Text inside a comment: kept on its line.
fn comment(value: &Value) -> Quoted {
    Ok(match scalar(value)? {
        Scalar::Text(text) => text
            .chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .collect(),
        Scalar::Flag(flag) => flag.to_string(),
        Scalar::Number(number) => number,
    })
}

/// Adds a character by its number, in the notation HCL and YAML share.
fn push_code(quoted: &mut String, c: char) {
    let _ = write!(quoted, "\\u{:04x}", u32::from(c));
}

/// HCL: a quoted string in which neither `${` nor `%{` begins a template.
fn hcl(value: &Value) -> Quoted {
    let text = match scalar(value)? {
        Scalar::Text(text) => text,
        Scalar::Flag(flag) => return Ok(flag.to_string()),
        Scalar::Number(number) => return Ok(number),
    };
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '$' | '%' if characters.peek() == Some(&'{') => {
                quoted.push(c);
                quoted.push(c);
            }
            c if c.is_control() => push_code(&mut quoted, c),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    Ok(quoted)
}

/// YAML 1.1 and 1.2 alike: plain where no reader could take it for anything but this text.
fn yaml(value: &Value) -> Quoted {
    let text = match scalar(value)? {
        Scalar::Text(text) => text,
        Scalar::Flag(flag) => return Ok(flag.to_string()),
        Scalar::Number(number) => return Ok(number),
    };
    if is_plain_yaml(text) {
        return Ok(text.to_owned());
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

/// YAML that Ansible reads: text with Jinja in it is marked, or Ansible would evaluate it.
fn ansible(value: &Value) -> Quoted {
    let quoted = yaml(value)?;
    let jinja = ["{{", "{%", "{#"];
    Ok(if jinja.iter().any(|mark| quoted.contains(mark)) {
        format!("!unsafe {quoted}")
    } else {
        quoted
    })
}

/// php.ini and php-fpm pools: single quotes take everything literally but themselves, which are
/// written in double quotes beside them.
fn ini(value: &Value) -> Quoted {
    const WORDS: [&str; 8] = ["true", "false", "yes", "no", "on", "off", "null", "none"];
    let text = match scalar(value)? {
        Scalar::Text(text) => text,
        Scalar::Flag(flag) => return Ok(if flag { "On" } else { "Off" }.to_owned()),
        Scalar::Number(number) => return Ok(number),
    };
    let lower = text.to_ascii_lowercase();
    // Without quotes PHP replaces the name of a constant, such as E_ALL, by its value.
    let constant = text.starts_with(|c: char| c.is_ascii_uppercase() || c == '_')
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    let plain = !text.is_empty()
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"._/:-".contains(&b))
        && !constant
        && !WORDS.contains(&lower.as_str());
    if plain {
        return Ok(text.to_owned());
    }
    if text.contains('\0') {
        return Err(tera::Error::message(
            "a NUL byte has no place in an INI file",
        ));
    }
    if text.is_empty() {
        return Ok("''".to_owned());
    }
    // `''` beside another string is a syntax error, so nothing empty may stand between two quotes.
    Ok(text
        .split_inclusive('\'')
        .flat_map(|part| match part.strip_suffix('\'') {
            Some(before) => [before, "'"],
            None => [part, ""],
        })
        .filter(|part| !part.is_empty())
        .map(|part| match part {
            "'" => "\"'\"".to_owned(),
            part => format!("'{part}'"),
        })
        .collect())
}

/// A format without quotes, such as `/etc/hosts`: a name or address, or nothing at all.
fn word(value: &Value) -> Quoted {
    match scalar(value)? {
        Scalar::Text(text)
            if !text.is_empty()
                && text
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b"._:-".contains(&b)) =>
        {
            Ok(text.to_owned())
        }
        Scalar::Text(text) => Err(tera::Error::message(format!("{text:?} is not one word"))),
        Scalar::Flag(flag) => Ok(flag.to_string()),
        Scalar::Number(number) => Ok(number),
    }
}

/// An `error_reporting` expression, which PHP evaluates only without quotes.
fn ini_expression(value: &Value) -> Quoted {
    match scalar(value)? {
        Scalar::Text(text)
            if text
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"_ &|^~()".contains(&b)) =>
        {
            Ok(text.to_owned())
        }
        _ => Err(tera::Error::message(
            "this is not an expression of constants",
        )),
    }
}

/// nginx: a bare word where that is safe, else a quoted string. nginx replaces `$name` even in
/// quotes and has no escape for the sign; `${dollar}` is a variable that holds it.
fn nginx(value: &Value) -> Quoted {
    let text = match scalar(value)? {
        Scalar::Text(text) => text,
        Scalar::Flag(flag) => return Ok(if flag { "on" } else { "off" }.to_owned()),
        Scalar::Number(number) => return Ok(number),
    };
    let plain = !text.is_empty()
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"._/:*+-[]@".contains(&b));
    if plain {
        return Ok(text.to_owned());
    }
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '$' => quoted.push_str("${dollar}"),
            '\0' => return Err(tera::Error::message("a NUL byte has no place in nginx")),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    Ok(quoted)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(filter: fn(&Value) -> Quoted, texts: &[&str]) -> Vec<String> {
        texts
            .iter()
            .map(|text| filter(&Value::from(*text)).unwrap())
            .collect()
    }

    #[test]
    fn hcl_begins_no_template() {
        assert_eq!(
            all(
                hcl,
                &["plain", "a\"b\\c", "${x} %{y} $${z", "l\nm", "\u{1}"]
            ),
            [
                "\"plain\"",
                "\"a\\\"b\\\\c\"",
                "\"$${x} %%{y} $$${z\"",
                "\"l\\nm\"",
                "\"\\u0001\""
            ]
        );
    }

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
                    "#"
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
                "\"#\""
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

    #[test]
    fn ini_takes_text_literally() {
        assert_eq!(
            all(ini, &["128M", "on", "E_ALL", "it's", "'", "${HOME};#", ""]),
            [
                "128M",
                "'on'",
                "'E_ALL'",
                "'it'\"'\"'s'",
                "\"'\"",
                "'${HOME};#'",
                "''"
            ]
        );
        assert_eq!(ini(&Value::from(true)).unwrap(), "On");
    }

    #[test]
    fn nginx_replaces_no_variable() {
        assert_eq!(
            all(nginx, &["30s", "a b;", "$host", "\"}"]),
            ["30s", "\"a b;\"", "\"${dollar}host\"", "\"\\\"}\""]
        );
    }

    #[test]
    fn words_stand_without_quotes() {
        assert_eq!(
            all(word, &["app1", "10.0.0.1", "::1"]),
            ["app1", "10.0.0.1", "::1"]
        );
        for text in ["", "a b", "a\nb", "#"] {
            assert!(word(&Value::from(text)).is_err(), "{text:?}");
        }
    }

    #[test]
    fn expressions_are_checked_again() {
        assert!(ini_expression(&Value::from("E_ALL & ~E_NOTICE")).is_ok());
        assert!(ini_expression(&Value::from("E_ALL; x")).is_err());
    }
}
