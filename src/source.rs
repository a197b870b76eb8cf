//! Where text comes from: source files and places in them.

/// One input text: an inventory file, an environment variable or a `--set` argument.
#[derive(Debug, Clone)]
pub struct Source {
    /// The name shown in messages: a path relative to the project, or `--set` and `PRECAST__…`.
    pub name: String,
    /// The whole text, exactly as read.
    pub text: String,
}

/// The number of a [`Source`] in [`Sources`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct SourceId(usize);

/// Every input text of a run. Spans point into it.
#[derive(Debug, Default, Clone)]
pub struct Sources(Vec<Source>);

impl Sources {
    /// Adds a text and returns its number.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<String>) -> SourceId {
        self.0.push(Source {
            name: name.into(),
            text: text.into(),
        });
        SourceId(self.0.len() - 1)
    }

    /// Returns the text with this number.
    pub fn get(&self, id: SourceId) -> &Source {
        &self.0[id.0]
    }

    /// Returns the one-based line and column, in characters, at which a span begins.
    pub fn line_column(&self, span: Span) -> (usize, usize) {
        let before = &self.get(span.source).text[..span.start];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let line = before.matches('\n').count() + 1;
        (line, before[line_start..].chars().count() + 1)
    }

    /// Returns `file:line:column`, the form editors and terminals turn into a link.
    pub fn place(&self, span: Span) -> String {
        let (line, column) = self.line_column(span);
        format!("{}:{line}:{column}", self.get(span.source).name)
    }
}

/// A stretch of text in one source: byte offsets on character boundaries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// The text the offsets belong to.
    pub source: SourceId,
    /// The first byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}
