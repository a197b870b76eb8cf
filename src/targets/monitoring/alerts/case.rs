//! How an alert is tested: series that make it fire, and series that leave it silent.

use serde::Serialize;

use super::Alert;

/// What is measured in a test, and what is expected of it.
#[derive(Debug, Clone, Default)]
pub(in crate::targets::monitoring) struct Case {
    series: Vec<(String, String)>,
    labels: Vec<(String, String)>,
    value: String,
}

/// A series as `promtool` takes it.
#[derive(Debug, Serialize)]
pub(in crate::targets::monitoring) struct Series {
    pub(in crate::targets::monitoring) series: String,
    pub(in crate::targets::monitoring) values: String,
}

/// A name and its value.
#[derive(Debug, Clone, Serialize)]
pub(in crate::targets::monitoring) struct Pair {
    name: String,
    value: String,
}

/// An alert that must be firing.
#[derive(Debug, Serialize)]
pub(in crate::targets::monitoring) struct Expected {
    labels: Vec<Pair>,
    annotations: Vec<Pair>,
}

impl Case {
    pub(super) fn new(series: &[(&str, &str)], labels: &[(&str, &str)], value: &str) -> Self {
        let owned = |list: &[(&str, &str)]| {
            list.iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect()
        };
        Self {
            series: owned(series),
            labels: owned(labels),
            value: value.to_owned(),
        }
    }

    /// Returns its series with so many values each.
    fn series(&self, values: u64) -> Vec<Series> {
        let owned = self.series.iter();
        owned
            .map(|(series, pattern)| Series {
                series: series.clone(),
                values: repeated(pattern, values),
            })
            .collect()
    }
}

/// Repeats a pattern: `1` becomes `1x30`, `0+6` becomes `0+6x30`. Nothing but `_` is no value.
pub(in crate::targets::monitoring) fn repeated(pattern: &str, times: u64) -> String {
    format!("{pattern}x{times}")
}

/// Makes pairs of names and values.
pub(in crate::targets::monitoring) fn pairs<'a, V: ToString>(
    list: impl IntoIterator<Item = (&'a str, V)>,
) -> Vec<Pair> {
    list.into_iter()
        .map(|(name, value)| Pair {
            name: name.to_owned(),
            value: value.to_string(),
        })
        .collect()
}

impl Alert {
    /// Returns its annotations, by name.
    pub(in crate::targets::monitoring) fn annotations(&self) -> [(&'static str, String); 3] {
        [
            ("summary", self.summary.clone()),
            ("description", self.meaning.clone()),
            ("runbook", self.runbook()),
        ]
    }

    /// Returns the series that make it fire, and what it then looks like.
    pub(in crate::targets::monitoring) fn fired(
        &self,
        values: u64,
    ) -> Option<(Vec<Series>, Expected)> {
        let case = self.firing.as_ref()?;
        let mut labels = pairs(
            case.labels
                .iter()
                .map(|(name, value)| (name.as_str(), value)),
        );
        labels.extend(pairs([
            ("severity", self.severity.name()),
            ("subject", self.subject),
        ]));
        let annotations = self
            .annotations()
            .map(|(name, text)| (name, filled(&text, case)));
        let expected = Expected {
            labels,
            annotations: pairs(annotations),
        };
        Some((case.series(values), expected))
    }

    /// Returns the series that leave it silent.
    pub(in crate::targets::monitoring) fn quiet(&self, values: u64) -> Option<Vec<Series>> {
        Some(self.silent.as_ref()?.series(values))
    }
}

/// Fills a summary in as Prometheus does: labels by name, and the value in whichever form.
fn filled(text: &str, case: &Case) -> String {
    let mut rest = text;
    let mut filled = String::new();
    while let Some((before, after)) = rest.split_once("{{ ") {
        filled.push_str(before);
        let (inside, after) = after.split_once(" }}").unwrap_or((after, ""));
        match inside.strip_prefix("$labels.") {
            Some(wanted) => {
                let label = case.labels.iter().find(|(name, _)| name == wanted);
                filled.push_str(label.map_or("", |(_, value)| value));
            }
            None => filled.push_str(&case.value),
        }
        rest = after;
    }
    filled + rest
}
