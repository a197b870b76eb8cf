//! `group_vars/all/secrets.yml`: where Ansible finds what is never rendered.

use serde::Serialize;

use crate::deployment::{Origin, Secret};
use crate::environment::Environment;
use crate::targets::{Artifact, deployment};

/// The values of the template.
#[derive(Debug, Serialize)]
struct Secrets {
    secrets: Vec<Listed>,
}

/// A secret.
#[derive(Debug, Serialize)]
struct Listed {
    name: &'static str,
    purpose: &'static str,
    origin: &'static str,
    /// The variables it consists of.
    variables: Vec<Variable>,
    /// The names of those a deployment cannot do without.
    demanded: Vec<String>,
}

/// A variable of Ansible's.
#[derive(Debug, Serialize)]
struct Variable {
    name: String,
    expression: String,
}

/// What a secret of one origin consists of.
struct Kind {
    /// Names the task file that makes it.
    name: &'static str,
    /// What is appended to the secret's name for each of its variables.
    variables: &'static [&'static str],
    /// The ones among them that a deployment needs.
    demanded: &'static [&'static str],
}

fn kind(origin: Origin) -> Kind {
    let (name, variables, demanded): (_, &[&str], &[&str]) = match origin {
        Origin::Password => ("password", &[""], &[""]),
        Origin::Key => ("key", &[""], &[""]),
        // The identity opens backups; machines that write them get by with the recipient.
        Origin::AgeIdentity => ("age_identity", &["", "_recipient"], &["_recipient"]),
        Origin::Authority => ("authority", &["", "_certificate"], &["", "_certificate"]),
        Origin::Given => ("given", &[""], &[""]),
    };
    Kind {
        name,
        variables,
        demanded,
    }
}

pub(super) fn lower(environment: &Environment<'_>) -> Vec<Artifact> {
    let secrets = deployment(environment).secrets;
    let values = Secrets {
        secrets: secrets.iter().map(listed).collect(),
    };
    vec![environment.artifact(
        "ansible/inventory/group_vars/all/secrets.yml",
        "system/group_vars/secrets.yml.tera",
        &values,
    )]
}

fn listed(secret: &Secret) -> Listed {
    let kind = kind(secret.origin);
    let names = |endings: &[&str]| -> Vec<String> {
        let named = |ending: &&str| format!("{}{ending}", secret.name);
        endings.iter().map(named).collect()
    };
    Listed {
        name: secret.name,
        purpose: secret.purpose,
        origin: kind.name,
        variables: names(kind.variables).into_iter().map(variable).collect(),
        demanded: names(kind.demanded),
    }
}

/// The environment of Ansible comes first, so that a pipeline needs no vault.
fn variable(name: String) -> Variable {
    let expression = format!(
        "{{{{ lookup('ansible.builtin.env', 'SECRET_{}') | default(vault_{name} | default(''), true) }}}}",
        name.to_ascii_uppercase()
    );
    Variable { name, expression }
}
