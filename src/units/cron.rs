//! Cron expressions, and what systemd calls the same moments.

use std::collections::BTreeSet;
use std::fmt;

use super::{Duration, Refusal, Scalar, Unit, UnitSchema, unit_serde};

/// Five fields: minute, hour, day of month, month, day of week. Times are UTC.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cron {
    text: String,
    minutes: BTreeSet<u32>,
    hours: BTreeSet<u32>,
    days: BTreeSet<u32>,
    months: BTreeSet<u32>,
    weekdays: BTreeSet<u32>,
    /// Whether each day field is restricted; cron runs on either when both are.
    day_restricted: bool,
    weekday_restricted: bool,
}

struct Field {
    name: &'static str,
    low: u32,
    high: u32,
    names: &'static [&'static str],
}

const FIELDS: [Field; 5] = [
    Field {
        name: "minute",
        low: 0,
        high: 59,
        names: &[],
    },
    Field {
        name: "hour",
        low: 0,
        high: 23,
        names: &[],
    },
    Field {
        name: "day of month",
        low: 1,
        high: 31,
        names: &[],
    },
    Field {
        name: "month",
        low: 1,
        high: 12,
        names: &[
            "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
        ],
    },
    Field {
        name: "day of week",
        low: 0,
        // Both 0 and 7 are Sunday.
        high: 7,
        names: &["sun", "mon", "tue", "wed", "thu", "fri", "sat"],
    },
];

const WEEKDAYS: [&str; 7] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

impl Cron {
    /// Parses a constant.
    ///
    /// # Panics
    /// When the constant is malformed; every use stands in a default, which a test covers.
    pub fn of(text: &str) -> Self {
        Self::parse(text).expect("a valid cron expression")
    }

    fn parse(text: &str) -> Result<Self, String> {
        let parts: Vec<&str> = text.split_whitespace().collect();
        let [minute, hour, day, month, weekday] = parts[..] else {
            return Err(format!("it has {} fields instead of 5", parts.len()));
        };
        let mut weekdays = values(weekday, &FIELDS[4])?;
        if weekdays.remove(&7) {
            weekdays.insert(0);
        }
        let cron = Self {
            text: parts.join(" "),
            minutes: values(minute, &FIELDS[0])?,
            hours: values(hour, &FIELDS[1])?,
            days: values(day, &FIELDS[2])?,
            months: values(month, &FIELDS[3])?,
            weekdays,
            day_restricted: !day.starts_with('*'),
            weekday_restricted: !weekday.starts_with('*'),
        };
        if cron.matching_days().next().is_none() {
            return Err("it names a day that never comes".to_owned());
        }
        Ok(cron)
    }

    /// Returns whether it runs at exactly this minute of some day.
    pub fn runs_at(&self, hour: u32, minute: u32) -> bool {
        self.hours.contains(&hour) && self.minutes.contains(&minute)
    }

    /// Returns the `OnCalendar=` lines of systemd for the same moments. There are two when both
    /// day fields are restricted: cron runs when either matches, systemd when both do.
    pub fn on_calendar(&self) -> Vec<String> {
        let time = format!(
            "{}:{}:00 UTC",
            list(&self.hours, 24, 0),
            list(&self.minutes, 60, 0)
        );
        let months = list(&self.months, 12, 1);
        let by_day = format!("*-{months}-{} {time}", list(&self.days, 31, 1));
        let weekdays = self
            .weekdays
            .iter()
            .map(|day| WEEKDAYS[*day as usize])
            .collect::<Vec<_>>()
            .join(",");
        let by_weekday = format!("{weekdays} *-{months}-* {time}");
        match (self.day_restricted, self.weekday_restricted) {
            (_, false) => vec![by_day],
            (false, true) => vec![by_weekday],
            (true, true) => vec![by_day, by_weekday],
        }
    }

    /// Returns the longest time between two runs, in whole days, at least one.
    pub fn longest_gap_days(&self) -> u64 {
        // Nearly every schedule runs daily, and looking through four years takes its time.
        if (self.days.len(), self.months.len(), self.weekdays.len()) == (31, 12, 7) {
            return 1;
        }
        let days: Vec<u64> = self.matching_days().collect();
        let wrap = days.first().map(|first| first + FOUR_YEARS);
        days.iter()
            .zip(days.iter().skip(1).chain(wrap.as_ref()))
            .map(|(day, next)| next - day)
            .max()
            .unwrap_or(FOUR_YEARS)
    }

    /// Returns the longest time between two runs, to the minute where it runs every day.
    pub fn longest_gap(&self) -> Duration {
        let days = self.longest_gap_days();
        if days > 1 {
            return Duration::seconds(days * DAY);
        }
        let runs: Vec<u64> = self
            .hours
            .iter()
            .flat_map(|hour| self.minutes.iter().map(move |minute| (hour, minute)))
            .map(|(hour, minute)| u64::from(hour * 3600 + minute * 60))
            .collect();
        let next_day = runs.first().map(|first| first + DAY);
        let gap = runs
            .iter()
            .zip(runs.iter().skip(1).chain(next_day.as_ref()))
            .map(|(run, next)| next - run)
            .max();
        Duration::seconds(gap.unwrap_or(DAY))
    }

