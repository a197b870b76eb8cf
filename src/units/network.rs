//! IPv4 networks.

use std::fmt;

use ipnet::Ipv4Net;

use super::{Refusal, Scalar, Unit, UnitSchema, unit_serde};

/// An IPv4 network in CIDR notation, without host bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Network(Ipv4Net);

impl Network {
    /// Reads a network that stands in the code.
    ///
    /// # Panics
    /// When it is none.
    pub fn of(text: &str) -> Self {
        Self(text.parse().expect("a network"))
    }

    /// Returns the network.
    pub const fn get(self) -> Ipv4Net {
        self.0
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl Unit for Network {
    fn read(scalar: Scalar<'_>) -> Result<Self, Refusal> {
        let text = scalar.to_string();
        match text.parse::<Ipv4Net>() {
            Ok(network) if network == network.trunc() => Ok(Self(network)),
            Ok(network) => Err(Refusal::new(
                format!("`{text}` is an address inside a network, not a network"),
                format!("write `{}`", network.trunc()),
            )),
            Err(_) => Err(Refusal::new(
                format!("`{text}` is not an IPv4 network"),
                "write an address and a prefix length, such as 10.20.0.0/20",
            )),
        }
    }

    fn spell(&self) -> String {
        self.0.to_string()
    }

    fn schema() -> UnitSchema {
        UnitSchema {
            name: "Network",
            description: "an IPv4 network such as 10.20.0.0/20",
            types: &["string"],
            examples: &["10.77.0.0/20", "192.0.2.0/24"],
        }
    }
}

unit_serde!(Network);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn host_bits_are_refused_with_the_network_meant() {
        assert!(Network::read(Scalar::Text("10.0.0.0/20")).is_ok());
        let refusal = Network::read(Scalar::Text("10.0.0.1/20")).unwrap_err();
        assert_eq!(refusal.hint, "write `10.0.0.0/20`");
        assert!(Network::read(Scalar::Text("10.0.0.0")).is_err());
        assert!(Network::read(Scalar::Text("10.0.0.0/33")).is_err());
    }
}
