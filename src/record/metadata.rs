//! Extended metadata of RSF records: JSON, with librmn's liberties.

use serde_json::Value;

/// The JSON value of a text of extended metadata.
pub(crate) fn parse(text: &str) -> serde_json::Result<Value> {
    serde_json::from_str(&without_bare_numbers(text))
}

/// Replaces the literals that are no JSON by `null`, outside of strings.
fn without_bare_numbers(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut in_string = false;
    while let Some(c) = rest.chars().next() {
        let mut step = c.len_utf8();
        match c {
            '"' => in_string = !in_string,
            '\\' if in_string => step += rest[step..].chars().next().map_or(0, char::len_utf8),
            'N' | 'I' | '-' if !in_string => {
                if let Some(literal) =
                    ["NaN", "Infinity", "-Infinity", "-NaN"].into_iter().find(|l| rest.starts_with(l))
                {
                    out.push_str("null");
                    rest = &rest[literal.len()..];
                    continue;
                }
            }
            _ => {}
        }
        out.push_str(&rest[..step]);
        rest = &rest[step..];
    }
    out
}

/// Whether `found` has what `criterion` asks for (`docs/format/record.md`, 6.2; without regular expressions).
pub(crate) fn matches(criterion: &Value, found: &Value) -> bool {
    match (criterion, found) {
        (Value::Null, _) => true, // also NaN
        (Value::Object(wanted), Value::Object(there)) => {
            wanted.iter().all(|(key, value)| there.get(key).is_some_and(|other| matches(value, other)))
        }
        (Value::Array(wanted), Value::Array(there)) => matches_array(wanted, there),
        (Value::Number(wanted), _) if wanted.as_f64() == Some(-1.0) => true,
        (Value::Number(wanted), Value::Number(there)) => wanted.as_f64() == there.as_f64(),
        (wanted, there) => wanted == there,
    }
}

fn matches_array(wanted: &[Value], there: &[Value]) -> bool {
    for (k, item) in wanted.iter().enumerate() {
        let anything = match item {
            Value::Null => true,
            Value::String(text) => text.is_empty(),
            Value::Number(number) => number.as_f64() == Some(-1.0),
            _ => false,
        };
        if anything {
            return k + 1 == wanted.len(); // librmn stops looking here
        }
        let found = there.iter().any(|other| match (item, other) {
            (Value::String(prefix), Value::String(text)) => text.starts_with(prefix.as_str()),
            _ => matches(item, other),
        });
        if !found {
            return false;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn bare_numbers_become_null_outside_of_strings() {
        let text = r#"{"a":NaN,"b":[-Infinity,Infinity],"c":"NaN \" Infinity","d":-1}"#;
        let value: Value = serde_json::from_str(&without_bare_numbers(text)).expect("JSON");
        assert_eq!(value, json!({"a": null, "b": [null, null], "c": "NaN \" Infinity", "d": -1}));
        assert_eq!(without_bare_numbers("\"\\"), "\"\\");
    }

    #[test]
    fn matching() {
        let record = json!({"version": "0.1.0", "data": {"bits": 32}, "size": [3, 2, 1], "q": ["tag:A", "raw"]});
        for (criterion, expected) in [
            (json!({}), true),
            (json!({"version": "0.1.0"}), true),
            (json!({"version": "0.2"}), false),
            (json!({"none": null}), false),
            (json!({"version": null}), true),
            (json!({"data": {"bits": 32}}), true),
            (json!({"data": {"bits": -1}}), true),
            (json!({"data": {"bits": 16}}), false),
            (json!({"q": ["tag:"]}), true),
            (json!({"q": ["raw", "tag:B"]}), false),
            (json!({"q": [""]}), true),
            (json!({"q": ["", "raw"]}), false),
            (json!({"size": [2]}), true),
            (json!({"size": [4]}), false),
        ] {
            assert_eq!(matches(&criterion, &record), expected, "{criterion}");
        }
    }
}
