//! Machines that are network namespaces on one bridge. Nothing leaves them.

use std::process::Command;

use super::run;

/// A network of namespaces, gone when dropped.
pub(crate) struct Network {
    prefix: String,
    machines: Vec<String>,
}

impl Network {
    /// Makes a bridge in a namespace of its own.
    pub(crate) fn new(name: &str) -> Self {
        let mut network = Self {
            prefix: format!("{name}{}", std::process::id()),
            machines: Vec::new(),
        };
        network.namespace("switch");
        network.ip("switch", "link add br0 type bridge");
        network.ip("switch", "link set br0 up");
        network
    }

    /// Adds a machine with an interface `host0`.
    pub(crate) fn machine(&mut self, name: &str, address: &str) {
        self.namespace(name);
        let port = format!("v{}", self.machines.len());
        let (own, switch) = (self.full(name), self.full("switch"));
        run(Command::new("ip").args([
            "link", "add", "host0", "netns", &own, "type", "veth", "peer", "name", &port, "netns",
            &switch,
        ]));
        self.ip("switch", &format!("link set {port} master br0 up"));
        self.ip(name, "link set lo up");
        self.ip(name, &format!("addr add {address} dev host0"));
        self.ip(name, "link set host0 up");
    }

    /// Runs `ip` on a machine.
    pub(crate) fn ip(&self, machine: &str, arguments: &str) {
        let machine = self.full(machine);
        run(Command::new("ip")
            .args(["-n", &machine])
            .args(arguments.split(' ')));
    }

    /// Returns a command that runs on a machine.
    pub(crate) fn on(&self, machine: &str, program: &str) -> Command {
        let mut command = Command::new("ip");
        command.args(["netns", "exec", &self.full(machine), program]);
        command
    }

    fn namespace(&mut self, name: &str) {
        run(Command::new("ip").args(["netns", "add", &self.full(name)]));
        self.machines.push(name.to_owned());
    }

    fn full(&self, name: &str) -> String {
        format!("{}-{name}", self.prefix)
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        for machine in &self.machines {
            let _ = Command::new("ip")
                .args(["netns", "del", &self.full(machine)])
                .status();
        }
    }
}
