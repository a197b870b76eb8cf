//! What programs complain about, read out of what they print.

/// What a program has against a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// The file's path below `out/<environment>/`.
    pub file: String,
    /// The line, from one, where the program names one.
    pub line: Option<usize>,
    /// What the program says.
    pub message: String,
}

/// Words that may stand between a file's name and the number of a line.
const BETWEEN: &[&str] = &[
    "line", "on", "at", "in", "or", "before", "around", "appears", "to", "be", "near", "pos",
];

/// Lines of a complaint without a place that are kept.
const TAIL: usize = 6;

/// Reads what a program printed: `nginx.conf:3: …`, `… in /tmp/x/nginx.conf on line 3`, and
/// whatever else names one of `files` and a line. `main` is the file that a line without a file's
/// name is about, and `root` the folder they all lie in, which is not shown.
///
/// A text without any place in it is one finding as a whole.
pub fn read(text: &str, files: &[String], root: &str, main: &str) -> Vec<Finding> {
    let mut findings: Vec<Finding> = Vec::new();
    let prefix = format!("{root}/");
    let clean: Vec<String> = text
        .lines()
        .map(|line| plain(line).replace(&prefix, "").replace(root, ""))
        .filter(|line| !line.trim().is_empty())
        .collect();
    let mut about = main;
    for line in &clean {
        let line = line.trim();
        let named = named(line, files);
        if let Some((file, _)) = named {
            about = file;
        }
        let number = match named {
            Some((_, rest)) => number(rest).or_else(|| numbered(line)),
            None => numbered(line),
        };
        if let Some(number) = number {
            let finding = Finding {
                file: about.to_owned(),
                line: Some(number),
                message: shortened(line, about, number),
            };
            let known =
                |other: &Finding| (&other.file, other.line) == (&finding.file, finding.line);
            if !findings.iter().any(known) {
                findings.push(finding);
            }
        }
    }
    if findings.is_empty() {
        let from = clean.len().saturating_sub(TAIL);
        let said: Vec<&str> = clean[from..].iter().map(|line| line.trim()).collect();
        findings.push(Finding {
            file: main.to_owned(),
            line: None,
            message: if said.is_empty() {
                "it failed without a word".to_owned()
            } else {
                said.join("; ")
            },
        });
    }
    findings
}

/// Returns the file a line names by as many of its last parts as the line shows, and what follows.
fn named<'a, 'b>(line: &'a str, files: &'b [String]) -> Option<(&'b str, &'a str)> {
    let ends = |file: &'b String| {
        let parts = file.match_indices('/').map(|(at, _)| &file[at + 1..]);
        std::iter::once(file.as_str())
            .chain(parts)
            .find_map(|end| Some((file.as_str(), end, spelled(line, end)?)))
    };
    files
        .iter()
        .filter_map(ends)
        .max_by_key(|(_, end, rest)| (end.len(), rest.len()))
        .map(|(file, _, rest)| (file, rest))
}

/// Returns what follows a name that stands in a line by itself.
fn spelled<'a>(line: &'a str, name: &str) -> Option<&'a str> {
    line.match_indices(name).find_map(|(at, _)| {
        let before = line[..at].chars().next_back();
        let inside = before.is_some_and(|c| c.is_alphanumeric() || "-_.".contains(c));
        let rest = &line[at + name.len()..];
        let longer = rest.starts_with(|c: char| c.is_alphanumeric() || "-_/".contains(c));
        (!inside && !longer).then_some(rest)
    })
}

/// Returns the number right behind a file's name.
fn number(rest: &str) -> Option<usize> {
    let at = rest.find(|c: char| c.is_ascii_digit())?;
    let between = rest[..at]
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .all(|word| BETWEEN.contains(&word.to_ascii_lowercase().as_str()));
    (between && at > 0 && at < 40).then(|| leading(&rest[at..]))?
}

/// Returns N of `line N`.
fn numbered(line: &str) -> Option<usize> {
    let lower = line.to_ascii_lowercase();
    let (_, rest) = lower.split_once("line ")?;
    leading(rest)
}

