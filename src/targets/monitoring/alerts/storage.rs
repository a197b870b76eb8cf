//! Shared storage.

use super::Severity::{Critical, Warning};
use super::{Alert, Scope};
use crate::topology::{Role, StorageLayout};

pub(super) fn alerts(scope: &Scope<'_>) -> Vec<Alert> {
    if StorageLayout::of(scope.environment.resolved) != StorageLayout::Gluster {
        return Vec::new();
    }
    let mut alerts = vec![bricks()];
    if scope.count(Role::Storage) > 1 {
        alerts.push(peers(scope));
    }
    if scope
        .environment
        .inventory()
        .scaling
        .filesystem
        .replication
        .0
    {
        alerts.push(heals());
    }
    alerts
}

fn peers(scope: &Scope<'_>) -> Alert {
    let machines = scope.count(Role::Storage);
    let series = r#"gluster_peers_connected{instance="fs1"}"#;
    Alert::new(
        "StoragePeerLost",
        Critical,
        "storage",
        format!("gluster_peers_connected < {machines}"),
    )
    .hold(2)
    .summary(format!(
        "{{{{ $labels.instance }}}} sees {{{{ $value }}}} of {machines} storage machines, itself included"
    ))
    .meaning(
        "A storage machine is down or cut off. The next loss leaves no majority, and writes stop.",
    )
    .action("`gluster peer status` names it. On it: `systemctl status glusterd`, and nftables.")
    .fires(&[(series, "1")], &[("instance", "fs1")], "1")
    .silent(&[(series, &machines.to_string())])
}

fn bricks() -> Alert {
    let online = r#"gluster_bricks_online{instance="fs1"}"#;
    let total = r#"gluster_bricks_total{instance="fs1"}"#;
    Alert::new(
        "StorageBrickDown",
        Critical,
        "storage",
        "gluster_bricks_online < gluster_bricks_total",
    )
    .hold(2)
    .summary("{{ $labels.instance }} sees {{ $value }} bricks online")
    .meaning("Not every brick is up. A brick whose disk fails is stopped by its own health check.")
    .action(
        "`gluster volume status` names it; its log in /var/log/glusterfs/bricks says why. After the \
         disk is mended: `gluster volume start <volume> force`.",
    )
    .fires(&[(online, "5"), (total, "6")], &[("instance", "fs1")], "5")
    .silent(&[(online, "6"), (total, "6")])
}

fn heals() -> Alert {
    let series = r#"gluster_heal_entries{instance="fs1"}"#;
    Alert::new(
        "StorageHealsPending",
        Warning,
        "storage_heal",
        "gluster_heal_entries > 0",
    )
    .hold(30)
    .summary("{{ $value }} files wait to be healed, says {{ $labels.instance }}")
    .meaning(
        "For 30m copies of some files have differed. After a machine was away this goes by itself; \
         if it does not, files may be in split brain.",
    )
    .action("`gluster volume heal <volume> info`, then `info split-brain`.")
    .fires(&[(series, "4")], &[("instance", "fs1")], "4")
    .silent(&[(series, "0")])
}
