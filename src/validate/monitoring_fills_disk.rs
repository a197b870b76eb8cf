use super::{Findings, Lint};
use crate::diag::Severity;
use crate::resolve::Resolved;
use crate::topology::{is_single, kept, sizing};
use crate::units::Size;

pub(super) const LINT: Lint = Lint {
    code: "L54",
    severity: Severity::Info,
    title: "what is kept takes a large disk",
    explanation: "\
A measurement takes about one and a half bytes, and a day's log of one machine about 50M. What is
kept for weeks, from many machines, is more than half the disk that any other machine has.

Where monitoring has a machine of its own, its disk is made larger by as much, in steps of 10G, and
backups have a disk for themselves. One machine that does everything must have the room, also for
the backups that stay on it: keep less, measure less often, or raise `system.storage.recommended`.",
    check,
};

fn check(resolved: &Resolved<'_>, findings: &mut Findings<'_, '_>) {
    let kept = kept::kept(resolved);
    let [metrics, logs] = kept.arithmetic.clone();
    let mut parts = vec![
        (kept.metrics, "monitoring.metrics.retention", metrics),
        (kept.logs, "monitoring.logging.retention", logs),
    ];
    let single = is_single(resolved);
    if let Some(backups) = kept::backups(resolved).filter(|_| single) {
        let arithmetic = format!("backups come to {}M", backups.as_mebibytes());
        parts.push((backups, "system.storage.recommended", arithmetic));
    }
    let usual = sizing::system_disk(resolved);
    if parts.iter().map(|(size, ..)| *size).sum::<Size>() <= usual.scale(1, 2) {
        return;
    }
    // What takes most comes first.
    parts.sort_by_key(|part| std::cmp::Reverse(part.0));
    let mut related: Vec<_> = parts[1..].iter().map(|(_, key, _)| *key).collect();
    related.push("monitoring.metrics.interval");
    let disk = if single {
        format!("half of the machine's {usual} is less")
    } else {
        format!("the monitoring machine gets {}", kept::disk(resolved))
    };
    let arithmetic: Vec<_> = parts.iter().map(|(.., text)| text.as_str()).collect();
    findings.report_with(
        Severity::Info,
        parts[0].1,
        &related,
        format!("{}; {disk}", arithmetic.join(", and ")),
        if single {
            "raise `system.storage.recommended`, or keep less or for a shorter time"
        } else {
            "keep less, or for a shorter time"
        },
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
        let roomy = "environment: {dev: {}}\nsystem: {storage: {recommended: 20G}}";
        assert!(findings("L54", roomy).is_empty());
        assert_eq!(
            findings("L54", "environment: {dev: {}}"),
            [
                "backups come to 6194M, and 1 machine x 7 days x 50M = 350M, and 4550 series x 30d / 1m x 1.5 bytes = 281M; half of the machine's 10G is less"
            ]
        );
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
