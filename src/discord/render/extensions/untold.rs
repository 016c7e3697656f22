//! Rows of a batch of which nobody can tell: what is said of them, and why the list proves nothing.

use crate::desk::{RowOutcome, RowUntold};

/// Whether nobody can tell of a row.
pub(super) fn is_untold(outcome: &RowOutcome) -> bool {
    matches!(outcome, RowOutcome::Untold { .. })
}

/// Whether there are such rows, and beside them only rows of which nothing is to be seen.
pub(super) fn proves_nothing(outcomes: &[RowOutcome]) -> bool {
    outcomes.iter().any(is_untold) && outcomes.iter().all(|row| is_untold(row) || *row == RowOutcome::NotDone)
}

/// What stands above the rows that did not come out as asked.
pub(super) fn heading(outcomes: &[RowOutcome]) -> &'static str {
    let mut troubled = outcomes.iter().filter(|outcome| !outcome.is_done());
    match (outcomes.iter().any(is_untold), troubled.all(is_untold)) {
        (false, _) => "Not as asked",
        (true, true) => "Nobody can tell",
        (true, false) => "Not as asked, or nobody can tell",
    }
}

/// Why the list proves nothing, sentence by sentence.
pub(super) fn why(outcomes: &[RowOutcome]) -> Vec<&'static str> {
    let has = |why| outcomes.contains(&RowOutcome::Untold { why });
    let sentence = |why| match why {
        RowUntold::Unreadable => {
            "❓ There are extensions in its list that cannot be read: what I do not find there may be one of them."
        }
        RowUntold::Doubted => {
            "❓ Its list lacked nearly everything that was there before, and said something else when I read it again: \
             what I do not find there may be there all the same."
        }
    };
    [RowUntold::Doubted, RowUntold::Unreadable].into_iter().filter(|why| has(*why)).map(sentence).collect()
}

/// What to do about such rows.
pub(super) const NEXT: &str =
    "Next: look at the rows marked ❓ in the phone system itself, and attach again only what is not done there.";
