//! Extensions before anything is done: lists, cards, previews, and what a file would do.

use rollcall_telephony::systems::EXTENSION_FIELDS;
use rollcall_telephony::{Extension, ExtensionFields, ExtensionId, Record, SheetProblem};

use super::*;
use crate::desk::{
    BatchLine, BatchPreview, BatchRow, ExtensionAct, ExtensionCard, ExtensionChange, ExtensionList, ExtensionPreview,
    LineWhat, Refusal, RowAct,
};
use crate::discord::render::{
    batch_preview, extension_card, extension_choice, extension_list, extension_preview, refusal,
};
use crate::discord::rest::FileError;
use crate::ledger::OfferId;

const OFFER: OfferId = OfferId(5);
pub(super) const HOSTILE: &str = "**x** @everyone ```\u{202e}<@1> [a](https://evil.example)\n# h";
const APPROVED: Option<SecondPerson> = Some(SecondPerson::Permission(Permission::ExtensionDelete));

fn fields() -> &'static ExtensionFields {
    &EXTENSION_FIELDS[0]
}

pub(super) fn mediatel() -> ConnectionName {
    ConnectionName::new("mediatel").unwrap()
}

/// The contract's own example, under this number and name.
pub(super) fn extension(id: i64, name: &str) -> Extension {
    let mut record = Record::parse(
        r#"{"E_ID":13,"E_Extension":"SIP","Protocol":"SIP","E_Type":5,"E_Description":"SIP Extension",
        "E_DialOutIdentities":"555","ContactDisplay":"<sip:123@192.168.0.12:5062>","DestAddress":"192.168.0.12:5062",
        "Destination":"07xxxxxx","Codecs":["g7231_6","g7231_5","g726_40"],"ConnectionType":"3",
        "DTMFSupport":["inband","rfc2833"],"FromDisplay":"<sip:123@192.168.0.12:5062>","Payload":"127"}"#,
    )
    .unwrap();
    record.set("E_ID", &id);
    record.set("E_Extension", name);
    Extension { id: ExtensionId(id), name: name.to_owned(), record, withheld: Vec::new() }
}

fn bare(id: i64, name: &str) -> Extension {
    let json = format!(
        r#"{{"E_ID":{id},"Protocol":"","E_Type":0,"E_Description":"","Destination":"~","Codecs":[],"Vendor":{{"a":1}}}}"#
    );
    let mut record = Record::parse(&json).unwrap();
    record.set("E_Extension", name);
    Extension { id: ExtensionId(id), name: name.to_owned(), record, withheld: Vec::new() }
}

fn list(extensions: Vec<Extension>) -> ExtensionList {
    ExtensionList { connection: mediatel(), fields: fields(), extensions, unreadable: Vec::new(), taken_at: NOW }
}

fn left_out(unreadable: Vec<Option<ExtensionId>>) -> ExtensionList {
    ExtensionList { unreadable, ..list(vec![extension(13, "SIP")]) }
}

#[test]
fn lists() {
    let one = list(vec![extension(13, "SIP")]);
    let odd = list(vec![extension(13, "SIP"), bare(9, "MSI"), bare(10, ""), extension(14, HOSTILE)]);
    let many = list((1..=40).map(|id| extension(id, &format!("SIP{id}"))).collect());
    insta::assert_snapshot!(all([
        ("none", extension_list(LEAD, &list(Vec::new()), 0, None)),
        ("one", extension_list(LEAD, &one, 0, None)),
        ("one cannot be read", extension_list(LEAD, &left_out(vec![Some(ExtensionId(14))]), 0, None)),
        ("one tells nothing", extension_list(LEAD, &left_out(vec![None]), 0, None)),
        ("some cannot be read", extension_list(LEAD, &left_out(vec![None, Some(ExtensionId(14)), None]), 0, None)),
        (
            "many cannot be read",
            extension_list(LEAD, &left_out((20..40).map(|id| Some(ExtensionId(id))).collect()), 0, None)
        ),
        ("some are odd", extension_list(LEAD, &odd, 0, None)),
        ("the first of three pages", extension_list(LEAD, &many, 0, Some(OFFER))),
        ("a page beyond the last", extension_list(LEAD, &many, 9, Some(OFFER))),
    ]));
}

