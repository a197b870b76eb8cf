//! What the application is told. Settings are named like the environment variables that may
//! override them.

use serde::Serialize;

use crate::environment::Environment;
use crate::model::{CacheDriver, DatabaseDriver, LogLevel, Settings};
use crate::targets::database;
use crate::targets::php::session;
use crate::units::Host;

/// Where shared files are, on application machines.
pub const SHARED: &str = "/srv/shared";

/// The names precast uses itself, each with the key its value comes from, seen from the environment's
/// own settings; nothing for what has no key.
pub const FROM: &[(&str, &str)] = &[
    ("APP_DEBUG", "debug"),
    ("APP_ENV", ""),
    ("APP_KEY", ""),
    ("CACHE_DRIVER", "cache.driver"),
    ("CACHE_HOST", "cache.host"),
    ("CACHE_NODES", "cache.host"),
    ("CACHE_PASSWORD", ""),
    ("CACHE_PORT", "cache.port"),
    ("DB_DRIVER", "database.driver"),
    ("DB_HOST", "database.host"),
    ("DB_NAME", "project.name"),
    ("DB_PASSWORD", ""),
    ("DB_PORT", "database.port"),
    ("DB_READ_PORT", "database.port"),
    ("DB_SSL_CA", ""),
    ("DB_USER", "project.name"),
    ("LOG_LEVEL", "monitoring.logging.level"),
    ("SHARED_PATH", ""),
];

/// One setting of the application.
#[derive(Debug, Clone)]
pub struct Setting {
    /// Its name, which is also the environment variable's.
    pub name: String,
    /// What it may be.
    pub kind: Kind,
    /// What it is without the inventory's word on it. Without one it is required.
    pub default: Option<Value>,
    /// The words it may be; any when empty.
    pub allowed: Vec<&'static str>,
    /// What the inventory says; `None` for secrets, which are not rendered.
    pub value: Option<Value>,
    /// Whether nobody may see it.
    pub secret: bool,
    /// What it is for.
    pub description: String,
}

/// What a setting may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A text that is not empty.
    Text,
    /// Yes or no.
    Boolean,
    /// A TCP port.
    Port,
    /// A host name or address.
    Host,
    /// An absolute path.
    Path,
}

impl Kind {
    /// Returns the word `schema.json` uses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "string",
            Self::Boolean => "boolean",
            Self::Port => "port",
            Self::Host => "host",
            Self::Path => "path",
        }
    }
}

/// A value, in JSON's types.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Value {
    /// A text.
    Text(String),
    /// Yes or no.
    Boolean(bool),
    /// A number.
    Number(u64),
}

impl Value {
    /// Writes it as an environment variable.
    pub fn as_variable(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Boolean(flag) => flag.to_string(),
            Self::Number(number) => number.to_string(),
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Self::Boolean(flag)
    }
}

impl From<u16> for Value {
    fn from(number: u16) -> Self {
        Self::Number(u64::from(number))
    }
}

impl Setting {
    fn new(name: &str, kind: Kind, value: impl Into<Value>, description: &str) -> Self {
        Self {
            name: name.to_owned(),
            kind,
            default: None,
            allowed: Vec::new(),
            value: Some(value.into()),
            secret: false,
            description: description.to_owned(),
        }
    }

    fn or(mut self, default: impl Into<Value>) -> Self {
        self.default = Some(default.into());
        self
    }

