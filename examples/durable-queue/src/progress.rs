//! The progress of a worker: a bar on a terminal, lines elsewhere.

use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

use indicatif::{HumanDuration, ProgressBar, ProgressStyle};
use serde_json::json;

use crate::rows::Counts;
use crate::{Output, Result};

/// The time between two lines.
const LINE: Duration = Duration::from_secs(10);

/// Shows the counts of the whole queue, and the rate of all workers together.
pub(crate) struct Progress {
    output: Output,
    bar: Option<ProgressBar>,
    started: Instant,
    finished_before: u64,
    line: Option<Instant>,
}

impl Progress {
    pub(crate) fn new(output: Output, counts: &Counts) -> Result<Self> {
        let has_bar = output == Output::Text && io::stderr().is_terminal();
        let style = "{wide_bar} {human_pos} of {human_len} rows, {msg}";
        let style = ProgressStyle::with_template(style)?;
        let bar = || ProgressBar::no_length().with_style(style);
        Ok(Self {
            output,
            bar: has_bar.then(bar),
            started: Instant::now(),
            finished_before: counts.finished(),
            line: None,
        })
    }

    pub(crate) fn show(&mut self, counts: &Counts) -> Result<()> {
        let Some(bar) = &self.bar else {
            if self.line.is_none_or(|line| line.elapsed() >= LINE) {
                self.line = Some(Instant::now());
                self.print(counts)?;
            }
            return Ok(());
        };
        bar.set_length(counts.left().saturating_add(counts.finished()));
        bar.set_position(counts.finished());
        bar.set_message(format!("{} failed, {}", counts.failed, self.rate(counts).1));
        Ok(())
    }

    /// Prints the last counts.
    pub(crate) fn finish(&self, counts: &Counts) -> Result<()> {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
        self.print(counts)
    }

    fn print(&self, counts: &Counts) -> Result<()> {
        let (rate, text) = self.rate(counts);
        let Counts {
            waiting,
            sent,
            done,
            failed,
        } = counts;
        let mut out = io::stdout();
        match self.output {
            Output::Json => {
                let left = counts.left() as f64 / rate; // null if it is infinite
                let line = json!({
                    "waiting": waiting, "sent": sent, "done": done, "failed": failed,
                    "per_second": rate, "seconds_left": left,
                });
                writeln!(out, "{line}")?;
            }
            Output::Text => writeln!(
                out,
                "{done} done, {failed} failed, {} to go, {text}",
                counts.left()
            )?,
        }
        Ok(out.flush()?)
    }

    /// Returns the rows per second since the start of this worker, also as text with the time that is left.
    fn rate(&self, counts: &Counts) -> (f64, String) {
        let finished = counts.finished().saturating_sub(self.finished_before);
        let rate = finished as f64 / self.started.elapsed().as_secs_f64().max(f64::EPSILON);
        let mut text = format!("{rate:.1} rows/s");
        if rate > 0.0 {
            let left = Duration::from_secs((counts.left() as f64 / rate) as u64);
            text.push_str(&format!(", {:#} left", HumanDuration(left)));
        }
        (rate, text)
    }
}
