//! Findings for people: the line, the caret, the way out.

use std::ops::Range;

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Renderer, Snippet};

use super::{Diagnostic, Diagnostics, Severity, text};
use crate::source::{Sources, Span};

/// The longest message or hint that is shown whole, in characters.
const LONGEST: usize = 1000;

/// The longest text beside a caret that is shown whole, in characters.
const LONGEST_LABEL: usize = 200;

/// How far apart two places of one file may be, in lines and in columns, to share an excerpt.
const FAR: usize = 100;

/// The longest stretch that is underlined, in characters.
const UNDERLINED: usize = 80;

/// How much of a line is given to the renderer behind its last mark, in characters.
const BEHIND: usize = 200;

/// Prints findings without colours.
pub fn print(diagnostics: &Diagnostics, sources: &Sources) -> String {
    print_with(diagnostics, sources, false)
}

/// Prints findings with or without colours.
pub fn print_with(diagnostics: &Diagnostics, sources: &Sources, styled: bool) -> String {
    let renderer = if styled {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    let mut out = String::new();
    for finding in diagnostics.iter() {
        out.push_str(&renderer.render(&[group(finding, sources)]));
        out.push_str("\n\n");
    }
    out.push_str(&summary(diagnostics));
    out.push('\n');
    out
}

fn summary(diagnostics: &Diagnostics) -> String {
    let counts: Vec<String> = [Severity::Error, Severity::Warning, Severity::Info]
        .into_iter()
        .map(|severity| (severity, diagnostics.count(severity)))
        .filter(|(_, count)| *count > 0)
        .map(|(severity, count)| format!("{count} {}s", severity.name()))
        .collect();
    if counts.is_empty() {
        "no problems found".to_owned()
    } else {
        counts.join(", ")
    }
}

/// Turns a finding into what the renderer draws. Whatever reaches it is free of control
/// characters, since it prints notes as they are.
fn group<'a>(finding: &'a Diagnostic, sources: &Sources) -> Group<'a> {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info => Level::INFO,
    };
    let title = level
        .primary_title(text::line(&finding.message, LONGEST))
        .id(finding.code);
    let environment = finding
        .environment
        .iter()
        .map(|name| format!("in environment `{name}`"));
    let notes = finding.notes.iter().cloned().chain(environment);
    let notes = notes.map(|note| Level::NOTE.message(text::line(&note, LONGEST)));
    let hint = finding.hint.iter();
    let hint = hint.map(|hint| Level::HELP.message(text::line(hint, LONGEST)));
    Group::with_title(title)
        .elements(snippets(finding, sources))
        .elements(notes)
        .elements(hint)
}

/// One place to show.
struct Mark<'a> {
    span: Span,
    line: usize,
    column: usize,
    kind: AnnotationKind,
    label: &'a str,
}

impl Mark<'_> {
    /// Returns whether both fit into one excerpt. The renderer shows everything between the
    /// first and the last column of an excerpt, so those must not be far apart either.
    fn is_near(&self, other: &Self) -> bool {
        self.span.source == other.span.source
            && self.line.abs_diff(other.line) <= FAR
            && self.column.abs_diff(other.column) <= FAR
    }
}

/// Shows the place of a finding first, then those that take part; neighbours share an excerpt.
fn snippets(finding: &Diagnostic, sources: &Sources) -> Vec<Snippet<'static, Annotation<'static>>> {
    let primary = finding
        .at
        .map(|span| (span, AnnotationKind::Primary, finding.label.as_str()));
    let related = finding
        .related
        .iter()
        .map(|(span, label)| (*span, AnnotationKind::Context, label.as_str()));
    let mut clusters: Vec<Vec<Mark<'_>>> = Vec::new();
    for (span, kind, label) in primary.into_iter().chain(related) {
        let (line, column) = sources.line_column(span);
        let mark = Mark {
            span,
            line,
            column,
            kind,
            label,
        };
        match clusters.iter_mut().find(|near| near[0].is_near(&mark)) {
            Some(cluster) => cluster.push(mark),
            None => clusters.push(vec![mark]),
        }
    }
    clusters
        .into_iter()
        .map(|cluster| snippet(cluster, sources))
        .collect()
}

