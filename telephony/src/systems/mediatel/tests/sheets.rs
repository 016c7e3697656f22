//! Files of extensions: what becomes a plan, what is told about which cell, and that whatever is attached is read or told.

use proptest::prelude::*;

use super::{permit, twin};
use crate::systems::mediatel::extension::FIELDS;
use crate::systems::mediatel::twin::Options;
use crate::{ExtensionId, SheetAct, SheetPlan};

fn plan(file: impl AsRef<[u8]>) -> SheetPlan {
    FIELDS.read_sheet(file.as_ref()).unwrap_or_else(|problems| panic!("{problems:?}"))
}

/// A plan, a line for each row.
fn lines(file: impl AsRef<[u8]>) -> String {
    let json = |members: &crate::Record| serde_json::to_string(members).unwrap();
    let line = |row: &crate::SheetRow| match &row.act {
        SheetAct::Add(members) => format!("{} add {}", row.row, json(members)),
        SheetAct::Change(id, members) => format!("{} change {id} {}", row.row, json(members)),
        SheetAct::Delete(id) => format!("{} delete {id}", row.row),
    };
    plan(file).rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn problems(file: impl AsRef<[u8]>) -> String {
    let problems = FIELDS.read_sheet(file.as_ref()).expect_err("refused");
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

#[test]
fn rows_add_change_and_delete() {
    let file = "E_ID,E_Extension,E_Type,Codecs,Payload,delete\n\
                13,SIP,5,\"g7231_6, g726_40\",127,\n\
                ,SIP3,3,,,no\n\
                -1,SIP4,3,(empty),,\n\
                -7,SIP5,3,,(empty),\n\
                16,what was there,not a number,,,yes\n";
    insta::assert_snapshot!(lines(file), @r#"
    2 change 13 {"E_Extension":"SIP","E_Type":5,"Codecs":["g7231_6","g726_40"],"Payload":"127"}
    3 add {"E_Extension":"SIP3","E_Type":3}
    4 add {"E_Extension":"SIP4","E_Type":3,"Codecs":[]}
    5 add {"E_Extension":"SIP5","E_Type":3,"Payload":""}
    6 delete 16
    "#);
    let plan = plan(file);
    assert!(plan.deletes());
    let batch = plan.batch();
    assert_eq!((batch.deleted, batch.changed.len(), batch.added.len()), (vec![ExtensionId(16)], 1, 3));
}

#[test]
fn sound_rows_are_told_beside_those_that_are_wrong() {
    let file = "E_ID,E_Extension,E_Type\n13,SIP,5\n0,SIP3,3\n14,,six\n,SIP4,3\n";
    let read = FIELDS.read_rows(file.as_bytes()).expect("the header is right");
    assert_eq!(read.rows.iter().map(|row| row.row).collect::<Vec<_>>(), [2, 5]);
    assert_eq!(read.problems.iter().map(|problem| problem.row).collect::<Vec<_>>(), [Some(3), Some(4)]);
    assert_eq!(FIELDS.read_sheet(file.as_bytes()), Err(read.problems), "nothing of it is a plan");
}

#[test]
fn every_spreadsheet_is_read() {
    let expected = lines("E_ID,E_Type,Codecs\n13,5,\"a,b\"\n14,6,\n");
    for file in [
        "\u{feff}E_ID,E_Type,Codecs\r\n13,5,\"a,b\"\r\n14,6,\r\n",
        "E_ID;E_Type;Codecs\n13;5;a,b\n14;6;",
        "E_ID\tE_Type\tCodecs\n13\t5\ta, b\n14\t6\t\n",
        " E_ID , E_Type ,Codecs\n 13 ,5,\"a,b\"\n14, 6 ,\n",
        "\"E_ID\",\"E_Type\",\"Codecs\"\r13,5,\"a,b\"\r14,6,\r",
    ] {
        assert_eq!(lines(file), expected, "{file:?}");
    }
}

#[test]
fn rows_are_counted_as_a_spreadsheet_counts_them() {
    let file = "E_ID,E_Type,E_Description\n\n1,5,\n,,\n2,6,\"a\nb\nc\"\n3,x,\n";
    insta::assert_snapshot!(problems(file), @r#"
    Row 5, column E_Description: Description is a single line without control characters.
    Row 6, column E_Type: Type is a whole number from 0 to 2147483647.
    "#);
}

#[test]
fn what_looks_like_a_formula_is_text() {
    let file = "E_ID,E_Description,Destination\n13,\"=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\",+4930\n14,@x,-1\n";
    insta::assert_snapshot!(lines(file), @r#"
    2 change 13 {"E_Description":"=HYPERLINK(\"http://x\",\"y\")","Destination":"+4930"}
    3 change 14 {"E_Description":"@x","Destination":"-1"}
    "#);
}

#[test]
fn every_bad_cell_is_told_with_its_row_and_column() {
    let file = "E_ID,E_Extension,E_Type,Codecs,delete\n\
                0,a,1,,\n\
                1.5,a,1,,\n\
                99999999999999999999,a,1,,\n\
                13,,SIP,,maybe\n\
                14,,,,\n\
                15,,3,,\n\
                15,,4,,\n\
                ,,,,\n\
                ,only a name,,,\n\
                ,,4,,\n\
                ,x,4,,yes\n\
                16,(empty),(empty),(empty),\n\
                17,x,1\n\
                18,x,1,a,b,no\n";
    insta::assert_snapshot!(problems(file), @r#"
    Row 2, column E_ID: 0 is no extension; leave the cell empty to add one.
    Row 3, column E_ID: "1.5" is no number that an extension has; leave the cell empty to add one.
    Row 4, column E_ID: "99999999999999999999" is no number that an extension has; leave the cell empty to add one.
    Row 5, column E_Type: Type is a whole number from 0 to 2147483647.
    Row 5, column delete: "maybe" is neither yes nor no.
    Row 6: it names extension 14 and nothing to change.
    Row 8, column E_ID: extension 15 stands in row 7 already.
    Row 10, column E_Type: a new extension needs one.
    Row 11, column E_Extension: a new extension needs one.
    Row 12, column delete: there is nothing to delete without a number above 0 in E_ID.
    Row 13, column E_Extension: Name must not be empty.
    Row 13, column E_Type: Type cannot be emptied.
    Row 14: it has 3 of the header's 5 cells.
    Row 15: it has 6 cells, the header 5; a list with commas needs quotes around it.
    "#);
}

#[test]
fn columns_that_nobody_knows_get_the_nearest_right_name() {
    for (header, expected) in [
        ("e_id", "E_ID"),
        ("E_Typet", "E_Type"),
        ("Codec", "Codecs"),
        ("Delete", "delete"),
        ("DTMF", "DTMFSupport"),
        ("FromDisplai", "FromDisplay"),
        ("name", "E_Extension"),
        ("Dial-out identity", "E_DialOutIdentities"),
    ] {
        let told = problems(format!("E_Extension,{header}\nx,1\n"));
        assert_eq!(told, format!("Row 1, column {header}: there is no such column; did you mean {expected}?"));
    }
    insta::assert_snapshot!(problems("E_ID,Password,,E_ID,shoe size\u{7}\n1,2,3,4,5\n"), @r#"
    Row 1, column Password: there is no such column; columns are named as the phone system names them, such as E_ID.
    Row 1: column 3 has no name.
    Row 1, column E_ID: it stands there twice.
    Row 1, column shoe size : there is no such column; columns are named as the phone system names them, such as E_ID.
    "#);
}

#[test]
fn a_file_that_is_no_csv_is_refused_with_what_to_do() {
    let utf16: Vec<u8> = "\u{feff}E_ID,E_Type\n13,5\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = "\u{feff}E_ID\n".encode_utf16().flat_map(u16::to_be_bytes).collect();
    let many = (1..=1001).fold("E_ID,E_Type\n".to_owned(), |file, id| file + &format!("{id},5\n"));
    let files: [&[u8]; 11] = [
        b"",
        b"\n \n,,\n",
        b"E_ID,E_Type\n",
        &utf16,
        &big,
        &utf16[2..],
        b"E_ID,E_Type\n13,5\n14,\xff\n",
        b"PK\x03\x04 and so on",
        b"E_ID,E_Type\n13,\x005\n",
        many.as_bytes(),
        &vec![b'x'; 1_000_001],
    ];
    insta::assert_snapshot!(files.map(problems).join("\n"), @r#"
    The file is empty.
    The file is empty.
    The file has a header and no rows.
    The file is written in UTF-16, as "Unicode text" is; save it as "CSV UTF-8" and attach that one.
    The file is written in UTF-16, as "Unicode text" is; save it as "CSV UTF-8" and attach that one.
    The file holds a byte that no text has (a NUL, byte 2); save it as "CSV UTF-8" and attach that one.
    The file is not written in UTF-8 (line 3); save it as "CSV UTF-8" and attach that one.
    The file is a workbook and no CSV; save it as "CSV UTF-8" and attach that one.
    The file holds a byte that no text has (a NUL, byte 16); save it as "CSV UTF-8" and attach that one.
    The file has more than 1000 rows; part it into several.
    The file is larger than 1 MB; part it into several.
    "#);
    let most = many.replace("1001,5\n", "");
    assert_eq!(plan(most).rows.len(), 1000);
}

#[tokio::test]
async fn a_file_becomes_one_request() {
    let (twin, client) = twin(Options::default()).await;
    for id in [13, 14] {
        twin.put_extension(&format!(r#"{{"E_ID":{id},"E_Extension":"line {id}","E_Type":5,"x":[ ]}}"#)).unwrap();
    }
    let plan = plan("E_ID,E_Extension,E_Type,delete\n14,,,x\n13,,6,\n,new,2,\n");
    client.extensions.unwrap().batch_extensions(&permit(), &plan.batch()).await.unwrap();
    let now: Vec<_> =
        client.reading.extensions().await.unwrap().extensions.into_iter().map(|e| (e.id.0, e.name)).collect();
    assert_eq!(now, [(13, "line 13".to_owned()), (15, "new".to_owned())]);
    assert!(serde_json::to_string(&twin.extension(13).unwrap()).unwrap().ends_with(r#""E_Type":6,"x":[ ]}"#));
}

/// A row with a number of its own, and what it should become.
fn cells() -> impl Strategy<Value = Vec<(String, i64, Vec<String>)>> {
    let text =
        prop::collection::vec(prop_oneof!["[a-zA-Z0-9=+@;,\"']", "[ \\p{L}]"], 1..20).prop_map(|chars| chars.concat());
    let row = (text, 0..100_i64, prop::collection::vec("[a-z0-9_]{1,8}", 1..4));
    prop::collection::vec(row, 1..30)
}

fn quoted(cell: &str) -> String {
    format!("\"{}\"", cell.replace('"', "\"\""))
}

proptest! {
    #[test]
    fn no_file_makes_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = FIELDS.read_sheet(&bytes);
    }

    #[test]
    fn whatever_stands_in_cells_is_planned_or_told(
        header in prop::sample::subsequence(vec!["E_ID", "E_Extension", "E_Type", "Codecs", "Payload", "delete", "odd"], 1..7),
        cells in prop::collection::vec("[-0-9a-z\",;\n\t =(){}]{0,12}|\\(empty\\)|yes", 0..40),
    ) {
        let rows: Vec<String> = cells.chunks(header.len()).map(|row| row.join(",")).collect();
        let file = format!("{}\n{}", header.join(","), rows.join("\n"));
        match FIELDS.read_sheet(file.as_bytes()) {
            Ok(plan) => {
                let batch = plan.batch();
                prop_assert!(!plan.rows.is_empty() && plan.rows.is_sorted_by(|a, b| a.row < b.row));
                prop_assert!(batch.deleted.iter().chain(batch.changed.iter().map(|(id, _)| id)).all(|id| id.0 > 0));
                prop_assert!(batch.added.iter().all(|members| FIELDS.lacking(members).is_empty()));
                prop_assert!(batch.changed.iter().all(|(_, members)| members.iter().next().is_some()));
            }
            Err(problems) => {
                prop_assert!(!problems.is_empty());
                for problem in problems {
                    let sentence = problem.to_string();
                    prop_assert!(sentence.chars().count() < 400 && !sentence.chars().any(char::is_control), "{}", sentence);
                }
            }
        }
    }

    #[test]
    fn what_is_written_into_cells_is_what_is_sent(rows in cells(), separator in prop::sample::select(vec![",", ";", "\t"])) {
        let mut file = ["E_ID", "E_Extension", "E_Type", "Codecs"].join(separator);
        for (at, (name, kind, codecs)) in rows.iter().enumerate() {
            let number = if at % 2 == 0 { String::new() } else { (at + 10).to_string() };
            let cells = [number, quoted(&format!("x{name}x")), kind.to_string(), quoted(&codecs.join(","))];
            file = format!("{file}\r\n{}", cells.join(separator));
        }
        let plan = FIELDS.read_sheet(file.as_bytes()).map_err(|problems| TestCaseError::fail(format!("{problems:?}")))?;
        prop_assert_eq!(plan.rows.len(), rows.len());
        for (at, (read, (name, kind, codecs))) in plan.rows.iter().zip(&rows).enumerate() {
            prop_assert_eq!(read.row, at + 2);
            let members = match &read.act {
                SheetAct::Add(members) => {
                    prop_assert!(at % 2 == 0);
                    members
                }
                SheetAct::Change(id, members) => {
                    prop_assert_eq!(id.0, i64::try_from(at + 10).unwrap());
                    members
                }
                SheetAct::Delete(_) => return Err(TestCaseError::fail("nobody asked for a delete")),
            };
            prop_assert_eq!(members.text("E_Extension"), Some(format!("x{name}x")));
            prop_assert_eq!(members.number("E_Type"), Some(*kind));
            prop_assert_eq!(members.texts("Codecs"), Some(codecs.clone()));
        }
    }
}
