//! Deletes, and files that delete: asked of approvers with everything that goes, void when it is another, done once.

use rollcall_commands::ExtensionText;
use rollcall_telephony::ExtensionId;
use rollcall_telephony::systems::mediatel::twin::{self, Moment};
use serenity::model::id::{ChannelId, MessageId, UserId};

use super::{Office, SALES, create, lead, with_roles};
use crate::desk::approvals::Subject;
use crate::desk::{
    BatchSaid, Differs, FoundGone, Heard, Outcome, Reactions, Refusal, RequestCard, RowOutcome, Settled, VoidWhy,
};
use crate::ledger::{BallotVerdict, Posted, Request, RequestState};
use crate::policy::Actor;

const DELETING: &str = "E_ID,E_Extension,E_Type,Destination,delete\n16,,,,yes\n15,,,80,\n,Support,3,81,\n";
const ANN: UserId = UserId::new(21);

impl Office {
    fn in_touch(&self) {
        self.does(async |desk| {
            let absence = desk.back_in_touch();
            desk.look_under_cards(absence).await.unwrap();
        });
    }

    fn asks_delete(&self, extension: &str) -> Result<(), Refusal> {
        let (typed, asked) = (ExtensionText(extension.to_owned()), self.asked());
        let offered = self.does(async |desk| desk.ask_delete_extension(&lead(), &typed, "old", asked).await)?;
        assert!(offered.is_none(), "approvers are asked");
        Ok(())
    }

    /// The request whose card is due, which is posted.
    fn posts(&self) -> Request {
        self.does(async |desk| desk.tend_requests().await.unwrap());
        let due = self.does(async |desk| desk.ledger().due_copies(1).await.unwrap());
        let [(copy, request)] = &due[..] else { panic!("one card is due") };
        let posted = Posted { channel: ChannelId::new(4), message: MessageId::new(1_000) };
        self.town.now().cards.insert(posted.message, Reactions::default());
        self.does(async |desk| {
            desk.ledger().copy_posted(copy.id, posted, request.revision).await.unwrap();
            desk.ledger().copy_reacted(copy.id).await.unwrap();
        });
        request.clone()
    }

    fn approves(&self, request: &Request) -> Heard {
        self.does(async |desk| desk.vote(request.id, ANN, BallotVerdict::Approve, None).await.unwrap())
    }

    fn request(&self, request: &Request) -> Request {
        self.does(async |desk| desk.ledger().request(request.id).await.unwrap().unwrap())
    }

    /// Why it is void.
    fn void(&self, request: &Request) -> VoidWhy {
        let now = self.request(request);
        assert_eq!(now.state, RequestState::Void);
        match serde_json::from_str(&now.settlement.unwrap()).unwrap() {
            Settled::Void(why) => why,
            other => panic!("{other:?}"),
        }
    }
}

fn card(request: &Request) -> RequestCard {
    serde_json::from_str(&request.card).unwrap()
}

/// A card's record, a line for each member.
fn shown(request: &Request) -> Vec<String> {
    let sections = card(request).record;
    sections.iter().flat_map(|s| s.lines.iter().map(|l| format!("{} | {}: {}", s.title, l.label, l.value))).collect()
}

#[test]
fn a_delete_is_asked_for_with_all_that_goes_and_done_once_it_is_approved() {
    let office = Office::opens();
    office.in_touch();
    office.asks_delete("Sales").unwrap();
    assert_eq!(office.sent("DELETE"), 0);
    let request = office.posts();
    let lines = shown(&request);
    for line in [
        "Extension | Name: Sales",
        "Addresses | Destination: 77",
        "Codecs and tones | Codecs: gsm",
        "Extension | Id: 15",
    ] {
        assert!(lines.contains(&line.to_owned()), "{line} is not in {lines:?}");
    }
    assert!(lines.iter().any(|line| line.contains("X_Vendor")), "{lines:?}");
    assert!(matches!(office.approves(&request), Heard::Decided(_)));
    assert_eq!(office.request(&request).state, RequestState::Done);
    assert_eq!(office.outcome(), Outcome::ExtensionDeleted { found: FoundGone::Deleted });
    assert_eq!(office.twin.deleted_extensions(), [15]);
}

