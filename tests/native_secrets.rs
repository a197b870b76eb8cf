//! Ansible makes the secrets of an environment, demands them, and certifies machines with them.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that panics says why, and one that is skipped says so"
)]

mod common;

use std::fs;
use std::process::Command;

use common::{Project, can_run, can_use, run};

/// Runs only what demands secrets.
const DEMAND: &str = "---
- name: Demand every secret
  hosts: localhost
  connection: local
  gather_facts: false
  tasks:
    - name: Demand every secret
      ansible.builtin.import_role:
        name: preflight
        tasks_from: secrets
";

/// Certifies two machines that are folders, and tells a service of it.
const CERTIFY: &str = "---
- name: Certify
  hosts: app1:db2
  connection: local
  gather_facts: false
  vars:
    ansible_python_interpreter: \"{{ ansible_playbook_python }}\"
    certificates_folder: \"{{ playbook_dir }}/{{ inventory_hostname }}\"
    certificates_service: proxy
  handlers:
    - name: Restart the proxy
      ansible.builtin.debug:
        msg: restarted
      changed_when: true
      listen: certificate changed
  tasks:
    - name: Certify
      ansible.builtin.import_role:
        name: certificates
        tasks_from: machine
    - name: Tell
      ansible.builtin.include_role:
        name: certificates
        tasks_from: pick_up
";

const VAULT: &str = "out/staging/ansible/inventory/group_vars/all/vault.yml";

struct Deployment {
    project: Project,
}

impl Deployment {
    fn new() -> Self {
        let project = Project::bundled();
        project.render(&["staging"]);
        project.write("password", "correct horse\n");
        project.write("out/staging/ansible/demand.yml", DEMAND);
        project.write("out/staging/ansible/certify.yml", CERTIFY);
        Self { project }
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command
            .current_dir(self.project.path("out/staging/ansible"))
            .env("ANSIBLE_HOME", self.project.path("home"))
            .env("ANSIBLE_NOCOLOR", "1")
            .env("ANSIBLE_VAULT_PASSWORD_FILE", self.project.path("password"))
            .stdin(std::process::Stdio::null());
        command
    }

    fn play(&self, arguments: &[&str]) -> String {
        run(self.command("ansible-playbook").args(arguments))
    }

    /// Returns the secrets by name, as the vault has them.
    fn values(&self) -> Vec<(String, String)> {
        let text = run(self
            .command("ansible-vault")
            .arg("view")
            .arg(self.project.path(VAULT)));
        text.lines()
            .filter_map(|line| line.strip_prefix("vault_")?.split_once(": "))
            .map(|(name, value)| (name.to_owned(), value.trim_matches('"').to_owned()))
            .collect()
    }

    /// Returns the names of secrets that somebody else hands out.
    fn given(&self) -> Vec<String> {
        let text = self
            .project
            .read("out/staging/ansible/inventory/group_vars/all/secrets.yml");
        let entries = text.split("  - name: ").skip(1);
        entries
            .filter(|entry| entry.contains("origin: given"))
            .map(|entry| entry.lines().next().unwrap().to_owned())
            .collect()
    }
}

