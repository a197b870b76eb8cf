//! What a database program calls its own tools.

use serde::Serialize;

use crate::environment::Environment;
use crate::model::DatabaseDriver;
use crate::targets::Artifact;

/// The values of `backup/database-functions.sh`.
#[derive(Debug, Serialize)]
struct Functions {
    database: String,
    port: u16,
    mysql: bool,
}

pub(super) fn lower(environment: &Environment<'_>) -> Artifact {
    let service = &environment.settings().database;
    let values = Functions {
        database: environment
            .inventory()
            .project
            .name
            .as_str()
            .replace('-', "_"),
        port: service.port().get(),
        mysql: service.driver == DatabaseDriver::Mysql,
    };
    let template = match service.driver {
        DatabaseDriver::Mysql | DatabaseDriver::Mariadb => "backup/functions-mysql.sh.tera",
        DatabaseDriver::Postgresql => "backup/functions-postgresql.sh.tera",
    };
    environment.artifact("backup/database-functions.sh", template, &values)
}
