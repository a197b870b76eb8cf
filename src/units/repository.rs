//! Where backups go.

use std::fmt;

use super::{Refusal, Scalar, Unit, UnitSchema, unit_serde};

/// A place of backups, as restic writes it. It carries no secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repository {
    text: String,
    scheme: Scheme,
}

/// How a repository is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scheme {
    /// A folder of the machine itself.
    Folder,
    /// SFTP: the user and the host.
    Sftp {
        /// Who logs in.
        user: String,
        /// Where.
        host: String,
    },
    /// An object store that speaks S3.
    S3,
    /// restic's own server.
    Rest,
}

impl Repository {
    /// Returns the text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns how it is reached.
    pub const fn scheme(&self) -> &Scheme {
        &self.scheme
    }

    /// Returns the bucket, where it is one of Amazon's.
    pub fn amazon_bucket(&self) -> Option<&str> {
        let place = self.text.strip_prefix("s3:")?;
        let (host, path) = place.trim_start_matches("https://").split_once('/')?;
        host.ends_with("amazonaws.com")
            .then(|| path.split('/').next())?
    }

    fn parse(text: &str) -> Option<Self> {
        let plain = |text: &str| {
            !text.is_empty()
                && text
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b"/._-:".contains(&b))
                && !text.ends_with('/')
                && text.split('/').all(|part| part != "..")
        };
        let name = |text: &str| plain(text) && !text.contains(['/', ':']) && !text.starts_with('-');
        let scheme = if text.starts_with('/') {
            (plain(text) && !text.contains(':')).then_some(Scheme::Folder)?
        } else if let Some(place) = text.strip_prefix("sftp:") {
            let (user, rest) = place.split_once('@')?;
            let (host, folder) = rest.split_once(':')?;
            let valid = name(user) && name(host) && plain(folder) && !folder.contains(':');
            valid.then(|| Scheme::Sftp {
                user: user.to_owned(),
                host: host.to_owned(),
            })?
        } else if let Some(place) = text.strip_prefix("s3:") {
            (plain(place) && place.trim_start_matches("https://").contains('/'))
                .then_some(Scheme::S3)?
        } else {
            let place = text.strip_prefix("rest:https://")?;
            plain(place).then_some(Scheme::Rest)?
        };
        Some(Self {
            text: text.to_owned(),
            scheme,
        })
    }
}

impl fmt::Display for Repository {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Unit for Repository {
    fn read(scalar: Scalar<'_>) -> Result<Self, Refusal> {
        let text = scalar.to_string();
        Self::parse(&text).ok_or_else(|| {
            Refusal::new(
                format!("`{text}` is not a place for backups"),
                "write `sftp:user@host:/folder`, `s3:https://host/bucket` or \
                 `rest:https://host/path`, without a password",
            )
        })
    }

    fn spell(&self) -> String {
        self.text.clone()
    }

    fn schema() -> UnitSchema {
        UnitSchema {
            name: "Repository",
            description: "where backups go: sftp:user@host:/folder, s3:https://host/bucket, \
                          rest:https://host/path",
            types: &["string"],
            examples: &[
                "sftp:backup@vault.example.com:/platform",
                "s3:https://s3.example.com/platform",
            ],
        }
    }
}

unit_serde!(Repository);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_restic_knows_are_read() {
        let sftp = Scheme::Sftp {
            user: "backup".to_owned(),
            host: "vault.example.com".to_owned(),
        };
        for (text, scheme) in [
            ("/mnt/backup", Scheme::Folder),
            ("sftp:backup@vault.example.com:/a/b", sftp),
            ("s3:https://s3.example.com:9000/bucket", Scheme::S3),
            ("s3:s3.amazonaws.com/bucket", Scheme::S3),
            ("rest:https://vault.example.com:8000/a", Scheme::Rest),
        ] {
            let read = Repository::read(Scalar::Text(text)).unwrap();
            assert_eq!(read.scheme(), &scheme, "{text}");
            assert_eq!(read.spell(), text);
        }
    }

    #[test]
    fn secrets_and_other_places_are_refused() {
        for text in [
            "",
            "backup",
            "/a/../b",
            "/a b",
            "sftp:host:/a",
            "sftp:-o@host:/a",
            "sftp:user@host",
            "s3:bucket",
            "rest:http://host/a",
            "rest:https://user:password@host/a",
            "s3:https://host/$(x)",
        ] {
            assert!(Repository::read(Scalar::Text(text)).is_err(), "{text}");
        }
    }
}
