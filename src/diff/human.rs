//! For a terminal.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};

use super::hunks::{Change, Depth, Hunk, Kind, Line, changes};
use super::visible::{push, visible};
use super::{Options, summary};
use crate::plan::{Plan, Status};

/// So many lines of a file that appears or goes are shown. They all say the same: it is new.
const WHOLE: usize = 40;

const ADDED: Style = AnsiColor::Green.on_default();
const REMOVED: Style = AnsiColor::Red.on_default();
const CHANGED: Style = AnsiColor::Yellow.on_default();
const FAINT: Style = Style::new().dimmed();
const STRONG: Style = Style::new().bold();

/// Prints plans: each change with its surroundings, then numbers and consequences.
pub fn print(plans: &[Plan], options: Options) -> String {
    let depth = if options.stat {
        Depth::Lines
    } else {
        Depth::Words
    };
    let changes = changes(plans, depth);
    let mut page = Page {
        out: String::new(),
        styled: options.styled,
    };
    if options.stat {
        page.list(&changes);
    } else {
        for change in &changes {
            page.change(change);
        }
    }
    if changes.is_empty() {
        page.out.push_str("no changes\n");
    } else {
        page.table(&changes);
        page.impacts(&changes);
    }
    for environment in summary::stale_manifests(plans) {
        let _ = writeln!(
            page.out,
            "out/{environment}/MANIFEST is out of date; `precast render` mends it"
        );
    }
    page.out
}

struct Page {
    out: String,
    styled: bool,
}

fn status_style(status: Status) -> Style {
    match status {
        Status::Create => ADDED,
        Status::Delete => REMOVED,
        _ => CHANGED,
    }
}

impl Page {
    /// Appends text that is shown as it is, in a style.
    fn put(&mut self, style: Style, text: &str) {
        if self.styled && !text.is_empty() {
            let _ = write!(self.out, "{style}{text}{style:#}");
        } else {
            self.out.push_str(text);
        }
    }

    fn change(&mut self, change: &Change<'_>) {
        self.head(change);
        let whole = change.file.old.is_none() || change.file.new.is_none();
        let width = change
            .hunks
            .iter()
            .map(|hunk| digits(hunk.old.end.max(hunk.new.end)))
            .max()
            .unwrap_or(1);
        let mut shown = 0;
        for (index, hunk) in change.hunks.iter().enumerate() {
            if index > 0 {
                self.put(FAINT, &format!("{:>1$}\n", "⋮", width * 2 + 2));
            }
            let limit = if whole { WHOLE } else { usize::MAX };
            shown += hunk.lines.len().min(limit);
            self.hunk(hunk, limit, whole, width);
        }
        let left = change.shown() - shown;
        if left > 0 {
            let more = format!(
                "  {left} more lines; `precast diff --format unified {}` shows all\n",
                visible(change.environment)
            );
            self.put(FAINT, &more);
        }
        if change.hunks.is_empty() {
            self.put(FAINT, "  the file is empty\n");
        }
        self.out.push('\n');
    }

    fn head(&mut self, change: &Change<'_>) {
        self.put(status_style(change.file.status), change.file.status.name());
        self.out.push(' ');
        self.put(STRONG, &visible(&change.path()));
        self.counts(change.added, change.removed);
        self.out.push('\n');
        if change.file.status == Status::Edited {
            let what = if change.file.new.is_some() {
                "  changed by hand and left alone; `render --overwrite` would lose the lines marked -\n"
            } else {
                "  changed by hand and no longer rendered; `render --overwrite` would remove it\n"
            };
            self.put(CHANGED, what);
        }
        for impact in &change.file.impacts {
            let _ = writeln!(self.out, "  {}", visible(impact));
        }
    }

    fn counts(&mut self, added: usize, removed: usize) {
        if added > 0 {
            self.put(ADDED, &format!(" +{added}"));
        }
        if removed > 0 {
            self.put(REMOVED, &format!(" -{removed}"));
        }
    }