#[test]
fn the_same_delete_is_asked_for_once() {
    let office = Office::opens();
    office.in_touch();
    office.asks_delete("15").unwrap();
    assert!(matches!(office.asks_delete("mediatel:15"), Err(Refusal::AskedAlready { .. })));
    assert!(office.asks_delete("16").is_ok(), "another one is another request");
}

#[test]
fn a_record_that_changed_since_the_card_voids_it_and_is_told() {
    let office = Office::opens();
    office.in_touch();
    office.asks_delete("15").unwrap();
    let request = office.posts();
    office.twin.change_extension(15, r#"{"Destination":"99"}"#).unwrap();
    office.approves(&request);
    let what = vec![Differs { label: "Destination".to_owned(), before: "77".to_owned(), after: "99".to_owned() }];
    assert_eq!(office.void(&request), VoidWhy::Changed { what });
    assert_eq!(office.sent("DELETE"), 0);
}

#[test]
fn one_that_is_gone_voids_its_request() {
    let office = Office::opens();
    office.in_touch();
    office.asks_delete("15").unwrap();
    let request = office.posts();
    office.twin.take_extension(15);
    office.approves(&request);
    assert_eq!(office.void(&request), VoidWhy::Gone);
}

#[test]
fn an_approved_delete_whose_answer_is_lost_is_done_once() {
    for (moment, sent) in [(Moment::Before, 2), (Moment::After, 1)] {
        let office = Office::opens();
        office.in_touch();
        office.asks_delete("15").unwrap();
        let request = office.posts();
        office.loses("DELETE", moment);
        office.approves(&request);
        assert_eq!(office.request(&request).state, RequestState::Executing);
        office.settles_late();
        assert_eq!(office.request(&request).state, RequestState::Done);
        assert_eq!((office.sent("DELETE"), office.twin.deleted_extensions()), (sent, vec![15]), "{moment:?}");
    }
}

#[test]
fn a_file_that_deletes_is_asked_for_by_its_button_and_done_once_it_is_approved() {
    let office = Office::opens();
    office.in_touch();
    let preview = office.previews_batch(DELETING);
    assert_eq!(preview.deletes, 1);
    assert!(preview.second.is_some());
    office.presses(preview.offer.unwrap().0).unwrap();
    assert_eq!(office.sent("PATCH"), 0);
    let request = office.posts();
    let lines = shown(&request);
    assert!(lines.contains(&"16 Fax · Addresses | Destination: 78".to_owned()), "{lines:?}");
    assert!(lines.iter().all(|line| line.starts_with("16 Fax")), "what is changed and added is in the rows: {lines:?}");
    assert!(matches!(office.approves(&request), Heard::Decided(_)));
    let rows = vec![RowOutcome::Deleted, RowOutcome::Changed, RowOutcome::Added { id: ExtensionId(17) }];
    assert_eq!(office.outcome(), Outcome::Batch { rows, said: BatchSaid::Done });
    assert_eq!((office.sent("PATCH"), office.request(&request).state), (1, RequestState::Done));
}

#[test]
fn any_record_of_a_file_that_changed_since_the_card_voids_it() {
    for (id, changed, label) in [(16, "Fax", "16 Fax: Destination"), (15, "Sales", "15 Sales: Destination")] {
        let office = Office::opens();
        office.in_touch();
        office.presses(office.previews_batch(DELETING).offer.unwrap().0).unwrap();
        let request = office.posts();
        office.twin.change_extension(id, r#"{"Destination":"99"}"#).unwrap();
        office.approves(&request);
        let VoidWhy::Changed { what } = office.void(&request) else { panic!("{changed} changed") };
        assert_eq!(what.iter().map(|d| d.label.as_str()).collect::<Vec<_>>(), [label]);
        assert_eq!(office.sent("PATCH"), 0);
    }
}

#[test]
fn one_of_a_file_that_is_gone_voids_it() {
    let office = Office::opens();
    office.in_touch();
    office.presses(office.previews_batch(DELETING).offer.unwrap().0).unwrap();
    let request = office.posts();
    office.twin.take_extension(16);
    office.approves(&request);
    let what = vec![Differs { label: "16 Fax".to_owned(), before: "there".to_owned(), after: "gone".to_owned() }];
    assert_eq!(office.void(&request), VoidWhy::Changed { what });
}

#[test]
fn a_bot_that_dies_after_the_approval_sends_the_file_once() {
    let mut office = Office::opens();
    office.in_touch();
    office.presses(office.previews_batch(DELETING).offer.unwrap().0).unwrap();
    let request = office.posts();
    office.dies_while("PATCH", Moment::After, async |desk| {
        desk.vote(request.id, ANN, BallotVerdict::Approve, None).await.map(drop).unwrap();
    });
    office.settles_late();
    office.settles_late();
    assert_eq!(office.request(&request).state, RequestState::Done);
    assert_eq!((office.sent("PATCH"), office.twin.deleted_extensions()), (1, vec![16]));
}

#[test]
fn a_file_that_changed_while_the_bot_was_dead_is_not_sent() {
    let mut office = Office::opens();
    office.in_touch();
    office.presses(office.previews_batch(DELETING).offer.unwrap().0).unwrap();
    let request = office.posts();
    office.loses("PATCH", Moment::Before);
    office.begins(async |desk| desk.vote(request.id, ANN, BallotVerdict::Approve, None).await.unwrap());
    office.crashes();
    let sent = office.sent("PATCH");
    office.twin.change_extension(16, r#"{"Destination":"99"}"#).unwrap();
    office.starts();
    office.settles_late();
    assert_eq!(office.sent("PATCH"), sent, "it is sent once at the most, and not as it is now");
    // It may have died before it wrote down that it sends, or after that.
    match office.outcome() {
        Outcome::Moved { what, .. } => assert_eq!((what.len(), sent), (1, 0)),
        Outcome::Batch { rows, .. } => assert!(rows.iter().all(|row| *row == RowOutcome::NotDone), "{rows:?}"),
        other => panic!("{other:?}"),
    }
    assert_eq!(office.twin.mutations(), []);
}

#[test]
fn what_was_sealed_is_read_as_it_was() {
    let agent = r#"{"id":"7","login":"vira","name":"","state":"disabled","rights":{"agent":0,"supervisor":null},"personal_numbers":[],"record":{"ID":7,"Skill":1.50}}"#;
    let unsealed = |json: &str| Subject::unsealed(&json.to_owned().into());
    assert!(matches!(unsealed(agent), Ok(Subject::Agent(agent)) if agent.record.raw("Skill").unwrap().get() == "1.50"));
    let extension = format!(r#"[{{"id":15,"name":"Sales","record":{SALES}}}]"#);
    let Ok(Subject::Extensions(extensions)) = unsealed(&extension) else { panic!("it is not read") };
    assert_eq!(extensions[0].record.raw("X_Vendor").unwrap().get(), r#"{"n":1.50}"#);
    assert!(unsealed("{}").is_err());
}

#[test]
fn a_requester_who_lost_either_permission_loses_the_request() {
    for left in [7, 8] {
        let office = Office::opens();
        office.in_touch();
        let requester = |roles: &[u64]| Actor { id: UserId::new(11), ..with_roles(roles) };
        let offer = office.batch(&requester(&[7, 8]), DELETING).unwrap().offer.unwrap().0;
        let asked = office.asked();
        office.does(async |desk| desk.take_offer(&requester(&[7, 8]), offer, asked).await.unwrap());
        let request = office.posts();
        office.town.comes(11, "Olha Koval", &[left]);
        office.approves(&request);
        assert_eq!(office.void(&request), VoidWhy::RequesterLost, "only {left} is left");
        assert_eq!(office.sent("PATCH"), 0);
    }
}

#[test]
fn a_create_or_a_change_is_asked_for_where_the_settings_say_so() {
    let office = Office::with(twin::Options::default(), "require = [\"extension.write\"]");
    office.in_touch();
    let preview = office.does(async |desk| desk.preview_create_extension(&lead(), &create("Support")).await.unwrap());
    assert!(preview.second.is_some());
    office.presses(preview.offer).unwrap();
    let request = office.posts();
    assert_eq!(office.sent("POST"), 0);
    office.approves(&request);
    assert_eq!(office.request(&request).state, RequestState::Done);
    assert_eq!(office.sent("POST"), 1);

    let office = Office::with(twin::Options::default(), "require = [\"extension.write\"]");
    office.in_touch();
    office.presses(office.previews_edit("15", &[("destination", "80")]).unwrap().offer).unwrap();
    let request = office.posts();
    assert_eq!(card(&request).differs.len(), 1);
    office.approves(&request);
    assert_eq!(office.request(&request).state, RequestState::Done);
    assert_eq!(office.extension(15).unwrap().text("Destination").as_deref(), Some("80"));
}
