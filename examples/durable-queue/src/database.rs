//! The database: the queue of apalis, and the rows beside it.

use std::fs::OpenOptions;
use std::time::Duration;

use apalis::prelude::{Task, TaskBuilder};
#[cfg(feature = "postgres")]
use apalis_postgres::{PgConnection, PgPool, PostgresStorage};
use apalis_sqlite::{
    SqliteConnectOptions, SqliteConnection, SqlitePool, SqlitePoolOptions, SqliteStorage,
};
use paystack_hyper::Mode;
use serde::{Deserialize, Serialize};
use sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};

use crate::Result;

/// The name of the queue in apalis.
pub(crate) const QUEUE: &str = "paystack-rows";

/// The largest number of connections.
const CONNECTIONS: u32 = 4;

/// The rows, and the mode of their keys. One task of a row is valid: that of its turn.
const TABLES: [&str; 4] = [
    "CREATE TABLE IF NOT EXISTS paystack_rows (
        id BIGINT PRIMARY KEY, file TEXT NOT NULL, line BIGINT NOT NULL, operation TEXT NOT NULL,
        job TEXT NOT NULL, state TEXT NOT NULL, turn BIGINT NOT NULL, attempts BIGINT NOT NULL,
        sent_at BIGINT NOT NULL, message TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS paystack_mode (id BIGINT PRIMARY KEY, mode TEXT NOT NULL)",
    "CREATE INDEX IF NOT EXISTS paystack_rows_state ON paystack_rows (state, id)",
    "CREATE UNIQUE INDEX IF NOT EXISTS paystack_rows_line ON paystack_rows (file, line)",
];

#[derive(Clone)]
pub(crate) enum Database {
    Sqlite(SqlitePool),
    #[cfg(feature = "postgres")]
    Postgres(PgPool),
}

/// Runs the same code on either pool: both databases understand the SQL of this program.
macro_rules! on {
    ($database:expr, $pool:ident => $code:expr) => {
        match $database {
            $crate::database::Database::Sqlite($pool) => $code,
            #[cfg(feature = "postgres")]
            $crate::database::Database::Postgres($pool) => $code,
        }
    };
}
pub(crate) use on;

impl Database {
    /// Opens a database, and creates its tables.
    pub(crate) async fn open(url: &str) -> Result<Self> {
        Ok(match url.split_once(':') {
            Some(("sqlite", file)) => {
                Self::Sqlite(open_sqlite(file.strip_prefix("//").unwrap_or(file)).await?)
            }
            #[cfg(feature = "postgres")]
            Some(("postgres" | "postgresql", _)) => Self::Postgres(open_postgres(url).await?),
            #[cfg(not(feature = "postgres"))]
            Some(("postgres" | "postgresql", _)) => {
                return Err("this program was built without `--features postgres`".into());
            }
            _ => return Err("--database must be sqlite:FILE or postgres://...".into()),
        })
    }

    /// Stores the mode of a new queue.
    ///
    /// # Errors
    ///
    /// Returns an error if the queue is for keys of the other mode.
    pub(crate) async fn use_mode(&self, mode: &Mode) -> Result<()> {
        let insert = "INSERT INTO paystack_mode VALUES (1, $1) ON CONFLICT (id) DO NOTHING";
        let select = "SELECT mode FROM paystack_mode";
        let stored: String = on!(self, pool => {
            sqlx::query(insert).bind(mode.as_str()).execute(pool).await?;
            sqlx::query_scalar(select).fetch_one(pool).await?
        });
        if stored != mode.as_str() {
            return Err(format!("this queue is for {stored} keys; use another --database").into());
        }
        Ok(())
    }

    /// Closes the connections. SQLite then removes its log.
    pub(crate) async fn close(&self) {
        on!(self, pool => pool.close().await);
    }
}

/// Every commit is on the disk, so that a power cut forgets no intent. The set-up of apalis would switch
/// that off, so only its migrations run.
async fn open_sqlite(file: &str) -> Result<SqlitePool> {
    let mut private = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut private, 0o600); // it contains personal data
    private.append(true).create(true).open(file)?;
    let options = SqliteConnectOptions::new()
        .filename(file)
        .pragma("secure_delete", "ON")
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(Duration::from_secs(60));
    let pool = SqlitePoolOptions::new().max_connections(CONNECTIONS);
    let pool = pool.connect_with(options).await?;
    // One program at a time creates the tables.
    let mut setup = pool.begin_with("BEGIN IMMEDIATE").await?;
    SqliteStorage::migrations().run(&mut *setup).await?;
    for statement in TABLES {
        sqlx::query(statement).execute(&mut *setup).await?;
    }
    setup.commit().await?;
    Ok(pool)
}

#[cfg(feature = "postgres")]
async fn open_postgres(url: &str) -> Result<PgPool> {
    let pool = sqlx::postgres::PgPoolOptions::new().max_connections(CONNECTIONS);
    let pool = pool.connect(url).await?;
    PostgresStorage::setup(&pool).await?;
    // One program at a time creates the tables. The number is that of this lock.
    let mut setup = pool.begin().await?;
    let lock = "SELECT pg_advisory_xact_lock(7204118)";
    for statement in [lock].into_iter().chain(TABLES) {
        sqlx::query(statement).execute(&mut *setup).await?;
    }
    setup.commit().await?;
    Ok(pool)
}

/// The task that apalis delivers: it is a row's turn. A delivery that is not of the current turn has no effect.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Turn {
    pub(crate) row: i64,
    pub(crate) number: i64,
}

impl Turn {
    /// Returns the task that apalis delivers after this time, with unlimited attempts. The rows that were begun
    /// precede the others.
    pub(crate) fn task(self, after: Duration) -> Result<Task<Vec<u8>>> {
        let task = TaskBuilder::new(serde_json::to_vec(&self)?);
        // A row that is due at once does not depend on the clock of this machine.
        let task = match after {
            Duration::ZERO => task.run_at_timestamp(0),
            after => task.run_after(after),
        };
        Ok(task
            .priority((self.number > 0).into())
            .max_attempts(i32::MAX as usize)
            .build())
    }
}

/// Adds tasks to the queue, in the transaction that changes their rows.
pub(crate) trait Push {
    async fn push(&mut self, tasks: Vec<Task<Vec<u8>>>) -> Result<()>;
}

impl Push for SqliteConnection {
    async fn push(&mut self, tasks: Vec<Task<Vec<u8>>>) -> Result<()> {
        Ok(apalis_sqlite::queries::push_tasks(self, QUEUE, &tasks).await?)
    }
}

#[cfg(feature = "postgres")]
impl Push for PgConnection {
    async fn push(&mut self, tasks: Vec<Task<Vec<u8>>>) -> Result<()> {
        Ok(apalis_postgres::queries::push_tasks(self, QUEUE, tasks).await?)
    }
}
