//! A set of ranks that is quick to fill and to walk in order: one bit each.

/// Ranks that are marked.
#[derive(Debug, Clone, Default)]
pub(super) struct Marks(Vec<u64>);

impl Marks {
    /// Marks a rank; true when it was not marked before.
    pub(super) fn set(&mut self, rank: usize) -> bool {
        let (word, bit) = (rank / 64, 1 << (rank % 64));
        if word >= self.0.len() {
            self.0.resize(word + 1, 0);
        }
        let fresh = self.0[word] & bit == 0;
        self.0[word] |= bit;
        fresh
    }

    pub(super) fn has(&self, rank: usize) -> bool {
        self.0.get(rank / 64).is_some_and(|word| word & (1 << (rank % 64)) != 0)
    }

    pub(super) fn count(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// The marked ranks in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = usize> {
        self.0.iter().enumerate().flat_map(|(at, word)| {
            let mut left = *word;
            std::iter::from_fn(move || {
                let bit = left.trailing_zeros() as usize;
                left = left.checked_sub(1).map(|less| left & less)?;
                Some(at * 64 + bit)
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn walks_in_order_what_was_marked_once() {
        let mut marks = Marks::default();
        let fresh: Vec<bool> = [700, 63, 64, 0, 63, 127].into_iter().map(|rank| marks.set(rank)).collect();
        assert_eq!(fresh, [true, true, true, true, false, true]);
        assert_eq!(marks.iter().collect::<Vec<_>>(), [0, 63, 64, 127, 700]);
        assert_eq!(marks.count(), 5);
        assert!(marks.has(700) && !marks.has(701) && !marks.has(100_000));
    }
}