/// Shows the lines from the first mark to the last. The renderer gets no more than these, because
/// it looks at every line it is given.
fn snippet(mut marks: Vec<Mark<'_>>, sources: &Sources) -> Snippet<'static, Annotation<'static>> {
    let source = sources.get(marks[0].span.source);
    marks.sort_by_key(|mark| (mark.span, mark.kind));
    let first = marks[0].line;
    let last = marks[marks.len() - 1].line;
    let before = &source.text[..marks[0].span.start];
    let mut offset = before.rfind('\n').map_or(0, |newline| newline + 1);
    let mut excerpt = String::new();
    let mut annotations = Vec::new();
    for (number, line) in (first..=last).zip(source.text[offset..].split('\n')) {
        let here = marks.iter().filter(|mark| mark.line == number);
        let (marks, stretches): (Vec<_>, Vec<_>) = here
            .map(|mark| {
                (
                    mark,
                    mark.span.start - offset..mark.span.end.max(offset) - offset,
                )
            })
            .unzip();
        let places = push_line(&mut excerpt, line, &stretches);
        annotations.extend(marks.iter().zip(places).map(|(mark, place)| {
            let label = text::line(mark.label, LONGEST_LABEL);
            mark.kind
                .span(place)
                .label((!label.is_empty()).then_some(label))
        }));
        excerpt.push('\n');
        offset += line.len() + 1;
    }
    Snippet::source(excerpt)
        .path(text::line(&source.name, LONGEST))
        .line_start(first)
        .annotations(annotations)
}

/// Appends a line up to a little behind its last mark, with control characters made visible, and
/// returns where in `excerpt` the marked stretches are. A stretch ends with its line at the
/// latest, since the first line of a mapping is enough to recognise it.
fn push_line(excerpt: &mut String, line: &str, marks: &[Range<usize>]) -> Vec<Range<usize>> {
    let line = line.strip_suffix('\r').unwrap_or(line);
    let mut places: Vec<Range<usize>> = marks
        .iter()
        .map(|mark| {
            let start = line.floor_char_boundary(mark.start);
            let end = line.floor_char_boundary(mark.end).max(start);
            start..forward(line, start, UNDERLINED).min(end)
        })
        .collect();
    let marked = places.iter().map(|place| place.end).max().unwrap_or(0);
    let end = forward(line, marked, BEHIND);
    // Where each character of the line went; the last entry is the end.
    let mut moved = Vec::new();
    for (at, character) in line[..end].char_indices() {
        moved.push((at, excerpt.len()));
        excerpt.push(match character {
            // The renderer makes tabs as wide as the marks below expect them.
            '\t' => '\t',
            other => text::visible(other),
        });
    }
    moved.push((end, excerpt.len()));
    if end < line.len() {
        excerpt.push('…');
    }
    let find = |offset: usize| moved[moved.partition_point(|(at, _)| *at < offset)].1;
    for place in &mut places {
        *place = find(place.start)..find(place.end);
    }
    places
}

