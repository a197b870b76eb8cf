//! Where backups go, and how machines get there.

use serde::Serialize;

use crate::environment::Environment;
use crate::targets::Artifact;
use crate::topology::Role;
use crate::units::repository::Scheme;

/// Where backups go.
#[derive(Debug, Serialize)]
pub(super) struct Place {
    /// As restic writes it.
    repository: String,
    /// The host and the user of SFTP.
    host: String,
    address: String,
    user: String,
    /// Whether it is the environment's own monitoring machine.
    pub(super) own: bool,
    /// Whether machines may write there by what they are, without a key.
    #[serde(skip)]
    trusted: bool,
    #[serde(skip)]
    pub(super) scheme: Scheme,
}

/// The user that may do nothing but reach the repository of the monitoring machine.
const USER: &str = "backup-repository";

/// Returns where backups go: where the inventory says, else the monitoring machine, or a folder
/// where that is the machine itself.
pub(super) fn place(environment: &Environment<'_>) -> Place {
    let folder = |text: &str, scheme| Place {
        repository: text.to_owned(),
        host: String::new(),
        address: String::new(),
        user: String::new(),
        own: false,
        trusted: environment.own_bucket().is_some(),
        scheme,
    };
    match &environment.inventory().backup.repository {
        Some(repository) => match repository.scheme() {
            Scheme::Sftp { user, host } => Place {
                host: host.clone(),
                address: host.clone(),
                user: user.clone(),
                ..folder(repository.as_str(), repository.scheme().clone())
            },
            scheme => folder(repository.as_str(), scheme.clone()),
        },
        None if environment.topology.single => folder("/srv/backup/repository", Scheme::Folder),
        None => {
            let mut machines = environment.topology.with_role(Role::Monitoring);
            let machine = machines.next().expect("there is a monitoring machine");
            Place {
                // The folder as it is seen from within the user's root.
                repository: format!("sftp:{USER}@{}:/repository", machine.name),
                host: machine.name.clone(),
                address: machine.address.to_string(),
                user: USER.to_owned(),
                own: true,
                trusted: true,
                scheme: Scheme::Sftp {
                    user: USER.to_owned(),
                    host: machine.name.clone(),
                },
            }
        }
    }
}

impl Place {
    /// Returns what others hand out so that machines may write there, and what it is for.
    pub(super) fn credentials(&self) -> Vec<(&'static str, &'static str)> {
        match self.scheme {
            Scheme::S3 if self.trusted => Vec::new(),
            Scheme::S3 => vec![
                (
                    "backup_repository_access_key",
                    "who writes backups to the object store",
                ),
                (
                    "backup_repository_secret_key",
                    "the key to the object store of backups",
                ),
            ],
            Scheme::Rest => vec![(
                "backup_repository_login",
                "who writes backups to restic's server, as user:password",
            )],
            Scheme::Folder | Scheme::Sftp { .. } => Vec::new(),
        }
    }

    /// Returns the variables restic reads these from, and the secrets behind them.
    pub(super) fn environment(&self) -> Vec<(&'static str, &'static str)> {
        let names: &[&str] = match self.scheme {
            Scheme::S3 => &["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"],
            Scheme::Rest => &["REPOSITORY_LOGIN"],
            Scheme::Folder | Scheme::Sftp { .. } => &[],
        };
        names
            .iter()
            .zip(self.credentials())
            .map(|(name, (secret, _))| (*name, secret))
            .collect()
    }
}

pub(super) fn lower(environment: &Environment<'_>, place: &Place) -> Vec<Artifact> {
    let mut artifacts = Vec::new();
    if matches!(place.scheme, Scheme::Sftp { .. }) {
        artifacts.push(environment.artifact("backup/ssh.conf", "backup/ssh.conf.tera", place));
    }
    if place.own {
        let sshd = environment
            .artifact("backup/sshd.conf", "backup/sshd.conf.tera", place)
            .impact(environment.impact("reloads sshd", Role::Monitoring));
        artifacts.push(sshd);
    }
    artifacts
}
