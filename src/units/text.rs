//! Text that ends up inside somebody else's syntax.

use std::fmt;

use super::{Refusal, Scalar, Unit, UnitSchema, unit_serde};

/// Defines a string with a rule.
macro_rules! textual {
    ($(#[$doc:meta])* $name:ident, $what:literal, $hint:literal, [$($example:literal),+], $valid:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
        pub struct $name(String);

        impl $name {
            /// Returns the text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl Unit for $name {
            fn read(scalar: Scalar<'_>) -> Result<Self, Refusal> {
                let text = scalar.to_string();
                let valid: fn(&str) -> bool = $valid;
                if valid(&text) {
                    Ok(Self(text))
                } else {
                    Err(Refusal::new(format!(concat!("{:?} is not ", $what), text), $hint))
                }
            }

            fn spell(&self) -> String {
                self.0.clone()
            }

            fn schema() -> UnitSchema {
                UnitSchema {
                    name: stringify!($name),
                    description: $what,
                    types: &["string", "integer"],
                    examples: &[$($example),+],
                }
            }
        }

        unit_serde!($name);
    };
}

fn one_line(text: &str) -> bool {
    !text.chars().any(char::is_control)
}

textual!(
    /// Text for people or for the application, on one line. It is quoted wherever it goes.
    FreeText,
    "a text of one line",
    "remove line breaks and other control characters",
    ["another text", "a third text"],
    one_line
);
textual!(
    /// An absolute path on a machine.
    FilePath,
    "an absolute path",
    "write a path that begins with /, without spaces, `..` or special characters",
    ["/srv/other", "/etc/ssl/other.pem"],
    |text| {
        text.starts_with('/')
            && text.len() <= 4096
            && text
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"/._-+@".contains(&b))
            && text.split('/').all(|part| part != "..")
    }
);
textual!(
    /// A path below a release's folder.
    InnerPath,
    "a path below the release's folder",
    "write it without a slash in front, spaces, `..` or special characters: public/uploads",
    ["public/uploads", "storage"],
    |text| {
        text.len() <= 1024
            && text
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"/._-".contains(&b))
            && text
                .split('/')
                .all(|part| !part.is_empty() && part != "." && part != "..")
    }
);
textual!(
    /// The path of a URL, with its query.
    UrlPath,
    "the path of a URL",
    "write a path that begins with /, such as /healthz",
    ["/healthz", "/status?short=1"],
    |text| {
        text.starts_with('/')
            && text.len() <= 1024
            && text
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"/._-~%?&=+,:@".contains(&b))
    }
);
textual!(
    /// The name of an HTTP header.
    HeaderName,
    "the name of an HTTP header",
    "use letters, digits and hyphens, such as X-Frame-Options",
    ["X-Robots-Tag"],
    |text| {
        (1..=128).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    }
);
textual!(
    /// The value of an HTTP header. nginx reads no parameter of more than 4096 bytes, quotes and
    /// escapes included.
    HeaderValue,
    "the value of an HTTP header",
    "keep it on one line and below 4000 bytes, where a `$` counts as nine",
    ["another value", "a third value"],
    |text| {
        let written = |byte| match byte {
            b'$' => "${dollar}".len(),
            b'"' | b'\\' => 2,
            _ => 1,
        };
        one_line(text) && text.bytes().map(written).sum::<usize>() < 4000
    }
);
textual!(
    /// The name of a php.ini setting.
    SettingName,
    "the name of a php.ini setting",
    "use letters, digits, dots and underscores, such as opcache.jit",
    ["assert.exception"],
    |text| {
        // PHP's INI grammar takes these for values, and a file with one as a key for broken.
        const RESERVED: [&str; 8] = ["null", "yes", "no", "true", "false", "on", "off", "none"];
        text.starts_with(|c: char| c.is_ascii_alphabetic())
            && text.len() <= 128
            && text
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"._".contains(&b))
            && !RESERVED.contains(&text.to_ascii_lowercase().as_str())
    }
);
textual!(
    /// The name of an environment variable.
    VariableName,
    "the name of an environment variable",
    "use capital letters, digits and underscores, such as FEATURE_FLAGS",
    ["FEATURE_FLAGS"],
    |text| {
        text.starts_with(|c: char| c.is_ascii_uppercase() || c == '_')
            && text.len() <= 128
            && text
                .bytes()
                .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
    }
);

textual!(
    /// The value of an environment variable, as php-fpm passes it on. php-fpm replaces a value
    /// that begins with `$` by a variable of its own, and knows no way to say otherwise; an empty
    /// one keeps it from starting.
    Variable,
    "a value php-fpm can pass on",
    "write at least one character, on one line, not beginning with `$`",
    ["another value", "a third value"],
    |text| one_line(text) && !text.is_empty() && !text.starts_with('$')
);
textual!(
    /// A host name nginx matches requests by: a DNS name, with `*.` in front for any subdomain.
    ServerName,
    "a host name to serve",
    "write a DNS name such as shop.example.com or *.example.com",
    ["shop.example.com", "*.example.com"],
    |text| {
        let name = text.strip_prefix("*.").unwrap_or(text);
        super::Host::read(Scalar::Text(name)).is_ok() && !name.contains(':')
    }
);
textual!(
    /// The name of a PHP extension.
    Extension,
    "the name of a PHP extension",
    "use lowercase letters, digits and underscores, such as pdo_mysql",
    ["intl", "gd"],
    |text| {
        (1..=40).contains(&text.len())
            && text.starts_with(|c: char| c.is_ascii_lowercase())
            && text
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
    }
);
textual!(
    /// The name of a network interface, of which Linux reads 15 bytes.
    Interface,
    "the name of a network interface",
    "write a name such as eth1, of at most 15 letters, digits, dots, hyphens and underscores",
    ["eth1", "enp7s0"],
    |text| {
        (1..=15).contains(&text.len())
            && text.starts_with(|c: char| c.is_ascii_alphanumeric())
            && text
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
    }
);
textual!(
    /// A time zone of the IANA database.
    TimeZone,
    "a time zone",
    "write a name such as UTC or Europe/Paris",
    ["Europe/Paris", "America/New_York"],
    |text| {
        text.starts_with(|c: char| c.is_ascii_uppercase())
            && text.len() <= 64
            && text
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"/_-+".contains(&b))
    }
);

