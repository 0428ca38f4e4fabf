//! `GET /customer/{id}/directdebit-mandate-authorizations`

use http::Method;

use super::MandateAuthorization;
use crate::{Cursor, CustomerId, Operation, Paged, Path, Query, Resend, Start};

/// Lists the mandates of a customer, a page at a time:
/// `GET /customer/{id}/directdebit-mandate-authorizations`.
///
/// ```
/// use paystack_core::CustomerId;
/// use paystack_core::customers::direct_debit::ListMandateAuthorizations;
///
/// let of_ravi = ListMandateAuthorizations::new(CustomerId::new(297346561));
/// ```
///
/// Paystack's page lists no parameter for it, but its answers name a `next` page. That is asked for
/// as in the list of all customers' mandates,
/// [`ListIntegrationMandateAuthorizations`](super::ListIntegrationMandateAuthorizations), where the
/// cursor is documented.
///
/// Refused with 404: a customer that does not exist.
///
/// See <https://paystack.com/docs/api/customer/#fetch-mandate-authorizations>.
#[derive(Clone, Debug)]
#[must_use = "an operation does nothing until it is sent"]
pub struct ListMandateAuthorizations {
    customer: CustomerId,
    after: Option<Cursor>,
}

impl ListMandateAuthorizations {
    /// Those of the customer with this numeric id.
    pub fn new(customer: CustomerId) -> Self {
        Self {
            customer,
            after: None,
        }
    }

    /// Starts after this place: [`Meta::next`](crate::Meta::next).
    pub fn after(mut self, cursor: Cursor) -> Self {
        self.after = Some(cursor);
        self
    }
}

impl Operation for ListMandateAuthorizations {
    const NAME: &'static str = "customers.list_mandate_authorizations";
    const METHOD: Method = Method::GET;
    const RESEND: Resend = Resend::Always;
    type Output = Vec<MandateAuthorization>;

    fn path(&self) -> Path {
        Path::new("customer")
            .number(self.customer.get())
            .segment("directdebit-mandate-authorizations")
    }

    fn query(&self, query: &mut Query) {
        if let Some(cursor) = &self.after {
            query.pair("cursor", cursor);
        }
    }
}

impl Paged for ListMandateAuthorizations {
    fn position(&self) -> Option<Start> {
        let after = self.after.clone();
        Some(after.map_or(Start::Cursor, Start::After))
    }

    fn at(&self, start: Start) -> Option<Self> {
        let after = match start {
            Start::Cursor => None,
            Start::After(cursor) => Some(cursor),
            Start::Page(_) | Start::Before(_) => return None,
        };
        Some(Self {
            after,
            ..self.clone()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::wire_text;

    #[test]
    fn smallest() {
        let list = ListMandateAuthorizations::new(CustomerId::new(297_346_561));
        insta::assert_snapshot!(wire_text(&list), @"
        GET https://api.paystack.co/customer/297346561/directdebit-mandate-authorizations
        accept: application/json
        authorization: Bearer [redacted]
        user-agent: paystack-rust/[version]
        ");
    }

    #[test]
    fn page_after_a_cursor() {
        let list = ListMandateAuthorizations::new(CustomerId::new(297_346_561))
            .after(Cursor::new("bWFuZGF0ZTo3").unwrap());
        insta::assert_snapshot!(wire_text(&list), @"
        GET https://api.paystack.co/customer/297346561/directdebit-mandate-authorizations?cursor=bWFuZGF0ZTo3
        accept: application/json
        authorization: Bearer [redacted]
        user-agent: paystack-rust/[version]
        ");
    }
}
