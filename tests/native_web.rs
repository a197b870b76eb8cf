//! PHP itself says what it makes of its settings.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that panics says why, and one that is skipped says so"
)]

mod common;

use std::process::Command;

use common::{Project, can_run, run};

#[test]
fn php_reads_what_the_inventory_says() {
    if !can_run(&["php8.2", "php-fpm8.2"]) {
        return;
    }
    let project = Project::bundled();
    project.render(&["--set=php.settings.user_agent=a; b"]);
    for (environment, errors, debug) in [
        ("development", "32767", true),
        ("staging", "24575", false),
        ("production", "24567", false),
    ] {
        let fpm = Settings::read(&project, environment, "fpm");
        let assertions = if debug { "1" } else { "-1" };
        let shown = if debug { "On" } else { "Off" };
        for (name, value) in [
            ("error_reporting", errors),
            ("display_errors", shown),
            ("display_startup_errors", shown),
            ("log_errors", "On"),
            ("error_log", "syslog"),
            ("zend.assertions", assertions),
            ("opcache.validate_timestamps", shown),
            ("opcache.memory_consumption", "128"),
            ("memory_limit", "128M"),
            ("max_execution_time", "30"),
            ("upload_max_filesize", "16M"),
            ("post_max_size", "20M"),
            ("expose_php", "Off"),
            ("date.timezone", "UTC"),
            ("user_agent", "a; b"),
            ("session.gc_maxlifetime", "86400"),
            ("session.cookie_secure", "On"),
        ] {
            fpm.demand(name, value);
        }
        let cli = Settings::read(&project, environment, "cli");
        for (name, value) in [
            ("error_reporting", errors),
            ("zend.assertions", assertions),
            ("memory_limit", "512M"),
            ("max_execution_time", "0"),
            ("date.timezone", "UTC"),
            ("user_agent", "a; b"),
        ] {
            cli.demand(name, value);
        }
    }
}

#[test]
fn sessions_are_kept_where_the_cache_is() {
    if !can_run(&["php8.2", "php-fpm8.2"]) {
        return;
    }
    let project = Project::bundled();
    let network = "--set=infrastructure.network=10.9.0.0/24";
    let cluster = "seed[]=10.9.0.33:6379&seed[]=10.9.0.34:6379&seed[]=10.9.0.35:6379\
                   &timeout=2&read_timeout=2&failover=error&persistent=1&auth=secret";
    let local = "tcp://127.0.0.1:6379?timeout=2&read_timeout=2&persistent=1&auth=secret";
    let named = "tcp://production-redis:6379?timeout=2&read_timeout=2&persistent=1&auth=secret";
    for (environment, layout, handler, path) in [
        ("production", "{}", "rediscluster", cluster),
        // The proxy beside the application; `/etc/hosts` says so.
        ("production", "{sharding: false}", "redis", named),
        (
            "production",
            "{sharding: false, failover: false}",
            "redis",
            named,
        ),
        (
            "production",
            "{sharding: false, replication: false, failover: false}",
            "redis",
            named,
        ),
        ("development", "{}", "redis", local),
    ] {
        project.render(&[
            &format!("--set=scaling.cache={layout}"),
            environment,
            network,
        ]);
        let fpm = Settings::read(&project, environment, "fpm");
        fpm.demand("session.save_handler", handler);
        fpm.demand("session.save_path", path);
    }
    // The extension for memcached need not be installed here, so only the grammar is judged.
    project.render(&[
        "--set=environment.production.cache.driver=memcached",
        "--set=scaling.cache.replication=false",
        "--set=scaling.cache.failover=false",
        "--set=system.php.extensions=[pdo, pdo_mysql, memcached]",
        "production",
        network,
    ]);
    let ini = project.path("out/production/php/fpm/90-app.ini");
    let read = run(Command::new("php8.2").args(["-n", "-r"]).arg(format!(
        "$ini = parse_ini_file('{}'); echo $ini['session.save_path'], $ini['memcached.sess_lock_retries'];",
        ini.display()
    )));
    assert_eq!(read, "10.9.0.33:6379,10.9.0.34:6379,10.9.0.35:63791500");
}

/// What PHP says its settings are, with the rendered file beside the distribution's own.
struct Settings(String);

impl Settings {
    fn read(project: &Project, environment: &str, sapi: &str) -> Self {
        let folder = project.path(&format!("out/{environment}/php/{sapi}"));
        let program = if sapi == "fpm" {
            "php-fpm8.2"
        } else {
            "php8.2"
        };
        let scan = format!("/etc/php/8.2/{sapi}/conf.d:{}", folder.display());
        let info = run(Command::new(program)
            .arg("-i")
            .env("CACHE_PASSWORD", "secret")
            .env("PHP_INI_SCAN_DIR", scan));
        assert!(!info.contains("PHP Warning"), "{info}");
        Self(info)
    }

    fn demand(&self, name: &str, value: &str) {
        let start = format!("{name} => ");
        let line = self.0.lines().find_map(|line| line.strip_prefix(&start));
        assert_eq!(line, Some(format!("{value} => {value}").as_str()), "{name}");
    }
}
