//! The pages that are on their way, for any kind of future: those of a client that works across threads
//! and those of one that does not.

use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use paystack_core::{
    Error, Page, Paged, PagesError, Reply, Resend, ResumeError, ResumePoint, Start, Walk,
};

/// The pages of a walk that are on their way, as calls of the type `F`.
///
/// The first in the line is the page that the walk expects next; the others are those after it.
pub(crate) struct Flight<O: Paged, F> {
    list: O,
    walk: Walk<O>,
    line: VecDeque<Slot<F, Reply<O::Output>>>,
    /// How many may be on their way while the caller has a page.
    pub(crate) ahead: usize,
    /// Whether a page may be asked for again without the caller's asking. A page that is asked for ahead
    /// of need may have to be.
    may_repeat: bool,
    /// Whether the last page that was asked for did not come: then no other is asked for until it does.
    troubled: bool,
}

enum Slot<F, R> {
    /// Not asked for, or given up.
    Idle,
    Out {
        call: F,
        /// Whether the caller was elsewhere in the meantime.
        left_alone: bool,
    },
    /// The call has ended.
    Back {
        result: Result<R, Error>,
        left_alone: bool,
    },
}

impl<O, F> Flight<O, F>
where
    O: Paged,
{
    /// The retry rule decides whether pages are asked for ahead of need.
    pub(crate) fn new(list: O, retry_rule: Resend) -> Self {
        Self {
            walk: Walk::new(list.clone()),
            list,
            line: VecDeque::new(),
            ahead: 1,
            may_repeat: retry_rule == Resend::Always,
            troubled: false,
        }
    }

    pub(crate) fn resume(self, point: &ResumePoint) -> Result<Self, ResumeError> {
        Ok(Self {
            walk: Walk::resume(self.list.clone(), point)?,
            line: VecDeque::new(),
            ..self
        })
    }
}

impl<O, F> Flight<O, F>
where
    O: Paged,
    F: Future<Output = Result<Reply<O::Output>, Error>> + Unpin,
{
    /// The next page, once it is there. `call` makes a call of an operation.
    pub(crate) fn poll(
        &mut self,
        context: &mut Context<'_>,
        call: impl Fn(O) -> F,
    ) -> Poll<Option<Result<Page<O::Output>, PagesError>>> {
        loop {
            let ahead = if self.troubled { 0 } else { self.ahead() };
            let width = ahead.max(1);
            self.drive(context, width, &call);
            match self.line.pop_front() {
                None => return Poll::Ready(None),
                Some(Slot::Back {
                    result: Ok(reply), ..
                }) => {
                    let ahead = self.position(1);
                    let page = match self.walk.take(reply) {
                        Ok(page) => page,
                        Err(error) => return self.stop(error.into()),
                    };
                    if self.position(0) != ahead {
                        // The list went on elsewhere than it looked.
                        self.line.clear();
                    }
                    // It may have become shorter: nobody waits for pages that are no more.
                    let known = |place: &usize| self.walk.upcoming(*place).is_some();
                    let known = (0..self.line.len()).take_while(known).count();
                    self.line.truncate(known);
                    self.troubled = false;
                    self.hand_over(context, &call);
                    return Poll::Ready(page.map(Ok));
                }
                // It ran out of time while the caller was elsewhere, most likely. Now it is needed.
                Some(Slot::Back {
                    result: Err(error),
                    left_alone: true,
                }) if error.is_retryable() => self.line.push_front(Slot::Idle),
                Some(Slot::Back {
                    result: Err(error), ..
                }) => return self.stop(error.into()),
                Some(slot) => {
                    self.line.push_front(slot);
                    return Poll::Pending;
                }
            }
        }
    }

    fn ahead(&self) -> usize {
        if self.may_repeat { self.ahead } else { 0 }
    }

    /// Where a page of the line starts.
    fn position(&self, place: usize) -> Option<Start> {
        self.walk.upcoming(place)?.position()
    }

    /// Asks for the first so many pages of the line, where they are known, and polls what is out.
    fn drive(&mut self, context: &mut Context<'_>, width: usize, call: &impl Fn(O) -> F) {
        while self.line.len() < width && self.walk.upcoming(self.line.len()).is_some() {
            self.line.push_back(Slot::Idle);
        }
        for (place, slot) in self.line.iter_mut().enumerate() {
            if let Slot::Idle = slot
                && place < width
                && let Some(list) = self.walk.upcoming(place)
            {
                *slot = Slot::Out {
                    call: call(list),
                    left_alone: false,
                };
            }
            if let Slot::Out { call, left_alone } = slot
                && let Poll::Ready(result) = Pin::new(call).poll(context)
            {
                *slot = Slot::Back {
                    result,
                    left_alone: *left_alone,
                };
            }
        }
    }

    /// Asks for what is ahead, before the caller gets a page.
    fn hand_over(&mut self, context: &mut Context<'_>, call: &impl Fn(O) -> F) {
        self.drive(context, self.ahead(), call);
        for slot in &mut self.line {
            if let Slot::Out { left_alone, .. } | Slot::Back { left_alone, .. } = slot {
                *left_alone = true;
            }
        }
    }

    /// Gives up what is out. Pages that are back already are kept, and the rest is asked for again
    /// once the first has come.
    fn stop(&mut self, error: PagesError) -> Poll<Option<Result<Page<O::Output>, PagesError>>> {
        self.troubled = true;
        self.line.push_front(Slot::Idle);
        for slot in &mut self.line {
            if !matches!(slot, Slot::Back { result: Ok(_), .. }) {
                *slot = Slot::Idle;
            }
        }
        Poll::Ready(Some(Err(error)))
    }
}
