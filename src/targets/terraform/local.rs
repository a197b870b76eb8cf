//! Provider `local`: machines on this computer, with no account and no network. They are systemd
//! containers; what makes them goes out beside `main.tf`.

use serde::Serialize;

use super::{Maker, Platform};
use crate::environment::Environment;
use crate::model::Provider;
use crate::targets::Artifact;

/// The provider.
pub(super) const MAKER: Maker = Maker {
    provider: Provider::Local,
    lower,
};

/// The values of a file that has none.
#[derive(Debug, Serialize)]
struct Nothing {}

fn lower(environment: &Environment<'_>, platform: &Platform) -> Vec<Artifact> {
    let configuration = |path, template| environment.artifact(path, template, platform);
    let copy = |path, template| environment.artifact(path, template, &Nothing {});
    vec![
        configuration("terraform/versions.tf", "terraform/local/versions.tf.tera"),
        configuration("terraform/locals.tf", "terraform/local/locals.tf.tera")
            .impact("changes machines, network or firewall: see `terraform plan`"),
        configuration("terraform/main.tf", "terraform/local/main.tf.tera"),
        configuration("terraform/outputs.tf", "terraform/local/outputs.tf.tera"),
        copy("terraform/machines.sh", "terraform/local/machines.sh"),
        copy("terraform/packages.py", "terraform/local/packages.py"),
        copy("terraform/mysql.sh", "terraform/local/mysql.sh"),
        copy("terraform/connect.py", "terraform/local/connect.py"),
        copy(
            "ansible/inventory/group_vars/all/connection.yml",
            "terraform/local/connection.yml",
        ),
    ]
}
