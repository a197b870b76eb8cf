//! What Prometheus reads, where, and how often.
//!
//! Every target is named by its machine. Targets that one program answers for, such as the
//! instances of a cache, hand the program an address in the parameter `target`.

use serde::Serialize;

use super::{cache_ports, reach};
use crate::environment::Environment;
use crate::model::{CacheDriver, DatabaseDriver, HealthCheck};
use crate::targets::monitoring::alerts::{Pair, pairs};
use crate::topology::{Machine, Role, ports, sizing};
use crate::units::Duration;

/// Seconds the blackbox exporter takes off the time Prometheus grants it, and half a second more,
/// so that a probe may last exactly as long as the inventory says.
const PROBE_OVERHEAD: u64 = 1;

/// The label `role` of a machine that does everything.
const EVERYTHING: &str = "everything";

/// A job of `prometheus.yml`.
#[derive(Debug, Serialize)]
pub(super) struct Job {
    name: &'static str,
    /// What is surprising about it.
    comment: String,
    /// Empty where it is everybody's.
    interval: String,
    timeout: String,
    /// Empty where it is `/metrics`.
    path: String,
    parameters: Vec<Pair>,
    targets: Vec<Target>,
    /// What happens to series by their name and state before they are kept.
    relabel: Option<Relabel>,
}

/// Series of a job that are kept or dropped, by the labels `__name__` and `state`.
#[derive(Debug, Serialize)]
struct Relabel {
    action: &'static str,
    regex: &'static str,
}

/// One address to read.
#[derive(Debug, Serialize)]
struct Target {
    address: String,
    labels: Vec<Pair>,
}

/// Returns every job that has something to read.
pub(super) fn jobs(environment: &Environment<'_>) -> Vec<Job> {
    let scope = Jobs { environment };
    let mut jobs = vec![
        scope.local("prometheus", ports::PROMETHEUS, "/prometheus/metrics"),
        scope.local("alertmanager", ports::ALERTMANAGER, "/alertmanager/metrics"),
        scope.local("blackbox", ports::BLACKBOX_EXPORTER, ""),
        scope.local("mtail", ports::MTAIL, ""),
        scope.node(),
        scope.nginx(),
        scope.php_fpm(),
    ];
    jobs.extend(scope.cache());
    jobs.extend(scope.database());
    jobs.extend(scope.probes());
    jobs
}

/// What jobs are made of.
struct Jobs<'a> {
    environment: &'a Environment<'a>,
}

fn job(name: &'static str, targets: Vec<Target>) -> Job {
    Job {
        name,
        comment: String::new(),
        interval: String::new(),
        timeout: String::new(),
        path: String::new(),
        parameters: Vec::new(),
        targets,
        relabel: None,
    }
}