    /// Returns the days with a run in the four years from 2000-01-01, a Saturday.
    fn matching_days(&self) -> impl Iterator<Item = u64> {
        const LENGTHS: [u32; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
        let calendar = (0..4).flat_map(|year| {
            (1..=12).flat_map(move |month| {
                let leap = u32::from(year == 0 && month == 2);
                (1..=LENGTHS[month as usize - 1] + leap).map(move |day| (month, day))
            })
        });
        (0..).zip(calendar).filter_map(|(number, (month, day))| {
            let weekday = self
                .weekdays
                .contains(&u32::try_from((number + 6) % 7).unwrap_or(0));
            let day = self.days.contains(&day);
            let matches = match (self.day_restricted, self.weekday_restricted) {
                (true, true) => day || weekday,
                _ => day && weekday,
            };
            (matches && self.months.contains(&month)).then_some(number)
        })
    }
}

/// Seconds of a day.
const DAY: u64 = 86_400;

/// Days in any four years of the Gregorian calendar around a leap year.
const FOUR_YEARS: u64 = 1_461;

fn values(text: &str, field: &Field) -> Result<BTreeSet<u32>, String> {
    let number = |text: &str| -> Result<u32, String> {
        let lower = text.to_ascii_lowercase();
        let named = field.names.iter().position(|name| *name == lower);
        let number = match named {
            Some(position) => u32::try_from(position).unwrap_or(0) + field.low,
            None => text
                .parse()
                .map_err(|_| format!("`{text}` is no {}", field.name))?,
        };
        if (field.low..=field.high).contains(&number) {
            Ok(number)
        } else {
            Err(format!(
                "`{text}` is no {}, which goes from {} to {}",
                field.name, field.low, field.high
            ))
        }
    };
    let mut set = BTreeSet::new();
    for item in text.split(',') {
        let (range, step) = match item.split_once('/') {
            Some((range, step)) => match step.parse::<usize>() {
                Ok(step) if step > 0 => (range, Some(step)),
                _ => return Err(format!("`/{step}` is no step")),
            },
            None => (item, None),
        };
        let (low, high) = match range.split_once('-') {
            _ if range == "*" => (field.low, field.high),
            Some((low, high)) => (number(low)?, number(high)?),
            None => {
                let low = number(range)?;
                (low, if step.is_some() { field.high } else { low })
            }
        };
        if low > high {
            return Err(format!("`{range}` runs backwards"));
        }
        set.extend((low..=high).step_by(step.unwrap_or(1)));
    }
    Ok(set)
}

/// Writes a set of numbers the way systemd lists them, `*` when nothing is left out.
fn list(set: &BTreeSet<u32>, all: usize, low: u32) -> String {
    if set.len() == all && set.first() == Some(&low) {
        return "*".to_owned();
    }
    set.iter()
        .map(|number| format!("{number:02}"))
        .collect::<Vec<_>>()
        .join(",")
}

impl fmt::Display for Cron {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Unit for Cron {
    fn read(scalar: Scalar<'_>) -> Result<Self, Refusal> {
        let text = scalar.to_string();
        Self::parse(&text).map_err(|why| {
            Refusal::new(
                format!("`{text}` is not a cron expression: {why}"),
                "write minute, hour, day of month, month and day of week, such as \"30 2 * * *\"",
            )
        })
    }

    fn spell(&self) -> String {
        self.text.clone()
    }

    fn schema() -> UnitSchema {
        UnitSchema {
            name: "Cron",
            description: "a cron expression of five fields, in UTC: \"30 2 * * *\"",
            types: &["string"],
            examples: &["15 3 * * *", "45 4 * * 0"],
        }
    }
}

unit_serde!(Cron);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn systemd_runs_at_the_same_moments() {
        for (cron, calendar) in [
            ("0 0 * * *", vec!["*-*-* 00:00:00 UTC"]),
            ("0 2 * * *", vec!["*-*-* 02:00:00 UTC"]),
            ("*/15 * * * *", vec!["*-*-* *:00,15,30,45:00 UTC"]),
            ("30 4 * * 7", vec!["Sun *-*-* 04:30:00 UTC"]),
            ("0 1 1 jan *", vec!["*-01-01 01:00:00 UTC"]),
            (
                "0 0 13 * fri",
                vec!["*-*-13 00:00:00 UTC", "Fri *-*-* 00:00:00 UTC"],
            ),
        ] {
            assert_eq!(Cron::of(cron).on_calendar(), calendar, "{cron}");
        }
    }

    #[test]
    fn gaps_are_counted_over_leap_years() {
        for (cron, days) in [
            ("0 0 * * *", 1),
            ("0 0 * * 1", 7),
            ("0 0 1 * *", 31),
            ("0 0 29 2 *", 1_461),
            ("0 0 1 * 1", 7),
        ] {
            assert_eq!(Cron::of(cron).longest_gap_days(), days, "{cron}");
        }
    }

    #[test]
    fn what_is_no_cron_expression_is_refused() {
        for text in [
            "",
            "* * * *",
            "60 0 * * *",
            "0 24 * * *",
            "0 0 0 * *",
            "0 0 * 13 *",
            "0 0 * * 8",
            "*/0 * * * *",
            "5-1 * * * *",
            "0 0 30 2 *",
            "@daily",
            "a * * * *",
        ] {
            assert!(Cron::parse(text).is_err(), "{text}");
        }
    }
}
