//! What autocomplete offers: from memory, waiting for nobody, read again in the background.

use std::time::Duration;

use rollcall_commands::{ExtensionText, Permission};
use rollcall_telephony::systems::mediatel::twin::{Fault, Moment, Times, Trouble};
use rollcall_telephony::{ErrorKind, ExtensionId};

use super::{Office, lead, with_roles};
use crate::desk::Refusal;

const READ: Permission = Permission::ExtensionRead;

impl Office {
    fn offers(&self, typed: &str) -> Vec<String> {
        let known = self.begins(async |desk| desk.extensions_known(&lead(), READ, typed, 25));
        known.into_iter().map(|it| format!("{} {} ({})", it.typed, it.name, it.description)).collect()
    }

    /// Somebody goes on typing, a second between two keys, until the phone system was asked so often.
    fn keystrokes_until_asked(&self, times: usize) {
        let life = self.life.as_ref().unwrap();
        let asked = async {
            while self.sent("GET") < times {
                assert!(life.desk.extensions_known(&lead(), READ, "a", 25).is_empty());
                self.clock.advance(Duration::from_secs(1));
                tokio::task::yield_now().await;
            }
        };
        life.runtime.block_on(async { tokio::time::timeout(Duration::from_mins(1), asked).await }).unwrap();
        assert_eq!(self.sent("GET"), times);
    }

    /// Waits until the ledger keeps so many lists; the bodies.
    fn until_kept(&self, lists: usize) -> Vec<String> {
        let life = self.life.as_ref().unwrap();
        let kept = async {
            loop {
                let kept = life.desk.ledger().snapshots().await.unwrap();
                if kept.len() == lists {
                    return kept.into_iter().map(|snapshot| snapshot.body).collect();
                }
                tokio::task::yield_now().await;
            }
        };
        life.runtime.block_on(async { tokio::time::timeout(Duration::from_mins(1), kept).await }).unwrap()
    }

    /// What was begun in the background is finished: until it offers this.
    fn offers_in_time(&self, typed: &str, what: &[&str]) {
        let offered = async {
            while self.life.as_ref().unwrap().desk.extensions_known(&lead(), READ, typed, 25).len() != what.len() {
                tokio::task::yield_now().await;
            }
        };
        let runtime = &self.life.as_ref().unwrap().runtime;
        runtime.block_on(async { tokio::time::timeout(Duration::from_mins(1), offered).await }).unwrap();
        assert_eq!(self.offers(typed), what);
    }
}

#[test]
fn nothing_is_known_at_first_and_read_in_the_background() {
    let office = Office::opens();
    assert!(office.offers("").is_empty());
    office.offers_in_time("", &["mediatel:13 SIP (trunk)", "mediatel:15 Sales (the sales line)", "mediatel:16 Fax ()"]);
    assert_eq!(office.sent("GET"), 1, "once for all keystrokes");
}

#[test]
fn lists_are_read_at_the_start_where_none_was_kept_and_offered_at_once_where_one_was() {
    let mut office = Office::opens();
    office.begins(async |desk| desk.warm_lists());
    office.until_kept(2);
    assert_eq!(office.sent("GET"), 2, "agents and extensions");
    assert_eq!(office.offers("").len(), 3);
    office.crashes();
    office.starts();
    let trouble = Trouble::Status { status: 503, body: None, retry_after: None };
    office.twin.fault(Fault { method: None, path: "", moment: Moment::Before, times: Times::Always, trouble });
    office.begins(async |desk| desk.warm_lists());
    assert_eq!(office.offers("sales"), ["mediatel:15 Sales (the sales line)"]);
    assert_eq!(office.sent("GET"), 2, "what was kept is fresh");
    office.clock.advance(Duration::from_hours(24));
    assert_eq!(office.offers("sales"), ["mediatel:15 Sales (the sales line)"], "old, and asked for in vain");
}

