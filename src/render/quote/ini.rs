//! PHP's settings, and option files of MySQL and MariaDB.

use tera::Value;

use super::{Quoted, Scalar, scalar};

/// php.ini and php-fpm pools: single quotes take everything literally but themselves, which are
/// written in double quotes beside them.
pub(super) fn ini(value: &Value) -> Quoted {
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

/// An `error_reporting` expression, which PHP evaluates only without quotes.
pub(super) fn ini_expression(value: &Value) -> Quoted {
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

/// Option files of MySQL and MariaDB: bare where that is safe, else in double quotes, within which
/// a backslash escapes.
pub(super) fn mysql(value: &Value) -> Quoted {
    let text = match scalar(value)? {
        Scalar::Text(text) => text,
        Scalar::Flag(flag) => return Ok(if flag { "ON" } else { "OFF" }.to_owned()),
        Scalar::Number(number) => return Ok(number),
    };
    let plain = !text.is_empty()
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"._/:,+-".contains(&b));
    if plain {
        return Ok(text.to_owned());
    }
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\0' => {
                return Err(tera::Error::message(
                    "a NUL byte has no place in an option file",
                ));
            }
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
    fn option_files_keep_text_in_its_line() {
        assert_eq!(
            all(
                mysql,
                &["1G", "10.0.0.1:3306,10.0.0.2:3306", "a # b", "\"\\\n", ""]
            ),
            [
                "1G",
                "10.0.0.1:3306,10.0.0.2:3306",
                "\"a # b\"",
                "\"\\\"\\\\\\n\"",
                "\"\""
            ]
        );
        assert_eq!(mysql(&Value::from(true)).unwrap(), "ON");
    }

    #[test]
    fn expressions_are_checked_again() {
        assert!(ini_expression(&Value::from("E_ALL & ~E_NOTICE")).is_ok());
        assert!(ini_expression(&Value::from("E_ALL; x")).is_err());
    }
}
