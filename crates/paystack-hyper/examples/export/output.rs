//! The file of an export, which can be interrupted at any point and resumed.
//!
//! Rows go to `FILE.partial`. A checkpoint syncs them to the disk, and then replaces `FILE.state`, which
//! contains the number of valid bytes and the resume point. At the end, `FILE.partial` is renamed to
//! `FILE`, and `FILE.state` is removed. Nothing prevents two simultaneous exports to the same file.

use std::error::Error;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, ErrorKind, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use paystack_hyper::{RawJson, ResumePoint};
use serde::{Deserialize, Serialize};

use crate::format::Format;

/// A checkpoint follows this many pages, or this much time.
const CHECKPOINT_PAGES: u32 = 20;
const CHECKPOINT_AFTER: Duration = Duration::from_secs(1);

/// The destination of the rows.
pub(crate) enum Output {
    Stdout {
        format: Format,
        rows: u64,
        stdout: BufWriter<io::Stdout>,
    },
    File(Partial),
}

impl Output {
    pub(crate) fn stdout(format: Format) -> Self {
        Self::Stdout {
            format,
            rows: 0,
            stdout: BufWriter::new(io::stdout()),
        }
    }

    /// Writes the rows of a page. `next` is the resume point after it.
    pub(crate) fn append(
        &mut self,
        rows: &[RawJson],
        next: Option<&ResumePoint>,
    ) -> Result<(), Box<dyn Error>> {
        match self {
            Self::Stdout {
                format,
                rows: written,
                stdout,
            } => {
                format.write_from(stdout, rows, *written)?;
                *written = written.saturating_add(u64::try_from(rows.len())?);
                Ok(stdout.flush()?)
            }
            Self::File(partial) => partial.append(rows, next),
        }
    }

    /// Saves the progress, so that the export can be resumed.
    pub(crate) fn pause(&mut self) -> Result<(), Box<dyn Error>> {
        match self {
            Self::Stdout { .. } => Ok(()),
            Self::File(partial) => partial.checkpoint(),
        }
    }

    /// Completes the export: renames the file to its final name.
    pub(crate) fn finish(mut self) -> Result<(), Box<dyn Error>> {
        match &mut self {
            // Without a page, nothing has written the column names yet.
            Self::Stdout { rows: 0, .. } => self.append(&[], None),
            Self::File(partial) if partial.state.rows == 0 => partial.append(&[], None),
            _ => Ok(()),
        }?;
        match self {
            Self::Stdout { .. } => Ok(()),
            Self::File(partial) => partial.finish(),
        }
    }
}

/// The content of `FILE.state`.
#[derive(Serialize, Deserialize)]
pub(crate) struct State {
    /// The source of the customers. An export resumes only from the same source.
    source: String,
    format: Format,
    /// The number of customers in the first `bytes` bytes of `FILE.partial`.
    pub(crate) rows: u64,
    bytes: u64,
    /// The resume point, or `None` at the start.
    pub(crate) next: Option<ResumePoint>,
    /// Whether all customers are written, and only the renaming remains.
    complete: bool,
}

/// An incomplete file.
pub(crate) struct Partial {
    file: PathBuf,
    rows: BufWriter<File>,
    pub(crate) state: State,
    pages: u32,
    saved: Instant,
}

impl Partial {
    /// Starts a file. Returns an error if an interrupted export exists.
    pub(crate) fn begin(
        file: &Path,
        source: String,
        format: Format,
    ) -> Result<Self, Box<dyn Error>> {
        if beside(file, "state").exists() {
            let name = file.display();
            return Err(format!(
                "an export to {name} was interrupted: resume it with --resume {name} and the same options, or discard it with --anew"
            )
            .into());
        }
        Self::begin_anew(file, source, format)
    }

    /// Starts a file, and discards an interrupted export.
    pub(crate) fn begin_anew(
        file: &Path,
        source: String,
        format: Format,
    ) -> Result<Self, Box<dyn Error>> {
        // Removes the state first, because it would refer to rows that no longer exist.
        remove(&beside(file, "state"))?;
        let rows = private(OpenOptions::new().write(true).create(true).truncate(true))
            .open(beside(file, "partial"))?;
        let state = State {
            source,
            format,
            rows: 0,
            bytes: 0,
            next: None,
            complete: false,
        };
        Ok(Self::writing(file, rows, state))
    }

