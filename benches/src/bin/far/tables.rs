//! The tables, as Markdown.

use std::fmt::Write;
use std::time::Duration;

use crate::clients::Kind;
use crate::prefetch::{self, AHEAD};
use crate::server::Protocol;
use crate::{CALLS, Cell, LINES, PROTOCOLS, RoundTrips, SERIES, SIZES, Times};

/// The most time of ours, divided by that of the clients below.
const LIMIT: f64 = 1.05;
const LIMITED_BY: [Kind; 2] = [Kind::HyperUtil, Kind::Reqwest];

/// A row for each line: our times for the smallest page over HTTP/1.1, and the largest ratios of all pages and
/// protocols.
pub fn times(times: &Times) -> String {
    let mut table = String::from("| round trip, ms | ours, ms |");
    for kind in &Kind::ALL[1..] {
        write!(table, " ÷ {} |", kind.name()).unwrap();
    }
    table.push_str("\n| ---: | ---: | ---: | ---: | ---: | ---: |\n");
    for (round_trip, _) in LINES {
        let cell = Cell {
            protocol: Protocol::Http1,
            round_trip,
            customers: SIZES[0],
        };
        let [cold, warm] = times_of(times, cell, Kind::Ours);
        write!(table, "| {round_trip} | {cold:.1}, {warm:.1} ").unwrap();
        for kind in &Kind::ALL[1..] {
            let cells = times
                .keys()
                .filter(|(cell, other)| cell.round_trip == round_trip && other == kind);
            let [cold, warm] = cells.fold([0.0; 2], |most: [f64; 2], (cell, _)| {
                let ratios = ratios(times, *cell, *kind);
                [most[0].max(ratios[0]), most[1].max(ratios[1])]
            });
            write!(table, "| {cold:.2}, {warm:.2} ").unwrap();
        }
        table.push_str("|\n");
    }
    let spreads = times.values().flat_map(|rounds| medians(rounds));
    let spreads = spreads.map(|medians| most(medians) / least(medians) - 1.0);
    let spread = 100.0 * spreads.fold(0.0, f64::max);
    writeln!(
        table,
        "\nThe medians of {SERIES} series differ by at most {spread:.1} %."
    )
    .unwrap();
    table
}

/// Describes the cells beyond the limit.
pub fn beyond(times: &Times) -> String {
    let mut lines = String::new();
    for (cell, kind) in times.keys().filter(|(_, kind)| LIMITED_BY.contains(kind)) {
        for (call, ratio) in CALLS.into_iter().zip(ratios(times, *cell, *kind)) {
            if ratio > LIMIT {
                let (protocol, kind) = (name(cell.protocol), kind.name());
                let Cell {
                    round_trip,
                    customers,
                    ..
                } = cell;
                writeln!(
                    lines,
                    "{protocol}, {round_trip} ms, {customers} customers, {call}: ours ÷ {kind} is {ratio:.3}, at most {LIMIT}"
                )
                .unwrap();
            }
        }
    }
    lines
}

/// The round trips of each client, the most of both protocols.
pub fn round_trips(counts: &RoundTrips) -> String {
    let clients = Kind::ALL.map(|kind| {
        let counts = counts.iter().filter(|((_, other), _)| *other == kind);
        let [first, second, third] = counts.fold([0.0; 3], |most, (_, counts)| {
            std::array::from_fn(|call| f64::max(most[call], counts[call]))
        });
        format!("{first:.0}, {second:.0}, {third:.0} by {}", kind.name())
    });
    format!(
        "Round trips of a first call, of a second, and of one after a minute of silence: {}.\n",
        clients.join("; ")
    )
}

/// The pages ahead with which the others are compared.
const FEW: usize = AHEAD[1];

pub fn prefetch(times: &prefetch::Times) -> String {
    let mut table = String::from("| protocol |");
    for ahead in AHEAD {
        write!(table, " `ahead({ahead})`, s |").unwrap();
    }
    table.push_str("\n| --- | ---: | ---: | ---: | ---: |\n");
    for protocol in PROTOCOLS {
        write!(table, "| {} |", name(protocol)).unwrap();
        for ahead in AHEAD {
            write!(table, " {:.2} |", prefetch_median(times, protocol, ahead)).unwrap();
        }
        table.push('\n');
    }
    table
}

/// Describes the numbers of pages ahead that take longer than a few.
pub fn prefetch_beyond(times: &prefetch::Times) -> String {
    let mut lines = String::new();
    for protocol in PROTOCOLS {
        let few = prefetch_median(times, protocol, FEW);
        for ahead in AHEAD.into_iter().filter(|ahead| *ahead > FEW) {
            let ratio = prefetch_median(times, protocol, ahead) / few;
            if ratio > LIMIT {
                let protocol = name(protocol);
                writeln!(
                    lines,
                    "{protocol}: ahead({ahead}) ÷ ahead({FEW}) is {ratio:.3}, at most {LIMIT}"
                )
                .unwrap();
            }
        }
    }
    lines
}

/// The median of the rounds in seconds.
fn prefetch_median(times: &prefetch::Times, protocol: Protocol, ahead: usize) -> f64 {
    let mut times = times[&(protocol, ahead)].clone();
    times.sort();
    times[times.len() / 2].as_secs_f64()
}

fn name(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::Http1 => "HTTP/1.1",
        Protocol::Http2 => "HTTP/2",
    }
}

/// Ours divided by another client's, cold and warm.
fn ratios(times: &Times, cell: Cell, kind: Kind) -> [f64; 2] {
    let [ours, theirs] = [Kind::Ours, kind].map(|kind| times_of(times, cell, kind));
    [ours[0] / theirs[0], ours[1] / theirs[1]]
}

/// The times of a client in milliseconds, cold and warm.
fn times_of(times: &Times, cell: Cell, kind: Kind) -> [f64; 2] {
    medians(&times[&(cell, kind)]).map(least)
}

/// The median of each series in milliseconds, cold and warm.
fn medians(rounds: &[[Duration; 2]]) -> [[f64; SERIES]; 2] {
    let length = rounds.len() / SERIES;
    [0, 1].map(|call| {
        std::array::from_fn(|series| {
            let series = &rounds[series * length..][..length];
            let mut times: Vec<_> = series.iter().map(|times| times[call]).collect();
            times.sort();
            times[length / 2].as_secs_f64() * 1_000.0
        })
    })
}

fn least(medians: [f64; SERIES]) -> f64 {
    medians.into_iter().fold(f64::INFINITY, f64::min)
}

fn most(medians: [f64; SERIES]) -> f64 {
    medians.into_iter().fold(0.0, f64::max)
}
