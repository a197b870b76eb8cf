//! For one comment on a pull request.
//!
//! A comment holds 65,536 characters. When the changes do not fit, the most important ones get the
//! room: files edited by hand, whose content is at stake, then updates, then deletions, then
//! creations, which are long and say least. Within each, plan order. A file is shown up to a share
//! of the room, then what is left of the room is given out in the same order. Whatever is left out
//! is said, with its number of lines.

use std::fmt::Write as _;

use super::hunks::{Change, Depth, changes};
use super::summary::{self, Counts};
use super::unified::header;
use super::visible::{push, visible};
use super::{Options, hunks::Hunk};
use crate::plan::{Plan, Status};

/// The most bytes printed; bytes are never fewer than characters. Some room is left for words that
/// a pipeline puts around the diff.
pub const LIMIT: usize = 65_000;

/// The most bytes of one file as long as others wait.
const SHARE: usize = 12_000;

/// The most bytes of the table, of the consequences, and of the names of what was left out.
const TABLE: usize = 8_000;
const IMPACTS: usize = 4_000;
const LEFT_OUT: usize = 4_000;

/// Prints plans as one comment.
pub fn print(plans: &[Plan], options: Options) -> String {
    let changes = changes(plans, Depth::Lines);
    let mut head = String::from("### precast: what this changes in `out/`\n\n");
    if changes.is_empty() {
        head.push_str("No changes.\n");
    } else {
        table(&changes, &mut head);
        impacts(&changes, &mut head);
    }
    let stale: Vec<String> = summary::stale_manifests(plans).map(code).collect();
    if !stale.is_empty() {
        let line = format!(
            "\n`MANIFEST` is out of date in {}; `precast render` mends it.\n",
            joined(&stale, ", ", 1_000)
        );
        head.push_str(&line);
    }
    if options.stat {
        list(&changes, &mut head);
        return head;
    }
    let mut order: Vec<usize> = (0..changes.len()).collect();
    order.sort_by_key(|index| importance(changes[*index].file.status));
    let mut bodies: Vec<Body> = changes.iter().map(Body::of).collect();
    let mut room = LIMIT - LEFT_OUT - head.len();
    for share in [SHARE, usize::MAX] {
        for index in &order {
            room -= bodies[*index].grow(&changes[*index], share.min(room));
        }
    }
    let mut environment = "";
    for index in order_by_environment(&order, &changes) {
        let (change, body) = (&changes[index], &bodies[index]);
        if !body.placed {
            continue;
        }
        if change.environment != environment {
            environment = change.environment;
            let _ = writeln!(head, "\n#### {}", escaped(environment));
        }
        body.print(change, &mut head);
    }
    left_out(&order, &changes, &bodies, &mut head);
    head
}

fn importance(status: Status) -> u8 {
    match status {
        Status::Edited => 0,
        Status::Update => 1,
        Status::Delete => 2,
        Status::Create => 3,
        Status::Unchanged => 4,
    }
}

