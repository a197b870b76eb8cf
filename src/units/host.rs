//! Host names and addresses.

use std::fmt;
use std::net::IpAddr;

use super::{Refusal, Scalar, Unit, UnitSchema, unit_serde};

/// A DNS name or an IP address by which an application reaches a service.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Host(String);

impl Host {
    /// Returns the host every machine knows as itself.
    pub fn localhost() -> Self {
        Self("localhost".to_owned())
    }

    /// Wraps a constant.
    pub fn of(name: &str) -> Self {
        Self(name.to_owned())
    }

    /// Returns the text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns whether this names the machine itself.
    pub fn is_local(&self) -> bool {
        self.0 == "localhost" || self.address().is_some_and(|address| address.is_loopback())
    }

    /// Returns whether the name has no dot, so that only `/etc/hosts` or a search domain knows it.
    pub fn is_single_label(&self) -> bool {
        self.address().is_none() && !self.0.contains('.')
    }

    /// Returns whether this is an address, not a name.
    pub fn is_address(&self) -> bool {
        self.address().is_some()
    }

    fn address(&self) -> Option<IpAddr> {
        self.0.parse().ok()
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Unit for Host {
    fn read(scalar: Scalar<'_>) -> Result<Self, Refusal> {
        let text = scalar.to_string();
        let label = |label: &str| {
            (1..=63).contains(&label.len())
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b == b'-')
        };
        // All digits and dots but no address is a mistyped address, not a name.
        let numeric = text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
        let valid = text.parse::<IpAddr>().is_ok()
            || (!numeric && text.len() <= 253 && text.split('.').all(label));
        if valid {
            Ok(Self(text))
        } else {
            Err(Refusal::new(
                format!("`{text}` is not a host"),
                "write a DNS name or an IP address, without a scheme, port or path",
            ))
        }
    }

    fn spell(&self) -> String {
        self.0.clone()
    }

    fn schema() -> UnitSchema {
        UnitSchema {
            name: "Host",
            description: "a DNS name or an IP address",
            types: &["string"],
            examples: &["shop.example.com", "other-host", "localhost"],
        }
    }
}

unit_serde!(Host);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_addresses_are_hosts() {
        for good in [
            "localhost",
            "production-db",
            "db.example.com",
            "10.0.0.1",
            "::1",
        ] {
            assert!(Host::read(Scalar::Text(good)).is_ok(), "{good}");
        }
        for bad in [
            "",
            "a..b",
            "10.0.0.256",
            "http://x",
            "x:80",
            "a b",
            "-a",
            "a;b",
        ] {
            assert!(Host::read(Scalar::Text(bad)).is_err(), "{bad}");
        }
    }

    #[test]
    fn local_hosts_are_recognised() {
        for local in ["localhost", "127.0.0.1", "127.0.1.1", "::1"] {
            assert!(Host(local.to_owned()).is_local(), "{local}");
        }
        assert!(!Host("localhost.example.com".to_owned()).is_local());
    }
}
