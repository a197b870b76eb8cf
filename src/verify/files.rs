//! An environment's rendered files, found by pattern.

use std::collections::BTreeMap;

/// Texts by path below `out/<environment>/`.
pub type Files = BTreeMap<String, String>;

/// Returns the paths that one of the patterns fits, in name order. `*` stands for anything within a
/// folder, `**` for anything at all.
pub fn matching(files: &Files, patterns: &[&str]) -> Vec<String> {
    files
        .keys()
        .filter(|path| patterns.iter().any(|pattern| fits(pattern, path)))
        .cloned()
        .collect()
}

/// Returns whether a pattern fits a path.
pub fn fits(pattern: &str, path: &str) -> bool {
    fits_bytes(pattern.as_bytes(), path.as_bytes())
}

fn fits_bytes(pattern: &[u8], path: &[u8]) -> bool {
    match pattern {
        [] => path.is_empty(),
        [b'*', b'*', rest @ ..] => (0..=path.len()).any(|from| fits_bytes(rest, &path[from..])),
        [b'*', rest @ ..] => {
            let end = path.iter().position(|b| *b == b'/').unwrap_or(path.len());
            (0..=end).any(|from| fits_bytes(rest, &path[from..]))
        }
        [first, rest @ ..] => path.first() == Some(first) && fits_bytes(rest, &path[1..]),
    }
}

/// Returns the folder a path is in, without a slash at its end; empty at the top.
pub fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// Returns the last part of a path.
pub fn name(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn stars_stay_in_their_folder_and_double_stars_do_not() {
        for (pattern, path) in [
            ("nginx/nginx.conf", "nginx/nginx.conf"),
            ("cache/*/redis-*.conf", "cache/cache1/redis-6379.conf"),
            ("**.json", "a/b/c.json"),
            ("**.json", "c.json"),
            ("backup/*.service", "backup/backup-database.service"),
            ("ansible/**", "ansible/roles/base/tasks/main.yml"),
        ] {
            assert!(fits(pattern, path), "{pattern} {path}");
        }
        for (pattern, path) in [
            ("cache/*.conf", "cache/cache1/redis.conf"),
            ("nginx/nginx.conf", "nginx/nginx.conf.old"),
            ("**.json", "c.json5"),
        ] {
            assert!(!fits(pattern, path), "{pattern} {path}");
        }
    }
}
