//! nftables.

use tera::Value;

use super::{Quoted, Scalar, scalar};

/// Names, addresses, networks and ports, or a list of them, or nothing at all.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_hold_no_others() {
        for text in ["10.0.0.0/8", "24007, 49152-49251"] {
            assert_eq!(nft(&Value::from(text)).unwrap(), text);
        }
        for text in ["", "22 } accept; drop", "a\nb", "}"] {
            assert!(nft(&Value::from(text)).is_err(), "{text:?}");
        }
    }
}
