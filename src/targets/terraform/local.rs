//! Provider `local`: machines on this computer, with no account and no network.

use super::{Maker, Platform};
use crate::environment::Environment;
use crate::model::Provider;
use crate::targets::Artifact;

/// The provider.
pub(super) const MAKER: Maker = Maker {
    provider: Provider::Local,
    lower,
};

fn lower(environment: &Environment<'_>, platform: &Platform) -> Vec<Artifact> {
    vec![
        environment.artifact(
            "terraform/versions.tf",
            "terraform/local/versions.tf.tera",
            platform,
        ),
        environment
            .artifact(
                "terraform/locals.tf",
                "terraform/local/locals.tf.tera",
                platform,
            )
            .impact("changes machines, network or firewall: see `terraform plan`"),
        environment.artifact(
            "terraform/main.tf",
            "terraform/local/main.tf.tera",
            platform,
        ),
        environment.artifact(
            "terraform/outputs.tf",
            "terraform/local/outputs.tf.tera",
            platform,
        ),
    ]
}
