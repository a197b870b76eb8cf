//! Languages with quoted strings of their own: HCL, nginx, RainerScript.

use tera::Value;

use super::{Quoted, Scalar, push_code, scalar};

/// nginx: a bare word where that is safe, else a quoted string. nginx replaces `$name` even in
/// quotes and has no escape for the sign; `${dollar}` is a variable that holds it.
pub(super) fn nginx(value: &Value) -> Quoted {
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

/// RainerScript: a quoted string, in which a dollar sign begins no variable.
pub(super) fn rsyslog(value: &Value) -> Quoted {
    let Scalar::Text(text) = scalar(value)? else {
        return Err(tera::Error::message("this is not text"));
    };
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' | '$' => {
                quoted.push('\\');
                quoted.push(c);
            }
            c if c.is_control() => {
                return Err(tera::Error::message("a control character has no place"));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    Ok(quoted)
}

/// HCL: a quoted string in which neither `${` nor `%{` begins a template.
pub(super) fn hcl(value: &Value) -> Quoted {
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

#[cfg(test)]
mod tests {
    use super::super::tests::all;
    use super::*;

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
    fn nginx_replaces_no_variable() {
        assert_eq!(
            all(nginx, &["30s", "a b;", "$host", "\"}"]),
            ["30s", "\"a b;\"", "\"${dollar}host\"", "\"\\\"}\""]
        );
    }

    #[test]
    fn rsyslog_strings_end_where_they_should() {
        assert_eq!(
            all(rsyslog, &["plain", "a\"b\\c", "$x"]),
            ["\"plain\"", "\"a\\\"b\\\\c\"", "\"\\$x\""]
        );
        assert!(rsyslog(&Value::from("a\nb")).is_err());
    }
}
