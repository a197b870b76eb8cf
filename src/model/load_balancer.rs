//! Section `load_balancer`: what visitors meet first.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::units::{Count, Duration, FilePath, HeaderName, HeaderValue, Network, ServerName, Size};

/// What visitors meet first.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct LoadBalancer {
    /// How visitors still arrive when a load balancer is lost, where there are two or more: `auto`
    /// takes `keepalived`, an address that moves between them, or where a cloud's network has no
    /// such addresses the cloud's own balancer in front of them; `none` when something else in front
    /// spreads visitors over them.
    pub high_availability: HighAvailability,
    /// Host names served; every name when empty.
    pub server_names: Vec<ServerName>,
    /// Certificate, protocols and strict transport security.
    pub tls: Tls,
    /// The largest request body; `php.post_max_size` when absent, and never below it.
    pub max_body_size: Option<Size>,
    /// Idle connections each worker keeps to the application machines.
    pub keepalive: Count,
    /// How long to wait for an application machine to accept a connection.
    pub connect_timeout: Duration,
    /// How long to wait for an answer; above `php.max_execution_time`, so that PHP reports its own
    /// timeout. Five seconds above it when absent.
    pub read_timeout: Option<Duration>,
    /// Failed attempts after which an application machine is left alone for `fail_timeout`.
    pub max_fails: Count,
    /// How long a failing application machine is left alone.
    pub fail_timeout: Duration,
    /// Networks of proxies in front (a CDN, say) whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<Network>,
    /// Further response headers by name.
    pub headers: BTreeMap<HeaderName, HeaderValue>,
}

impl Default for LoadBalancer {
    fn default() -> Self {
        Self {
            high_availability: HighAvailability::default(),
            server_names: Vec::new(),
            tls: Tls::default(),
            max_body_size: None,
            keepalive: Count::of(32),
            connect_timeout: Duration::seconds(2),
            read_timeout: None,
            max_fails: Count::of(3),
            fail_timeout: Duration::seconds(30),
            trusted_proxies: Vec::new(),
            headers: BTreeMap::new(),
        }
    }
}

/// How visitors still arrive when a load balancer is lost.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum HighAvailability {
    /// As the provider can.
    #[default]
    Auto,
    /// The load balancers agree by themselves who holds the shared address (VRRP).
    Keepalived,
    /// It does not: there is none.
    None,
}

/// Certificate, protocols and strict transport security.
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct Tls {
    /// The certificate chain on the load balancers, put there by you. Without it Debian's
    /// self-signed certificate is used, which browsers refuse.
    pub certificate: Option<FilePath>,
    /// The certificate's private key on the load balancers.
    pub key: Option<FilePath>,
    /// How long browsers remember to use HTTPS only (HSTS). Needs a certificate of your own.
    pub strict_transport: Option<Duration>,
}