#[test]
fn secrets_are_made_once_and_shown_to_nobody() {
    if !can_use(&["ansible-playbook", "ansible-vault", "openssl", "age-keygen"]) {
        return;
    }
    let deployment = Deployment::new();
    let without = deployment
        .command("ansible-playbook")
        .arg("demand.yml")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&without.stdout).into_owned();
    assert!(!without.status.success());
    for part in [
        "certificate_authority is not set",
        "secrets.yml",
        "SECRET_CERTIFICATE_AUTHORITY",
    ] {
        assert!(said.contains(part), "{part}:\n{said}");
    }
    // As much as Ansible ever says.
    let said = deployment.play(&["-vvv", "--diff", "secrets.yml"]);
    let vault = deployment.project.read(VAULT);
    assert!(vault.starts_with("$ANSIBLE_VAULT;1.1;AES256\n"), "{vault}");
    let values = deployment.values();
    assert!(values.len() >= 2, "{values:?}");
    for (name, value) in &values {
        let public = name.ends_with("_recipient") || name.ends_with("_certificate");
        assert!(
            public || value.is_empty() || !said.contains(value),
            "{name} is shown"
        );
        assert!(
            !value.is_empty() || deployment.given().contains(name),
            "{name} is empty"
        );
    }
    let again = deployment.play(&["secrets.yml"]);
    assert!(again.contains("changed=0"), "{again}");
    assert_eq!(deployment.project.read(VAULT), vault);
    // precast leaves it alone.
    deployment.project.render(&["staging"]);
    assert_eq!(deployment.project.read(VAULT), vault);
    let mut demand = deployment.command("ansible-playbook");
    for name in deployment.given() {
        demand.env(format!("SECRET_{}", name.to_uppercase()), "handed out");
    }
    run(demand.arg("demand.yml"));
    // One is made anew on demand, and its own words stay.
    deployment.play(&[
        "secrets.yml",
        "--extra-vars",
        "secrets_rotate=certificate_authority",
    ]);
    for ((name, old), (_, new)) in values.iter().zip(deployment.values()) {
        assert_eq!(
            *old == new,
            !name.starts_with("certificate_authority"),
            "{name}"
        );
    }
}

#[test]
fn machines_are_certified_to_each_other() {
    // The key's group is ssl-cert, which root alone may give it to.
    if !can_run(&["ansible-playbook", "ansible-vault", "openssl", "age-keygen"]) {
        return;
    }
    let deployment = Deployment::new();
    deployment.play(&["secrets.yml"]);
    let first = deployment.play(&["certify.yml"]);
    assert_eq!(
        first.matches("\"msg\": \"restarted\"").count(),
        2,
        "{first}"
    );
    let place = |path: &str| {
        let path = deployment
            .project
            .path(&format!("out/staging/ansible/{path}"));
        path.display().to_string()
    };
    for (machine, names) in [
        ("app1", &["app1", "localhost"][..]),
        ("db2", &["db2", "localhost", "staging-db"][..]),
    ] {
        for name in names {
            for purpose in ["sslserver", "sslclient"] {
                let said = run(Command::new("openssl")
                    .args(["verify", "-x509_strict", "-purpose", purpose])
                    .args(["-CAfile", &place(&format!("{machine}/ca.pem"))])
                    .args(["-verify_hostname", name])
                    .arg(place(&format!("{machine}/machine.pem"))));
                assert!(said.contains("OK"), "{said}");
            }
        }
        let key = fs::metadata(place(&format!("{machine}/machine.key"))).unwrap();
        let mode = std::os::unix::fs::PermissionsExt::mode(&key.permissions());
        assert_eq!(mode & 0o777, 0o640);
    }
    let foreign = Command::new("openssl")
        .args(["verify", "-verify_hostname", "staging-db"])
        .args(["-CAfile", &place("app1/ca.pem"), &place("app1/machine.pem")])
        .output()
        .unwrap();
    assert!(!foreign.status.success(), "app1 is not the database");
    let measured = Command::new("sh")
        .arg(
            deployment
                .project
                .path("out/staging/system/certificate-metrics.sh"),
        )
        .env("TEXTFILE_FOLDER", place("app1"))
        .env(
            "CERTIFICATES",
            deployment.project.write(
                "list",
                &format!("# list\n{}\n/missing\n", place("app1/ca.pem")),
            ),
        )
        .status()
        .unwrap();
    assert!(measured.success());
    let metric = fs::read_to_string(place("app1/certificates.prom")).unwrap();
    assert!(metric.contains("ca.pem\"} 2"), "{metric}");
    let second = deployment.play(&["certify.yml"]);
    assert_eq!(second.matches("changed=0").count(), 2, "{second}");
    // With another authority everybody gets another certificate.
    deployment.play(&[
        "secrets.yml",
        "--extra-vars",
        "secrets_rotate=certificate_authority",
    ]);
    let third = deployment.play(&["certify.yml"]);
    assert_eq!(
        third.matches("\"msg\": \"restarted\"").count(),
        2,
        "{third}"
    );
}
