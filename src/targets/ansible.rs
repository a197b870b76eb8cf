//! Target `ansible`: a play that brings every machine to what the other targets rendered.
//!
//! Which playbooks and roles there are is said by the targets, in their deployments. What does not
//! end in `.tera` goes out as it is, so a task file needs no line anywhere.

mod extensions;

use std::path::Path;

use serde::Serialize;

use super::{Artifact, Target, deployment, nothing};
use crate::deployment::{Deployment, Playbook};
use crate::environment::Environment;
use crate::render;
use crate::topology::{CacheLayout, Role};
use crate::units::{Host, Size};

/// The target.
pub const TARGET: Target = Target {
    name: "ansible",
    lower,
    deployment: nothing,
};

/// The folder of the templates that belong to a role.
const ROLES: &str = "ansible/roles/";

fn lower(environment: &Environment<'_>) -> Vec<Artifact> {
    let deployment = deployment(environment);
    let mut artifacts = vec![
        site(environment, &deployment.playbooks),
        inventory(environment),
        everyone(environment),
        app(environment),
    ];
    artifacts.extend(hosts(environment));
    artifacts.extend(
        render::built_in_below(TARGET.name)
            .into_iter()
            .filter(|name| !name.ends_with(render::SUFFIX) && belongs(&deployment, name))
            .map(|name| environment.artifact(name, name, &Nothing {})),
    );
    artifacts
}

/// Returns whether an environment that is deployed like this has a template that is copied.
fn belongs(deployment: &Deployment, name: &str) -> bool {
    if let Some(below) = name.strip_prefix(ROLES) {
        return below
            .split_once('/')
            .is_some_and(|(role, _)| deployment.roles.contains(&role));
    }
    let file = name.strip_prefix("ansible/").unwrap_or(name);
    // Settings belong to every environment, a playbook to whoever names it.
    let is_playbook = Path::new(file).extension().is_some_and(|end| end == "yml");
    !is_playbook
        || deployment.by_hand.contains(&file)
        || deployment.playbooks.iter().any(|part| part.file == file)
}

/// The values of a file that has none.
#[derive(Debug, Serialize)]
struct Nothing {}

/// The values of `site.yml`.
#[derive(Debug, Serialize)]
struct Site {
    project: String,
    environment: String,
    description: String,
    parts: Vec<Part>,
}

/// A playbook `site.yml` imports.
#[derive(Debug, Serialize)]
struct Part {
    file: &'static str,
    title: &'static str,
}

fn site(environment: &Environment<'_>, playbooks: &[Playbook]) -> Artifact {
    let project = &environment.inventory().project;
    let values = Site {
        project: project.name.to_string(),
        environment: environment.name().to_owned(),
        description: project.description.to_string(),
        parts: playbooks
            .iter()
            .map(|playbook| Part {
                file: playbook.file,
                title: playbook.title,
            })
            .collect(),
    };
    environment.artifact("ansible/site.yml", "ansible/site.yml.tera", &values)
}

/// The values of `inventory/group_vars/all/platform.yml`.
#[derive(Debug, Serialize)]
struct Everyone {
    project: String,
    environment: String,
    description: String,
    single: bool,
}

fn everyone(environment: &Environment<'_>) -> Artifact {
    let project = &environment.inventory().project;
    let values = Everyone {
        project: project.name.to_string(),
        environment: environment.name().to_owned(),
        description: project.description.to_string(),
        single: environment.topology.single,
    };
    environment.artifact(
        "ansible/inventory/group_vars/all/platform.yml",
        "ansible/inventory/group_vars/all/platform.yml.tera",
        &values,
    )
}

/// A machine and its fixed address.
#[derive(Debug, Clone, Serialize)]
struct Named {
    name: String,
    address: String,
}

/// The machines of a role.
#[derive(Debug, Serialize)]
struct Group {
    name: &'static str,
    machines: Vec<String>,
}

/// The values of `inventory/hosts.yml`.
#[derive(Debug, Serialize)]
struct Inventory {
    machines: Vec<Named>,
    groups: Vec<Group>,
}

fn inventory(environment: &Environment<'_>) -> Artifact {
    let topology = &environment.topology;
    let groups = Role::ALL.iter().map(|role| Group {
        name: role.name(),
        machines: topology
            .with_role(*role)
            .map(|machine| machine.name.clone())
            .collect(),
    });
    let values = Inventory {
        machines: machines(environment),
        groups: groups.filter(|group| !group.machines.is_empty()).collect(),
    };
    environment.artifact(
        "ansible/inventory/hosts.yml",
        "ansible/inventory/hosts.yml.tera",
        &values,
    )
}

