//! A server that writes frames of HTTP/2.

use std::collections::BTreeSet;
use std::time::Duration;

use paystack_tests::http2::{
    ACK, DATA, END_HEADERS, END_STREAM, FRAME_HEAD_LENGTH, HEADERS, NO_FLAGS, OK, PING,
    PREFACE_LENGTH, RST_STREAM, SETTINGS, frame,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};

use crate::server::Server;

/// Encodes frames for a stream.
pub type Frames = fn(u32) -> Vec<u8>;

/// How the server responds to a request.
#[derive(Clone)]
pub struct Http2 {
    pub response: Frames,
    /// Frames to repeat at this interval.
    pub again: Option<(Frames, Duration)>,
    pub then_hangs_up: bool,
    /// Whether the server responds to pings after a request.
    pub answers_pings: bool,
}

impl Http2 {
    pub async fn serve(&self, server: &Server, mut stream: DuplexStream) {
        let mut received = Vec::new();
        let mut requested = BTreeSet::new();
        if stream
            .write_all(&frame(SETTINGS, NO_FLAGS, 0, &[]))
            .await
            .is_err()
        {
            return;
        }
        let mut is_begun = false;
        loop {
            if !is_begun && received.len() >= PREFACE_LENGTH {
                received.drain(..PREFACE_LENGTH);
                is_begun = true;
            }
            while let Some((kind, flags, id, payload)) =
                is_begun.then(|| take(&mut received)).flatten()
            {
                let response = match kind {
                    PING if flags & ACK == 0 && (requested.is_empty() || self.answers_pings) => {
                        frame(PING, ACK, 0, &payload)
                    }
                    HEADERS | DATA if flags & END_STREAM != 0 => {
                        if server.count() {
                            let body = crate::sending::CUSTOMER.as_bytes();
                            let head = frame(HEADERS, END_HEADERS, id, OK);
                            [head, frame(DATA, END_STREAM, id, body)].concat()
                        } else {
                            requested.insert(id);
                            (self.response)(id)
                        }
                    }
                    RST_STREAM => {
                        requested.remove(&id);
                        continue;
                    }
                    _ => continue,
                };
                if stream.write_all(&response).await.is_err()
                    || (self.then_hangs_up && !requested.is_empty())
                {
                    return;
                }
            }
            let again = async {
                match (self.again, requested.last()) {
                    (Some((frames, every)), Some(id)) => {
                        tokio::time::sleep(every).await;
                        frames(*id)
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
                response = again => {
                    if stream.write_all(&response).await.is_err() {
                        return;
                    }
                }
            }
        }
    }
}

/// Removes the first frame if it is complete. Returns its kind, flags, stream and payload.
fn take(received: &mut Vec<u8>) -> Option<(u8, u8, u32, Vec<u8>)> {
    let head: [u8; FRAME_HEAD_LENGTH] = received.get(..FRAME_HEAD_LENGTH)?.try_into().unwrap();
    let [a, b, c, kind, flags, stream @ ..] = head;
    let end = FRAME_HEAD_LENGTH + usize::try_from(u32::from_be_bytes([0, a, b, c])).unwrap();
    let payload = received.get(FRAME_HEAD_LENGTH..end)?.to_vec();
    received.drain(..end);
    Some((kind, flags, u32::from_be_bytes(stream), payload))
}
