//! A switch for faults at the sandbox's phone systems, for people: from the shell before the start, at the prompt later.
//! What a fault is on the wire stands with the twins.

use std::time::Duration;

use clap::ValueEnum;
use rollcall_sandbox::Phones;
use rollcall_sandbox::erix::{Fault, Moment, Times, Trouble};

/// So long a slow answer takes: longer than Discord waits for a first word, shorter than the bot waits for an answer.
const SLOW: Duration = Duration::from_secs(5);

/// The methods by which Mediatel is asked to change something.
const WRITES: [&str; 4] = ["POST", "PUT", "PATCH", "DELETE"];

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum What {
    /// Nothing
    None,
    /// It fails before it did anything
    Fails,
    /// It does what is asked, and its answer is lost
    LostAnswer,
    /// It takes five seconds
    Slow,
    /// It does what is asked, and its answer cannot be read
    #[value(alias = "malformed")]
    Odd,
    /// Nothing answers at all, until it is mended
    Down,
}

impl What {
    fn strikes(self) -> Option<(Moment, Times, Trouble)> {
        let once = Times::Next(1);
        Some(match self {
            Self::None => return None,
            Self::Fails => (Moment::Before, once, Trouble::Status { status: 500, body: None, retry_after: None }),
            Self::LostAnswer => (Moment::After, once, Trouble::Cut),
            Self::Slow => (Moment::Before, once, Trouble::Slow(SLOW)),
            Self::Odd => (Moment::After, once, Trouble::Malformed),
            Self::Down => (Moment::Before, Times::Always, Trouble::Cut),
        })
    }

    fn fault(self, method: Option<&'static str>, path: &'static str) -> Option<Fault> {
        self.strikes().map(|(moment, times, trouble)| Fault { method, path, moment, times, trouble })
    }

    /// The next create of an agent at Mediatel meets this.
    pub(super) fn strikes_a_create(self, phones: &Phones) {
        if let Some(fault) = self.fault(Some("POST"), "/v1/agents") {
            phones.mediatel.fault(fault);
        }
    }
}

/// `fault erix lost-answer`, without the first word: what then goes wrong, or what can be typed, as a sentence.
pub(super) fn strike(phones: &Phones, words: &str) -> String {
    const USAGE: &str = "Which fault, and where? `fault erix lost-answer`: mediatel, erix or voicenter, and fails, \
                         lost-answer, slow, odd or down.";
    let mut words = words.split_whitespace();
    let (Some(system), Some(what), None) = (words.next(), words.next(), words.next()) else { return USAGE.to_owned() };
    let Ok(what) = What::from_str(what, true) else { return USAGE.to_owned() };
    let everything = || what.fault(None, "");
    match system.to_lowercase().as_str() {
        "erix" | "erix-br" => everything().into_iter().for_each(|fault| phones.erix.fault(fault)),
        "voicenter" => everything().into_iter().for_each(|fault| phones.voicenter.fault(fault)),
        "mediatel" if what == What::Down => everything().into_iter().for_each(|fault| phones.mediatel.fault(fault)),
        // Lists are read all the time, and a fault would be used up before anybody sees it.
        "mediatel" => WRITES.into_iter().filter_map(|method| what.fault(Some(method), "")).for_each(|fault| {
            phones.mediatel.fault(fault);
        }),
        _ => return USAGE.to_owned(),
    }
    let next = match system.to_lowercase().as_str() {
        "mediatel" => "the next change of each kind (create, edit, delete, batch)",
        _ => "the next request",
    };
    match what {
        What::None => format!("Nothing goes wrong at {system} that did not before; `mend` takes all faults back."),
        What::Fails => format!("At {system}, {next} fails, and nothing is done."),
        What::LostAnswer => format!("At {system}, {next} is done, and its answer is lost."),
        What::Slow => format!("At {system}, {next} takes {} seconds.", SLOW.as_secs()),
        What::Odd => format!("At {system}, {next} is done, and its answer cannot be read."),
        What::Down => format!("{system} does not answer any more; `mend` brings it back."),
    }
}

/// Everything works again.
pub(super) fn mend(phones: &Phones) -> &'static str {
    phones.mediatel.mend();
    phones.erix.mend();
    phones.voicenter.mend();
    "All phone systems work as they should."
}
