//! Load balancers behind a provider's balancer, which names visitors in the PROXY protocol: nginx and
//! php-fpm themselves, on loopback addresses.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that panics says why, and one that is skipped says so"
)]

mod common;

use std::process::Command;

use common::platform::{Platform, VISITOR};
use common::{can_run, run_apart};
use serde_json::Value;

/// Connects from an address, says in the PROXY protocol who visits, and asks over TLS.
const BALANCER: &str = r#"
import socket, ssl, sys
source, target, visitor = sys.argv[1:]
plain = socket.create_connection((target, 10443), timeout=30, source_address=(source, 0))
plain.sendall(f"PROXY TCP4 {visitor} {target} 40000 443\r\n".encode())
believing = ssl._create_unverified_context()
with believing.wrap_socket(plain, server_hostname="shop.test") as door:
    door.sendall(b"GET / HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\n\r\n")
    answer = b""
    while part := door.recv(65536):
        answer += part
sys.stdout.write(answer.decode().partition("\r\n\r\n")[2])
"#;

#[test]
fn the_providers_balancer_alone_says_who_visits() {
    if !can_run(&["nginx", "php-fpm8.2", "curl", "python3"]) {
        return;
    }
    let platform = Platform::start_at("hcloud");
    let seen = |from: &str| {
        let body = run_apart(
            Command::new("python3")
                .args(["-c", BALANCER, from, &platform.load_balancer])
                .arg("203.0.113.66"),
        )
        .0;
        // The answer comes in chunks, each with its length before it.
        let json = &body[body.find('{').unwrap()..=body.rfind('}').unwrap()];
        let seen: Value = serde_json::from_str(json).unwrap();
        seen["server"]["REMOTE_ADDR"].as_str().unwrap().to_owned()
    };
    let balancer = format!("{}.10", platform.network);
    assert_eq!(seen(&balancer), "203.0.113.66");
    assert_eq!(seen(VISITOR), VISITOR);
}
