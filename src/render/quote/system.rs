//! Quoting for shells and systemd.

use tera::Value;

use super::{Quoted, Scalar, scalar};

/// A POSIX shell: one word, bare where that is safe, else in single quotes, which take everything
/// literally but themselves.
pub(super) fn shell(value: &Value) -> Quoted {
    let text = match scalar(value)? {
        Scalar::Text(text) => text,
        Scalar::Flag(flag) => return Ok(flag.to_string()),
        Scalar::Number(number) => return Ok(number),
    };
    let plain = !text.is_empty()
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"._/:@+,-".contains(&b));
    if plain {
        return Ok(text.to_owned());
    }
    if text.contains('\0') {
        return Err(tera::Error::message("a NUL byte has no place in a shell"));
    }
    Ok(format!("'{}'", text.replace('\'', "'\\''")))
}

/// The value of a directive in a systemd unit: one line, in which a percent sign begins nothing.
pub(super) fn systemd(value: &Value) -> Quoted {
    match scalar(value)? {
        Scalar::Text(text) if text.chars().any(char::is_control) || text.ends_with('\\') => Err(
            tera::Error::message(format!("{text:?} does not fit on a line of a unit")),
        ),
        Scalar::Text(text) => Ok(text.replace('%', "%%")),
        Scalar::Flag(flag) => Ok(flag.to_string()),
        Scalar::Number(number) => Ok(number),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::all;
    use super::*;

    #[test]
    fn shells_run_nothing() {
        assert_eq!(
            all(shell, &["/srv/shared", "", "a b", "$(x)", "it's"]),
            ["/srv/shared", "''", "'a b'", "'$(x)'", "'it'\\''s'"]
        );
    }

    #[test]
    fn units_take_one_line() {
        assert_eq!(
            all(systemd, &["*-*-* 00:00:00 UTC", "100%"]),
            ["*-*-* 00:00:00 UTC", "100%%"]
        );
        for text in ["a\nb", "a\\"] {
            assert!(systemd(&Value::from(text)).is_err(), "{text:?}");
        }
    }
}
