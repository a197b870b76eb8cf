//! Which program listens where. The ports of cache and database are the inventory's.

/// HTTP, on load balancers.
pub const HTTP: u16 = 80;
/// HTTPS, on load balancers.
pub const HTTPS: u16 = 443;
/// The nginx in front of php-fpm, on application machines; the status pages of load balancers.
pub const APP: u16 = 8080;
/// The same nginx, for a release that is not live yet; reached by the machine itself only.
pub const CANDIDATE: u16 = 8081;
/// HTTP and HTTPS on load balancers, for a provider's balancer that begins each connection with the
/// visitor's address (PROXY protocol).
pub const PROXIED: [u16; 2] = [10_080, 10_443];
/// SSH.
pub const SSH: u16 = 22;
/// Distance between a Redis port and its cluster bus, fixed by Redis.
pub const CLUSTER_BUS: u16 = 10_000;
/// Redis Sentinel.
pub const SENTINEL: u16 = 26_379;
/// Answers whether a database member is the primary: Patroni's REST interface, or the role agent
/// that speaks like it.
pub const DATABASE_ROLE: u16 = 8008;
/// Galera: replication, incremental and full state transfer.
pub const GALERA: [u16; 3] = [4567, 4568, 4444];
/// etcd: clients and peers.
pub const ETCD: [u16; 2] = [2379, 2380];
/// etcd's metrics, which need no client certificate.
pub const ETCD_METRICS: u16 = 2381;
/// Shared files of a provider, by NFS 4.
pub const NFS: u16 = 2_049;
/// GlusterFS's management daemon.
pub const GLUSTER: u16 = 24_007;
/// The first and the last port of GlusterFS's bricks; one brick takes one.
pub const BRICKS: [u16; 2] = [49_152, 49_251];
/// Syslog over TLS, on the monitoring machine.
pub const SYSLOG: u16 = 6514;
/// Dashboard and error store, on the monitoring machine. Not 443, which belongs to the load
/// balancer where one machine does everything.
pub const PORTAL: u16 = 8443;
/// Prometheus.
pub const PROMETHEUS: u16 = 9090;
/// Alertmanager.
pub const ALERTMANAGER: u16 = 9093;
/// prometheus-node-exporter, everywhere.
pub const NODE_EXPORTER: u16 = 9100;
/// prometheus-mysqld-exporter, on database machines.
pub const MYSQL_EXPORTER: u16 = 9104;
/// prometheus-nginx-exporter, on load balancers and application machines.
pub const NGINX_EXPORTER: u16 = 9113;
/// prometheus-blackbox-exporter, on the monitoring machine.
pub const BLACKBOX_EXPORTER: u16 = 9115;
/// prometheus-redis-exporter, on cache machines.
pub const REDIS_EXPORTER: u16 = 9121;
/// prometheus-postgres-exporter, on database machines.
pub const POSTGRES_EXPORTER: u16 = 9187;
/// mtail, which counts what logs say, on the monitoring machine.
pub const MTAIL: u16 = 3903;
/// The proxy's own metrics, on application machines.
pub const HAPROXY: u16 = 8404;
/// Bugsink, the error store, on the monitoring machine; reached through [`PORTAL`].
pub const ERRORS: u16 = 8000;
