use super::{Findings, Lint};
use crate::diag::Severity;
use crate::resolve::Resolved;
use crate::topology::{is_single, kept, sizing};

pub(super) const LINT: Lint = Lint {
    code: "L54",
    severity: Severity::Info,
    title: "measurements and logs take a large disk",
    explanation: "\
A measurement takes about one and a half bytes, and a day's log of one machine about 50M. What is
kept for weeks, from many machines, is more than half the disk that any other machine has.

Where monitoring has a machine of its own, its disk is made larger by as much, in steps of 10G. One
machine that does everything must have the room: lower `monitoring.metrics.retention` or
`monitoring.logging.retention`, or measure less often.",
    check,
};

fn check(resolved: &Resolved<'_>, findings: &mut Findings<'_, '_>) {
    let kept = kept::kept(resolved);
    let usual = sizing::system_disk(resolved);
    if kept.total() <= usual.scale(1, 2) {
        return;
    }
    let mut keys = [
        "monitoring.metrics.retention",
        "monitoring.logging.retention",
    ];
    let mut arithmetic = kept.arithmetic.clone();
    // What takes more comes first.
    if kept.logs > kept.metrics {
        keys.reverse();
        arithmetic.reverse();
    }
    let disk = if is_single(resolved) {
        format!("half of the machine's {usual} is less")
    } else {
        format!("the monitoring machine gets {}", kept::disk(resolved))
    };
    findings.report_with(
        Severity::Info,
        keys[0],
        &[keys[1], "monitoring.metrics.interval"],
        format!("{}, and {}; {disk}", arithmetic[0], arithmetic[1]),
        "keep less, or for a shorter time",
    );
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::{findings, ha};

    #[test]
    fn many_machines_need_a_larger_disk() {
        assert_eq!(
            ha("L54", "monitoring: {logging: {retention: 7d}}"),
            [
                "15 machines x 7 days x 50M = 5250M, and 16310 series x 30d / 1m x 1.5 bytes = 1007M; the monitoring machine gets 20G"
            ]
        );
        assert!(ha("L54", "monitoring: {logging: {retention: 1d}}").is_empty());
    }

    #[test]
    fn one_machine_must_have_the_room() {
        assert!(findings("L54", "environment: {dev: {}}").is_empty());
        assert_eq!(
            findings(
                "L54",
                "environment: {dev: {}}\nmonitoring: {metrics: {retention: 365d, interval: 10s}}"
            )
            .len(),
            1
        );
    }
}
