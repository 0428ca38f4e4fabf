//! What a transport takes before it stops: bytes and time.

use std::time::{Duration, Instant};

use paystack_client::TransportErrorKind;

use super::same;
use crate::bench::{Bench, Checked, Unmet, get, not_no, post, told as error_told};
use crate::server::{Connection, Server};
use crate::subject::Subject;

const OK: &str = "HTTP/1.1 200 OK\r\n";

pub(super) async fn told<S: Subject>(bench: &Bench<'_, S>) -> Checked {
    let limit = bench.body_limit;
    let stall = bench.stall();
    let server = Server::start(move |connection| {
        while let Some(received) = connection.request()? {
            match received.name() {
                "at-the-limit" => {
                    connection.write(format!("{OK}Content-Length: {limit}\r\n\r\n"))?;
                    connection.write(vec![b'x'; limit])?;
                }
                // No byte of it: who waits for one waits in vain.
                _ => {
                    let over = limit.saturating_add(1);
                    connection.write(format!("{OK}Content-Length: {over}\r\n\r\n"))?;
                    connection.stall(stall)?;
                }
            }
        }
        Ok(())
    })?;
    whole(bench, &server).await?;
    too_large(bench, &server).await
}

pub(super) async fn streamed<S: Subject>(bench: &Bench<'_, S>) -> Checked {
    let limit = bench.body_limit;
    let chunked = Server::start(move |connection| {
        while let Some(received) = connection.request()? {
            connection.write(format!("{OK}Transfer-Encoding: chunked\r\n\r\n"))?;
            let length = asked_for(received.name(), limit);
            in_pieces(connection, length, |connection, piece| {
                connection.write(format!("{:x}\r\n", piece.len()))?;
                connection.write(piece)?;
                connection.write("\r\n")
            })?;
            connection.write("0\r\n\r\n")?;
        }
        Ok(())
    })?;
    let unsized_ = Server::start(move |connection| {
        let Some(received) = connection.request()? else {
            return Ok(());
        };
        connection.write(format!("{OK}Connection: close\r\n\r\n"))?;
        let length = asked_for(received.name(), limit);
        in_pieces(connection, length, |connection, piece| {
            connection.write(piece)
        })
    })?;
    for server in [&chunked, &unsized_] {
        whole(bench, server).await?;
        too_large(bench, server).await?;
    }
    Ok(())
}

pub(super) async fn time_outs<S: Subject>(bench: &Bench<'_, S>) -> Checked {
    const WITHIN: Duration = Duration::from_millis(200);
    // Some clients count whole seconds.
    const LATE: Duration = Duration::from_secs(2);
    let stall = bench.stall();
    for sent_before in [
        "",
        "HTTP/1.1 200 OK\r\nContent-",
        "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{",
    ] {
        let server = Server::start(move |connection| {
            connection.request()?;
            connection.write(sent_before)?;
            connection.stall(stall)
        })?;
        let began = Instant::now();
        let sending = bench
            .send(post(server.address(), "late", "{}"), WITHIN)
            .await;
        let took = began.elapsed();
        let what = format!("silence after {sent_before:?}");
        match sending {
            // A transport without a limit of its own: the client drops the future.
            None => {}
            Some(Err(error)) => {
                not_no(&error)?;
                if error.kind() != TransportErrorKind::Timeout {
                    let seen = error_told(&error);
                    let why = format!("{what}: expected Timeout, seen {seen}");
                    return Err(Unmet::Failed(why));
                }
            }
            Some(Ok(_)) => {
                return Err(Unmet::Failed(format!("{what}: seen an answer")));
            }
        }
        if took > LATE {
            let why = format!("{what}: expected an end within {WITHIN:?}, seen {took:?}");
            return Err(Unmet::Failed(why));
        }
    }
    Ok(())
}

async fn whole<S: Subject>(bench: &Bench<'_, S>, server: &Server) -> Checked {
    let seen = bench.answered(get(server.address(), "at-the-limit")).await;
    let limit = bench.body_limit;
    let seen = seen.map_err(|why| format!("a body of {limit} bytes, the limit: {why}"))?;
    Ok(same("length", &seen.body().len(), &limit)?)
}

async fn too_large<S: Subject>(bench: &Bench<'_, S>, server: &Server) -> Checked {
    let limit = bench.body_limit;
    let failed = bench.fails(get(server.address(), "over-the-limit")).await;
    let error = failed.map_err(|why| format!("a body over {limit} bytes, the limit: {why}"))?;
    not_no(&error)?;
    if error.kind() != TransportErrorKind::TooLarge {
        let why = format!("expected TooLarge, seen {}", error_told(&error));
        return Err(Unmet::Failed(why));
    }
    Ok(())
}

fn asked_for(name: &str, limit: usize) -> usize {
    match name {
        "at-the-limit" => limit,
        _ => limit.saturating_add(1),
    }
}

fn in_pieces(
    connection: &mut Connection,
    length: usize,
    write: impl Fn(&mut Connection, &[u8]) -> std::io::Result<()>,
) -> std::io::Result<()> {
    let piece = [b'x'; 16 * 1024];
    let mut left = length;
    while let Some(piece) = piece
        .get(..left.min(piece.len()))
        .filter(|piece| !piece.is_empty())
    {
        write(connection, piece)?;
        left = left.saturating_sub(piece.len());
    }
    Ok(())
}