#[test]
fn a_page_of_the_longest_values_is_whole() {
    let mut longest = extension(1, &"*".repeat(64));
    for member in ["E_Description", "DestAddress", "Protocol"] {
        longest.record.set(member, &"_".repeat(255));
    }
    let many = list((1..=15).map(|id| Extension { id: ExtensionId(i64::MAX - id), ..longest.clone() }).collect());
    let body = extension_list(LEAD, &many, 0, None).to_json();
    let description = body["embeds"][0]["description"].as_str().unwrap();
    assert_eq!(description.lines().count(), 16, "{description}");
    assert!(!description.ends_with("\n…"), "{description}");
}

#[test]
fn cards() {
    let card = |extension: Extension, may: &[Permission]| ExtensionCard {
        connection: mediatel(),
        sections: fields().describe(&extension),
        extension,
        may: may.to_vec(),
    };
    let both = [Permission::ExtensionWrite, Permission::ExtensionDelete];
    let mut long = extension(13, "SIP");
    for member in
        ["E_Description", "E_DialOutIdentities", "ContactDisplay", "FromDisplay", "DestAddress", "Destination"]
    {
        long.record.set(member, &"<a_b>".repeat(51));
    }
    insta::assert_snapshot!(all([
        ("for who may do all", extension_card(LEAD, &card(extension(13, "SIP"), &both))),
        ("for who may read", extension_card(LEAD, &card(bare(9, "MSI"), &[]))),
        ("hostile", extension_card(LEAD, &card(extension(14, HOSTILE), &both))),
        ("long", extension_card(LEAD, &card(long, &both))),
    ]));
}

#[test]
fn choices_fit_and_name_where_it_is() {
    let long = "x".repeat(300);
    for (at, name, about) in [("mediatel:13", "SIP", "SIP Extension"), ("mediatel:9", "", ""), (&long, &long, &long)] {
        let choice = extension_choice(at, name, about);
        assert!(choice.encode_utf16().count() <= 100, "{choice}");
    }
    assert_eq!(extension_choice("mediatel:13", "SIP", "SIP Extension"), "SIP · 13 · SIP Extension · mediatel");
    assert_eq!(extension_choice("mediatel:9", "", ""), "no name · 9 · mediatel");
}

pub(super) fn members(json: &str) -> Record {
    Record::parse(json).unwrap()
}

pub(super) fn type_differs() -> Vec<Differs> {
    let differs = |label: &str, before: &str, after: &str| Differs {
        label: label.to_owned(),
        before: before.to_owned(),
        after: after.to_owned(),
    };
    vec![differs("Type", "5", "6"), differs("Description", "SIP Extension", "empty")]
}

pub(super) fn act(change: ExtensionChange) -> ExtensionAct {
    ExtensionAct { connection: mediatel(), change }
}

