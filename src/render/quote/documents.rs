//! Documents for people and programs: comments, Markdown, JSON.

use tera::Value;

use super::{Quoted, Scalar, scalar};

/// Text inside a comment: kept on its line.
pub(super) fn comment(value: &Value) -> Quoted {
    Ok(match scalar(value)? {
        Scalar::Text(text) => text
            .chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .collect(),
        Scalar::Flag(flag) => flag.to_string(),
        Scalar::Number(number) => number,
    })
}

/// Markdown of our own, such as what an alert means: one line, in which code is marked as code.
/// Not for values of the inventory.
pub(super) fn prose(value: &Value) -> Quoted {
    comment(value)
}

/// Lines of a fenced block of Markdown, which only a fence could end.
pub(super) fn fenced(value: &Value) -> Quoted {
    match scalar(value)? {
        Scalar::Text(text) if text.contains("```") => Err(tera::Error::message(
            "a fence has no place in a fenced block",
        )),
        Scalar::Text(text) => Ok(text.to_owned()),
        _ => Err(tera::Error::message("a fenced block is made of text")),
    }
}

/// Markdown: text in which nothing is markup, in a paragraph or in a cell of a table.
pub(super) fn markdown(value: &Value) -> Quoted {
    let text = match scalar(value)? {
        Scalar::Text(text) => text,
        Scalar::Flag(flag) => return Ok(if flag { "yes" } else { "no" }.to_owned()),
        Scalar::Number(number) => return Ok(number),
    };
    let mut quoted = String::with_capacity(text.len());
    let mut before = ' ';
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        let beside_space = |c: char| c == ' ';
        let next = characters.peek().copied().unwrap_or(' ');
        // A star or a sign between spaces, and an underscore inside a word, begin nothing.
        let harmless = match c {
            '*' | '<' => beside_space(before) && (beside_space(next) || next == '='),
            '_' => before.is_alphanumeric() && next.is_alphanumeric(),
            _ => !"\\`[]<|#~&!".contains(c),
        };
        if c.is_control() {
            quoted.push(' ');
        } else {
            if !harmless {
                quoted.push('\\');
            }
            quoted.push(c);
        }
        before = c;
    }
    Ok(quoted)
}

/// JSON: a quoted string, a number or a flag.
pub(super) fn json(value: &Value) -> Quoted {
    Ok(match scalar(value)? {
        Scalar::Text(text) => serde_json::Value::from(text).to_string(),
        Scalar::Flag(flag) => flag.to_string(),
        Scalar::Number(number) => number,
    })
}

/// JSON, of any value: a whole document that stands under a key of another, two spaces in. Keys are
/// sorted; the template engine has them in no order.
pub(super) fn json_document(value: &Value) -> Quoted {
    serde_json::to_value(value)
        .and_then(|value| serde_json::to_string_pretty(&value))
        .map(|text| text.replace('\n', "\n  "))
        .map_err(|error| tera::Error::message(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::super::tests::all;
    use super::*;

    #[test]
    fn json_takes_any_value() {
        assert_eq!(all(json, &["a\"b</"]), ["\"a\\\"b</\""]);
        assert_eq!(json(&Value::from(5)).unwrap(), "5");
        let list = Value::from(vec![Value::from(1), Value::from("a\nb")]);
        assert_eq!(
            json_document(&list).unwrap(),
            "[\n    1,\n    \"a\\nb\"\n  ]"
        );
    }
}
