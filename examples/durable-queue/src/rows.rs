//! The rows of the queue: their states, and every change of a state.
//!
//! ```text
//! waiting ──intent──▶ sent ──▶ done
//!    ▲                 │└────▶ failed ──retry──▶ waiting, or sent if its outcome is unknown
//!    └──not processed──┘
//! ```
//!
//! A row that stays `sent` has an unknown outcome: its worker checks it before it sends it again. Each change of a
//! row and the task of its next turn are one transaction.

use std::path::Path;
use std::time::{Duration, SystemTime};

use serde::Serialize;
use sqlx::{QueryBuilder, Row as _};

use crate::Result;
use crate::csv_rows;
use crate::database::{Database, Push, Turn, on};
use crate::job::Job;

/// The rows that one statement inserts.
const CHUNK: usize = 500;

/// A row whose turn it is.
pub(crate) struct Row {
    pub(crate) turn: Turn,
    /// The number of intents so far. An update applies only if it is unchanged.
    pub(crate) attempts: i64,
    /// The time of the last intent, if its outcome is unknown.
    pub(crate) sent_at: Option<SystemTime>,
    pub(crate) job: Job,
}

/// The result of a turn.
#[derive(Debug)]
pub(crate) enum Next {
    Done,
    /// A permanent refusal, with Paystack's message.
    Failed(String),
    /// The outcome is unknown, and the check was refused. `retry` checks it again.
    Unknown(String),
    /// Nothing happened. Send it again after this time.
    Send(Duration),
    /// The outcome is unknown. Check it after this time.
    Check(Duration),
}

#[derive(Debug, Default, PartialEq, Serialize)]
pub(crate) struct Counts {
    pub(crate) waiting: u64,
    /// Rows that are under way, or whose outcome is unknown.
    pub(crate) sent: u64,
    pub(crate) done: u64,
    pub(crate) failed: u64,
}

impl Counts {
    pub(crate) fn left(&self) -> u64 {
        self.waiting.saturating_add(self.sent)
    }

    pub(crate) fn finished(&self) -> u64 {
        self.done.saturating_add(self.failed)
    }
}

/// A row that Paystack refused.
#[derive(Serialize)]
pub(crate) struct FailedRow {
    pub(crate) file: String,
    pub(crate) line: i64,
    pub(crate) operation: String,
    pub(crate) message: String,
}

impl Database {
    /// Adds all rows of a file, or none. Returns their number.
    ///
    /// # Errors
    ///
    /// Returns an error if a file with this name was queued before: its rows would be written twice.
    pub(crate) async fn enqueue(&self, file: &Path) -> Result<u64> {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let mut jobs = csv_rows::read(file)?;
        on!(self, pool => {
            let known = "SELECT COUNT(*) FROM paystack_rows WHERE file = $1";
            let known: i64 = sqlx::query_scalar(known).bind(name.as_ref()).fetch_one(pool).await?;
            if known > 0 {
                return Err(format!("{name} is in the queue already; rename another file").into());
            }
            // Of two programs that add rows at the same time, one fails and adds none.
            let last = "SELECT COALESCE(MAX(id), 0) FROM paystack_rows";
            let last: i64 = sqlx::query_scalar(last).fetch_one(pool).await?;
            let mut id = last;
            let mut transaction = pool.begin().await?;
            loop {
                let mut tasks = Vec::with_capacity(CHUNK);
                let mut rows = Vec::with_capacity(CHUNK);
                for (line, job) in jobs.by_ref().take(CHUNK) {
                    let job = job?;
                    id = id.saturating_add(1);
                    tasks.push(Turn { row: id, number: 0 }.task(Duration::ZERO)?);
                    rows.push((id, i64::try_from(line)?, job.name(), serde_json::to_string(&job)?));
                }
                if rows.is_empty() {
                    break;
                }
                let mut insert = QueryBuilder::new(
                    "INSERT INTO paystack_rows (id, file, line, operation, job, state, turn, attempts, sent_at, message) ",
                );
                insert.push_values(rows, |mut values, (id, line, operation, job)| {
                    values.push_bind(id).push_bind(name.as_ref()).push_bind(line);
                    values.push_bind(operation).push_bind(job);
                    values.push("'waiting', 0, 0, 0, ''");
                });
                insert.build().execute(&mut *transaction).await?;
                transaction.push(tasks).await?;
            }
            transaction.commit().await?;
            Ok(id.saturating_sub(last).unsigned_abs())
        })
    }

    /// Returns the row of a turn, or `None` if its turn has ended.
    pub(crate) async fn load(&self, turn: Turn) -> Result<Option<Row>> {
        let select = "SELECT job, attempts, sent_at FROM paystack_rows
            WHERE id = $1 AND turn = $2 AND state IN ('waiting', 'sent')";
        let found: Option<(String, i64, i64)> = on!(self, pool => {
            let select = sqlx::query_as(select).bind(turn.row).bind(turn.number);
            select.fetch_optional(pool).await?
        });
        let Some((job, attempts, sent_at)) = found else {
            return Ok(None);
        };
        // Zero is no time.
        let sent_at = (sent_at != 0).then(|| Duration::from_secs(sent_at.unsigned_abs()));
        Ok(Some(Row {
            turn,
            attempts,
            sent_at: sent_at.and_then(|since| SystemTime::UNIX_EPOCH.checked_add(since)),
            job: serde_json::from_str(&job)?,
        }))
    }

