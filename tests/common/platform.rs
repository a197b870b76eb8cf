//! The rendered production files at work on loopback addresses, as far as one computer can play
//! several.
//!
//! The environment gets a network in 127.0.0.0/8, so that addresses stay as they are rendered.
//! The rest is replaced literally, and each replacement must find its place: paths, because
//! machines share this computer's disk; ports below 1024; and addresses to listen on and to
//! connect from, because machines share its network.

use std::process::Command;

use serde_json::Value;

use super::{Daemon, Project, adapt, loopback, wait_until};

/// Answers with what PHP sees.
const INDEX: &str = r"<?php
header('Content-Type: application/json');
usleep(20000);
echo json_encode(['server' => $_SERVER, 'environment' => getenv(), 'debug' => ini_get('display_errors'),
    'execution' => ini_get('max_execution_time'), 'errors' => error_reporting()]);
";

/// Where visitors come from. Not in the environment's network.
pub(crate) const VISITOR: &str = "127.200.0.9";

/// A load balancer and two application machines.
pub(crate) struct Platform {
    /// Ends before the folder its programs write to goes.
    pub(crate) machines: Vec<(Daemon, Daemon)>,
    _front: Daemon,
    pub(crate) project: Project,
    /// The first three numbers of every address of the environment.
    pub(crate) network: String,
    pub(crate) load_balancer: String,
    pub(crate) apps: [String; 2],
    pub(crate) monitoring: String,
    pub(crate) url: String,
}

impl Platform {
    pub(crate) fn start() -> Self {
        Self::start_at("local")
    }

    /// Starts what is rendered for a provider.
    pub(crate) fn start_at(provider: &str) -> Self {
        let network = loopback();
        let project = Project::bundled();
        project.render(&[
            "production",
            &format!("--set=infrastructure.provider={provider}"),
            &format!("--set=infrastructure.network={network}.0/24"),
            "--set=scaling.app.servers=2",
            "--set=load_balancer.fail_timeout=1",
            "--set=environment.production.variables.FEATURES='a;b #c'",
        ]);
        let load_balancer = format!("{network}.11");
        let mut platform = Self {
            machines: Vec::new(),
            _front: front(&project, &load_balancer),
            url: format!("https://{load_balancer}:8443/"),
            load_balancer,
            apps: [format!("{network}.129"), format!("{network}.130")],
            monitoring: format!("{network}.17"),
            network,
            project,
        };
        platform.url.pop();
        platform.machines = vec![platform.machine(0), platform.machine(1)];
        for app in &platform.apps {
            wait_until("an application machine answers", || {
                code(VISITOR, &[], &format!("http://{app}:8080/")) == "200"
            });
        }
        wait_until("the load balancer answers", || {
            code(VISITOR, &[], &platform.url) == "200"
        });
        platform
    }

