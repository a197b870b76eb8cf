//! What every format shows: which lines go, which come, and the words that differ in them.

use std::ops::Range;

use rayon::prelude::*;
use similar::{ChangeTag, DiffOp, DiffTag, InlineChangeOptions, TextDiff};

use crate::plan::{Plan, PlannedFile, Status};

/// So many unchanged lines are shown around a change.
const CONTEXT: usize = 3;

/// Words are compared in blocks of at most so many lines and bytes. In a larger block nobody looks
/// for them, and the comparison would cost more than that of the lines.
const EMPHASIS_LINES: usize = 60;
const EMPHASIS_BYTES: usize = 8 << 10;

/// A file something happens to.
#[derive(Debug)]
pub struct Change<'a> {
    /// Its environment.
    pub environment: &'a str,
    /// The file as planned.
    pub file: &'a PlannedFile,
    /// The number of lines that come.
    pub added: usize,
    /// The number of lines that go.
    pub removed: usize,
    /// The changed places, in order. One hunk for a file that appears or goes; none when it is
    /// empty.
    pub hunks: Vec<Hunk<'a>>,
}

/// One place of a file that changes, with unchanged lines around it.
#[derive(Debug, Default)]
pub struct Hunk<'a> {
    /// Its lines in the old text, counted from 0.
    pub old: Range<usize>,
    /// Its lines in the new text, counted from 0.
    pub new: Range<usize>,
    /// Its lines. Those that go stand before those that take their place.
    pub lines: Vec<Line<'a>>,
}

/// One line of a hunk.
#[derive(Debug)]
pub struct Line<'a> {
    /// What happens to it.
    pub kind: Kind,
    /// Its number in the old text, from 1; 0 for a line that comes.
    pub old: usize,
    /// Its number in the new text, from 1; 0 for a line that goes.
    pub new: usize,
    /// Its text without the newline.
    pub text: &'a str,
    /// Whether a newline ends it. Only a file's last line can be without.
    pub ended: bool,
    /// The bytes of `text` that differ from the line it is held against.
    pub emphasis: Vec<Range<usize>>,
}

/// What happens to a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// It stays.
    Context,
    /// It goes.
    Removed,
    /// It comes.
    Added,
}

impl Kind {
    /// Returns the mark in front of such a line.
    pub fn mark(self) -> char {
        match self {
            Self::Context => ' ',
            Self::Removed => '-',
            Self::Added => '+',
        }
    }
}

/// How far to compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// Lines only.
    Lines,
    /// Lines, and the words in them.
    Words,
}

impl Change<'_> {
    /// Returns the file's path below the project.
    pub fn path(&self) -> String {
        format!("out/{}/{}", self.environment, self.file.path)
    }

    /// Returns the first folder of the path below the environment: the target it belongs to.
    pub fn target(&self) -> &str {
        self.file
            .path
            .split_once('/')
            .map_or(".", |(target, _)| target)
    }

    /// Returns the number of lines in all hunks.
    pub fn shown(&self) -> usize {
        self.hunks.iter().map(|hunk| hunk.lines.len()).sum()
    }
}

/// Compares every file something happens to, in the order of the plans.
pub fn changes(plans: &[Plan], depth: Depth) -> Vec<Change<'_>> {
    let files: Vec<(&str, &PlannedFile)> = plans
        .iter()
        .flat_map(|plan| plan.changes().map(|file| (plan.environment.as_str(), file)))
        .collect();
    // Starting threads costs more than a few small comparisons.
    let large = |(_, file): &&(&str, &PlannedFile)| file.status != Status::Create;
    if files.iter().filter(large).count() < 32 {
        files
            .into_iter()
            .map(|(environment, file)| change(environment, file, depth))
            .collect()
    } else {
        files
            .into_par_iter()
            .map(|(environment, file)| change(environment, file, depth))
            .collect()
    }
}

