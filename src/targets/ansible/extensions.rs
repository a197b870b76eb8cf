//! Which Debian packages hold which PHP extensions.

use std::collections::BTreeSet;

use crate::environment::Environment;
use crate::units::Extension;

/// The PHP of Debian 12.
const BRANCH: &str = "8.2";

/// What an application machine has whatever its extensions are.
const ALWAYS: [&str; 3] = ["fpm", "cli", "opcache"];

/// Part of the program itself.
const COMPILED_IN: [&str; 16] = [
    "core",
    "date",
    "filter",
    "hash",
    "json",
    "libxml",
    "openssl",
    "pcntl",
    "pcre",
    "random",
    "reflection",
    "session",
    "sodium",
    "spl",
    "standard",
    "zlib",
];

/// Packages that hold extensions of other names. Any other extension has a package of its own.
const HOLDS: [(&str, &[&str]); 8] = [
    (
        "common",
        &[
            "calendar",
            "ctype",
            "exif",
            "ffi",
            "fileinfo",
            "ftp",
            "gettext",
            "iconv",
            "pdo",
            "phar",
            "posix",
            "shmop",
            "sockets",
            "sysvmsg",
            "sysvsem",
            "sysvshm",
            "tokenizer",
        ],
    ),
    ("interbase", &["pdo_firebird"]),
    ("mysql", &["mysqli", "mysqlnd", "pdo_mysql"]),
    ("odbc", &["pdo_odbc"]),
    ("pgsql", &["pdo_pgsql"]),
    ("sqlite3", &["pdo_sqlite"]),
    ("sybase", &["pdo_dblib"]),
    (
        "xml",
        &["dom", "simplexml", "xmlreader", "xmlwriter", "xsl"],
    ),
];

/// Returns the extensions the application needs: those it names and those of its drivers.
pub(super) fn loaded(environment: &Environment<'_>) -> BTreeSet<String> {
    let settings = environment.settings();
    let named = environment.inventory().system.php.extensions.iter();
    let drivers = [
        settings.cache.driver.name(),
        settings.database.driver.extension(),
    ];
    named
        .map(Extension::as_str)
        .chain(drivers)
        .map(str::to_owned)
        .collect()
}

/// Returns the packages that hold these extensions, and those that are always there.
pub(super) fn packages(extensions: &BTreeSet<String>) -> Vec<String> {
    let parts: BTreeSet<String> = extensions
        .iter()
        .filter(|name| !COMPILED_IN.contains(&name.as_str()))
        .map(|name| part(name))
        .chain(ALWAYS.map(str::to_owned))
        .collect();
    parts
        .into_iter()
        .map(|part| format!("php{BRANCH}-{part}"))
        .collect()
}

fn part(extension: &str) -> String {
    HOLDS
        .iter()
        .find(|(_, extensions)| extensions.contains(&extension))
        .map_or_else(
            || extension.replace('_', "-"),
            |(part, _)| (*part).to_owned(),
        )
}

/// Returns the name under which `php -m` lists an extension, in lower case.
pub(super) fn module(extension: &str) -> &str {
    match extension {
        "opcache" => "zend opcache",
        name => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extensions_come_in_debian_packages() {
        let extensions = [
            "pdo",
            "pdo_mysql",
            "redis",
            "json",
            "mbstring",
            "some_thing",
        ]
        .map(str::to_owned)
        .into();
        assert_eq!(
            packages(&extensions),
            [
                "php8.2-cli",
                "php8.2-common",
                "php8.2-fpm",
                "php8.2-mbstring",
                "php8.2-mysql",
                "php8.2-opcache",
                "php8.2-redis",
                "php8.2-some-thing"
            ]
        );
    }
}
