//! Customers as JSON Lines or as CSV.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt;
use std::io::{self, Write};

use paystack_hyper::{JsonError, RawJson};
use serde::{Deserialize, Serialize};

/// The format of the output.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Format {
    /// One line for each customer, with the whole JSON object that Paystack sent.
    JsonLines,
    /// The fields in `COLUMNS`. Cells are not escaped for spreadsheets, which may interpret a name that
    /// starts with `=` as a formula.
    Csv,
}

/// The names of the columns, and of their fields.
const COLUMNS: [(&str, &str); 10] = [
    ("id", "id"),
    ("customer_code", "customer_code"),
    ("email", "email"),
    ("first_name", "first_name"),
    ("last_name", "last_name"),
    ("phone", "phone"),
    ("risk_action", "risk_action"),
    ("metadata", "metadata"),
    ("created_at", "createdAt"),
    ("updated_at", "updatedAt"),
];

impl Format {
    /// Writes rows. `written` is the number of rows that were written before.
    pub(crate) fn write_from(
        self,
        to: &mut impl Write,
        rows: &[RawJson],
        written: u64,
    ) -> Result<(), Box<dyn Error>> {
        match self {
            Self::JsonLines => {
                for row in rows {
                    // A line break in JSON is white space between values: strings escape theirs.
                    let line = row.as_str().replace(['\n', '\r'], " ");
                    writeln!(to, "{line}")?;
                }
            }
            Self::Csv => {
                let mut csv = csv::Writer::from_writer(to);
                if written == 0 {
                    csv.write_record(COLUMNS.map(|(column, _)| column))
                        .map_err(io::Error::from)?;
                }
                for row in rows {
                    csv.write_record(cells(row)?).map_err(io::Error::from)?;
                }
                csv.flush()?;
            }
        }
        Ok(())
    }
}

/// The text of each column: as received, because one odd field must not end an export.
fn cells(customer: &RawJson) -> Result<[String; 10], JsonError> {
    let fields: BTreeMap<String, RawJson> = customer.get()?;
    Ok(COLUMNS.map(|(column, name)| {
        let mut values = [name, column]
            .into_iter()
            .filter_map(|name| fields.get(name));
        let value = values.find(|value| value.as_str() != "null");
        value.map_or_else(String::new, |value| {
            let text = value.get::<String>();
            text.unwrap_or_else(|_| value.as_str().to_owned())
        })
    }))
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::JsonLines => "JSON Lines",
            Self::Csv => "CSV",
        })
    }
}
