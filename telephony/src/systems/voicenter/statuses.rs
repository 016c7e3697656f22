//! The statuses: two that every account has, and the breaks that the settings name.

use std::fmt;

/// Logs in, and ends every break.
pub(super) const LOGIN: Status = Status(1);

/// Logs out.
pub(super) const LOGOUT: Status = Status(2);

/// The documented breaks, by the labels of the vendor's English page. 4, 6, 8 and 10 stand in no source.
pub(super) const DOCUMENTED: [(u32, &str); 7] = [
    (3, "Lunch"),
    (5, "Administrative"),
    (7, "Private"),
    (9, "Other"),
    (11, "Training"),
    (12, "Team meeting"),
    (13, "Brief"),
];

/// A status as it is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Status(pub(super) u32);

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// The breaks of this account, in the order of their numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Breaks(pub(super) Vec<(Status, String)>);

impl Default for Breaks {
    fn default() -> Self {
        Self(DOCUMENTED.into_iter().map(|(number, label)| (Status(number), label.to_owned())).collect())
    }
}

impl Breaks {
    /// The break with this label (blind to case) or number.
    pub(super) fn find(&self, reason: &str) -> Option<Status> {
        let reason = reason.trim();
        let wanted = reason.to_lowercase();
        let by_label = self.0.iter().find(|(_, label)| label.to_lowercase() == wanted);
        let by_number = || self.0.iter().find(|(status, _)| status.to_string() == reason);
        by_label.or_else(by_number).map(|(status, _)| *status)
    }

    /// The labels, to be offered.
    pub(super) fn labels(&self) -> Vec<String> {
        self.0.iter().map(|(_, label)| label.clone()).collect()
    }

    /// The numbers, each with its label.
    pub(super) fn numbers(&self) -> Vec<(String, String)> {
        self.0.iter().map(|(status, label)| (status.to_string(), label.clone())).collect()
    }

    /// What people call a status: "Lunch (3)".
    pub(super) fn words(&self, status: Status) -> String {
        match self.0.iter().find(|(known, _)| *known == status) {
            Some((_, label)) => format!("{label} ({status})"),
            None if status == LOGIN => format!("login ({status})"),
            None if status == LOGOUT => format!("logout ({status})"),
            None => status.to_string(),
        }
    }
}