impl Jobs<'_> {
    fn single(&self) -> bool {
        self.environment.topology.single
    }

    fn machines(&self, role: Role) -> impl Iterator<Item = &Machine> {
        self.environment.topology.with_role(role)
    }

    /// A port of every machine of a role.
    fn on(&self, role: Role, port: u16) -> Vec<Target> {
        self.machines(role)
            .map(|machine| self.target(machine, role, port))
            .collect()
    }

    fn target(&self, machine: &Machine, role: Role, port: u16) -> Target {
        Target {
            address: format!("{}:{port}", reach(self.environment, machine)),
            labels: pairs([("instance", machine.name.as_str()), ("role", role.name())]),
        }
    }

    /// A program of the monitoring machine, which listens to itself only.
    fn local(&self, name: &'static str, port: u16, path: &str) -> Job {
        let targets = self.machines(Role::Monitoring).map(|machine| Target {
            address: format!("127.0.0.1:{port}"),
            labels: pairs([
                ("instance", machine.name.as_str()),
                ("role", Role::Monitoring.name()),
            ]),
        });
        Job {
            path: path.to_owned(),
            ..job(name, targets.collect())
        }
    }

    fn node(&self) -> Job {
        Job {
            comment:
                "Of systemd's units only failures are kept, or they would be half of all series."
                    .to_owned(),
            relabel: Some(Relabel {
                action: "drop",
                regex: "node_systemd_unit_state;(active|activating|deactivating|inactive)",
            }),
            ..job("node", self.everywhere())
        }
    }

    fn everywhere(&self) -> Vec<Target> {
        let machines = self.environment.topology.machines.iter();
        machines
            .map(|machine| {
                let role = match machine.roles.as_slice() {
                    [role] => role.name(),
                    _ => EVERYTHING,
                };
                Target {
                    address: format!(
                        "{}:{}",
                        reach(self.environment, machine),
                        ports::NODE_EXPORTER
                    ),
                    labels: pairs([("instance", machine.name.as_str()), ("role", role)]),
                }
            })
            .collect()
    }

    fn nginx(&self) -> Job {
        let mut targets = self.on(Role::LoadBalancer, ports::NGINX_EXPORTER);
        // One machine that does everything has one nginx.
        if !self.single() {
            targets.extend(self.on(Role::App, ports::NGINX_EXPORTER));
        }
        job("nginx", targets)
    }

    fn php_fpm(&self) -> Job {
        Job {
            comment: "php-fpm speaks for itself.".to_owned(),
            path: "/fpm-status".to_owned(),
            parameters: pairs([("openmetrics", "")]),
            ..job("php_fpm", self.on(Role::App, ports::APP))
        }
    }

    /// The instances of every cache machine, with an address each.
    fn instances(&self) -> Vec<(&Machine, u16)> {
        let ports = cache_ports(self.environment);
        self.machines(Role::Cache)
            .flat_map(|machine| ports.iter().map(move |port| (machine, *port)))
            .collect()
    }

    fn cache(&self) -> Option<Job> {
        if self.environment.settings().cache.driver != CacheDriver::Redis {
            return None;
        }
        let targets = self.instances().into_iter().map(|(machine, port)| {
            let address = reach(self.environment, machine);
            Target {
                labels: pairs([
                    ("__param_target", format!("redis://{address}:{port}")),
                    ("instance", machine.name.clone()),
                    ("port", port.to_string()),
                    ("role", Role::Cache.name().to_owned()),
                ]),
                address: format!("{address}:{}", ports::REDIS_EXPORTER),
            }
        });
        Some(Job {
            comment: "One exporter a machine answers for each of its instances.".to_owned(),
            path: "/scrape".to_owned(),
            ..job("redis", targets.collect())
        })
    }

    fn database(&self) -> Vec<Job> {
        let driver = self.environment.settings().database.driver;
        let (name, port) = match driver {
            DatabaseDriver::Mysql | DatabaseDriver::Mariadb => ("mysql", ports::MYSQL_EXPORTER),
            DatabaseDriver::Postgresql => ("postgres", ports::POSTGRES_EXPORTER),
        };
        let mut jobs = vec![job(name, self.on(Role::Database, port))];
        if self.single() {
            return jobs;
        }
        let (role, etcd) = match driver {
            DatabaseDriver::Mysql | DatabaseDriver::Mariadb => ("role_agent", false),
            DatabaseDriver::Postgresql => ("patroni", true),
        };
        jobs.push(job(role, self.on(Role::Database, ports::DATABASE_ROLE)));
        if etcd {
            jobs.push(self.etcd());
        }
        jobs.push(job("haproxy", self.on(Role::App, ports::HAPROXY)));
        jobs
    }

    fn etcd(&self) -> Job {
        let resolved = self.environment.resolved;
        let members = sizing::etcd_members(resolved);
        let mut targets = self.on(Role::Database, ports::ETCD_METRICS);
        targets.truncate(usize::try_from(members).unwrap_or(usize::MAX));
        if sizing::monitoring_has_etcd(resolved) {
            targets.extend(self.on(Role::Monitoring, ports::ETCD_METRICS));
        }
        job("etcd", targets)
    }

    fn probes(&self) -> Vec<Job> {
        let checks = &self.environment.inventory().health_checks;
        let mut jobs = vec![
            self.probed_cache(&checks.cache),
            self.probed_database(&checks.database.probe()),
            Job {
                comment: "The machines' own check of shared files, see storage-canary.timer."
                    .to_owned(),
                interval: checks.filesystem.interval.to_string(),
                timeout: granted(&checks.filesystem).to_string(),
                parameters: pairs([("collect[]", "textfile")]),
                relabel: Some(Relabel {
                    action: "keep",
                    regex: "storage_canary_.*",
                }),
                ..job("probe_storage", self.on(Role::App, ports::NODE_EXPORTER))
            },
            self.site(),
            probe(
                "probe_app",
                "http_app",
                self.machines(Role::App)
                    .map(|machine| {
                        let address = reach(self.environment, machine);
                        (
                            machine,
                            Role::App,
                            format!("http://{address}:{}/", ports::APP),
                        )
                    })
                    .collect(),
            ),
        ];
        if !self.single() {
            jobs.push(probe(
                "probe_load_balancer",
                "http_healthz",
                self.machines(Role::LoadBalancer)
                    .map(|machine| {
                        let url = format!("http://{}/healthz", machine.address);
                        (machine, Role::LoadBalancer, url)
                    })
                    .collect(),
            ));
        }
        jobs
    }

    fn probed_cache(&self, check: &HealthCheck) -> Job {
        let module = self.environment.settings().cache.driver.name();
        let targets = self.instances().into_iter().map(|(machine, port)| Target {
            address: format!("127.0.0.1:{}", ports::BLACKBOX_EXPORTER),
            labels: pairs([
                (
                    "__param_target",
                    format!("{}:{port}", reach(self.environment, machine)),
                ),
                ("instance", machine.name.clone()),
                ("port", port.to_string()),
                ("role", Role::Cache.name().to_owned()),
            ]),
        });
        Job {
            targets: targets.collect(),
            interval: check.interval.to_string(),
            timeout: granted(check).to_string(),
            ..probe("probe_cache", module, Vec::new())
        }
    }

    /// MySQL counts connections that end before a password against the host they came from, and
    /// blocks it after a hundred, unless that is the machine itself. So the role agent, or Patroni,
    /// is asked where there is one.
    fn probed_database(&self, check: &HealthCheck) -> Job {
        let (module, comment) = if self.single() {
            ("database", "")
        } else {
            (
                "http_database",
                "By the port that knows the member's role: MySQL blocks hosts that connect and hang up.",
            )
        };
        let port = self.environment.settings().database.port().get();
        let targets = self.machines(Role::Database).map(|machine| {
            let target = if self.single() {
                format!("127.0.0.1:{port}")
            } else {
                format!("http://{}:{}/health", machine.address, ports::DATABASE_ROLE)
            };
            (machine, Role::Database, target)
        });
        Job {
            comment: comment.to_owned(),
            interval: check.interval.to_string(),
            timeout: granted(check).to_string(),
            ..probe("probe_database", module, targets.collect())
        }
    }

    /// The whole way a visitor goes, by the shared address or the first load balancer's.
    fn site(&self) -> Job {
        let topology = &self.environment.topology;
        let first = self.machines(Role::LoadBalancer).next();
        let address = match (topology.shared_address, first) {
            (Some(address), _) => address.to_string(),
            (None, Some(machine)) => reach(self.environment, machine),
            (None, None) => String::new(),
        };
        let name = super::blackbox::served_name(self.environment);
        let mut labels = vec![("__param_target", format!("https://{address}/"))];
        if let Some(name) = &name {
            labels.push(("__param_hostname", name.clone()));
        }
        labels.push(("instance", name.unwrap_or_else(|| "site".to_owned())));
        labels.push(("role", Role::LoadBalancer.name().to_owned()));
        Job {
            targets: vec![Target {
                address: format!("127.0.0.1:{}", ports::BLACKBOX_EXPORTER),
                labels: pairs(labels),
            }],
            ..probe("probe_site", "http_site", Vec::new())
        }
    }
}

/// What the blackbox exporter asks for us.
fn probe(name: &'static str, module: &str, targets: Vec<(&Machine, Role, String)>) -> Job {
    let targets = targets.into_iter().map(|(machine, role, target)| Target {
        address: format!("127.0.0.1:{}", ports::BLACKBOX_EXPORTER),
        labels: pairs([
            ("__param_target", target.as_str()),
            ("instance", machine.name.as_str()),
            ("role", role.name()),
        ]),
    });
    Job {
        path: "/probe".to_owned(),
        parameters: pairs([("module", module)]),
        ..job(name, targets.collect())
    }
}

/// The time Prometheus grants a probe, which it demands to be within the interval.
fn granted(check: &HealthCheck) -> Duration {
    let wanted = check.timeout.as_seconds().saturating_add(PROBE_OVERHEAD);
    Duration::seconds(wanted.min(check.interval.as_seconds()).max(1))
}
