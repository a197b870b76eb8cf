//! Formats without quotes: what does not fit is refused.

use tera::Value;

use super::{Quoted, Scalar, scalar};

/// A format without quotes, such as `/etc/hosts`: a name or address, or nothing at all.
pub(super) fn word(value: &Value) -> Quoted {
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

/// nftables: names, addresses, networks and ports, or a list of them, or nothing at all.
pub(super) fn nft(value: &Value) -> Quoted {
    match scalar(value)? {
        Scalar::Text(text)
            if !text.is_empty()
                && text
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b"._:/-, ".contains(&b)) =>
        {
            Ok(text.to_owned())
        }
        Scalar::Number(number) => Ok(number),
        _ => Err(tera::Error::message("this is no address, name or port")),
    }
}

/// A format without quotes in which a path or a pattern of paths stands, such as logrotate's.
pub(super) fn path(value: &Value) -> Quoted {
    match scalar(value)? {
        Scalar::Text(text)
            if text.starts_with('/')
                && text
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b"._:-/*@".contains(&b)) =>
        {
            Ok(text.to_owned())
        }
        _ => Err(tera::Error::message("this is not a path")),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::all;
    use super::*;

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
    fn rules_of_a_firewall_hold_no_others() {
        assert_eq!(
            all(nft, &["10.0.0.0/8", "24007, 49152-49251"]),
            ["10.0.0.0/8", "24007, 49152-49251"]
        );
        for text in ["", "22 accept; drop", "a\nb", "}"] {
            assert!(nft(&Value::from(text)).is_err(), "{text:?}");
        }
    }

    #[test]
    fn paths_stand_without_quotes() {
        assert_eq!(all(path, &["/var/log/*.log"]), ["/var/log/*.log"]);
        for text in ["", "relative", "/a b", "/a\nb", "/a{"] {
            assert!(path(&Value::from(text)).is_err(), "{text:?}");
        }
    }
}