    /// Records that a row is sent now. Returns whether this delivery may send it.
    pub(crate) async fn record_intent(&self, turn: Turn, attempts: i64) -> Result<bool> {
        // Rounded up, so that no row settles early.
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?;
        let now = now.as_secs().saturating_add(1);
        let update =
            "UPDATE paystack_rows SET state = 'sent', sent_at = $4, attempts = attempts + 1
            WHERE id = $1 AND turn = $2 AND attempts = $3 AND state IN ('waiting', 'sent')";
        let changed = on!(self, pool => {
            let update = sqlx::query(update).bind(turn.row).bind(turn.number).bind(attempts);
            let update = update.bind(i64::try_from(now)?);
            update.execute(pool).await?.rows_affected()
        });
        Ok(changed == 1)
    }

    /// Records the result of a turn, and queues the next one. Returns whether it applied.
    ///
    /// It applies if the row's turn and attempts are unchanged. A known outcome of the last attempt also applies
    /// after another worker has checked the row.
    pub(crate) async fn finish(&self, turn: Turn, attempts: i64, next: &Next) -> Result<bool> {
        // Erase the data of finished rows.
        let update = "UPDATE paystack_rows SET state = $4, message = $5, turn = turn + 1,
                sent_at = CASE WHEN $6 THEN sent_at ELSE 0 END,
                job = CASE $4 WHEN 'done' THEN '' ELSE job END
            WHERE id = $1 AND attempts = $3 AND (turn = $2 AND state IN ('waiting', 'sent')
                OR state = 'sent' AND $4 IN ('done', 'failed'))";
        let (state, message, is_unknown, after) = match next {
            Next::Done => ("done", "", false, None),
            Next::Failed(message) => ("failed", message.as_str(), false, None),
            Next::Unknown(message) => ("failed", message.as_str(), true, None),
            Next::Send(after) => ("waiting", "", false, Some(*after)),
            Next::Check(after) => ("sent", "", true, Some(*after)),
        };
        on!(self, pool => {
            let mut transaction = pool.begin().await?;
            let update = sqlx::query(update).bind(turn.row).bind(turn.number).bind(attempts);
            let update = update.bind(state).bind(message).bind(is_unknown);
            if update.execute(&mut *transaction).await?.rows_affected() != 1 {
                return Ok(false);
            }
            if let Some(after) = after {
                let number = turn.number.saturating_add(1);
                let task = Turn { number, ..turn }.task(after)?;
                transaction.push(vec![task]).await?;
            }
            transaction.commit().await?;
            Ok(true)
        })
    }

    /// Queues the failed rows again. Returns their number.
    pub(crate) async fn retry_failed(&self) -> Result<usize> {
        let update = "UPDATE paystack_rows SET message = '', turn = turn + 1,
                state = CASE sent_at WHEN 0 THEN 'waiting' ELSE 'sent' END
            WHERE id IN (SELECT id FROM paystack_rows WHERE state = 'failed' AND id > $1 ORDER BY id LIMIT 500)
            RETURNING id, turn";
        let (mut last, mut count) = (0, 0_usize);
        on!(self, pool => {
            let mut transaction = pool.begin().await?;
            loop {
                let update = sqlx::query_as(update).bind(last);
                let rows: Vec<(i64, i64)> = update.fetch_all(&mut *transaction).await?;
                let Some(end) = rows.iter().map(|(row, _)| *row).max() else {
                    break;
                };
                last = end;
                count = count.saturating_add(rows.len());
                let turns = rows.iter().map(|&(row, number)| Turn { row, number });
                let tasks: Result<Vec<_>> = turns.map(|turn| turn.task(Duration::ZERO)).collect();
                transaction.push(tasks?).await?;
            }
            transaction.commit().await?;
        });
        Ok(count)
    }

    pub(crate) async fn counts(&self) -> Result<Counts> {
        let select = "SELECT state, COUNT(*) FROM paystack_rows GROUP BY state";
        let counted: Vec<(String, i64)> =
            on!(self, pool => sqlx::query_as(select).fetch_all(pool).await?);
        let mut counts = Counts::default();
        for (state, count) in counted {
            let count = count.unsigned_abs();
            match state.as_str() {
                "waiting" => counts.waiting = count,
                "sent" => counts.sent = count,
                "done" => counts.done = count,
                _ => counts.failed = count,
            }
        }
        Ok(counts)
    }

    /// Returns a page of the failed rows: those after this one.
    pub(crate) async fn failed(&self, after: i64) -> Result<Vec<(i64, FailedRow)>> {
        let select = "SELECT id, file, line, operation, message FROM paystack_rows
            WHERE state = 'failed' AND id > $1 ORDER BY id LIMIT 500";
        on!(self, pool => {
            let rows = sqlx::query(select).bind(after).fetch_all(pool).await?;
            rows.iter().map(|row| {
                let failed = FailedRow {
                    file: row.try_get("file")?,
                    line: row.try_get("line")?,
                    operation: row.try_get("operation")?,
                    message: row.try_get("message")?,
                };
                Ok((row.try_get("id")?, failed))
            }).collect()
        })
    }
}