fn machines(environment: &Environment<'_>) -> Vec<Named> {
    let machines = environment.topology.machines.iter();
    machines
        .map(|machine| Named {
            name: machine.name.clone(),
            address: machine.address.to_string(),
        })
        .collect()
}

/// A version the play demands, as Ansible's `version` test takes it.
#[derive(Debug, Serialize)]
struct Bound {
    operator: &'static str,
    version: String,
}

/// The values of `inventory/group_vars/app/php.yml`.
#[derive(Debug, Serialize)]
struct App {
    memory_minimum_mb: u64,
    memory_visible_mb: u64,
    disk_minimum_bytes: u64,
    disk_minimum: String,
    php_requirement: String,
    php_bounds: Vec<Bound>,
    packages: Vec<String>,
    extensions: Vec<String>,
    directory_mode: String,
}

fn app(environment: &Environment<'_>) -> Artifact {
    let inventory = environment.inventory();
    let system = &inventory.system;
    let filesystem = &inventory.dependencies.filesystem;
    // Where there are no storage machines, shared files are on this disk.
    let disk = if environment.topology.single {
        system.storage.minimum.max(filesystem.space.0)
    } else {
        system.storage.minimum
    };
    let loaded = extensions::loaded(environment);
    let values = App {
        memory_minimum_mb: system.memory.minimum.as_mebibytes(),
        memory_visible_mb: visible(system.memory.minimum).as_mebibytes(),
        disk_minimum_bytes: disk.as_bytes(),
        disk_minimum: disk.to_string(),
        php_requirement: system.php.version.to_string(),
        php_bounds: system
            .php
            .version
            .bounds()
            .into_iter()
            .map(|bound| Bound {
                operator: bound.operator,
                version: bound.version,
            })
            .collect(),
        packages: extensions::packages(&loaded),
        extensions: loaded
            .iter()
            .map(|name| extensions::module(name).to_owned())
            .collect(),
        directory_mode: filesystem.permissions.to_string(),
    };
    environment
        .artifact(
            "ansible/inventory/group_vars/app/php.yml",
            "ansible/inventory/group_vars/app/php.yml.tera",
            &values,
        )
        .impact(environment.impact("changes packages, directories or checks", Role::App))
}

/// The memory a machine shows of what it was given: the kernel keeps up to a tenth.
fn visible(memory: Size) -> Size {
    memory.scale(9, 10)
}

/// The values of `/etc/hosts`.
#[derive(Debug, Serialize)]
struct Hosts {
    machines: Vec<Named>,
    services: Vec<Named>,
}

/// The same for all machines but the application's, which reach the database, and a cache whose
/// master may change, through the proxies beside them.
fn hosts(environment: &Environment<'_>) -> Vec<Artifact> {
    let settings = environment.settings();
    let machines = machines(environment);
    let layout = CacheLayout::of(environment.resolved);
    // Any machine answers for a cluster, and clients try one address after the other; a database
    // has one member that accepts writes.
    let caches = if layout.any_machine() { usize::MAX } else { 1 };
    let cache = service(environment, &settings.cache.host, Role::Cache, caches);
    let member = service(environment, &settings.database.host, Role::Database, 1);
    let file = |name: &str, services: [Vec<Named>; 2], role| {
        let values = Hosts {
            machines: machines.clone(),
            services: services.concat(),
        };
        environment
            .artifact(
                format!("ansible/roles/base/files/{name}"),
                "ansible/roles/base/files/hosts.tera",
                &values,
            )
            .impact(environment.impact("changes /etc/hosts", role))
    };
    if environment.topology.single {
        return vec![file("hosts", [cache, member], Role::App)];
    }
    let proxied = |host: &Host| {
        let proxy = Named {
            name: host.to_string(),
            address: "127.0.0.1".to_owned(),
        };
        let proxies = environment.topology.is_service(host).then_some(proxy);
        proxies.into_iter().collect()
    };
    let cache_here = if layout.has_proxy() {
        proxied(&settings.cache.host)
    } else {
        cache.clone()
    };
    let database_here = proxied(&settings.database.host);
    vec![
        file("hosts", [cache, member], Role::LoadBalancer),
        file("hosts_app", [cache_here, database_here], Role::App),
    ]
}

/// Returns the name of a service with the addresses of its first machines: also of one with a
/// domain, which a name server may not know yet.
fn service(environment: &Environment<'_>, host: &Host, role: Role, most: usize) -> Vec<Named> {
    if !environment.topology.is_service(host) {
        return Vec::new();
    }
    environment
        .topology
        .with_role(role)
        .take(most)
        .map(|machine| Named {
            name: host.to_string(),
            address: machine.address.to_string(),
        })
        .collect()
}
