//! Answers to commands and presses, and refusals.

use rollcall_commands::approvals;
use serenity::model::id::RoleId;

use super::*;
use crate::desk::{DisableFirst, Heard, NotCounted, Refusal, Requests, RestorePreview, Terms, Whose};
use crate::discord::render::{
    asked, disable_first, heard, history_title, one_moment, refusal, requests, restore_preview, taken_back,
};
use crate::ledger::{Kept, KeptId, OfferId};
use rollcall_telephony::IntentId;

const OFFER: OfferId = OfferId(5);

fn terms(threshold: u32, people: Option<Vec<UserId>>) -> Terms {
    Terms { approvers: vec![RoleId::new(55), RoleId::new(56)], people, threshold, expires_at: NOW + HOUR * 24 }
}

#[test]
fn the_approvers_are_asked() {
    let many: Vec<UserId> = (100..137).map(UserId::new).collect();
    insta::assert_snapshot!(all([
        ("two could", asked(&delete(), &terms(1, Some(vec![FIRST, SECOND])))),
        ("many could", asked(&delete(), &terms(1, Some(many.clone())))),
        ("unlisted", asked(&delete(), &terms(1, None))),
        ("three needed", asked(&delete(), &terms(3, Some(many)))),
        ("three needed, unlisted", asked(&restore(), &terms(3, None))),
    ]));
}

fn request(settled: Settled) -> Box<Request> {
    let settlement = serde_json::to_string(&settled).unwrap();
    let mut request = decided(delete(), settled).request;
    request.settlement = Some(settlement);
    Box::new(request)
}

#[test]
fn a_press_is_answered() {
    let late = ends().into_iter().map(|(name, end)| (format!("late: {name}"), heard(&Heard::Late(request(end)))));
    let first = [
        ("counted", heard(&Heard::Counted { have: 1, need: 2 })),
        ("looking", heard(&Heard::Looking)),
        ("it decided: done", heard(&Heard::Decided(request(deleted(FoundGone::Deleted))))),
        ("it decided: denied", heard(&Heard::Decided(request(Settled::Denied { by: FIRST, words: None })))),
        ("it decided: void", heard(&Heard::Decided(request(Settled::Void(VoidWhy::Gone))))),
        ("not counted", heard(&Heard::NotCounted(NotCounted::NoRole))),
        ("waits", heard(&Heard::Waits("Discord did not answer within 10 s.".to_owned()))),
        ("taken back", taken_back(&about(delete(), None))),
        ("until it is checked", one_moment()),
    ];
    insta::assert_snapshot!(format!("{}{}", all(first), all(late)));
}

#[test]
fn lists_of_requests() {
    let waiting = {
        let mut showing = showing(delete());
        showing.request.threshold = 2;
        showing.approving = vec![(FIRST, NOW + HOUR)];
        showing
    };
    let shown: Vec<Showing> =
        ends().into_iter().filter(|(name, _)| !name.contains(':')).map(|(_, end)| decided(delete(), end)).collect();
    let page = |shown, total, whose| Requests { shown, total, whose };
    let title = |asked| history_title(&asked);
    let none = approvals::History { agent: None, person: None, state: None, since: None };
    let narrow = approvals::History {
        agent: Some(rollcall_commands::AgentText("ivan".to_owned())),
        state: Some(rollcall_commands::RequestState::Denied),
        ..none.clone()
    };
    insta::assert_snapshot!(all([
        ("none", requests("Requests that wait", &page(Vec::new(), 0, Whose::Everybodys), 0, None)),
        ("one's own", requests("Requests that wait", &page(vec![waiting], 1, Whose::Own), 0, None)),
        ("the second page", requests(&title(none), &page(shown, 25, Whose::Everybodys), 1, Some(OFFER))),
        ("narrowed", requests(&title(narrow), &page(Vec::new(), 0, Whose::Everybodys), 0, None)),
    ]));
}

#[test]
fn what_leads_to_a_delete_or_a_restore() {
    let first = |stays| DisableFirst {
        offer: OFFER,
        expires_at: NOW,
        login: "ivan.ivanov".to_owned(),
        connection: ConnectionName::new("mediatel").unwrap(),
        stays,
    };
    let preview = |second| {
        let Act::Restore(act) = restore() else { unreachable!("it is one") };
        let kept = Kept {
            id: KeptId(3),
            intent: IntentId(9),
            agent: agent("42"),
            login: "ivan.ivanov".to_owned(),
            name: "ivan.ivanov@example.com".to_owned(),
            deleted_at: NOW,
            expires_at: NOW + HOUR,
            restored_as: None,
        };
        RestorePreview { offer: OFFER, expires_at: NOW, act, kept, record: record(), second }
    };
    insta::assert_snapshot!(all([
        ("disable and ask", disable_first(&first(Duration::ZERO))),
        ("disable for a day first", disable_first(&first(HOUR * 24))),
        ("restore", restore_preview(&preview(None))),
        (
            "restore with a second person",
            restore_preview(&preview(Some(SecondPerson::Rights { highest: 5, limit: 3 })))
        ),
    ]));
}

#[test]
fn refusals() {
    let roles = || vec![RoleId::new(55)];
    let nobody = |need, have, roles| Refusal::NobodyCouldApprove { need, have, roles };
    let login = || "ivan.ivanov".to_owned();
    let kept = |id: &str| Kept {
        id: KeptId(3),
        intent: IntentId(9),
        agent: agent(id),
        login: login(),
        name: String::new(),
        deleted_at: NOW,
        expires_at: NOW + HOUR,
        restored_as: None,
    };
    let refused = [
        ("asked already", Refusal::AskedAlready { request: RequestId(12), login: login() }),
        ("nobody could", nobody(1, Some(0), roles())),
        ("too few could", nobody(3, Some(1), roles())),
        ("two of three could", nobody(3, Some(2), roles())),
        ("no role exists", nobody(1, None, roles())),
        ("no role is set", nobody(1, Some(0), Vec::new())),
        ("no channel", Refusal::NoApprovalsChannel { lacks: Vec::new() }),
        ("a channel without rights", Refusal::NoApprovalsChannel { lacks: vec!["Send Messages", "Add Reactions"] }),
        ("Discord is away", Refusal::Discord("Discord did not answer within 10 s.".to_owned())),
        ("enabled", Refusal::MustBeDisabled { login: login(), could: Vec::new() }),
        ("enabled, and no permission", Refusal::MustBeDisabled { login: login(), could: roles() }),
        ("too early", Refusal::NotDisabledLongEnough { login: login(), since: NOW, from: NOW + HOUR }),
        ("no request", Refusal::NoRequest { typed: "99".to_owned() }),
        ("over", Refusal::RequestOver { request: request(Settled::Denied { by: FIRST, words: None }) }),
        ("not yours", Refusal::NotYourRequest { request: RequestId(12), approvers: roles() }),
        ("not kept", Refusal::NotKept { typed: "ivan".to_owned() }),
        ("several kept", Refusal::SeveralKept { typed: login(), kept: vec![kept("42"), kept("77")] }),
    ];
    insta::assert_snapshot!(all(refused.map(|(name, why)| (name, refusal(&why)))));
}
