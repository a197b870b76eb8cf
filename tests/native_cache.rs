//! The rendered cache at work on loopback addresses, with Redis, Sentinel, `HAProxy`, memcached
//! and PHP's sessions themselves. What the roles run on the machines runs here.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that panics says why, and one that is skipped says so"
)]

mod common;

use std::fmt::Write as _;
use std::process::Command;
use std::time::Instant;

use common::cache::{Cache, redis_cli};
use common::{Daemon, adapt, can_run, run, wait_until};

#[test]
fn a_cluster_survives_the_loss_of_a_machine() {
    if !can_run(&["redis-server", "redis-cli", "python3", "php8.2"]) {
        return;
    }
    let cache = Cache::render("production", 6379, &[]);
    cache.set_up_php(&[]);
    let places = [1, 2, 3].map(|machine| [(machine, 6379), (machine, 6380)]);
    let up = |machine: u8, port: u16| {
        let file = format!("redis-{port}");
        cache.configure(machine, &file, "");
        cache.start(machine, "redis-server", &file)
    };
    let mut machines = places.map(|pair| pair.map(|(machine, port)| up(machine, port)));
    wait_until("all instances", || cache_answers(&cache, &places.concat()));
    assert!(cache.peers(&["status"]).starts_with("absent"));
    let formed = cache.peers(&["arrange"]);
    assert!(formed.contains("changed: formed a cluster"), "{formed}");
    assert_eq!(
        cache.peers(&["arrange"]),
        "",
        "a second run changes nothing"
    );
    no_copy_is_beside_its_master(&cache);
    for (name, value) in [
        ("maxmemory", "67108864"),
        ("maxmemory-policy", "volatile-lru"),
        ("maxclients", "1000"),
        ("cluster-node-timeout", "1000"),
        ("cluster-require-full-coverage", "no"),
    ] {
        let got = cache.ask(1, 6379, &["config", "get", name]);
        assert_eq!(got, format!("{name}\n{value}"));
    }
    for key in 0..60 {
        assert_eq!(
            cache.ask(2, 6379, &["set", &format!("key{key}"), "x"]),
            "OK"
        );
    }
    let (session, mut visits) = cache.visit(&[]).unwrap();

    let [first, ..] = &mut machines;
    first.iter_mut().for_each(Daemon::kill);
    let lost = Instant::now();
    wait_until("every key is there", || {
        (0..60).all(|key| cache.ask(2, 6379, &["get", &format!("key{key}")]) == "x")
    });
    cache.visits_go_on(&session, &mut visits);
    println!("all keys and the session after {:.1?}", lost.elapsed());

    machines[0] = places[0].map(|(machine, port)| up(machine, port));
    wait_until("the machine is back", || cache.has_settled(1));
    wait_until("it knows its place is taken", || {
        cache.peers(&["status"]).starts_with("displaced")
    });
    let arranged = cache.peers(&["arrange"]);
    assert!(arranged.contains("cache1:6379 took over"), "{arranged}");
    assert!(cache.peers(&["status"]).starts_with("complete"));
    no_copy_is_beside_its_master(&cache);

    // A restart, as the role does it.
    let handed = cache.peers(&["step-down", "cache2:6379"]);
    assert_eq!(handed, "changed: handed over to cache3:6380\n");
    machines[1][0].kill();
    cache.visits_go_on(&session, &mut visits);
    machines[1][0] = up(2, 6379);
    wait_until("the instance is back", || cache.has_settled(2));
    let kept = (0..60).filter(|key| cache.ask(3, 6379, &["get", &format!("key{key}")]) == "x");
    assert_eq!(kept.count(), 60);
}

fn cache_answers(cache: &Cache, places: &[(u8, u16)]) -> bool {
    places
        .iter()
        .all(|(machine, port)| cache.ask(*machine, *port, &["ping"]) == "PONG")
}

fn no_copy_is_beside_its_master(cache: &Cache) {
    let nodes = cache.ask(1, 6379, &["cluster", "nodes"]);
    let members: Vec<Vec<&str>> = nodes
        .lines()
        .map(|line| line.split(' ').collect())
        .collect();
    let host = |member: &[&str]| member[1].split(':').next().unwrap().to_owned();
    let mut copies = 0;
    for copy in members.iter().filter(|member| member[3] != "-") {
        let master = members.iter().find(|member| member[0] == copy[3]).unwrap();
        assert_ne!(host(copy), host(master), "{nodes}");
        copies += 1;
    }
    assert_eq!(copies, 3, "{nodes}");
}

