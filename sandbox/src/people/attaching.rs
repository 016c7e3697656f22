//! Files at a person's hand, for commands that take one.

use super::{
    Person,
    typing::{self, Stage, Typist},
};
use crate::discord::files::AtHand;
use serde_json::Value;

impl Person {
    /// Puts a file at hand. A line such as `/extension batch file:extensions.csv` then attaches it, each time anew, as
    /// the client uploads it each time.
    pub fn attaches(&self, filename: &str, bytes: impl Into<Vec<u8>>) {
        let at_hand = AtHand { bytes: bytes.into(), forged: Value::Null };
        self.discord.change(|state| state.files.at_hand.insert((self.id, filename.to_owned()), at_hand));
    }

    /// As [`Self::attaches`], but Discord announces the file otherwise than it is: the members of `instead` take the place
    /// of the attachment object's true ones, such as a `url` that points elsewhere.
    pub fn forges_file(&self, filename: &str, bytes: impl Into<Vec<u8>>, instead: Value) {
        let at_hand = AtHand { bytes: bytes.into(), forged: instead };
        self.discord.change(|state| state.files.at_hand.insert((self.id, filename.to_owned()), at_hand));
    }

    /// What the client makes of a line, or why it does not.
    pub(super) fn reads(&self, line: &str, how_far: Stage) -> Result<Value, String> {
        let typist = Typist { user: self.id, channel: self.channel, origin: &self.discord.origin };
        self.discord.change(|state| typing::read(state, &typist, line, how_far))
    }
}