fn leading(text: &str) -> Option<usize> {
    let end = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    text[..end].parse().ok().filter(|number| *number > 0)
}

/// Drops `file:line:column:` from the front, which is shown apart.
fn shortened(line: &str, file: &str, number: usize) -> String {
    let front = |name: &str| {
        let rest = line.strip_prefix(name)?;
        let rest = rest.trim_start_matches([':', '(', ' ']);
        let rest = rest.strip_prefix(&number.to_string())?;
        let rest = rest.trim_start_matches(|c: char| c.is_ascii_digit() || ":-,) ".contains(c));
        (!rest.is_empty()).then(|| rest.to_owned())
    };
    front(file)
        .or_else(|| front(super::files::name(file)))
        .unwrap_or_else(|| line.to_owned())
}

/// Drops colours.
fn plain(line: &str) -> String {
    let mut text = String::with_capacity(line.len());
    let mut rest = line;
    while let Some((before, after)) = rest.split_once('\u{1b}') {
        text.push_str(before);
        rest = after
            .strip_prefix('[')
            .and_then(|code| code.split_once(|c: char| c.is_ascii_alphabetic()))
            .map_or(after, |(_, rest)| rest);
    }
    text.push_str(rest);
    text.replace('\t', " ")
}

#[cfg(test)]
mod tests {
    use super::{Finding, read};

    fn places(text: &str) -> Vec<(String, Option<usize>)> {
        let files = ["nginx/nginx.conf", "php/fpm/app.conf", "db/haproxy.cfg"].map(str::to_owned);
        read(text, &files, "/tmp/x", "php/fpm/app.conf")
            .into_iter()
            .map(|Finding { file, line, .. }| (file, line))
            .collect()
    }

    #[test]
    fn places_are_read_in_every_spelling() {
        for (text, file, line) in [
            (
                "nginx: [emerg] unknown directive \"foo\" in /tmp/x/nginx/nginx.conf:12",
                "nginx/nginx.conf",
                12,
            ),
            (
                "PHP Parse error: x in /tmp/x/nginx/nginx.conf on line 3",
                "nginx/nginx.conf",
                3,
            ),
            (
                "[26-Nov] ERROR: [/tmp/x/php/fpm/app.conf:7] unknown entry 'foo'",
                "php/fpm/app.conf",
                7,
            ),
            (
                "parsing [/tmp/x/db/haproxy.cfg:9] : unknown keyword",
                "db/haproxy.cfg",
                9,
            ),
            (
                "(/tmp/x/db/haproxy.cfg: Line 4) Unknown keyword 'foo'",
                "db/haproxy.cfg",
                4,
            ),
            (
                "Reading the configuration file, at line 5",
                "php/fpm/app.conf",
                5,
            ),
            (
                "error during parsing file /tmp/x/nginx/nginx.conf, on or before line 2: x",
                "nginx/nginx.conf",
                2,
            ),
            (
                "haproxy.cfg:3:3: Identifier `y' not declared.",
                "db/haproxy.cfg",
                3,
            ),
        ] {
            assert_eq!(places(text), [(file.to_owned(), Some(line))], "{text}");
        }
        assert_eq!(
            places("FAILED: parsing YAML file nginx.conf:\n  line 2: field foo\n  line 9: bar"),
            [
                ("nginx/nginx.conf".to_owned(), Some(2)),
                ("nginx/nginx.conf".to_owned(), Some(9))
            ]
        );
    }

    #[test]
    fn a_complaint_without_a_place_is_kept_whole() {
        let found = read(
            "one\n\n\u{1b}[1mtwo\u{1b}[0m in /tmp/x\n",
            &[],
            "/tmp/x",
            "a.conf",
        );
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].message, "one; two in");
        assert_eq!(found[0].line, None);
    }

    #[test]
    fn the_place_is_not_said_twice() {
        let files = ["a/b.sh".to_owned()];
        let found = read(
            "/tmp/x/a/b.sh:3:4: warning: x [SC1]",
            &files,
            "/tmp/x",
            "a/b.sh",
        );
        assert_eq!(found[0].message, "warning: x [SC1]");
    }
}
