//! Diagnostics: what is wrong with an input, where, and the way out.

pub mod github;
pub mod human;
pub mod json;
pub mod sarif;
pub mod short;
mod text;

use crate::key::KeyPath;
use crate::source::{Sources, Span};

/// How much a diagnostic matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Nothing is rendered.
    Error,
    /// Rendered, but somebody should decide.
    Warning,
    /// Worth knowing; no decision needed.
    Info,
}

impl Severity {
    /// Returns the word used in every output format.
    pub fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Info => "info",
        }
    }
}

/// One finding about the input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The stable code that `precast explain` describes, such as `L27`.
    pub code: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// What is wrong: a lowercase fragment that quotes values in backticks.
    pub message: String,
    /// The key it is about.
    pub key: Option<KeyPath>,
    /// The place it is about.
    pub at: Option<Span>,
    /// A few words shown under the caret.
    pub label: String,
    /// Other places that take part, each with what it contributes.
    pub related: Vec<(Span, String)>,
    /// Facts without a place that take part, such as a default.
    pub notes: Vec<String>,
    /// One concrete way out.
    pub hint: Option<String>,
    /// The environment it is about, or `None` when it holds for all of them.
    pub environment: Option<String>,
}

impl Diagnostic {
    /// Starts a diagnostic.
    pub fn new(code: &'static str, severity: Severity, message: impl Into<String>) -> Self {
        Self {
            code,
            severity,
            message: message.into(),
            key: None,
            at: None,
            label: String::new(),
            related: Vec::new(),
            notes: Vec::new(),
            hint: None,
            environment: None,
        }
    }

    /// Starts an error.
    pub fn error(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Error, message)
    }

    /// Sets the place.
    #[must_use]
    pub fn at(mut self, span: impl Into<Option<Span>>) -> Self {
        self.at = span.into();
        self
    }

    /// Sets the key.
    #[must_use]
    pub fn key(mut self, key: KeyPath) -> Self {
        self.key = Some(key);
        self
    }

    /// Sets the words under the caret.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// Adds a second place.
    #[must_use]
    pub fn related(mut self, span: Span, label: impl Into<String>) -> Self {
        self.related.push((span, label.into()));
        self
    }

    /// Adds a fact that has no place.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// Sets the way out.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

/// Everything found in one run.
#[derive(Debug, Default, Clone)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    /// Adds a finding.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.0.push(diagnostic);
    }

    /// Adds all findings of `other`.
    pub fn append(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// Returns the findings.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.0.iter()
    }

    /// Returns the number of findings of one severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.iter().filter(|d| d.severity == severity).count()
    }

    /// Returns whether anything forbids rendering.
    pub fn has_errors(&self) -> bool {
        self.iter().any(|d| d.severity == Severity::Error)
    }

    /// Returns the findings about keys that `refused` says nothing about. A refused value counts as
    /// its default, and what a lint says of the default nobody wrote.
    #[must_use]
    pub fn without_keys_of(mut self, refused: &Self) -> Self {
        let keys: Vec<&KeyPath> = refused.iter().filter_map(|f| f.key.as_ref()).collect();
        self.0.retain(|finding| {
            let key = finding.key.as_ref();
            !key.is_some_and(|key| keys.iter().any(|refused| key.starts_with(refused)))
        });
        self
    }

    /// Splits the findings into those at least this severe, and the others.
    #[must_use]
    pub fn split(&self, least: Severity) -> (Self, Self) {
        let (severe, rest) = self
            .0
            .iter()
            .cloned()
            .partition(|finding| finding.severity <= least);
        (Self(severe), Self(rest))
    }

    /// Turns every warning into an error, for `--deny warnings`.
    pub fn deny_warnings(&mut self) {
        for diagnostic in &mut self.0 {
            if diagnostic.severity == Severity::Warning {
                diagnostic.severity = Severity::Error;
            }
        }
    }

    /// Puts errors first, then reading order, and folds what several environments share into one
    /// finding: the same words at the same place, found in more than one environment, are about
    /// the shared layer.
    pub fn tidy(&mut self) {
        self.0.sort_by(|a, b| {
            (a.severity, a.at, a.code, &a.message).cmp(&(b.severity, b.at, b.code, &b.message))
        });
        self.0.dedup_by(|later, first| {
            let same = later.code == first.code
                && later.at == first.at
                && later.key == first.key
                && later.message == first.message;
            if same && later.environment != first.environment {
                first.environment = None;
            }
            same
        });
    }
}

/// A way to print diagnostics: `human`, `short`, `json`, `github` or `sarif`. What is printed ends
/// with a line end, unless it is nothing at all.
pub type Format = fn(&Diagnostics, &Sources) -> String;
