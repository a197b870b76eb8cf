//! systemd itself says when the rendered timers run, and must agree with cron's rules.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that panics says why, and one that is skipped says so"
)]

mod common;

use std::collections::BTreeSet;
use std::process::Command;

use common::{can_use, run};
use precast::units::Cron;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

/// The runs compared for each expression.
const RUNS: usize = 6;

/// Minutes in a day.
const DAY: u32 = 1_440;

/// A set of numbers, or none where any will do.
type Field = Option<BTreeSet<u32>>;

#[test]
fn systemd_runs_when_cron_would() {
    if !can_use(&["systemd-analyze"]) {
        return;
    }
    let field = |low: u32, high: u32| {
        prop_oneof![
            1 => Just(None),
            2 => proptest::collection::btree_set(low..=high, 1..4).prop_map(Some),
        ]
    };
    let fields = (
        proptest::collection::btree_set(0_u32..60, 1..3),
        field(0, 23),
        field(1, 28),
        field(1, 12),
        field(0, 6),
    );
    let config = Config {
        cases: 40,
        failure_persistence: None,
        ..Config::default()
    };
    let mut runner = TestRunner::new_with_rng(
        config,
        proptest::test_runner::TestRng::deterministic_rng(
            proptest::test_runner::RngAlgorithm::ChaCha,
        ),
    );
    runner
        .run(&fields, |(minutes, hours, days, months, weekdays)| {
            let text = [
                spell(Some(&minutes)),
                spell(hours.as_ref()),
                spell(days.as_ref()),
                spell(months.as_ref()),
                spell(weekdays.as_ref()),
            ]
            .join(" ");
            let expected = cron(&minutes, &hours, &days, &months, &weekdays);
            let calendar = Cron::of(&text).on_calendar();
            prop_assert_eq!(systemd(&calendar), expected, "{}: {:?}", text, calendar);
            Ok(())
        })
        .unwrap();
}

fn spell(field: Option<&BTreeSet<u32>>) -> String {
    field.map_or_else(
        || "*".to_owned(),
        |numbers| {
            let numbers: Vec<String> = numbers.iter().map(u32::to_string).collect();
            numbers.join(",")
        },
    )
}

/// Returns the first runs from 2027-01-01, a Friday, by the rules in crontab(5).
fn cron(
    minutes: &BTreeSet<u32>,
    hours: &Field,
    days: &Field,
    months: &Field,
    weekdays: &Field,
) -> Vec<String> {
    const LENGTHS: [u32; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let has = |field: &Field, number: u32| {
        field
            .as_ref()
            .is_none_or(|numbers| numbers.contains(&number))
    };
    // 2027 has no 29th of February, and the next two years have the same lengths but one.
    let dates = (2027..=2028).flat_map(|year| {
        (1..=12_u32).flat_map(move |month| {
            let leap = u32::from(year == 2028 && month == 2);
            (1..=LENGTHS[month as usize - 1] + leap).map(move |day| (year, month, day))
        })
    });
    (5_u32..)
        .zip(dates)
        .filter(|(number, (_, month, day))| {
            let by_day = has(days, *day);
            let by_weekday = has(weekdays, number % 7);
            let either = days.is_some() && weekdays.is_some();
            let day = if either {
                by_day || by_weekday
            } else {
                by_day && by_weekday
            };
            day && has(months, *month)
        })
        .flat_map(|(_, (year, month, day))| {
            (0..DAY)
                .map(|minute| (minute / 60, minute % 60))
                .filter(|(hour, minute)| has(hours, *hour) && minutes.contains(minute))
                .map(move |(hour, minute)| {
                    format!("{year}-{month:02}-{day:02} {hour:02}:{minute:02}:00 UTC")
                })
        })
        .take(RUNS)
        .collect()
}

/// Returns the first runs of a timer that has these lines.
fn systemd(calendar: &[String]) -> Vec<String> {
    let said = run(Command::new("systemd-analyze")
        .args(["calendar", "--base-time=2026-12-31 23:59:59 UTC"])
        .arg(format!("--iterations={RUNS}"))
        .args(calendar));
    let moments: BTreeSet<String> = said
        .lines()
        .filter_map(|line| {
            let line = line.trim();
            let rest = line
                .strip_prefix("Next elapse: ")
                .or_else(|| line.strip_prefix("Iter. #"))?;
            // `Fri 2027-01-01 00:00:00 UTC`, after a number where there is one.
            let start = rest.find("20")?;
            Some(rest[start..].to_owned())
        })
        .collect();
    moments.into_iter().take(RUNS).collect()
}
