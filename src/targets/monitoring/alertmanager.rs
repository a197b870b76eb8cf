//! Alertmanager: who is told, how, and how often.

use serde::Serialize;

use super::{Part, Severity};
use crate::deployment::{Deployment, Origin, Secret};
use crate::environment::Environment;
use crate::model::Channel;
use crate::targets::Artifact;
use crate::topology::{Role, ports};

pub(super) const PART: Part = Part { lower, deployment };

/// The values of `alertmanager.yml`.
#[derive(Debug, Serialize)]
struct Routes {
    repeat_interval: String,
    email: Option<Email>,
    slack: Option<Slack>,
    receivers: [Receiver; 2],
    words: Words,
    dead_mans_switch: String,
}

/// Who is told about alerts of one severity.
#[derive(Debug, Serialize)]
struct Receiver {
    name: &'static str,
    /// Whether somebody is woken.
    pages: bool,
}

/// What messages say, in the template language of Alertmanager.
#[derive(Debug, Serialize)]
struct Words {
    subject: String,
    link: String,
    text: String,
    page: String,
}

/// How alerts are mailed.
#[derive(Debug, Serialize)]
struct Email {
    to: String,
    from: String,
    smarthost: String,
    require_tls: bool,
    /// Empty where the server asks for none.
    username: String,
}

/// How alerts are posted to Slack.
#[derive(Debug, Serialize)]
struct Slack {
    /// Empty where it is the webhook's own.
    channel: String,
}

/// The values of `group_vars/monitoring/alertmanager.yml`.
#[derive(Debug, Serialize)]
struct Variables {
    secrets: Vec<&'static str>,
}

/// The values of `/etc/default/prometheus-alertmanager`.
#[derive(Debug, Serialize)]
struct Arguments {
    port: u16,
    portal: String,
}

fn lower(environment: &Environment<'_>) -> Vec<Artifact> {
    vec![
        environment
            .artifact(
                "monitoring/alertmanager/alertmanager.yml",
                "monitoring/alertmanager/alertmanager.yml.tera",
                &routes(environment),
            )
            .impact(environment.impact("reloads Alertmanager", Role::Monitoring)),
        environment
            .artifact(
                "monitoring/alertmanager/prometheus-alertmanager",
                "monitoring/alertmanager/prometheus-alertmanager.tera",
                &Arguments {
                    port: ports::ALERTMANAGER,
                    portal: super::metrics::portal(environment),
                },
            )
            .impact(environment.impact("restarts Alertmanager", Role::Monitoring)),
        environment.artifact(
            "ansible/inventory/group_vars/monitoring/alertmanager.yml",
            "monitoring/group_vars/monitoring.yml.tera",
            &Variables {
                secrets: secrets(environment).iter().map(|it| it.name).collect(),
            },
        ),
    ]
}

fn deployment(environment: &Environment<'_>) -> Deployment {
    Deployment {
        roles: vec!["alertmanager"],
        secrets: secrets(environment),
        ..Deployment::default()
    }
}

fn sends_to(environment: &Environment<'_>, channel: Channel) -> bool {
    let alerts = &environment.inventory().monitoring.alerts;
    alerts.channels.contains(&channel)
}

/// Returns the secrets of the channels that are in use.
fn secrets(environment: &Environment<'_>) -> Vec<Secret> {
    let given = |name, purpose| Secret {
        name,
        purpose,
        origin: Origin::Given,
    };
    let logs_in = email(environment).is_some_and(|email| !email.username.is_empty());
    [
        logs_in.then(|| given("alert_email_password", "sending alerts by mail")),
        sends_to(environment, Channel::Slack)
            .then(|| given("alert_slack_url", "posting alerts to a Slack webhook")),
        sends_to(environment, Channel::Pagerduty)
            .then(|| given("alert_pagerduty_key", "paging by PagerDuty's Events API v2")),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Returns how alerts are mailed, if they are and it is known to whom.
fn email(environment: &Environment<'_>) -> Option<Email> {
    let email = &environment.inventory().monitoring.alerts.email;
    let to = email.to.as_ref()?;
    sends_to(environment, Channel::Email).then(|| Email {
        to: to.to_string(),
        from: email.from.as_ref().unwrap_or(to).to_string(),
        smarthost: email.smarthost.to_string(),
        require_tls: !email.smarthost.is_local(),
        username: email
            .username
            .as_ref()
            .map_or_else(String::new, ToString::to_string),
    })
}

/// A name is letters, digits and hyphens, so it cannot end a template.
fn words(environment: &Environment<'_>) -> Words {
    let name = environment.name();
    let summaries = "{{ range .Alerts }}{{ .Annotations.summary }}\n\
        {{ .Annotations.description }}\n{{ .Annotations.runbook }}\n{{ end }}";
    Words {
        subject: format!(
            "[{name}] {{{{ .Status | toUpper }}}} {{{{ .CommonLabels.severity }}}}: \
             {{{{ .GroupLabels.alertname }}}}"
        ),
        link: "{{ .ExternalURL }}/#/alerts?receiver={{ .Receiver }}".to_owned(),
        text: summaries.to_owned(),
        page: format!("[{name}] {{{{ (index .Alerts 0).Annotations.summary }}}}"),
    }
}

fn routes(environment: &Environment<'_>) -> Routes {
    let alerts = &environment.inventory().monitoring.alerts;
    Routes {
        repeat_interval: alerts.repeat_interval.to_string(),
        email: email(environment),
        slack: sends_to(environment, Channel::Slack).then(|| Slack {
            channel: alerts
                .slack
                .channel
                .as_ref()
                .map_or_else(String::new, ToString::to_string),
        }),
        receivers: [
            Receiver {
                name: Severity::Warning.name(),
                pages: false,
            },
            Receiver {
                name: Severity::Critical.name(),
                pages: sends_to(environment, Channel::Pagerduty),
            },
        ],
        words: words(environment),
        dead_mans_switch: alerts
            .dead_mans_switch
            .as_ref()
            .map_or_else(String::new, ToString::to_string),
    }
}