textual!(
    /// A mail address.
    MailAddress,
    "a mail address",
    "write an address such as operations@example.com",
    ["operations@example.com", "nobody@example.org"],
    |text| {
        text.split_once('@').is_some_and(|(person, host)| {
            (1..=64).contains(&person.len())
                && person
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b"._+-".contains(&b))
                && super::Host::read(Scalar::Text(host)).is_ok()
        })
    }
);
textual!(
    /// A server and its port.
    Endpoint,
    "a host name and a port",
    "write both, such as smtp.example.com:587",
    ["smtp.example.com:587", "192.0.2.1:25"],
    |text| {
        text.rsplit_once(':').is_some_and(|(host, port)| {
            super::Host::read(Scalar::Text(host)).is_ok()
                && !host.contains(':')
                && super::Port::read(Scalar::Text(port)).is_ok()
        })
    }
);
textual!(
    /// The name of a Slack channel.
    SlackChannel,
    "a Slack channel",
    "write its name with the hash, such as \"#alerts\"",
    ["#alerts", "#on-call"],
    |text| {
        text.strip_prefix('#').is_some_and(|name| {
            (1..=80).contains(&name.len())
                && name
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b"_-".contains(&b))
        })
    }
);
textual!(
    /// The address of something on the web.
    WebAddress,
    "a web address",
    "write one that begins with https:// or http://, without spaces or special characters",
    ["https://example.com/ping", "http://192.0.2.1:8080/"],
    |text| {
        ["https://", "http://"]
            .iter()
            .find_map(|scheme| text.strip_prefix(scheme))
            .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphanumeric()))
            && text.len() <= 2048
            && text
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b":/._-~%?&=+,@".contains(&b))
    }
);

impl Endpoint {
    /// Returns the mail server of the machine itself.
    pub fn local_mail() -> Self {
        Self("localhost:25".to_owned())
    }

    /// Returns whether it is on the machine itself.
    pub fn is_local(&self) -> bool {
        let host = self.0.rsplit_once(':').map_or("", |(host, _)| host);
        host == "localhost" || host.starts_with("127.")
    }
}

impl Extension {
    /// Wraps a constant.
    pub fn of(name: &str) -> Self {
        Self(name.to_owned())
    }
}

impl UrlPath {
    /// Returns the path of the front page.
    pub fn root() -> Self {
        Self("/".to_owned())
    }
}

impl TimeZone {
    /// Returns Coordinated Universal Time.
    pub fn utc() -> Self {
        Self("UTC".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_breaks_never_pass() {
        assert!(FreeText::read(Scalar::Text("it's \"${x}\" {{ y }} %{ z ; # ü")).is_ok());
        for text in ["a\nb", "a\rb", "a\0b", "a\u{1b}[0m"] {
            assert!(FreeText::read(Scalar::Text(text)).is_err(), "{text:?}");
        }
    }

    #[test]
    fn words_of_the_ini_grammar_are_no_settings() {
        assert!(SettingName::read(Scalar::Text("opcache.jit")).is_ok());
        for text in ["on", "None", "a b", "a=b", "[x]", "1a", ""] {
            assert!(SettingName::read(Scalar::Text(text)).is_err(), "{text:?}");
        }
    }

    #[test]
    fn addresses_have_both_halves() {
        assert!(MailAddress::read(Scalar::Text("a.b+c@example.com")).is_ok());
        for text in ["", "a", "@b", "a@", "a b@c", "a@b,c@d", "a@b@c"] {
            assert!(MailAddress::read(Scalar::Text(text)).is_err(), "{text:?}");
        }
        assert!(Endpoint::read(Scalar::Text("127.0.0.1:25")).is_ok_and(|it| it.is_local()));
        for text in ["", "a", "a:", ":25", "a:0", "a:b", "a b:25"] {
            assert!(Endpoint::read(Scalar::Text(text)).is_err(), "{text:?}");
        }
        assert!(WebAddress::read(Scalar::Text("https://a.b/c?d=e")).is_ok());
        for text in [
            "",
            "a.b",
            "https://",
            "ftp://a",
            "https://a b",
            "http://\"a",
        ] {
            assert!(WebAddress::read(Scalar::Text(text)).is_err(), "{text:?}");
        }
        for text in ["", "alerts", "#", "#a b"] {
            assert!(SlackChannel::read(Scalar::Text(text)).is_err(), "{text:?}");
        }
    }

    #[test]
    fn paths_are_absolute_and_plain() {
        assert!(FilePath::read(Scalar::Text("/etc/ssl/a.pem")).is_ok());
        for text in ["", "a", "/a b", "/a/../b", "/a;b", "/a$b", "/a\"b"] {
            assert!(FilePath::read(Scalar::Text(text)).is_err(), "{text:?}");
        }
    }
}
