//! Values with a meaning: each is parsed once, from what the inventory says, into a type that
//! cannot be wrong afterwards, and printed in whichever unit a tool wants.

pub mod cron;
pub mod duration;
pub mod error_reporting;
pub mod host;
pub mod name;
pub mod network;
pub mod number;
pub mod permissions;
pub mod repository;
pub mod size;
pub mod switch;
pub mod text;
pub mod version;

pub use cron::Cron;
pub use duration::Duration;
pub use error_reporting::ErrorReporting;
pub use host::Host;
pub use name::Name;
pub use network::Network;
pub use number::{Count, IoThreads, Percent, Port};
pub use permissions::Permissions;
pub use repository::Repository;
pub use size::{AtLeast, Size};
pub use switch::Switch;
pub use text::{
    Endpoint, Extension, FilePath, FreeText, HeaderName, HeaderValue, InnerPath, Interface,
    MailAddress, ServerName, SettingName, SlackChannel, TimeZone, UrlPath, Variable, VariableName,
    WebAddress,
};
pub use version::Requirement;

use std::fmt;

/// Why a value was refused, before its place is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The diagnostic's code.
    pub code: &'static str,
    /// What is wrong with the value.
    pub message: String,
    /// The way out.
    pub hint: String,
}

impl Refusal {
    /// A value that cannot be parsed or is out of range.
    pub fn new(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::coded("L02", message, hint)
    }

    /// The same under a code of its own.
    pub fn coded(code: &'static str, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            hint: hint.into(),
        }
    }

    /// Reads back what [`fmt::Display`] wrote. Serde carries errors as text only, so a refusal
    /// crosses it as three fields between unit separators.
    pub fn from_serde(text: &str) -> Option<(String, String, String)> {
        let mut fields = text.split('\u{1f}');
        let (_, code, message, hint) = (
            fields.next()?,
            fields.next()?,
            fields.next()?,
            fields.next()?,
        );
        Some((code.to_owned(), message.to_owned(), hint.to_owned()))
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            code,
            message,
            hint,
        } = self;
        write!(f, "\u{1f}{code}\u{1f}{message}\u{1f}{hint}\u{1f}")
    }
}

/// A scalar as written in an inventory: quoted or not.
#[derive(Debug, Clone, Copy)]
pub enum Scalar<'a> {
    /// A string.
    Text(&'a str),
    /// A whole number.
    Integer(i64),
    /// `true` or `false`.
    Flag(bool),
    /// A number that is not whole, or too large.
    Other(&'a str),
}

impl fmt::Display for Scalar<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) | Self::Other(text) => f.write_str(text),
            Self::Integer(number) => write!(f, "{number}"),
            Self::Flag(flag) => write!(f, "{flag}"),
        }
    }
}

/// A type read from one scalar.
pub trait Unit: Sized {
    /// Reads the value.
    ///
    /// # Errors
    /// Says what is wrong and one way out.
    fn read(scalar: Scalar<'_>) -> Result<Self, Refusal>;

    /// Returns the canonical spelling, in the inventory's own notation.
    fn spell(&self) -> String;

    /// Describes the type to JSON Schema; `examples` are also the values `precast explain` tries
    /// when it looks for the lines a key shapes.
    fn schema() -> UnitSchema;
}

/// What `precast schema` says about a [`Unit`].
#[derive(Debug, Clone, Copy)]
pub struct UnitSchema {
    /// The type's name.
    pub name: &'static str,
    /// What it is, for the person writing YAML.
    pub description: &'static str,
    /// JSON types accepted, the canonical one first: `string`, `integer`, `boolean`.
    pub types: &'static [&'static str],
    /// Valid values that differ from each other.
    pub examples: &'static [&'static str],
}

/// Implements serde and JSON Schema for types that implement [`Unit`].
macro_rules! unit_serde {
    ($($type:ty),+ $(,)?) => {$(
        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_any(crate::units::ScalarVisitor(std::marker::PhantomData))
            }
        }

        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                crate::units::spelled::<$type>(&crate::units::Unit::spell(self))
                    .serialize(serializer)
            }
        }

        impl schemars::JsonSchema for $type {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                <$type as crate::units::Unit>::schema().name.into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                let unit = <$type as crate::units::Unit>::schema();
                let examples: Vec<_> = unit
                    .examples
                    .iter()
                    .map(|example| crate::units::spelled::<$type>(example))
                    .collect();
                schemars::json_schema!({
                    "type": unit.types,
                    "description": unit.description,
                    "examples": examples,
                })
            }
        }
    )+};
}
pub(crate) use unit_serde;

/// Returns the canonical JSON value for a spelling: a number or a truth value where the type is
/// one, else a string.
pub(crate) fn spelled<T: Unit>(text: &str) -> serde_json::Value {
    match T::schema().types.first() {
        Some(&("integer" | "boolean")) => text.parse().unwrap_or(serde_json::Value::Null),
        _ => text.into(),
    }
}

/// Hands a scalar to [`Unit::read`].
pub(crate) struct ScalarVisitor<T>(pub(crate) std::marker::PhantomData<T>);

impl<T: Unit> serde::de::Visitor<'_> for ScalarVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::schema().description)
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<T, E> {
        T::read(Scalar::Text(text)).map_err(E::custom)
    }

    fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<T, E> {
        T::read(Scalar::Integer(number)).map_err(E::custom)
    }

    fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<T, E> {
        match i64::try_from(number) {
            Ok(number) => self.visit_i64(number),
            Err(_) => T::read(Scalar::Other(&number.to_string())).map_err(E::custom),
        }
    }

    fn visit_f64<E: serde::de::Error>(self, number: f64) -> Result<T, E> {
        T::read(Scalar::Other(&number.to_string())).map_err(E::custom)
    }

    fn visit_bool<E: serde::de::Error>(self, flag: bool) -> Result<T, E> {
        T::read(Scalar::Flag(flag)).map_err(E::custom)
    }
}
