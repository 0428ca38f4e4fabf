//! What shows whether a clause is kept, each against a server of its own.

mod answers;
mod connections;
mod limits;
mod requests;
mod unsent;

pub(crate) use self::connections::failing_stream;

use std::time::Duration;

use crate::Clause;
use crate::bench::{Bench, Checked, Unmet};
use crate::subject::Subject;

pub(crate) async fn check<S: Subject>(clause: Clause, bench: &Bench<'_, S>) -> Checked {
    match clause {
        Clause::Statuses => answers::statuses(bench).await,
        Clause::Redirects => requests::redirects(bench).await,
        Clause::RequestLine => requests::line(bench).await,
        Clause::RequestHeaders => requests::headers(bench).await,
        Clause::RequestBody => requests::body(bench).await,
        Clause::SentOnce => requests::sent_once(bench).await,
        Clause::RepeatedHeaders => answers::repeated_headers(bench).await,
        Clause::HeaderBytes => answers::header_bytes(bench).await,
        Clause::BodyBytes => answers::body_bytes(bench).await,
        Clause::InterimAnswers => answers::interim(bench).await,
        Clause::Http10 => answers::http_1_0(bench).await,
        Clause::Chunked => answers::chunked(bench).await,
        Clause::NoLength => answers::no_length(bench).await,
        Clause::CutOff => answers::cut_off(bench).await,
        Clause::LimitTold => limits::told(bench).await,
        Clause::LimitStreamed => limits::streamed(bench).await,
        Clause::KeepAlive => connections::keep_alive(bench).await,
        Clause::PoolRenewed => connections::pool_renewed(bench).await,
        Clause::AtOnce => connections::at_once(bench).await,
        Clause::Refused => unsent::refused(bench).await,
        Clause::UnknownName => unsent::unknown_name(bench).await,
        Clause::Broken => connections::broken(bench).await,
        Clause::ErrorNumbers => connections::error_numbers(bench).await,
        Clause::TimeOuts => limits::time_outs(bench).await,
        Clause::Dropped => connections::dropped(bench).await,
        Clause::Timer => timer(bench).await,
        Clause::Secrets => match bench.leak() {
            Some(shown) => Err(Unmet::Failed(format!("an error shows them: {shown}"))),
            None => Ok(()),
        },
    }
}

async fn timer<S: Subject>(bench: &Bench<'_, S>) -> Checked {
    const NAP: Duration = Duration::from_millis(20);
    /// A busy machine makes one sleep longer, but not each of them.
    const AT_MOST: Duration = Duration::from_millis(80);
    let mut last = bench.subject.now();
    let mut shortest = Duration::MAX;
    for _ in 0..3 {
        let asleep = bench.subject.now();
        bench.subject.sleep(NAP).await;
        let awake = bench.subject.now();
        let took = awake.saturating_sub(asleep);
        if asleep < last || awake < asleep {
            return Err(Unmet::Failed("`now` went back".into()));
        }
        // Clocks and timers may round differently.
        if took.saturating_add(Duration::from_millis(2)) < NAP {
            let why = format!("expected a sleep of {NAP:?}, seen one of {took:?}");
            return Err(Unmet::Failed(why));
        }
        last = awake;
        shortest = shortest.min(took);
    }
    if shortest > AT_MOST {
        let why = format!("expected a sleep of {NAP:?}, seen none shorter than {shortest:?}");
        return Err(Unmet::Failed(why));
    }
    Ok(())
}

/// Holds what was seen to what was expected.
fn same<T: PartialEq + std::fmt::Debug>(what: &str, seen: &T, expected: &T) -> Result<(), String> {
    if seen == expected {
        return Ok(());
    }
    Err(format!("{what}: expected {expected:?}, seen {seen:?}"))
}