/// Compares one file.
pub fn change<'a>(environment: &'a str, file: &'a PlannedFile, depth: Depth) -> Change<'a> {
    let hunks = match (&file.old, &file.new) {
        (None, None) => Vec::new(),
        (Some(old), None) => whole(old, Kind::Removed),
        (None, Some(new)) => whole(new, Kind::Added),
        (Some(old), Some(new)) => compare(old, new, depth),
    };
    let count = |kind| {
        hunks
            .iter()
            .flat_map(|hunk: &Hunk<'_>| &hunk.lines)
            .filter(|line| line.kind == kind)
            .count()
    };
    Change {
        environment,
        file,
        added: count(Kind::Added),
        removed: count(Kind::Removed),
        hunks,
    }
}

/// Splits at line feeds only. Carriage returns and Unicode's separators are part of a line, as
/// they are for `patch`.
fn lines(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

/// Makes the one hunk of a file that appears or goes; there is nothing to compare.
fn whole(text: &str, kind: Kind) -> Vec<Hunk<'_>> {
    if text.is_empty() {
        return Vec::new();
    }
    let lines: Vec<Line<'_>> = (1..)
        .zip(text.split_inclusive('\n'))
        .map(|(number, text)| match kind {
            Kind::Added => line(kind, 0, number, text),
            _ => line(kind, number, 0, text),
        })
        .collect();
    let (old, new) = match kind {
        Kind::Added => (0..0, 0..lines.len()),
        _ => (0..lines.len(), 0..0),
    };
    vec![Hunk { old, new, lines }]
}

fn line(kind: Kind, old: usize, new: usize, text: &str) -> Line<'_> {
    let bare = text.strip_suffix('\n');
    Line {
        kind,
        old,
        new,
        text: bare.unwrap_or(text),
        ended: bare.is_some(),
        emphasis: Vec::new(),
    }
}

fn compare<'a>(old: &'a str, new: &'a str, depth: Depth) -> Vec<Hunk<'a>> {
    let (old, new) = (lines(old), lines(new));
    let diff = TextDiff::from_slices(&old, &new);
    diff.grouped_ops(CONTEXT)
        .iter()
        .map(|ops| hunk(&diff, ops, (&old, &new), depth))
        .collect()
}

fn hunk<'a>(
    diff: &TextDiff<'a, 'a, str>,
    ops: &[DiffOp],
    (old, new): (&[&'a str], &[&'a str]),
    depth: Depth,
) -> Hunk<'a> {
    let mut hunk = Hunk::default();
    if let (Some(first), Some(last)) = (ops.first(), ops.last()) {
        hunk.old = first.old_range().start..last.old_range().end;
        hunk.new = first.new_range().start..last.new_range().end;
    }
    for op in ops {
        let (tag, olds, news) = op.as_tag_tuple();
        if tag == DiffTag::Equal {
            let numbers = olds.zip(news);
            hunk.lines
                .extend(numbers.map(|(from, to)| line(Kind::Context, from + 1, to + 1, old[from])));
            continue;
        }
        let start = hunk.lines.len();
        hunk.lines.extend(
            olds.clone()
                .map(|from| line(Kind::Removed, from + 1, 0, old[from])),
        );
        hunk.lines
            .extend(news.clone().map(|to| line(Kind::Added, 0, to + 1, new[to])));
        let block = &mut hunk.lines[start..];
        let bytes: usize = block.iter().map(|line| line.text.len()).sum();
        if tag == DiffTag::Replace
            && depth == Depth::Words
            && block.len() <= EMPHASIS_LINES
            && bytes <= EMPHASIS_BYTES
        {
            emphasize(diff, op, block);
        }
    }
    hunk
}

/// Marks the words that differ between the lines that go and those that take their place.
fn emphasize(diff: &TextDiff<'_, '_, str>, op: &DiffOp, block: &mut [Line<'_>]) {
    let mut options = InlineChangeOptions::new();
    options.semantic_cleanup(true);
    // Without a deadline: what is shown must not depend on how fast the machine is.
    let inline = diff.iter_inline_changes_with_options_deadline(op, options, None);
    for change in inline {
        let number = match change.tag() {
            ChangeTag::Equal => continue,
            ChangeTag::Delete => (change.old_index().map_or(0, |index| index + 1), 0),
            ChangeTag::Insert => (0, change.new_index().map_or(0, |index| index + 1)),
        };
        let Some(line) = block.iter_mut().find(|line| (line.old, line.new) == number) else {
            continue;
        };
        let mut at = 0;
        for (differs, text) in change.values() {
            let end = (at + text.len()).min(line.text.len());
            if *differs && at < end {
                match line.emphasis.last_mut() {
                    Some(last) if last.end == at => last.end = end,
                    _ => line.emphasis.push(at..end),
                }
            }
            at += text.len();
        }
        // A line that differs from end to end says no more in bold.
        if line.emphasis.first() == Some(&(0..line.text.len())) {
            line.emphasis.clear();
        }
    }
}
