//! The command `status`.

use std::io::{self, BufWriter, Write};

use crate::database::Database;
use crate::{Output, Result};

/// Prints the counts and the failed rows. In JSON, one line is the counts, and each further line a failed row.
pub(crate) async fn print(database: &Database, output: Output) -> Result<()> {
    let mut out = BufWriter::new(io::stdout());
    let counts = database.counts().await?;
    match output {
        Output::Json => writeln!(out, "{}", serde_json::to_string(&counts)?)?,
        Output::Text => writeln!(
            out,
            "{} waiting, {} under way or unknown, {} done, {} failed",
            counts.waiting, counts.sent, counts.done, counts.failed
        )?,
    }
    let mut last = 0;
    loop {
        let page = database.failed(last).await?;
        for (id, row) in &page {
            match output {
                Output::Json => writeln!(out, "{}", serde_json::to_string(row)?)?,
                Output::Text => writeln!(out, "{} line {}: {}", row.file, row.line, row.message)?,
            }
            last = *id;
        }
        if page.is_empty() {
            return Ok(out.flush()?);
        }
    }
}
