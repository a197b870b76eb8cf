//! One page, side by side. It needs nothing but itself: no script, no other file.

use std::fmt::Write as _;

use super::hunks::{Change, Depth, Hunk, Kind, Line, changes};
use super::summary::{self, Counts};
use super::visible::push as push_visible;
use super::{Options, style};
use crate::plan::{Plan, Status};

/// Files with more changed lines than this are folded at first.
const FOLD: usize = 200;

/// Prints plans as one HTML page.
pub fn print(plans: &[Plan], options: Options) -> String {
    let depth = if options.stat {
        Depth::Lines
    } else {
        Depth::Words
    };
    let changes = changes(plans, depth);
    let total = summary::total(&changes);
    let mut out = String::from(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n",
    );
    let files = total.files();
    let _ = write!(
        out,
        "<title>precast: {files} changed files</title>\n<style>\n{}</style>\n</head>\n<body>\n",
        style::CSS
    );
    navigation(&changes, &mut out);
    out.push_str("<main>\n<header>\n<h1>What would change in <code>out/</code></h1>\n");
    if changes.is_empty() {
        out.push_str("<p class=\"clean\">No changes.</p>\n");
    } else {
        totals(&total, &mut out);
        impacts(&changes, &mut out);
        table(&changes, &mut out);
    }
    for environment in summary::stale_manifests(plans) {
        out.push_str("<p class=\"note\"><code>MANIFEST</code> of ");
        escape(environment, &mut out);
        out.push_str(" is out of date; <code>precast render</code> mends it.</p>\n");
    }
    out.push_str("</header>\n");
    if !options.stat {
        for (index, change) in changes.iter().enumerate() {
            file(index, change, &mut out);
        }
    }
    out.push_str("</main>\n</body>\n</html>\n");
    out
}

fn totals(total: &Counts, out: &mut String) {
    out.push_str("<p class=\"totals\">");
    let parts = [
        (total.created, Status::Create, "created"),
        (total.updated, Status::Update, "updated"),
        (total.deleted, Status::Delete, "deleted"),
        (total.edited, Status::Edited, "edited by hand"),
    ];
    for (count, status, word) in parts {
        if count > 0 {
            let _ = write!(
                out,
                "<span class=\"badge {}\">{count} {word}</span> ",
                status.name()
            );
        }
    }
    lines(total.added, total.removed, out);
    out.push_str("</p>\n");
}

fn lines(added: usize, removed: usize, out: &mut String) {
    out.push_str("<span class=\"lines\">");
    if added > 0 {
        let _ = write!(out, "<ins>+{added}</ins>");
    }
    if removed > 0 {
        let _ = write!(out, "<del>−{removed}</del>");
    }
    out.push_str("</span>");
}

