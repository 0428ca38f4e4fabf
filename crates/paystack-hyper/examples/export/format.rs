//! Customers as JSON Lines or as CSV.

use std::error::Error;
use std::fmt;
use std::io::{self, Write};

use paystack_hyper::customers::Customer;
use paystack_hyper::time::format_description::well_known::Rfc3339;
use paystack_hyper::{Metadata, RawJson};
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

const COLUMNS: [&str; 10] = [
    "id",
    "customer_code",
    "email",
    "first_name",
    "last_name",
    "phone",
    "risk_action",
    "metadata",
    "created_at",
    "updated_at",
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
                    csv.write_record(COLUMNS).map_err(io::Error::from)?;
                }
                for row in rows {
                    csv.write_record(cells(row.get()?)?)
                        .map_err(io::Error::from)?;
                }
                csv.flush()?;
            }
        }
        Ok(())
    }
}

fn cells(customer: Customer) -> Result<[String; 10], Box<dyn Error>> {
    let text =
        |text: Option<paystack_hyper::Sensitive>| text.as_deref().unwrap_or_default().to_owned();
    let time = |time: Option<paystack_hyper::time::OffsetDateTime>| {
        time.map_or(Ok(String::new()), |time| time.format(&Rfc3339))
    };
    let metadata = customer.metadata.as_ref().map_or("", Metadata::as_str);
    Ok([
        customer.id.to_string(),
        customer.customer_code.to_string(),
        customer.email.as_str().to_owned(),
        text(customer.first_name),
        text(customer.last_name),
        text(customer.phone),
        customer
            .risk_action
            .map_or_else(String::new, |action| action.to_string()),
        metadata.to_owned(),
        time(customer.created_at)?,
        time(customer.updated_at)?,
    ])
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::JsonLines => "JSON Lines",
            Self::Csv => "CSV",
        })
    }
}
