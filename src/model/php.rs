//! Section `php`: PHP and its process manager.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::units::{Count, Duration, FreeText, SettingName, Size, TimeZone};

/// PHP itself and its process manager.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct Php {
    /// The most memory one request may use.
    pub memory_limit: Size,
    /// The largest file a visitor may upload.
    pub upload_max_filesize: Size,
    /// The largest request body PHP reads; at least `upload_max_filesize`.
    pub post_max_size: Size,
    /// The longest one request may run.
    pub max_execution_time: Duration,
    /// The time zone of dates without one.
    pub timezone: TimeZone,
    /// Memory for compiled scripts.
    pub opcache_memory: Size,
    /// What one php-fpm child uses on average; the number of children is computed from it.
    pub child_memory: Size,
    /// php-fpm children per application machine; computed when absent.
    pub max_children: Option<Count>,
    /// Requests a child serves before it is replaced, which bounds leaks. 0 means never.
    pub max_requests: Count,
    /// How long a visitor's session lives without a request.
    pub session_lifetime: Duration,
    /// Further php.ini settings by name.
    pub settings: BTreeMap<SettingName, FreeText>,
}

impl Default for Php {
    fn default() -> Self {
        Self {
            memory_limit: Size::mebibytes(128),
            upload_max_filesize: Size::mebibytes(16),
            post_max_size: Size::mebibytes(20),
            max_execution_time: Duration::seconds(30),
            timezone: TimeZone::utc(),
            opcache_memory: Size::mebibytes(128),
            child_memory: Size::mebibytes(48),
            max_children: None,
            max_requests: Count::of(1000),
            session_lifetime: Duration::seconds(86_400),
            settings: BTreeMap::new(),
        }
    }
}