fn impacts(changes: &[Change<'_>], out: &mut String) {
    let clauses = summary::clauses(changes);
    if clauses.is_empty() {
        return;
    }
    out.push_str("<section class=\"impacts\"><h2>Deploying this</h2>\n<ul>\n");
    for clause in clauses {
        out.push_str("<li>");
        escape(&clause, out);
        out.push_str("</li>\n");
    }
    out.push_str("</ul></section>\n");
}

fn table(changes: &[Change<'_>], out: &mut String) {
    out.push_str(
        "<table class=\"summary\">\n<thead><tr><th>environment<th>target<th>create<th>update\
         <th>delete<th>edited<th>lines</tr></thead>\n<tbody>\n",
    );
    let mut last = "";
    for (environment, target, counts) in summary::by_target(changes) {
        out.push_str("<tr><td>");
        escape(if environment == last { "" } else { environment }, out);
        last = environment;
        out.push_str("<td>");
        escape(target, out);
        for count in [
            counts.created,
            counts.updated,
            counts.deleted,
            counts.edited,
        ] {
            let _ = match count {
                0 => write!(out, "<td class=\"none\">–"),
                count => write!(out, "<td>{count}"),
            };
        }
        out.push_str("<td>");
        lines(counts.added, counts.removed, out);
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody></table>\n");
}

fn navigation(changes: &[Change<'_>], out: &mut String) {
    out.push_str("<nav aria-label=\"Files\">\n<p class=\"brand\">precast diff</p>\n");
    let mut environment = None;
    for (index, change) in changes.iter().enumerate() {
        if environment != Some(change.environment) {
            if environment.is_some() {
                out.push_str("</ul>\n");
            }
            environment = Some(change.environment);
            out.push_str("<h2>");
            escape(change.environment, out);
            out.push_str("</h2>\n<ul>\n");
        }
        let status = change.file.status.name();
        let _ = write!(
            out,
            "<li><a href=\"#f{index}\"><i class=\"dot {status}\" title=\"{status}\"></i><span>"
        );
        escape(&change.file.path, out);
        out.push_str("</span>");
        lines(change.added, change.removed, out);
        out.push_str("</a></li>\n");
    }
    if environment.is_some() {
        out.push_str("</ul>\n");
    }
    out.push_str("</nav>\n");
}

fn file(index: usize, change: &Change<'_>, out: &mut String) {
    let file = change.file;
    let status = file.status.name();
    let open = if change.shown() <= FOLD { " open" } else { "" };
    let _ = write!(
        out,
        "<details class=\"file\" id=\"f{index}\"{open}>\n<summary><span class=\"badge {status}\">{status}</span> <code>"
    );
    escape(&change.path(), out);
    out.push_str("</code>");
    lines(change.added, change.removed, out);
    out.push_str("</summary>\n");
    if file.status == Status::Edited {
        out.push_str("<p class=\"note edited\">Changed by hand and left alone. ");
        out.push_str(match file.new {
            Some(_) => "<code>render --overwrite</code> would lose the lines on the left.</p>\n",
            None => {
                "It is no longer rendered; <code>render --overwrite</code> would remove it.</p>\n"
            }
        });
    }
    if !file.impacts.is_empty() {
        out.push_str("<p class=\"note\">");
        for (index, impact) in file.impacts.iter().enumerate() {
            out.push_str(if index > 0 { "; " } else { "" });
            escape(impact, out);
        }
        out.push_str("</p>\n");
    }
    if change.hunks.is_empty() {
        out.push_str("<p class=\"note\">The file is empty.</p>\n");
    } else if file.old.is_none() || file.new.is_none() {
        one_side(&change.hunks, out);
    } else {
        side_by_side(&change.hunks, out);
    }
    out.push_str("</details>\n");
}

/// Prints a file that appears or goes, which has one side only.
fn one_side(hunks: &[Hunk<'_>], out: &mut String) {
    out.push_str("<table class=\"code one\"><colgroup><col class=\"n\"><col></colgroup>\n");
    for line in hunks.iter().flat_map(|hunk| &hunk.lines) {
        out.push_str("<tr>");
        cell(Some(line), line.old.max(line.new), out);
        out.push_str("</tr>\n");
    }
    out.push_str("</table>\n");
}

fn side_by_side(hunks: &[Hunk<'_>], out: &mut String) {
    out.push_str(
        "<table class=\"code two\"><colgroup><col class=\"n\"><col><col class=\"n\"><col></colgroup>\n",
    );
    let mut at = 0;
    for hunk in hunks {
        let skipped = hunk.old.start.saturating_sub(at);
        if skipped > 0 || at > 0 {
            let _ = writeln!(
                out,
                "<tr class=\"gap\"><td colspan=\"4\">{skipped} unchanged lines</tr>"
            );
        }
        at = hunk.old.end;
        let mut lines = hunk.lines.as_slice();
        while let Some(first) = lines.first() {
            if first.kind == Kind::Context {
                row(Some(first), Some(first), out);
                lines = &lines[1..];
                continue;
            }
            let count = |lines: &[Line<'_>], kind| {
                lines.iter().take_while(|line| line.kind == kind).count()
            };
            let (removed, rest) = lines.split_at(count(lines, Kind::Removed));
            let (added, rest) = rest.split_at(count(rest, Kind::Added));
            lines = rest;
            for index in 0..removed.len().max(added.len()) {
                row(removed.get(index), added.get(index), out);
            }
        }
    }
    out.push_str("</table>\n");
}

fn row(left: Option<&Line<'_>>, right: Option<&Line<'_>>, out: &mut String) {
    out.push_str("<tr>");
    cell(left, left.map_or(0, |line| line.old), out);
    cell(right, right.map_or(0, |line| line.new), out);
    out.push_str("</tr>\n");
}

fn cell(line: Option<&Line<'_>>, number: usize, out: &mut String) {
    let Some(line) = line else {
        out.push_str("<td class=\"n void\"><td class=\"void\">");
        return;
    };
    let class = match line.kind {
        Kind::Context => "",
        Kind::Removed => "d",
        Kind::Added => "a",
    };
    let _ = write!(
        out,
        "<td class=\"n {class}\">{number}<td class=\"t {class}\">"
    );
    let mut at = 0;
    for range in &line.emphasis {
        escape(&line.text[at..range.start], out);
        out.push_str("<b>");
        escape(&line.text[range.clone()], out);
        out.push_str("</b>");
        at = range.end;
    }
    escape(&line.text[at..], out);
    if !line.ended {
        out.push_str("<em>no newline at the end</em>");
    }
}

/// Appends text so that neither a browser nor an eye takes it for anything else.
fn escape(text: &str, out: &mut String) {
    let mut plain = String::new();
    push_visible(text, &mut plain);
    for c in plain.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
}
