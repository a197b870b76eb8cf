//! What rsyslog reads besides syslog, and what logrotate does with the same files.

use serde::Serialize;

use super::files::{self, Create, File, Program, Words};
use super::rotation::{Kept, kept};
use super::severity;
use crate::environment::Environment;
use crate::targets::Artifact;
use crate::topology::{Role, StorageLayout};

/// A word and what it makes of a line.
#[derive(Debug, Serialize)]
struct Word {
    text: &'static str,
    severity: usize,
    level: &'static str,
}

fn words(words: Words) -> Vec<Word> {
    words
        .iter()
        .map(|(text, level)| {
            let severity = severity(*level);
            Word {
                text,
                severity: severity.number,
                level: severity.name,
            }
        })
        .collect()
}

/// Programs that say in the same words how severe a line is.
#[derive(Debug, Serialize)]
pub(super) struct Spoken {
    names: &'static [&'static str],
    words: Vec<Word>,
}

/// Returns the programs that say in words how severe a line is.
pub(super) fn spoken() -> Vec<Spoken> {
    files::STDOUT
        .iter()
        .map(|(names, list)| Spoken {
            names,
            words: words(list),
        })
        .collect()
}

/// A rendered file and the groups of machines it is for.
#[derive(Debug, Serialize)]
pub(super) struct Placed {
    name: &'static str,
    groups: Vec<&'static str>,
}

fn placed(name: &'static str, roles: &[Role]) -> Placed {
    Placed {
        name,
        groups: roles.iter().map(|role| role.name()).collect(),
    }
}

fn programs(environment: &Environment<'_>) -> Vec<Program> {
    files::programs(
        environment.settings().database.driver,
        StorageLayout::of(environment.resolved),
    )
}

/// What reads files, loaded before the files that are read. On a machine with none of them rsyslog
/// refuses its settings where it is loaded.
const READER: &str = "00-files";

/// The roles whose machines have files to read.
fn readers(environment: &Environment<'_>) -> Vec<Role> {
    let programs = programs(environment);
    Role::ALL
        .into_iter()
        .filter(|role| programs.iter().any(|program| program.roles.contains(role)))
        .collect()
}

/// Returns the files below `rsyslog/inputs/`, and where each goes.
pub(super) fn inputs(environment: &Environment<'_>) -> Vec<Placed> {
    let mut all = vec![placed(READER, &readers(environment))];
    all.extend(
        programs(environment)
            .iter()
            .map(|program| placed(program.name, program.roles)),
    );
    if !environment.topology.single {
        all.push(placed("proxy", &[Role::App]));
    }
    all
}

/// Returns the files below `logrotate/`, and where each goes.
pub(super) fn rotations(environment: &Environment<'_>) -> Vec<Placed> {
    programs(environment)
        .iter()
        .map(|program| placed(program.rotation.name, program.roles))
        .collect()
}

/// The values of a file below `rsyslog/inputs/`.
#[derive(Debug, Default, Serialize)]
struct Inputs {
    reader: bool,
    socket: &'static str,
    files: Vec<Input>,
}

/// A file that is read.
#[derive(Debug, Serialize)]
struct Input {
    what: &'static str,
    path: &'static str,
    tag: &'static str,
    severity: usize,
    level: &'static str,
    words: Vec<Word>,
    start: &'static str,
}

fn input(file: &File) -> Input {
    let severity = severity(file.level);
    Input {
        what: file.what,
        path: file.path,
        tag: file.tag,
        severity: severity.number,
        level: severity.name,
        words: words(file.words),
        start: file.start,
    }
}

/// The values of a file below `logrotate/`.
#[derive(Debug, Serialize)]
struct Rotate {
    what: &'static str,
    paths: Vec<&'static str>,
    create: Vec<Create>,
    copy: bool,
    command: &'static str,
    kept: Kept,
}

pub(super) fn lower(environment: &Environment<'_>) -> Vec<Artifact> {
    let values = Inputs {
        reader: true,
        ..Inputs::default()
    };
    let mut artifacts = vec![read(environment, READER, &readers(environment), &values)];
    for program in programs(environment) {
        let values = Inputs {
            files: program.files.iter().map(input).collect(),
            ..Inputs::default()
        };
        artifacts.push(read(environment, program.name, program.roles, &values));
        let rotation = program.rotation;
        let values = Rotate {
            what: rotation.what,
            paths: rotation.paths.to_vec(),
            create: rotation.create.into_iter().collect(),
            copy: rotation.copy,
            command: rotation.command,
            kept: kept(environment),
        };
        artifacts.push(environment.artifact(
            format!("monitoring/logrotate/{}", rotation.name),
            "monitoring/logrotate/rotate.tera",
            &values,
        ));
    }
    if !environment.topology.single {
        let values = Inputs {
            socket: files::PROXY_SOCKET,
            ..Inputs::default()
        };
        artifacts.push(read(environment, "proxy", &[Role::App], &values));
    }
    artifacts
}

fn read(environment: &Environment<'_>, name: &str, roles: &[Role], values: &Inputs) -> Artifact {
    let artifact = environment.artifact(
        format!("monitoring/rsyslog/inputs/{name}.conf"),
        "monitoring/rsyslog/inputs.conf.tera",
        values,
    );
    // One machine that does everything is restarted once.
    let roles = if environment.topology.single {
        &roles[..1]
    } else {
        roles
    };
    roles.iter().fold(artifact, |artifact, role| {
        artifact.impact(environment.impact("restarts rsyslog", *role))
    })
}
