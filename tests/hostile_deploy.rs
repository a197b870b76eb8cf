//! Values that look like somebody else's syntax arrive as they were written.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that panics says why, and one that is skipped says so"
)]

mod common;

use std::process::Command;

use common::{Project, can_use, run_apart};

const HOSTILE: &str = r#"it's "quoted" \ ${path.root} $${x} %{ if true } {{ lookup('env', 'HOME') }} {% x %} {# y #} # ü: - &a *b !c"#;

fn project() -> Project {
    let inventory = serde_json::json!({
        "project": { "description": HOSTILE },
        "environment": { "production": { "variables": { "HOSTILE": HOSTILE } } },
        "php": { "settings": { "user_agent": HOSTILE } },
        "load_balancer": { "headers": { "X-Hostile": HOSTILE } },
    });
    // JSON is YAML.
    let project = Project::new(&inventory.to_string());
    project.render(&[]);
    project
}

/// Returns a quoted string as Terraform would evaluate it.
fn unescaped(expression: &hcl::Expression) -> String {
    match expression {
        hcl::Expression::String(text) => text.clone(),
        hcl::Expression::TemplateExpr(template) => {
            let template = hcl::Template::from_expr(template).unwrap();
            let literals = template.elements().iter().map(|element| match element {
                hcl::template::Element::Literal(text) => text.clone(),
                other => panic!("{other:?} would be evaluated"),
            });
            literals.collect()
        }
        other => panic!("{other:?} is not a string"),
    }
}

#[test]
fn hcl_keeps_every_character() {
    let project = project();
    let body = hcl::parse(&project.read("out/production/terraform/locals.tf")).unwrap();
    let locals = body.blocks().next().unwrap();
    let description = locals
        .body()
        .attributes()
        .find(|attribute| attribute.key() == "description")
        .unwrap();
    assert_eq!(unescaped(description.expr()), HOSTILE);
}

#[test]
fn terraform_keeps_every_character() {
    if !can_use(&["terraform"]) {
        return;
    }
    let project = project();
    let folder = project.path("out/production/terraform");
    let terraform = |arguments: &[&str]| {
        run_apart(
            Command::new("terraform")
                .current_dir(&folder)
                .args(arguments),
        )
        .0
    };
    terraform(&["fmt", "-check", "-diff"]);
    terraform(&["init", "-input=false"]);
    terraform(&["plan", "-input=false", "-out=plan"]);
    let plan: serde_json::Value =
        serde_json::from_str(&terraform(&["show", "-json", "plan"])).unwrap();
    let outputs = &plan["planned_values"]["outputs"];
    assert_eq!(outputs["platform"]["value"]["description"], HOSTILE);
}

#[test]
fn yaml_keeps_every_character_and_ansible_evaluates_none() {
    let project = project();
    let text = project.read("out/production/ansible/inventory/group_vars/all/platform.yml");
    let variables: serde_yaml::Value = serde_yaml::from_str(&text).unwrap();
    let serde_yaml::Value::Tagged(description) = &variables["platform_description"] else {
        panic!("not marked as unsafe: {text}");
    };
    assert_eq!(description.tag, "!unsafe");
    assert_eq!(description.value, HOSTILE);
}

#[test]
fn every_rendered_yaml_file_parses() {
    let project = project();
    let out = project.path("out");
    let files = walkdir::WalkDir::new(out).into_iter().map(Result::unwrap);
    let yaml = files.filter(|file| file.path().extension().is_some_and(|e| e == "yml"));
    for file in yaml {
        let text = std::fs::read_to_string(file.path()).unwrap();
        serde_yaml::from_str::<serde_yaml::Value>(&text).unwrap();
    }
}
