//! Checks responses against the OpenAPI description.

use boon::{Compiler, Draft, SchemaIndex, Schemas};
use paystack_sandbox::openapi;
use serde_json::{Value, json};

/// A described response: method, template of the path, status.
pub(super) type Described = (String, String, String);

/// The description, compiled.
pub(super) struct Description {
    schemas: Schemas,
    pub(super) responses: Vec<(Described, SchemaIndex)>,
    error: SchemaIndex,
}

const URL: &str = "http://sandbox.example/openapi.json";

impl Description {
    pub(super) fn new() -> Self {
        let mut document: Value = serde_json::from_str(openapi()).unwrap();
        refuse_undescribed_fields(&mut document);
        let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
        compiler.set_default_draft(Draft::V2020_12);
        compiler.enable_format_assertions();
        compiler.add_resource(URL, document.clone()).unwrap();
        let mut compile = |pointer: &str| {
            let location = format!("{URL}#{pointer}");
            compiler.compile(&location, &mut schemas).unwrap()
        };
        let error = compile("/components/schemas/Error");
        let mut responses = Vec::new();
        for (path, item) in document["paths"].as_object().unwrap() {
            let operations = item.as_object().unwrap().iter();
            for (method, operation) in operations.filter(|(name, _)| *name != "parameters") {
                for (status, response) in operation["responses"].as_object().unwrap() {
                    let pointer = match response["$ref"].as_str() {
                        Some(shared) => shared.trim_start_matches('#').to_owned(),
                        None => format!(
                            "/paths/{}/{method}/responses/{status}",
                            path.replace('/', "~1")
                        ),
                    };
                    let content = document.pointer(&pointer).unwrap()["content"].clone();
                    let kind = content.as_object().unwrap().keys().next().unwrap();
                    let kind = kind.replace('/', "~1");
                    let schema = compile(&format!("{pointer}/content/{kind}/schema"));
                    responses.push((
                        (method.to_uppercase(), path.clone(), status.clone()),
                        schema,
                    ));
                }
            }
        }
        Self {
            schemas,
            responses,
            error,
        }
    }

    /// Checks the JSON of a response, and returns its place in the description. Any error without one is an `Error`.
    pub(super) fn check(
        &self,
        method: &str,
        path: &str,
        status: &str,
        body: &Value,
    ) -> Option<&Described> {
        let found = self.responses.iter().find(|((of, template, code), _)| {
            of == method && code == status && matches(template, path)
        });
        assert!(
            found.is_some() || !status.starts_with('2'),
            "{method} {path}"
        );
        let schema = found.map_or(self.error, |(_, schema)| *schema);
        let result = self.schemas.validate(body, schema);
        let error = result.err().map(|error| format!("{error:#}"));
        assert_eq!(error, None, "{method} {path}: {body}");
        found.map(|(described, _)| described)
    }
}

/// Adds `additionalProperties: false` to each object with properties.
fn refuse_undescribed_fields(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            if members.contains_key("properties") {
                members.insert("additionalProperties".to_owned(), json!(false));
            }
            members.values_mut().for_each(refuse_undescribed_fields);
        }
        Value::Array(items) => items.iter_mut().for_each(refuse_undescribed_fields),
        _ => {}
    }
}

fn matches(template: &str, path: &str) -> bool {
    let path = path.strip_suffix('/').unwrap_or(path);
    let (template, path): (Vec<_>, Vec<_>) =
        (template.split('/').collect(), path.split('/').collect());
    let mut segments = template.iter().zip(&path);
    template.len() == path.len()
        && segments.all(|(template, segment)| template.starts_with('{') || template == segment)
}
