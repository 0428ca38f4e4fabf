//! The aims and limits. They are counts, which hardly differ between two runs of a build.

use std::fmt::Write;

use crate::measure::{Counts, OPERATIONS};

/// Instructions of a call divided by those of another client: the aim and the limit. The limit is the aim or,
/// where we miss it, our value plus a little room.
const CALLS: [(&str, &str, f64, f64); 9] = [
    ("fetch", "hand", 1.10, 1.10),
    ("create", "hand", 1.10, 1.10),
    ("list", "hand", 1.10, 1.10),
    ("fetch", "reqwest", 0.65, 0.68),
    ("create", "reqwest", 0.55, 0.67),
    ("list", "reqwest", 0.70, 0.76),
    ("fetch", "paystack-rs", 0.67, 0.70),
    ("create", "paystack-rs", 0.52, 0.64),
    ("list", "paystack-rs", 0.85, 0.93),
];

/// A number that may not rise.
struct Aim {
    /// `fetch`, or nothing. Aims of several operations in a row share a line of the table.
    operation: &'static str,
    what: String,
    is: f64,
    /// The value of hand-written code.
    by_hand: Option<f64>,
    aim: f64,
    limit: f64,
}

impl Aim {
    /// Creates an aim that we meet: it is also the limit.
    fn met(what: impl Into<String>, is: f64, aim: f64) -> Self {
        Self {
            operation: "",
            what: what.into(),
            is,
            by_hand: None,
            aim,
            limit: aim,
        }
    }
}

fn aims(counts: &Counts) -> Vec<Aim> {
    [calls, requests, responses, webhooks, sandbox]
        .iter()
        .flat_map(|aims| aims(counts))
        .collect()
}

fn calls(counts: &Counts) -> Vec<Aim> {
    let count = |operation, client| counts.of(&format!("calls/{operation}/{client}"));
    let instructions = |operation, client| count(operation, client).instructions;
    let ratios = CALLS.into_iter().map(|(operation, peer, aim, limit)| Aim {
        operation,
        what: format!("instructions ÷ {peer}"),
        is: instructions(operation, "ours") / instructions(operation, peer),
        by_hand: Some(instructions(operation, "hand") / instructions(operation, peer)),
        aim,
        limit,
    });
    let more = OPERATIONS.into_iter().map(|operation| {
        let [ours, hand] = ["ours", "hand"].map(|client| count(operation, client).allocations);
        Aim {
            operation,
            ..Aim::met("allocations beyond those by hand", ours - hand, 4.0)
        }
    });
    let [client, call, parts] =
        ["client", "call", "parts"].map(|row| counts.of(&format!("call/fetch/{row}")));
    let around = Aim::met(
        "`Call`, instructions ÷ request and response",
        call.instructions / parts.instructions,
        1.10,
    );
    let sending = Aim::met(
        "`Client::send`, instructions beyond request and response",
        client.instructions - parts.instructions,
        3_160.0,
    );
    ratios.chain(more).chain([around, sending]).collect()
}

fn requests(counts: &Counts) -> Vec<Aim> {
    let ours = counts.of_each_operation("request", "ours");
    let ratios = ours
        .iter()
        .zip(counts.of_each_operation("request", "hand"))
        .map(|(ours, hand)| ours.instructions / hand.instructions);
    let allocations = ours.iter().map(|count| count.allocations);
    vec![
        Aim::met(
            "building a request, at most, instructions ÷ hand",
            ratios.fold(0.0, f64::max),
            1.30,
        ),
        Aim::met(
            "building a request, at most, allocations",
            allocations.fold(0.0, f64::max),
            4.0,
        ),
    ]
}

fn responses(counts: &Counts) -> Vec<Aim> {
    let instructions = |row: &str| counts.of(row).instructions;
    let each =
        |customers: u32| instructions(&format!("page/{customers}/ours")) / f64::from(customers);
    let [ours, hand] = ["ours", "hand"].map(|author| {
        let counts = counts.of_each_operation("read", author).into_iter();
        counts.map(|count| count.instructions).sum::<f64>()
    });
    vec![
        Aim::met(
            "decoding a response of each operation, instructions ÷ hand",
            ours / hand,
            1.25,
        ),
        Aim::met(
            "a page of 1,000, instructions ÷ the same fields by hand",
            instructions("page/1000/ours") / instructions("page/1000/hand"),
            1.03,
        ),
        Aim::met(
            "a page of 1,000, instructions ÷ only its present fields by hand",
            instructions("page/1000/ours") / instructions("page/1000/lean"),
            1.03,
        ),
        Aim::met(
            "a customer on a page of 10,000 ÷ one on a page of 10",
            each(10_000) / each(10),
            1.10,
        ),
        Aim::met(
            "`reply.decode`, instructions borrowed ÷ owned",
            instructions("decode/1000/borrowed") / instructions("decode/1000/owned"),
            0.91,
        ),
    ]
}

fn webhooks(counts: &Counts) -> Vec<Aim> {
    let [ours, hmac] =
        ["ours", "hmac"].map(|author| counts.of(&format!("webhook/verify/{author}")).instructions);
    let what = "`Verifier::verify` of a webhook, instructions ÷ HMAC-SHA512 of its body";
    vec![Aim::met(what, ours / hmac, 3.15)]
}

fn sandbox(counts: &Counts) -> Vec<Aim> {
    let each = |mandates: u32| {
        counts.of(&format!("mandates/{mandates}")).instructions / f64::from(mandates)
    };
    let what = "one of 2,000 mandates in the sandbox ÷ one of 250";
    vec![Aim::met(what, each(2_000) / each(250), 1.10)]
}

pub fn table(counts: &Counts) -> String {
    let mut table = String::from(
        "| | measured | by hand | aim | limit |\n| --- | ---: | ---: | ---: | ---: |\n",
    );
    for row in aims(counts).chunk_by(|one, next| one.what == next.what) {
        let cell = |value: fn(&Aim) -> Option<f64>| {
            let values = row.iter().filter_map(value);
            let values: Vec<_> = values.map(|value| format!("{value:.2}")).collect();
            values.join(", ")
        };
        writeln!(
            table,
            "| {} | {} | {} | {} | {} |",
            row[0].what,
            cell(|aim| Some(aim.is)),
            cell(|aim| aim.by_hand),
            cell(|aim| Some(aim.aim)),
            cell(|aim| Some(aim.limit)),
        )
        .unwrap();
    }
    table
}

/// Describes the values beyond their limits, and those without data.
pub fn beyond(counts: &Counts) -> String {
    let beyond = aims(counts).into_iter();
    let beyond = beyond.filter(|aim| aim.is.is_nan() || aim.is > aim.limit);
    let lines = beyond.map(|aim| {
        let Aim {
            operation,
            what,
            is,
            limit,
            ..
        } = aim;
        format!("{operation} {what}: {is:.3}, at most {limit:.2}\n")
    });
    lines.collect()
}