pub(super) fn create(name: &str) -> ExtensionAct {
    let mut sent = members(r#"{"E_Type":2,"Codecs":["g7231_6","g726_40"],"DTMFSupport":[],"E_Description":""}"#);
    sent.set("E_Extension", name);
    act(ExtensionChange::Create { name: name.to_owned(), members: sent, namesakes: Vec::new() })
}

pub(super) fn edit_of(name: &str) -> ExtensionAct {
    act(ExtensionChange::Edit {
        id: ExtensionId(13),
        name: name.to_owned(),
        members: members(r#"{"E_Type":6,"E_Description":""}"#),
        differs: type_differs(),
        fingerprint: FINGERPRINT.to_owned(),
    })
}

pub(super) fn delete_of(name: &str) -> ExtensionAct {
    act(ExtensionChange::Delete {
        id: ExtensionId(13),
        name: name.to_owned(),
        reason: "the office moved".to_owned(),
        fingerprint: FINGERPRINT.to_owned(),
    })
}

pub(super) fn batch_of(file: &str, name: &str) -> ExtensionAct {
    let row = |row, name: &str, what| BatchRow { row, name: name.to_owned(), what };
    let add = RowAct::Add { members: members(r#"{"E_Extension":"SIP3","E_Type":3,"Protocol":"SIP"}"#) };
    let change = RowAct::Change {
        id: ExtensionId(13),
        members: members(r#"{"E_Type":6,"E_Description":""}"#),
        differs: type_differs(),
    };
    act(ExtensionChange::Batch {
        file: file.to_owned(),
        rows: vec![
            row(2, "SIP3", add.clone()),
            row(3, name, change.clone()),
            row(4, "Old line", RowAct::Delete { id: ExtensionId(16) }),
            row(5, "SIP4", add),
            row(6, "SIP5", change),
        ],
        fingerprint: FINGERPRINT.to_owned(),
        there: vec![ExtensionId(13), ExtensionId(16)],
        unnumbered: 0,
    })
}

#[test]
fn previews() {
    let preview = |act, second| extension_preview(&ExtensionPreview { offer: OFFER, expires_at: NOW, act, second });
    let twice = {
        let ExtensionChange::Create { name, members, .. } = create("SIP2").change else { unreachable!("it is one") };
        act(ExtensionChange::Create { name, members, namesakes: vec![ExtensionId(15), ExtensionId(21)] })
    };
    insta::assert_snapshot!(all([
        ("create", preview(create("SIP2"), None)),
        ("create, with namesakes", preview(twice, None)),
        ("create, with a second person", preview(create("SIP2"), APPROVED)),
        ("edit", preview(edit_of("SIP"), None)),
        ("edit, with a second person", preview(edit_of("SIP"), APPROVED)),
        ("delete", preview(delete_of("SIP"), None)),
        ("hostile", preview(edit_of(HOSTILE), None)),
    ]));
}

fn line(row: usize, name: &str, what: LineWhat) -> BatchLine {
    BatchLine { row, name: name.to_owned(), what, problems: Vec::new() }
}

fn add(json: &str) -> LineWhat {
    LineWhat::Add { members: members(json) }
}

fn change(id: i64) -> LineWhat {
    LineWhat::Change { id: ExtensionId(id), differs: type_differs() }
}

fn wrong(row: usize, column: Option<&str>, what: &str) -> SheetProblem {
    SheetProblem { row: Some(row), column: column.map(str::to_owned), what: what.to_owned() }
}

fn batch(rows: Vec<BatchLine>, second: Option<SecondPerson>) -> BatchPreview {
    let fine = rows.iter().all(|line| line.problems.is_empty() && !matches!(line.what, LineWhat::Unreadable));
    let deletes = rows.iter().filter(|line| matches!(line.what, LineWhat::Delete { .. })).count();
    BatchPreview {
        connection: mediatel(),
        file: "new_lines.csv".to_owned(),
        rows,
        offer: fine.then_some((OFFER, NOW)),
        deletes,
        second,
        fields: fields(),
    }
}

fn some_rows() -> Vec<BatchLine> {
    vec![
        line(2, "SIP3", add(r#"{"E_Extension":"SIP3","E_Type":3,"Protocol":"SIP"}"#)),
        line(3, "SIP", change(13)),
        line(4, "Old line", LineWhat::Delete { id: ExtensionId(16) }),
        line(5, "MSI", LineWhat::Change { id: ExtensionId(9), differs: Vec::new() }),
        line(6, "A line whose name is so long that no phone shows it", change(1017)),
    ]
}

#[test]
fn what_a_file_would_do() {
    let without = |deletes: bool| {
        let mut rows = some_rows();
        rows.retain(|line| deletes || !matches!(line.what, LineWhat::Delete { .. }));
        rows
    };
    let mut bad = some_rows();
    bad[1].problems = vec![
        wrong(3, Some("E_Type"), "Type is a whole number from 0 to 2147483647."),
        wrong(3, Some("Codecs"), "Codecs takes at most 50 entries of 64 characters, with commas between."),
    ];
    bad[2].problems = vec![wrong(4, Some("E_ID"), "mediatel has no extension 16.")];
    bad.push(BatchLine {
        problems: vec![wrong(7, None, "it has 3 of the header's 14 cells.")],
        ..line(7, "", LineWhat::Unreadable)
    });
    let hostile = vec![
        line(2, HOSTILE, change(13)),
        line(3, "線路の名前は長いです。とても長い", change(14)),
        BatchLine {
            problems: vec![wrong(4, Some("`@everyone`"), &format!("\"{HOSTILE}\" is neither yes nor no."))],
            ..line(4, "x", LineWhat::Unreadable)
        },
    ];
    let many: Vec<BatchLine> = (2..=400)
        .map(|row| match row {
            390 => line(row, "Old line", LineWhat::Delete { id: ExtensionId(16) }),
            row => line(row, &format!("SIP{row}"), add(r#"{"E_Extension":"x","E_Type":3,"Protocol":"SIP"}"#)),
        })
        .collect();
    let idle = vec![line(2, "MSI", LineWhat::Change { id: ExtensionId(9), differs: Vec::new() })];
    insta::assert_snapshot!(all([
        ("all is well", batch_preview(&batch(without(false), None))),
        ("it deletes, alone", batch_preview(&batch(without(true), None))),
        ("it deletes, with approvers", batch_preview(&batch(without(true), APPROVED))),
        ("one row", batch_preview(&batch(some_rows().into_iter().take(1).collect(), None))),
        ("bad cells", batch_preview(&batch(bad, None))),
        ("hostile", batch_preview(&batch(hostile, None))),
        ("many", batch_preview(&batch(many, APPROVED))),
        ("nothing to do", batch_preview(&BatchPreview { offer: None, ..batch(idle, None) })),
    ]));
}

#[test]
fn a_table_fits_a_phone_and_nothing_leaves_its_block() {
    for name in [HOSTILE, "````````", &"線".repeat(60), &"e\u{301}".repeat(60), ""] {
        let rows = (2..60).map(|row| line(row, name, change(i64::MAX))).collect();
        let text = read(&batch_preview(&batch(rows, None)));
        let (_, rest) = text.split_once("```\n").unwrap();
        let (table, _) = rest.split_once("\n```").unwrap();
        assert!(!table.contains('`'), "{table}");
        assert!(table.lines().all(|line| line.chars().filter(|c| *c != '\u{301}').count() <= 40), "{table}");
    }
}

#[test]
fn refusals_of_extensions() {
    let problems = |n: usize| (0..n).map(|at| wrong(at + 2, Some("E_Type"), "a new extension needs one.")).collect();
    let sheet = |file: &str, problems| Refusal::Sheet { file: file.to_owned(), problems };
    let whole = |what: &str| vec![SheetProblem { row: None, column: None, what: what.to_owned() }];
    let file = |error| Refusal::File(crate::discord::files::sentence(error));
    let refused = [
        (
            "no such extension",
            Refusal::NoExtension { typed: HOSTILE.to_owned(), connection: mediatel(), near: Vec::new() },
        ),
        (
            "near ones",
            Refusal::NoExtension {
                typed: "SPI".to_owned(),
                connection: mediatel(),
                near: vec![(ExtensionId(13), "SIP".to_owned())],
            },
        ),
        (
            "which connection",
            Refusal::WhichConnection { could: vec![mediatel(), ConnectionName::new("second").unwrap()] },
        ),
        (
            "which connection, for a file",
            Refusal::WhereBatch { could: vec![mediatel(), ConnectionName::new("second").unwrap()] },
        ),
        (
            "which of many, for a file",
            Refusal::WhereBatch { could: (0..40).map(|n| ConnectionName::new(format!("hes-{n}")).unwrap()).collect() },
        ),
        (
            "a workbook",
            sheet(
                "lines.xlsx",
                whole("The file is a workbook and no CSV; save it as \"CSV UTF-8\" and attach that one."),
            ),
        ),
        ("many mistakes", sheet(HOSTILE, problems(40))),
        ("two mistakes", sheet("new_lines.csv", problems(2))),
        ("elsewhere", file(FileError::Elsewhere)),
        ("too large", file(FileError::TooLarge)),
        ("gone", file(FileError::Gone)),
        ("status", file(FileError::Refused(503))),
        ("did not arrive", file(FileError::Unreachable)),
    ];
    insta::assert_snapshot!(all(refused.map(|(name, why)| (name, refusal(&why)))));
}
