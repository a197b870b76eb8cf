//! Option files of MySQL and MariaDB.

use tera::Value;

use super::{Quoted, Scalar, scalar};

/// Option files of MySQL and MariaDB: bare where that is safe, else in double quotes, within which
/// a backslash escapes.
pub(super) fn option(value: &Value) -> Quoted {
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
    use tera::Value;

    use super::option;

    #[test]
    fn option_files_keep_text_in_its_line() {
        let quoted = |text: &str| option(&Value::from(text)).unwrap();
        assert_eq!(quoted("1G"), "1G");
        assert_eq!(
            quoted("10.0.0.1:3306,10.0.0.2:3306"),
            "10.0.0.1:3306,10.0.0.2:3306"
        );
        assert_eq!(quoted("a # b"), "\"a # b\"");
        assert_eq!(quoted("\"\\\n"), "\"\\\"\\\\\\n\"");
        assert_eq!(quoted(""), "\"\"");
        assert_eq!(option(&Value::from(true)).unwrap(), "ON");
    }
}
