//! The server's side of HTTP/2, frame by frame.

use std::collections::BTreeSet;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};

use crate::server::Server;

/// What is said on a stream.
pub type Says = fn(u32) -> Vec<u8>;

/// What a server says to a request.
#[derive(Clone)]
pub struct Http2 {
    pub answer: Says,
    /// Said again and again, this often.
    pub again: Option<(Says, Duration)>,
    pub then_hangs_up: bool,
    /// Whether it still answers pings once it has been asked.
    pub answers_pings: bool,
}

pub const DATA: u8 = 0;
pub const HEADERS: u8 = 1;
pub const RST_STREAM: u8 = 3;
pub const SETTINGS: u8 = 4;
pub const PING: u8 = 6;
pub const GOAWAY: u8 = 7;
pub const CONTINUATION: u8 = 9;

pub const NO_FLAGS: u8 = 0;
pub const END_STREAM: u8 = 1;
pub const ACK: u8 = 1;
pub const END_HEADERS: u8 = 4;

/// `:status: 200` in HPACK.
pub const OK: &[u8] = b"\x88";

const PREFACE: usize = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".len();
const FRAME_HEAD: usize = 9;

pub fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    let mut frame = length[1..].to_vec();
    frame.extend([kind, flags]);
    frame.extend(stream.to_be_bytes());
    frame.extend(payload);
    frame
}

impl Http2 {
    pub async fn serve(&self, server: &Server, mut stream: DuplexStream) {
        let mut received = Vec::new();
        let mut asked = BTreeSet::new();
        if stream
            .write_all(&frame(SETTINGS, NO_FLAGS, 0, &[]))
            .await
            .is_err()
        {
            return;
        }
        let mut is_begun = false;
        loop {
            if !is_begun && received.len() >= PREFACE {
                received.drain(..PREFACE);
                is_begun = true;
            }
            while let Some((kind, flags, id, payload)) =
                is_begun.then(|| take(&mut received)).flatten()
            {
                let said = match kind {
                    PING if flags & ACK == 0 && (asked.is_empty() || self.answers_pings) => {
                        frame(PING, ACK, 0, &payload)
                    }
                    HEADERS | DATA if flags & END_STREAM != 0 => {
                        if server.count() {
                            let body = crate::operations::CUSTOMER.as_bytes();
                            let head = frame(HEADERS, END_HEADERS, id, OK);
                            [head, frame(DATA, END_STREAM, id, body)].concat()
                        } else {
                            asked.insert(id);
                            (self.answer)(id)
                        }
                    }
                    RST_STREAM => {
                        asked.remove(&id);
                        continue;
                    }
                    _ => continue,
                };
                if stream.write_all(&said).await.is_err()
                    || (self.then_hangs_up && !asked.is_empty())
                {
                    return;
                }
            }
            let again = async {
                match (self.again, asked.last()) {
                    (Some((say, every)), Some(id)) => {
                        tokio::time::sleep(every).await;
                        say(*id)
                    }
                    _ => std::future::pending().await,
                }
            };
            tokio::select! {
                read = stream.read_buf(&mut received) => {
                    if !matches!(read, Ok(1..)) {
                        return;
                    }
                }
                said = again => {
                    if stream.write_all(&said).await.is_err() {
                        return;
                    }
                }
            }
        }
    }
}

/// The first frame, if all of it is there: its kind, its flags, its stream and what it holds.
fn take(received: &mut Vec<u8>) -> Option<(u8, u8, u32, Vec<u8>)> {
    let head: [u8; FRAME_HEAD] = received.get(..FRAME_HEAD)?.try_into().unwrap();
    let [a, b, c, kind, flags, stream @ ..] = head;
    let end = FRAME_HEAD + usize::try_from(u32::from_be_bytes([0, a, b, c])).unwrap();
    let payload = received.get(FRAME_HEAD..end)?.to_vec();
    received.drain(..end);
    Some((kind, flags, u32::from_be_bytes(stream), payload))
}
