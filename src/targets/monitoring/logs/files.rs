//! Tables: programs that write files of their own, and programs that do not say how severe a line
//! is but in words.

use serde::Serialize;

use crate::model::{DatabaseDriver, LogLevel};
use crate::topology::{Role, StorageLayout};

/// What makes a line more severe. A later word outdoes those before it.
pub(super) type Words = &'static [(&'static str, LogLevel)];

/// A program that writes files.
#[derive(Clone, Copy)]
pub(super) struct Program {
    /// The name of its rendered file.
    pub(super) name: &'static str,
    /// The roles of machines it runs on.
    pub(super) roles: &'static [Role],
    /// Its files.
    pub(super) files: &'static [File],
    /// How its files begin anew.
    pub(super) rotation: Rotated,
}

/// A log file, or several of one kind.
#[derive(Clone, Copy)]
pub(super) struct File {
    /// What is in it, as a comment.
    pub(super) what: &'static str,
    /// Where it is; a pattern for several.
    pub(super) path: &'static str,
    /// The program its lines are stored under.
    pub(super) tag: &'static str,
    /// What a line is that has none of the words.
    pub(super) level: LogLevel,
    /// What makes a line more severe.
    pub(super) words: Words,
    /// How the first line of an entry begins, where entries have several lines.
    pub(super) start: &'static str,
}

/// What logrotate does with a program's files.
#[derive(Clone, Copy)]
pub(super) struct Rotated {
    /// Its file in /etc/logrotate.d, which takes the place of the package's own.
    pub(super) name: &'static str,
    /// What is in them, as a comment.
    pub(super) what: &'static str,
    /// Which they are.
    pub(super) paths: &'static [&'static str],
    /// The new file, where the program does not make it itself.
    pub(super) create: Option<Create>,
    /// Whether the program goes on writing to the old file.
    pub(super) copy: bool,
    /// How it is told to open the new one.
    pub(super) command: &'static str,
}

/// The new, empty file.
#[derive(Debug, Clone, Copy, Serialize)]
pub(super) struct Create {
    mode: &'static str,
    owner: &'static str,
    group: &'static str,
}

const NGINX: Program = Program {
    name: "nginx",
    roles: &[Role::LoadBalancer, Role::App],
    files: &[
        File {
            what: "Requests, one JSON object a line.",
            path: "/var/log/nginx/access.log",
            tag: "nginx-access",
            level: LogLevel::Info,
            words: &[],
            start: "",
        },
        File {
            what: "What nginx has to say.",
            path: "/var/log/nginx/error.log",
            tag: "nginx",
            level: LogLevel::Notice,
            words: &[
                (" [warn] ", LogLevel::Warning),
                (" [error] ", LogLevel::Error),
                (" [crit] ", LogLevel::Critical),
                (" [alert] ", LogLevel::Alert),
                (" [emerg] ", LogLevel::Emergency),
            ],
            start: "",
        },
    ],
    rotation: Rotated {
        name: "nginx",
        what: "nginx: requests and errors",
        paths: &["/var/log/nginx/*.log"],
        create: Some(Create {
            mode: "0640",
            owner: "www-data",
            group: "adm",
        }),
        copy: false,
        command: "invoke-rc.d nginx rotate >/dev/null 2>&1",
    },
};

const PHP: Program = Program {
    name: "php",
    roles: &[Role::App],
    files: &[
        File {
            what: "php-fpm itself; errors of scripts come through syslog.",
            path: "/var/log/php8.2-fpm.log",
            tag: "php-fpm",
            level: LogLevel::Notice,
            words: &[
                ("DEBUG: ", LogLevel::Debug),
                ("WARNING: ", LogLevel::Warning),
                ("ERROR: ", LogLevel::Error),
                ("ALERT: ", LogLevel::Alert),
            ],
            start: "",
        },
        File {
            what: "Requests that take long, with their stack.",
            path: "/var/log/php8.2-fpm-slow.log",
            tag: "php-slow",
            level: LogLevel::Warning,
            words: &[],
            start: "^\\[[0-9]{2}-[A-Z]",
        },
    ],
    rotation: Rotated {
        name: "php8.2-fpm",
        what: "php-fpm: its own log, and slow requests",
        paths: &["/var/log/php8.2-fpm.log", "/var/log/php8.2-fpm-slow.log"],
        create: None,
        copy: false,
        command: "/usr/lib/php/php8.2-fpm-reopenlogs",
    },
};

