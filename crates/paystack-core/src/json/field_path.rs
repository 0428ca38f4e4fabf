//! The path to a field.

use std::fmt;

use serde_path_to_error::{Path, Segment};

use crate::types::Redacted;

/// A step of a path.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Key {
    /// The row of a list, by its index.
    Row(usize),
    /// The field of an object, or the key of a map.
    Field(Box<str>),
}

impl Key {
    /// The steps of serde's path, up to the first one that it does not know.
    pub(super) fn path(path: &Path) -> Vec<Self> {
        let keys = path.iter().map_while(|segment| match segment {
            Segment::Seq { index } => Some(Self::Row(*index)),
            Segment::Map { key } | Segment::Enum { variant: key } => {
                Some(Self::Field(key.as_str().into()))
            }
            Segment::Unknown => None,
        });
        keys.collect()
    }
}

/// A path to a field, and the same with redacted keys for `Display`: a key may be an e-mail address.
#[derive(Clone, Default, PartialEq, Eq)]
pub(super) struct FieldPath {
    pub(super) text: String,
    pub(super) shown: String,
}

impl FieldPath {
    pub(super) fn new<'a>(keys: impl IntoIterator<Item = &'a Key>) -> Self {
        let path = Self::default();
        keys.into_iter().fold(path, |path, key| match key {
            Key::Row(index) => path.row(*index),
            Key::Field(name) => path.field(name),
        })
    }

    /// Appends the index of a row.
    fn row(mut self, index: usize) -> Self {
        for text in [&mut self.text, &mut self.shown] {
            text.push_str(&format!("[{index}]"));
        }
        self
    }

    /// Appends the name of a field or the key of a map.
    pub(super) fn field(mut self, name: &str) -> Self {
        let shown = Redacted(name).all_or_nothing();
        let names = [name, &shown];
        for (text, name) in [&mut self.text, &mut self.shown].into_iter().zip(names) {
            if !text.is_empty() {
                text.push('.');
            }
            text.push_str(name);
        }
        self
    }
}

impl fmt::Display for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

impl fmt::Debug for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{self}\"")
    }
}
