//! Pages that are requested ahead, for futures of any kind.

use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use paystack_core::{
    Error, InvalidInput, Page, Paginate, Paginator, Position, Reply, ResumePoint, RetryRule,
};

/// The requested pages of a list, as calls of the type `F`. The first one in the queue is the paginator's next
/// page.
pub(crate) struct Prefetch<O: Paginate, F> {
    list: O,
    paginator: Paginator<O>,
    queue: VecDeque<Slot<F, Reply<O::Output>>>,
    /// How many pages are requested while the caller has one.
    pub(crate) ahead: usize,
    /// Whether a page may be requested again without the caller's asking, as prefetched pages may have to be.
    may_repeat: bool,
    /// Whether the last page failed: then only that one is requested until it succeeds.
    has_failed: bool,
}

enum Slot<F, R> {
    /// Not requested, or dropped.
    Idle,
    Requested {
        call: F,
        /// Whether the caller has not polled it for a while.
        unpolled: bool,
    },
    Finished {
        result: Result<R, Error>,
        unpolled: bool,
    },
}

impl<O: Paginate, F> Prefetch<O, F> {
    pub(crate) fn new(list: O, retry_rule: RetryRule) -> Self {
        Self {
            paginator: Paginator::new(list.clone()),
            list,
            queue: VecDeque::new(),
            ahead: 1,
            may_repeat: retry_rule == RetryRule::Idempotent,
            has_failed: false,
        }
    }

    pub(crate) fn resume(self, point: &ResumePoint) -> Result<Self, InvalidInput> {
        Ok(Self {
            paginator: Paginator::resume(self.list.clone(), point)?,
            queue: VecDeque::new(),
            ..self
        })
    }
}

impl<O, F> Prefetch<O, F>
where
    O: Paginate,
    F: Future<Output = Result<Reply<O::Output>, Error>> + Unpin,
{
    /// The next page, once its call has finished. `call` makes the call of an operation.
    pub(crate) fn poll(
        &mut self,
        context: &mut Context<'_>,
        call: impl Fn(O) -> F,
    ) -> Poll<Option<Result<Page<O::Output>, Error>>> {
        loop {
            let ahead = if self.has_failed { 0 } else { self.ahead() };
            self.drive(context, ahead.max(1), &call);
            match self.queue.pop_front() {
                None => return Poll::Ready(None),
                Some(Slot::Finished {
                    result: Ok(reply), ..
                }) => {
                    let expected = self.position(1);
                    let page = match self.paginator.on_reply(reply) {
                        Ok(page) => page,
                        Err(error) => return self.fail(error),
                    };
                    if self.position(0) != expected {
                        // The list continues at another position than expected.
                        self.queue.clear();
                    }
                    // The list may have become shorter.
                    let exists = |place: &usize| self.paginator.next_request(*place).is_some();
                    let existing = (0..self.queue.len()).take_while(exists).count();
                    self.queue.truncate(existing);
                    self.has_failed = false;
                    self.request_ahead(context, &call);
                    return Poll::Ready(page.map(Ok));
                }
                // It probably timed out while it was not polled. Now it is needed.
                Some(Slot::Finished {
                    result: Err(error),
                    unpolled: true,
                }) if error.is_retryable() => self.queue.push_front(Slot::Idle),
                Some(Slot::Finished {
                    result: Err(error), ..
                }) => return self.fail(error),
                Some(slot) => {
                    self.queue.push_front(slot);
                    return Poll::Pending;
                }
            }
        }
    }

    fn ahead(&self) -> usize {
        if self.may_repeat { self.ahead } else { 0 }
    }

    /// The position of a page in the queue.
    fn position(&self, place: usize) -> Option<Position> {
        self.paginator.next_request(place)?.position()
    }

    /// Requests the first pages of the queue, as far as they are known, and polls all calls.
    fn drive(&mut self, context: &mut Context<'_>, width: usize, call: &impl Fn(O) -> F) {
        while self.queue.len() < width && self.paginator.next_request(self.queue.len()).is_some() {
            self.queue.push_back(Slot::Idle);
        }
        for (place, slot) in self.queue.iter_mut().enumerate() {
            if let Slot::Idle = slot
                && place < width
                && let Some(list) = self.paginator.next_request(place)
            {
                *slot = Slot::Requested {
                    call: call(list),
                    unpolled: false,
                };
            }
            if let Slot::Requested { call, unpolled } = slot
                && let Poll::Ready(result) = Pin::new(call).poll(context)
            {
                *slot = Slot::Finished {
                    result,
                    unpolled: *unpolled,
                };
            }
        }
    }

    /// Requests the pages ahead before the caller receives a page.
    fn request_ahead(&mut self, context: &mut Context<'_>, call: &impl Fn(O) -> F) {
        self.drive(context, self.ahead(), call);
        for slot in &mut self.queue {
            if let Slot::Requested { unpolled, .. } | Slot::Finished { unpolled, .. } = slot {
                *unpolled = true;
            }
        }
    }

    /// Drops all calls that have not succeeded. They are requested again once the first page has succeeded.
    fn fail(&mut self, error: Error) -> Poll<Option<Result<Page<O::Output>, Error>>> {
        self.has_failed = true;
        self.queue.push_front(Slot::Idle);
        for slot in &mut self.queue {
            if !matches!(slot, Slot::Finished { result: Ok(_), .. }) {
                *slot = Slot::Idle;
            }
        }
        Poll::Ready(Some(Err(error)))
    }
}
