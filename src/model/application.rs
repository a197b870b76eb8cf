//! Section `application`: how releases reach the machines.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::units::{Count, Duration, FreeText, InnerPath, UrlPath};

/// How releases of the application reach the machines.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct Application {
    /// What a new release must answer with status 200 before the next machine is touched, as a path
    /// of its own site.
    pub health_path: UrlPath,
    /// How long a new release may take until it does.
    pub health_timeout: Duration,
    /// Folders of a release that all releases and machines share, such as `public/uploads`. Each is
    /// a link into shared storage.
    pub shared_paths: Vec<InnerPath>,
    /// Commands run in the new release's folder on every machine before it goes live, such as
    /// `php bin/console cache:warmup`. They run as the application's user and without a shell.
    pub prepare: Vec<FreeText>,
    /// Commands run once per release, on the first machine, before it goes live there: changes of
    /// the database's tables. The release before must still work with them.
    pub migrate: Vec<FreeText>,
    /// Releases kept on each machine, the live one included; what `rollback.yml` can go back to.
    pub keep_releases: Count,
}

impl Default for Application {
    fn default() -> Self {
        Self {
            health_path: UrlPath::root(),
            health_timeout: Duration::seconds(30),
            shared_paths: Vec::new(),
            prepare: Vec::new(),
            migrate: Vec::new(),
            keep_releases: Count::of(5),
        }
    }
}
