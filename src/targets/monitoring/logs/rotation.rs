//! How long what is kept, and in how many pieces.

use serde::Serialize;

use super::severity;
use crate::environment::Environment;
use crate::model::{LogLevel, Rotation};
use crate::targets::Artifact;
use crate::topology::Role;
use crate::units::Duration;

/// How programs call a rotation.
pub(super) struct Facts {
    /// logrotate's word and systemd's calendar expression.
    pub(super) name: &'static str,
    /// A time span as journald writes it.
    span: &'static str,
    /// One of them, in words.
    one: &'static str,
    /// rsyslog's date formats, with what stands between: the folder of a period.
    pub(super) folder: &'static [&'static str],
}

/// Returns how programs call a rotation.
pub(super) fn facts(rotation: Rotation) -> Facts {
    match rotation {
        Rotation::Hourly => Facts {
            name: "hourly",
            span: "1h",
            one: "hour",
            folder: &["year", "-", "month", "-", "day", "-", "hour"],
        },
        Rotation::Daily => Facts {
            name: "daily",
            span: "1day",
            one: "day",
            folder: &["year", "-", "month", "-", "day"],
        },
        Rotation::Weekly => Facts {
            name: "weekly",
            span: "1week",
            one: "week",
            folder: &["year", "-week", "week"],
        },
        Rotation::Monthly => Facts {
            name: "monthly",
            span: "1month",
            one: "month",
            folder: &["year", "-", "month"],
        },
    }
}

/// A part of a folder's name: a date or a text.
#[derive(Debug, Serialize)]
pub(super) struct FolderPart {
    date: &'static str,
    text: &'static str,
}

/// Returns the parts of the name of a period's folder, such as 2026-11-25.
pub(super) fn folder(rotation: Rotation) -> Vec<FolderPart> {
    facts(rotation)
        .folder
        .iter()
        .map(|part| {
            let (date, text) = if part.starts_with('-') {
                ("", *part)
            } else {
                (*part, "")
            };
            FolderPart { date, text }
        })
        .collect()
}

/// How many old files logrotate keeps: enough for the retention, and one at least.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Kept {
    pub(super) rotation: &'static str,
    pub(super) count: u64,
    pub(super) days: u64,
    pub(super) arithmetic: String,
}

/// Returns what logrotate keeps.
pub(super) fn kept(environment: &Environment<'_>) -> Kept {
    let logging = &environment.inventory().monitoring.logging;
    let facts = facts(logging.rotation);
    let retention = logging.retention.as_seconds();
    let count = retention
        .div_ceil(logging.rotation.period().as_seconds())
        .max(1);
    Kept {
        rotation: facts.name,
        count,
        days: days(logging.retention),
        arithmetic: format!(
            "{} of logs, one file each {}: {count}",
            logging.retention, facts.one
        ),
    }
}

/// Returns a time in whole days, rounded up, one at least.
pub(in crate::targets::monitoring) fn days(time: Duration) -> u64 {
    time.as_seconds().div_ceil(86_400).max(1)
}

/// The values of `journald/logging.conf`.
#[derive(Debug, Serialize)]
struct Journal {
    level: &'static str,
    retention: String,
    rotation: &'static str,
}

/// The values of `store/clean-log-store.sh`.
#[derive(Debug, Serialize)]
struct Clean {
    retention: String,
    keep_seconds: u64,
    plain: String,
    plain_seconds: u64,
}

/// The values of a timer.
#[derive(Debug, Serialize)]
struct Timer {
    rotation: &'static str,
    every: &'static str,
    calendar: &'static str,
    accuracy: &'static str,
}

pub(super) fn lower(environment: &Environment<'_>) -> Vec<Artifact> {
    let logging = &environment.inventory().monitoring.logging;
    let facts = facts(logging.rotation);
    let hourly = logging.rotation == Rotation::Hourly;
    let timer = Timer {
        rotation: facts.name,
        every: if hourly { "hour" } else { "day" },
        // logrotate looks once a day which files a week or a month has passed for.
        calendar: if hourly { "hourly" } else { "daily" },
        accuracy: if hourly { "1min" } else { "1h" },
    };
    // The period before the current one is what people look for next.
    let plain = Duration::seconds(2 * logging.rotation.period().as_seconds());
    let clean = Clean {
        retention: logging.retention.to_string(),
        keep_seconds: logging.retention.as_seconds(),
        plain: plain.to_string(),
        plain_seconds: plain.as_seconds(),
    };
    let journal = Journal {
        // What programs write to their standard output comes in as information, errors too.
        level: severity(logging.level.min(LogLevel::Info)).name,
        retention: span(logging.retention),
        rotation: facts.span,
    };
    let changes = environment.impact("changes how logs are kept", Role::Monitoring);
    vec![
        environment
            .artifact(
                "monitoring/journald/logging.conf",
                "monitoring/journald/logging.conf.tera",
                &journal,
            )
            .impact("restarts systemd-journald on every machine"),
        environment
            .artifact(
                "monitoring/logrotate/timer.conf",
                "monitoring/logrotate/timer.conf.tera",
                &timer,
            )
            .impact("changes when logs are rotated on every machine"),
        environment
            .artifact(
                "monitoring/store/clean-log-store.sh",
                "monitoring/store/clean-log-store.sh.tera",
                &clean,
            )
            .impact(changes.clone()),
        environment.artifact(
            "monitoring/store/clean-log-store.service",
            "monitoring/store/clean-log-store.service.tera",
            &timer,
        ),
        environment
            .artifact(
                "monitoring/store/clean-log-store.timer",
                "monitoring/store/clean-log-store.timer.tera",
                &timer,
            )
            .impact(changes),
    ]
}

/// Returns a time as journald takes it: 7day.
fn span(time: Duration) -> String {
    let seconds = time.as_seconds();
    if seconds > 0 && seconds.is_multiple_of(86_400) {
        format!("{}day", seconds / 86_400)
    } else {
        format!("{seconds}s")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_whole_days_where_they_can_be() {
        assert_eq!(span(Duration::seconds(7 * 86_400)), "7day");
        assert_eq!(span(Duration::seconds(3600)), "3600s");
    }

    #[test]
    fn folders_begin_with_a_year() {
        for rotation in [
            Rotation::Hourly,
            Rotation::Daily,
            Rotation::Weekly,
            Rotation::Monthly,
        ] {
            assert!(folder(rotation)[0].date.contains("year"));
        }
    }

    #[test]
    fn part_of_a_day_is_a_day() {
        assert_eq!(days(Duration::seconds(1)), 1);
        assert_eq!(days(Duration::seconds(86_401)), 2);
    }
}
