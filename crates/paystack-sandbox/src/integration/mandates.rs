//! The mandates of an integration, indexed by their id, reference, authorization code and customer.

use std::collections::HashMap;

use crate::state::Mandate;

#[derive(Debug, Default)]
pub(crate) struct Mandates {
    /// The mandates, oldest first.
    all: Vec<Mandate>,
    by_id: HashMap<u64, usize>,
    by_reference: HashMap<Box<str>, usize>,
    by_authorization: HashMap<Box<str>, usize>,
    /// The mandates of a customer, oldest first.
    by_customer: HashMap<u64, Vec<usize>>,
}

impl Mandates {
    pub(crate) fn insert(&mut self, mandate: Mandate) {
        let index = self.all.len();
        self.by_id.insert(mandate.id, index);
        self.by_reference.insert(mandate.reference.clone(), index);
        let code = mandate.authorization_code.clone();
        self.by_authorization.insert(code, index);
        let of_customer = self.by_customer.entry(mandate.customer.id);
        of_customer.or_default().push(index);
        self.all.push(mandate);
    }

    pub(crate) fn len(&self) -> usize {
        self.all.len()
    }

    /// Returns all mandates, oldest first.
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &Mandate> + Clone {
        self.all.iter()
    }

    /// Returns the mandates of a customer, oldest first.
    pub(crate) fn of_customer(
        &self,
        customer: u64,
    ) -> impl DoubleEndedIterator<Item = &Mandate> + Clone {
        let indexes = self.by_customer.get(&customer).into_iter().flatten();
        indexes.filter_map(|index| self.all.get(*index))
    }

    pub(crate) fn by_id(&self, id: u64) -> Option<&Mandate> {
        self.all.get(*self.by_id.get(&id)?)
    }

    pub(crate) fn by_id_mut(&mut self, id: u64) -> Option<&mut Mandate> {
        self.all.get_mut(*self.by_id.get(&id)?)
    }

    /// Returns whether a mandate has this reference or authorization code.
    pub(crate) fn has_code(&self, code: &str) -> bool {
        self.by_reference.contains_key(code) || self.by_authorization.contains_key(code)
    }

    pub(crate) fn by_reference(&self, reference: &str) -> Option<&Mandate> {
        self.all.get(*self.by_reference.get(reference)?)
    }

    pub(crate) fn by_authorization_mut(&mut self, code: &str) -> Option<&mut Mandate> {
        self.all.get_mut(*self.by_authorization.get(code)?)
    }
}
