//! A transport with one fault.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use http::header::{ACCEPT_ENCODING, CONTENT_LENGTH, LOCATION, TRANSFER_ENCODING};
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, Uri, Version};
use http_body_util::Full;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use paystack_hyper::HyperTransport;
use paystack_tests::transports::exchange::refused;
use paystack_tests::transports::origin::{address, to_origin};
use paystack_transport::bytes::{Bytes, BytesMut};
use paystack_transport::{Sent, Timer, Transport, TransportError, TransportErrorKind, async_trait};
use tokio::net::TcpStream;

use super::connection::{
    Half, Pooled, Shown, as_text, beginning, early_hints, error_of, half_a_body, lost, or_ended,
    pooled, read, watch, whole_body,
};
use super::{BODY_LIMIT, Wrong};

/// A good transport with one fault.
pub(crate) struct Broken {
    wrong: Wrong,
    good: HyperTransport,
    pooled: Pooled,
    turn: tokio::sync::Mutex<()>,
    last_body: Mutex<Bytes>,
    /// The start of a cancelled response, and its address.
    left: Mutex<(String, BytesMut)>,
    idle: Mutex<Vec<(String, Kept)>>,
}

/// An idle connection. No task polls it, so its end goes unnoticed, unless a thread watches it.
struct Kept {
    sender: http1::SendRequest<Full<Bytes>>,
    connection: http1::Connection<TokioIo<TcpStream>, Full<Bytes>>,
    is_closed: Arc<AtomicBool>,
}

impl Broken {
    pub(crate) fn new(wrong: Wrong) -> Self {
        let limit = match wrong {
            Wrong::HasNoLimit | Wrong::ReadsOversizedBodies => usize::MAX,
            Wrong::AllowsAByteMore => BODY_LIMIT + 1,
            _ => BODY_LIMIT,
        };
        Self {
            wrong,
            good: HyperTransport::builder().body_limit(limit).build().unwrap(),
            pooled: pooled(),
            turn: tokio::sync::Mutex::default(),
            last_body: Mutex::default(),
            left: Mutex::default(),
            idle: Mutex::default(),
        }
    }
}

#[async_trait]
impl Timer for Broken {
    async fn sleep(&self, duration: Duration) {
        let duration = match self.wrong {
            Wrong::Oversleeps => duration.max(Duration::from_millis(160)),
            _ => duration,
        };
        self.good.sleep(duration).await;
    }

    fn now(&self) -> Duration {
        match self.wrong {
            Wrong::ClockStandsStill => Duration::from_secs(1),
            _ => self.good.now(),
        }
    }
}

#[async_trait]
impl Transport for Broken {
    async fn send(&self, mut request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        let key = format!("{:?}", request.headers().get("authorization").map(as_text));
        let url = request.uri().clone();
        self.change_request(&mut request);
        let _turn = match self.wrong {
            Wrong::OneAtATime => Some(self.turn.lock().await),
            _ => None,
        };
        match self.exchange(request).await {
            Ok(mut answer) => {
                self.change_answer(&mut answer)?;
                Ok(answer)
            }
            Err(error) => Err(match self.wrong {
                Wrong::AllIsMaybe => error_of(error.kind(), Sent::Maybe),
                Wrong::AllIsNo => error_of(error.kind(), Sent::No),
                Wrong::ShowsTheUrl => error.with_source(format!("could not reach {url}")),
                Wrong::ShowsTheKey => error.with_source(Shown(key)),
                _ => error,
            }),
        }
    }
}

impl Broken {
    fn change_request(&self, request: &mut Request<Bytes>) {
        match self.wrong {
            Wrong::ChangesThePath => {
                let url = request.uri().to_string().replace("%e2", "%E2");
                *request.uri_mut() = url.parse().unwrap();
            }
            Wrong::AddsAHeader => {
                let shop = HeaderValue::from_static("lagos");
                request.headers_mut().insert("x-shop", shop);
            }
            Wrong::DecodesNoGzip | Wrong::RequestsBrotli => {
                let encoding = match self.wrong {
                    Wrong::DecodesNoGzip => "gzip",
                    _ => "br",
                };
                let encoding = HeaderValue::from_static(encoding);
                request.headers_mut().insert(ACCEPT_ENCODING, encoding);
            }
            Wrong::ChangesTheBody => {
                *request.body_mut() = request.body().to_ascii_lowercase().into()
            }
            Wrong::AddsABody if request.method() != Method::GET && request.body().is_empty() => {
                *request.body_mut() = Bytes::from_static(b"{}");
            }
            _ => {}
        }
    }

