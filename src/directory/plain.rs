//! A list by id, for what is few enough to be looked through at every keystroke. What is looked for in it is not known here.

use std::collections::BTreeMap;
use std::sync::Arc;

use rollcall_telephony::Millis;

use super::listed::{Listed, Shown};

/// A list that is being shown, in order of id.
#[derive(Debug, Clone)]
pub struct Plain<I, T> {
    items: BTreeMap<I, Arc<T>>,
    taken_at: Option<Millis>,
}

impl<I: Ord, T> Plain<I, T> {
    /// All of them, in order of id.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<T>> {
        self.items.values()
    }
}

impl<I, T> Default for Plain<I, T> {
    fn default() -> Self {
        Self { items: BTreeMap::new(), taken_at: None }
    }
}

impl<T: Listed> Shown<T> for Plain<T::Id, T> {
    fn new(items: impl IntoIterator<Item = Arc<T>>, taken_at: Option<Millis>) -> Self {
        Self { items: items.into_iter().map(|item| (item.id().clone(), item)).collect(), taken_at }
    }

    fn taken_at(&self) -> Option<Millis> {
        self.taken_at
    }

    fn count(&self) -> usize {
        self.items.len()
    }

    fn items(&self) -> impl Iterator<Item = Arc<T>> {
        self.items.values().cloned()
    }

    fn get(&self, id: &T::Id) -> Option<Arc<T>> {
        self.items.get(id).cloned()
    }

    fn with(&self, item: Arc<T>) -> Self {
        let mut list = self.clone();
        list.items.insert(item.id().clone(), item);
        list
    }

    fn with_missing<'a>(&self, items: impl Iterator<Item = &'a Arc<T>>) -> Self {
        let mut list = self.clone();
        for item in items {
            list.items.entry(item.id().clone()).or_insert_with(|| Arc::clone(item));
        }
        list
    }

    fn without(&self, id: &T::Id) -> Self {
        let mut list = self.clone();
        list.items.remove(id);
        list
    }
}