#[test]
fn the_application_follows_the_master_sentinel_promotes() {
    if !can_run(&["redis-server", "redis-sentinel", "haproxy", "php8.2"]) {
        return;
    }
    let port = 7379;
    let cache = Cache::render("production", port, &["--set=scaling.cache.sharding=false"]);
    let redis = format!("redis-{port}");
    // As the roles do it: one machine after the other, each behind the master of the moment.
    let up = |machine: u8| {
        let follow = cache.peers(&["follow", &format!("cache{machine}")]);
        cache.configure(machine, &redis, &follow);
        cache.configure(machine, "sentinel", "");
        let daemons = [
            cache.start(machine, "redis-server", &redis),
            cache.start(machine, "redis-sentinel", "sentinel"),
        ];
        wait_until("the machine is up", || cache.has_settled(machine));
        daemons
    };
    let mut machines = [1, 2, 3].map(up);
    let proxy = format!("{}.200", cache.network);
    let entrance = format!("127.0.0.1:{port}");
    let lead = format!("{proxy}:{port}");
    // The name stands for the proxy in `/etc/hosts`.
    let name = format!("production-redis:{port}");
    cache.set_up_php(&[(&name, &lead)]);
    let part = adapt(&cache.rendered("cache/haproxy.cfg"), &[(&entrance, &lead)]);
    let part = cache.project.write("haproxy/cache.cfg", &part);
    let main = "global\n  maxconn 100\ndefaults\n  mode http\n  timeout connect 5s\n  \
                timeout client 5s\n  timeout server 5s\n";
    let main = cache.project.write("haproxy/haproxy.cfg", main);
    let files = |command: &mut Command| {
        command.arg("-f").arg(&main).arg("-f").arg(&part);
    };
    let mut check = Command::new("haproxy");
    files(check.args(["-c", "-q"]));
    assert_eq!(run(&mut check), "");
    let mut haproxy = Command::new("haproxy");
    files(haproxy.arg("-db"));
    let _haproxy = Daemon::start(&mut haproxy, &cache.project.path("haproxy/log"));
    wait_until("three Sentinels and their master", || {
        let known = cache.ask(1, 26379, &["sentinel", "ckquorum", "cache"]);
        known.starts_with("OK 3 usable") && redis_cli(&proxy, port, &["ping"]) == "PONG"
    });
    // A Sentinel asks the master for its copies every ten seconds; one it never heard of, it leads
    // nowhere.
    let knows_the_copies = |machine: u8| {
        let known = cache.ask(machine, 26379, &["sentinel", "replicas", "cache"]);
        known.matches("role-reported").count() == 4
    };
    wait_until("every Sentinel knows both copies", || {
        [1, 2, 3].into_iter().all(knows_the_copies)
    });
    let (session, mut visits) = cache.visit(&[]).unwrap();
    let master = || cache.peers(&["master"]).trim().to_owned();
    assert_eq!(master(), cache.address(1));

    machines[0].iter_mut().for_each(Daemon::kill);
    let lost = Instant::now();
    wait_until("another is promoted", || master() != cache.address(1));
    cache.visits_go_on(&session, &mut visits);
    println!("session through the proxy after {:.1?}", lost.elapsed());

    // It comes back with the file it had, in which it is the master.
    machines[0] = [
        cache.start(1, "redis-server", &redis),
        cache.start(1, "redis-sentinel", "sentinel"),
    ];
    let is_copy = || cache.ask(1, port, &["role"]).starts_with("slave");
    wait_until("the former master copies", || {
        cache.visits_go_on(&session, &mut visits);
        is_copy() && cache.has_settled(1)
    });

    // A restart of the master, as the role does it.
    let second = master();
    let number = if second == cache.address(2) { 2 } else { 3 };
    let handed = cache.peers(&["step-down", &format!("cache{number}")]);
    assert!(handed.starts_with("changed: handed over"), "{handed}");
    assert_ne!(master(), second);
    cache.visits_go_on(&session, &mut visits);

    let probe = ["--user", "probe", "--pass", "any", "--no-auth-warning"];
    let denied = cache.ask(1, port, &[&probe[..], &["get", "x"]].concat());
    assert!(denied.starts_with("NOPERM"), "{denied}");
}

