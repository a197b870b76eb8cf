//! What Ansible does with the files of a target.

/// What deploying a target takes: its part of `site.yml`, the roles behind it, and the secrets they
/// need. Files below `templates/ansible/` that end in `.tera` are the target's own artifacts; all
/// others go out as they are once they are named here.
#[derive(Debug, Clone, Default)]
pub struct Deployment {
    /// Its parts of `site.yml`, in their order.
    pub playbooks: Vec<Playbook>,
    /// Further playbooks, which people run by hand: `recover_database.yml`.
    pub by_hand: Vec<&'static str>,
    /// Folders of `templates/ansible/roles/`. A role two targets name goes out once.
    pub roles: Vec<&'static str>,
    /// What must not be rendered, by name.
    pub secrets: Vec<Secret>,
}

impl Deployment {
    /// Adds what deploying another part takes.
    pub fn extend(&mut self, part: Self) {
        self.playbooks.extend(part.playbooks);
        self.by_hand.extend(part.by_hand);
        self.roles.extend(part.roles);
        self.secrets.extend(part.secrets);
    }
}

/// A part of `site.yml`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Playbook {
    /// Its file in `ansible/`.
    pub file: &'static str,
    /// What it does, as Ansible shows it.
    pub title: &'static str,
}

/// Something the deployment must know and the repository must not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Secret {
    /// The Ansible variable that holds it: `cache_password`.
    pub name: &'static str,
    /// What it is for, in a few words.
    pub purpose: &'static str,
    /// Where it comes from.
    pub origin: Origin,
}

/// Where a secret comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// Made up once: 32 letters and digits.
    Password,
    /// Made up once: a key of 32 random bytes in hexadecimal.
    Key,
    /// Made up once: an age identity. Its recipient, which is no secret, is the variable
    /// `<name>_recipient`.
    AgeIdentity,
    /// Made up once: the private key of the environment's certificate authority. Its certificate
    /// is the variable `<name>_certificate`.
    Authority,
    /// Handed out by somebody else: the address of a Slack webhook.
    Given,
}