    /// Starts php-fpm and nginx of an application machine.
    pub(crate) fn machine(&self, number: usize) -> (Daemon, Daemon) {
        let (name, address) = (format!("app{}", number + 1), &self.apps[number]);
        let place = |path: &str| self.project.path(&format!("{name}/{path}"));
        let out = "out/production";
        for (path, text) in [
            ("public/index.php", INDEX),
            ("public/.env", "secret"),
            ("public/style.css", "a {}"),
            ("public/upload.txt", "<?php echo 'executed';"),
        ] {
            self.project.write(&format!("{name}/current/{path}"), text);
        }
        let socket = place("app.sock").display().to_string();
        let pool = adapt(
            &self.project.read(&format!("{out}/php/fpm/app.conf")),
            &[
                ("/run/php/app.sock", &socket),
                (
                    "/var/log/php8.2-fpm-slow.log",
                    &place("slow.log").display().to_string(),
                ),
            ],
        );
        let pool = self.project.write(&format!("{name}/pool.conf"), &pool);
        let main = format!(
            "[global]\nerror_log = {}\ninclude = {}\n",
            place("fpm.log").display(),
            pool.display()
        );
        let main = self.project.write(&format!("{name}/fpm.conf"), &main);
        let settings = self.project.path(&format!("{out}/php/fpm"));
        let scan = format!("/etc/php/8.2/fpm/conf.d:{}", settings.display());
        let fpm = Daemon::start(
            Command::new("php-fpm8.2")
                .arg("-F")
                .arg("-y")
                .arg(main)
                .envs([
                    ("APP_KEY", "key of the test"),
                    ("CACHE_PASSWORD", "password of the test"),
                    ("DB_PASSWORD", "password of the test"),
                ])
                .env("PHP_INI_SCAN_DIR", scan),
            &place("fpm.out"),
        );
        let site = adapt(
            &self.project.read(&format!("{out}/nginx/sites/app.conf")),
            &[
                (
                    "listen 8080 default_server",
                    &format!("listen {address}:8080 default_server"),
                ),
                ("listen 127.0.0.1:8081;", &format!("listen {address}:8081;")),
                ("/srv/app/", &format!("{}/", place("").display())),
                ("/run/php/app.sock", &socket),
            ],
        );
        (fpm, nginx(&self.project, &name, "app.conf", &site))
    }

    pub(crate) fn get(&self, path: &str) -> Value {
        let body = curl(
            VISITOR,
            &["-HHost: shop.test"],
            &format!("{}{path}", self.url),
        );
        serde_json::from_str(&body).unwrap_or_else(|error| panic!("{body}: {error}"))
    }

    pub(crate) fn get_with(&self, headers: &[&str]) -> Value {
        let headers = [headers, &["-HHost: shop.test"]].concat();
        serde_json::from_str(&curl(VISITOR, &headers, &self.url)).unwrap()
    }
}

/// Starts the load balancer. It connects from its own address, as it does on a machine of its own.
pub(crate) fn front(project: &Project, address: &str) -> Daemon {
    let site = adapt(
        &project.read("out/production/nginx/sites/load_balancer.conf"),
        &[
            ("listen 80 ", &format!("listen {address}:8081 ")),
            ("listen 443 ", &format!("listen {address}:8443 ")),
            ("listen 8080;", &format!("listen {address}:8080;")),
            (
                "proxy_pass ",
                &format!("proxy_bind {address};\n    proxy_pass "),
            ),
        ],
    );
    nginx(project, "lb1", "load_balancer.conf", &site)
}

fn nginx(project: &Project, machine: &str, name: &str, site: &str) -> Daemon {
    let place = |path: &str| project.path(&format!("{machine}/{path}"));
    project.write(&format!("{machine}/nginx/sites/{name}"), site);
    let main = adapt(
        &project.read("out/production/nginx/nginx.conf"),
        &[
            ("/run/nginx.pid", &place("nginx.pid").display().to_string()),
            ("/var/log/nginx", &place("").display().to_string()),
        ],
    );
    let main = project.write(&format!("{machine}/nginx/nginx.conf"), &main);
    Daemon::start(
        Command::new("nginx")
            .args(["-g", "daemon off;", "-c"])
            .arg(main),
        &place("nginx.out"),
    )
}

/// Returns what curl prints. A visitor believes every certificate.
pub(crate) fn curl(from: &str, arguments: &[&str], url: &str) -> String {
    let bounds = [
        "-sk",
        "--max-time",
        "30",
        "--noproxy",
        "*",
        "--interface",
        from,
    ];
    let output = Command::new("curl")
        .args(bounds)
        .args(arguments)
        .arg(url)
        .output()
        .unwrap();
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Returns the status of an answer, `000` when there was none.
pub(crate) fn code(from: &str, arguments: &[&str], url: &str) -> String {
    curl(
        from,
        &[arguments, &["-o/dev/null", "-w%{http_code}"]].concat(),
        url,
    )
}