/// Puts environments back together, in the order of the plans, and keeps importance within them.
fn order_by_environment(order: &[usize], changes: &[Change<'_>]) -> Vec<usize> {
    let mut environments: Vec<&str> = changes.iter().map(|change| change.environment).collect();
    environments.dedup();
    environments
        .iter()
        .flat_map(|environment| {
            order
                .iter()
                .copied()
                .filter(move |index| changes[*index].environment == *environment)
        })
        .collect()
}

/// What is shown of one file.
struct Body {
    /// Lines of a patch, as far as shown.
    text: String,
    /// How many lines of the change are in it.
    shown: usize,
    /// Whether it has a place in the comment.
    placed: bool,
    /// What stands around it, in bytes.
    frame: usize,
    fence: String,
}

impl Body {
    fn of(change: &Change<'_>) -> Self {
        let lines = || change.hunks.iter().flat_map(|hunk| &hunk.lines);
        let ticks = lines().map(|line| run(line.text)).max().unwrap_or(0);
        let mut body = Self {
            text: String::new(),
            shown: 0,
            placed: false,
            frame: 0,
            fence: "`".repeat((ticks + 1).max(3)),
        };
        let mut frame = String::new();
        body.print(change, &mut frame);
        // The words for lines that are left out, and the heading of an environment.
        body.frame = frame.len() + 160 + escaped(change.environment).len();
        body
    }

    /// Shows more lines within `limit` bytes; returns the number of bytes it took.
    fn grow(&mut self, change: &Change<'_>, limit: usize) -> usize {
        let frame = if self.placed { 0 } else { self.frame };
        if change.hunks.is_empty() && !self.placed && frame <= limit {
            self.placed = true;
            return frame;
        }
        let before = self.text.len();
        let room = limit.saturating_sub(frame);
        let mut seen = 0;
        for hunk in &change.hunks {
            for (index, line) in hunk.lines.iter().enumerate() {
                seen += 1;
                if seen <= self.shown {
                    continue;
                }
                let mut text = String::new();
                if index == 0 {
                    begin(hunk, &mut text);
                }
                text.push(line.kind.mark());
                push(line.text, &mut text);
                text.push('\n');
                if !line.ended {
                    text.push_str("\\ No newline at end of file\n");
                }
                if self.text.len() - before + text.len() > room {
                    return self.taken(before, frame);
                }
                self.text.push_str(&text);
                self.shown = seen;
            }
        }
        self.taken(before, frame)
    }

    fn taken(&mut self, before: usize, frame: usize) -> usize {
        match self.text.len() - before {
            0 => 0,
            text => {
                self.placed = true;
                text + frame
            }
        }
    }

    fn print(&self, change: &Change<'_>, out: &mut String) {
        let file = change.file;
        let open = if matches!(file.status, Status::Edited | Status::Update) {
            " open"
        } else {
            ""
        };
        let _ = writeln!(
            out,
            "\n<details{open}><summary>{} <code>{}</code> +{} −{}</summary>\n",
            file.status.name(),
            html(&change.path()),
            change.added,
            change.removed
        );
        if file.status == Status::Edited {
            out.push_str(match file.new {
                Some(_) => {
                    "Changed by hand and left alone; `render --overwrite` would lose the lines marked `-`.\n\n"
                }
                None => {
                    "Changed by hand and no longer rendered; `render --overwrite` would remove it.\n\n"
                }
            });
        }
        if !file.impacts.is_empty() {
            let impacts: Vec<String> = file.impacts.iter().map(|text| escaped(text)).collect();
            let _ = writeln!(out, "{}\n", joined(&impacts, "; ", 1_000));
        }
        if change.hunks.is_empty() {
            out.push_str("The file is empty.\n");
        } else {
            let fence = &self.fence;
            let _ = writeln!(out, "{fence}diff\n{}{fence}", self.text);
        }
        let left = change.shown() - self.shown;
        if left > 0 {
            let _ = writeln!(out, "\n{left} more lines are left out.");
        }
        out.push_str("\n</details>\n");
    }
}

fn begin(hunk: &Hunk<'_>, out: &mut String) {
    out.push_str(&header(hunk));
    out.push('\n');
}

/// Names what has no room.
fn left_out(order: &[usize], changes: &[Change<'_>], bodies: &[Body], out: &mut String) {
    let mut names = Vec::new();
    let mut lines = 0;
    for index in order {
        let change = &changes[*index];
        let left = change.shown() - bodies[*index].shown;
        if !bodies[*index].placed || left > 0 {
            lines += left;
            names.push(format!("{} ({left} lines)", code(&change.path())));
        }
    }
    if !names.is_empty() {
        let _ = writeln!(
            out,
            "\nLeft out for want of room: {lines} lines of {} files: {}. `precast diff` shows all.",
            names.len(),
            joined(&names, ", ", LEFT_OUT - 200)
        );
    }
}

fn table(changes: &[Change<'_>], out: &mut String) {
    let rows = summary::by_target(changes);
    let head = |second: &str| {
        format!(
            "| environment |{second} create | update | delete | edited | lines |\n| --- |{} --: | --: | --: | --: | --: |\n",
            if second.is_empty() { "" } else { " --- |" }
        )
    };
    let mut text = head(" target |");
    for (environment, target, counts) in &rows {
        row(&[environment, target], counts, &mut text);
    }
    if text.len() > TABLE {
        text = head("");
        let mut environments: Vec<(&str, Counts)> = Vec::new();
        for change in changes {
            match environments.last_mut() {
                Some((name, counts)) if *name == change.environment => counts.add(change),
                _ => {
                    let mut counts = Counts::default();
                    counts.add(change);
                    environments.push((change.environment, counts));
                }
            }
        }
        let count = environments.len();
        for (index, (name, counts)) in environments.iter().enumerate() {
            if text.len() > TABLE - 300 {
                let _ = writeln!(text, "| {} more environments | | | | | |", count - index);
                break;
            }
            row(&[name], counts, &mut text);
        }
        row(&["**total**"], &summary::total(changes), &mut text);
    } else if rows.len() > 1 {
        row(&["**total**", ""], &summary::total(changes), &mut text);
    }
    out.push_str(&text);
}

fn row(names: &[&str], counts: &Counts, out: &mut String) {
    for name in names {
        let name = if name.starts_with('*') {
            (*name).to_owned()
        } else {
            escaped(name)
        };
        let _ = write!(out, "| {name} ");
    }
    for count in [
        counts.created,
        counts.updated,
        counts.deleted,
        counts.edited,
    ] {
        let _ = match count {
            0 => write!(out, "| "),
            count => write!(out, "| {count} "),
        };
    }
    let _ = writeln!(out, "| +{} −{} |", counts.added, counts.removed);
}

fn impacts(changes: &[Change<'_>], out: &mut String) {
    let clauses: Vec<String> = summary::clauses(changes)
        .iter()
        .map(|text| escaped(text))
        .collect();
    if !clauses.is_empty() {
        let _ = writeln!(
            out,
            "\n**Deploying this:** {}.",
            joined(&clauses, "; ", IMPACTS)
        );
    }
}

fn list(changes: &[Change<'_>], out: &mut String) {
    if changes.is_empty() {
        return;
    }
    let lines: Vec<String> = changes
        .iter()
        .map(|change| {
            format!(
                "- {} {} +{} −{}",
                change.file.status.name(),
                code(&change.path()),
                change.added,
                change.removed
            )
        })
        .collect();
    let room = LIMIT - out.len() - 100;
    let _ = writeln!(out, "\n{}", joined(&lines, "\n", room));
}

/// Joins parts until `limit` bytes are reached, and says how many are left.
fn joined(parts: &[String], between: &str, limit: usize) -> String {
    let mut text = String::new();
    for (index, part) in parts.iter().enumerate() {
        if text.len() + between.len() + part.len() > limit {
            let left = parts.len() - index;
            let _ = write!(text, "{between}and {left} more");
            break;
        }
        if index > 0 {
            text.push_str(between);
        }
        text.push_str(part);
    }
    text
}

/// Returns the length of the longest run of backticks.
fn run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

fn code(text: &str) -> String {
    format!("<code>{}</code>", html(text))
}

fn html(text: &str) -> String {
    visible(text)
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// Escapes what Markdown would read as markup.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in visible(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '#' | '@' => {
                out.push('\\');
                out.push(c);
            }
            _ => out.push(c),
        }
    }
    out
}