    fn one_of(mut self, allowed: &[&'static str]) -> Self {
        self.allowed = allowed.to_vec();
        self
    }

    fn secret(name: &str, description: &str) -> Self {
        Self {
            value: None,
            secret: true,
            ..Self::new(name, Kind::Text, "", description)
        }
    }
}

/// Returns the settings of an environment, in name order.
pub fn settings(environment: &Environment<'_>) -> Vec<Setting> {
    let own = environment.settings();
    let mut settings = platform(environment);
    settings.extend(cache(environment));
    settings.extend(database(environment));
    debug_assert!(
        settings
            .iter()
            .all(|setting| FROM.iter().any(|(name, _)| *name == setting.name)),
        "a name that is not listed could be taken by the inventory"
    );
    // The inventory's own variables; their names are none of the above (L61).
    settings.extend(own.variables.iter().map(|(name, value)| {
        let value = value.to_string();
        Setting::new(
            name.as_str(),
            Kind::Text,
            value.clone(),
            "a variable of the inventory",
        )
        .or(value)
    }));
    settings.sort_by(|a, b| a.name.cmp(&b.name));
    settings
}

fn platform(environment: &Environment<'_>) -> Vec<Setting> {
    let level = environment.inventory().monitoring.logging.level;
    let levels = LogLevel::ALL.map(LogLevel::name);
    vec![
        Setting::new(
            "APP_ENV",
            Kind::Text,
            environment.name(),
            "the environment's name",
        ),
        Setting::new(
            "APP_DEBUG",
            Kind::Boolean,
            environment.settings().debug.0,
            "whether visitors see errors",
        )
        .or(Settings::default().debug.0),
        Setting::secret("APP_KEY", "what the application signs and encrypts with"),
        Setting::new(
            "LOG_LEVEL",
            Kind::Text,
            level.name(),
            "the least severe message that is logged",
        )
        .or(LogLevel::Info.name())
        .one_of(&levels),
        Setting::new(
            "SHARED_PATH",
            Kind::Path,
            SHARED,
            "where files are that every machine sees",
        )
        .or(SHARED),
    ]
}

fn cache(environment: &Environment<'_>) -> Vec<Setting> {
    let cache = &environment.settings().cache;
    let drivers = CacheDriver::ALL.map(CacheDriver::name);
    let mut settings = vec![
        Setting::new(
            "CACHE_DRIVER",
            Kind::Text,
            cache.driver.name(),
            "the program behind the cache",
        )
        .one_of(&drivers),
        Setting::new(
            "CACHE_HOST",
            Kind::Host,
            session::host(environment),
            "where the cache is",
        ),
        Setting::new(
            "CACHE_NODES",
            Kind::Text,
            session::nodes(environment).join(","),
            "every place a client of the cache should know, with its port",
        ),
        Setting::new(
            "CACHE_PORT",
            Kind::Port,
            cache.port().get(),
            "the cache's port",
        )
        .or(cache.driver.usual_port().get()),
    ];
    // memcached knows no passwords; the firewall lets application machines in only.
    if cache.driver == CacheDriver::Redis {
        settings.push(Setting::secret("CACHE_PASSWORD", "the cache's password"));
    }
    settings
}

fn database(environment: &Environment<'_>) -> Vec<Setting> {
    let database = &environment.settings().database;
    let drivers = DatabaseDriver::ALL.map(DatabaseDriver::name);
    let name = database::name(environment);
    vec![
        Setting::new(
            "DB_DRIVER",
            Kind::Text,
            database.driver.name(),
            "the program behind the database",
        )
        .one_of(&drivers),
        Setting::new(
            "DB_HOST",
            Kind::Host,
            database::host(environment),
            "where the database is",
        ),
        Setting::new(
            "DB_PORT",
            Kind::Port,
            database.port().get(),
            "the port for reading and writing",
        )
        .or(database.driver.usual_port().get()),
        Setting::new(
            "DB_READ_PORT",
            Kind::Port,
            database::read_port(environment),
            "the port for reading only; what was just written may be missing there for a moment",
        ),
        Setting::new("DB_NAME", Kind::Text, name.clone(), "the database's name"),
        Setting::new(
            "DB_SSL_CA",
            Kind::Path,
            "/etc/ssl/internal/ca.pem",
            "who vouches for the database's certificate",
        ),
        Setting::new("DB_USER", Kind::Text, name, "the application's user"),
        Setting::secret("DB_PASSWORD", "the application's password"),
    ]
}

/// Returns a host as the application is told it. MySQL's driver takes `localhost` for its Unix
/// socket and ignores the port, so the machine itself goes by its address.
pub fn reachable(host: &Host) -> String {
    match host.as_str() {
        "localhost" => "127.0.0.1".to_owned(),
        name => name.to_owned(),
    }
}
