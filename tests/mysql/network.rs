//! Machines as network namespaces, joined by a bridge in one of their own.

use std::path::PathBuf;
use std::process::Command;

use super::MEMBERS;
use crate::common::{Project, run};

/// Namespaces, gone when dropped.
pub(super) struct Network {
    names: Vec<String>,
}

impl Drop for Network {
    fn drop(&mut self) {
        for name in &self.names {
            let _ = Command::new("ip").args(["netns", "delete", name]).status();
        }
    }
}

/// Returns the name of a machine's namespace.
pub(super) fn namespace(machine: &str) -> String {
    format!("precast-{}-{machine}", std::process::id())
}

/// Returns a command that runs a program on a machine.
pub(super) fn inside(project: &Project, machine: &str, program: PathBuf) -> Command {
    let mut command = Command::new("ip");
    command
        .args(["netns", "exec", &namespace(machine)])
        .arg(program)
        .current_dir(project.path(""));
    command
}

/// Returns a machine's address, from the rendered `/etc/hosts`.
pub(super) fn address(project: &Project, machine: &str) -> String {
    let hosts = project.read("out/staging/ansible/roles/base/files/hosts");
    let line = hosts
        .lines()
        .find(|line| line.ends_with(&format!(" {machine}")))
        .unwrap();
    line.split(' ').next().unwrap().to_owned()
}

/// Connects namespaces by a bridge in one of their own.
pub(super) fn network(project: &Project) -> Network {
    let ip = |arguments: &str| {
        run(Command::new("ip").args(arguments.split(' ')));
    };
    let hub = namespace("hub");
    let mut network = Network {
        names: vec![hub.clone()],
    };
    ip(&format!("netns add {hub}"));
    ip(&format!("-n {hub} link add bridge type bridge"));
    ip(&format!("-n {hub} link set bridge up"));
    for machine in MEMBERS.into_iter().chain(["app1"]) {
        let name = namespace(machine);
        network.names.push(name.clone());
        ip(&format!("netns add {name}"));
        ip(&format!("-n {name} link set lo up"));
        ip(&format!(
            "-n {name} link add eth0 type veth peer name {machine} netns {hub}"
        ));
        ip(&format!("-n {hub} link set {machine} master bridge up"));
        ip(&format!(
            "-n {name} addr add {}/20 dev eth0",
            address(project, machine)
        ));
        ip(&format!("-n {name} link set eth0 up"));
    }
    network
}
