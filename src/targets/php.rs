//! Target `php`: php.ini for requests and for the command line, and php-fpm's pool.

mod pool;
pub(super) mod session;

use serde::Serialize;

use super::{Artifact, Target, nothing};
use crate::environment::Environment;
use crate::topology::Role;

use session::Session;

/// The target.
pub const TARGET: Target = Target {
    name: "php",
    lower,
    // With the application, whose settings come first.
    deployment: nothing,
};

/// How much more memory the command line may use than a request: migrations and imports handle
/// many records at a time.
const CLI_FACTOR: u64 = 4;

/// The least memory opcache accepts, in mebibytes.
const OPCACHE_LEAST: u64 = 8;

fn lower(environment: &Environment<'_>) -> Vec<Artifact> {
    vec![
        // The command line reads its settings anew each time, so nothing has to be reloaded.
        environment.artifact(
            "php/cli/90-app.ini",
            "php/cli/90-app.ini.tera",
            &cli(environment),
        ),
        environment
            .artifact(
                "php/fpm/90-app.ini",
                "php/fpm/90-app.ini.tera",
                &fpm(environment),
            )
            .impact(reload(environment)),
        environment
            .artifact(
                "php/fpm/app.conf",
                "php/fpm/app.conf.tera",
                &pool::values(environment),
            )
            .impact(reload(environment)),
    ]
}

/// A reload (SIGUSR2) starts php-fpm's master anew, which reads every file again and empties
/// opcache, while children finish what they are at.
fn reload(environment: &Environment<'_>) -> String {
    environment.impact("reloads php-fpm", Role::App)
}

/// The values of both php.ini files.
#[derive(Debug, Serialize)]
struct Common {
    error_reporting: String,
    assertions: i8,
    timezone: String,
    settings: Vec<Setting>,
}

/// A php.ini setting.
#[derive(Debug, Serialize)]
struct Setting {
    name: String,
    value: String,
}

/// The values of `cli/90-app.ini`.
#[derive(Debug, Serialize)]
struct Cli {
    common: Common,
    memory_limit: String,
}

/// The values of `fpm/90-app.ini`.
#[derive(Debug, Serialize)]
struct Fpm {
    common: Common,
    debug: bool,
    memory_limit: String,
    max_execution_time: u64,
    upload_max_filesize: String,
    post_max_size: String,
    opcache_memory: u64,
    session: Session,
}

fn common(environment: &Environment<'_>) -> Common {
    let settings = environment.settings();
    let php = &environment.inventory().php;
    Common {
        error_reporting: settings.error_reporting.to_string(),
        assertions: if settings.debug.0 { 1 } else { -1 },
        timezone: php.timezone.to_string(),
        settings: php
            .settings
            .iter()
            .map(|(name, value)| Setting {
                name: name.to_string(),
                value: value.to_string(),
            })
            .collect(),
    }
}

fn cli(environment: &Environment<'_>) -> Cli {
    Cli {
        common: common(environment),
        memory_limit: (environment.inventory().php.memory_limit * CLI_FACTOR).to_string(),
    }
}

fn fpm(environment: &Environment<'_>) -> Fpm {
    let php = &environment.inventory().php;
    Fpm {
        common: common(environment),
        debug: environment.settings().debug.0,
        memory_limit: php.memory_limit.to_string(),
        max_execution_time: environment.topology.capacity.timeouts.execution,
        upload_max_filesize: php.upload_max_filesize.to_string(),
        post_max_size: php.post_max_size.to_string(),
        opcache_memory: php.opcache_memory.as_mebibytes().max(OPCACHE_LEAST),
        session: session::session(environment),
    }
}
