//! The JSON Schema of inventories, for editors and for `precast explain`.

use serde_json::{Map, Value, json};

use super::Inventory;

/// Returns the JSON Schema (draft 2020-12) of inventories.
pub fn schema() -> Value {
    let mut schema = schemars::schema_for!(Inventory).to_value();
    tidy(&mut schema);
    if let Some(Value::Object(dependencies)) = schema.pointer_mut("/$defs/Dependencies/properties")
    {
        dependencies
            .values_mut()
            .for_each(allow_list_of_single_keys);
    }
    schema
}

/// Forbids unknown keys, as the compiler does, and unfolds descriptions that are wrapped in the
/// source code.
fn tidy(node: &mut Value) {
    match node {
        Value::Object(map) => {
            if map.contains_key("properties") {
                map.insert("additionalProperties".to_owned(), false.into());
            }
            if let Some(Value::String(text)) = map.get_mut("description") {
                *text = text.replace('\n', " ");
            }
            map.values_mut().for_each(tidy);
        }
        Value::Array(items) => items.iter_mut().for_each(tidy),
        _ => {}
    }
}

/// `dependencies.cache` and its siblings may be lists of single keys.
fn allow_list_of_single_keys(property: &mut Value) {
    let Some(map) = property.as_object_mut() else {
        return;
    };
    if let Some(reference) = map.remove("$ref") {
        let one = json!({ "$ref": reference });
        let many = json!({
            "type": "array",
            "items": { "allOf": [one.clone()], "minProperties": 1, "maxProperties": 1 },
        });
        map.insert("anyOf".to_owned(), json!([one, many]));
    }
}

/// Returns the definition a schema refers to, or the schema itself.
pub(super) fn follow<'a>(root: &'a Value, node: &'a Value) -> &'a Map<String, Value> {
    let mut node = node;
    loop {
        let map = node.as_object().expect("a schema is an object");
        let reference = map.get("$ref").or_else(|| {
            // An optional value is one of a definition and null; a dependency one of a definition
            // and a list of it.
            map.get("anyOf")?.get(0)?.get("$ref")
        });
        match reference.and_then(Value::as_str) {
            Some(reference) => {
                let pointer = reference.trim_start_matches('#');
                node = root.pointer(pointer).expect("definitions exist");
            }
            None => return map,
        }
    }
}
