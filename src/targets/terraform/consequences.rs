//! What a change of `locals.tf` does to machines, said before Terraform says it.
//!
//! Read from the rendered text alone, by its own layout: what is on disk may be of an older version,
//! of which nothing else is left.

use std::collections::BTreeMap;

/// A machine's attributes by name.
type Attributes<'a> = BTreeMap<&'a str, &'a str>;

/// What `locals.tf` says.
#[derive(Debug, Default)]
struct Locals<'a> {
    network: &'a str,
    machines: BTreeMap<&'a str, Attributes<'a>>,
}

impl<'a> Locals<'a> {
    fn read(text: &'a str) -> Self {
        let mut locals = Self::default();
        let mut inside = false;
        let mut machine = None;
        for line in text.lines() {
            let depth = line.len() - line.trim_start().len();
            match line
                .trim()
                .split_once('=')
                .map(|(key, value)| (key.trim(), value.trim()))
            {
                Some(("network", value)) if depth == 2 => locals.network = value,
                Some((key, "{")) if depth == 2 => inside = key == "machines",
                Some((name, "{")) if inside && depth == 4 => {
                    machine = Some(name.trim_matches('"'));
                }
                Some((key, value)) if inside && depth == 6 => {
                    if let Some(machine) = machine {
                        locals
                            .machines
                            .entry(machine)
                            .or_default()
                            .insert(key, value);
                    }
                }
                _ => {}
            }
        }
        locals
    }

    /// Returns an attribute of a machine, where it has one.
    fn attribute(&self, machine: &str, name: &str) -> Option<&'a str> {
        self.machines
            .get(machine)?
            .get(name)
            .copied()
            .filter(|value| *value != "null")
    }
}

/// What a change of these attributes makes anew, on every provider that has them.
const FIXED: &[&str] = &["address", "zone", "subnet"];

/// Returns what a change does to machines and their data.
pub(super) fn consequences(old: &str, new: &str) -> Vec<String> {
    let (old, new) = (Locals::read(old), Locals::read(new));
    let mut found = Vec::new();
    let mut say = |what: &str, machines: Vec<&str>, then: &str| {
        if !machines.is_empty() {
            found.push(format!("{what} {}{then}", machines.join(", ")));
        }
    };
    if old.network != new.network {
        say(
            "makes the network anew, and every machine:",
            vec![new.network],
            "",
        );
    }
    let stays: Vec<&str> = old
        .machines
        .keys()
        .filter(|name| new.machines.contains_key(*name))
        .copied()
        .collect();
    let gone = old
        .machines
        .keys()
        .filter(|name| !new.machines.contains_key(*name))
        .copied();
    let (with_data, without): (Vec<&str>, Vec<&str>) =
        gone.partition(|name| old.attribute(name, "data_disk_gb").is_some());
    say("destroys", without, "");
    say(
        "destroys",
        with_data,
        " and their data: move it away first, and in a cloud give up their disks",
    );
    let changed = |names: &[&str]| -> Vec<&str> {
        let differs = |machine: &&str| {
            names
                .iter()
                .any(|name| old.attribute(machine, name) != new.attribute(machine, name))
        };
        stays.iter().copied().filter(differs).collect()
    };
    let anew = changed(FIXED);
    say(
        "makes anew, as what is fixed of it changes:",
        anew.clone(),
        "",
    );
    let resized = changed(&["size"]);
    say(
        "stops to change the size of",
        resized
            .into_iter()
            .filter(|machine| !anew.contains(machine))
            .collect(),
        "",
    );
    let gigabytes = |locals: &Locals<'_>, machine: &str| -> Option<u64> {
        locals.attribute(machine, "data_disk_gb")?.parse().ok()
    };
    let (mut smaller, mut larger) = (Vec::new(), Vec::new());
    for machine in changed(&["data_disk_gb"]) {
        match (gigabytes(&old, machine), gigabytes(&new, machine)) {
            (Some(before), Some(after)) if after > before => larger.push(machine),
            (Some(_), _) => smaller.push(machine),
            (None, _) => {}
        }
    }
    say(
        "grows the disk for data of",
        larger,
        "; grow the file system too, with xfs_growfs",
    );
    say(
        "takes data of",
        smaller,
        " with its disk, which cannot shrink; Terraform refuses",
    );
    let joined = new
        .machines
        .keys()
        .filter(|name| !old.machines.contains_key(*name));
    say("makes", joined.copied().collect(), "");
    found
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::consequences;

    fn locals(network: &str, machines: &[(&str, &str, &str, &str)]) -> String {
        let mut text = format!("locals {{\n  network = \"{network}\"\n  machines = {{\n");
        for (name, address, size, disk) in machines {
            let _ = write!(
                text,
                "    \"{name}\" = {{\n      address      = \"{address}\"\n      \
                 size         = \"{size}\"\n      data_disk_gb = {disk}\n    }}\n"
            );
        }
        text + "  }\n  admissions = {\n    \"app\" = [\n    ]\n  }\n}\n"
    }

    #[test]
    fn what_happens_to_machines_is_said() {
        let before = locals(
            "10.0.0.0/20",
            &[
                ("app1", "10.0.8.1", "s", "null"),
                ("db1", "10.0.3.1", "m", "10"),
                ("fs1", "10.0.4.1", "s", "20"),
            ],
        );
        assert!(consequences(&before, &before).is_empty());
        for (machines, said) in [
            (
                &[
                    ("app1", "10.0.8.1", "s", "null"),
                    ("app2", "10.0.8.2", "s", "null"),
                    ("db1", "10.0.3.1", "m", "10"),
                    ("fs1", "10.0.4.1", "s", "20"),
                ][..],
                vec!["makes app2"],
            ),
            (
                &[("db1", "10.0.3.1", "m", "10")],
                vec![
                    "destroys app1",
                    "destroys fs1 and their data: move it away first, and in a cloud give up their disks",
                ],
            ),
            (
                &[
                    ("app1", "10.0.8.9", "l", "null"),
                    ("db1", "10.0.3.1", "l", "11"),
                    ("fs1", "10.0.4.1", "s", "10"),
                ],
                vec![
                    "makes anew, as what is fixed of it changes: app1",
                    "stops to change the size of db1",
                    "grows the disk for data of db1; grow the file system too, with xfs_growfs",
                    "takes data of fs1 with its disk, which cannot shrink; Terraform refuses",
                ],
            ),
        ] {
            assert_eq!(
                consequences(&before, &locals("10.0.0.0/20", machines)),
                said
            );
        }
        let moved = consequences(&before, &before.replace("10.0.0.0/20", "10.9.0.0/20"));
        assert_eq!(
            moved,
            ["makes the network anew, and every machine: \"10.9.0.0/20\""]
        );
    }
}
