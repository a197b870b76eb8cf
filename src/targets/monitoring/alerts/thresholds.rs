//! Processors, memory and disks, above what the inventory calls too much.

use super::Severity::{Critical, Warning};
use super::{Alert, Scope};
use crate::topology::StorageLayout;
use crate::units::Size;

/// Filesystems on a disk of the machine; what is mounted over the network or kept in memory has
/// no disk to fill.
pub(in crate::targets::monitoring) const DISKS: &str = r#"fstype!~"tmpfs|ramfs|squashfs|fuse.*""#;

/// The share of the disk threshold from which a forecast matters: a nearly empty disk that fills
/// for an hour is a copy under way.
const HALF: u8 = 2;

pub(super) fn alerts(scope: &Scope<'_>) -> Vec<Alert> {
    let mut alerts = vec![
        cpu(scope),
        memory(scope),
        disk(scope),
        disk_forecast(scope),
        inodes(scope),
        read_only(),
        out_of_memory(scope),
    ];
    if least_space(scope).as_bytes() > 0 {
        alerts.extend(space(scope));
    }
    alerts
}

fn cpu(scope: &Scope<'_>) -> Alert {
    let most = scope
        .environment
        .inventory()
        .monitoring
        .alerts
        .thresholds
        .cpu;
    let window = scope.window;
    // Percent idle of each second, so that busy is half of what is left above the threshold.
    let idle = f64::from(100 - most.get()) / 200.0;
    let busy = 100.0 * (1.0 - idle);
    Alert::new(
        "CpuBusy",
        Warning,
        "cpu",
        format!(
            r#"100 * (1 - avg by (instance) (rate(node_cpu_seconds_total{{mode="idle"}}[{window}]))) > {most}"#
        ),
    )
    .hold(5)
    .summary(r#"{{ $labels.instance }} computes {{ $value | printf "%.1f" }}% of the time"#)
    .meaning(format!(
        "Its processors have been busy for more than {most}% of the time for 5m \
         (monitoring.alerts.thresholds.cpu). Requests begin to wait for each other."
    ))
    .action("`top` shows what computes. If it is the work of visitors, add a machine of the role.")
    .fires(
        &[(
            r#"node_cpu_seconds_total{instance="app1",cpu="0",mode="idle"}"#,
            &format!("0+{}", idle * 60.0),
        )],
        &[("instance", "app1")],
        &format!("{busy:.1}"),
    )
    .unless_whole(most.get())
    .silent(&[(
        r#"node_cpu_seconds_total{instance="app1",cpu="0",mode="idle"}"#,
        "0+60",
    )])
}

fn memory(scope: &Scope<'_>) -> Alert {
    let thresholds = &scope.environment.inventory().monitoring.alerts.thresholds;
    let most = thresholds.memory;
    let left = f64::from(100 - most.get()) / 2.0;
    Alert::new(
        "MemoryShort",
        Warning,
        "memory",
        format!("100 * (1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes) > {most}"),
    )
    .hold(5)
    .summary(r#"{{ $labels.instance }} uses {{ $value | printf "%.1f" }}% of its memory"#)
    .meaning(format!(
        "More than {most}% has been in use for 5m, caches that can be given up not counted \
         (monitoring.alerts.thresholds.memory). When it is full, the kernel kills the largest \
         process, which is the service the machine is there for."
    ))
    .action(
        "`ps aux --sort -rss | head` shows who holds it. Lower its limit or enlarge the machine.",
    )
    .fires(
        &[
            (
                r#"node_memory_MemAvailable_bytes{instance="app1"}"#,
                &left.to_string(),
            ),
            (r#"node_memory_MemTotal_bytes{instance="app1"}"#, "100"),
        ],
        &[("instance", "app1")],
        &format!("{:.1}", 100.0 - left),
    )
    .unless_whole(most.get())
    .silent(&[
        (r#"node_memory_MemAvailable_bytes{instance="app1"}"#, "100"),
        (r#"node_memory_MemTotal_bytes{instance="app1"}"#, "100"),
    ])
}

/// The labels of a disk in tests.
const DISK: [(&str, &str); 3] = [("instance", "db1"), ("fstype", "ext4"), ("mountpoint", "/")];

/// A series about that disk.
fn series(name: &str) -> String {
    format!(r#"{name}{{instance="db1",fstype="ext4",mountpoint="/"}}"#)
}

fn used(metric: &str, total: &str) -> String {
    format!("100 * (1 - {metric}{{{DISKS}}} / {total}{{{DISKS}}})")
}

fn disk(scope: &Scope<'_>) -> Alert {
    let most = scope
        .environment
        .inventory()
        .monitoring
        .alerts
        .thresholds
        .disk;
    let left = f64::from(100 - most.get()) / 2.0;
    Alert::new(
        "DiskFull",
        Critical,
        "disk",
        format!(
            "{} > {most}",
            used("node_filesystem_avail_bytes", "node_filesystem_size_bytes")
        ),
    )
    .hold(5)
    .summary(
        r#"{{ $labels.mountpoint }} on {{ $labels.instance }} is {{ $value | printf "%.1f" }}% full"#,
    )
    .meaning(format!(
        "More than {most}% has been in use for 5m (monitoring.alerts.thresholds.disk). A full \
         disk stops the database, the cache's log and every login."
    ))
    .action(
        "`du -xh --max-depth 2` from the mount point finds what grew. Remove what can be had \
         again; then enlarge the disk.",
    )
    .fires(
        &[
            (&series("node_filesystem_avail_bytes"), &left.to_string()),
            (&series("node_filesystem_size_bytes"), "100"),
        ],
        &DISK,
        &format!("{:.1}", 100.0 - left),
    )
    .unless_whole(most.get())
    .silent(&[
        (&series("node_filesystem_avail_bytes"), "100"),
        (&series("node_filesystem_size_bytes"), "100"),
    ])
}

fn disk_forecast(scope: &Scope<'_>) -> Alert {
    let most = scope
        .environment
        .inventory()
        .monitoring
        .alerts
        .thresholds
        .disk;
    let half = most.get() / HALF;
    Alert::new(
        "DiskFillsSoon",
        Warning,
        "disk",
        format!(
            "predict_linear(node_filesystem_avail_bytes{{{DISKS}}}[1h], 4 * 3600) < 0 and {} > {half}",
            used("node_filesystem_avail_bytes", "node_filesystem_size_bytes")
        ),
    )
    .hold(15)
    .summary("{{ $labels.mountpoint }} on {{ $labels.instance }} will be full within 4h")
    .meaning(format!(
        "More than {half}% is in use, and at the pace of the last hour the rest is gone in 4h."
    ))
    .action("Find what writes: `du -xh --max-depth 2` from the mount point, twice, a minute apart.")
    .fires(
        &[
            // Four tenths are left, and they are gone in little more than two hours.
            (&series("node_filesystem_avail_bytes"), "40000-300"),
            (&series("node_filesystem_size_bytes"), "100000"),
        ],
        &DISK,
        "0",
    )
    .silent(&[
        (&series("node_filesystem_avail_bytes"), "40000"),
        (&series("node_filesystem_size_bytes"), "100000"),
    ])
}

fn inodes(scope: &Scope<'_>) -> Alert {
    let most = scope
        .environment
        .inventory()
        .monitoring
        .alerts
        .thresholds
        .disk;
    let left = f64::from(100 - most.get()) / 2.0;
    Alert::new(
        "InodesShort",
        Critical,
        "inodes",
        format!(
            "{} > {most}",
            used("node_filesystem_files_free", "node_filesystem_files")
        ),
    )
    .hold(5)
    .summary(
        r#"{{ $labels.mountpoint }} on {{ $labels.instance }} has used {{ $value | printf "%.1f" }}% of its inodes"#,
    )
    .meaning(format!(
        "More than {most}% of the files it can hold exist (monitoring.alerts.thresholds.disk). \
         No file can be made when none is left, however much space there is."
    ))
    .action("`du -x --inodes --max-depth 2` from the mount point finds the folder with the files.")
    .fires(
        &[
            (&series("node_filesystem_files_free"), &left.to_string()),
            (&series("node_filesystem_files"), "100"),
        ],
        &DISK,
        &format!("{:.1}", 100.0 - left),
    )
    .unless_whole(most.get())
    .silent(&[
        (&series("node_filesystem_files_free"), "100"),
        (&series("node_filesystem_files"), "100"),
    ])
}

fn least_space(scope: &Scope<'_>) -> Size {
    scope
        .environment
        .inventory()
        .dependencies
        .filesystem
        .space
        .0
}

/// Shared files: a disk of the one machine, or the volume as application machines mount it. What the
/// provider has grows by itself.
fn space(scope: &Scope<'_>) -> Option<Alert> {
    let least = least_space(scope);
    let (place, fstype, mountpoint) = match StorageLayout::of(scope.environment.resolved) {
        StorageLayout::Folder => (r#"mountpoint="/""#, "ext4", "/"),
        StorageLayout::Gluster => (
            r#"fstype="fuse.glusterfs""#,
            "fuse.glusterfs",
            "/srv/shared",
        ),
        StorageLayout::Managed(_) => return None,
    };
    let series = format!(
        r#"node_filesystem_avail_bytes{{instance="app1",fstype="{fstype}",mountpoint="{mountpoint}"}}"#
    );
    let alert = Alert::new(
        "FilesystemSpaceLow",
        Critical,
        "space",
        format!(
            "node_filesystem_avail_bytes{{{place}}} < {}",
            least.as_bytes()
        ),
    )
    .hold(5)
    .summary(
        "{{ $labels.mountpoint }} on {{ $labels.instance }} has {{ $value | humanize1024 }}B left",
    )
    .meaning(format!(
        "Less than {least} is free for shared files, which the application needs \
         (dependencies.filesystem.space)."
    ))
    .action("Remove what nobody needs, or enlarge the disks shared files are on.")
    .fires(
        &[(&series, "0")],
        &[
            ("instance", "app1"),
            ("fstype", fstype),
            ("mountpoint", mountpoint),
        ],
        "0",
    )
    .silent(&[(&series, &least.as_bytes().saturating_add(1).to_string())]);
    Some(alert)
}

fn read_only() -> Alert {
    Alert::new(
        "FilesystemReadOnly",
        Critical,
        "readonly",
        format!("node_filesystem_readonly{{{DISKS}}} == 1"),
    )
    .hold(5)
    .summary("{{ $labels.mountpoint }} on {{ $labels.instance }} is read-only")
    .meaning("The kernel made a filesystem read-only, as it does when its disk fails.")
    .action("`dmesg` says why. Move the role to another machine, then replace the disk.")
    .fires(&[(&series("node_filesystem_readonly"), "1")], &DISK, "1")
    .silent(&[(&series("node_filesystem_readonly"), "0")])
}

fn out_of_memory(scope: &Scope<'_>) -> Alert {
    let window = scope.window;
    Alert::new(
        "OutOfMemoryKill",
        Warning,
        "oom",
        format!("increase(node_vmstat_oom_kill[{window}]) > 0"),
    )
    .summary("the kernel of {{ $labels.instance }} killed a process for its memory")
    .meaning(format!(
        "Memory ran out within the last {window}, and the largest process went."
    ))
    .action(
        "`journalctl -k --grep 'Out of memory'` names it. Lower its limit or enlarge the machine.",
    )
    .fires(
        &[(r#"node_vmstat_oom_kill{instance="app1"}"#, "0+1")],
        &[("instance", "app1")],
        "1",
    )
    .silent(&[(r#"node_vmstat_oom_kill{instance="app1"}"#, "4")])
}