    async fn exchange(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        match self.wrong {
            Wrong::FollowsRedirects => {
                let answer = self.good.send(request.clone()).await?;
                let place = answer.headers().get(LOCATION);
                let place = place.and_then(|place| as_text(place).parse::<Uri>().ok());
                let Some(place) = place.filter(|place| place.host().is_some()) else {
                    return Ok(answer);
                };
                let mut request = request;
                *request.uri_mut() = place;
                self.good.send(request).await
            }
            Wrong::SendsAgain => match self.good.send(request.clone()).await {
                Err(error) if error.kind() == TransportErrorKind::Io => {
                    self.good.send(request).await
                }
                result => result,
            },
            Wrong::SendsAgainAfterA5xx => {
                let answer = self.good.send(request.clone()).await?;
                match answer.status().is_server_error() {
                    true => self.good.send(request).await,
                    false => Ok(answer),
                }
            }
            Wrong::SendsAgainWhenKept => {
                let is_kept = self.is_kept(&address(&request));
                match self.on_a_kept_connection(request.clone()).await {
                    Err(_) if is_kept => self.on_a_kept_connection(request).await,
                    result => result,
                }
            }
            // Only requests of `sent-once`, so that other clauses pass on a busy machine.
            Wrong::SendsAgainInTime if request.uri().path().ends_with("once") => {
                let limit = Duration::from_millis(150);
                let first = tokio::time::timeout(limit, self.good.send(request.clone())).await;
                match first {
                    Ok(result) => result,
                    Err(_) => self.good.send(request).await,
                }
            }
            Wrong::ReturnsEarlyHints => early_hints(&self.good, request).await,
            Wrong::AcceptsTruncatedBodies => half_a_body(request).await,
            Wrong::SendsBeforeItPolls => whole_body(&self.pooled, request).await,
            Wrong::UsesDeadConnections | Wrong::NoticesClosesLate => {
                self.on_a_kept_connection(request).await
            }
            // Only slow requests of the suite, so that others pass on a busy machine.
            Wrong::TimeOutsAreIo if request.uri().path().ends_with("late") => {
                let limit = Duration::from_millis(150);
                let result = tokio::time::timeout(limit, self.good.send(request)).await;
                result.unwrap_or(Err(error_of(TransportErrorKind::Io, Sent::Maybe)))
            }
            Wrong::GoesOnWhenDropped => {
                let good = self.good.clone();
                let sending = tokio::spawn(async move { good.send(request).await });
                sending.await.unwrap()
            }
            // Sends the request after the suite has cancelled it.
            Wrong::GoesOnLate if request.uri().path().ends_with("cancelled") => {
                let good = self.good.clone();
                let sending = tokio::spawn(async move {
                    tokio::time::sleep(Duration::from_millis(150)).await;
                    good.send(request).await
                });
                sending.await.unwrap()
            }
            Wrong::MixesInAPartialBody => self.with_what_was_left(request).await,
            _ => self.good.send(request).await,
        }
    }