const DATABASE: Program = Program {
    name: "database",
    roles: &[Role::Database],
    files: &[
        File {
            what: "What the server has to say, where it does not say it to the journal.",
            path: "/var/log/mysql/*error.log",
            tag: "mysqld",
            level: LogLevel::Info,
            words: SQL_WORDS,
            start: "",
        },
        File {
            what: "Statements that take long.",
            path: "/var/log/mysql/*slow.log",
            tag: "sql-slow",
            level: LogLevel::Warning,
            words: &[],
            start: "^# User@Host:",
        },
    ],
    rotation: Rotated {
        name: "mysql-server",
        what: "The database: statements that take long, and errors where they are not in the journal",
        paths: &["/var/log/mysql/*.log"],
        create: Some(Create {
            mode: "0640",
            owner: "mysql",
            group: "adm",
        }),
        copy: false,
        // On this member alone.
        command: "mysql --execute='FLUSH LOCAL ERROR LOGS, SLOW LOGS'",
    },
};

const SQL_WORDS: Words = &[
    ("[Warning]", LogLevel::Warning),
    ("[ERROR]", LogLevel::Error),
];

const STORAGE: Program = Program {
    name: "storage",
    // The client of shared storage logs on application machines.
    roles: &[Role::Storage, Role::App],
    files: &[
        File {
            what: "GlusterFS: its daemon, and its client on application machines.",
            path: "/var/log/glusterfs/*.log",
            tag: "glusterfs",
            level: LogLevel::Info,
            words: GLUSTER_WORDS,
            start: "",
        },
        File {
            what: "One file for each brick.",
            path: "/var/log/glusterfs/bricks/*.log",
            tag: "glusterfs-brick",
            level: LogLevel::Info,
            words: GLUSTER_WORDS,
            start: "",
        },
    ],
    rotation: Rotated {
        name: "glusterfs-common",
        what: "GlusterFS: daemon, client and bricks",
        paths: &[
            "/var/log/glusterfs/*.log",
            "/var/log/glusterfs/bricks/*.log",
        ],
        create: None,
        copy: true,
        command: "",
    },
};

const GLUSTER_WORDS: Words = &[
    ("] D [", LogLevel::Debug),
    ("] N [", LogLevel::Notice),
    ("] W [", LogLevel::Warning),
    ("] E [", LogLevel::Error),
    ("] C [", LogLevel::Critical),
    ("] A [", LogLevel::Alert),
];

/// What programs write to their standard output when it is more than information.
pub(super) const STDOUT: &[(&[&str], Words)] = &[
    (&["mysqld", "mariadbd"], SQL_WORDS),
    (
        &["patroni"],
        &[
            ("WARNING: ", LogLevel::Warning),
            ("ERROR: ", LogLevel::Error),
            ("FATAL: ", LogLevel::Critical),
            ("PANIC: ", LogLevel::Critical),
            ("CRITICAL: ", LogLevel::Critical),
        ],
    ),
    (
        &["etcd"],
        &[
            ("\"level\":\"debug\"", LogLevel::Debug),
            ("\"level\":\"warn\"", LogLevel::Warning),
            ("\"level\":\"error\"", LogLevel::Error),
            ("\"level\":\"fatal\"", LogLevel::Critical),
        ],
    ),
    (
        &[
            "prometheus",
            "prometheus-alertmanager",
            "prometheus-blackbox-exporter",
        ],
        &[
            ("level=debug", LogLevel::Debug),
            ("level=warn", LogLevel::Warning),
            ("level=error", LogLevel::Error),
        ],
    ),
];

/// Where the proxy beside the application writes, within its own folder.
pub(super) const PROXY_SOCKET: &str = "/var/lib/haproxy/dev/log";

/// Returns the programs of an environment that write files.
pub(super) fn programs(driver: DatabaseDriver, storage: StorageLayout) -> Vec<Program> {
    let mut programs = vec![NGINX, PHP];
    match driver {
        DatabaseDriver::Mysql => programs.push(DATABASE),
        DatabaseDriver::Mariadb => programs.push(Program {
            rotation: Rotated {
                name: "mariadb",
                command: "mariadb --execute='FLUSH LOCAL ERROR LOGS, SLOW LOGS'",
                ..DATABASE.rotation
            },
            ..DATABASE
        }),
        // PostgreSQL and Patroni log to the journal.
        DatabaseDriver::Postgresql => {}
    }
    if storage == StorageLayout::Gluster {
        programs.push(STORAGE);
    }
    programs
}
