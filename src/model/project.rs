//! Section `project`: what is built.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::units::{FreeText, Name, Scalar, Unit};

/// What is built, for people and labels.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct Project {
    /// A short name. It becomes part of file names and labels.
    pub name: Name,
    /// One sentence on what the platform runs, shown in the Terraform state and the Ansible play.
    pub description: FreeText,
}

impl Default for Project {
    fn default() -> Self {
        Self {
            name: Name::read(Scalar::Text("app")).expect("a valid name"),
            description: FreeText::default(),
        }
    }
}