    fn change_answer(&self, answer: &mut Response<Bytes>) -> Result<(), TransportError> {
        let is_wrong = match self.wrong {
            Wrong::StatusIsAnError => answer.status().as_u16() >= 400,
            Wrong::RefusesHttp10 => answer.version() == Version::HTTP_10,
            Wrong::RefusesChunks => answer.headers().contains_key(TRANSFER_ENCODING),
            _ => false,
        };
        if is_wrong {
            return Err(error_of(TransportErrorKind::Other, Sent::Maybe));
        }
        match self.wrong {
            Wrong::LastHeaderOnly => {
                let headers = std::mem::take(answer.headers_mut());
                let mut last = HeaderMap::new();
                for name in headers.keys() {
                    last.insert(
                        name,
                        headers.get_all(name).iter().next_back().unwrap().clone(),
                    );
                }
                *answer.headers_mut() = last;
            }
            Wrong::HeadersReversed => {
                let headers = std::mem::take(answer.headers_mut());
                let mut reversed = HeaderMap::new();
                for name in headers.keys() {
                    for value in headers.get_all(name).iter().rev() {
                        reversed.append(name, value.clone());
                    }
                }
                *answer.headers_mut() = reversed;
            }
            Wrong::HeadersAsAscii => {
                for value in answer.headers_mut().values_mut() {
                    *value = as_text(value).parse().unwrap();
                }
            }
            Wrong::BodyAsText => {
                let text = String::from_utf8_lossy(answer.body()).into_owned();
                *answer.body_mut() = text.into();
            }
            Wrong::NoLengthIsNoBody => {
                let headers = answer.headers();
                if !headers.contains_key(CONTENT_LENGTH) && !headers.contains_key(TRANSFER_ENCODING)
                {
                    answer.body_mut().clear();
                }
            }
            Wrong::ReadsOversizedBodies if answer.body().len() > BODY_LIMIT => {
                return Err(error_of(TransportErrorKind::TooLarge, Sent::Maybe));
            }
            Wrong::KeepsTheLastBody => {
                let mut last = self.last_body.lock().unwrap();
                if answer.status() == StatusCode::NO_CONTENT {
                    *answer.body_mut() = last.clone();
                }
                *last = answer.body().clone();
            }
            _ => {}
        }
        Ok(())
    }

    async fn with_what_was_left(
        &self,
        request: Request<Bytes>,
    ) -> Result<Response<Bytes>, TransportError> {
        let place = address(&request);
        let (head, body) = beginning(&pooled(), request).await?.into_parts();
        let read_before = match &mut *self.left.lock().unwrap() {
            (from, read) if *from == place => read.split(),
            _ => BytesMut::new(),
        };
        let mut half = Half {
            place,
            read: read_before,
            left: &self.left,
        };
        read(body, &mut half.read).await?.map_err(lost)?;
        Ok(Response::from_parts(head, half.read.split().freeze()))
    }

    fn is_kept(&self, place: &str) -> bool {
        let idle = self.idle.lock().unwrap();
        idle.iter().any(|(other, _)| other == place)
    }

    async fn on_a_kept_connection(
        &self,
        request: Request<Bytes>,
    ) -> Result<Response<Bytes>, TransportError> {
        let place = address(&request);
        let kept = {
            let mut idle = self.idle.lock().unwrap();
            idle.retain(|(_, kept)| !kept.is_closed.load(Ordering::Relaxed));
            let known = idle.iter().position(|(other, _)| *other == place);
            known.map(|index| idle.swap_remove(index).1)
        };
        let mut kept = match kept {
            Some(kept) => kept,
            None => self.connect(&place).await?,
        };
        let responded = {
            let answer = async {
                let answer = kept.sender.send_request(to_origin(request)).await;
                let (head, body) = answer.map_err(lost)?.into_parts();
                let mut whole = BytesMut::new();
                read(body, &mut whole).await?.map_err(lost)?;
                Ok(Response::from_parts(head, whole.freeze()))
            };
            or_ended(answer, &mut kept.connection).await
        };
        let (answer, is_ended) = responded;
        if answer.is_ok() && !is_ended && kept.sender.is_ready() {
            self.idle.lock().unwrap().push((place, kept));
        }
        answer
    }

    async fn connect(&self, place: &str) -> Result<Kept, TransportError> {
        let stream = TcpStream::connect(place).await.map_err(refused)?;
        let stream = stream.into_std().map_err(refused)?;
        let is_closed = Arc::default();
        if self.wrong == Wrong::NoticesClosesLate {
            watch(stream.try_clone().map_err(refused)?, &is_closed);
        }
        let stream = TcpStream::from_std(stream).map_err(refused)?;
        let stream = TokioIo::new(stream);
        let (sender, connection) = http1::handshake(stream).await.map_err(lost)?;
        Ok(Kept {
            sender,
            connection,
            is_closed,
        })
    }
}
