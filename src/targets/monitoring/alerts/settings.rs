//! Settings that services run with and that are not the rendered ones: somebody changed them by
//! hand, or a service still has to be restarted. `verify.yml` demands that there are none.

use super::Severity::Warning;
use super::{Alert, Scope};
use crate::model::{CacheDriver, DatabaseDriver};

/// Minutes for which settings may differ: a deployment restarts one machine after another.
const HOLD: u64 = 30;

/// What a service says about one of its settings.
struct Setting {
    name: &'static str,
    metric: &'static str,
    /// How the metric compares to what was rendered when it is wrong.
    wrong: &'static str,
    rendered: u64,
}

pub(super) fn alerts(scope: &Scope<'_>) -> Vec<Alert> {
    let settings = scope.environment.settings();
    let mut alerts = Vec::new();
    if settings.cache.driver == CacheDriver::Redis {
        alerts.push(cache(scope));
    }
    match settings.database.driver {
        DatabaseDriver::Mysql | DatabaseDriver::Mariadb => alerts.push(database(scope)),
        DatabaseDriver::Postgresql if scope.single() => {}
        DatabaseDriver::Postgresql => alerts.push(patroni()),
    }
    alerts
}

fn cache(scope: &Scope<'_>) -> Alert {
    let limits = &scope.environment.inventory().performance.cache;
    let settings = [
        Setting {
            name: "maxmemory",
            metric: "redis_memory_max_bytes",
            wrong: "!=",
            rendered: limits.max_memory.as_bytes(),
        },
        Setting {
            name: "maxclients",
            metric: "redis_config_maxclients",
            wrong: "!=",
            rendered: limits.max_connections.get().into(),
        },
    ];
    differing(
        Alert::new("CacheSettingsDiffer", Warning, "cache_settings", expr(&settings))
            .summary(r#"{{ $labels.setting }} of Redis on {{ $labels.instance }}, port {{ $labels.port }}, is {{ $value | printf "%.0f" }}"#)
            .action(
                "`CONFIG GET` shows what the instance runs with, its file below /etc/redis what it should. \
                 `ansible-playbook cache.yml --check --diff` says whether the file is the rendered one.",
            ),
        &settings,
        &[("instance", "cache1"), ("port", "6379")],
    )
}

fn database(scope: &Scope<'_>) -> Alert {
    let limits = &scope.environment.inventory().performance.database;
    let driver = scope.environment.settings().database.driver;
    let settings = [
        Setting {
            name: "max_connections",
            metric: "mysql_global_variables_max_connections",
            wrong: "!=",
            rendered: limits.max_connections.get().into(),
        },
        // The server rounds it up to whole chunks.
        Setting {
            name: "innodb_buffer_pool_size",
            metric: "mysql_global_variables_innodb_buffer_pool_size",
            wrong: "<",
            rendered: limits.buffer_pool_of(driver).as_bytes(),
        },
    ];
    differing(
        Alert::new("DatabaseSettingsDiffer", Warning, "database_settings", expr(&settings))
            .summary(r#"{{ $labels.setting }} of the database on {{ $labels.instance }} is {{ $value | printf "%.0f" }}"#)
            .action(
                "Somebody used SET GLOBAL, which lasts until a restart, or SET PERSIST, which RESET PERSIST \
                 takes back; or the server was not restarted since its file changed.",
            ),
        &settings,
        &[("instance", "db1")],
    )
}

/// Returns the settings that are wrong, each with its name.
fn expr(settings: &[Setting]) -> String {
    let wrong = settings.iter().map(|setting| {
        let Setting {
            name,
            metric,
            wrong,
            rendered,
        } = setting;
        format!(r#"label_replace({metric} {wrong} {rendered}, "setting", "{name}", "", "")"#)
    });
    wrong.collect::<Vec<_>>().join(" or ")
}

/// Completes an alert about settings: the first of them is below what was rendered, then none is.
fn differing(alert: Alert, settings: &[Setting], labels: &[(&str, &str)]) -> Alert {
    let names = settings.iter().map(|setting| setting.name);
    let rendered = settings
        .iter()
        .map(|setting| format!("{} {}", setting.name, setting.rendered));
    let selector = labels
        .iter()
        .map(|(name, value)| format!(r#"{name}="{value}""#))
        .collect::<Vec<_>>()
        .join(",");
    let series: Vec<_> = settings
        .iter()
        .map(|setting| format!("{}{{{selector}}}", setting.metric))
        .collect();
    let values: Vec<_> = settings
        .iter()
        .map(|setting| setting.rendered.to_string())
        .collect();
    let right: Vec<_> = series
        .iter()
        .zip(&values)
        .map(|(series, value)| (series.as_str(), value.as_str()))
        .collect();
    let mut wrong = right.clone();
    wrong[0].1 = "0";
    let mut expected = labels.to_vec();
    expected.extend(names.take(1).map(|name| ("setting", name)));
    alert
        .hold(HOLD)
        .meaning(format!(
            "What runs is not what was rendered ({}), and has not been for {HOLD}m.",
            rendered.collect::<Vec<_>>().join(", ")
        ))
        .fires(&wrong, &expected, "0")
        .silent(&right)
}

fn patroni() -> Alert {
    let series = r#"patroni_pending_restart{instance="db1"}"#;
    Alert::new(
        "DatabaseSettingsDiffer",
        Warning,
        "database_settings",
        "patroni_pending_restart == 1",
    )
    .hold(HOLD)
    .summary("PostgreSQL on {{ $labels.instance }} must be restarted to take its settings")
    .meaning(format!(
        "Patroni has settings that PostgreSQL takes at a restart only, and there was none for {HOLD}m."
    ))
    .action(
        "`patronictl list` shows who waits; `patronictl restart <cluster> <member>` restarts one: \
         the replicas first, then, after a switchover, the old primary.",
    )
    .fires(&[(series, "1")], &[("instance", "db1")], "1")
    .silent(&[(series, "0")])
}