/// Returns the offset `count` characters after `from`, or the end.
fn forward(line: &str, from: usize, count: usize) -> usize {
    line[from..]
        .char_indices()
        .nth(count)
        .map_or(line.len(), |(at, _)| from + at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::text::testing::{find, sample};

    fn error(at: Span) -> Diagnostic {
        Diagnostic::error("X", "wrong").at(at)
    }

    fn printed(finding: Diagnostic, sources: &Sources) -> String {
        let mut found = Diagnostics::default();
        found.push(finding);
        print(&found, sources)
    }

    #[test]
    fn findings_show_lines_carets_and_the_way_out() {
        let (found, sources) = sample();
        assert_eq!(
            print(&found, &sources),
            "\
error[L05]: `scaling.app.servers` is 4, above 2
 --> inventories/production/scaling.yml:3:14
  |
3 |     servers: 4 # ␛[31m
  |              ^ too many
  |
 ::: inventories/50% a,b.yml:2:15
  |
2 |   app: {most: 2}
  |               - the most
  |
  = note: `scaling.cache.servers` has its default value
  = note: in environment `production`
  = help: lower it to 2

warning[L27]: `php.child_memory` is 1K
 --> --set:1:18
  |
1 | php.child_memory=1k
  |                  ^^

info[L31]: backups stay here

error[L01]: `a␛[2J␍␊::error::b`, 100%: \u{fffd}\u{fffd}
 --> inventories/50% a,b.yml:2:3
  |
2 |   app: {most: 2}
  |   ^^^

2 errors, 1 warnings, 1 infos
"
        );
    }

    #[test]
    fn nothing_found_is_said() {
        let printed = print(&Diagnostics::default(), &Sources::default());
        assert_eq!(printed, "no problems found\n");
    }

    #[test]
    fn colours_change_no_character() {
        let (found, sources) = sample();
        let styled = print_with(&found, &sources, true);
        let plain = anstream::adapter::strip_str(&styled).to_string();
        assert_ne!(styled, plain);
        assert_eq!(plain, print(&found, &sources));
    }

    #[test]
    fn places_in_one_file_share_an_excerpt() {
        let mut sources = Sources::default();
        let id = sources.add("a.yml", "app:\n  x: 1\n  y: 2\n\n\n  x: 3\n");
        let mut again = find(&sources, id, "3");
        again.start -= 3;
        again.end = again.start + 1;
        let finding = error(again)
            .label("again here")
            .related(find(&sources, id, "x"), "first here");
        assert_eq!(
            printed(finding, &sources),
            "\
error[X]: wrong
 --> a.yml:6:3
  |
2 |   x: 1
  |   - first here
...
6 |   x: 3
  |   ^ again here

1 errors
"
        );
    }

    #[test]
    fn tabs_and_wide_characters_line_up() {
        let mut sources = Sources::default();
        let id = sources.add("a.yml", "a:\r\n\t日本: c # \u{9b}\r\n");
        assert_eq!(
            printed(error(find(&sources, id, "c #")), &sources),
            "\
error[X]: wrong
 --> a.yml:2:6
  |
2 |     日本: c # \u{fffd}
  |           ^^^

1 errors
"
        );
    }

    #[test]
    fn places_without_text_have_a_caret() {
        for (text, line, column) in [("", 1, 1), ("a", 1, 2), ("a\n", 2, 1)] {
            let mut sources = Sources::default();
            let source = sources.add("a.yml", text);
            let (start, end) = (text.len(), text.len());
            let printed = printed(error(Span { source, start, end }), &sources);
            assert!(printed.contains(&format!("a.yml:{line}:{column}\n")));
            assert!(printed.contains('^'), "{printed}");
        }
    }

    #[test]
    fn a_mapping_is_marked_at_its_first_line() {
        let mut sources = Sources::default();
        let source = sources.add("a.yml", "a:\n  b: 1\n  c: 2\n");
        let (start, end) = (0, 17);
        assert_eq!(
            printed(error(Span { source, start, end }), &sources),
            "error[X]: wrong\n --> a.yml:1:1\n  |\n1 | a:\n  | ^^\n\n1 errors\n"
        );
    }

    #[test]
    fn huge_lines_and_messages_stay_readable() {
        let mut sources = Sources::default();
        let half = "é".repeat(500_000);
        let id = sources.add("a.yml", format!("a: {half}needle{half}\nb: 1\n"));
        let finding = error(find(&sources, id, &half))
            .label("m".repeat(1_000_000))
            .related(find(&sources, id, "needle"), "here")
            .related(find(&sources, id, "b: 1"), "there");
        let printed = printed(finding, &sources);
        assert!(printed.contains(" ::: a.yml:1:500004\n"));
        assert!(printed.lines().count() < 20, "{printed}");
        assert!(printed.lines().all(|line| line.chars().count() < 500));
    }
}
