//! Target `application`: the application's configuration flow and its releases.
//!
//! What the application is told is one list, in `settings.rs`. php-fpm's pool passes it on as
//! environment variables; `app-config` on the machine merges default values, files and variables,
//! checks them and keeps the result where the application reads it.

pub mod settings;

use serde::Serialize;

use super::{Artifact, Target};
use crate::deployment::{Deployment, Origin, Playbook, Secret};
use crate::environment::Environment;
use crate::model::CacheDriver;
use crate::topology::{Role, ports};

use settings::{Setting, settings};

/// The target.
pub const TARGET: Target = Target {
    name: "application",
    lower,
    deployment,
};

fn deployment(environment: &Environment<'_>) -> Deployment {
    let mut secrets = vec![
        Secret {
            name: "app_key",
            purpose: "what the application signs and encrypts with",
            origin: Origin::Key,
        },
        Secret {
            name: "database_password",
            purpose: "the application's user of the database",
            origin: Origin::Password,
        },
    ];
    // memcached knows no passwords.
    if environment.resolved.settings().cache.driver == CacheDriver::Redis {
        secrets.push(Secret {
            name: "cache_password",
            purpose: "the cache, for everything that connects to it",
            origin: Origin::Password,
        });
    }
    Deployment {
        playbooks: vec![Playbook {
            file: "app.yml",
            title: "Set up application machines",
        }],
        by_hand: vec!["deploy.yml", "rollback.yml"],
        roles: vec!["application", "php", "nginx", "release"],
        secrets,
    }
}

fn lower(environment: &Environment<'_>) -> Vec<Artifact> {
    let settings = settings(environment);
    let reloads = environment.impact("reloads php-fpm", Role::App);
    vec![
        environment.artifact(
            "application/app-config.php",
            "application/app-config.php",
            &Nothing {},
        ),
        environment.artifact(
            "application/schema.json",
            "application/schema.json.tera",
            &Schema {
                settings: settings.iter().map(Rule::new).collect(),
            },
        ),
        environment
            .artifact(
                "application/settings.json",
                "application/settings.json.tera",
                &Values {
                    values: settings.iter().filter_map(Value::new).collect(),
                },
            )
            .impact(reloads),
        environment
            .artifact(
                "application/php8.2-fpm.service.d/app.conf",
                "application/php8.2-fpm.service.d/app.conf",
                &Nothing {},
            )
            .impact(environment.impact("restarts php-fpm", Role::App)),
        release(environment),
    ]
}

/// The values of a file that has none.
#[derive(Debug, Serialize)]
struct Nothing {}

/// The values of `schema.json`.
#[derive(Debug, Serialize)]
struct Schema {
    settings: Vec<Rule>,
}

/// What a setting may be.
#[derive(Debug, Serialize)]
struct Rule {
    name: String,
    kind: &'static str,
    has_default: bool,
    default: Option<settings::Value>,
    allowed: Vec<&'static str>,
    required: bool,
    secret: bool,
    description: String,
}

impl Rule {
    fn new(setting: &Setting) -> Self {
        Self {
            name: setting.name.clone(),
            kind: setting.kind.name(),
            has_default: setting.default.is_some(),
            default: setting.default.clone(),
            allowed: setting.allowed.clone(),
            required: setting.default.is_none(),
            secret: setting.secret,
            description: setting.description.clone(),
        }
    }
}

/// The values of `settings.json`.
#[derive(Debug, Serialize)]
struct Values {
    values: Vec<Value>,
}

/// A setting the inventory gives.
#[derive(Debug, Serialize)]
struct Value {
    name: String,
    value: settings::Value,
}

impl Value {
    fn new(setting: &Setting) -> Option<Self> {
        Some(Self {
            name: setting.name.clone(),
            value: setting.value.clone()?,
        })
    }
}

/// The values of `group_vars/app/application.yml`.
#[derive(Debug, Serialize)]
struct Release {
    candidate_url: String,
    health_url: String,
    health_timeout: u64,
    shared_paths: Vec<String>,
    prepare: Vec<String>,
    migrate: Vec<String>,
    keep: u32,
}

fn release(environment: &Environment<'_>) -> Artifact {
    let application = &environment.inventory().application;
    let url = |port| format!("http://127.0.0.1:{port}{}", application.health_path);
    let values = Release {
        candidate_url: url(ports::CANDIDATE),
        health_url: url(ports::APP),
        health_timeout: application.health_timeout.as_seconds().max(1),
        shared_paths: application
            .shared_paths
            .iter()
            .map(ToString::to_string)
            .collect(),
        prepare: application
            .prepare
            .iter()
            .map(ToString::to_string)
            .collect(),
        migrate: application
            .migrate
            .iter()
            .map(ToString::to_string)
            .collect(),
        keep: application.keep_releases.get(),
    };
    environment.artifact(
        "ansible/inventory/group_vars/app/application.yml",
        "application/group_vars/app.yml.tera",
        &values,
    )
}
