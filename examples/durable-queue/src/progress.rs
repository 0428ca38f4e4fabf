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
        let style = "{wide_bar} {human_pos} of {human_len} rows, {per_sec}, {eta} left{msg}";
        let style = ProgressStyle::with_template(style)?;
        let bar = || {
            let bar = ProgressBar::no_length().with_style(style);
            bar.with_position(counts.finished())
        };
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
        if counts.failed > 0 {
            bar.set_message(format!(", {} failed", counts.failed));
        }
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
        let Counts {
            waiting,
            sent,
            done,
            failed,
        } = counts;
        let finished = counts.finished().saturating_sub(self.finished_before);
        let rate = finished as f64 / self.started.elapsed().as_secs_f64().max(f64::EPSILON);
        let left = (rate > 0.0).then(|| counts.left() as f64 / rate);
        let mut out = io::stdout();
        match self.output {
            Output::Json => {
                let line = json!({
                    "waiting": waiting, "sent": sent, "done": done, "failed": failed,
                    "per_second": rate, "seconds_left": left,
                });
                writeln!(out, "{line}")?;
            }
            Output::Text => {
                let left = left.map(|left| HumanDuration(Duration::from_secs(left as u64)));
                let left = left.map_or_else(String::new, |left| format!(", {left:#} left"));
                writeln!(
                    out,
                    "{done} done, {failed} failed, {} to go, {rate:.1} rows/s{left}",
                    counts.left()
                )?;
            }
        }
        Ok(out.flush()?)
    }
}