    /// Prints a hunk, with one column of numbers where one side has none.
    fn hunk(&mut self, hunk: &Hunk<'_>, limit: usize, whole: bool, width: usize) {
        for line in hunk.lines.iter().take(limit) {
            let number = |number: usize| match number {
                0 => String::new(),
                number => number.to_string(),
            };
            let numbers = if whole {
                format!("  {:>width$}", line.old.max(line.new))
            } else {
                format!(
                    "  {:>width$} {:>width$}",
                    number(line.old),
                    number(line.new)
                )
            };
            self.put(FAINT, &numbers);
            self.line(line);
            if !line.ended {
                let margin = if whole { width + 5 } else { width * 2 + 6 };
                self.put(FAINT, &format!("{:margin$}(no newline at the end)\n", ""));
            }
        }
    }

    fn line(&mut self, line: &Line<'_>) {
        let style = match line.kind {
            Kind::Context => Style::new(),
            Kind::Removed => REMOVED,
            Kind::Added => ADDED,
        };
        if line.text.is_empty() && line.kind == Kind::Context {
            self.out.push('\n');
            return;
        }
        if !self.styled || line.kind == Kind::Context {
            self.out.push(' ');
            self.out.push(line.kind.mark());
            self.out.push(' ');
            push(line.text, &mut self.out);
            self.out.push('\n');
            return;
        }
        self.out.push(' ');
        let mut text = format!("{} ", line.kind.mark());
        let mut at = 0;
        for range in &line.emphasis {
            push(&line.text[at..range.start], &mut text);
            self.put(style, &text);
            text.clear();
            push(&line.text[range.clone()], &mut text);
            self.put(style.bold().invert(), &text);
            text.clear();
            at = range.end;
        }
        push(&line.text[at..], &mut text);
        self.put(style, &text);
        self.out.push('\n');
    }

    /// Prints one line per file.
    fn list(&mut self, changes: &[Change<'_>]) {
        for change in changes {
            let status = format!("{:<6}", change.file.status.name());
            self.put(status_style(change.file.status), &status);
            self.out.push(' ');
            self.out.push_str(&visible(&change.path()));
            self.counts(change.added, change.removed);
            self.out.push('\n');
        }
        if !changes.is_empty() {
            self.out.push('\n');
        }
    }

    /// Prints the numbers by environment and target.
    fn table(&mut self, changes: &[Change<'_>]) {
        let rows = summary::by_target(changes);
        let total = summary::total(changes);
        let mut cells: Vec<[String; 8]> = vec![
            [
                "environment",
                "target",
                "create",
                "update",
                "delete",
                "edited",
                "lines",
                "",
            ]
            .map(str::to_owned),
        ];
        let row = |environment: &str, target: &str, counts: &summary::Counts| {
            let number = |count: usize| match count {
                0 => "-".to_owned(),
                count => count.to_string(),
            };
            [
                visible(environment),
                visible(target),
                number(counts.created),
                number(counts.updated),
                number(counts.deleted),
                number(counts.edited),
                format!("+{}", counts.added),
                format!("-{}", counts.removed),
            ]
        };
        let mut last = "";
        for (environment, target, counts) in &rows {
            let shown = if *environment == last {
                ""
            } else {
                environment
            };
            last = environment;
            cells.push(row(shown, target, counts));
        }
        if rows.len() > 1 {
            cells.push(row("total", "", &total));
        }
        let mut widths = [0; 8];
        for cells in &cells {
            for (width, cell) in widths.iter_mut().zip(cells) {
                *width = (*width).max(cell.chars().count());
            }
        }
        for (index, cells) in cells.iter().enumerate() {
            let mut text = String::new();
            for (column, (cell, width)) in cells.iter().zip(widths).enumerate() {
                let gap = if column == 0 { "" } else { "  " };
                let _ = if column < 2 {
                    write!(text, "{gap}{cell:<width$}")
                } else {
                    write!(text, "{gap}{cell:>width$}")
                };
            }
            let style = if index == 0 { STRONG } else { Style::new() };
            self.put(style, text.trim_end());
            self.out.push('\n');
        }
    }

    fn impacts(&mut self, changes: &[Change<'_>]) {
        let clauses = summary::clauses(changes);
        if !clauses.is_empty() {
            self.out.push('\n');
            self.put(STRONG, "Deploying this");
            self.out.push('\n');
            for clause in clauses {
                let _ = writeln!(self.out, "  {}", visible(&clause));
            }
        }
    }
}

fn digits(number: usize) -> usize {
    number.to_string().len()
}