#[test]
fn one_redis_locks_sessions() {
    if !can_run(&["redis-server", "redis-cli", "php8.2"]) {
        return;
    }
    let port = 8379;
    let cache = Cache::render("development", port, &[]);
    let address = cache.address(9);
    let place = format!("{address}:{port}");
    cache.set_up_php(&[(&format!("127.0.0.1:{port}"), &place)]);
    let folder = cache.project.path("redis").display().to_string();
    let secret = cache.project.path("etc/").display().to_string();
    let text = adapt(
        &cache.rendered(&format!("cache/app1/redis-{port}.conf")),
        &[
            ("bind 127.0.0.1", &format!("bind {address}")),
            (&format!("/var/lib/redis/{port}"), &folder),
            (&format!("/run/redis-{port}"), &folder),
            ("/etc/redis/", &format!("{secret}/")),
            ("syslog-enabled yes", "syslog-enabled no"),
        ],
    );
    let file = cache.project.write("redis/live.conf", &text);
    let log = cache.project.path("redis/log");
    let mut redis = Daemon::start(Command::new("redis-server").arg(&file), &log);
    wait_until("Redis answers", || {
        redis_cli(&address, port, &["ping"]) == "PONG"
    });
    let denied = Command::new("redis-cli")
        .args(["-h", &address, "-p", &port.to_string(), "get", "x"])
        .output();
    assert!(denied.unwrap().stdout.starts_with(b"NOAUTH"));

    let (session, _) = cache.visit(&[]).unwrap();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..3 {
                    cache.visit(&[&session, "dawdle"]).unwrap();
                }
            });
        }
    });
    // The first visit, twelve at the same time, and this one.
    assert_eq!(cache.visit(&[&session]), Some((session.clone(), 14)));

    redis.kill();
    redis = Daemon::start(Command::new("redis-server").arg(&file), &log);
    wait_until("Redis is back", || {
        redis_cli(&address, port, &["ping"]) == "PONG"
    });
    let (name, _) = cache.visit(&[&session]).unwrap();
    assert_eq!(name, session, "sessions survive a restart");
    drop(redis);
}

#[test]
fn memcached_loses_the_sessions_of_a_lost_machine_and_no_others() {
    if !can_run(&["memcached", "php8.2"]) {
        return;
    }
    let cache = Cache::render(
        "production",
        11_211,
        &[
            "--set=environment.production.cache.driver=memcached",
            "--set=scaling.cache.replication=false",
            "--set=scaling.cache.failover=false",
            "--set=system.php.extensions=[pdo, pdo_mysql, memcached]",
        ],
    );
    cache.set_up_php(&[]);
    let mut machines = [1, 2, 3].map(|machine| {
        let rendered = cache.rendered(&format!("cache/cache{machine}/memcached.conf"));
        let mut options = String::new();
        for line in rendered.lines().filter(|line| line.starts_with('-')) {
            if line != "-l 127.0.0.1" && !line.starts_with("-P ") {
                write!(options, " {line}").unwrap();
            }
        }
        let log = cache.project.path(&format!("memcached{machine}"));
        Daemon::start(
            Command::new("memcached").args(options.split_whitespace()),
            &log,
        )
    });
    wait_until("memcached answers", || cache.visit(&[]).is_some());
    let sessions: Vec<String> = (0..12)
        .map(|_| cache.visit(&[]).expect("all three answer").0)
        .collect();
    machines[0].kill();
    let (mut kept, mut begun_anew) = (0, 0);
    for session in &sessions {
        let mut seen = None;
        wait_until("a session, if only a new one", || {
            seen = cache.visit(&[session]);
            seen.is_some()
        });
        match seen.unwrap() {
            (name, 2) if name == *session => kept += 1,
            (_, 1) => begun_anew += 1,
            other => panic!("{other:?}"),
        }
    }
    println!("{kept} of 12 sessions kept without one of three machines, {begun_anew} begun anew");
    assert!(kept > 0 && begun_anew < 12);
}