    /// Resumes a file, or starts it if no state exists.
    ///
    /// Returns `None` if all rows were written already. The file is then complete.
    pub(crate) fn resume(
        file: &Path,
        source: String,
        format: Format,
    ) -> Result<Option<Self>, Box<dyn Error>> {
        let saved = match fs::read(beside(file, "state")) {
            Ok(saved) => saved,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                return Self::begin_anew(file, source, format).map(Some);
            }
            Err(error) => return Err(error.into()),
        };
        let state: State = serde_json::from_slice(&saved)?;
        if (&state.source, state.format) != (&source, format) {
            let was = format!("{} of {}", state.format, state.source);
            return Err(format!(
                "this export was begun as {was}: resume it with the same options, or discard it with --anew"
            )
            .into());
        }
        let partial = beside(file, "partial");
        if state.complete {
            // The interruption may have followed the renaming.
            if partial.exists() {
                fs::rename(partial, file)?;
            } else if !fs::metadata(file).is_ok_and(|file| file.len() == state.bytes) {
                // An existing file of another length is from an earlier export.
                return Err("the partial file is gone: begin with --anew".into());
            }
            clean_up(file)?;
            return Ok(None);
        }
        let mut rows = OpenOptions::new().write(true).open(partial)?;
        if rows.metadata()?.len() < state.bytes {
            return Err("rows are missing from the partial file: begin with --anew".into());
        }
        // Discards the rows after the last checkpoint. The export fetches them again.
        rows.set_len(state.bytes)?;
        rows.seek(SeekFrom::End(0))?;
        Ok(Some(Self::writing(file, rows, state)))
    }

    fn writing(file: &Path, rows: File, state: State) -> Self {
        Self {
            file: file.to_owned(),
            rows: BufWriter::new(rows),
            state,
            pages: 0,
            saved: Instant::now(),
        }
    }

    fn append(
        &mut self,
        rows: &[RawJson],
        next: Option<&ResumePoint>,
    ) -> Result<(), Box<dyn Error>> {
        self.state
            .format
            .write_from(&mut self.rows, rows, self.state.rows)?;
        self.state.rows = self.state.rows.saturating_add(u64::try_from(rows.len())?);
        self.pages = self.pages.saturating_add(1);
        match next {
            Some(next) => self.state.next = Some(next.clone()),
            None => self.state.complete = true,
        }
        if self.pages >= CHECKPOINT_PAGES || self.saved.elapsed() >= CHECKPOINT_AFTER {
            self.checkpoint()?;
        }
        Ok(())
    }

    /// Syncs the rows first, and then the state that refers to them.
    fn checkpoint(&mut self) -> Result<(), Box<dyn Error>> {
        self.rows.flush()?;
        self.rows.get_ref().sync_data()?;
        self.state.bytes = self.rows.stream_position()?;
        let state = beside(&self.file, "state");
        let new = beside(&self.file, "state.new");
        let mut file =
            private(OpenOptions::new().write(true).create(true).truncate(true)).open(&new)?;
        file.write_all(&serde_json::to_vec(&self.state)?)?;
        file.sync_all()?;
        fs::rename(new, state)?;
        sync_folder(&self.file)?;
        self.pages = 0;
        self.saved = Instant::now();
        Ok(())
    }

    fn finish(mut self) -> Result<(), Box<dyn Error>> {
        self.state.complete = true;
        self.checkpoint()?;
        fs::rename(beside(&self.file, "partial"), &self.file)?;
        clean_up(&self.file)
    }
}

/// Removes the state once the renaming is on the disk.
fn clean_up(file: &Path) -> Result<(), Box<dyn Error>> {
    sync_folder(file)?;
    remove(&beside(file, "state.new"))?;
    remove(&beside(file, "state"))?;
    Ok(())
}

fn beside(file: &Path, extension: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(extension);
    name.into()
}

fn remove(file: &Path) -> io::Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Makes the file readable by its owner only: it contains personal data.
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options
}

/// Syncs the folder, so that a renaming survives a crash. Windows neither needs nor allows this.
fn sync_folder(file: &Path) -> io::Result<()> {
    if cfg!(unix) {
        let folder = file
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        File::open(folder.unwrap_or(Path::new(".")))?.sync_all()?;
    }
    Ok(())
}