#[test]
fn no_list_that_is_kept_holds_a_password_or_what_no_document_tells_of() {
    let office = Office::opens();
    let odd = r#"{"E_ID":40,"E_Extension":"Odd","E_Type":2,"SipPassword":"zone-kestrel-4471","x-Sip":{"auth":{"PASSWORD":
        "zone-kestrel-4471"}},"Secret":"zone-kestrel-4471","Codecs":["gsm",{"Password":"zone-kestrel-4471"}]}"#;
    office.twin.put_extension(odd).unwrap();
    office.does(async |desk| desk.list_extensions(&lead(), None).await.unwrap());
    let kept = office.until_kept(1);
    assert!(kept[0].contains(r#""E_Extension":"Odd""#) && kept[0].contains(r#""Codecs":["g729","gsm"]"#), "{kept:?}");
    for secret in ["zone-kestrel", "assword", "PASSWORD", "Secret", "X_Vendor"] {
        assert!(!kept[0].contains(secret), "{secret}: {kept:?}");
    }
}

#[test]
fn what_is_typed_is_looked_for_in_numbers_names_and_descriptions() {
    let office = Office::opens();
    office.does(async |desk| desk.list_extensions(&lead(), None).await.unwrap());
    assert_eq!(office.offers("1").len(), 3);
    assert_eq!(office.offers("sales"), ["mediatel:15 Sales (the sales line)"]);
    assert_eq!(office.offers("TRUNK"), ["mediatel:13 SIP (trunk)"]);
    assert_eq!(office.offers("mediatel:16"), ["mediatel:16 Fax ()"]);
    assert!(office.offers("nothing such").is_empty());
    let nobody = office.begins(async |desk| desk.extensions_known(&with_roles(&[99]), READ, "", 25));
    assert!(nobody.is_empty(), "only to who may");
    assert_eq!(office.sent("GET"), 1);
}

#[test]
fn an_old_list_is_offered_while_it_is_read_again() {
    let office = Office::opens();
    office.does(async |desk| desk.list_extensions(&lead(), None).await.unwrap());
    office.twin.take_extension(16);
    office.clock.advance(Duration::from_hours(24));
    assert_eq!(office.offers("fax").len(), 1, "nobody waits");
    office.offers_in_time("fax", &[]);
}

#[test]
fn a_phone_system_that_fails_is_not_asked_at_every_keystroke() {
    let office = Office::opens();
    let trouble = Trouble::Status { status: 401, body: None, retry_after: None };
    office.twin.fault(Fault { method: None, path: "", moment: Moment::Before, times: Times::Always, trouble });
    office.keystrokes_until_asked(1);
    // Whether that answer came yet or not: nothing more is asked.
    for typed in ["ab", "abc", "abcd"] {
        assert!(office.offers(typed).is_empty());
    }
    assert_eq!(office.sent("GET"), 1);
    office.keystrokes_until_asked(2);
}

#[test]
fn values_are_offered_from_what_exists_those_of_most_extensions_first() {
    let office = Office::opens();
    office.does(async |desk| desk.list_extensions(&lead(), None).await.unwrap());
    let values = |connection: Option<&str>, extension: Option<&str>, key: &str| -> Vec<String> {
        let known = office.begins(async |desk| {
            desk.extension_values(&lead(), Permission::ExtensionWrite, connection, extension, key)
        });
        known.into_iter().map(|known| format!("{} ×{}", known.value, known.times)).collect()
    };
    assert_eq!(values(None, None, "type"), ["2 ×2", "5 ×1"]);
    assert_eq!(values(Some("mediatel"), None, "codecs"), ["gsm ×2", "g729 ×1"]);
    assert_eq!(values(None, Some("mediatel:15"), "dtmf"), ["info ×1"]);
    assert!(values(Some("elsewhere"), None, "codecs").is_empty());
    assert!(values(None, None, "no such field").is_empty());
}

#[test]
fn what_the_bot_creates_is_known_at_once() {
    let office = Office::opens();
    let offer = office.previews_create("Support").offer;
    office.presses(offer).unwrap();
    assert_eq!(office.offers("support"), ["mediatel:17 Support ()"]);
}

#[test]
fn a_form_is_filled_with_what_was_just_read() {
    let office = Office::opens();
    let typed = ExtensionText("15".to_owned());
    let write = Permission::ExtensionWrite;
    let (connection, id, menu) = office.does(async |desk| desk.editable_extension(&lead(), &typed).await.unwrap());
    let form = office.does(async |desk| desk.extension_form(&lead(), write, &connection, id).await);
    let form = form.unwrap();
    assert_eq!((form.name.as_str(), &form.fields), ("Sales", &menu.fields));
    assert!(form.fields.iter().any(|(_, value)| value == "the sales line"), "{form:?}");
    let unknown = office.does(async |desk| desk.extension_form(&lead(), write, &connection, ExtensionId(4711)).await);
    assert!(matches!(&unknown, Err(Refusal::System(error)) if error.kind == ErrorKind::NotFound), "{unknown:?}");
}
