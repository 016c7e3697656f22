//! From a file's bytes to a table of texts: encoding, separator, rows as a spreadsheet counts them. What the columns mean
//! is in `sheet`.

use csv::{ReaderBuilder, StringRecord};

/// Separators that spreadsheets write, the standard one first.
const SEPARATORS: [u8; 3] = [b',', b';', b'\t'];

/// A row of a file.
#[derive(Debug)]
pub(super) struct TextRow {
    /// Its number as a spreadsheet counts: the header is 1.
    pub(super) number: usize,
    /// Its cells, without white space around them.
    pub(super) cells: Vec<String>,
}

/// The rows of a file, the header first; rows without any text are left out.
///
/// # Errors
/// One sentence that says why the file cannot be read and what to do.
pub(super) fn rows(bytes: &[u8], most: usize) -> Result<Vec<TextRow>, String> {
    // Rows end in one way, the last one, too, so that lines can be counted behind each row.
    let text = text(bytes)?.replace("\r\n", "\n").replace('\r', "\n") + "\n";
    let mut reader =
        ReaderBuilder::new().has_headers(false).flexible(true).delimiter(separator(&text)).from_reader(text.as_bytes());
    let (mut rows, mut record, mut inside) = (Vec::new(), StringRecord::new(), 0);
    loop {
        let more = reader.read_record(&mut record);
        // The text is UTF-8 and stands in memory, and rows may be of any length: nothing is left to go wrong.
        if !more.map_err(|_| "The file cannot be read as CSV; save it anew and attach that one.".to_owned())? {
            return Ok(rows);
        }
        // A cell may hold line breaks; a spreadsheet counts its row once.
        inside += record.iter().map(|cell| cell.matches('\n').count()).sum::<usize>();
        let behind = usize::try_from(reader.position().line()).unwrap_or(usize::MAX);
        let number = behind.saturating_sub(inside + 1);
        let cells: Vec<String> = record.iter().map(|cell| cell.trim().to_owned()).collect();
        if cells.iter().all(String::is_empty) {
            continue;
        }
        // The header is not one of them.
        if rows.len() > most {
            return Err(format!("The file has more than {most} rows; part it into several."));
        }
        rows.push(TextRow { number, cells });
    }
}

/// The file as text: UTF-8, with or without its mark.
fn text(bytes: &[u8]) -> Result<&str, String> {
    const SAVE: &str = "save it as \"CSV UTF-8\" and attach that one.";
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(format!("The file is written in UTF-16, as \"Unicode text\" is; {SAVE}"));
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return Err(format!("The file is a workbook and no CSV; {SAVE}"));
    }
    if let Some(at) = bytes.iter().position(|byte| *byte == 0) {
        return Err(format!("The file holds a byte that no text has (a NUL, byte {}); {SAVE}", at + 1));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    std::str::from_utf8(bytes).map_err(|error| {
        let line = 1 + bytes.iter().take(error.valid_up_to()).filter(|byte| **byte == b'\n').count();
        format!("The file is not written in UTF-8 (line {line}); {SAVE}")
    })
}

/// What stands between the names in the header: the separator that is there most often.
fn separator(text: &str) -> u8 {
    let header = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let times = |separator: u8| header.bytes().filter(|byte| *byte == separator).count();
    // The first one wins where there are as many.
    SEPARATORS.into_iter().rev().max_by_key(|separator| times(*separator)).unwrap_or(b',')
}
